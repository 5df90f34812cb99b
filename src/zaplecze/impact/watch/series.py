"""From rows to a series: per day, week or month, as the volume allows; edges and gaps cut out."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

import duckdb
import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.watch.families import Bools, Floats, Kind
from zaplecze.impact.watch.measures import Measure
from zaplecze.impact.watch.monitor import Observed
from zaplecze.impact.watch.seasons import (
    PER_YEAR,
    WARM_UP,
    Period,
    closed_weekdays,
    first_day,
    number_of,
    season,
    weekday_of,
)  # fmt: skip
from zaplecze.language import N_, Text, date, number, say, say_plural

MOST_PERIODS = 1500
_JUDGED_AT_LEAST = {"day": 14, "week": 6, "month": 6}
_ENOUGH_A_DAY = {"count": 10.0, "share": 5.0, "mean": 10.0, "wait": 10.0}
_ENOUGH_A_WEEK = {"count": 2.0, "share": 1.0, "mean": 3.0, "wait": 3.0}
_GAP = {"day": 7, "week": 3, "month": 2}
_LONG_GAP_DAYS = 28
_USUAL_DAY = 0.2
_SHORTEST_WAIT_SECONDS = 1.0
_MEDIAN_VARIANCE = np.pi / 2
"""The variance of a median of normal values, as a multiple of that of their mean."""


@dataclass(frozen=True)
class Window:
    """The days that are complete: ``first`` to ``last``, counted from 1 January 1970.

    ``steady`` is the last day on which cases arrive as usual; measures that are dated by later
    moments end there, because only long cases would be left.
    """

    first: int
    last: int
    steady: int
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Series:
    """A measure period by period. ``numbers`` count periods as `first_day` does."""

    measure: Measure
    observed: Observed
    numbers: NDArray[np.int64]
    notes: tuple[Text, ...] = field(default=())

    @property
    def period(self) -> Period:
        """Day, week or month."""
        return self.observed.season.period

    def day(self, at: int) -> dt.date:
        """The first day of the period at position AT, which may lie after the last."""
        return first_day(self.period, int(self.numbers[0]) + at)

    def day_number(self, at: int) -> int:
        """The same day, counted from 1 January 1970."""
        return (self.day(at) - dt.date(1970, 1, 1)).days


@dataclass(frozen=True)
class Daily:
    """Sums a day over consecutive days from ``first`` on."""

    first: int
    rows: Floats
    total: Floats
    squares: Floats
    weight: Floats

    @property
    def days(self) -> NDArray[np.int64]:
        """The days, counted from 1 January 1970."""
        return np.arange(self.first, self.first + len(self.rows))


def daily(connection: duckdb.DuckDBPyConnection, measure: Measure, window: Window) -> Daily | None:
    """The sums of MEASURE by day within WINDOW; None where there is nothing."""
    value = f"ln(greatest(value, {_SHORTEST_WAIT_SECONDS}))" if measure.kind == "wait" else "value"
    late = connection.execute(
        f"SELECT quantile_cont(lag, 0.9) FROM ({measure.rows}) WHERE lag IS NOT NULL"
    ).fetchall()[0][0]
    # Where only cases are known that began in the window, long ones are missing at first.
    delay = min(int(np.ceil(late or 0)), (window.last - window.first) // 4)
    first, last = window.first + delay, window.last if not late else window.steady
    table = connection.execute(
        "SELECT day::BIGINT, count(*), sum(v), sum(v * v), sum(weight) FROM "
        f"(SELECT day, {value} AS v, weight FROM ({measure.rows}) WHERE value IS NOT NULL) "
        f"WHERE day BETWEEN {first} AND {last} GROUP BY 1 ORDER BY 1"
    ).fetchnumpy()
    day, rows, total, squares, weight = table.values()
    if len(day) == 0:
        return None
    if measure.kind != "count":
        first, last = int(day[0]), int(day[-1])
    columns = np.zeros((4, last - first + 1))
    for column, values in zip(columns, (rows, total, squares, weight), strict=True):
        column[np.asarray(day, np.int64) - first] = np.asarray(values, np.float64)
    return Daily(first, *columns)


def series_of(
    connection: duckdb.DuckDBPyConnection,
    measure: Measure,
    window: Window,
    holidays: Collection[dt.date],
    spacing: Period = "day",
) -> Series | Text:
    """MEASURE as a series within WINDOW, or a sentence that says why it cannot be watched.

    SPACING is that of the data: values given a month each are watched by month.
    """
    by_day = daily(connection, measure, window)
    if by_day is None:
        return say(N_("There is no value in the time that is watched."))
    period = _period(measure, by_day, spacing)
    if period is None:
        return _too_rare(measure.kind, by_day)
    short = _too_short(period, by_day)
    if short is not None:
        return short
    numbers, sums = _by_period(period, by_day)
    if measure.kind == "wait":
        medians = _medians(connection, measure, period, numbers)
        if np.nanmedian(medians) <= _SHORTEST_WAIT_SECONDS:
            return say(N_("There is usually no wait, so that there is nothing to watch."))
        values = np.log(medians)
    else:
        values = _values(measure, sums)
    return _checked(measure, period, numbers, values, sums, holidays)


def _checked(
    measure: Measure,
    period: Period,
    numbers: NDArray[np.int64],
    values: Floats,
    sums: Floats,
    holidays: Collection[dt.date],
) -> Series | Text:
    known, notes = _known(measure, period, numbers, sums, values)
    if np.nanmax(values[known]) - np.nanmin(values[known]) == 0:
        return say(
            N_(
                "All values are the same, {value}: nothing can be learnt about chance. Check the column."
            ),
            value=number(float(values[known][0]), 2),
        )
    n = _exposure(measure, sums)
    observed = Observed(
        measure.kind,
        np.where(known, np.nan_to_num(values), 0.0),
        np.where(known, n, 1.0),
        _noise(measure.kind, sums[:, known][:, : WARM_UP[period]]),
        season(period, numbers, holidays, known),
        known,
    )
    if observed.judged.sum() < _JUDGED_AT_LEAST[period]:
        return _too_few_known(period)
    return Series(measure, observed, numbers, notes)


def _period(measure: Measure, by_day: Daily, spacing: Period) -> Period | None:
    """Days where most usual weekdays have enough to go by, else weeks; None where even those have not.

    Values that come as one number a period are watched as they come.
    """
    kind = measure.kind
    if spacing == "month" or (measure.counted and kind != "count"):
        return spacing
    usual = np.isin(weekday_of(by_day.days), _usual_weekdays(by_day))
    each = _information(kind, by_day)
    if spacing == "day" and np.median(each[usual]) >= _ENOUGH_A_DAY[kind]:
        return "day"
    return "week" if 7 * each.mean() >= _ENOUGH_A_WEEK[kind] else None


def _information(kind: Kind, by_day: Daily) -> Floats:
    if kind == "count":
        return by_day.total
    if kind == "share":
        total = float(by_day.weight.sum())
        p = float(by_day.total.sum()) / max(total, 1.0)
        return by_day.weight * max(p * (1 - p), 0.01)
    return by_day.rows


def _usual_weekdays(by_day: Daily) -> list[int]:
    sums = np.bincount(weekday_of(by_day.days), weights=by_day.rows, minlength=7)
    return [day for day in range(7) if sums[day] >= _USUAL_DAY * sums.mean()]


def _too_rare(kind: Kind, by_day: Daily) -> Text:
    found = number(7 * float(_information(kind, by_day).mean()), 1)
    return say(
        N_("Too rare to watch: {found} a week on average, at least {needed} are needed. Take a commoner measure, or bring more data."),
        found=found, needed=number(_ENOUGH_A_WEEK[kind]),
    )  # fmt: skip


def _too_short(period: Period, by_day: Daily) -> Text | None:
    weeks = len(by_day.rows) / 7
    needed = (WARM_UP[period] + _JUDGED_AT_LEAST[period]) * 365.25 / PER_YEAR[period] / 7
    if weeks >= needed:
        return None
    return say(
        N_("The history is too short: {weeks} weeks, at least {needed} are needed. Bring older data, or wait."),
        weeks=number(weeks), needed=number(np.ceil(needed)),
    )  # fmt: skip


def _too_few_known(period: Period) -> Text:
    needed = (WARM_UP[period] + _JUDGED_AT_LEAST[period]) * 365.25 / PER_YEAR[period] / 7
    return say(
        N_("Too few periods have values: at least {needed} weeks without gaps are needed. Fill the gaps, or bring older data."),
        needed=number(np.ceil(needed)),
    )  # fmt: skip


def _by_period(period: Period, by_day: Daily) -> tuple[NDArray[np.int64], Floats]:
    """Complete periods and their sums (rows, total, squares, weight; a row each)."""
    of_day = number_of(period, by_day.days)
    numbers = np.arange(of_day[0], of_day[-1] + 1, dtype=np.int64)
    sums = np.stack(
        [
            np.bincount(of_day - of_day[0], weights=column)
            for column in (by_day.rows, by_day.total, by_day.squares, by_day.weight)
        ]
    )
    start, end = 0, len(numbers)
    if period == "week":
        weekday, usual = weekday_of(by_day.days), _usual_weekdays(by_day)
        start = int(weekday[0] > min(usual))
        end -= int(weekday[-1] < max(usual))
    start = max(start, end - MOST_PERIODS)
    return np.asarray(numbers[start:end], np.int64), np.asarray(sums[:, start:end])


def _values(measure: Measure, sums: Floats) -> Floats:
    rows, total, _, weight = sums
    if measure.kind == "count":
        return np.asarray(total)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / (weight if measure.kind == "share" else rows))


def _exposure(measure: Measure, sums: Floats) -> Floats:
    rows, _, _, weight = sums
    if measure.kind == "count":
        return np.asarray(weight if measure.exposed else np.ones_like(rows))
    return np.asarray(weight if measure.kind == "share" else rows)


def _noise(kind: Kind, sums: Floats) -> float:
    """The variance of one value around its period's mean, learnt from the first periods."""
    rows, total, squares, _ = sums
    inside = np.maximum(squares - total**2 / np.maximum(rows, 1), 0.0).sum()
    degrees = np.maximum(rows - 1, 0).sum()
    between = float(np.var(total / np.maximum(rows, 1))) or 1.0
    variance = float(inside / degrees) if degrees else 0.0
    return max(variance, 1e-6 * between) * (_MEDIAN_VARIANCE if kind == "wait" else 1.0)


