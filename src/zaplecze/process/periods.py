"""Days and weeks as people live them: by the clock of their zone, weeks from Monday."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Self
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Unit = Literal["day", "week"]
Ints = NDArray[np.int64]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Periods:
    """Consecutive days or weeks; ``bounds`` are their first instants and the end of the last.

    Bounds are microseconds since 1970 in UTC. A day on which the clock changes has 23 or 25 hours.
    """

    unit: Unit
    days: list[dt.date]
    bounds: Ints

    @classmethod
    def covering(cls, first: int, last: int, zone: str, unit: Unit) -> Self:
        """The periods from the one that holds instant FIRST to the one that holds LAST."""
        clock, length = ZoneInfo(zone), dt.timedelta(days=7 if unit == "week" else 1)
        day, end = (_local_day(instant, clock) for instant in (first, last))
        if unit == "week":
            day -= dt.timedelta(days=day.weekday())
        days = [day]
        while days[-1] <= end:
            days.append(days[-1] + length)
        bounds = [_midnight(each, clock) for each in days]
        return cls(unit, days[:-1], np.array(bounds, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.days)

    def index_of(self, instants: Ints) -> Ints:
        """The number of the period that holds each of INSTANTS, which all lie within."""
        return np.searchsorted(self.bounds, instants, side="right") - 1


def _local_day(instant: int, clock: ZoneInfo) -> dt.date:
    return (_EPOCH + instant * _MICROSECOND).astimezone(clock).date()


def _midnight(day: dt.date, clock: ZoneInfo) -> int:
    local = dt.datetime.combine(day, dt.time(), clock)
    return (local.astimezone(dt.UTC) - _EPOCH) // _MICROSECOND
