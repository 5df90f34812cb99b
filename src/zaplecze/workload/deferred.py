"""Work that may wait until a deadline: complaints, letters, mail."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.workload.demand import fraction, not_negative, positive
from zaplecze.workload.erlang import Floats


@dataclass(frozen=True)
class Backlog:
    """Work by interval: what came, what was done, what is left, what was late.

    Amounts are items. ``people_needed`` is the least constant staff with which nothing is late (None
    where some deadline passes without an open interval);
    ``window`` is the first and last interval that ask for it.
    """

    came: list[float]
    done: list[float]
    left: list[float]
    late: list[float]
    on_time_share: float | None
    unfinished: float
    people_needed: float | None
    window: tuple[int, int] | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def deferred(
    items: Sequence[float],
    handling_seconds: float,
    deadline_intervals: int,
    people: Sequence[float],
    *,
    interval_seconds: float,
    usable: float = 1.0,
) -> Backlog:
    """How ITEMS that come interval by interval are done by PEOPLE, earliest deadline first.

    Work of an interval may be done from the next one on and is on time when it is done in the
    DEADLINE_INTERVALS intervals after it came. USABLE is the share of their time that people have
    for it. An interval without people (a night, a weekend) counts for the deadline as any other.
    Raises `InputError` for numbers that cannot be.
    """
    positive(N_("the handling time"), handling_seconds)
    positive(N_("the deadline"), deadline_intervals)
    positive(N_("the length of the period"), interval_seconds)
    fraction(N_("the usable share of time"), usable)
    for amount in (*items, *people):
        not_negative(N_("items and people"), amount)
    if not items or len(items) != len(people):
        raise InputError(
            say(N_("Items and people need the same number of intervals, one at least."))
        )
    came = np.asarray(items, dtype=np.float64)
    room = np.asarray(people, dtype=np.float64) * usable * interval_seconds / handling_seconds
    done, late, left, waiting = _worked(came, room, deadline_intervals)
    total = float(came.sum())
    # What is still waiting may be on time yet unless its deadline has passed.
    overdue = sum(waiting[: max(len(came) - deadline_intervals, 0)])
    needed, window = _needed(came, room > 0, deadline_intervals)
    return Backlog(
        came=came.tolist(),
        done=done,
        left=left,
        late=late,
        on_time_share=1 - (sum(late) + overdue) / total if total else None,
        unfinished=float(sum(waiting)),
        people_needed=needed * handling_seconds / interval_seconds / usable
        if usable and np.isfinite(needed)
        else None,
        window=window,
    )


def _worked(
    came: Floats, room: Floats, deadline: int
) -> tuple[list[float], list[float], list[float], list[float]]:
    """Done and late and left by interval, and what waits at the end by when it came."""
    waiting = [0.0] * len(came)
    done: list[float] = []
    late: list[float] = []
    left: list[float] = []
    oldest = 0
    for now, amount in enumerate(came):
        capacity, finished, too_late = float(room[now]), 0.0, 0.0
        while capacity > 0 and oldest < now:
            piece = min(waiting[oldest], capacity)
            waiting[oldest] -= piece
            capacity -= piece
            finished += piece
            too_late += piece if now - oldest > deadline else 0.0
            if waiting[oldest] <= 0:
                oldest += 1
        waiting[now] = float(amount)
        done.append(finished)
        late.append(too_late)
        left.append(left[-1] - finished + float(amount) if oldest < now else float(amount))
    return done, late, left, waiting


def _needed(
    came: Floats, open_intervals: Any, deadline: int
) -> tuple[float, tuple[int, int] | None]:
    """The most work per open interval of any window that holds its coming and its deadline."""
    worst, window = 0.0, None
    opened = np.concatenate([[0], np.cumsum(open_intervals)])
    for first in range(len(came)):
        work = np.cumsum(came[first:])
        lasts = np.arange(first, len(came)) + deadline
        inside = lasts < len(came)
        if not inside.any():
            break
        room = opened[lasts[inside] + 1] - opened[first + 1]
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(room > 0, work[inside] / room, np.where(work[inside] > 0, np.inf, 0.0))
        best = int(rate.argmax())
        if rate[best] > worst:
            worst, window = float(rate[best]), (first + 1, int(lasts[best]))
    return worst, window
