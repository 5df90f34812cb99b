"""In which usual forms are the texts of a column times?"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import ISO_FORM, Column
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import literal

# So many values are looked at for a form.
SAMPLES = 500

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
_FORMS = [date + clock for date in _DATES for clock in _CLOCKS]

# With more than this share of its values unreadable, a column has another form than was thought.
WRONG_SHARE = 0.9


@dataclass(frozen=True)
class Written:
    """How many values of a column are written in a FORM, with one of them.

    ``doubtful`` says that the day and the month might as well be exchanged in all of them.
    """

    form: str
    values: int
    example: str
    doubtful: bool = False


def forms_of(samples: list[str]) -> Iterator[str]:
    """The usual forms in which all SAMPLES can be read, the most usual ones first."""
    return (form for form in _FORMS if all(_reads(value, form) for value in samples))


def swapped(form: str) -> str:
    """FORM with the day and the month exchanged."""
    return form.translate(str.maketrans("dm", "md"))


def possible_forms(
    connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column
) -> list[str]:
    """The usual forms in which as many texts of COLUMN as can be are times; day before month first.

    None where they read as times already, or are no times. Day and month are told apart by days
    after the twelfth; years of two digits tell nothing.
    """
    values, times = connection.execute(
        f"SELECT count({column.sql}), count({casting.time(column)}) "
        f"FROM (FROM {source.sql} WHERE {column.sql} IS NOT NULL LIMIT {SAMPLES}) s"
    ).fetchall()[0]
    if values - times <= WRONG_SHARE * values:
        return []
    possible = set(forms_of(sampled(connection, source, column, "true")))
    if any("%y" in each for each in possible):
        return []
    possible |= {swapped(each) for each in possible if not each.startswith("%Y")}
    if not possible:
        return []
    in_order = sorted(possible)
    counts = connection.execute(
        "SELECT "
        + ", ".join(
            f"count(try_strptime({casting.text(column)}, {literal(each)}))" for each in in_order
        )
        + f" FROM {source.sql}"
    ).fetchall()[0]
    return [each for each, count in zip(in_order, counts, strict=True) if count == max(counts)]


def several_forms(
    connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column
) -> list[Written]:
    """The usual forms of those texts of COLUMN that do not read as times, most frequent first."""
    unread = f"{casting.time(column)} IS NULL"
    forms = _covering(sampled(connection, source, column, unread))
    if not forms:
        return []
    text = casting.text(column)
    reads = f"try_strptime({text}, {{}}) IS NOT NULL".format
    which = " ".join(f"WHEN {reads(literal(form))} THEN {n}" for n, form in enumerate(forms))
    other = " ".join(
        f"WHEN {reads(literal(form))} THEN {reads(literal(swapped(form)))}" for form in forms
    )
    rows = connection.execute(
        f"SELECT CASE {which} END AS form, count(*), arg_min({text}, s.rowid), bool_and(CASE {other} END) "
        f"FROM {source.sql} WHERE {column.sql} IS NOT NULL AND {unread} GROUP BY form"
    ).fetchall()
    found = [
        Written(forms[form], count, example, swaps and forms[form].startswith(("%d", "%m")))
        for form, count, example, swaps in rows
        if form is not None
    ]
    return sorted(found, key=lambda each: (-each.values, each.form))


def read_form(
    connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column
) -> Written | None:
    """How many texts of COLUMN read as times, in the form that it is said to have."""
    (count, example) = connection.execute(
        f"SELECT count(*), arg_min({casting.text(column)}, s.rowid) FROM {source.sql} "
        f"WHERE {casting.time(column)} IS NOT NULL"
    ).fetchall()[0]
    return Written(column.time_format or ISO_FORM, count, example) if count else None


def sampled(
    connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column, condition: str
) -> list[str]:
    """The first texts of COLUMN for which CONDITION holds."""
    rows = connection.execute(
        f"SELECT {casting.text(column)} FROM {source.sql} "
        f"WHERE {column.sql} IS NOT NULL AND {condition} LIMIT {SAMPLES}"
    ).fetchall()
    return [value for (value,) in rows]


def _covering(samples: list[str]) -> list[str]:
    """Forms that together read SAMPLES: each reads most of what those before it leave."""
    left, forms = samples, []
    while left:
        counts = {form: sum(_reads(value, form) for value in left) for form in _FORMS}
        best = max(_FORMS, key=lambda form: counts[form])
        if not counts[best]:
            break
        forms.append(best)
        left = [value for value in left if not _reads(value, best)]
    return forms


def _reads(value: str, form: str) -> bool:
    try:
        dt.datetime.strptime(value.strip(), form)  # noqa: DTZ007 - only the form is tried
    except ValueError:
        return False
    return True
