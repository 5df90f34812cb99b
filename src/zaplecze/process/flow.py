"""Cases over time: how long they take, how many are in progress, come in and go out, and how old."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.calendars import calendar_of
from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import integers, taken
from zaplecze.language import N_, Text, say
from zaplecze.process.ends import EndStep, doubt, end_steps
from zaplecze.process.filtered import filters_of
from zaplecze.process.little import Little
from zaplecze.process.measures import FLOW_MEASURES, Spread
from zaplecze.process.periods import Periods, Unit
from zaplecze.workspace import Workspace

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND

OLDEST_SHOWN = 20
MOST_DAYS = 120
"""A log of more days is shown by weeks."""


@dataclass(frozen=True)
class FlowPeriod:
    """One day or week: cases that came in and were finished, and those in progress at its end.

    ``whole`` says that the log covers all of it; ``throughput_seconds`` is the median of the cases
    finished in it.
    """

    starts: str
    whole: bool
    arrivals: int
    completions: int
    in_progress: int
    throughput_seconds: float | None


@dataclass(frozen=True)
class WaitingAt:
    """Open cases by the step that they had last: how many, how old, and how long nothing happened."""

    activity: str
    label: Text
    cases: int
    age_seconds: Spread
    idle_seconds: Spread

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        spreads = {"age_seconds": self.age_seconds, "idle_seconds": self.idle_seconds}
        return vars(self) | {name: spread.to_dict() for name, spread in spreads.items()}


@dataclass(frozen=True)
class OpenCase:
    """An open case: its key, the step it had last, its age and how long nothing has happened."""

    case_id: str
    activity: str
    age_seconds: float
    idle_seconds: float


@dataclass(frozen=True)
class Aging:
    """Open cases against the time that finished ones took.

    ``young`` are no older than the median of the finished, ``old`` older than 95 % of them.
    """

    young: int
    middle: int
    old: int
    waiting_at: list[WaitingAt] = field(default_factory=list)
    oldest: list[OpenCase] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "waiting_at": [each.to_dict() for each in self.waiting_at],
            "oldest": [dict(vars(each)) for each in self.oldest],
        }


@dataclass(frozen=True)
class Flow:
    """The flow of a log as it was at the instant ``at``; what its figures mean stands in `measures`.

    ``throughput_seconds`` is that of finished cases, ``throughput_working_seconds`` its part in
    working time where there is a calendar. ``median_with_open_seconds`` and ``p95_with_open_seconds``
    take the open cases into account; None where too few are finished to tell. ``doubt`` says why
    inferred ends are not to be relied on.
    """

    at: str
    unit: Unit
    cases: int
    finished: int
    open: int
    without_events: int
    ends: list[EndStep]
    throughput_seconds: Spread
    throughput_working_seconds: Spread | None
    median_with_open_seconds: float | None
    p95_with_open_seconds: float | None
    periods: list[FlowPeriod]
    aging: Aging
    little: Little | None
    filters: list[Text] = field(default_factory=list)
    doubt: Text | None = None

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process flow --json``, with the definitions of its measures."""
        working = self.throughput_working_seconds
        return vars(self) | {
            "ends": [end.to_dict() for end in self.ends],
            "throughput_seconds": self.throughput_seconds.to_dict(),
            "throughput_working_seconds": working and working.to_dict(),
            "periods": [dict(vars(period)) for period in self.periods],
            "aging": self.aging.to_dict(),
            "little": self.little and self.little.to_dict(),
            "measures": [measure.to_dict() for measure in FLOW_MEASURES],
        }


def flow(
    log: EventLog,
    workspace: Workspace | None = None,
    *,
    unit: Unit | None = None,
    at: dt.datetime | None = None,
) -> Flow:
    """The flow of LOG by day or week (UNIT; None: days up to `MOST_DAYS` of them).

    A case is finished when its last event is one of the end steps, open otherwise: its time so far
    is no throughput time. AT is the instant up to which ages count, with a zone; without it the last
    event of the log. Only the cases are read, not the events, unless ends must be inferred. Raises
    `InputError` when AT lies before the last event, or no declared end occurs.
    """
    ends = end_steps(log, workspace)
    cases = _Cases.of(log, {step.activity for step in ends}, at)
    if not len(cases.start):
        return _nothing(log, workspace, ends, unit)
    unit = unit or ("day" if cases.at - cases.start.min() <= MOST_DAYS * _DAY else "week")
    times = cases.seconds[cases.done]
    calendar = calendar_of(workspace)
    label = workspace.step_label if workspace else Text.same
    aging = _aging(cases, times, log, label)
    inferred = not (workspace and workspace.case.ends)
    return Flow(
        _iso(cases.at),
        unit,
        log.info.cases,
        int(cases.done.sum()),
        int((~cases.done).sum()),
        log.info.cases - len(cases.start),
        ends,
        Spread.of(times),
        Spread.of(_known(calendar.working_seconds(cases.start, cases.end)[cases.done]))
        if calendar
        else None,
        _time_by_which(cases.seconds, cases.done, 0.5),
        _time_by_which(cases.seconds, cases.done, 0.95),
        _periods(cases, log.info.time_zone, unit),
        aging,
        Little.of(cases.start, cases.end, cases.done, cases.at),
        filters_of(log, workspace),
        doubt(ends, len(cases.start), aging.old) if inferred else None,
    )


