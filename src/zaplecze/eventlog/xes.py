"""XES logs, read as a stream: one row an event.

An attribute of the trace becomes the column ``case:<key>`` (``case:concept:name`` is the case),
one of the event the column ``<key>`` (``concept:name``, ``time:timestamp``, ``org:resource``…).
Values arrive as texts and are read when they are used, except the numbers of traces. Attributes inside
attributes are left out and counted; the defaults of ``<global>`` are not filled in, so an absent
attribute is a missing value.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from xml.parsers import expat

import duckdb
import pyarrow as pa

from zaplecze.eventlog import faults
from zaplecze.eventlog.separated import Read, open_bytes, unique
from zaplecze.eventlog.sql import ident
from zaplecze.language import N_, Text, say_plural

_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_CONTAINERS = frozenset({"list", "container", "values"})
_BATCH_EVENTS = 50_000


class _Reader:
    """Collects what the parser finds: events, and what is left out of them."""

    def __init__(self) -> None:
        self.events: list[dict[str, str]] = []
        self.keys: dict[str, None] = {}
        self.numbers: set[str] = set()
        self.nested = 0
        self.empty_traces: list[str] = []
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._place: Literal["log", "trace", "event"] = "log"
        self._trace_is_empty = True
        self._depth = 0

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag in _VALUES:
            self._depth += 1
            if self._depth > 1:
                self.nested += self._place != "log"
            elif self._place == "event":
                self._event[values.get("key", "")] = values.get("value", "")
            elif self._place == "trace":
                key = "case:" + values.get("key", "")
                self._trace[key] = values.get("value", "")
                if tag in ("int", "float"):
                    self.numbers.add(key)
        elif tag == "event":
            self._place, self._event = "event", dict(self._trace)
        elif tag == "trace":
            self._place, self._trace, self._trace_is_empty = "trace", {}, True
        elif tag in _CONTAINERS:
            self._depth += 1

    def end(self, tag: str) -> None:
        if tag in _VALUES or tag in _CONTAINERS:
            self._depth -= 1
        elif tag == "event":
            self.events.append(self._event)
            self.keys.update(dict.fromkeys(self._event))
            self._place, self._trace_is_empty = "trace", False
        elif tag == "trace":
            self._place = "log"
            if self._trace_is_empty:
                self.empty_traces.append(self._trace.get("case:concept:name", ""))

    def cut(self) -> pa.Table:
        """The events since the last cut, as a table with every column so far."""
        columns = [
            pa.array([event.get(key) or None for event in self.events], pa.string())
            for key in self.keys
        ]
        self.events = []
        return pa.table(columns, names=unique(list(self.keys)))


def load(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> tuple[Read, list[Text]]:
    """Read the log at PATH into the table NAME."""
    reader = _Reader()
    columns: list[str] = []
    for batch in _batches(name, path, reader):
        connection.register("z_batch", batch)
        if not columns:
            connection.execute(f"CREATE TABLE {ident(name)} AS SELECT * FROM z_batch")
        else:
            for column in batch.column_names:
                if column not in columns:
                    connection.execute(
                        f"ALTER TABLE {ident(name)} ADD COLUMN {ident(column)} VARCHAR"
                    )
            connection.execute(f"INSERT INTO {ident(name)} BY NAME SELECT * FROM z_batch")
        columns = batch.column_names
        connection.unregister("z_batch")
    if not columns:
        raise faults.empty(name, path.name)
    for key, column in zip(reader.keys, unique(list(reader.keys)), strict=True):
        if key in reader.numbers and key != "case:concept:name":
            _make_number(connection, name, column)
    warnings = []
    if reader.nested:
        warnings.append(
            say_plural(
                N_("{source}: {count} attribute inside another attribute was left out."),
                N_("{source}: {count} attributes inside other attributes were left out."),
                reader.nested,
                source=name,
            )
        )
    empty = [(0, "case_without_events", case) for case in reader.empty_traces]
    return Read(columns, empty), warnings


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


def _batches(name: str, path: Path, reader: _Reader) -> Iterator[pa.Table]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        with open_bytes(path) as file:
            while chunk := file.read(1 << 20):
                parser.Parse(chunk, False)
                if len(reader.events) >= _BATCH_EVENTS:
                    yield reader.cut()
            parser.Parse(b"", True)
    except (expat.ExpatError, OSError, EOFError, zlib.error) as error:
        raise faults.unreadable(name, path.name, error) from None
    if reader.events:
        yield reader.cut()
