"""Run lengths of cumulative sums, against the tables of Hawkins and Olwell (1998)."""

import numpy as np
import pytest

from zaplecze.impact.watch.charts import Sums, average_run_length, limit_for


@pytest.mark.parametrize(
    ("k", "h", "shift", "expected"),
    [
        (0.5, 4, 0.0, 168),
        (0.5, 5, 0.0, 465),
        (0.5, 4, 0.5, 26.6),
        (0.5, 4, 1.0, 8.38),
        (0.5, 4, 2.0, 3.34),
        (0.5, 5, 0.5, 38.0),
        (0.5, 5, 1.0, 10.4),
        (0.5, 5, 2.0, 4.01),
        (0.25, 8, 0.0, 368),
    ],
)
def test_run_lengths_agree_with_the_published_tables(k, h, shift, expected):
    assert average_run_length(k, h, shift) == pytest.approx(expected, rel=0.004)


def test_one_side_runs_twice_as_long_as_both_when_nothing_changes():
    assert average_run_length(0.5, 4, sides=1) == pytest.approx(335.4, abs=0.1)


@pytest.mark.parametrize("k", [0.5, 0.2])
def test_the_limit_for_a_run_length_gives_that_run_length(k):
    assert average_run_length(k, limit_for(k, 740.0)) == pytest.approx(740, rel=1e-3)


def test_sums_forget_what_lies_below_their_reference():
    sums = Sums.zero(1)
    for score in (3.0, -9.0, 2.0):
        sums = sums.after(np.array([score]))
    assert sums.upward[0, 0] == 1.5
    assert sums.downward[0, 0] == 6.0
