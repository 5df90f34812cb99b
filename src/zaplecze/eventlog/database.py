"""Queries that a database answers: SQLite, DuckDB, PostgreSQL, MySQL and MariaDB.

SQLite is read by Python itself and as text, because its columns have no types of their own; DuckDB
and PostgreSQL (through ADBC, the extra ``database``) keep the types of their columns. Of MySQL
(`zaplecze.eventlog.mysql`, in the same extra) numbers keep their types. All are read some rows at a
time; nothing is written to any of them.
"""

import re
import sqlite3
from collections.abc import Iterator
from os.path import normpath
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from zaplecze.errors import InputError
from zaplecze.eventlog import faults
from zaplecze.eventlog.separated import unique
from zaplecze.eventlog.sql import ident
from zaplecze.language import N_, say

_BATCH_ROWS = 50_000


def load(
    connection: duckdb.DuckDBPyConnection, name: str, query: str, url: str, data: Path
) -> None:
    """Read the answer of the database at URL to QUERY into the table NAME.

    Paths in URL are relative to the folder DATA, and inside it.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        _copy(connection, name, _sqlite(name, query, _path(name, rest, data)))
    elif scheme == "duckdb":
        _copy(connection, name, _duckdb(name, query, _path(name, rest, data)))
    elif scheme in ("postgresql", "postgres"):
        _copy(connection, name, _postgresql(name, query, url))
    elif scheme in ("mysql", "mariadb"):
        _copy(connection, name, _mysql(name, query, url))
    else:
        raise InputError(
            say(
                N_(
                    "[sources.{source}]: the database '{url}' is of an unknown kind. Write "
                    "'sqlite:///file.db', 'duckdb:///file.duckdb', 'postgresql://host/name' or "
                    "'mysql://host/name'."
                ),
                source=name, url=_without_password(url),
            )
        )  # fmt: skip


def _copy(
    connection: duckdb.DuckDBPyConnection, name: str, batches: Iterator[pa.RecordBatch]
) -> None:
    """Put BATCHES, the first of which may be empty, into the table NAME."""
    for number, batch in enumerate(batches):
        table = pa.Table.from_batches([batch])
        connection.register("z_rows", table.rename_columns(unique(table.column_names)))
        verb = f"INSERT INTO {ident(name)}" if number else f"CREATE TABLE {ident(name)} AS"
        connection.execute(f"{verb} SELECT * FROM z_rows")
        connection.unregister("z_rows")


def _path(name: str, rest: str, data: Path) -> Path:
    path = Path(normpath(data / rest.removeprefix("/")))
    if not path.is_relative_to(normpath(data)) or not path.is_file():
        raise faults.missing_file(name, path)
    return path


def _sqlite(name: str, query: str, path: Path) -> Iterator[pa.RecordBatch]:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    database.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        rows = database.execute(query.strip().rstrip(";"))
        schema = pa.schema([(column[0], pa.string()) for column in rows.description])
        yield pa.RecordBatch.from_pylist([], schema)
        while batch := rows.fetchmany(_BATCH_ROWS):
            arrays = [
                pa.array([_text(v) for v in each], pa.string()) for each in zip(*batch, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)
    except sqlite3.Error as error:
        raise _failed(name, error) from None
    finally:
        database.close()


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)


def _duckdb(name: str, query: str, path: Path) -> Iterator[pa.RecordBatch]:
    try:
        with duckdb.connect(
            str(path), read_only=True, config={"enable_external_access": False}
        ) as database:
            reader = database.execute(query).to_arrow_reader(_BATCH_ROWS)
            yield pa.RecordBatch.from_pylist([], reader.schema)
            yield from reader
    except duckdb.Error as error:
        raise _failed(name, error) from None


def _postgresql(name: str, query: str, url: str) -> Iterator[pa.RecordBatch]:
    try:
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise _no_driver(name, "PostgreSQL") from None
    try:
        database = dbapi.connect(url)
    except Error as error:
        raise _unreachable(name, url, faults.gist(error)) from None
    try:
        with database, database.cursor() as cursor:
            cursor.execute(query)
            reader = cursor.fetch_record_batch()
            yield pa.RecordBatch.from_pylist([], reader.schema)
            yield from reader
    except Error as error:
        raise _failed(name, error) from None


def _mysql(name: str, query: str, url: str) -> Iterator[pa.RecordBatch]:
    try:
        from zaplecze.eventlog import mysql
    except ImportError:
        raise _no_driver(name, "MySQL") from None
    try:
        database = mysql.connected(url)
    except mysql.Error as error:
        raise _unreachable(name, url, mysql.words(error)) from None
    try:
        yield from mysql.answer(database, query, _BATCH_ROWS)
    except mysql.Error as error:
        raise faults.failed_query(name, mysql.words(error)) from None
    finally:
        database.close()


def _no_driver(name: str, database: str) -> InputError:
    return InputError(
        say(
            N_(
                "[sources.{source}]: reading from {database} needs a driver that is not installed. "
                "Install it with: {command}"
            ),
            source=name, database=database, command="pip install 'zaplecze[database]'",
        )
    )  # fmt: skip


def _unreachable(name: str, url: str, error: str) -> InputError:
    return InputError(
        say(
            N_(
                "[sources.{source}]: the database '{url}' cannot be reached: {error}. "
                "Check the address, the user and the password."
            ),
            source=name, url=_without_password(url), error=_without_password(error),
        )
    )  # fmt: skip


def _failed(name: str, error: Exception) -> InputError:
    return faults.failed_query(name, _without_password(str(error)))


def _without_password(words: str) -> str:
    """WORDS with the password of every URL in them hidden."""
    return re.sub(r"(://[^:/@\s]+:)[^@\s]+@", r"\1…@", words)
