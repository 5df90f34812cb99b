"""Periods: which a column of times is made of, which are missing, and how they are called."""

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.impact.verify.reading import Times
from zaplecze.impact.verify.result import Floats
from zaplecze.language import N_, Text, say, say_plural

Period = Literal["day", "week", "month", "quarter", "year"]
Kind = Literal["day", "working day", "week", "month", "quarter", "year", "period"]
PERIODS: tuple[Period, ...] = get_args(Period)

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_CYCLES: dict[Kind, float] = {"week": 52.1775, "month": 12.0, "quarter": 4.0}


@dataclass(frozen=True)
class Calendar:
    """Consecutive periods of one length, numbered from 0."""

    kind: Kind
    first: Any
    step: int
    size: int

    def position(self, times: Times) -> NDArray[np.int64]:
        """The number of the period in which each of TIMES lies; not cut to those that exist."""
        if self._months:
            start = _months(np.array([self.first]))[0]
            return np.asarray((_months(times) - start) // self._months, np.int64)
        if self.kind == "working day":
            days = times.astype("datetime64[D]")
            return np.asarray(np.busday_count(np.datetime64(self.first, "D"), days), np.int64)
        away = times - self.first
        return np.asarray(away.astype(np.int64) // self.step, np.int64)

    def time(self, position: int) -> Any:
        """When period POSITION begins: a number or datetime64[s]."""
        if self._months:
            month = _months(np.array([self.first]))[0] + position * self._months
            return np.datetime64(int(month), "M").astype("datetime64[s]")
        if self.kind == "working day":
            day = np.busday_offset(np.datetime64(self.first, "D"), position, roll="forward")
            return day.astype("datetime64[s]")
        return self.first + position * self.step

    def label(self, position: int) -> str:
        """What a period is called: 2026-05-03, 2026-05, 2026-Q2, 2026, 17."""
        time = self.time(position)
        if not isinstance(time, np.datetime64):
            return str(int(time))
        words = str(time.astype("datetime64[m]"))
        if self.kind == "quarter":
            return f"{words[:4]}-Q{(int(words[5:7]) + 2) // 3}"
        digits = {"year": 4, "month": 7}.get(self.kind, 10)
        return words[:digits] if words.endswith("00:00") else words.replace("T", " ")

    def is_first_moment(self, time: Any) -> bool:
        """Does TIME stand at the very beginning of its period?"""
        return bool(self.time(int(self.position(np.array([time]))[0])) == time)

    def season(self, size: int) -> Floats:
        """Columns for the course of the year (two waves) and of the week, for SIZE periods.

        None where the data are too short to tell a season from a change: a year and a half, or
        three weeks.
        """
        columns: list[Floats] = []
        when = np.arange(size, dtype=np.float64)
        cycle = self.cycle
        if cycle and size >= 1.5 * cycle:
            waves = 1 if cycle < 6 else 2
            for wave in range(1, waves + 1):
                angle = 2 * np.pi * wave * when / cycle
                columns += [np.sin(angle), np.cos(angle)]
        if self.kind in ("day", "working day") and size >= 21:
            days = np.array([self.time(k) for k in range(size)]).astype("datetime64[D]")
            weekday = (days.astype(np.int64) + 3) % 7
            columns += [(weekday == day).astype(float) for day in np.unique(weekday)[1:]]
        return np.column_stack(columns) if columns else np.empty((size, 0))

    @property
    def _months(self) -> int:
        """Months in a period; 0 where the periods are numbered or are of days."""
        return _MONTHS.get(self.kind, 0) if isinstance(self.first, np.datetime64) else 0

    @property
    def cycle(self) -> float | None:
        """Periods in a year; None where nothing can repeat every year."""
        if self.kind in ("day", "working day"):
            return 365.2425 if self.kind == "day" else 260.9
        return _CYCLES.get(self.kind)


def floored(times: Times, period: Period) -> Times:
    """The beginning of the PERIOD in which each of TIMES lies; weeks begin on Monday."""
    if period == "day":
        return times.astype("datetime64[D]").astype("datetime64[s]")
    if period == "week":
        days = times.astype("datetime64[D]")
        return (days - (days.astype(np.int64) + 3) % 7).astype("datetime64[s]")
    length = _MONTHS[period]
    return (_months(times) // length * length).astype("datetime64[M]").astype("datetime64[s]")


def calendar(times: Times, period: Period | None) -> Calendar:
    """The periods of which TIMES are made, PERIOD where somebody said it.

    Gaps are left in it; they are for the caller to judge. Raises `InputError` where there is one
    period only or where times keep no rhythm.
    """
    distinct = np.unique(times)
    if len(distinct) < 2:
        raise InputError(
            say(
                N_(
                    "There is only one period in the data. Bring the periods before the change "
                    "and those after it."
                )
            )
        )
    kind, step = (period, _seconds(period)) if period else _rhythm(distinct)
    found = Calendar(kind, distinct[0], step, 1)
    size = int(found.position(distinct[-1:])[0]) + 1
    if size > 20 * len(distinct) + 20:
        raise InputError(
            say(
                N_(
                    "The times keep no rhythm: {n} different ones. If every row is a case, say "
                    "with --by week (or day, month) over which periods to take the mean."
                ),
                n=str(len(distinct)),
            )
        )
    return Calendar(kind, found.time(0), step, size)


def periods_text(kind: Kind, count: int) -> Text:
    """COUNT periods in words: 9 weeks."""
    match kind:
        case "day":
            return say_plural(N_("{count} day"), N_("{count} days"), count)
        case "working day":
            return say_plural(N_("{count} working day"), N_("{count} working days"), count)
        case "week":
            return say_plural(N_("{count} week"), N_("{count} weeks"), count)
        case "month":
            return say_plural(N_("{count} month"), N_("{count} months"), count)
        case "quarter":
            return say_plural(N_("{count} quarter"), N_("{count} quarters"), count)
        case "year":
            return say_plural(N_("{count} year"), N_("{count} years"), count)
        case "period":
            return say_plural(N_("{count} period"), N_("{count} periods"), count)


def _rhythm(distinct: Times) -> tuple[Kind, int]:
    """What the sorted DISTINCT times are, and their distance in seconds (numbers: in ones)."""
    if distinct.dtype.kind == "i":
        step = int(np.gcd.reduce(np.diff(distinct)))
        years = distinct[0] >= 1900 and distinct[-1] <= 2100 and step == 1
        return ("year" if years else "period"), step
    months = _months(distinct)
    apart = np.diff(distinct).astype(np.int64) / 86_400
    if len(set(months.tolist())) == len(distinct) and apart.min() >= 28 and _same_day(distinct):
        step = int(np.gcd.reduce(np.diff(months)))
        kind: Kind = "year" if step % 12 == 0 else "quarter" if step % 3 == 0 else "month"
        return kind, 1
    step = int(np.gcd.reduce(np.diff(distinct).astype(np.int64)))
    if step % (7 * 86_400) == 0:
        return "week", 7 * 86_400
    if step % 86_400 == 0:
        weekday = (distinct.astype("datetime64[D]").astype(np.int64) + 3) % 7
        office = not (weekday >= 5).any() and len(distinct) >= 10
        return ("working day" if office else "day"), 86_400
    return "period", step


def _same_day(distinct: Times) -> bool:
    """Are all on the same day of the month, or all on its last?"""
    days = distinct.astype("datetime64[D]")
    number = (days - days.astype("datetime64[M]")).astype(np.int64)
    last = (days + 1).astype("datetime64[M]") != days.astype("datetime64[M]")
    return bool(last.all() or (number == number[0]).all())


def _months(times: Times) -> NDArray[np.int64]:
    return times.astype("datetime64[M]").astype(np.int64)


def _seconds(period: Period) -> int:
    return {"day": 86_400, "week": 7 * 86_400}.get(period, 1)
