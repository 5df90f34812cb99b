"""Working time: how much of it lies between two instants, and when so much of it will have passed.

A table holds every span of working time as instants in UTC with the working time before it. The
working time between two instants is the difference of two look-ups, whatever lies between them:
nights, weekends, holidays, a clock that is put forward.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from zaplecze.language import Language, Text
from zaplecze.workspace import Span, Workspace

Instants = NDArray[Any]
"""``datetime64`` of any unit, or int64 microseconds since 1970; both in UTC."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_YEAR, LAST_YEAR = 1990, 2060
"""Years that a calendar knows; dates such as 9999-12-31 stand for "not known"."""

_BLOCK = 1_000_000
"""Instants at a time, so that memory stays small and look-ups stay in the cache."""

_UNKNOWN = np.iinfo(np.int64).min
"""How numpy writes "no time"."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def holidays_of(country: str, years: Iterable[int]) -> dict[dt.date, Text]:
    """The public holidays of COUNTRY (ISO 3166, two letters) in YEARS, by day and in order.

    Days that are moved because a holiday falls on a weekend are included where the country's law
    says so. Names are in the languages in which they are known; English stands for the others.
    In Ukraine holidays are working days as long as martial law lasts (since 15 March 2022).
    Source: the package ``holidays``, which cites the laws. Raises `ValueError` where COUNTRY has no
    known holidays.
    """
    # Loaded only where somebody asks.
    import holidays

    wanted = sorted(set(years))
    if country not in holidays.list_supported_countries(include_aliases=False):
        raise ValueError(f"no holidays are known for {country!r}")
    spoken = holidays.list_localized_countries().get(country, [])
    languages: dict[Language, str] = {"en": "en_US", "pl": "pl", "uk": "uk"}
    by_language = {
        ours: holidays.country_holidays(country, years=wanted, language=theirs)
        for ours, theirs in languages.items()
        if theirs in spoken or ours == "en"
    }
    return {
        day: Text.of({language: names[day] for language, names in by_language.items()})
        for day in sorted(by_language["en"])
    }


def calendar_of(workspace: Workspace | None) -> "WorkingCalendar | None":
    """The working time that WORKSPACE declares in ``[calendar]``; None where it declares none."""
    if workspace is None or workspace.calendar is None:
        return None
    declared = workspace.calendar
    return WorkingCalendar(
        hours=tuple(tuple(spans) for spans in declared.hours.by_weekday),
        zone=workspace.time_zone,
        country=declared.country,
        closed=frozenset(declared.closed),
    )


@dataclass(frozen=True)
class WorkingCalendar:
    """Working time by the clock of ``zone``.

    ``hours`` are the spans of each weekday from Monday to Sunday, which do not overlap. A shift over
    midnight belongs to the day it begins on; nobody begins one on public holidays of ``country``
    and on ``closed`` days. Where the clock is put forward or back, a shift is as long as it really
    is; a time that the clock shows twice means the first, one that it skips as much after the skip.
    """

    hours: tuple[tuple[Span, ...], ...]
    zone: str = "UTC"
    country: str | None = None
    closed: frozenset[dt.date] = frozenset()

    def working_seconds(self, start: Instants, end: Instants) -> Floats:
        """Working time from START to END, elementwise, in seconds.

        Negative where END comes first; NaN where either is missing or lies outside the years
        `FIRST_YEAR` to `LAST_YEAR`.
        """
        begins, ends = np.broadcast_arrays(microseconds(start), microseconds(end))
        shape, begins, ends = begins.shape, begins.ravel(), ends.ravel()
        seconds = np.empty(len(begins))
        for first in range(0, len(begins), _BLOCK):
            block = slice(first, first + _BLOCK)
            before, known_before = self._table.worked_before(begins[block])
            after, known_after = self._table.worked_before(ends[block])
            passed = (after - before) / 1e6
            passed[~(known_before & known_after)] = np.nan
            seconds[block] = passed
        return seconds.reshape(shape)

    def due(self, start: Instants, working_seconds: Floats | float) -> NDArray[np.datetime64]:
        """The first instant at which WORKING_SECONDS (not negative) have passed since START.

        Returns ``datetime64[us]`` in UTC, elementwise; "not a time" where START is missing or the
        instant lies outside the years `FIRST_YEAR` to `LAST_YEAR`.
        """
        begins, seconds = np.broadcast_arrays(
            microseconds(start), np.asarray(working_seconds, dtype=np.float64)
        )
        before, known = self._table.worked_before(begins)
        known &= np.isfinite(seconds)
        wanted = before + np.rint(np.where(known, seconds, 0.0) * 1e6).astype(np.int64)
        reached, within = self._table.instant_of(wanted)
        reached = np.where(known & within, np.maximum(reached, begins), _UNKNOWN)
        return reached.astype("datetime64[us]")

    def is_working_day(self, day: dt.date) -> bool:
        """Whether a shift begins on DAY."""
        return bool(self.hours[day.weekday()]) and day not in self._free_days

    @cached_property
    def _free_days(self) -> frozenset[dt.date]:
        if self.country is None:
            return self.closed
        import holidays

        years = range(FIRST_YEAR, LAST_YEAR + 1)
        return self.closed | set(holidays.country_holidays(self.country, years=years))

    @property
    def _table(self) -> "_Table":
        return _table_of(self)

    def spans(self) -> Iterator[tuple[int, int]]:
        """Every span of working time, in microseconds since 1970 in UTC."""
        zone = ZoneInfo(self.zone)
        # A day before and after, so that shifts over midnight and zones reach the ends.
        day, last = dt.date(FIRST_YEAR - 1, 12, 31), dt.date(LAST_YEAR + 1, 1, 1)
        while day <= last:
            if self.is_working_day(day):
                midnight = dt.datetime.combine(day, dt.time())
                for span in self.hours[day.weekday()]:
                    yield _utc(midnight, span.opens, zone), _utc(midnight, span.closes, zone)
            day += dt.timedelta(days=1)


@dataclass(frozen=True)
class _Table:
    """Spans of working time in order: when they open, how long they are, the work before them."""

    opens: Ints
    lengths: Ints
    before: Ints

    def worked_before(self, instants: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """The working time up to each of INSTANTS, and which of them the table covers."""
        span = np.maximum(np.searchsorted(self.opens, instants, side="right") - 1, 0)
        within = np.clip(instants - self.opens[span], 0, self.lengths[span])
        return self.before[span] + within, (instants >= _START) & (instants < _END)

    def instant_of(self, worked: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """The first instant up to which WORKED microseconds of work have passed, and if it is known."""
        after = self.before + self.lengths
        span = np.minimum(np.searchsorted(after, worked, side="left"), len(after) - 1)
        instants = self.opens[span] + worked - self.before[span]
        return instants, (worked <= after[-1]) & (instants < _END)


@lru_cache(maxsize=16)
def _table_of(calendar: WorkingCalendar) -> _Table:
    """The table of CALENDAR; half a second's work, kept for the next question."""
    opens, closes = np.array(list(calendar.spans()), dtype=np.int64).T
    # A shift that ends at a time that the clock skips would reach into the next one.
    opens = np.maximum(opens, np.append(opens[0], np.maximum.accumulate(closes)[:-1]))
    lengths = np.maximum(closes - opens, 0)
    return _Table(opens, lengths, np.cumsum(lengths) - lengths)


def microseconds(instants: Instants) -> Ints:
    """INSTANTS as int64 microseconds since 1970; a missing one is the smallest number there is."""
    values = np.asarray(instants)
    if values.dtype.kind == "M":
        return values.astype("datetime64[us]").view(np.int64)
    return values.astype(np.int64, copy=False)


def _utc(midnight: dt.datetime, minutes: int, zone: ZoneInfo) -> int:
    """The instant at which the clock of ZONE shows MINUTES after MIDNIGHT."""
    local = (midnight + dt.timedelta(minutes=minutes)).replace(tzinfo=zone)
    return (local.astimezone(dt.UTC) - _EPOCH) // _MICROSECOND


_START = (dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC) - _EPOCH) // _MICROSECOND
_END = (dt.datetime(LAST_YEAR + 1, 1, 1, tzinfo=dt.UTC) - _EPOCH) // _MICROSECOND
