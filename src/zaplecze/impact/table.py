"""The table of levers: what happened to every case that someone could change, and when it was known."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats, collected
from zaplecze.impact.choosing import too_many_choices
from zaplecze.impact.doers import with_doers
from zaplecze.impact.facts import RARE_STEP, Facts, load_facts
from zaplecze.impact.finding import LeverName, Refused
from zaplecze.impact.handling import Choice
from zaplecze.impact.levers import find_levers
from zaplecze.impact.occurrences import StepTimes
from zaplecze.workspace import Workspace

MOST_STEPS = 100
"""Steps with columns of their own: the earliest of those in 1 % of the cases or more."""

COLUMNS = {
    "handovers": "how often one department handed the case over to another",
    "handed_over_at": "when that happened first",
    "returns": "how often it came straight back to the department before",
    "returned_at": "when that happened first",
    "began_at:STEP": "when the step could first begin: the event before it had ended",
    "started_at:STEP": "when work on it started, where the log has times of start and end",
    "done_at:STEP": "when it was done for the first time; what it took is known from then on",
    "due_at:STEP": "until when it was to be done: its due time, or its target from when it could begin",
    "wait_seconds:STEP": "from began_at to started_at, or to done_at where nothing says when it started",
    "late_seconds:STEP": "how long after due_at it was done, 0 in time; known from due_at on",
    "duration_seconds:STEP": "from started_at to its end, the first time",
    "rounds:STEP": "how often it was taken up",
    "again_at:STEP": "when it was first gone back to",
    "department:STEP": "who did it first; known from began_at on, as the next two",
    "group:STEP": "the group that did it first: [log] resource_group",
    "application:STEP": "in what it was done first: [log] application",
    "skipped:STEP": "1 where the procedure asks for it and it is missing",
    "skipped_at:STEP": "the end of the event after which it is missing",
    "inserted:STEP": "1 where it was done out of place",
    "inserted_at:STEP": "when that began",
}
"""What `levers` gives besides ``case`` and ``case_id``; columns without a value are left out."""


@dataclass(frozen=True)
class Exposure:
    """How many cases a lever concerns, of those in which that is known."""

    lever: LeverName
    cases: int
    exposed: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return asdict(self.lever) | {"cases": self.cases, "exposed": self.exposed}


@dataclass(frozen=True)
class LeverFacts:
    """The levers of a log: their table, whom each concerns, and what cannot be compared."""

    table: pa.Table
    exposures: list[Exposure]
    refused: list[Refused]


def levers(log: EventLog, workspace: Workspace) -> pa.Table:
    """One row a case of LOG, in the order of its cases; columns as in `COLUMNS`, null: not known.

    Times are timestamps in UTC without zone, lengths are in seconds. Steps stand in the order in
    which they usually happen. Raises `InputError` for what the workspace names and the log does not
    have.
    """
    return _table(log, load_facts(log, workspace), workspace)


def lever_facts(log: EventLog, workspace: Workspace) -> LeverFacts:
    """The table of `levers` with the levers that `analyse` would estimate; raises as that does."""
    workspace = with_doers(log, workspace)
    facts = load_facts(log, workspace)
    found = [
        Exposure(lever.name, int((~np.isnan(lever.exposed)).sum()), int((lever.exposed == 1).sum()))
        for lever in find_levers(facts, workspace)
    ]
    return LeverFacts(_table(log, facts, workspace), found, too_many_choices(facts, workspace))


def _table(log: EventLog, facts: Facts, workspace: Workspace) -> pa.Table:
    cases = collected(log.cases.sort("case").select("case", "case_id"))
    columns = {"case": cases.column("case"), "case_id": cases.column("case_id")}
    columns |= dict(_passing(facts))
    for step in [s for s in facts.steps if s.happened.mean() >= RARE_STEP][:MOST_STEPS]:
        columns |= {f"{name}:{step.activity}": c for name, c in _step(facts, workspace, step)}
    for deviating in facts.deviations:
        columns[f"{deviating.kind}:{deviating.activity}"] = _whole(deviating.deviates)
        columns[f"{deviating.kind}_at:{deviating.activity}"] = _instants(deviating.at)
    return pa.table(columns)


def _passing(facts: Facts) -> Iterator[tuple[str, pa.Array]]:
    handling = facts.handling
    for count, at, occasions in (
        ("handovers", "handed_over_at", handling.handed_over),
        ("returns", "returned_at", handling.passed_back),
    ):
        if len(occasions.rows):
            yield count, _whole(occasions.counts(facts.cases))
            yield at, _instants(occasions.times(facts.cases, 1))


def _step(facts: Facts, workspace: Workspace, step: StepTimes) -> Iterator[tuple[str, pa.Array]]:
    name, handling = step.activity, facts.handling
    started = handling.started.get(name)
    yield "began_at", _instants(step.began)
    if started is not None:
        yield "started_at", _instants(started)
    yield "done_at", _instants(step.done)
    due = _due(facts, workspace, step)
    if due is not None:
        yield "due_at", _instants(due)
    yield "wait_seconds", _floats((step.done if started is None else started) - step.began)
    if due is not None:
        yield "late_seconds", _floats(np.maximum(step.done - due, 0.0))
    if name in handling.duration:
        yield "duration_seconds", _floats(handling.duration[name])
    yield "rounds", _whole(step.rounds)
    if len(step.returned):
        yield "again_at", _instants(step.second_round)
    for choice in handling.choices.get(name, []):
        yield choice.kind, _names(choice)


def _due(facts: Facts, workspace: Workspace, step: StepTimes) -> Floats | None:
    declared = workspace.steps.get(step.activity)
    if declared is None:
        return None
    if declared.target_hours is not None:
        return np.asarray(step.began + declared.target_hours * 3600)
    return facts.due.get(step.activity)


def _instants(values: Floats) -> pa.Array:
    return (
        pa.array(np.round(values * 1e6), mask=np.isnan(values), from_pandas=True)
        .cast(pa.int64())
        .cast(pa.timestamp("us", "UTC"))
    )


def _floats(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _whole(values: Floats) -> pa.Array:
    return pa.array(np.nan_to_num(values).astype(np.int32), mask=np.isnan(values))


def _names(choice: Choice) -> pa.Array:
    codes = pa.array(np.nan_to_num(choice.codes).astype(np.int32), mask=np.isnan(choice.codes))
    return pa.DictionaryArray.from_arrays(codes, pa.array(choice.names, pa.string()))
