"""The ways of objects from event to event: the table that every question about them asks.

``passages``: a row for every event of every object, with ``object_type``, ``o`` (the object's
number), ``n`` (the event's), ``activity``, ``time``, and ``before``, ``activity_before``,
``time_before`` of the event that the same object had before (null at its first), ``is_last``.
"""

from collections.abc import Sequence
from typing import Any

from zaplecze.eventlog import ObjectLog
from zaplecze.process.measures import NOTHING_MEASURED, Spread


def lay_out_passages(log: ObjectLog) -> None:
    """Make the table; events at the same instant keep the order of the log."""
    log.connection.execute(
        """
        CREATE TABLE passages AS
        SELECT b.type AS object_type, b.rowid AS o, e.rowid AS n, e.type AS activity, e.time,
               lag(e.rowid) OVER way AS before, lag(e.type) OVER way AS activity_before,
               lag(e.time) OVER way AS time_before, lead(e.rowid) OVER way IS NULL AS is_last
        FROM (SELECT DISTINCT event, object FROM o.links) l
        JOIN o.events e ON e.id = l.event JOIN o.objects b ON b.id = l.object
        WINDOW way AS (PARTITION BY b.rowid ORDER BY e.time, e.rowid)
        """
    )


def rows(log: ObjectLog, query: str) -> list[tuple[Any, ...]]:
    """The rows that answer QUERY."""
    return log.connection.execute(query).fetchall()


def spread_of(seconds: str, condition: str = "true") -> str:
    """The aggregates of SECONDS where CONDITION holds, for `spread`."""
    only = f"FILTER (WHERE {condition})"
    return (
        f"avg({seconds}) {only}, median({seconds}) {only}, "
        f"quantile_cont({seconds}, 0.95) {only}, sum({seconds}) {only}"
    )


def spread(values: Sequence[float | None]) -> Spread:
    """From the four values of `spread_of`."""
    mean, median, p95, total = values
    if mean is None or total is None:
        return NOTHING_MEASURED
    return Spread(mean, median, p95, total)


def seconds_between(earlier: str, later: str) -> str:
    """The length of time between two instants."""
    return f"(epoch_us({later}) - epoch_us({earlier})) / 1e6"
