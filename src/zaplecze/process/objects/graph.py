"""The object-centric directly-follows graph: what follows what, for each type of objects.

After Berti and van der Aalst, "OC-PM: analyzing object-centric event logs and process models"
(2023). An event that belongs to five items is one event; figures of a type are of its objects.
"""

from dataclasses import dataclass
from typing import Any

from zaplecze.eventlog import ObjectLog
from zaplecze.language import Text
from zaplecze.process.measures import Spread
from zaplecze.process.objects.passages import rows, seconds_between, spread, spread_of


@dataclass(frozen=True)
class ObjectActivity:
    """A step: its events, each counted once, and by type the different objects that had it."""

    name: str
    label: Text
    events: int
    objects: dict[str, int]


@dataclass(frozen=True)
class Participation:
    """How many objects of a type the events of a step have.

    ``events`` are those with at least one, ``links`` their objects added up, and ``mean``,
    ``median``, ``most`` are over them.
    """

    activity: str
    object_type: str
    events: int
    events_with_several: int
    links: int
    mean: float
    median: float
    most: int


@dataclass(frozen=True)
class ObjectEdge:
    """For objects of a type, ``target`` came directly after ``source``.

    ``events``: pairs of events, each counted once; ``objects``: different objects; ``passages``:
    objects times how often, which is what flattening counts. Waits are those of the pairs.
    """

    object_type: str
    source: str
    target: str
    events: int
    objects: int
    passages: int
    wait_seconds: Spread

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        own = {
            name: value for name, value in vars(self).items() if name not in ("source", "target")
        }
        return {
            "from": self.source,
            "to": self.target,
            **own,
            "wait_seconds": self.wait_seconds.to_dict(),
        }


@dataclass(frozen=True)
class ObjectGraph:
    """Steps and edges, most events first; types in the order of the log."""

    activities: list[ObjectActivity]
    participation: list[Participation]
    edges: list[ObjectEdge]

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return {
            "activities": [dict(vars(each)) for each in self.activities],
            "participation": [dict(vars(each)) for each in self.participation],
            "edges": [edge.to_dict() for edge in self.edges],
        }


def object_graph(log: ObjectLog, labels: dict[str, Text]) -> ObjectGraph:
    """The graph of LOG, whose passages are laid out; LABELS are what steps are called."""
    by_activity: dict[str, dict[str, int]] = {}
    for activity, object_type, objects in rows(
        log,
        "SELECT activity, object_type, count(DISTINCT o) FROM passages GROUP BY ALL "
        "ORDER BY 3 DESC, 2",
    ):
        by_activity.setdefault(activity, {})[object_type] = objects
    activities = [
        ObjectActivity(name, labels.get(name, Text.same(name)), events, by_activity.get(name, {}))
        for name, events in rows(
            log, "SELECT type, count(*) FROM o.events GROUP BY type ORDER BY 2 DESC, 1"
        )
    ]
    return ObjectGraph(activities, _participation(log), _edges(log))


def _participation(log: ObjectLog) -> list[Participation]:
    found = rows(
        log,
        "SELECT activity, object_type, count(*), count(*) FILTER (k > 1), sum(k)::BIGINT, avg(k), "
        "median(k), max(k) FROM (SELECT activity, object_type, n, count(*) AS k FROM passages "
        "GROUP BY ALL) GROUP BY ALL ORDER BY 5 DESC, 1, 2",
    )
    return [Participation(*row) for row in found]


def _edges(log: ObjectLog) -> list[ObjectEdge]:
    key = "object_type, activity_before, activity"
    wait = seconds_between("time_before", "time")
    found = rows(
        log,
        f"SELECT {key}, count(*) AS pairs, any_value(objects), any_value(passages), "
        f"{spread_of('wait')} FROM (SELECT DISTINCT {key}, before, n, {wait} AS wait "
        "FROM passages WHERE before IS NOT NULL) JOIN (SELECT "
        f"{key}, count(DISTINCT o) AS objects, count(*) AS passages FROM passages "
        f"WHERE before IS NOT NULL GROUP BY ALL) USING ({key}) "
        f"GROUP BY {key} ORDER BY pairs DESC, {key}",
    )
    return [
        ObjectEdge(object_type, source, target, events, objects, passages, spread(wait))
        for object_type, source, target, events, objects, passages, *wait in found
    ]
