"""Whether steps were done in time: by their due time, or within their target."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import integers
from zaplecze.process.filtered import FilteredLog
from zaplecze.process.measures import OnTime
from zaplecze.process.stream import Part, parts
from zaplecze.workspace import Workspace

Ints = NDArray[np.int64]

_MICROSECONDS_AN_HOUR = 3_600 * 1_000_000


@dataclass(frozen=True)
class Limited:
    """The ``cases`` in which a step was done and has a limit; instants in microseconds since 1970.

    ``ended`` is the end of the step's last event in the case, ``limit`` the last instant in time.
    """

    cases: Ints
    ended: Ints
    limit: Ints

    @property
    def in_time(self) -> NDArray[np.bool_]:
        """Whether it was done in time, case by case."""
        return self.ended <= self.limit

    @property
    def share(self) -> OnTime | None:
        """The share done in time; None where no case has a limit."""
        cases = len(self.ended)
        return OnTime(cases, float(self.in_time.mean())) if cases else None


def limited_steps(log: EventLog, workspace: Workspace) -> dict[str, Limited]:
    """By activity, what is known about being in time, of the steps that have a limit.

    A target counts from when the step could first begin: the end of the event before, or its own
    start where that is earlier. One pass over the events for all steps, those included that a
    filter leaves out: they do not make another step late.
    """
    if isinstance(log, FilteredLog) and log.whole is not None:
        log = log.whole
    limits = list(_limits(log, workspace))
    found: dict[str, list[Limited]] = {limit.activity: [] for limit in limits}
    if limits:
        for part in parts(log, "activity", "next_activity", "began", "ended"):
            for limit in limits:
                found[limit.activity].append(limit.of(part))
    return {
        activity: Limited(*(np.concatenate([getattr(p, k) for p in pieces]) for k in _LISTS))
        for activity, pieces in found.items()
        if pieces
    }


_LISTS = ("cases", "ended", "limit")


@dataclass(frozen=True)
class _Target:
    """A step that may take so long in every case."""

    activity: str
    code: int
    allowed: int

    def of(self, part: Part) -> Limited:
        done = _Done.of(part, self.code)
        before = part["next_activity"] == self.code
        reached = _by_case(part["case"][before], part["ended"][before], np.minimum)
        first = done.began
        # Whatever comes before the step lies in a case that has the step.
        position = np.searchsorted(done.cases, reached[0])
        first[position] = np.minimum(first[position], reached[1])
        return Limited(done.cases, done.ended, first + self.allowed)


@dataclass(frozen=True)
class _DueTimes:
    """A step that has a due time of its own in some ``cases``, which are in order."""

    activity: str
    code: int
    cases: Ints
    limits: Ints

    def of(self, part: Part) -> Limited:
        done = _Done.of(part, self.code)
        _, here, there = np.intersect1d(
            done.cases, self.cases, assume_unique=True, return_indices=True
        )
        return Limited(done.cases[here], done.ended[here], self.limits[there])


@dataclass(frozen=True)
class _Done:
    """The cases of a part in which a step was done: when it first began and last ended."""

    cases: Ints
    began: Ints
    ended: Ints

    @classmethod
    def of(cls, part: Part, code: int) -> "_Done":
        own = part["activity"] == code
        case = part["case"][own]
        cases, began = _by_case(case, part["began"][own], np.minimum)
        return cls(cases, began, _by_case(case, part["ended"][own], np.maximum)[1])


def _by_case(case: Ints, values: Ints, choose: np.ufunc) -> tuple[Ints, Ints]:
    """The cases, and the least or greatest of the VALUES of each."""
    first = np.flatnonzero(np.diff(case, prepend=-1))
    return case[first], choose.reduceat(values, first) if len(first) else values


def _limits(log: EventLog, workspace: Workspace) -> Iterator[_Target | _DueTimes]:
    code = {name: number for number, name in enumerate(log.activities)}
    columns = log.cases.collect_schema().names()
    for activity, step in workspace.steps.items():
        if activity not in code:
            continue
        if step.target_hours:
            allowed = round(step.target_hours * _MICROSECONDS_AN_HOUR)
            yield _Target(activity, code[activity], allowed)
        elif step.due and (column := f"due.{activity}") in columns:
            yield _DueTimes(activity, code[activity], *_due_times(log, column))


def _due_times(log: EventLog, column: str) -> tuple[Ints, Ints]:
    quoted = '"' + column.replace('"', '""') + '"'
    table = log.connection.execute(
        f'SELECT "case"::BIGINT AS "case", epoch_us({quoted}) AS due FROM cases '
        f'WHERE {quoted} IS NOT NULL ORDER BY "case"'
    ).to_arrow_table()
    return integers(table.column("case")), integers(table.column("due"))
