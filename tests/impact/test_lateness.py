import itertools
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.impact.small import facts_of, workspace_of

from zaplecze.impact.lateness import counted_from_before, find_promise, shapley_shares

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
def test_shares_are_shapleys_by_definition(deviation):
    expected = np.array([shapley_by_definition(row.tolist()) for row in deviation])
    assert shapley_shares(deviation) == pytest.approx(expected)


@given(deviations)
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


HOUR = 3600.0


def promise_of(approval, hand_over, delivery, *, limit, promised):
    """The promise of orders that start at 0; times and dues in hours, one entry a case."""
    workspace = workspace_of(
        {
            "Approval": {"target_hours": 24},
            "Hand-over": {"due": {"column": "limit"}},
            "Delivery": {"due": {"column": "promised", "promised": True}},
        }
    )
    facts = facts_of(
        {"Approval": approval, "Hand-over": hand_over, "Delivery": delivery},
        due={"Hand-over": limit, "Delivery": promised},
    )
    found = find_promise(facts, workspace)
    assert found is not None
    return found.deviation / HOUR


def test_a_limit_that_does_not_move_is_a_milestone_as_it_stands():
    # The first approval is 48 hours late; the seller makes up for it and meets the fixed limit.
    deviation = promise_of([72, 24], [100, 100], [210, 200], limit=[100, 100], promised=[200, 200])
    assert deviation.tolist() == [[48, -48, 10], [0, 0, 0]]


def test_a_limit_that_is_counted_from_the_step_before_moves_with_it():
    # The seller has 76 hours from the approval, so it loses and makes up for nothing.
    deviation = promise_of([72, 24], [148, 100], [258, 200], limit=[148, 100], promised=[200, 200])
    assert deviation.tolist() == [[48, 0, 10], [0, 0, 0]]


@given(arrays(np.float64, (5, 3), elements=st.integers(1, 90).map(float)))
def test_deviations_add_up_to_how_late_a_case_is(took):
    approval, hand_over, delivery = np.cumsum(took, axis=1).T
    limit, promised = np.full(5, 60.0), np.full(5, 120.0)
    deviation = promise_of(approval, hand_over, delivery, limit=limit, promised=promised)
    assert deviation.sum(axis=1) == pytest.approx(delivery - 120)


def test_deadlines_tell_what_they_are_counted_from():
    reached = np.array([10.0, 20.0, 90.0, 30.0])
    assert counted_from_before(reached + 5, reached)
    assert not counted_from_before(np.full(4, 60.0), reached)
    assert not counted_from_before(np.full(4, 60.0), np.full(4, 5.0))
