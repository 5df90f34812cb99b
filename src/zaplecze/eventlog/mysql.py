"""Queries that MySQL or MariaDB answers, through PyMySQL (the extra ``database``).

Numbers keep their types; everything else is read as the text that the server sends, so that values
such as ``0000-00-00`` are refused and listed like any other that cannot be read.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pymysql
from pymysql.constants import FIELD_TYPE
from pymysql.converters import encoders
from pymysql.cursors import SSCursor

Error = pymysql.MySQLError

_PORT = 3306
_PATIENCE_SECONDS = 10

_TYPES = dict.fromkeys(
    (FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.INT24, FIELD_TYPE.LONG, FIELD_TYPE.YEAR),
    pa.int64(),
) | {
    # Without a sign it can be larger than a signed one of eight bytes.
    FIELD_TYPE.LONGLONG: pa.decimal128(20, 0),
    FIELD_TYPE.FLOAT: pa.float64(),
    FIELD_TYPE.DOUBLE: pa.float64(),
    FIELD_TYPE.DECIMAL: pa.float64(),
    FIELD_TYPE.NEWDECIMAL: pa.float64(),
}


def connected(url: str) -> "pymysql.Connection[SSCursor]":
    """A connection that reads only, to the database at URL: ``mysql://user:password@host:port/name``.

    Raises `Error` where none can be had.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or _PORT
    except ValueError as error:
        raise Error(str(error)) from None
    return pymysql.connect(
        host=parts.hostname or "localhost",
        port=port,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        database=unquote(parts.path.strip("/")) or None,
        charset="utf8mb4",
        # No text is made anything else on the way.
        conv=dict(encoders),
        cursorclass=SSCursor,
        connect_timeout=_PATIENCE_SECONDS,
        init_command="SET SESSION TRANSACTION READ ONLY",
    )


def answer(
    database: "pymysql.Connection[SSCursor]", query: str, batch_rows: int
) -> Iterator[pa.RecordBatch]:
    """What DATABASE answers to QUERY, BATCH_ROWS at a time; the first batch is empty.

    The rows are fetched from the server as they are asked for. Raises `Error` for a query that fails.
    """
    with database.cursor() as rows:
        rows.execute(query.strip().rstrip(";"))
        described = rows.description or ()
        schema = pa.schema([(each[0], _TYPES.get(each[1], pa.string())) for each in described])
        yield pa.RecordBatch.from_pylist([], schema)
        while batch := rows.fetchmany(batch_rows):
            yield pa.RecordBatch.from_arrays(
                [
                    pa.array([_text(value) for value in column], pa.string()).cast(field.type)
                    for field, column in zip(schema, zip(*batch, strict=True), strict=True)
                ],
                schema=schema,
            )


def words(error: Exception) -> str:
    """What the server says, without its number."""
    return str(error.args[-1] if error.args else error).rstrip(".")


def _text(value: Any) -> str | None:
    return value.hex() if isinstance(value, bytes) else value
