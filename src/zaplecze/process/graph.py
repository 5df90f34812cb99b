"""The directly-follows graph: which step follows which, how often, and after what wait."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from zaplecze.language import Text
from zaplecze.process.measures import Spread

if TYPE_CHECKING:
    from zaplecze.eventlog import EventLog
    from zaplecze.process.scan import Pair
    from zaplecze.workspace import Workspace


@dataclass(frozen=True)
class Activity:
    """A step: how often it happens, who does most of it and by when it should be done.

    ``has_due`` says that every case has its own due time for the step, ``target_seconds`` is the
    same for all cases.
    """

    name: str
    label: Text
    events: int
    cases: int
    department: str | None = None
    department_label: Text | None = None
    noticed: bool = False
    has_due: bool = False
    target_seconds: float | None = None


@dataclass(frozen=True)
class Edge:
    """``target`` directly follows ``source``: ``count`` times, in ``cases`` different cases."""

    source: str
    target: str
    count: int
    cases: int
    wait_seconds: Spread


@dataclass(frozen=True)
class Terminal:
    """How many cases start, or end, with an activity."""

    activity: str
    cases: int


@dataclass(frozen=True)
class ProcessGraph:
    """A directly-follows graph; activities, edges and terminals come most frequent first.

    ``filters`` says, in sentences, what of the log it shows.
    """

    name: Text
    cases: int
    events: int
    activities: list[Activity] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    starts: list[Terminal] = field(default_factory=list)
    ends: list[Terminal] = field(default_factory=list)
    filters: list[Text] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process graph --json`` and ``process.json``: plain values."""
        return {
            "name": self.name,
            "cases": self.cases,
            "events": self.events,
            "filters": self.filters,
            "activities": [dict(vars(activity)) for activity in self.activities],
            "edges": [
                {
                    "from": edge.source,
                    "to": edge.target,
                    "count": edge.count,
                    "cases": edge.cases,
                    "wait_seconds": edge.wait_seconds.to_dict(),
                }
                for edge in self.edges
            ],
            "starts": [dict(vars(start)) for start in self.starts],
            "ends": [dict(vars(end)) for end in self.ends],
        }

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(
            name=Text(document["name"]),
            cases=document["cases"],
            events=document["events"],
            activities=[_activity_from_dict(values) for values in document["activities"]],
            edges=[
                Edge(
                    edge["from"],
                    edge["to"],
                    edge["count"],
                    edge["cases"],
                    Spread.from_dict(edge["wait_seconds"]),
                )
                for edge in document["edges"]
            ],
            starts=[Terminal(**values) for values in document["starts"]],
            ends=[Terminal(**values) for values in document["ends"]],
            filters=[Text(words) for words in document.get("filters", [])],
        )


def _activity_from_dict(values: dict[str, Any]) -> Activity:
    department = values["department_label"]
    return Activity(
        **values
        | {
            "label": Text(values["label"]),
            "department_label": Text(department) if department else None,
        }
    )


def graph(log: "EventLog", workspace: "Workspace | None" = None) -> ProcessGraph:
    """The directly-follows graph of LOG, with the names and targets that WORKSPACE gives.

    Counts are over all events; waits are exact. One reading of the events for the waits and the
    departments, and a look at the variants for the counts.
    """
    # A graph that was stored is shown without what reads an event log.
    from zaplecze.process.casecounts import case_and_edge_counts
    from zaplecze.process.filtered import filters_of
    from zaplecze.process.scan import scan_edges

    counts, cases = case_and_edge_counts(log)
    read = scan_edges(log)
    names = log.activities
    departments = _most_frequent(by_department(log, read.departments))
    return ProcessGraph(
        name=workspace.name if workspace else log.info.name,
        cases=log.info.cases,
        events=log.info.events,
        activities=sorted(
            (
                _activity(name, int(events), int(having), departments, workspace)
                for name, events, having in zip(names, counts.events, counts.having, strict=True)
                if events
            ),
            key=lambda activity: (-activity.events, activity.name),
        ),
        edges=sorted(
            (
                Edge(names[a], names[b], wait.count, cases[a, b], wait.seconds)
                for (a, b), wait in read.waits.items()
            ),
            key=lambda edge: (-edge.count, edge.source, edge.target),
        ),
        starts=_terminals(names, counts.starting),
        ends=_terminals(names, counts.ending),
        filters=filters_of(log, workspace),
    )


def most_frequent_departments(log: "EventLog") -> dict[str, str]:
    """By activity, the department that did most of its events; ties go to the first by name."""
    from zaplecze.process.scan import events_by

    return _most_frequent(by_department(log, events_by(log, "department")))


def by_department(log: "EventLog", pairs: "Mapping[Pair, int]") -> dict[str, dict[str, int]]:
    """By activity and department of LOG, the events; most frequent first. PAIRS have their codes."""
    found: dict[str, dict[str, int]] = {}
    for (code, department), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0][1])):
        found.setdefault(log.activities[code], {})[log.departments[department]] = count
    return found


def _most_frequent(events: dict[str, dict[str, int]]) -> dict[str, str]:
    return {
        activity: min((-count, name) for name, count in by_name.items())[1]
        for activity, by_name in events.items()
    }


def _activity(
    name: str,
    events: int,
    cases: int,
    departments: dict[str, str],
    workspace: "Workspace | None",
) -> Activity:
    department = departments.get(name)
    if workspace is None:
        label = Text.same(department) if department else None
        return Activity(name, Text.same(name), events, cases, department, label)
    step = workspace.steps.get(name)
    department = department or (step.department if step else None)
    target_hours = step.target_hours if step else None
    return Activity(
        name,
        workspace.step_label(name),
        events,
        cases,
        department,
        workspace.department_label(department) if department else None,
        noticed=bool(step and step.noticed),
        has_due=bool(step and step.due),
        target_seconds=target_hours * 3600 if target_hours else None,
    )


def _terminals(names: list[str], cases: Iterable[int]) -> list[Terminal]:
    found = [Terminal(names[code], int(count)) for code, count in enumerate(cases) if count]
    return sorted(found, key=lambda terminal: (-terminal.cases, terminal.activity))
