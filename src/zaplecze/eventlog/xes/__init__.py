"""XES logs, read as a stream: one row an event.

An attribute of the trace becomes the column ``case:<key>`` (``case:concept:name`` is the case),
one of the event the column ``<key>`` (``concept:name``, ``time:timestamp``, ``org:resource``…).
Values arrive as texts and are read when they are used, except the numbers of traces. Attributes inside
attributes are left out and counted; the defaults of ``<global>`` are not filled in, so an absent
attribute is a missing value.

A file that is written as tools usually write XES is read in columns; any other by a parser, which
takes ten times as long and says where a file is broken.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import duckdb

from zaplecze.eventlog import faults
from zaplecze.eventlog.ocel.faults import own_entities
from zaplecze.eventlog.separated import Read, open_bytes, unique
from zaplecze.eventlog.sql import ident
from zaplecze.eventlog.xes import columns, parsed, pieces
from zaplecze.eventlog.xes.columns import CASE, Batch
from zaplecze.eventlog.xes.pieces import Prepare
from zaplecze.eventlog.xes.tags import Unusual
from zaplecze.language import N_, Text, say_plural


def load(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> tuple[Read, list[Text]]:
    """Read the log at PATH into the table NAME.

    Raises `InputError` where PATH is cut off, is no XML or wrongly nested, declares entities, or has no events.
    """
    try:
        try:
            table = _fill(connection, name, _in_columns(path))
        except Unusual:
            connection.execute(f"DROP TABLE IF EXISTS {ident(name)}")
            table = _fill(connection, name, _parsed(path))
    except parsed.Misplaced as misplaced:
        raise faults.wrongly_nested(name, path.name, misplaced.line) from None
    except (expat.ExpatError, OSError, EOFError, zlib.error) as error:
        raise faults.unreadable(name, path.name, error) from None
    if not table.columns:
        raise faults.empty(name, path.name)
    for key, column in table.columns.items():
        if key in table.numbers and key != CASE + "concept:name":
            _make_number(connection, name, column)
    warnings = []
    if table.nested:
        warnings.append(
            say_plural(
                N_("{source}: {count} attribute inside another attribute was left out."),
                N_("{source}: {count} attributes inside other attributes were left out."),
                table.nested,
                source=name,
            )
        )
    empty = [(0, "case_without_events", case) for case in table.empty_traces]
    return Read(list(table.columns.values()), empty), warnings


def _in_columns(path: Path) -> Iterator[Batch]:
    with open_bytes(path) as file:
        yield from columns.batches(pieces.cut(file, _entity_refusal(path)))


def _parsed(path: Path) -> Iterator[Batch]:
    with open_bytes(path) as file:
        yield from parsed.batches(file, _entity_refusal(path))


def _entity_refusal(path: Path) -> Prepare:
    """What makes a parser stop at the first entity that PATH declares."""

    def prepare(parser: expat.XMLParserType) -> None:
        def refuse(*_: object) -> None:
            raise own_entities(path.name, parser.CurrentLineNumber)

        parser.EntityDeclHandler = refuse

    return prepare


class _Table:
    """The table that fills with batches: the column of every key, and what was found beside."""

    def __init__(self) -> None:
        self.columns: dict[str, str] = {}
        self.numbers: set[str] = set()
        self.nested = 0
        self.empty_traces: list[str] = []


def _fill(connection: duckdb.DuckDBPyConnection, name: str, batches: Iterator[Batch]) -> _Table:
    """Put BATCHES, one after the other, into the new table NAME."""
    table = _Table()
    for batch in batches:
        table.numbers |= batch.numbers
        table.nested += batch.nested
        table.empty_traces += batch.empty_traces
        if batch.events.num_rows:
            _append(connection, name, table, batch)
    return table


def _append(connection: duckdb.DuckDBPyConnection, name: str, table: _Table, batch: Batch) -> None:
    """Add the events of BATCH to the table NAME, with the columns that it lacks."""
    before = len(table.columns)
    keys = list(dict.fromkeys([*table.columns, *batch.events.column_names]))
    table.columns = dict(zip(keys, unique(keys), strict=True))
    new = list(table.columns.values())[before:]
    if not before:
        typed = ", ".join(f"{ident(column)} VARCHAR" for column in new)
        connection.execute(f"CREATE TABLE {ident(name)} ({typed})")
    else:
        for column in new:
            connection.execute(f"ALTER TABLE {ident(name)} ADD COLUMN {ident(column)} VARCHAR")
    here = [table.columns[key] for key in batch.events.column_names]
    connection.register("z_batch", batch.events.rename_columns(here))
    connection.execute(f"INSERT INTO {ident(name)} BY NAME SELECT * FROM z_batch")
    connection.unregister("z_batch")


def _make_number(connection: duckdb.DuckDBPyConnection, name: str, column: str) -> None:
    """Give COLUMN the type of numbers where all its values are such."""
    number = f"TRY_CAST({ident(column)} AS DOUBLE)"
    (failing,) = connection.execute(
        f"SELECT count({ident(column)}) - count({number}) FROM {ident(name)}"
    ).fetchall()[0]
    if not failing:
        connection.execute(
            f"ALTER TABLE {ident(name)} ALTER {ident(column)} TYPE DOUBLE USING {number}"
        )
