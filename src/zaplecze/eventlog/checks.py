"""Is a whole column unreadable? Then the workspace is wrong about it, not the rows."""

import datetime as dt

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.sources import Loaded
from zaplecze.language import N_, say

# With more than this share of a column's values unreadable, its format must be another one.
_WRONG_FORMAT_SHARE = 0.9

_DATES = (
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d.%m.%y",
    "%y%m%d",
)
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S")


def readable_times(connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column) -> None:
    """Raise `InputError`, proposing a format, when hardly any value of COLUMN reads as a time."""
    if not column.is_time:
        (unreadable,) = connection.execute(
            f"SELECT count({column.sql}) - count({casting.time(column)}) FROM {source.sql}"
        ).fetchall()[0]
        wrong_format(connection, source, column, unreadable)


def wrong_format(
    connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column, unreadable: int
) -> None:
    """Raise `InputError` when UNREADABLE values are nearly all that COLUMN has."""
    (values,) = connection.execute(f"SELECT count({column.sql}) FROM {source.sql}").fetchall()[0]
    if unreadable <= _WRONG_FORMAT_SHARE * values:
        return
    rows = connection.execute(
        f"SELECT {casting.text(column)} FROM {source.sql} WHERE {column.sql} IS NOT NULL LIMIT 500"
    ).fetchall()
    samples = [str(value) for (value,) in rows]
    proposed = _format_of(samples)
    if proposed:
        raise InputError(
            say(
                N_(
                    "sources.{source}: column '{column}' cannot be read as times, for example "
                    "'{value}'. Add time_format = \"{format}\" to the source."
                ),
                source=source.name, column=column.name, value=samples[0], format=proposed,
            )
        )  # fmt: skip
    raise InputError(
        say(
            N_(
                "sources.{source}: column '{column}' cannot be read as times, for example "
                "'{value}'. If these are times, say how they are written: "
                "time_format = \"…\", as in '%d.%m.%Y %H:%M:%S'."
            ),
            source=source.name, column=column.name, value=samples[0],
        )
    )  # fmt: skip


def _format_of(samples: list[str]) -> str | None:
    """The first usual format in which all SAMPLES can be read."""
    for date in _DATES:
        for clock in _CLOCKS:
            if all(_reads(value, date + clock) for value in samples):
                return date + clock
    return None


def _reads(value: str, format_: str) -> bool:
    try:
        dt.datetime.strptime(value.strip(), format_)  # noqa: DTZ007 - only the form is tried
    except ValueError:
        return False
    return True
