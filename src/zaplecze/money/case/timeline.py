"""The months of a case: real dates, and how much of a line falls into each."""

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zaplecze.money.case.lines import Line
from zaplecze.money.returns import Floats


@dataclass(frozen=True)
class Timeline:
    """Month 0 is the moment of the start; month m runs up to the same day of the m-th month after.

    Money of month m is counted at its end, money of month 0 at once.
    """

    start: dt.date
    months: int

    @cached_property
    def ends(self) -> list[dt.date]:
        """The start, and the last day of every month of the case."""
        later = [add_months(self.start, m) for m in range(1, self.months + 1)]
        return [self.start, *(day - dt.timedelta(days=1) for day in later)]

    def position(self, day: dt.date) -> float:
        """How many months after the start DAY begins, with the part of a month by its days; a day
        long after the end counts as one soon after it."""
        day = min(day, add_months(self.start, self.months + 1))
        whole = (day.year - self.start.year) * 12 + day.month - self.start.month
        if add_months(self.start, whole) > day:
            whole -= 1
        begin, end = add_months(self.start, whole), add_months(self.start, whole + 1)
        return whole + (day - begin).days / (end - begin).days

    def month_of(self, day: dt.date) -> int:
        """The month in which DAY lies; that of the start itself is 0."""
        return 0 if day <= self.start else int(self.position(day)) + 1

    def shape(self, line: Line, inflation: float, delay: float = 0.0) -> Floats:
        """How much of LINE falls into months 0, 1, …: times its amount this is its money.

        A line that is paid by month or year has its share of days, its ramp (straight up from zero)
        and its growth; INFLATION a year raises it where it is not fixed. DELAY months move it back.
        """
        index = np.arange(self.months + 1, dtype=float)
        raised = (1.0 + (inflation if line.inflates else 0.0)) ** (index / 12)
        if line.period == "once":
            return self._once(line, delay) * raised
        begin = (self.position(line.start) if line.start else 0.0) + delay
        until = self.position(_day_after(line.end)) if line.end else float(self.months)
        edges = np.clip(np.arange(self.months + 1, dtype=float), begin, max(until, begin)) - begin
        level = np.concatenate([[0.0], np.diff(_ramped(edges, line.ramp_months))])
        grown = (1.0 + line.growth) ** (np.maximum(index - 0.5, 0.0) / 12)
        return np.asarray(level * grown * raised / (12 if line.period == "year" else 1))

    def _once(self, line: Line, delay: float) -> Floats:
        shape = np.zeros(self.months + 1)
        month = self.month_of(line.start) if line.start else 0
        month += int(np.ceil(delay))
        if month <= self.months:
            shape[month] = 1.0
        return shape


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day MONTHS later; the last of the month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _day_after(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day + dt.timedelta(days=1)


def _ramped(elapsed: Floats, ramp: float) -> Floats:
    """What has come after ELAPSED months of a line that climbs to its full level in RAMP months."""
    if ramp <= 0:
        return elapsed
    return np.where(elapsed < ramp, elapsed**2 / (2 * ramp), elapsed - ramp / 2)
