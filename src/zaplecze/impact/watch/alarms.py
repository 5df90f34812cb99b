"""From the walk through a series to alarms that a person can read."""

from typing import Literal

import duckdb
import numpy as np

from zaplecze.impact.watch import words
from zaplecze.impact.watch.costs import cost_of
from zaplecze.impact.watch.families import mean
from zaplecze.impact.watch.levels import Change, Level, Picture
from zaplecze.impact.watch.monitor import Break, Walk
from zaplecze.impact.watch.power import POWER, detectable_shift
from zaplecze.impact.watch.result import (
    Alarm,
    Detectable,
    Estimate,
    Point,
    Watched,
)  # fmt: skip
from zaplecze.impact.watch.seasons import PER_YEAR, Period
from zaplecze.impact.watch.segments import segment_shift
from zaplecze.impact.watch.series import Series
from zaplecze.language import Text

_LARGEST_SHIFT = 1.5
"""Shifts beyond this (on the scale of logarithms) are seen without arithmetic."""

_WEEKS: dict[Period, int] = {"day": 8, "week": 8, "month": 26}


def watched_of(
    series: Series, walked: Walk, seen: Picture, rate: float, has_holidays: bool
) -> Watched:
    """What is known about a measure that was watched."""
    observed = series.observed
    total = len(observed.values)
    last = series.day(total)
    return Watched(
        measure=series.measure.id,
        label=series.measure.label,
        kind=observed.kind,
        unit=series.measure.unit,
        period=series.period,
        first=series.day(0),
        last=last.fromordinal(last.toordinal() - 1),
        periods=total,
        judged=int(observed.judged.sum()),
        observations=int(_rows(series)),
        level=_level(series, seen),
        correlation=float(seen.fitted.correlation[0]),
        season=_season(series, has_holidays),
        false_alarms_per_year=rate,
        detectable=_detectable(series, walked, seen),
        notes=list(series.notes),
        points=_points(series, seen),
    )


def alarms_of(
    connection: duckdb.DuckDBPyConnection,
    series: Series,
    seen: Picture,
    currency: str,
) -> list[Alarm]:
    """The alarms of SERIES in order of time."""
    found = []
    for index, (broken, change) in enumerate(zip(seen.breaks, seen.changes, strict=True)):
        start = seen.changes[index - 1].shape.began if index else 0
        year = int(PER_YEAR[series.period])
        start = min(max(start, change.shape.began - year), max(change.shape.began - 3, 0))
        current = index == len(seen.breaks) - 1
        found.append(_alarm(connection, series, broken, change, start, current, currency))
    return found


def _alarm(
    connection: duckdb.DuckDBPyConnection,
    series: Series,
    broken: Break,
    change: Change,
    start: int,
    current: bool,
    currency: str,
) -> Alarm:
    measure, shape = series.measure, change.shape
    up = change.difference.value > 0
    lasting = not change.difference.low <= 0 <= change.difference.high
    since = series.day(shape.began)
    interval = series.day(shape.earliest), series.day(shape.latest)
    raised = series.day(broken.raised + 1)
    segment, tested = (
        segment_shift(connection, series, start, shape.began, shape.end, up)
        if lasting
        else (None, 0)
    )
    seasonal = lasting and change.seasonal
    priced = lasting and not seasonal
    cost = cost_of(connection, series, change, start, currency) if priced else None
    sentence = words.alarm_sentence(measure, series.period, change, (since, *interval), up)
    if seasonal:
        sentence = words.seasonal_sentence(sentence)
    return Alarm(
        id=f"{measure.id}@{raised.isoformat()}",
        measure=measure.id,
        label=measure.label,
        kind=measure.kind,
        unit=measure.unit,
        period=series.period,
        form="trend" if shape.trend else "shift",
        direction="up" if up else "down",
        verdict=_verdict(measure.better, up),
        raised=raised,
        since=since,
        since_interval=interval,
        until=series.day(shape.end),
        before=_estimate(change.before),
        after=_estimate(change.after),
        change=_estimate(change.difference),
        relative=_relative(change),
        current=current,
        lasting=lasting,
        segment=segment,
        segments_tested=tested,
        cost=cost,
        expected_without=[
            _shown(series, each, shape.began + i) for i, each in enumerate(change.without)
        ],
        sentence=sentence if lasting else words.passed_sentence(measure, raised),
        segment_sentence=words.segment_sentence(segment, tested, measure.unit, series.period)
        if lasting
        else Text.same("–"),
        cost_sentence=words.cost_sentence(cost, current) if lasting else Text.same("–"),
        may_be_season=seasonal,
    )


