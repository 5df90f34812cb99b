"""Is hardly any value usable? Then the workspace is wrong about them, not the rows."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.reasons import reason_text
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import literal
from zaplecze.language import N_, Text, say

# With more than this share of a column's values refused, its format must be another one.
_WRONG_SHARE = 0.9

# A single value may well be a slip.
FEWEST = 2

# So many values are looked at for a format.
_SAMPLES = 500

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


REMEDIES = {
    "outside_scale": N_(
        "{place}: {count} of {values} values of the column '{column}' in {file} lie outside the "
        "scale from {low} to {high}, for example '{value}' in row {row}. Which scale do the "
        "answers have? Correct 'scale', or choose another 'column'."
    ),
    "unreadable_number": N_(
        "{place}: {count} of {values} values of the column '{column}' in {file} are no numbers, "
        "for example '{value}' in row {row}. Choose another 'column', or say with 'decimal' of "
        "the source which mark its numbers have."
    ),
    "unknown_value": N_(
        "{place}: {count} of {values} values of the column '{column}' in {file} are neither a yes "
        "nor a no, for example '{value}' in row {row}. Say which values mean yes: yes = [\"…\"]."
    ),
}


def readable_times(connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column) -> None:
    """Raise `InputError`, proposing a format, when hardly any value of COLUMN reads as a time."""
    if not source.is_part and not column.is_time:
        (unreadable,) = connection.execute(
            f"SELECT count({column.sql}) - count({casting.time(column)}) FROM {source.sql}"
        ).fetchall()[0]
        wrong_format(connection, source, column, unreadable)


def wrong_format(
    connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column, unreadable: int
) -> None:
    """Raise `InputError` when UNREADABLE values are nearly all that COLUMN has."""
    if source.is_part:
        return
    (values,) = connection.execute(f"SELECT count({column.sql}) FROM {source.sql}").fetchall()[0]
    if unreadable <= _WRONG_SHARE * values:
        return
    rows = connection.execute(
        f"SELECT s.rowid, {casting.text(column)} FROM {source.sql} "
        f"WHERE {column.sql} IS NOT NULL LIMIT {_SAMPLES}"
    ).fetchall()
    samples = [str(value) for _, value in rows]
    found: dict[str, Any] = {
        "source": source.name, "file": source.file, "column": column.name, "value": samples[0],
        "row": source.row_number(rows[0][0]),
    }  # fmt: skip
    proposed = next(formats_of(samples), None)
    if source.given is not None:
        option = source.given.option("time_format", proposed or "%d.%m.%Y %H:%M:%S")
        found |= {"file": source.given.title, "option": option}
        sentence = (
            N_(
                "{file}: column '{column}' cannot be read as times, for example '{value}' in row "
                "{row}. Add {option}."
            )
            if proposed
            else N_(
                "{file}: column '{column}' cannot be read as times, for example '{value}' in row "
                "{row}. If these are times, say how they are written, as in {option}."
            )
        )
        raise InputError(say(sentence, **found))
    if proposed:
        raise InputError(
            say(
                N_(
                    "[sources.{source}]: column '{column}' cannot be read as times, for example "
                    "'{value}' in row {row} of {file}. Add time_format = \"{format}\" to the source."
                ),
                format=proposed, **found,
            )
        )  # fmt: skip
    raise InputError(
        say(
            N_(
                "[sources.{source}]: column '{column}' cannot be read as times, for example "
                "'{value}' in row {row} of {file}. If these are times, say how they are written: "
                "time_format = \"…\", as in '%d.%m.%Y %H:%M:%S'."
            ),
            **found,
        )
    )


@dataclass(frozen=True)
class Refusals:
    """How many of a column's values were refused, and the first of them with its reason."""

    values: int
    refused: int
    row_id: int
    value: str
    reason: str


