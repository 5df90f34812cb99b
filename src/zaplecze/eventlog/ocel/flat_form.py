"""OCEL as one table of separated values: a row an event, a column of objects for every type.

This is the form in which tools of version 1.0 exchange logs. ``ocel:eid``, ``ocel:activity`` and
``ocel:timestamp`` are of the event, ``ocel:type:NAME`` lists its objects of a type, as
``["a", "b"]`` or ``['a', 'b']``; a cell without brackets is one object. Every other column is an
attribute of the events.
"""

import ast
import csv
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from zaplecze.eventlog.ocel import faults
from zaplecze.eventlog.ocel.tables import ObjectTables
from zaplecze.eventlog.separated import open_bytes, sniffed

_ID, _ACTIVITY, _TIME, _TYPE = "ocel:eid", "ocel:activity", "ocel:timestamp", "ocel:type:"

# An event may have very many objects; the reader of Python stops at 128 kilobytes otherwise.
_LONGEST_CELL = 1 << 26


def is_flat(path: Path) -> bool:
    """Does the first row of PATH name the columns of an object-centric log?"""
    try:
        with _opened(path) as lines:
            header = lines.readline(1 << 20)
    except (OSError, EOFError, ValueError, zlib.error):
        return False
    return _ACTIVITY in header and _TYPE in header


def read(path: Path, tables: ObjectTables) -> None:
    """Read the log at PATH into TABLES; raises `InputError` where it is not as described above."""
    csv.field_size_limit(_LONGEST_CELL)
    try:
        with _opened(path) as lines:
            _read(path.name, lines, tables)
    except (ValueError, OSError, EOFError, zlib.error, csv.Error) as error:
        raise faults.unreadable(path.name, error) from None


def _opened(path: Path) -> io.TextIOWrapper:
    return io.TextIOWrapper(open_bytes(path), "utf-8-sig", newline="")


def _read(file: str, lines: io.TextIOWrapper, tables: ObjectTables) -> None:
    first = lines.readline()
    delimiter = sniffed(first)
    header = next(csv.reader([first], delimiter=delimiter), [])
    for needed in (_ACTIVITY, _TIME):
        if needed not in header:
            raise faults.missing(file, "1", needed)
    types = {column: column.removeprefix(_TYPE) for column in header if column.startswith(_TYPE)}
    attributes = [c for c in header if c not in (_ID, _ACTIVITY, _TIME, "") and c not in types]
    seen: set[tuple[str, str]] = set()
    kinds = dict.fromkeys(attributes, "")
    for number, row in _rows(file, lines, header, delimiter):
        event = row.get(_ID) or str(number)
        tables.event(event, row[_ACTIVITY], row[_TIME])
        for column, type_ in types.items():
            for name in _names(file, number, column, row[column]):
                tables.link(event, name)
                if (name, type_) not in seen:
                    seen.add((name, type_))
                    tables.object(name, type_)
        for name in attributes:
            if value := row[name]:
                tables.event_value(event, name, value)
                kinds[name] = _kind(value, kinds[name])
    for name, kind in kinds.items():
        tables.declare("", name, kind)


def _rows(
    file: str, lines: io.TextIOWrapper, header: list[str], delimiter: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of every row below the header, and its cells without the blanks around them."""
    for number, cells in enumerate(csv.reader(lines, delimiter=delimiter), 1):
        if not cells:
            continue
        if len(cells) != len(header):
            raise faults.wrong_width(file, number, len(cells), len(header))
        yield number, {c: cell.strip() for c, cell in zip(header, cells, strict=True)}


def _names(file: str, row: int, column: str, cell: str) -> list[str]:
    """The identifiers that CELL lists, each once."""
    if not cell:
        return []
    if not cell.startswith("["):
        return [cell]
    try:
        found = ast.literal_eval(cell)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        found = None
    if not isinstance(found, list) or not all(
        isinstance(each, str | int | float) for each in found
    ):
        raise faults.no_list(file, row, column, cell[:60])
    return list(dict.fromkeys(str(each) for each in found))


def _kind(value: str, so_far: str) -> str:
    """``float`` while all values of an attribute are numbers, ``string`` afterwards."""
    if so_far == "string":
        return so_far
    try:
        float(value)
    except ValueError:
        return "string"
    return "float"
