"""What each step is like: how often, after what wait, how long, how often again, by whom, on time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zaplecze.calendars import WorkingCalendar, calendar_of
from zaplecze.eventlog import EventLog
from zaplecze.language import Text
from zaplecze.process.casecounts import case_counts
from zaplecze.process.effort import Effort, efforts
from zaplecze.process.filtered import FilteredLog, filters_of
from zaplecze.process.graph import by_department
from zaplecze.process.measures import MEASURES, NOTHING_MEASURED, OnTime, Spread
from zaplecze.process.ontime import limited_steps
from zaplecze.process.scan import Measured, Pair, scan_steps
from zaplecze.process.stream import parts
from zaplecze.process.worked import Kind, Worked, WorkedPerCase, worked, worked_per_case
from zaplecze.workspace import Workspace


@dataclass(frozen=True)
class StepFacts:
    """One step; what its figures mean stands in `measures`.

    Figures in working time need a calendar in the workspace, ``effort`` its minutes of work or
    measured ones, ``worked`` attributes that its [log.effort] names, ``on_time`` a due time or a
    target; ``resources`` is 0 where the log does not say who worked.
    """

    activity: str
    label: Text
    events: int
    cases: int
    wait_seconds: Spread
    service_seconds: Spread
    rework_cases: int
    departments: dict[str, int]
    on_time: OnTime | None = None
    wait_working_seconds: Spread | None = None
    service_working_seconds: Spread | None = None
    share_of_time: float | None = None
    self_loops: int = 0
    resources: int = 0
    busiest_resource_share: float | None = None
    effort: Effort | None = None
    worked: dict[Kind, Worked] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        values = {
            name: value.to_dict() if isinstance(value, Spread | OnTime | Effort) else value
            for name, value in vars(self).items()
        }
        return values | {"worked": {kind: each.to_dict() for kind, each in self.worked.items()}}


@dataclass(frozen=True)
class Steps:
    """The steps of a log in the order in which they usually happen."""

    steps: list[StepFacts]
    filters: list[Text] = field(default_factory=list)
    worked_per_case: list[WorkedPerCase] = field(default_factory=list)

    def __iter__(self) -> Iterator[StepFacts]:
        return iter(self.steps)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process steps --json``, with the definitions of its measures."""
        return {
            "filters": self.filters,
            "steps": [step.to_dict() for step in self.steps],
            "worked_per_case": [each.to_dict() for each in self.worked_per_case],
            "measures": [measure.to_dict() for measure in MEASURES],
        }


def steps(log: EventLog, workspace: Workspace | None = None) -> Steps:
    """The figures of every step of LOG; more of them where WORKSPACE says what to measure against.

    Everything is exact. One reading of the events, and a look at the variants for the counts;
    where steps have a limit, another reading, and one more where there is a calendar.
    """
    if not log.info.events:
        return Steps([], filters_of(log, workspace))
    counts, read = case_counts(log), scan_steps(log)
    waits, services = read.waits, read.services
    lengths_known = _lengths_known(log, services.values())
    departments, resources = by_department(log, read.departments), _busiest(read.resources)
    limited = limited_steps(log, workspace) if workspace else {}
    measured = worked(log, workspace) if workspace else {}
    effort = efforts(log, workspace, departments, measured) if workspace else {}
    calendar = calendar_of(workspace)
    working = _working_times(log, calendar) if calendar else None
    if working and not lengths_known:
        working = working[0], {}
    whole = sum(each.seconds.total for part in (waits, services) for each in part.values())
    found = []
    names = log.activities
    for code in sorted(services, key=lambda code: (counts.position[code], names[code])):
        name, service = names[code], services[code].seconds
        wait = waits[code].seconds if code in waits else NOTHING_MEASURED
        people, busiest = resources.get(code, (0, None))
        found.append(
            StepFacts(
                name,
                workspace.step_label(name) if workspace else Text.same(name),
                int(counts.events[code]),
                int(counts.having[code]),
                wait,
                service if lengths_known else NOTHING_MEASURED,
                int(counts.repeating[code]),
                departments.get(name, {}),
                limited[name].share if name in limited else None,
                working and working[0].get(code, NOTHING_MEASURED),
                working and working[1].get(code, NOTHING_MEASURED),
                (wait.total + service.total) / whole if whole else None,
                int(counts.self_loops[code]),
                people,
                busiest,
                effort.get(name),
                measured.get(name, {}),
            )
        )
    per_case = worked_per_case(log, workspace) if workspace else []
    return Steps(found, filters_of(log, workspace), per_case)


def _lengths_known(log: EventLog, services: Iterable[Measured]) -> bool:
    """Does any event of the whole log, whatever is shown of it, end later than it starts?"""
    if any(service.seconds.total for service in services):
        return True
    events = "all_events" if isinstance(log, FilteredLog) else "events"
    found = log.connection.execute(f'SELECT 1 FROM {events} WHERE "end" <> start LIMIT 1')
    return bool(found.fetchall())


def _busiest(events: Mapping[Pair, int]) -> dict[int, tuple[int, float]]:
    """By activity, how many people and tools did it, and the share of the busiest of them.

    The share is of the EVENTS of which it is known who did them.
    """
    by_activity: dict[int, list[int]] = {}
    for (activity, _), count in events.items():
        by_activity.setdefault(activity, []).append(count)
    return {code: (len(each), max(each) / sum(each)) for code, each in by_activity.items()}


def _working_times(
    log: EventLog, calendar: WorkingCalendar
) -> tuple[dict[int, Spread], dict[int, Spread]]:
    """The waits before, and the times in, each activity that lie in the working time of CALENDAR."""
    waits, services = [], []
    for part in parts(log, "activity", "next_activity", "began", "ended"):
        followed = np.flatnonzero(part["next_activity"] >= 0)
        wait = calendar.working_seconds(part["ended"][followed], part["began"][followed + 1])
        waits.append((part["next_activity"][followed], wait))
        services.append((part["activity"], calendar.working_seconds(part["began"], part["ended"])))
    by_wait, by_service = (
        Spread.by_code(*(np.concatenate(arrays) for arrays in zip(*pieces, strict=True)))
        for pieces in (waits, services)
    )
    return by_wait, by_service
