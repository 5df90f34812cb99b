"""How long the objects of an event wait for each other.

After Park, Adams and van der Aalst, "OPerA: Object-Centric Performance Analysis" (2022): an object
is ready for an event since its own event before. *Flow* is from the first that is ready to the
event, *sojourn* from the last, *synchronisation* between the two, *pooling* between the first and
the last of one type.
"""

from dataclasses import dataclass
from typing import Any

from zaplecze.eventlog import ObjectLog
from zaplecze.process.measures import Spread
from zaplecze.process.objects.passages import rows, seconds_between, spread, spread_of


@dataclass(frozen=True)
class Awaited:
    """The objects of a type at a step.

    ``pooling_seconds``: over events for which several of them come from earlier events. ``last``:
    events in which they alone came last, and ``held_up_seconds`` how long all others waited then.
    """

    object_type: str
    pooling_seconds: Spread
    last: int
    held_up_seconds: Spread

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "pooling_seconds": self.pooling_seconds.to_dict(),
            "held_up_seconds": self.held_up_seconds.to_dict(),
        }


@dataclass(frozen=True)
class Synchronisation:
    """A step at which objects come together: its ``events`` with several objects from before."""

    activity: str
    events: int
    flow_seconds: Spread
    sojourn_seconds: Spread
    synchronisation_seconds: Spread
    awaited: list[Awaited]

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        spreads = ("flow_seconds", "sojourn_seconds", "synchronisation_seconds")
        return (
            vars(self)
            | {name: getattr(self, name).to_dict() for name in spreads}
            | {"awaited": [each.to_dict() for each in self.awaited]}
        )


def synchronisations(log: ObjectLog) -> list[Synchronisation]:
    """One for each step of LOG, whose passages are laid out, that has such events.

    The steps with the most time between the first and the last object come first.
    """
    log.connection.execute(
        """
        CREATE TABLE arrivals AS
        SELECT n, activity, object_type, any_value(time) AS time, count(*) AS k,
               min(time_before) AS first, max(time_before) AS last
        FROM passages WHERE before IS NOT NULL GROUP BY n, activity, object_type
        """
    )
    first, last, time = "min(first)", "max(last)", "any_value(time)"
    steps = rows(
        log,
        f"SELECT activity, count(*), {spread_of('flow')}, {spread_of('sojourn')}, "
        f"{spread_of('sync')} FROM (SELECT activity, n, {seconds_between(first, time)} AS flow, "
        f"{seconds_between(last, time)} AS sojourn, {seconds_between(first, last)} AS sync "
        "FROM arrivals GROUP BY activity, n HAVING sum(k) > 1) GROUP BY activity ORDER BY 14 DESC, 1",
    )
    awaited = _awaited(log)
    log.connection.execute("DROP TABLE arrivals")
    return [
        Synchronisation(
            activity, events, spread(values[:4]), spread(values[4:8]), spread(values[8:]),
            awaited.get(activity, []),
        )
        for activity, events, *values in steps
    ]  # fmt: skip


def _awaited(log: ObjectLog) -> dict[str, list[Awaited]]:
    found: dict[str, list[Awaited]] = {}
    for activity, object_type, last, *values in rows(
        log,
        f"""
        WITH ranked AS (
            SELECT *, max(last) OVER (PARTITION BY n) AS latest,
                   row_number() OVER (PARTITION BY n ORDER BY last DESC, object_type) AS place,
                   lead(last) OVER (PARTITION BY n ORDER BY last DESC, object_type) AS next_last,
                   sum(k) OVER (PARTITION BY n) AS objects
            FROM arrivals
        ), judged AS (
            SELECT *, place = 1 AND next_last < last AS is_last FROM ranked WHERE objects > 1
        )
        SELECT activity, object_type, count(*) FILTER (is_last),
               {spread_of(seconds_between("first", "last"), "k > 1")},
               {spread_of(seconds_between("next_last", "last"), "is_last")}
        FROM judged GROUP BY ALL ORDER BY 3 DESC, 2
        """,
    ):
        found.setdefault(activity, []).append(
            Awaited(object_type, spread(values[:4]), last, spread(values[4:]))
        )
    return found
