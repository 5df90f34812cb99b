"""OCEL 2.0 in an SQLite database, opened for reading only."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zaplecze.eventlog.ocel import faults
from zaplecze.eventlog.ocel.tables import ObjectTables
from zaplecze.eventlog.sql import ident

_ID, _TIME, _CHANGED = "ocel_id", "ocel_time", "ocel_changed_field"


def read(path: Path, tables: ObjectTables) -> None:
    """Read the log at PATH into TABLES; raises `InputError` where it is not as OCEL says."""
    try:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise faults.unreadable(path.name, error) from None
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        _read(_Database(path.name, database), tables)
    except sqlite3.Error as error:
        raise faults.unreadable(path.name, error) from None
    finally:
        database.close()


class _Database:
    """Tables by name, whose columns are checked before they are read."""

    def __init__(self, file: str, database: sqlite3.Connection) -> None:
        self.file = file
        self._database = database
        names = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        self.tables = {str(name) for (name,) in names}

    def columns(self, table: str) -> dict[str, str]:
        """The columns of TABLE with their types."""
        if table not in self.tables:
            raise faults.missing_table(self.file, table)
        described = self._database.execute(f"PRAGMA table_info({ident(table)})").fetchall()
        return {str(name): str(type_) for _, name, type_, *_ in described}

    def rows(self, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        """These COLUMNS of TABLE, in the order in which the rows were written."""
        there = self.columns(table)
        for column in columns:
            if column not in there:
                raise faults.missing(self.file, table, column)
        names = ", ".join(ident(column) for column in columns)
        # An index that covers the columns would give them in its own order.
        return self._database.execute(f"SELECT {names} FROM {ident(table)} NOT INDEXED")


def _read(database: _Database, tables: ObjectTables) -> None:
    if not {"event_map_type", "object_map_type", "event", "object"} & database.tables:
        raise faults.not_ocel(database.file)
    _read_objects(database, tables)
    _read_events(database, tables)
    for event, target, qualifier in database.rows(
        "event_object", "ocel_event_id", "ocel_object_id", "ocel_qualifier"
    ):
        tables.link(_name(database, "event_object", event), str(target), _said(qualifier))
    for source, target, qualifier in database.rows(
        "object_object", "ocel_source_id", "ocel_target_id", "ocel_qualifier"
    ):
        tables.relation(_name(database, "object_object", source), str(target), _said(qualifier))


def _read_objects(database: _Database, tables: ObjectTables) -> None:
    known = set()
    for name, type_ in database.rows("object", _ID, "ocel_type"):
        known.add(_name(database, "object", name))
        tables.object(str(name), _name(database, "object", type_))
    for type_, suffix in database.rows("object_map_type", "ocel_type", "ocel_type_map"):
        table = f"object_{suffix}"
        columns = database.columns(table)
        own = [column for column in columns if column not in (_ID, _TIME, _CHANGED)]
        for column in own:
            tables.declare(str(type_), column, columns[column])
        has_changes = [_CHANGED] if _CHANGED in columns else []
        for name, time, *rest in database.rows(table, _ID, _TIME, *own, *has_changes):
            if _name(database, table, name) not in known:
                raise faults.missing(database.file, "object", str(name))
            changed = rest.pop() if has_changes else None
            if changed and changed not in own:
                raise faults.misplaced(database.file, f"{table}.{_CHANGED}", f"'{changed}'")
            for column, value in zip(own, rest, strict=True):
                # A row without a changed field holds all that is known then, else only that one.
                if column == changed or (not changed and value is not None):
                    tables.object_value(str(name), column, _said(value), _said(time))


def _read_events(database: _Database, tables: ObjectTables) -> None:
    times: dict[str, str | None] = {}
    for _, suffix in database.rows("event_map_type", "ocel_type", "ocel_type_map"):
        table = f"event_{suffix}"
        columns = database.columns(table)
        own = [column for column in columns if column not in (_ID, _TIME)]
        for column in own:
            tables.declare("", column, columns[column])
        for name, time, *rest in database.rows(table, _ID, _TIME, *own):
            times[_name(database, table, name)] = _said(time)
            for column, value in zip(own, rest, strict=True):
                if value is not None:
                    tables.event_value(str(name), column, _said(value))
    known = set()
    for name, type_ in database.rows("event", _ID, "ocel_type"):
        event = _name(database, "event", name)
        tables.event(event, _said(type_), times.get(event))
        known.add(event)
    for event in times:
        if event not in known:
            raise faults.missing(database.file, "event", event)


def _name(database: _Database, table: str, value: object) -> str:
    if value is None or value == "":
        raise faults.missing(database.file, table, _ID)
    return str(value)


def _said(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)
