import itertools
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zaplecze.impact.lateness import shapley_shares

deviations = arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 5)),
    elements=st.integers(-20, 20).map(float),
)


def shapley_by_definition(row):
    """Averages each step's contribution over every order in which the steps could be blamed."""
    steps = range(len(row))
    shares = [0.0] * len(row)
    for order in itertools.permutations(steps):
        so_far = 0.0
        for k in order:
            shares[k] += ((so_far + row[k]) > 0) - (so_far > 0)
            so_far += row[k]
    return [share / factorial(len(row)) for share in shares]


@given(deviations)
@settings(max_examples=60, deadline=None)
def test_shares_are_shapleys_by_definition(deviation):
    expected = np.array([shapley_by_definition(row.tolist()) for row in deviation])
    assert shapley_shares(deviation) == pytest.approx(expected)


@given(deviations)
@settings(max_examples=60, deadline=None)
def test_the_shares_of_a_late_case_add_up_to_one(deviation):
    late = deviation.sum(axis=1) > 0
    assert shapley_shares(deviation).sum(axis=1) == pytest.approx(late.astype(float))


def test_a_step_within_its_allowance_bears_no_blame_when_another_is_enough_alone():
    assert shapley_shares(np.array([[5.0, 0.0], [5.0, 5.0], [5.0, -1.0]])).tolist() == [
        [1.0, 0.0],
        [0.5, 0.5],
        [1.0, 0.0],
    ]


def test_no_late_case_gives_no_shares():
    assert shapley_shares(np.zeros((0, 3))).shape == (0, 3)
