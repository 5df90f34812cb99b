"""Sums over spans and the rates from them, against second ways to the same figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import PoissonRegressor

from zaplecze.impact.demand import baseline
from zaplecze.impact.demand.baseline import fit_baseline
from zaplecze.impact.demand.curves import curve
from zaplecze.impact.demand.excess import estimate
from zaplecze.impact.demand.spans import Clock, Spans
from zaplecze.impact.demand.study import Study

DAYS = st.floats(0, 10, allow_nan=False)


def study_of(seed, cases=3000, *, once=False):
    """A delay that adds half a call a day, and a fact that doubles all calls; no stages."""
    random = np.random.default_rng(seed)
    fact = (random.random(cases) < 0.5).astype(float)
    followed = random.uniform(2, 10, cases)
    since = np.where(random.random(cases) < 0.4, random.uniform(0, 9, cases), np.nan)
    calls = []
    for rate, low in ((0.15 * (1 + fact), np.zeros(cases)), (np.full(cases, 0.5), since)):
        start = np.minimum(np.nan_to_num(low, nan=99.0), followed)
        count = random.poisson(rate * (followed - start))
        case = np.repeat(np.arange(cases), count)
        calls.append((case, start[case] + random.random(len(case)) * (followed - start)[case]))
    case, time = (np.concatenate(each) for each in zip(*calls, strict=True))
    if once:
        order = np.lexsort((time, case))
        case, time = case[order], time[order]
        first = np.unique(case, return_index=True)[1]
        case, time = case[first], time[first]
        followed = followed.copy()
        followed[case] = time
    since = np.where(since < followed, since, np.nan)
    return Study(
        followed=followed,
        customer=np.arange(cases),
        clock=since[None],
        since=since[None],
        until=np.full((1, cases), np.nan),
        stages=[],
        held=fact[:, None],
        case=case,
        time=time,
        gone=np.zeros(cases, dtype=bool),
        weight=np.ones(cases),
    )


@given(st.lists(st.tuples(DAYS, DAYS, st.floats(0, 3)), min_size=1, max_size=20))
def test_days_in_pieces_are_what_a_loop_over_the_pieces_gives(rows):
    low = np.array([min(a, b) for a, b, _ in rows])
    high = np.array([max(a, b) for a, b, _ in rows])
    weight = np.array([w for *_, w in rows])
    clock = Clock.over(10.0, low, 12)
    looped = [
        (weight * np.maximum(np.minimum(high, end) - np.maximum(low, begin), 0)).sum()
        for begin, end in zip(clock.edges[:-1], clock.edges[1:], strict=True)
    ]
    assert clock.occupied(low, high, weight) == pytest.approx(looped, abs=1e-9)
    both = clock.occupied(low, high, np.column_stack([weight, 2 * weight]))
    assert both[:, 1] == pytest.approx(2 * np.array(looped), abs=1e-9)


def test_an_instant_at_the_end_of_a_span_lies_in_it_and_one_at_its_beginning_does_not():
    spans = Spans(np.array([[1.0]]), np.array([[2.0]]))
    inside = spans.holding(np.zeros(3, dtype=np.int64), np.array([1.0, 1.5, 2.0]))
    assert inside[:, 0].tolist() == [0, 1, 1]


def test_rates_without_stages_are_those_of_a_poisson_regression_of_split_time(monkeypatch):
    monkeypatch.setattr(baseline, "_RIDGE", 1e-9)
    study = study_of(5)
    fitted = fit_baseline(study, 10.0)
    clock, free = fitted.clock, study.free
    rows, days, came = [], [], []
    early = study.time <= free[study.case]
    for fact in (0.0, 1.0):
        own = study.held[:, 0] == fact
        days.append(clock.occupied(np.zeros(own.sum()), free[own]))
        counted = clock.piece(study.time[early & own[study.case]])
        came.append(np.bincount(counted, minlength=clock.pieces))
        rows.append(np.column_stack([np.eye(clock.pieces), np.full(clock.pieces, fact)]))
    there = np.concatenate(days) > 0
    weight = np.concatenate(days)[there]
    regression = PoissonRegressor(
        alpha=0, fit_intercept=False, solver="newton-cholesky", tol=1e-12, max_iter=200
    ).fit(np.vstack(rows)[there], np.concatenate(came)[there] / weight, sample_weight=weight)
    assert fitted.held[0] == pytest.approx(regression.coef_[-1], abs=1e-4)
    filled = fitted.rates > 0
    split = np.exp(regression.coef_[:-1])
    assert fitted.rates[filled] == pytest.approx(split[filled], rel=1e-3)


@pytest.mark.long
def test_the_interval_is_that_of_drawing_customers_again():
    study = study_of(6, cases=600)
    _, found = estimate(study, 10.0)
    random = np.random.default_rng(1)
    drawn = []
    for _ in range(40):
        rows = random.integers(0, 600, 600)
        order = np.argsort(study.case, kind="stable")
        first = np.searchsorted(study.case[order], np.arange(601))
        picked = [order[first[row] : first[row + 1]] for row in rows]
        again = Study(
            study.followed[rows], np.arange(600), study.clock[:, rows], study.since[:, rows],
            study.until[:, rows], [], study.held[rows],
            np.repeat(np.arange(600), [len(each) for each in picked]),
            study.time[np.concatenate(picked)], study.gone[rows], study.weight[rows],
        )  # fmt: skip
        _, each = estimate(again, 10.0)
        # Per day of delay: how many days there are is taken as given.
        drawn.append(each.contacts[0] / each.days[0].sum() * found.days[0].sum())
    assert np.std(drawn) == pytest.approx(np.sqrt(found.covariance[0, 0]), rel=0.3)


def test_of_what_happens_once_the_curve_is_that_of_kaplan_and_meier():
    study = study_of(7, once=True)
    drawn = curve(study, fit_baseline(study, 10.0), once=True)
    rows = study.delayed
    since = study.since[0, rows]
    happened = np.isin(np.flatnonzero(rows), study.case)
    left, surviving = study.followed[rows] - since, [1.0]
    order = np.argsort(left)
    for at_risk, event in zip(range(len(left), 0, -1), happened[order], strict=True):
        surviving.append(surviving[-1] * (1 - event / at_risk))
    reached = np.searchsorted(left[order], drawn.days, side="right")
    assert drawn.observed == pytest.approx(1 - np.array(surviving)[reached], abs=0.012)
