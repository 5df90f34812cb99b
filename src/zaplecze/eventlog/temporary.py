"""A log for the length of a program, where nobody needs it on disk afterwards: notebooks."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from zaplecze.errors import InputError
from zaplecze.eventlog.importer import build
from zaplecze.eventlog.single import workspace_for
from zaplecze.eventlog.sql import literal
from zaplecze.eventlog.store import EventLog
from zaplecze.language import N_, say
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Workspace


class ArrowTable(Protocol):
    """A table of pandas, polars, DuckDB, pyarrow or anybody else who speaks Arrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rows as an Arrow stream."""


def read(
    source: Path | str | ArrowTable | Workspace,
    data: Path | str | None = None,
    *,
    progress: Progress = silent,
    **columns: Any,
) -> EventLog:
    """The event log in SOURCE, stored in a temporary folder until the program ends.

    SOURCE is a file of events or a table in memory, with COLUMNS as `workspace_for` takes them
    (``case=…, activity=…, time=…``), or a `Workspace` whose files lie in the folder DATA. Raises
    `InputError`, naming what to mend, for what cannot be read.
    """
    store = Path(tempfile.mkdtemp(dir=_room().name)) / "log"
    if isinstance(source, Workspace):
        if data is None:
            raise InputError(
                say(N_("A workspace needs the folder of its data. Give it as 'data'."))
            )
        return build(source, Path(data), store, progress)
    in_memory = not isinstance(source, str | Path)
    if not isinstance(source, str | Path):
        source = _written(source, store.with_name("table.parquet"))
    file = Path(source)
    return build(workspace_for(file, **columns, in_memory=in_memory), file.parent, store, progress)


@cache
def _room() -> tempfile.TemporaryDirectory[str]:
    """Where all of them lie; the cache keeps it until the program ends."""
    return tempfile.TemporaryDirectory()


def _written(table: ArrowTable, file: Path) -> Path:
    rows: Any = pa.RecordBatchReader.from_stream(table)
    with duckdb.connect() as connection:
        connection.register("rows", rows)
        connection.execute(f"COPY (SELECT * FROM rows) TO {literal(str(file))} (FORMAT parquet)")
    return file
