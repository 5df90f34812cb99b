"""How steps change from week to week: how often they are done, after what wait, and in time or not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.language import Text
from zaplecze.process.filtered import filters_of
from zaplecze.process.measures import NOTHING_MEASURED, OnTime, Spread
from zaplecze.process.ontime import Limited, limited_steps
from zaplecze.process.periods import Periods
from zaplecze.process.stream import parts
from zaplecze.workspace import Workspace

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Week:
    """A step in one week: its events and waits by when they started, in time by when it was done.

    ``starts`` is the week's Monday, ISO 8601. A week is ``whole`` when the log goes on before and
    after it.
    """

    starts: str
    whole: bool
    events: int
    wait_seconds: Spread
    on_time: OnTime | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "wait_seconds": self.wait_seconds.to_dict(),
            "on_time": self.on_time and self.on_time.to_dict(),
        }


@dataclass(frozen=True)
class StepTrend:
    """One step over all weeks of the log."""

    activity: str
    label: Text
    weeks: list[Week]

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {"weeks": [week.to_dict() for week in self.weeks]}


@dataclass(frozen=True)
class Trend:
    """The steps of a log from week to week, most frequent first."""

    steps: list[StepTrend]
    filters: list[Text] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process trend --json``: plain values."""
        return {"filters": self.filters, "steps": [step.to_dict() for step in self.steps]}


def trend(log: EventLog, workspace: Workspace | None = None) -> Trend:
    """Every step of LOG week by week, by the clock of the log's zone; figures as in `steps`.

    Exact; one pass over the events, and another where WORKSPACE gives limits.
    """
    first, last = log.connection.execute(
        'SELECT epoch_us(min("start")), epoch_us(max("end")) FROM events'
    ).fetchall()[0]
    if first is None:
        return Trend([], filters_of(log, workspace))
    weeks = Periods.covering(first, last, log.info.time_zone, "week")
    events, waits = _by_week(log, weeks)
    limited = limited_steps(log, workspace) if workspace else {}
    label = workspace.step_label if workspace else Text.same
    found = []
    totals = events.sum(axis=1).tolist()
    for code, name in sorted(
        enumerate(log.activities), key=lambda each: (-totals[each[0]], each[1])
    ):
        if not totals[code]:
            continue
        shares = _shares(limited.get(name), weeks)
        rows = [
            Week(
                day.isoformat(),
                bool(weeks.bounds[k] >= first and weeks.bounds[k + 1] <= last),
                int(events[code, k]),
                waits.get(code * len(weeks) + k, NOTHING_MEASURED),
                next(shares),
            )
            for k, day in enumerate(weeks.days)
        ]
        found.append(StepTrend(name, label(name), rows))
    return Trend(found, filters_of(log, workspace))


def _by_week(log: EventLog, weeks: Periods) -> tuple[Ints, dict[int, Spread]]:
    """Events by activity and week, and the waits by activity times the number of weeks plus week."""
    size = len(log.activities) * len(weeks)
    events = np.zeros(size, dtype=np.int64)
    codes, seconds = [], []
    for part in parts(log, "activity", "next_activity", "began", "ended"):
        key = part["activity"] * len(weeks) + weeks.index_of(part["began"])
        events += np.bincount(key, minlength=size)
        followed = np.flatnonzero(part["next_activity"] >= 0)
        codes.append(key[followed + 1])
        seconds.append((part["began"][followed + 1] - part["ended"][followed]) / 1e6)
    waits = Spread.by_code(np.concatenate(codes), np.concatenate(seconds))
    return events.reshape(-1, len(weeks)), waits


def _shares(limited: Limited | None, weeks: Periods) -> Iterator[OnTime | None]:
    """For each of WEEKS the share done in time."""
    if limited is None:
        yield from [None] * len(weeks)
        return
    week = weeks.index_of(limited.ended)
    cases = np.bincount(week, minlength=len(weeks))
    in_time = np.bincount(week, limited.in_time, minlength=len(weeks))
    for every, good in zip(cases.tolist(), in_time.tolist(), strict=True):
        yield OnTime(every, good / every) if every else None
