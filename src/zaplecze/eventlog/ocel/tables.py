"""The contents of an object-centric log as narrow tables, whatever form its file has.

In the schema ``z``, in the order of the file and with values as texts:

=====================  ======================================================================
``ocel_events``        ``id``, ``type``, ``time``
``ocel_event_values``  ``event``, ``name``, ``value``
``ocel_links``         ``event``, ``object``, ``qualifier``
``ocel_objects``       ``id``, ``type``
``ocel_object_values`` ``object``, ``name``, ``time`` (null: from the beginning), ``value``
``ocel_relations``     ``source``, ``target``, ``qualifier``, both objects
=====================  ======================================================================
"""

from typing import Literal

import duckdb
import pyarrow as pa

from zaplecze.eventlog.ocel import faults

Kind = Literal["number", "time", "boolean", "text"]

_COLUMNS = {
    "ocel_events": ("id", "type", "time"),
    "ocel_event_values": ("event", "name", "value"),
    "ocel_links": ("event", "object", "qualifier"),
    "ocel_objects": ("id", "type"),
    "ocel_object_values": ("object", "name", "time", "value"),
    "ocel_relations": ("source", "target", "qualifier"),
}

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("int", "integer", "bigint", "float", "real", "double", "numeric"), "number"),
    **dict.fromkeys(("time", "date", "timestamp", "datetime"), "time"),
    **dict.fromkeys(("bool", "boolean"), "boolean"),
}

_BATCH_ROWS = 100_000

_Row = tuple[str | None, ...]


class ObjectTables:
    """Takes what a reader finds, in any order, and puts it into the tables."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: str) -> None:
        self.file = file
        self._connection = connection
        self._rows: dict[str, list[_Row]] = {table: [] for table in _COLUMNS}
        self._kinds: dict[tuple[str, str], set[Kind]] = {}
        for table, columns in _COLUMNS.items():
            described = ", ".join(f"{column} VARCHAR" for column in columns)
            connection.execute(f"CREATE OR REPLACE TABLE z.{table} ({described})")

    def event(self, name: str, type_: str | None, time: str | None) -> None:
        """An event; without type or time it is refused later, with its case."""
        self._add("ocel_events", (name, type_ or None, time or None))

    def event_value(self, event: str, name: str, value: str | None) -> None:
        """An attribute of an event."""
        self._add("ocel_event_values", (event, name, value or None))

    def link(self, event: str, target: str, qualifier: str | None = None) -> None:
        """An event belongs to an object."""
        self._add("ocel_links", (event, target, qualifier or None))

    def object(self, name: str, type_: str) -> None:
        """An object."""
        self._add("ocel_objects", (name, type_))

    def object_value(
        self, owner: str, name: str, value: str | None, time: str | None = None
    ) -> None:
        """An attribute of an object has VALUE from TIME on."""
        self._add("ocel_object_values", (owner, name, time or None, value or None))

    def relation(self, source: str, target: str, qualifier: str | None = None) -> None:
        """An object points to another one."""
        self._add("ocel_relations", (source, target, qualifier or None))

    def declare(self, object_type: str, name: str, type_: str | None) -> None:
        """The attribute NAME of an object type, or of events where that is empty, is of TYPE_."""
        kind = _KINDS.get((type_ or "").lower(), "text")
        self._kinds.setdefault((object_type, name), set()).add(kind)

    def kind(self, object_type: str, name: str) -> Kind:
        """What was declared of an attribute; text where that is nothing or not always the same."""
        kinds = self._kinds.get((object_type, name), set())
        return next(iter(kinds)) if len(kinds) == 1 else "text"

    @property
    def kinds(self) -> dict[tuple[str, str], Kind]:
        """By object type (empty: events) and name, what was declared of an attribute."""
        return {each: self.kind(*each) for each in self._kinds}

    def finish(self) -> None:
        """Complete the tables; raises `InputError` where two things have one identifier."""
        for table in _COLUMNS:
            self._flush(table)
        if event := self._repeated("ocel_events"):
            raise faults.repeated(self.file, "event", event)
        if name := self._repeated("ocel_objects"):
            raise faults.repeated(self.file, "object", name)

    def drop(self) -> None:
        """Give the tables' room back."""
        for table in _COLUMNS:
            self._connection.execute(f"DROP TABLE z.{table}")

    def _add(self, table: str, row: _Row) -> None:
        rows = self._rows[table]
        rows.append(row)
        if len(rows) >= _BATCH_ROWS:
            self._flush(table)

    def _flush(self, table: str) -> None:
        rows = self._rows[table]
        if not rows:
            return
        try:
            columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        except UnicodeEncodeError as error:
            # JSON can write one half of a character that has two.
            raise faults.unreadable(self.file, error) from None
        self._connection.register("z_rows", pa.table(columns, names=list(_COLUMNS[table])))
        self._connection.execute(f"INSERT INTO z.{table} SELECT * FROM z_rows")
        self._connection.unregister("z_rows")
        self._rows[table] = []

    def _repeated(self, table: str) -> str | None:
        found = self._connection.execute(
            f"SELECT id FROM z.{table} GROUP BY id HAVING count(*) > 1 ORDER BY min(rowid) LIMIT 1"
        ).fetchone()
        return str(found[0]) if found else None
