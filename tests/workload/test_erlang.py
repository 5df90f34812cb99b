"""Erlang's formulas against exact sums, to ten thousand agents and fractions of one."""

import itertools
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from zaplecze.workload import erlang_b, erlang_c, queue

DIGITS = 60
GAUSS = np.polynomial.legendre.leggauss(500)


def exact_b(agents: int, load: Fraction) -> Fraction:
    """Erlang B by its recursion in fractions."""
    inverse = Fraction(1)
    for k in range(1, agents + 1):
        inverse = 1 + inverse * k / load
    return 1 / inverse


def precise_b(agents, load):
    """Erlang B of any real number of agents with 60 digits."""
    n, a = mpmath.mpf(agents), mpmath.mpf(load)
    return mpmath.exp(n * mpmath.log(a) - a - mpmath.loggamma(n + 1)) / mpmath.gammainc(
        n + 1, a, mpmath.inf, regularized=True
    )


def birth_death(agents: int, load: float, aht: float, patience: float):
    """P(wait), P(abandon) of Erlang A by summing its states with 60 digits."""
    rate, served, gone = (mpmath.mpf(v) for v in (load / aht, 1 / aht, 1 / patience))
    weight = total = waiting = queued = mpmath.mpf(0)
    weight = total = mpmath.mpf(1)
    state = 0
    while state < agents or weight > total * mpmath.mpf(10) ** -40:
        state += 1
        weight *= rate / (min(state, agents) * served + max(state - agents, 0) * gone)
        total += weight
        if state >= agents:
            waiting += weight
            queued += (state - agents) * weight
    return waiting / total, gone * queued / total / rate


@pytest.mark.parametrize("agents", [1, 2, 15, 16, 17, 60, 300])
@pytest.mark.parametrize("part", [Fraction(1, 2), Fraction(9, 10), Fraction(99, 100)])
def test_small_lines_equal_sums_of_fractions(agents, part):
    load = agents * part
    exact = exact_b(agents, load)
    waits = exact / (1 - part * (1 - exact))
    assert float(erlang_b(agents, float(load))) == pytest.approx(float(exact), rel=1e-11)
    assert float(erlang_c(agents, float(load))) == pytest.approx(float(waits), rel=1e-11)


@pytest.mark.parametrize(
    ("agents", "load"),
    [(10000, 9999.5), (10000, 9000), (9999.3, 9900.7), (3.7, 2.2), (0.3, 0.2), (1040, 1000), (7.5, 7.49)],
)  # fmt: skip
def test_large_and_fractional_lines_equal_sixty_digits(agents, load):
    with mpmath.workdps(DIGITS):
        blocked = precise_b(agents, load)
        waits = blocked / (1 - mpmath.mpf(load) / agents * (1 - blocked))
        assert abs(float(erlang_b(agents, load)) / blocked - 1) < 1e-9
        assert abs(float(erlang_c(agents, load)) / waits - 1) < 1e-9


@pytest.mark.parametrize(
    ("agents", "load", "patience"),
    [
        (1, 0.5, 60), (5, 20, 10), (50, 48, 120), (100, 60, 300), (300, 290, 18000), (300, 310, 60),
        (2000, 1950, 180), (2000, 2100, 900), (10000, 9900, 300), (10000, 10200, 60),
    ],
)  # fmt: skip
def test_erlang_a_equals_the_sum_over_its_states(agents, load, patience):
    with mpmath.workdps(DIGITS):
        waits, leaves = birth_death(agents, load, 180.0, patience)
        found = queue(load / 180.0, 180.0, agents, patience)
        assert abs(float(found.wait_probability) / waits - 1) < 1e-9
        assert abs(float(found.abandon_probability) / leaves - 1) < 1e-9


def test_erlang_b_far_from_its_mean_neither_overflows_nor_vanishes():
    assert float(erlang_b(10, 1000)) == pytest.approx(float(exact_b(10, Fraction(1000))), rel=1e-9)
    assert float(erlang_c(10000, 5000)) == 0.0
    assert float(erlang_b(0, 5)) == pytest.approx(1.0)


def test_an_overloaded_line_waits_for_certain_and_never_a_negative_time():
    line = queue(50 / 60, 60, 49)
    assert bool(line.overloaded)
    assert float(line.wait_probability) == 1.0
    assert float(line.wait_seconds) == np.inf
    assert float(line.service_level(20, "offered")) == 0.0


