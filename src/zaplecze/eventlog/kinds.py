"""What a column holds when nobody says: numbers, times or categories."""

import duckdb

from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import ident

_FEW_ROWS = 1_000

_SQL_TYPES = {"number": "DOUBLE", "time": "TIMESTAMP", "category": "VARCHAR"}


def kind_of(connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column) -> str:
    """Number where every value that is there reads as one, time where the source says so."""
    if column.is_number:
        return "number"
    if column.is_time:
        return "time"
    if column.type == "BOOLEAN":
        return "category"
    if source.kinds is not None:
        return source.kinds[column.name]
    # A few rows nearly always settle it.
    for rows in (f"(FROM {ident(source.name)} LIMIT {_FEW_ROWS}) s", source.sql):
        values, numbers = connection.execute(
            f"SELECT count({column.sql}), count({casting.number(column)}) FROM {rows}"
        ).fetchall()[0]
        if values != numbers:
            return "category"
    return "number" if values else "category"


def sql_type(kind: str) -> str:
    """The type in which values of KIND are stored."""
    return _SQL_TYPES[kind]


def value_of(column: Column, kind: str) -> str:
    """The expression that reads COLUMN as KIND."""
    if kind == "number":
        return casting.number(column)
    return casting.time(column) if kind == "time" else casting.text(column)
