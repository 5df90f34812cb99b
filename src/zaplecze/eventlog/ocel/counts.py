"""What an object-centric log holds, every event and object counted once."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from zaplecze.eventlog.ocel.reading import read


@dataclass(frozen=True)
class ObjectType:
    """A type, how many objects are of it, and how many events belong to at least one of them."""

    name: str
    objects: int
    events: int
    objects_without_events: int


@dataclass(frozen=True)
class Relation:
    """How many times objects of one type point to objects of another (or the same)."""

    source: str
    target: str
    relations: int


@dataclass(frozen=True)
class Together:
    """How many events belong to objects of both types."""

    types: tuple[str, str]
    events: int


@dataclass(frozen=True)
class ObjectCounts:
    """The types of objects and events of a log, and how the types are related.

    ``event_types`` says how many events each has; ``relations`` are those that the file states
    (OCEL 2.0 only), ``together`` those that its events show.
    """

    events: int
    object_types: list[ObjectType]
    event_types: dict[str, int]
    relations: list[Relation]
    together: list[Together]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``zaplecze log info --json`` prints them."""
        values = asdict(self)
        for pair in values["together"]:
            pair["types"] = list(pair["types"])
        values["event_types"] = [
            {"name": name, "events": events} for name, events in self.event_types.items()
        ]
        return values


def objects(path: Path) -> ObjectCounts:
    """Count objects, events and relations of the OCEL file at PATH, without flattening it.

    Most events or objects first. Links to what the file does not hold are not counted. Raises
    `InputError`, naming the place, when the file is damaged or is not OCEL 1.0 or 2.0.
    """
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false; CREATE SCHEMA z")
        read(connection, path)
        connection.execute(
            "CREATE TABLE z.belongs AS SELECT DISTINCT l.event, l.object, o.type FROM z.ocel_links l "
            "JOIN z.ocel_objects o ON o.id = l.object JOIN z.ocel_events e ON e.id = l.event"
        )

        def rows(query: str) -> list[tuple[Any, ...]]:
            return connection.execute(query).fetchall()

        types = rows(
            "SELECT o.type, count(DISTINCT o.id), count(DISTINCT b.event), "
            "count(DISTINCT o.id) - count(DISTINCT b.object) FROM z.ocel_objects o "
            "LEFT JOIN z.belongs b ON b.object = o.id GROUP BY o.type ORDER BY 2 DESC, 1"
        )
        activities = rows(
            "SELECT coalesce(type, ''), count(*) FROM z.ocel_events GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        related = rows(
            "SELECT s.type, t.type, count(*) FROM z.ocel_relations r JOIN z.ocel_objects s "
            "ON s.id = r.source JOIN z.ocel_objects t ON t.id = r.target GROUP BY 1, 2 "
            "ORDER BY 3 DESC, 1, 2"
        )
        together = rows(
            "WITH touched AS (SELECT DISTINCT event, type FROM z.belongs) "
            "SELECT a.type, b.type, count(*) FROM touched a JOIN touched b "
            "ON a.event = b.event AND a.type < b.type GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
        )
    return ObjectCounts(
        events=sum(events for _, events in activities),
        object_types=[ObjectType(*row) for row in types],
        event_types=dict(activities),
        relations=[Relation(*row) for row in related],
        together=[Together((a, b), events) for a, b, events in together],
    )
