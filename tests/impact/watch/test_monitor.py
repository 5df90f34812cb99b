"""The walk through a series: few false alarms, quick true ones, none for the calendar's sake."""

import datetime as dt

import numpy as np
import pytest
from tests.draws import fewer

from zaplecze.impact.watch.levels import picture
from zaplecze.impact.watch.monitor import walk
from zaplecze.impact.watch.power import detectable_shift
from zaplecze.impact.watch.seasons import PER_YEAR, first_day, season


def false_alarms(make_series, kind, period, seeds, rate, **more):
    alarms = years = 0.0
    for seed in range(seeds):
        series = make_series(kind, seed, period=period, **more)
        alarms += len(walk(series, rate, 1000 + seed).breaks)
        years += series.judged.sum() / PER_YEAR[period]
    return alarms, years


@pytest.mark.simulation
def test_false_alarms_come_about_as_often_as_was_chosen(make_series):
    alarms, years = false_alarms(make_series, "count", "week", 5, 2.0, periods=124, correlation=0.3)
    # Ten years: twenty alarms are promised; three standard deviations of a Poisson number.
    assert years == pytest.approx(10, abs=0.5)
    assert 6 <= alarms <= 34


@pytest.mark.simulation
@pytest.mark.parametrize(
    ("kind", "period", "periods", "correlation", "noise", "rate", "seeds"),
    [
        ("count", "day", 730, 0.5, 0.1, 0.5, 60),
        ("count", "day", 730, 0.8, 0.15, 0.5, 60),
        ("share", "day", 730, 0.3, 0.2, 0.5, 60),
        ("mean", "week", 156, 0.3, 0.1, 0.5, 200),
        ("share", "week", 156, 0.6, 0.2, 0.5, 200),
        ("count", "week", 156, 0.0, 0.0, 2.0, 80),
    ],
)
def test_false_alarms_stay_within_bounds_over_many_series(
    make_series, kind, period, periods, correlation, noise, rate, seeds
):
    alarms, years = false_alarms(
        make_series, kind, period, fewer(seeds), rate,
        periods=periods, correlation=correlation, noise=noise,
    )  # fmt: skip
    # A Poisson number of alarms, three standard deviations of it beyond the promise.
    slack = 3 * np.sqrt(rate / years)
    assert 0.5 * rate < alarms / years + slack
    assert alarms / years - slack < 1.5 * rate


@pytest.mark.simulation
@pytest.mark.parametrize(
    ("period", "periods", "swing"),
    [("day", 365, 0.3), ("day", 600, 0.15), ("day", 600, 0.3), ("week", 90, 0.3)],
)
def test_a_season_that_cannot_be_known_yet_gives_no_more_unmarked_alarms_than_chosen(
    make_series, period, periods, swing
):
    raised = unmarked = years = 0.0
    for seed in range(fewer(60)):
        series = make_series("count", seed, period=period, periods=periods, swing=swing)
        seen = picture(series, walk(series, 1.0, 1000 + seed).breaks)
        lasting = [c for c in seen.changes if not c.difference.low <= 0 <= c.difference.high]
        raised += len(seen.changes)
        unmarked += sum(not change.seasonal for change in lasting)
        years += series.judged.sum() / PER_YEAR[period]
    slack = 3 * np.sqrt(1.0 / years)
    assert raised / years + slack > 1.5
    assert unmarked / years - slack < 1.5


@pytest.mark.simulation
def test_a_jump_is_no_season_although_the_year_is_not_known(make_series):
    told = 0
    for seed in range(fewer(20)):
        series = make_series("count", seed, periods=600, at=450, shift=0.3)
        seen = picture(series, walk(series, 1.0, seed).breaks)
        told += any(
            not change.seasonal and abs(change.shape.began - 450) < 14 for change in seen.changes
        )
    assert told >= 0.8 * fewer(20)


