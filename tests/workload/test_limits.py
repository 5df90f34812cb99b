"""How many calls agents can take is the other side of how many agents calls take."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from zaplecze.workload import Demand, Target, agents_needed, most_calls, queue
from zaplecze.workload.roots import rising_root

AGENTS = np.array([1.0, 2.0, 7.0, 40.0, 300.0, 10_000.0])


@pytest.mark.parametrize("patience", [None, 20.0, 300.0, 20_000.0])
@pytest.mark.parametrize(
    "target",
    [
        Target(0.9, 60),
        Target(0.05, 5),
        Target(0.999, 0),
        Target(0.8, 20, "virtual"),
        Target(0.8, 20, "answered"),
        Target(0.8, 20, "without_short_abandons"),
        Target(0.8, 20, maximum_occupancy=0.7),
    ],
    ids=str,
)
def test_with_one_call_more_one_agent_more_is_needed(patience, target):
    demand = Demand(1, 1800, 180, patience)
    calls = most_calls(demand, target, AGENTS)
    assert agents_needed(demand, target, calls * (1 - 1e-9)) == pytest.approx(AGENTS)
    assert agents_needed(demand, target, calls * (1 + 1e-9)) == pytest.approx(AGENTS + 1)


def test_agents_and_handling_times_of_any_shape_fit_together():
    demand, target = Demand(1, 1800, 1, 240), Target(0.8, 20)
    times = np.array([60.0, 600.0])
    found = most_calls(demand, target, np.array([[3.0], [30.0]]), times)
    assert found.shape == (2, 2)
    for row, agents in enumerate((3, 30)):
        for column, seconds in enumerate(times):
            alone = most_calls(Demand(1, 1800, seconds, 240), target, agents)
            assert found[row, column] == pytest.approx(float(alone), rel=1e-12)


def test_without_abandonment_no_target_takes_more_than_the_agents_can_do():
    demand = Demand(1, 3600, 360)
    assert most_calls(demand, Target(0.0, 20), 10) == pytest.approx(100)
    assert most_calls(demand, Target(0.0, 20, maximum_occupancy=0.8), 10) == pytest.approx(80)


def test_a_target_that_is_always_met_has_no_limit():
    assert most_calls(Demand(1, 3600, 360, 120), Target(0.0, 20), 10) == np.inf


def test_fractions_of_an_agent_take_calls_between_those_of_whole_ones():
    calls = most_calls(Demand(1, 1800, 180, 240), Target(0.8, 20), np.array([0.3, 1, 1.5, 2]))
    assert (np.diff(calls) > 0).all()
    level = queue(calls[2] / 1800, 180, 1.5, 240).served_within(20)
    assert float(level) == pytest.approx(0.8, rel=1e-10)


@given(st.floats(0.1, 9), st.floats(1e-3, 1e3), st.integers(1, 4))
def test_roots_of_rising_functions_are_those_of_another_method(power, place, steps):
    def rising(x):
        return np.sign(x - place) * np.abs(x - place) ** (1 / power) + steps * (x - place)

    low, high = np.array([place / 7]), np.array([place * 5])
    [found] = rising_root(lambda x, _: rising(x), low, high)
    theirs = brentq(rising, low[0], high[0], xtol=1e-14 * place, rtol=1e-14)
    assert found == pytest.approx(theirs, rel=1e-11)


def test_where_nothing_is_crossed_the_nearer_end_is_given():
    low, high = np.array([1.0, 1.0, 1.0]), np.array([2.0, 2.0, 2.0])
    offset = np.array([0.5, 1.5, 2.5])
    found = rising_root(lambda x, places: x - offset[places], low, high)
    assert found == pytest.approx([1.0, 1.5, 2.0])
