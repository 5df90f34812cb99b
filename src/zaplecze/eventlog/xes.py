"""XES logs, read as a stream: one row an event.

An attribute of the trace becomes the column ``case:<key>`` (``case:concept:name`` is the case),
one of the event the column ``<key>`` (``concept:name``, ``time:timestamp``, ``org:resource``…).
Numbers, times and the rest arrive as texts and are read when they are used. Attributes inside
attributes are left out and counted; the defaults of ``<global>`` are not filled in, so an absent
attribute is a missing value.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import duckdb
import pyarrow as pa

from zaplecze.eventlog import faults
from zaplecze.eventlog.separated import Read, open_bytes
from zaplecze.eventlog.sql import ident
from zaplecze.language import N_, Text, say_plural

_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_CONTAINERS = frozenset({"list", "container", "values"})
_BATCH_EVENTS = 50_000


class _Reader:
    """Turns the parser's calls into columns; missing values are filled up when a batch is cut."""

    def __init__(self) -> None:
        self.columns: dict[str, list[str | None]] = {}
        self.events = 0
        self.nested = 0
        self.empty_traces: list[str] = []
        self._trace: dict[str, str] = {}
        self._event: dict[str, str] | None = None
        self._in_trace = False
        self._trace_events = 0
        self._depth = 0
        self._ignored_depth = 0

    def start(self, tag: str, values: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "event":
            self._event = {}
        elif tag == "trace":
            self._in_trace, self._trace, self._trace_events = True, {}, 0
        elif tag in _VALUES or tag in _CONTAINERS:
            self._depth += 1
            if self._depth > 1 or tag in _CONTAINERS:
                self.nested += self._in_trace and tag in _VALUES
            elif self._event is not None:
                self._event[values.get("key", "")] = values.get("value", "")
            elif self._in_trace:
                self._trace["case:" + values.get("key", "")] = values.get("value", "")

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "event" and self._event is not None:
            self._store(self._event)
            self._event = None
        elif tag == "trace":
            if self._trace_events == 0:
                self.empty_traces.append(self._trace.get("case:concept:name", ""))
            self._in_trace = False
        elif tag in _VALUES or tag in _CONTAINERS:
            self._depth -= 1

    def _store(self, event: dict[str, str]) -> None:
        for values in (self._trace, event):
            for key, value in values.items():
                column = self.columns.setdefault(key, [])
                column.extend([None] * (self.events - len(column)))
                column.append(value or None)
        self.events += 1
        self._trace_events += 1

    def cut(self) -> pa.Table:
        """The events since the last cut, as a table."""
        arrays = {}
        for key, column in self.columns.items():
            column.extend([None] * (self.events - len(column)))
            arrays[key] = pa.array(column, pa.string())
            column.clear()
        self.events = 0
        return pa.table(arrays)


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


def _batches(name: str, path: Path, reader: _Reader) -> Iterator[pa.Table]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        with open_bytes(path) as file:
            while chunk := file.read(1 << 20):
                parser.Parse(chunk, False)
                if reader.events >= _BATCH_EVENTS:
                    yield reader.cut()
            parser.Parse(b"", True)
    except (expat.ExpatError, OSError, EOFError, zlib.error) as error:
        raise faults.unreadable(name, path.name, error) from None
    if reader.events:
        yield reader.cut()
