"""Sheets of Excel and OpenDocument workbooks: the first row names the columns."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from zaplecze.errors import InputError
from zaplecze.eventlog import faults
from zaplecze.eventlog.separated import unique
from zaplecze.eventlog.sql import ident
from zaplecze.language import N_, say


def load(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    path: Path,
    sheet: str | None,
    columns: list[str] | None,
) -> None:
    """Read a sheet of PATH, the first where SHEET is None, into the table NAME.

    A column of numbers or of dates keeps that type; a mixed one becomes text. Rows without any
    value stay, so that row numbers agree with the sheet, but not those at its end.
    """
    rows = _rows(name, path, sheet)
    while rows and all(value == "" for value in rows[-1]):
        rows.pop()
    if not rows:
        raise faults.empty(name, path.name)
    names = unique(columns or [str(value) for value in rows.pop(0)])
    width = max(len(names), *map(len, rows)) if rows else len(names)
    values = list(zip(*(row + [""] * (width - len(row)) for row in rows), strict=True))
    table = pa.table(
        {column: _array(values[i] if values else ()) for i, column in enumerate(names)}
    )
    connection.register("z_sheet", table)
    connection.execute(f"CREATE TABLE {ident(name)} AS SELECT * FROM z_sheet")
    connection.unregister("z_sheet")


def _rows(name: str, path: Path, sheet: str | None) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        if sheet is None:
            return book.get_sheet_by_index(0).to_python()
        if sheet in book.sheet_names:
            return book.get_sheet_by_name(sheet).to_python()
        there = book.sheet_names
    except (CalamineError, OSError) as error:
        raise faults.unreadable(name, path.name, error) from None
    raise InputError(
        say(
            N_("[sources.{source}]: '{file}' has no sheet '{sheet}'. Its sheets are: {sheets}."),
            source=name, file=path.name, sheet=sheet, sheets=", ".join(there),
        )
    )  # fmt: skip


def _array(values: tuple[Any, ...]) -> pa.Array:
    """VALUES as numbers or times where all of them are, else as text; empty cells are null."""
    kept = [None if value == "" else value for value in values]
    kinds = {type(value) for value in kept if value is not None}
    if kinds <= {float, int} and kinds:
        return pa.array([None if v is None else float(v) for v in kept], pa.float64())
    if kinds <= {dt.datetime, dt.date} and kinds:
        return pa.array([_moment(v) for v in kept], pa.timestamp("us"))
    return pa.array([None if v is None else _text(v) for v in kept], pa.string())


def _moment(value: dt.date | None) -> dt.datetime | None:
    if value is None or isinstance(value, dt.datetime):
        return value
    return dt.datetime.combine(value, dt.time())


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
