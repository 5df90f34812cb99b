"""Critical values of several looks, against published tables and against chance itself."""

import numpy as np
import pytest

from zaplecze.impact.verify.looks import Reading, always_valid, boundaries, e_value


def test_one_look_is_the_usual_interval():
    assert boundaries(1) == pytest.approx((1.959964,), abs=1e-6)


@pytest.mark.parametrize("looks", [2, 3, 10])
def test_boundaries_are_crossed_by_chance_in_five_of_a_hundred(looks):
    steps = np.random.default_rng(1).normal(size=(200_000, looks)).cumsum(axis=1)
    z = np.abs(steps) / np.sqrt(np.arange(1, looks + 1))
    for shape in ("obrien-fleming", "pocock"):
        crossed = (z > np.array(boundaries(looks, shape))).any(axis=1).mean()
        assert crossed == pytest.approx(0.05, abs=0.002)


def test_an_interval_for_any_time_is_crossed_rarely_however_often_one_looks():
    steps = np.random.default_rng(2).normal(size=(4_000, 1_000)).cumsum(axis=1)
    time = np.arange(1, 1_001)
    # The effect of interest has the size of an error after 50 periods.
    bounds = np.array([always_valid(np.sqrt(t / 50)) for t in time])
    z = np.abs(steps) / np.sqrt(time)
    assert (z > bounds).any(axis=1).mean() <= 0.05
    assert (z > 1.96).any(axis=1).mean() > 0.3


def test_the_e_value_reaches_twenty_where_the_interval_for_any_time_leaves_zero():
    error, scale = 0.7, 1.9
    edge = always_valid(scale / error) * error
    assert e_value(edge, error, scale) == pytest.approx(20)


@pytest.mark.parametrize(
    ("words", "kind"), [("once", "once"), ("any", "any"), ("2/5", "planned"), ("5/5", "planned")]
)
def test_readings_are_written_in_short(words, kind):
    reading = Reading.of(words)
    assert reading is not None
    assert reading.kind == kind
    assert str(reading) == words


@pytest.mark.parametrize("words", ["", "twice", "0/5", "6/5", "1/", "a/b"])
def test_other_readings_are_none(words):
    assert Reading.of(words) is None
