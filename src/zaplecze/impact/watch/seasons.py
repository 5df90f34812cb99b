"""What the calendar makes of a measure: weekday, time of year, public holidays."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.watch.families import Bools, Floats

Period = Literal["day", "week", "month"]

PER_YEAR: dict[Period, float] = {"day": 365.25, "week": 365.25 / 7, "month": 12.0}
WARM_UP: dict[Period, int] = {"day": 56, "week": 20, "month": 24}
"""Periods from which the first picture of what is usual is made; nothing in them is judged."""

LEARNING: dict[Period, int] = {"day": 14, "week": 6, "month": 3}
"""Periods after an alarm in which the new level is learnt."""

_HARMONICS = 2
_YEARS_FOR_SEASON = 2
_HOLIDAYS_TO_LEARN = 5
_CLOSED = 0.05
_BRIDGE = 3
_EXACT, _FREE = 1e8, 1e-4
_SEASON_PRIOR = 1 / 0.5**2

_EPOCH = dt.date(1970, 1, 1)


def first_day(period: Period, number: int) -> dt.date:
    """The day with which period NUMBER begins; weeks begin on Monday."""
    if period == "month":
        return dt.date(1970 + number // 12, number % 12 + 1, 1)
    return _EPOCH + dt.timedelta(days=number if period == "day" else 7 * number - 3)


def number_of(period: Period, day: NDArray[np.int64]) -> NDArray[np.int64]:
    """The period in which each DAY (counted from 1 January 1970) lies."""
    if period == "month":
        return day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return day if period == "day" else (day + 3) // 7


@dataclass(frozen=True)
class Season:
    """The calendar of a row of periods.

    ``design`` is periods x p; ``used`` are the periods from which may be learnt and ``judged``
    those that may give an alarm, as far as the calendar decides. ``yearly`` and ``holiday`` say
    which columns need a long past before they mean something.
    """

    period: Period
    design: Floats
    used: Bools
    judged: Bools
    yearly: NDArray[np.int64]
    holiday: NDArray[np.int64]

    def precision(self, past: int, *, any_year: bool = False) -> Floats:
        """The prior's precision of each column when PAST periods are known.

        The time of year is left out before two years, unless ANY_YEAR may be; holidays before there
        were five of them.
        """
        p = self.design.shape[1]
        precision = np.full(p, _FREE)
        ready = any_year or past >= _YEARS_FOR_SEASON * PER_YEAR[self.period] - 1
        precision[self.yearly] = _SEASON_PRIOR if ready else _EXACT
        seen = (self.design[:past, self.holiday] > 0).sum(axis=0)
        precision[self.holiday] = np.where(seen >= _HOLIDAYS_TO_LEARN, _SEASON_PRIOR, _EXACT)
        return precision

    @property
    def has_year(self) -> bool:
        """Is the past long enough for the time of year?"""
        return len(self.design) >= _YEARS_FOR_SEASON * PER_YEAR[self.period]


def season(
    period: Period, numbers: NDArray[np.int64], holidays: Collection[dt.date], known: Bools
) -> Season:
    """The calendar of the periods NUMBERS (consecutive); KNOWN are those that have data."""
    lost = _lost_share(period, numbers, holidays)
    yearly = _year(period, numbers)
    columns = [np.ones((len(numbers), 1)), *_weekdays(period, numbers), yearly]
    before = sum(column.shape[1] for column in columns)
    if period == "day":
        used = known & (lost == 0)
        judged = used
        design = np.hstack(columns)
        holiday = np.empty(0, np.int64)
    else:
        design = np.hstack([*columns, lost[:, None]])
        holiday = np.array([before])
        used = known
        learnt = np.concatenate([[0], np.cumsum(lost > 0)[:-1]]) >= _HOLIDAYS_TO_LEARN
        judged = known & ((lost == 0) | learnt)
    first = before - yearly.shape[1]
    return Season(period, design, used, judged, np.arange(first, before), holiday)


def closed_weekdays(numbers: NDArray[np.int64], counts: Floats) -> list[int]:
    """Weekdays (0 is Monday) on which next to nothing happens, from daily COUNTS."""
    weekday = weekday_of(numbers)
    sums = np.bincount(weekday, weights=counts, minlength=7)
    means = sums / np.maximum(np.bincount(weekday, minlength=7), 1)
    return [day for day in range(7) if means[day] < _CLOSED * means.mean()]


def weekday_of(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for Monday to 6 for Sunday, of days counted from 1 January 1970."""
    return (numbers + 3) % 7


def _weekdays(period: Period, numbers: NDArray[np.int64]) -> list[Floats]:
    if period != "day":
        return []
    weekday = weekday_of(numbers)
    # Differences from the mean of the week, so that the intercept is the level.
    return [np.stack([(weekday == d) - 1.0 * (weekday == 6) for d in range(6)], axis=1)]


def _year(period: Period, numbers: NDArray[np.int64]) -> Floats:
    """Sines and cosines of the time of year."""
    middle = {"day": 0, "week": 3, "month": 15}[period]
    days = [first_day(period, int(n)) + dt.timedelta(days=middle) for n in numbers]
    angle = 2 * np.pi * np.array([day.timetuple().tm_yday for day in days]) / 365.25
    waves = [f(k * angle) for k in range(1, _HARMONICS + 1) for f in (np.sin, np.cos)]
    return np.stack(waves, axis=1)


def _lost_share(
    period: Period, numbers: NDArray[np.int64], holidays: Collection[dt.date]
) -> Floats:
    """The share of each period that holidays take.

    A day counts as lost when it, the day before or the day after is a holiday, or when it lies
    between two lost days not further apart than a bridge; of weeks and months the holidays
    themselves from Monday to Friday count.
    """
    if period == "day":
        lost = {day + dt.timedelta(days=k) for day in holidays for k in (-1, 0, 1)}
        lost |= {
            day + dt.timedelta(days=k)
            for day in lost
            for gap in range(2, _BRIDGE + 2)
            if day + dt.timedelta(days=gap) in lost
            for k in range(1, gap)
        }
        return np.array([float(first_day("day", int(n)) in lost) for n in numbers])
    days = np.array([(day - _EPOCH).days for day in holidays if day.weekday() < 5], np.int64)
    counts = np.array([(number_of(period, days) == n).sum() for n in numbers], dtype=np.float64)
    return counts / (5 if period == "week" else 21)
