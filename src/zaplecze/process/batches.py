"""Work done in batches: one person or tool finishes the same step of several cases at once."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.language import Text
from zaplecze.process.filtered import filters_of
from zaplecze.process.periods import Periods
from zaplecze.process.stream import Part, parts
from zaplecze.workspace import Workspace

Ints = NDArray[np.int64]

_MINUTE = 60 * 1_000_000


@dataclass(frozen=True)
class StepBatches:
    """The batches of one step.

    ``events`` are those of which person or tool and time of day are known, ``batched_events`` those
    that the same one finished in the same minute as the step of another case; ``batches`` are the
    groups that these make, ``largest`` is the number of cases in the largest.
    """

    activity: str
    label: Text
    events: int
    batched_events: int
    batches: int
    largest: int

    @property
    def share(self) -> float:
        """The share of the events that are done in batches."""
        return self.batched_events / self.events

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {"share": self.share}


@dataclass(frozen=True)
class Batches:
    """The steps that are measured, those with the largest share of batched work first."""

    steps: list[StepBatches]
    filters: list[Text] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process batches --json``: plain values."""
        return {"filters": self.filters, "steps": [step.to_dict() for step in self.steps]}


def batches(log: EventLog, workspace: Workspace | None = None) -> Batches:
    """How much of every step of LOG is done in batches.

    Events that end at midnight by the clock of the log's zone have a day and no time of day, and
    count as not known. Events of one case that end together are one. One pass over the events.
    """
    (last_person,) = log.connection.execute("SELECT max(resource) FROM events").fetchall()[0]
    if last_person is None:
        return Batches([], filters_of(log, workspace))
    kinds = _Kinds(last_person + 1, len(log.activities))
    found_kinds = [kinds.of(part) for part in parts(log, "activity", "resource", "ended")]
    kind, sizes = np.unique(np.concatenate(found_kinds), return_counts=True)
    timed = ~_at_midnight(kinds.minute(kind), log.info.time_zone)
    activity, sizes = kinds.activity(kind)[timed], sizes[timed]
    label = workspace.step_label if workspace else Text.same
    found = []
    for code in np.unique(activity).tolist():
        size = sizes[activity == code]
        several = size[size > 1]
        name = log.activities[code]
        found.append(
            StepBatches(
                name, label(name), int(size.sum()), int(several.sum()), len(several),
                int(several.max(initial=0)),
            )
        )  # fmt: skip
    found.sort(key=lambda step: (-step.share, step.activity))
    return Batches(found, filters_of(log, workspace))


@dataclass(frozen=True)
class _Kinds:
    """Minute, person and activity as one number, which is sorted many times faster than three."""

    people: int
    activities: int

    def of(self, part: Part) -> Ints:
        """The kinds of the events of which all three are known, once in every case."""
        known = part["resource"] >= 0
        minute = part["ended"][known] // _MINUTE
        kind = minute * self.people + part["resource"][known]
        kind = kind * self.activities + part["activity"][known]
        case = part["case"][known]
        order = np.lexsort((kind, case))
        kind = kind[order]
        new = np.ones(len(kind), dtype=bool)
        # The order by case is the one they have already.
        new[1:] = (np.diff(kind) != 0) | (np.diff(case) != 0)
        return kind[new]

    def minute(self, kind: Ints) -> Ints:
        """The minutes of KIND, counted from 1970 in UTC."""
        return kind // self.activities // self.people

    def activity(self, kind: Ints) -> Ints:
        """The activities of KIND, by code."""
        return kind % self.activities


def _at_midnight(minutes: Ints, zone: str) -> NDArray[np.bool_]:
    """Which of MINUTES begin a day of ZONE."""
    if not len(minutes):
        return np.zeros(0, dtype=bool)
    first, last = int(minutes.min()) * _MINUTE, int(minutes.max()) * _MINUTE
    midnights = Periods.covering(first, last, zone, "day").bounds // _MINUTE
    return np.isin(minutes, midnights)
