"""A log of cases as an object-centric one: every case is an object, every event happens to it."""

import duckdb

from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.columns import ISO, ROWS, Exported, columns_of
from zaplecze.eventlog.ocel import keeping
from zaplecze.eventlog.single import ACTIVITY, CASE, TIME
from zaplecze.eventlog.sql import literal
from zaplecze.eventlog.store import EventLog

CASE_TYPE = "case"
"""The type of the objects that the cases become."""

_EVENT, _QUALIFIER = "ocel:eid", "ocel:qualifier"
_KINDS = {"TIMESTAMP": "time", "VARCHAR": "text"}


def fill_from_cases(connection: duckdb.DuckDBPyConnection, log: EventLog) -> None:
    """Make the tables of `keeping` in CONNECTION of the cases and events of LOG.

    Events that have the identifiers of an object-centric log keep them, so that those which
    flattening has repeated become one again.
    """
    _Cases(connection, log).fill()


class _Cases:
    """The rows of a log, on their way into tables of objects."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, log: EventLog) -> None:
        self.connection = connection
        self.cursor = log.connection.cursor()
        self.columns = columns_of(self.cursor, log)
        selected = ", ".join(f"{each.value} AS c{i}" for i, each in enumerate(self.columns))
        self.cursor.execute(f"CREATE TEMP TABLE z_rows AS SELECT {selected} {ROWS}")
        self.place = {each.name: f"c{i}" for i, each in enumerate(self.columns)}
        self.case, self.activity, self.time = (self.place[n] for n in (CASE, ACTIVITY, TIME))
        self.event = self.place[_EVENT] if self._has_identifiers() else "'e' || (rowid + 1)"

    def fill(self) -> None:
        keeping.create(self.connection)
        self._move(
            "events",
            f"SELECT {self.event}, first({self.activity} ORDER BY rowid), "
            f"first({self.time} ORDER BY rowid) FROM z_rows GROUP BY 1 ORDER BY min(rowid)",
        )
        qualifier = self.place.get(_QUALIFIER, "NULL")
        self._move(
            "links", f"SELECT {self.event}, {self.case}, {qualifier} FROM z_rows ORDER BY rowid"
        )
        self._move("objects", f'SELECT case_id, {literal(CASE_TYPE)} FROM cases ORDER BY "case"')
        used = {CASE, ACTIVITY, TIME, _QUALIFIER}
        if self.event == self.place.get(_EVENT):
            used.add(_EVENT)
        for column in self.columns:
            if column.name in used:
                continue
            if column.name.startswith("case:"):
                self._move_of_cases(column)
            else:
                self._move_of_events(column)
        self.cursor.execute("DROP TABLE z_rows")

    def _has_identifiers(self) -> bool:
        """Does every event have one, and is what has the same one the same event?"""
        if _EVENT not in self.place:
            return False
        event = self.place[_EVENT]
        (known,) = self.cursor.execute(
            f"SELECT count({event}) = count(*) AND count(DISTINCT {event}) = "
            f"count(DISTINCT ({event}, {self.activity}, {self.time})) FROM z_rows"
        ).fetchall()[0]
        return bool(known)

    def _move_of_events(self, column: Exported) -> None:
        """The first value that each event has in COLUMN."""
        value = _text(self.place[column.name], column.type)
        self._move(
            "event_values",
            f"SELECT {self.event}, {literal(column.name)}, first({value} ORDER BY rowid) "
            f"FROM z_rows WHERE {value} IS NOT NULL GROUP BY {self.event} ORDER BY min(rowid)",
        )
        self._declare("", column.name, column)

    def _move_of_cases(self, column: Exported) -> None:
        """What every case has in COLUMN, also those without events."""
        name, value = column.name.removeprefix("case:"), _text("value", column.type)
        self._move(
            "object_values",
            f"SELECT case_id, {literal(name)}, TIMESTAMP '1970-01-01', {value} FROM "
            f'(SELECT c."case" AS ord, c.case_id, {column.value} AS value FROM cases c) z_rows '
            "WHERE value IS NOT NULL ORDER BY ord",
        )
        self._declare(CASE_TYPE, name, column)

    def _declare(self, object_type: str, name: str, column: Exported) -> None:
        kind = _KINDS.get(column.type, "number")
        self.connection.execute("INSERT INTO o.kinds VALUES (?, ?, ?)", [object_type, name, kind])

    def _move(self, table: str, query: str) -> None:
        self.connection.register("z_moved", self.cursor.execute(query).to_arrow_table())
        self.connection.execute(f"INSERT INTO o.{table} SELECT * FROM z_moved")
        self.connection.unregister("z_moved")


def _text(value: str, type_: str) -> str:
    if type_ == "TIMESTAMP":
        return ISO.format(value)
    return casting.text(Column(value, type_, "UTC", table="z_rows"))
