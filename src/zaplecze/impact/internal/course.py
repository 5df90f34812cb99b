"""How the index of a department went from period to period, and whether it got better."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from zaplecze.impact.arrays import Floats
from zaplecze.impact.internal.index import Ints, Observations, Parts, wilson
from zaplecze.impact.internal.result import Course, CourseVerdict, PeriodUnit, Point
from zaplecze.impact.linear import pulled
from zaplecze.language import N_, Text, ends, number, say
from zaplecze.process.periods import Periods
from zaplecze.workspace import ServicePart

FEWEST_IN_PERIOD = 10
FEWEST_PERIODS = 6
MONTHS_FROM_DAYS = 270
"""A log of at least so many days is shown by month, a shorter one by week."""


def unit_for(days: float) -> PeriodUnit:
    """Weeks or months, by how many DAYS a log covers."""
    return "month" if days >= MONTHS_FROM_DAYS else "week"


def course(
    parts: Parts, shares: Mapping[ServicePart, float], periods: Periods, whole: range
) -> Course:
    """The index over the WHOLE ones of PERIODS, with the parts and SHARES of the whole time.

    A period counts where every part has at least ten observations in it. The change is the slope of a
    straight line through the periods; its error is the larger one of that from how far each cluster
    pulls it and that from how far the periods lie off the line.
    """
    unit: PeriodUnit = "month" if periods.unit == "month" else "week"
    dated = {part: _in_periods(parts[part], periods, whole) for part in shares}
    counted = np.array([[len(seen[k][0]) for k in range(len(whole))] for seen in dated.values()])
    valid = np.flatnonzero((counted >= FEWEST_IN_PERIOD).all(axis=0))
    pulls: list[tuple[Floats, Ints]] = []
    values: list[float] = []
    for k in valid:
        value, pull, cluster = _joined({part: seen[k] for part, seen in dated.items()}, shares)
        values.append(value)
        pulls.append((pull, cluster))
    points = _points(periods, whole, list(valid), values, pulls)
    if len(valid) < FEWEST_PERIODS:
        return Course(unit, points, None, None, "cannot tell", _too_few(unit, len(valid)))
    slope, error = _slope(np.asarray(valid, dtype=np.float64), np.asarray(values), pulls)
    half = _t(len(valid) - 2) * error
    interval = 100 * (slope - half), 100 * (slope + half)
    verdict = _verdict(interval)
    return Course(unit, points, 100 * slope, interval, verdict, _words(unit, verdict, slope, half))


Seen = tuple[Floats, Ints]
"""Values and clusters of one part in one period."""


def _in_periods(seen: Observations, periods: Periods, whole: range) -> list[Seen]:
    inside = (seen.at >= periods.bounds[0]) & (seen.at < periods.bounds[-1])
    period = np.full(len(seen), -1)
    period[inside] = periods.index_of(seen.at[inside])
    return [(seen.value[period == k], seen.cluster[period == k]) for k in whole]


def _joined(
    seen: Mapping[ServicePart, Seen], shares: Mapping[ServicePart, float]
) -> tuple[float, Floats, Ints]:
    """The index of one period, and by how much each observation of which cluster pulls it."""
    value, pulls, clusters = 0.0, [], []
    for part, share in shares.items():
        values, cluster = seen[part]
        mean = float(values.mean())
        value += share * mean
        pulls.append(share * (values - mean) / len(values))
        clusters.append(cluster)
    return value, np.concatenate(pulls), np.concatenate(clusters)


def _points(
    periods: Periods, whole: range, valid: list[int], values: list[float], pulls: list[Seen]
) -> list[Point]:
    found = {}
    for k, value, (pull, cluster) in zip(valid, values, pulls, strict=True):
        names, sums = pulled(pull[:, None], cluster)
        low, high = wilson(value, float(np.sqrt((sums**2).sum())), len(names))
        found[int(k)] = Point(
            periods.days[whole[k]].isoformat(), 100 * value, (100 * low, 100 * high)
        )
    return [
        found.get(k, Point(periods.days[period].isoformat(), None, None))
        for k, period in enumerate(whole)
    ]


def _slope(at: Floats, values: Floats, pulls: list[Seen]) -> tuple[float, float]:
    """The slope of VALUES over the periods AT, and its error."""
    centred = at - at.mean()
    lean = centred / (centred @ centred)
    slope = float(lean @ values)
    scores = np.concatenate([k * pull for k, (pull, _) in zip(lean, pulls, strict=True)])
    _, sums = pulled(scores[:, None], np.concatenate([cluster for _, cluster in pulls]))
    off = values - values.mean() - slope * centred
    of_periods = float(off @ off) / (len(at) - 2) * float(lean @ lean)
    error = float(np.sqrt(max(float((sums**2).sum()), of_periods)))
    # What is the same in all periods has a slope of rounding errors.
    return (0.0, 0.0) if error < 1e-12 else (slope, error)


def _t(degrees: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, degrees))


def _verdict(interval: tuple[float, float]) -> CourseVerdict:
    if interval[0] > 0:
        return "better"
    return "worse" if interval[1] < 0 else "no change shown"


_CHANGES: dict[tuple[PeriodUnit, CourseVerdict], str] = {
    ("month", "better"): N_("Gets better: {change} points a month ({low} to {high})."),
    ("month", "worse"): N_("Gets worse: {change} points a month ({low} to {high})."),
    ("month", "no change shown"): N_(
        "No change is shown: {change} points a month ({low} to {high})."
    ),
    ("week", "better"): N_("Gets better: {change} points a week ({low} to {high})."),
    ("week", "worse"): N_("Gets worse: {change} points a week ({low} to {high})."),
    ("week", "no change shown"): N_(
        "No change is shown: {change} points a week ({low} to {high})."
    ),
}


def _words(unit: PeriodUnit, verdict: CourseVerdict, slope: float, half: float) -> Text:
    digits = 2 if 100 * half < 1 else 1
    written = partial(number, signed=True)
    change = written(100 * slope, digits)
    low, high = ends(100 * (slope - half), 100 * (slope + half), written, digits)
    return say(_CHANGES[unit, verdict], change=change, low=low, high=high)


def _too_few(unit: PeriodUnit, count: int) -> Text:
    message = (
        N_("Too few months to tell a trend: {count} (at least {fewest}) with ten observations of each part.")
        if unit == "month"
        else N_("Too few weeks to tell a trend: {count} (at least {fewest}) with ten observations of each part.")
    )  # fmt: skip
    return say(message, count=number(count), fewest=number(FEWEST_PERIODS))