def usable_values(
    source: Loaded, place: Text, column: Column, found: Refusals, scale: tuple[float, float] | None
) -> None:
    """Raise `InputError`, with what may be meant, when nearly all values of COLUMN were refused."""
    if source.is_part or found.refused < FEWEST or found.refused <= _WRONG_SHARE * found.values:
        return
    low, high = scale or (0, 0)
    raise InputError(
        say(
            REMEDIES[found.reason],
            place=place, column=column.name, file=source.file, value=found.value,
            row=source.row_number(found.row_id), count=found.refused, values=found.values,
            low=f"{low:g}", high=f"{high:g}",
        )
    )  # fmt: skip


def all_refused(
    source: Loaded, place: Text, reason: str, rows: int, row_id: int,
    column: Column | None, value: str | None,
) -> InputError:  # fmt: skip
    """All ROWS that PLACE describes are refused for one REASON, the first of them at ROW_ID."""
    values: dict[str, Any] = {
        "place": place, "count": rows, "file": source.file, "row": source.row_number(row_id),
        "column": column.name if column else "–", "value": value or "",
    }  # fmt: skip
    if reason == "end_before_start":
        return InputError(
            say(
                N_(
                    "{place}: in {file} no step ends after it starts, and {count} end before, for "
                    "example in row {row}, where the column '{column}' has '{value}'. Are the "
                    "columns of start and end exchanged?"
                ),
                **values,
            )
        )
    return InputError(
        say(
            N_(
                "{place}: every one of {count} rows of {file} is refused for the same reason. "
                "{reason} The first is row {row}, where the column '{column}' has '{value}'. "
                "Check that the columns named there are the right ones."
            ),
            reason=reason_text(reason), **values,
        )
    )  # fmt: skip


def nothing_belongs(
    source: Loaded, place: Text, column: Column, values: list[str], keys: list[str]
) -> InputError:
    """No row of SOURCE belongs to a case: VALUES of its COLUMN are none of the cases' KEYS."""
    return InputError(
        say(
            N_(
                "{place}: no row of {file} belongs to a case. Its column '{column}' has values "
                "like {values}, and the cases have {keys}. Choose with 'on' the column that names "
                "the case, or correct 'key' of [case]."
            ),
            place=place, file=source.file, column=column.name,
            values=_quoted(values), keys=_quoted(keys),
        )
    )  # fmt: skip


def _quoted(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values) or "–"


def settled_format(
    connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column
) -> str | None:
    """The one usual format in which the texts of COLUMN are times; None where several may be meant.

    None, too, where they read as times already. Day and month are told apart by days after the
    twelfth; years of two digits tell nothing.
    """
    values, times = connection.execute(
        f"SELECT count({column.sql}), count({casting.time(column)}) "
        f"FROM (FROM {source.sql} WHERE {column.sql} IS NOT NULL LIMIT {_SAMPLES}) s"
    ).fetchall()[0]
    if values - times <= _WRONG_SHARE * values:
        return None
    rows = connection.execute(
        f"SELECT {casting.text(column)} FROM {source.sql} "
        f"WHERE {column.sql} IS NOT NULL LIMIT {_SAMPLES}"
    ).fetchall()
    possible = set(formats_of([value for (value,) in rows]))
    if not possible or any("%y" in each for each in possible):
        return None
    possible |= {_swapped(each) for each in possible if not each.startswith("%Y")}
    in_order = sorted(possible)
    counts = connection.execute(
        "SELECT "
        + ", ".join(
            f"count(try_strptime({casting.text(column)}, {literal(each)}))" for each in in_order
        )
        + f" FROM {source.sql}"
    ).fetchall()[0]
    best = max(counts)
    fitting = [each for each, count in zip(in_order, counts, strict=True) if count == best]
    return fitting[0] if len(fitting) == 1 else None


def _swapped(format_: str) -> str:
    """FORMAT with the day and the month exchanged."""
    return format_.translate(str.maketrans("dm", "md"))


def formats_of(samples: list[str]) -> Iterator[str]:
    """The usual formats in which all SAMPLES can be read, the most usual ones first."""
    for date in _DATES:
        for clock in _CLOCKS:
            if all(_reads(value, date + clock) for value in samples):
                yield date + clock


def _reads(value: str, format_: str) -> bool:
    try:
        dt.datetime.strptime(value.strip(), format_)  # noqa: DTZ007 - only the form is tried
    except ValueError:
        return False
    return True
