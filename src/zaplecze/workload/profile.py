"""What call records show: calls by weekday and time of day, handling times, patience, what was served."""

import itertools
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, number, say, say_plural
from zaplecze.workload.day import Load
from zaplecze.workload.demand import not_negative
from zaplecze.workload.erlang import Floats
from zaplecze.workload.records import Records, kinds_by_size, seconds_of_day
from zaplecze.workload.survival import Patience, patience

DAY_SECONDS = 86_400
WEEKDAYS = 7
_PARTS = (0, 8, 12, 16, 20, 24)
_LONGEST_DAYS = 20 * 365


@dataclass(frozen=True)
class Handling:
    """Handling times of answered calls in seconds; ``variation`` is deviation ÷ mean."""

    n: int
    mean_seconds: float
    median_seconds: float
    p90_seconds: float
    variation: float


@dataclass(frozen=True)
class Group:
    """Calls of one kind or one part of the day; ``name`` is empty for all."""

    name: str
    calls: int
    share: float
    abandoned_share: float
    mean_wait_seconds: float
    handling: Handling | None
    patience: Patience


@dataclass(frozen=True)
class Slot:
    """An interval of the day: calls a day by weekday (Monday first), and how they fared.

    ``dispersion`` is variance ÷ mean of the counts of one weekday: 1 by chance alone, more where
    volumes are uncertain beyond it; None with fewer than two such days. ``deviation`` is what is
    beyond chance as a share of the mean, as `uncertainty.risk` wants it.
    """

    interval: str
    calls_a_day: list[float | None]
    mean_calls: float
    abandoned_share: float | None
    aht_seconds: float | None
    dispersion: float | None


@dataclass(frozen=True)
class Profile:
    """All of it; ``deviation`` is the standard deviation of daily volumes beyond chance ÷ mean."""

    calls: int
    first_day: str
    last_day: str
    days: int
    interval_seconds: int
    within_seconds: float
    service_level: dict[str, float]
    all: Group
    kinds: list[Group]
    parts_of_day: list[Group]
    slots: list[Slot]
    deviation: float | None
    caveats: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def profile(
    records: Records, interval_seconds: int = 1800, within_seconds: float = 20.0
) -> Profile:
    """The profile of RECORDS by intervals of the day that are INTERVAL_SECONDS long.

    Days on which nobody called count as days without calls. Raises `InputError` for an interval
    that does not divide a day.
    """
    check_interval(interval_seconds)
    not_negative(N_("the time to answer"), within_seconds)
    days = records.times.astype("datetime64[D]")
    first, last = days.min(), days.max()
    counts = count_by_slot(records.times, interval_seconds, first, last)
    weekday = weekdays(first, len(counts))
    hours = seconds_of_day(records.times) // 3600
    everybody = _group("", records, len(records.times))
    return Profile(
        calls=len(records.times),
        first_day=str(first),
        last_day=str(last),
        days=len(counts),
        interval_seconds=interval_seconds,
        within_seconds=within_seconds,
        service_level=_seen_service_level(records, within_seconds),
        all=everybody,
        kinds=[
            _group(kind, records.only(records.kinds == kind), len(records.times))
            for kind in kinds_by_size(records.kinds)
        ],
        parts_of_day=[
            _group(f"{start:02d}–{end:02d}", records.only(inside), len(records.times))
            for start, end in itertools.pairwise(_PARTS)
            if (inside := (hours >= start) & (hours < end)).any()
        ],
        slots=_slots(records, counts, weekday, interval_seconds),
        deviation=_beyond_chance(counts.sum(axis=1, keepdims=True), weekday),
        caveats=[*records.left_out, *_at_once(everybody.patience)],
    )


def check_interval(seconds: int) -> None:
    """Raise `InputError` unless SECONDS divide a day."""
    if seconds < 60 or DAY_SECONDS % seconds:
        raise InputError(
            say(
                N_("An interval of {seconds} s does not divide a day. Give 900, 1800 or 3600."),
                seconds=seconds,
            )
        )


def count_by_slot(
    times: NDArray[np.datetime64],
    interval_seconds: int,
    first: Any,
    last: Any,
    amounts: Floats | None = None,
) -> Floats:
    """Calls (or AMOUNTS) as days × intervals from day FIRST to day LAST, days without calls too.

    Raises `InputError` where these are further apart than any records of calls.
    """
    _check_span(first, last)
    slots = DAY_SECONDS // interval_seconds
    day = (times.astype("datetime64[D]") - first).astype(np.int64)
    days = int((last - first).astype(np.int64)) + 1
    cell = day * slots + seconds_of_day(times) // interval_seconds
    counts = np.bincount(cell, weights=amounts, minlength=days * slots)
    return counts.reshape(days, slots).astype(np.float64)


def _check_span(first: Any, last: Any) -> None:
    if (last - first).astype(np.int64) > _LONGEST_DAYS:
        raise InputError(
            say(
                N_(
                    "The rows reach from {first} to {last}, longer than any forecast needs: correct "
                    "the days, or take the last years only."
                ),
                first=str(first),
                last=str(last),
            )
        )