@dataclass(frozen=True)
class _Cases:
    """Cases that have events: instants in microseconds; ``end`` is the last event's so far."""

    table: pa.Table
    start: Ints
    end: Ints
    last: Ints
    done: NDArray[np.bool_]
    at: int

    @classmethod
    def of(cls, log: EventLog, ends: set[str], at: dt.datetime | None) -> "_Cases":
        table = log.connection.execute(
            'SELECT c.case_id, epoch_us(c.start) AS began, epoch_us(c."end") AS ended, '
            "v.activities[-1]::BIGINT AS last FROM cases c JOIN variants v ON v.variant = c.variant"
        ).to_arrow_table()
        start, end, last = (integers(table.column(name)) for name in ("began", "ended", "last"))
        codes = [code for code, name in enumerate(log.activities) if name in ends]
        now = int(end.max()) if len(end) else 0
        if at is not None:
            if round(at.timestamp() * _SECOND) < now:
                raise InputError(
                    say(
                        N_("{at}: the log goes on until {end}. Give that instant or a later one."),
                        at=at.isoformat(), end=_iso(now),
                    )
                )  # fmt: skip
            now = round(at.timestamp() * _SECOND)
        return cls(table, start, end, last, np.isin(last, codes), now)

    @property
    def seconds(self) -> Floats:
        """From the start to the end, or to now in open cases."""
        return np.asarray((np.where(self.done, self.end, self.at) - self.start) / _SECOND)


def _periods(cases: _Cases, zone: str, unit: Unit) -> list[FlowPeriod]:
    first, last = int(cases.start.min()), max(int(cases.end.max()), cases.at)
    periods = Periods.covering(first, last, zone, unit)
    came = np.bincount(periods.index_of(cases.start), minlength=len(periods))
    went_in = periods.index_of(cases.end[cases.done])
    went = np.bincount(went_in, minlength=len(periods))
    progress = np.cumsum(came - went)
    medians = Spread.by_code(went_in, cases.seconds[cases.done])
    return [
        FlowPeriod(
            day.isoformat(),
            bool(periods.bounds[k] >= first and periods.bounds[k + 1] <= last),
            int(came[k]),
            int(went[k]),
            int(progress[k]),
            medians[k].median if k in medians else None,
        )
        for k, day in enumerate(periods.days)
    ]


def _aging(cases: _Cases, finished: Floats, log: EventLog, label: Any) -> Aging:
    open_ = np.flatnonzero(~cases.done)
    age = cases.seconds[open_]
    idle = np.asarray((cases.at - cases.end[open_]) / _SECOND)
    middle, old = np.quantile(finished, (0.5, 0.95)) if len(finished) else (np.inf, np.inf)
    last = cases.last[open_]
    ages, idles = Spread.by_code(last, age), Spread.by_code(last, idle)
    waiting = [
        WaitingAt(name, label(name), int((last == code).sum()), spread, idles[code])
        for code, spread in ages.items()
        for name in (log.activities[code],)
    ]
    oldest = np.argsort(-age, kind="stable")[:OLDEST_SHOWN]
    keys = taken(cases.table.column("case_id"), open_[oldest]).to_pylist()
    return Aging(
        int((age <= middle).sum()),
        int(((age > middle) & (age <= old)).sum()),
        int((age > old).sum()),
        sorted(waiting, key=lambda each: (-each.cases, each.activity)),
        [
            OpenCase(key, log.activities[last[k]], float(age[k]), float(idle[k]))
            for key, k in zip(keys, oldest.tolist(), strict=True)
        ],
    )


def _time_by_which(seconds: Floats, done: NDArray[np.bool_], share: float) -> float | None:
    """The time by which SHARE of the cases are finished, open ones taken into account.

    The product-limit estimate of Kaplan and Meier (1958): an open case counts as not finished up to
    its age, and no longer. None where fewer than SHARE are known to be finished.
    """
    times, place = np.unique(seconds, return_inverse=True)
    every, finished = np.bincount(place), np.bincount(place, done)
    at_risk = len(seconds) - np.cumsum(every) + every
    finished_by = 1 - np.cumprod(1 - finished / at_risk)
    position = int(np.searchsorted(finished_by, share - 1e-12))
    return float(times[position]) if position < len(times) else None


def _known(seconds: Floats) -> Floats:
    return seconds[~np.isnan(seconds)]


def _iso(instant: int) -> str:
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=instant)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _nothing(
    log: EventLog, workspace: Workspace | None, ends: list[EndStep], unit: Unit | None
) -> Flow:
    """The flow of a log in which nothing happens."""
    none = Spread.of(np.empty(0))
    return Flow(
        "", unit or "day", log.info.cases, 0, 0, log.info.cases, ends, none, None, None, None, [],
        Aging(0, 0, 0), None, filters_of(log, workspace),
    )  # fmt: skip
