"""The life of the objects of each type: how many, from which step to which, and how long."""

from dataclasses import dataclass
from typing import Any

from zaplecze.eventlog import ObjectLog
from zaplecze.process.graph import Terminal
from zaplecze.process.measures import Spread
from zaplecze.process.objects.passages import rows, seconds_between, spread, spread_of


@dataclass(frozen=True)
class Lifecycle:
    """The objects of one type.

    ``events``: those that belong to at least one of them; ``mean_events`` and ``most_events`` are
    per object; ``throughput_seconds``: from an object's first event to its last. In ``starts`` and
    ``ends`` the cases are objects.
    """

    object_type: str
    objects: int
    objects_without_events: int
    events: int
    mean_events: float
    most_events: int
    throughput_seconds: Spread
    starts: list[Terminal]
    ends: list[Terminal]

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        ends = {"starts": self.starts, "ends": self.ends}
        return (
            vars(self)
            | {"throughput_seconds": self.throughput_seconds.to_dict()}
            | {
                name: [{"activity": each.activity, "objects": each.cases} for each in terminals]
                for name, terminals in ends.items()
            }
        )


def lifecycles(log: ObjectLog) -> list[Lifecycle]:
    """One for each type of LOG, whose passages are laid out; most objects first."""
    lives = {
        name: (events, mean, most, spread(times))
        for name, events, mean, most, *times in rows(
            log,
            "SELECT object_type, any_value(events), avg(k), max(k), "
            f"{spread_of(seconds_between('first', 'last'))} FROM (SELECT object_type, o, "
            "count(*) AS k, min(time) AS first, max(time) AS last FROM passages GROUP BY ALL) "
            "JOIN (SELECT object_type, count(DISTINCT n) AS events FROM passages GROUP BY ALL) "
            "USING (object_type) GROUP BY object_type",
        )
    }
    counted = rows(
        log,
        "SELECT type, count(*), count(*) FILTER (rowid NOT IN (SELECT o FROM passages)) "
        "FROM o.objects GROUP BY type ORDER BY 2 DESC, 1",
    )
    starts, ends = _terminals(log, "before IS NULL"), _terminals(log, "is_last")
    nothing = (0, 0.0, 0, Spread(None, None, None, 0.0))
    return [
        Lifecycle(
            name, objects, idle, *lives.get(name, nothing), starts.get(name, []), ends.get(name, [])
        )
        for name, objects, idle in counted
    ]


def _terminals(log: ObjectLog, condition: str) -> dict[str, list[Terminal]]:
    found: dict[str, list[Terminal]] = {}
    for name, activity, objects in rows(
        log,
        f"SELECT object_type, activity, count(*) FROM passages WHERE {condition} GROUP BY ALL "
        "ORDER BY 3 DESC, 2",
    ):
        found.setdefault(name, []).append(Terminal(activity, objects))
    return found