def weekdays(first: Any, days: int) -> NDArray[np.int64]:
    """0 for Monday to 6 for Sunday, of DAYS days from day FIRST on."""
    start = int(np.datetime64(first, "D").astype(np.int64))
    return (start + 3 + np.arange(days)) % WEEKDAYS


def clock(slot: int, interval_seconds: int) -> str:
    """When an interval of the day begins: "09:30"."""
    minutes = slot * interval_seconds // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _group(name: str, records: Records, total: int) -> Group:
    lengths = records.handling_seconds[records.answered]
    return Group(
        name=name,
        calls=len(records.times),
        share=len(records.times) / total,
        abandoned_share=float(1 - records.answered.mean()),
        mean_wait_seconds=float(records.wait_seconds.mean()),
        handling=_handling(lengths) if len(lengths) else None,
        patience=patience(records.wait_seconds, ~records.answered),
    )


def _at_once(found: Patience) -> Iterator[Text]:
    """Who hung up at once counts in the share that hangs up, yet not in the patience: that is said."""
    if not found.at_once:
        return
    yield say_plural(
        N_(
            "{count} caller hung up at once and counts in the share of those who hang up, but not in "
            "the patience: who never queued has not waited."
        ),
        N_(
            "{count} callers hung up at once and count in the share of those who hang up, but not in "
            "the patience: who never queued has not waited."
        ),
        found.at_once,
    )
    if found.exponential_mean_seconds and found.mean_with_at_once_seconds:
        yield say(
            N_("With them the mean patience would be {with_them} s instead of {without} s."),
            with_them=number(found.mean_with_at_once_seconds, 1),
            without=number(found.exponential_mean_seconds, 1),
        )


def _handling(lengths: Floats) -> Handling:
    mean = float(lengths.mean())
    return Handling(
        n=len(lengths),
        mean_seconds=mean,
        median_seconds=float(np.median(lengths)),
        p90_seconds=float(np.quantile(lengths, 0.9)),
        variation=float(lengths.std()) / mean if mean else 0.0,
    )


def _slots(
    records: Records, counts: Floats, weekday: NDArray[np.int64], interval_seconds: int
) -> list[Slot]:
    slot = seconds_of_day(records.times) // interval_seconds
    busy = np.flatnonzero(counts.sum(axis=0))
    found = []
    for position in range(busy.min(), busy.max() + 1):
        inside = slot == position
        lengths = records.handling_seconds[inside & records.answered]
        by_day = counts[:, [position]]
        found.append(
            Slot(
                interval=clock(position, interval_seconds),
                calls_a_day=[
                    float(by_day[weekday == d].mean()) if (weekday == d).any() else None
                    for d in range(WEEKDAYS)
                ],
                mean_calls=float(by_day.mean()),
                abandoned_share=float(1 - records.answered[inside].mean())
                if inside.any()
                else None,
                aht_seconds=float(lengths.mean()) if len(lengths) else None,
                dispersion=_dispersion(by_day, weekday),
            )
        )
    return found


def _within(counts: Floats, weekday: NDArray[np.int64]) -> tuple[float, float] | None:
    """Mean and variance of counts among days of one weekday; None without two such days."""
    squares, means, freedom = 0.0, 0.0, 0
    for day in range(WEEKDAYS):
        values = counts[weekday == day, 0]
        if len(values) >= 2:
            squares += float(((values - values.mean()) ** 2).sum())
            means += float(values.mean()) * (len(values) - 1)
            freedom += len(values) - 1
    return (means / freedom, squares / freedom) if freedom and means else None


def _dispersion(counts: Floats, weekday: NDArray[np.int64]) -> float | None:
    moments = _within(counts, weekday)
    return None if moments is None else moments[1] / moments[0]


def _beyond_chance(counts: Floats, weekday: NDArray[np.int64]) -> float | None:
    moments = _within(counts, weekday)
    if moments is None:
        return None
    mean, variance = moments
    return float(np.sqrt(max(variance - mean, 0.0)) / mean)


def _seen_service_level(records: Records, within_seconds: float) -> dict[str, float]:
    """The service levels that can be seen in records; the virtual one cannot."""
    in_time = records.answered & (records.wait_seconds <= within_seconds)
    short = ~records.answered & (records.wait_seconds <= within_seconds)
    return {
        "offered": float(in_time.mean()),
        "answered": float(in_time.sum() / records.answered.sum()),
        "without_short_abandons": float(in_time.sum() / (~short).sum()),
    }


def loads(found: Profile) -> list[Load]:
    """The mean week of a profile, interval by interval, as `day.plan` wants it.

    Handling times of intervals in which nobody was answered are the mean of all.
    """
    handling = found.all.handling
    mean = handling.mean_seconds if handling else 0.0
    return [
        Load(str(day + 1), slot.interval, slot.calls_a_day[day] or 0.0, slot.aht_seconds or mean)
        for day in range(WEEKDAYS)
        for slot in found.slots
    ]
