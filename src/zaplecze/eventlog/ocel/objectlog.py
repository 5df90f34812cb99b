"""An object-centric log, opened: from a file, from a store, or made of a log of cases."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from zaplecze.eventlog.faults import gist
from zaplecze.eventlog.ocel import keeping
from zaplecze.eventlog.ocel.fromcases import fill_from_cases
from zaplecze.eventlog.ocel.reading import read
from zaplecze.eventlog.store import EventLog, damaged
from zaplecze.language import Text
from zaplecze.workspace import Source


@dataclass(frozen=True)
class ObjectLog:
    """Events that belong to objects; close it when it is no longer needed.

    ``connection`` is a private DuckDB with the tables that `keeping` describes; ``of_cases`` says
    that the objects are the cases of a log that has no others.
    """

    name: Text
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    warnings: list[Text] = field(default_factory=list)
    of_cases: bool = False

    def close(self) -> None:
        """Let go of the memory; the log cannot be used again afterwards."""
        self.connection.close()


def open_objects(log: EventLog | Path, time_zone: str = "UTC") -> ObjectLog:
    """The objects of LOG: an OCEL file, a store that was made of one, or any other log.

    A log without objects is one in which every case is an object of the type ``case``. Times of a
    file without a zone are clock times of TIME_ZONE. Raises `InputError` when the file or the store
    is damaged.
    """
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    if isinstance(log, Path):
        return _of_file(connection, log, time_zone)
    name = log.info.name
    if not log.info.objects:
        fill_from_cases(connection, log)
        return ObjectLog(name, connection, of_cases=True)
    try:
        keeping.read_stored(connection, log.folder)
    except duckdb.Error as error:
        raise damaged(log.folder, keeping.FOLDER, gist(error)) from None
    return ObjectLog(name, connection)


def _of_file(connection: duckdb.DuckDBPyConnection, path: Path, zone: str) -> ObjectLog:
    connection.execute("CREATE SCHEMA z")
    tables = read(connection, path)
    warnings = keeping.keep(connection, tables, Source(file=path.name), zone)
    tables.drop()
    return ObjectLog(Text.same(path.name.lstrip(".").split(".")[0]), connection, warnings)