def _medians(
    connection: duckdb.DuckDBPyConnection,
    measure: Measure,
    period: Period,
    numbers: NDArray[np.int64],
) -> Floats:
    first, last = (first_day(period, int(n)) for n in (numbers[0], numbers[-1] + 1))
    key = {"day": "day", "week": "(day + 3) // 7", "month": "day"}[period]
    if period == "month":
        key = "datediff('month', DATE '1970-01-01', DATE '1970-01-01' + day::INT)"
    start, end = ((each - dt.date(1970, 1, 1)).days for each in (first, last))
    table = connection.execute(
        f"SELECT ({key})::BIGINT, median(greatest(value, {_SHORTEST_WAIT_SECONDS})) "
        f"FROM ({measure.rows}) WHERE value IS NOT NULL AND day >= {start} AND day < {end} "
        "GROUP BY 1"
    ).fetchnumpy()
    at, median = table.values()
    values = np.full(len(numbers), np.nan)
    values[np.asarray(at, np.int64) - numbers[0]] = np.asarray(median, np.float64)
    return values


def _known(
    measure: Measure, period: Period, numbers: NDArray[np.int64], sums: Floats, values: Floats
) -> tuple[Bools, tuple[Text, ...]]:
    """The periods that have data, and sentences about those that have not."""
    rows = sums[0]
    if measure.kind != "count" or measure.exposed or measure.counted:
        known = (rows > 0) & np.isfinite(values)
        holes = _runs(~known)
        shortest = _LONG_GAP_DAYS / 365.25 * PER_YEAR[period]
        long = [hole for hole in holes if hole[1] - hole[0] > shortest]
        return known, _gap_notes(period, numbers, long)
    known = np.ones(len(rows), dtype=bool)
    if period == "day":
        early = slice(0, WARM_UP["day"])
        closed = closed_weekdays(numbers[early], values[early])
        known &= ~np.isin(weekday_of(numbers), closed)
    # An empty stretch with data after it is far more often a hole in the export than a standstill.
    empty = [(a, b) for a, b in _runs(~(rows > 0) | ~known) if b < len(rows)]
    gaps = [(a, b) for a, b in empty if b - a >= _GAP[period]]
    for a, b in gaps:
        known[a:b] = False
    return known, _gap_notes(period, numbers, gaps)


def _runs(flags: Bools) -> list[tuple[int, int]]:
    """Where FLAGS are true without a break: first position and the one after the last."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _gap_notes(
    period: Period, numbers: NDArray[np.int64], gaps: list[tuple[int, int]]
) -> tuple[Text, ...]:
    if not gaps:
        return ()
    first, last = gaps[0]
    begin = first_day(period, int(numbers[first]))
    end = first_day(period, int(numbers[0]) + last) - dt.timedelta(days=1)
    return (
        say_plural(
            N_("{count} gap in the data is not judged, from {begin} to {end}. If rows are missing there, add them."),
            N_("{count} gaps in the data are not judged, the first from {begin} to {end}. If rows are missing there, add them."),
            len(gaps), begin=date(begin), end=date(end),
        ),
    )  # fmt: skip
