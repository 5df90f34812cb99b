"""Days, weeks and months as people live them: by the clock of their zone, weeks from Monday."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Self
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Unit = Literal["day", "week", "month"]
Ints = NDArray[np.int64]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Periods:
    """Consecutive days, weeks or months; ``bounds`` are their first instants and the end of the last.

    Bounds are microseconds since 1970 in UTC. A day on which the clock changes has 23 or 25 hours.
    """

    unit: Unit
    days: list[dt.date]
    bounds: Ints

    @classmethod
    def covering(cls, first: int, last: int, zone: str, unit: Unit) -> Self:
        """The periods from the one that holds instant FIRST to the one that holds LAST."""
        clock = ZoneInfo(zone)
        day, end = (_local_day(instant, clock) for instant in (first, last))
        days = [_first_day(day, unit)]
        while days[-1] <= end:
            days.append(_next(days[-1], unit))
        bounds = [_midnight(each, clock) for each in days]
        return cls(unit, days[:-1], np.array(bounds, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.days)

    def index_of(self, instants: Ints) -> Ints:
        """The number of the period that holds each of INSTANTS, which all lie within."""
        return np.searchsorted(self.bounds, instants, side="right") - 1


def _first_day(day: dt.date, unit: Unit) -> dt.date:
    """The day on which the period that holds DAY begins."""
    if unit == "month":
        return day.replace(day=1)
    return day - dt.timedelta(days=day.weekday() if unit == "week" else 0)


def _next(day: dt.date, unit: Unit) -> dt.date:
    """The day on which the period after that from DAY on begins."""
    if unit == "month":
        return (day + dt.timedelta(days=31)).replace(day=1)
    return day + dt.timedelta(days=7 if unit == "week" else 1)


def _local_day(instant: int, clock: ZoneInfo) -> dt.date:
    return (_EPOCH + instant * _MICROSECOND).astimezone(clock).date()


def _midnight(day: dt.date, clock: ZoneInfo) -> int:
    local = dt.datetime.combine(day, dt.time(), clock)
    return (local.astimezone(dt.UTC) - _EPOCH) // _MICROSECOND