lines = st.tuples(
    st.floats(0.1, 2000), st.floats(0.5, 1.6), st.floats(20, 1200), st.floats(0.05, 60)
)


@given(lines, st.floats(0, 600))
def test_shares_are_shares_and_definitions_keep_their_order(line, within):
    load, staffed, aht, patient = line
    found = queue(load / aht, aht, load * staffed, patient * aht)
    levels = {d: float(found.service_level(within, d)) for d in ("offered", "answered", "without_short_abandons")}  # fmt: skip
    assert all(0 <= level <= 1 + 1e-9 for level in levels.values())
    assert levels["offered"] <= levels["without_short_abandons"] + 1e-9
    assert levels["without_short_abandons"] <= levels["answered"] + 1e-7
    assert 0 <= float(found.abandon_probability) <= 1
    assert float(found.occupancy) <= 1 + 1e-9


@given(lines)
def test_another_agent_makes_nothing_worse(line):
    load, staffed, aht, patient = line
    agents = np.array([load * staffed, load * staffed + 1])
    found = queue(load / aht, aht, agents, patient * aht)
    levels = found.service_level(30, "offered")
    assert levels[1] >= levels[0] - 1e-9
    assert found.abandon_probability[1] <= found.abandon_probability[0] + 1e-12


@given(lines)
def test_those_who_wait_long_are_those_whom_the_quantile_says(line):
    load, staffed, aht, patient = line
    found = queue(load / aht, aht, load * staffed, patient * aht)
    for share in (0.5, 0.9):
        wait = found.wait_quantile(share)
        assert float(found.longer(wait)) <= 1 - share + 1e-9
        assert float(wait) == 0 or float(found.longer(wait * 0.999)) >= 1 - share - 1e-9


@given(lines)
def test_the_mean_wait_is_the_area_under_the_chance_to_wait_longer(line):
    load, staffed, aht, patient = line
    found = queue(load / aht, aht, load * staffed, patient * aht)
    end = aht * patient / 1000
    while found.longer(end) > 1e-12 * found.longer(0.0):
        end *= 2
    nodes, weights = GAUSS
    seconds = (nodes + 1) / 2 * end
    shape = np.ones_like(seconds)
    many = queue(load / aht * shape, aht, load * staffed, patient * aht)
    area = float((weights * many.longer(seconds)).sum() * end / 2)
    assert area == pytest.approx(float(found.wait_seconds), rel=1e-6, abs=1e-300)


@pytest.mark.parametrize(
    ("agents", "load", "aht", "patience"),
    [(50, 48, 60, 120), (500, 1000, 20, 1200), (10_000, 20_000, 180, 18_000), (3, 10, 180, 36_000)],
)
def test_the_wait_of_those_answered_is_exact_on_overloaded_lines_too(agents, load, aht, patience):
    """All wait until as many have given up as are too many, and few much longer or shorter."""
    found = queue(load / aht, aht, agents, patience)
    middle = max(patience * np.log(load / agents), 0.0)
    spread = np.sqrt(patience * aht / agents)
    last = middle + 20 * spread + 60 * aht / agents
    ends = [0.0, *(e for e in middle + spread * np.arange(-12.0, 13.0) if 0 < e < last), last]
    lost = sum(
        quad(lambda t: t / patience * float(found.longer(t)), *panel, epsrel=1e-12)[0]
        for panel in itertools.pairwise(ends)
    )
    waited = float(found.wait_seconds) - lost
    exact = waited / (1 - float(found.abandon_probability))
    assert float(found.answered_wait_seconds) == pytest.approx(exact, rel=1e-9)


def test_patience_without_end_is_erlang_c():
    patient, endless = queue(48 / 60, 60, 50, 1e9), queue(48 / 60, 60, 50)
    assert float(patient.wait_seconds) == pytest.approx(float(endless.wait_seconds), rel=1e-5)
    assert float(patient.served_within(20)) == pytest.approx(
        float(endless.served_within(20)), abs=1e-6
    )


def test_no_patience_at_all_is_erlang_b():
    found = queue(48 / 60, 60, 50, 1e-6)
    assert float(found.abandon_probability) == pytest.approx(float(erlang_b(50, 48)), rel=1e-5)


def test_those_answered_wait_less_on_average_than_those_who_give_up_let_it_seem():
    found = queue(60 / 60, 60, 50, 120)
    answered = float(found.answered_wait_seconds) * (1 - float(found.abandon_probability))
    assert 0 < answered < float(found.wait_seconds)