@pytest.mark.long
def test_the_time_of_year_is_an_explanation_only_until_it_is_known(make_series):
    short = make_series("count", 3, periods=420, swing=0.4)
    long = make_series("count", 3, periods=800, swing=0.4)
    marked = [picture(each, walk(each, 1.0, 3).breaks).changes for each in (short, long)]
    assert any(change.seasonal for change in marked[0])
    assert not any(change.seasonal for change in marked[1])


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "shift", "days"),
    [
        ("count", 0.3, 14),
        pytest.param("share", 0.6, 21, marks=pytest.mark.simulation),
        ("mean", 0.4, 21),
        pytest.param("count", -3.0, 3, marks=pytest.mark.simulation),
    ],
)
def test_a_planted_shift_is_seen_in_time_and_dated(make_series, kind, shift, days):
    series = make_series(kind, 2 if kind != "mean" else 5, periods=420, at=330, shift=shift)
    walked = walk(series, 0.2, 1)
    found = [broken for broken in walked.breaks if broken.raised >= 330]
    assert found[0].raised <= 330 + days
    assert found[0].up == (shift > 0)
    change = picture(series, walked.breaks).changes[-1]
    assert change.shape.earliest <= 330 <= change.shape.latest
    low, high = change.difference.low, change.difference.high
    if kind == "count":
        assert change.factor.low < np.exp(shift) < change.factor.high
    assert (low > 0) if shift > 0 else (high < 0)


@pytest.mark.simulation
def test_a_slow_climb_is_seen_and_told_as_one_trend(make_series):
    trends = 0
    for seed in range(3):
        series = make_series("count", seed, periods=450, at=330, slope=0.003)
        walked = walk(series, 0.2, 1)
        raised = [broken for broken in walked.breaks if broken.raised > 330]
        # Ten weeks into the climb it has gained 23 %.
        assert raised[0].up
        assert raised[0].raised <= 400
        seen = picture(series, walked.breaks)
        last = seen.changes[-1]
        trends += last.shape.trend and last.shape.end == 450 and last.factor.low > 1.15
        assert len(seen.breaks) == len(seen.changes)
    assert trends >= 2


@pytest.mark.simulation
def test_what_comes_later_changes_nothing_that_was_said_earlier(make_series):
    whole = make_series("count", 2, periods=420, at=330, shift=0.3)
    other = make_series("count", 2, periods=420, at=330, shift=0.3)
    later = other.values.copy()
    later[380:] *= 3
    changed = type(other)(other.kind, later, other.n, other.noise, other.season, other.known)
    first, second = walk(whole, 0.2, 1), walk(changed, 0.2, 1)
    assert first.breaks[0] == second.breaks[0]
    np.testing.assert_array_equal(first.scores[:380], second.scores[:380])


@pytest.mark.simulation
def test_a_single_wild_day_is_no_change(make_series):
    series = make_series("count", 11, periods=300)
    values = series.values.copy()
    values[250] *= 20
    wild = type(series)(series.kind, values, series.n, series.noise, series.season, series.known)
    assert walk(wild, 0.2, 1).breaks == walk(series, 0.2, 1).breaks


def test_public_holidays_do_not_alarm(make_series):
    plain = make_series("count", 11, periods=420)
    days = [first_day("day", 16_995 + t) for t in range(420)]
    holidays = [day for day in days if (day.month, day.day) in
                {(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)}]  # fmt: skip
    numbers = np.array([(day - dt.date(1970, 1, 1)).days for day in days])
    values = plain.values.copy()
    for day in holidays:
        at = numbers.tolist().index((day - dt.date(1970, 1, 1)).days)
        values[at] *= 0.1
        values[max(at - 1, 0)] *= 0.5
        values[min(at + 1, 419)] *= 1.6
    kept = type(plain)(
        plain.kind, values, plain.n, plain.noise,
        season("day", numbers, holidays, plain.known), plain.known,
    )  # fmt: skip
    assert walk(kept, 0.2, 1).breaks == []


@pytest.mark.simulation
def test_the_power_that_is_told_is_the_power_there_is(make_series):
    seen = shifts = 0
    for seed in range(fewer(40)):
        quiet = make_series("mean", seed, period="week", periods=120, correlation=0.2)
        walked = walk(quiet, 0.2, 1)
        if walked.breaks:
            continue
        today = picture(quiet, [])
        size = detectable_shift(quiet, walked, today.columns, today.fitted, 8)
        values = quiet.values.copy()
        values[112:] += size
        shifted = type(quiet)(quiet.kind, values, quiet.n, quiet.noise, quiet.season, quiet.known)
        shifts += 1
        seen += any(broken.raised >= 112 for broken in walk(shifted, 0.2, 1).breaks)
    assert shifts >= 0.6 * fewer(40)
    # 80 % is promised; three standard deviations of so few draws.
    assert seen / shifts > 0.8 - 3 * np.sqrt(0.16 / shifts)
