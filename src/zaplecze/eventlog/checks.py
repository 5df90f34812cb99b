"""Is hardly any value usable? Then the workspace is wrong about them, not the rows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.reasons import reason_text
from zaplecze.eventlog.sources import Loaded, format_of
from zaplecze.eventlog.timeforms import (
    WRONG_SHARE,
    forms_of,
    read_form,
    sampled,
    several_forms,
)
from zaplecze.language import LANGUAGES, N_, Text, say

# A single value may well be a slip.
FEWEST = 2

# With more than this share of its times in other forms than the usual ones of ISO, an import asks.
_MIXED_SHARE = 0.2

# By: is it one file without a workspace? Does the import stop?
_MIXED = {
    (True, True): N_(
        "{file}: the times of the column '{column}' are written in several ways: {forms}. "
        "{count} of {values} would be refused. To read them all, add {option}."
    ),
    (True, False): N_(
        "{file}: the times of the column '{column}' are written in several ways: {forms}. "
        "{count} of {values} were refused. To read them all, add {option}."
    ),
    (False, True): N_(
        "[sources.{source}]: the times of the column '{column}' in {file} are written in several "
        "ways: {forms}. {count} of {values} would be refused. To read them all, write "
        'time_format = "{format}".'
    ),
    (False, False): N_(
        "[sources.{source}]: the times of the column '{column}' in {file} are written in several "
        "ways: {forms}. {count} of {values} were refused. To read them all, write "
        'time_format = "{format}".'
    ),
}
_DOUBT = N_("Check first whether the day or the month stands first: these values do not tell.")

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
    """Raise `InputError` when UNREADABLE values are nearly all that COLUMN has, or in other forms.

    A few values in other forms are told among the warnings of SOURCE.
    """
    if source.is_part or not unreadable:
        return
    (values,) = connection.execute(f"SELECT count({column.sql}) FROM {source.sql}").fetchall()[0]
    row_id, value = connection.execute(
        f"SELECT s.rowid, {casting.text(column)} FROM {source.sql} "
        f"WHERE {column.sql} IS NOT NULL AND {casting.time(column)} IS NULL LIMIT 1"
    ).fetchall()[0]
    found: dict[str, Any] = {
        "source": source.name, "file": source.file, "column": column.name, "value": value,
        "row": source.row_number(row_id),
    }  # fmt: skip
    _tell_mixed(connection, source, column, values, unreadable)
    if unreadable <= WRONG_SHARE * values:
        return
    proposed = next(forms_of(sampled(connection, source, column, "true")), None)
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


def _tell_mixed(
    connection: duckdb.DuckDBPyConnection,
    source: Loaded,
    column: Column,
    values: int,
    unreadable: int,
) -> None:
    """Say in which forms the times of COLUMN are written, where that explains most of UNREADABLE.

    Raises `InputError` where these are many and nobody chose the form that is read.
    """
    others = several_forms(connection, source, column)
    read = read_form(connection, source, column)
    written = [read, *others] if read else others
    if len(written) < 2 or sum(each.values for each in others) <= WRONG_SHARE * unreadable:
        return
    together = casting.together(each.form for each in written)
    told: dict[str, Any] = {
        "source": source.name, "file": source.file, "column": column.name, "count": unreadable,
        "values": values, "format": together,
        "forms": "; ".join(f"'{w.example}' ({w.form}): {w.values}" for w in written),
    }  # fmt: skip
    if source.given is not None:
        told |= {"file": source.given.title, "option": source.given.option("time_format", together)}
    asks = column.time_format is None and unreadable > _MIXED_SHARE * values
    sentences = [say(_MIXED[source.given is not None, asks], **told)]
    if any(each.doubtful for each in others):
        sentences.append(say(_DOUBT))
    words = Text((lang, " ".join(each[lang] for each in sentences)) for lang in LANGUAGES)
    if asks:
        raise InputError(words)
    source.warnings.append(words)


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
    if source.is_part or found.refused < FEWEST or found.refused <= WRONG_SHARE * found.values:
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
    if reason == "no_case" and format_of(Path(source.file)) == "xes":
        return InputError(
            say(
                N_(
                    "{place}: nothing says which cases the {count} events of {file} belong to: they "
                    "stand in no trace, or their traces have no '{column}'. Choose an attribute that "
                    "names the case, or export the file again."
                ),
                **values,
            )
        )
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
