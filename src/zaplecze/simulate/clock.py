"""Times of the simulated company: seconds since 1970 on the wall clock of its country."""

import datetime as dt
import functools
from zoneinfo import ZoneInfo

import numpy as np

from zaplecze.simulate.company import FIRST_DAY, TIME_ZONE, Integers

HOUR = 3_600
DAY = 24 * HOUR
OPENS = 8 * HOUR

_EPOCH = dt.date(1970, 1, 1)
FIRST = (FIRST_DAY - _EPOCH).days
"""The first day of the simulated time, counted from 1970."""

_DAYS_KNOWN = 3 * 366
"""Orders come for two years; what follows from the last of them ends within another."""


def in_office_hours(moment: Integers) -> Integers:
    """MOMENT of a clock that never closes, moved into 8:00 to 20:00 of the same day.

    The order of moments and every whole number of days between two of them stay as they are.
    """
    return moment // DAY * DAY + OPENS + moment % DAY // 2


def utc(wall_clock: Integers) -> Integers:
    """WALL_CLOCK seconds of the day time as seconds of Universal Time."""
    return wall_clock - _offsets()[wall_clock // DAY - FIRST]


@functools.cache
def _offsets() -> Integers:
    """Seconds by which the wall clock is ahead, by day; the clock is changed before it opens."""
    zone = ZoneInfo(TIME_ZONE)
    noons = (
        dt.datetime.combine(FIRST_DAY + dt.timedelta(days=n), dt.time(12), zone)
        for n in range(_DAYS_KNOWN)
    )
    offsets = [noon.utcoffset() or dt.timedelta() for noon in noons]
    return np.array([int(offset.total_seconds()) for offset in offsets], dtype=np.int64)
