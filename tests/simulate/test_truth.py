"""Shapley's value, held against its definition."""

from itertools import permutations

import numpy as np
import pytest

from zaplecze.simulate.truth import shapley_shares


def by_definition(deviation: list[float]) -> list[float]:
    """What each step adds by joining, averaged over all sequences in which steps can come."""
    shares = [0.0] * len(deviation)
    orders = list(permutations(range(len(deviation))))
    for order in orders:
        together = 0.0
        for step in order:
            before, together = together, together + deviation[step]
            shares[step] += ((together > 0) - (before > 0)) / len(orders)
    return shares


def test_one_slow_step_bears_all_of_it() -> None:
    assert shapley_shares(np.array([[5.0, 0.0, 0.0]]))[0] == pytest.approx([1, 0, 0])


def test_a_step_that_was_faster_than_allowed_is_credited() -> None:
    shares = shapley_shares(np.array([[5.0, 5.0, -7.0]]))[0]
    assert shares[2] < 0
    assert shares.sum() == pytest.approx(1)


def test_shares_are_shapleys_value() -> None:
    random = np.random.default_rng(3)
    rows = random.normal(1, 3, (40, 5))
    rows = rows[rows.sum(axis=1) > 0]
    for row, shares in zip(rows, shapley_shares(rows), strict=True):
        assert shares == pytest.approx(by_definition(row.tolist()))
