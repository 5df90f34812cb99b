"""What each step is like: how often, after what wait, how long, how often again, by whom, on time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from zaplecze.eventlog import EventLog
from zaplecze.language import Text
from zaplecze.process.casecounts import case_counts
from zaplecze.process.graph import events_by_department
from zaplecze.process.measures import MEASURES, NOTHING_MEASURED, Spread
from zaplecze.workspace import Workspace


@dataclass(frozen=True)
class OnTime:
    """The share of ``cases`` (step done, due time or target known) in which it was done in time."""

    cases: int
    share: float

    def to_dict(self) -> dict[str, float]:
        """Plain values by name."""
        return dict(vars(self))


@dataclass(frozen=True)
class StepFacts:
    """One step; what its figures mean stands in `measures`."""

    activity: str
    label: Text
    events: int
    cases: int
    wait_seconds: Spread
    service_seconds: Spread
    rework_cases: int
    departments: dict[str, int]
    on_time: OnTime | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "wait_seconds": self.wait_seconds.to_dict(),
            "service_seconds": self.service_seconds.to_dict(),
            "on_time": self.on_time and self.on_time.to_dict(),
        }


@dataclass(frozen=True)
class Steps:
    """The steps of a log in the order in which they usually happen."""

    steps: list[StepFacts]

    def __iter__(self) -> Iterator[StepFacts]:
        return iter(self.steps)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process steps --json``, with the definitions of its measures."""
        return {
            "steps": [step.to_dict() for step in self.steps],
            "measures": [measure.to_dict() for measure in MEASURES],
        }


def steps(log: EventLog, workspace: Workspace | None = None) -> Steps:
    """The figures of every step of LOG; whether it was on time where WORKSPACE says when it is due.

    Everything is exact. Two scans over the events for the waits and the times in the step, one
    over two small columns for the departments, and one for each step that has a due time.
    """
    if not log.info.events:
        return Steps([])
    counts = case_counts(log)
    waits = _waits(log)
    departments = events_by_department(log)
    found = []
    for row in sorted(_services(log), key=lambda row: (row["position"], row["activity"])):
        code = row["activity"]
        name = log.activities[code]
        found.append(
            StepFacts(
                name,
                workspace.step_label(name) if workspace else Text.same(name),
                row["events"],
                int(counts.having[code]),
                waits.get(code, NOTHING_MEASURED),
                Spread.of_row(row),
                int(counts.repeating[code]),
                departments.get(name, {}),
                _on_time(log, workspace, code) if workspace else None,
            )
        )
    return Steps(found)


def _waits(log: EventLog) -> dict[int, Spread]:
    """The wait before each activity, over all the events that it follows."""
    rows = (
        log.events.filter(~nw.col("next_activity").is_null())
        .group_by("next_activity")
        .agg(*Spread.expressions("wait_seconds"))
        .collect("pyarrow")
        .rows(named=True)
    )
    return {row["next_activity"]: Spread.of_row(row) for row in rows}


def _services(log: EventLog) -> list[dict[str, Any]]:
    """Events, mean position and time in the step of each activity."""
    return (
        _clocked(log)
        .with_columns(seconds=(nw.col("ended") - nw.col("began")) / 1e6)
        .group_by("activity")
        .agg(
            nw.len().alias("events"),
            nw.col("position").mean(),
            *Spread.expressions("seconds"),
        )
        .collect("pyarrow")
        .rows(named=True)
    )


def _on_time(log: EventLog, workspace: Workspace, code: int) -> OnTime | None:
    """How often the activity CODE was done in time; None where nothing says when it is due."""
    name = log.activities[code]
    step = workspace.steps.get(name)
    if step is None or not (step.due or step.target_hours):
        return None
    done = (
        _clocked(log)
        .filter(nw.col("activity") == code)
        .group_by("case")
        .agg(nw.col("began").min(), nw.col("ended").max())
    )
    limited = _due(log, name, done) if step.due else None
    if step.target_hours:
        limited = _target(log, code, done, step.target_hours * 3600)
    if limited is None:
        return None
    known = limited.filter(~nw.col("limit").is_null())
    in_time = (nw.col("ended") <= nw.col("limit")).cast(nw.Int64)
    row = known.select(nw.len().alias("cases"), in_time.mean().alias("share")).collect("pyarrow")
    cases, share = row.rows()[0]
    return OnTime(cases, share) if cases else None


def _due(log: EventLog, name: str, done: nw.LazyFrame[Any]) -> nw.LazyFrame[Any] | None:
    """DONE with the ``limit`` that the cases table gives for the step."""
    column = f"due.{name}"
    if column not in log.cases.collect_schema().names():
        return None
    quoted = '"' + column.replace('"', '""') + '"'
    due = log.connection.view("cases").project(f'"case", epoch_us({quoted}) AS "limit"')
    return done.join(nw.from_native(due), on="case")


def _target(
    log: EventLog, code: int, done: nw.LazyFrame[Any], target_seconds: float
) -> nw.LazyFrame[Any]:
    """DONE with the ``limit`` that the target sets, from when the step could first begin."""
    before = (
        _clocked(log)
        .filter(nw.col("next_activity") == code)
        .group_by("case")
        .agg(nw.col("ended").min().alias("reached"))
    )
    first = nw.min_horizontal("began", "reached")
    return done.join(before, on="case", how="left").with_columns(limit=first + target_seconds * 1e6)


def _clocked(log: EventLog) -> nw.LazyFrame[Any]:
    """The events with their times as whole microseconds, ``began`` and ``ended``.

    DuckDB subtracts instants with a time zone by the calendar, forty times slower than integers.
    """
    return nw.from_native(
        log.connection.view("events").project(
            '"case", activity, next_activity, "position", '
            'epoch_us("start") AS began, epoch_us("end") AS ended'
        )
    )