def _verdict(
    better: Literal["higher", "lower"] | None, up: bool
) -> Literal["better", "worse"] | None:
    if better is None:
        return None
    return "better" if (better == "higher") == up else "worse"


def _estimate(level: Level) -> Estimate:
    return Estimate(level.value, (level.low, level.high))


def _relative(change: Change) -> Estimate | None:
    factor = change.factor
    if not np.isfinite(factor.value):
        return None
    return Estimate(factor.value - 1, (factor.low - 1, factor.high - 1))


def _shown(series: Series, value: float, at: int | None = None) -> float:
    """A value of the model as people know it: waits in seconds, rates for one unit of exposure.

    AT is the period of the value; None where the value is one for a unit already.
    """
    if series.measure.unit == "rate" and at is not None:
        return float(value / series.observed.n[at])
    return float(np.exp(value) if series.measure.kind == "wait" else value)


def _points(series: Series, seen: Picture) -> list[Point]:
    observed = series.observed
    return [
        Point(
            series.day(t),
            _shown(series, float(observed.values[t]), t) if observed.known[t] else None,
            _shown(series, float(seen.expected[t]), t),
        )
        for t in range(len(observed.values))
    ]


def _rows(series: Series) -> float:
    known = series.observed.known
    if series.measure.kind == "count":
        return float(series.observed.values[known].sum())
    return float(series.observed.n[known].sum())


def _level(series: Series, seen: Picture) -> float:
    """What is expected of a period over the latest year, or since the latest change if it is younger.

    Every change counts as far as it has come by now: of a trend that is where it stands, not its
    mean on the way there.
    """
    observed = series.observed
    began = seen.changes[-1].shape.began if seen.changes else 0
    recent = np.arange(len(observed.values)) >= max(
        began, len(observed.values) - int(PER_YEAR[series.period])
    )
    chosen = recent & observed.used if (recent & observed.used).any() else recent
    rows = seen.columns.design[chosen].copy()
    changes = slice(rows.shape[1] - len(seen.changes), rows.shape[1])
    rows[:, changes] = seen.columns.design[-1, changes]
    eta = (rows @ seen.fitted.beta)[:, 0]
    value = float(mean(observed.kind, eta, np.ones(len(eta))).mean())
    return _shown(series, value)


def _season(series: Series, has_holidays: bool) -> list[Literal["weekday", "year", "holidays"]]:
    found: list[Literal["weekday", "year", "holidays"]] = []
    if series.period == "day":
        found.append("weekday")
    if series.observed.season.has_year:
        found.append("year")
    if has_holidays:
        found.append("holidays")
    return found


def _detectable(series: Series, walked: Walk, seen: Picture) -> Detectable | None:
    weeks = _WEEKS[series.period]
    within = round(weeks * 7 * PER_YEAR[series.period] / 365.25)
    size = detectable_shift(series.observed, walked, seen.columns, seen.fitted, within)
    if size is None or (size > _LARGEST_SHIFT and series.observed.kind != "mean"):
        return None
    level = _level(series, seen)
    if series.observed.kind in ("count", "wait"):
        relative = float(np.expm1(size))
        return Detectable(relative * level, relative, weeks, POWER)
    if series.observed.kind == "share":
        odds = level / (1 - level) * float(np.exp(size))
        change = odds / (1 + odds) - level
        return Detectable(change, change / level, weeks, POWER)
    return Detectable(size, size / abs(level) if level else None, weeks, POWER)
