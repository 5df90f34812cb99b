"""A workspace for one file, when nobody wrote one."""

import csv
import io
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from zaplecze.errors import InputError
from zaplecze.eventlog import casting, faults
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.given import GivenFile
from zaplecze.eventlog.separated import encoding_of, open_bytes, sniffed, unique
from zaplecze.eventlog.sources import ALL, Loaded, format_of, is_object_centric
from zaplecze.eventlog.sql import ident, literal, literals
from zaplecze.eventlog.staging import EVENT_COLUMNS
from zaplecze.eventlog.timeforms import possible_forms, sampled
from zaplecze.language import N_, Text, joined, say, say_plural
from zaplecze.workspace import (
    RESERVED_NAMES,
    Attribute,
    CaseTable,
    Events,
    Workspace,
)

CASE, ACTIVITY, TIME, START = (
    "case:concept:name", "concept:name", "time:timestamp", "start_timestamp",
)  # fmt: skip
RESOURCE, DEPARTMENT, LIFECYCLE = "org:resource", "org:group", "lifecycle:transition"

_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)"

# Roles that a column may have or not; the options are called like them.
_OPTIONAL = ("end", "resource", "department")

# Some tools write such words where nothing is known; no department and no person is called so.
_NOBODY = ["EMPTY", "MISSING", "NULL", "NIL", "N/A"]

_STANDARD = {"case": CASE, "activity": ACTIVITY, "time": TIME}


def workspace_for(
    file: Path,
    *,
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    end: str | None = None,
    resource: str | None = None,
    department: str | None = None,
    object_type: str | None = None,
    time_zone: str = "UTC",
    encoding: str = "utf-8",
    time_format: str | None = None,
    decimal: str = ".",
    in_memory: bool = False,
) -> Workspace:
    """A workspace that reads FILE, a row an event, from these columns.

    The source is called ``log`` and lies in FILE's own folder. XES says itself what its columns
    are, and so does a table with the column names of XES, as `export` writes them; for others
    `InputError` names what is missing. All other columns are kept as attributes of the events, or
    of the cases where their names begin with ``case:``. A folder raises `InputError` too. OCEL
    needs an OBJECT_TYPE, whose objects become the cases; times without a zone are clock times of
    TIME_ZONE, which raises it where there is none of that name. ENCODING, TIME_FORMAT and DECIMAL, the mark of numbers, are as
    in a workspace. With IN_MEMORY, FILE holds a table of the program, and messages say so.
    """
    _check_zone(time_zone)
    given_file = GivenFile(
        file=file.name,
        encoding=encoding,
        time_format=time_format,
        decimal=_mark(decimal),
        object_type=object_type,
        in_memory=in_memory,
        object_centric=case is None and is_object_centric(file),
    )
    if file.is_dir():
        raise InputError(
            say(
                N_(
                    "{file}: this is a folder. Name one file of events in it, or the workspace "
                    "file that describes them all."
                ),
                file=str(file),
            )
        )
    header = set(_header(file, encoding))
    standard = (
        given_file.object_centric or format_of(file) == "xes" or set(_STANDARD.values()) <= header
    )
    named = _named(given_file, standard, {"case": case, "activity": activity, "time": time})
    used = {*named.values(), end, resource, department}
    block = Events(
        source="log",
        activity=named["activity"],
        time=named["time"],
        end=end,
        resource=resource,
        department=department,
        # A cluster deals out files of which nothing else is to be kept.
        attributes=[] if header and header <= used else ALL,
    )
    return Workspace(
        name=Text.same(given_file.title.lstrip(".").split(".")[0]),
        time_zone=time_zone,
        sources={"log": given_file},
        case=CaseTable(key=named["case"]),
        events=[block],
    )


def _named(given_file: GivenFile, standard: bool, columns: dict[str, str | None]) -> dict[str, str]:
    """The column of every role: the given one or, where the file is STANDARD, the one of XES."""
    named = {
        role: column or _STANDARD[role]
        for role, column in columns.items()
        if column is not None or standard
    }
    missing = [given_file.name_of(role) for role in columns if role not in named]
    if missing:
        raise InputError(
            say(
                N_(
                    "{file}: the file does not say which columns are meant. "
                    "Give {options} with the names of its columns."
                ),
                file=given_file.title, options=" ".join(missing),
            )
        )  # fmt: skip
    return named


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(
            say(
                N_("--time-zone: there is no time zone '{name}'. Write one like Europe/Warsaw or UTC."),
                name=name,
            )
        ) from None  # fmt: skip


def _mark(decimal: str) -> Literal[".", ","]:
    match decimal:
        case "." | ",":
            return decimal
    raise InputError(
        say(N_("--decimal: '{value}' is no decimal mark. Write a point or a comma."), value=decimal)
    )


def settled(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> Workspace:
    """WORKSPACE with what only the rows of SOURCES tell, where one file was given without one.

    What is found out or left out is added to the warnings of the source. Raises `InputError` for
    columns that the file does not have, naming the option.
    """
    for source in sources.values():
        if source.given is not None:
            _check_columns(workspace, source, source.given)
            if source.given.settles_times and source.given.time_format is None:
                _settle_times(connection, workspace, source, source.given)
    if len(sources) != 1 or [block.attributes for block in workspace.events] != [ALL]:
        return workspace
    (source,) = sources.values()
    workspace, left_out = _completed(connection, workspace, source)
    source.warnings.extend(left_out)
    return workspace


def _check_columns(workspace: Workspace, source: Loaded, given: GivenFile) -> None:
    (block,) = workspace.events
    roles = {
        "case": workspace.case.key, "activity": block.activity, "time": block.time,
        "end": block.end, "resource": block.resource, "department": block.department,
    }  # fmt: skip
    for role, column in roles.items():
        if column is not None and column not in source.columns:
            name = given.name_of(role)
            raise faults.missing_in_given(name, given.title, column, source.known)


def _settle_times(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, source: Loaded, given: GivenFile
) -> None:
    """Read times in the only form that they can have, and say in which.

    Raises `InputError` where the day and the month might be exchanged, naming every such column.
    """
    (block,) = workspace.events
    columns = [source.columns[name] for name in (block.time, block.end) if name in source.columns]
    possible = {each: possible_forms(connection, source, each) for each in columns}
    sure = {forms[0] for forms in possible.values() if len(forms) == 1}
    for column, forms in possible.items():
        # Nobody writes two columns of one file in two orders.
        possible[column] = [form for form in forms if form in sure] or forms
    if any(len(forms) > 1 for forms in possible.values()):
        raise _ambiguous(connection, source, given, possible)
    for column, forms in possible.items():
        if not forms:
            continue
        source.columns[column.name] = replace(column, time_format=forms[0])
        source.warnings.append(
            say(
                N_(
                    "{file}: the times of the column '{column}' are read as {format}. If they are "
                    "written in another way, add {option}."
                ),
                file=given.title, column=column.name, format=forms[0],
                option=given.option("time_format", "…"),
            )
        )  # fmt: skip


def _ambiguous(
    connection: duckdb.DuckDBPyConnection,
    source: Loaded,
    given: GivenFile,
    possible: dict[Column, list[str]],
) -> InputError:
    """Which columns can be read in two ways, and how each is chosen for the whole file."""
    doubtful = [column for column, forms in possible.items() if len(forms) > 1]
    by_first = {
        first: casting.together(
            next((form for form in forms if form.startswith(first)), forms[0])
            if forms
            else casting.ISO_FORM
            for forms in possible.values()
        )
        for first in ("%d", "%m")
    }
    (value,) = sampled(connection, source, doubtful[0], "true")[:1]
    return InputError(
        say(
            N_(
                "{file}: it cannot be told whether the day or the month stands first in the times of "
                "{columns}, for example '{value}'. Where it is the day, add {day_first}; where it is "
                "the month, add {month_first}."
            ),
            file=given.title,
            columns=joined([Text.same(f"'{column.name}'") for column in doubtful]),
            value=value,
            day_first=given.option("time_format", by_first["%d"]),
            month_first=given.option("time_format", by_first["%m"]),
        )
    )


def _completed(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, source: Loaded
) -> tuple[Workspace, list[Text]]:
    """WORKSPACE with what the columns of its SOURCE are, going by the names of the standard.

    Returns what could not be kept, too.
    """
    (block,) = workspace.events
    roles: dict[str, str | None] = {
        "resource": block.resource or _there(source, RESOURCE),
        "department": block.department or _there(source, DEPARTMENT),
    }
    if block.time == TIME and block.end is None and START in source.columns:
        roles |= {"time": START, "end": TIME}
    if _is_paired(connection, source):
        roles["lifecycle"] = LIFECYCLE
    block = block.model_copy(update=roles)
    used = {block.case or workspace.case.key, block.activity, block.time, block.end}
    used |= {block.resource, block.department, block.lifecycle}
    rest = [name for name in source.columns if name not in used]
    of_case = {n: n.removeprefix("case:") for n in rest if n.startswith("case:")}
    of_events = [name for name in rest if name not in of_case]
    taken = [n for n in of_events if n.casefold() in EVENT_COLUMNS]
    taken += [n for n, name in of_case.items() if name.casefold() in RESERVED_NAMES]
    for name in rest:
        _make_times(connection, source, name)
    # What a typed format calls a text is none of the numbers that it looks like.
    typed = format_of(Path(source.file)) in ("xes", "ocel", "parquet")
    attributes = {
        name: Attribute(
            column=column,
            kind="category" if typed and source.columns[column].type == "VARCHAR" else None,
        )
        for column, name in of_case.items()
        if column not in taken
    }
    block = block.model_copy(update={"attributes": [n for n in of_events if n not in taken]})
    warnings = [_left_out(source, name) for name in taken]
    for role in ("resource", "department"):
        warnings += _without_nobody(connection, source, roles[role])
    update = {"events": [block], "attributes": attributes | workspace.attributes}
    return workspace.model_copy(update=update), warnings


def _left_out(source: Loaded, column: str) -> Text:
    if source.given is not None and column.casefold() in _OPTIONAL:
        option = source.given.option(column.casefold(), column)
        return say(
            N_(
                "{file}: the column '{column}' has a name that the event log uses itself, and was "
                "left out. If it means that here, add {option}; if not, rename it."
            ),
            file=source.file, column=column, option=option,
        )  # fmt: skip
    return say(
        N_(
            "{file}: the column '{column}' has a name that the event log uses itself, and was "
            "left out. Rename it to keep it."
        ),
        file=source.file, column=column,
    )  # fmt: skip


def _without_nobody(
    connection: duckdb.DuckDBPyConnection, source: Loaded, name: str | None
) -> list[Text]:
    """Make words that stand for nobody missing values of the column NAME, and say how many."""
    if name is None or source.columns[name].type != "VARCHAR":
        return []
    (changed,) = connection.execute(
        f"UPDATE {ident(source.name)} SET {ident(name)} = NULL "
        f"WHERE {ident(name)} IN {literals(_NOBODY)}"
    ).fetchall()[0]
    if not changed:
        return []
    return [
        say_plural(
            N_(
                "{file}: {count} value of the column '{column}' says only that nothing is known "
                "there ({words}). It is read as missing."
            ),
            N_(
                "{file}: {count} values of the column '{column}' say only that nothing is known "
                "there ({words}). They are read as missing."
            ),
            changed,
            file=source.file, column=name, words=", ".join(_NOBODY),
        )
    ]  # fmt: skip


def _make_times(connection: duckdb.DuckDBPyConnection, source: Loaded, name: str) -> None:
    """Give the column NAME the type of times if all its texts are instants with an offset."""
    column = source.columns[name]
    if column.type != "VARCHAR":
        return
    table, value = ident(source.name), ident(name)
    time = f"TRY_CAST({value} AS TIMESTAMPTZ)"
    is_time = f"regexp_full_match({value}, {literal(_INSTANT)}) AND {time} IS NOT NULL"
    there = f"FROM {table} WHERE {value} IS NOT NULL"
    # The first value nearly always settles it.
    for rows in (f"(SELECT {value} {there} LIMIT 1)", f"(SELECT {value} {there})"):
        if connection.execute(f"SELECT bool_and({is_time}) FROM {rows}").fetchall() != [(True,)]:
            return
    connection.execute(f"ALTER TABLE {table} ALTER {value} TYPE TIMESTAMPTZ USING {time}")
    source.columns[name] = replace(column, type="TIMESTAMP WITH TIME ZONE")


def _there(source: Loaded, name: str) -> str | None:
    return name if name in source.columns else None


def _is_paired(connection: duckdb.DuckDBPyConnection, source: Loaded) -> bool:
    """Does SOURCE tell starts from completions, and nothing else?"""
    if LIFECYCLE not in source.columns:
        return False
    words = casting.text(source.columns[LIFECYCLE])
    found = connection.execute(f"SELECT DISTINCT lower({words}) FROM {source.sql}").fetchall()
    return {word for (word,) in found} == {"start", "complete"}


def _header(file: Path, encoding: str) -> list[str]:
    """The names of FILE's columns; none where they cannot be read, which the import will tell."""
    try:
        match format_of(file):
            case "separated":
                found = encoding_of(encoding, file)
                found = "utf-8-sig" if found.casefold() in ("utf-8", "utf8") else found
                with io.TextIOWrapper(open_bytes(file), found, "replace") as lines:
                    first = lines.readline(1 << 16)
                return unique(next(csv.reader([first], delimiter=sniffed(first)), []))
            case "parquet":
                return list(pq.read_schema(file).names)
    except (OSError, EOFError, LookupError, csv.Error, zlib.error, pa.ArrowInvalid):
        pass
    return []
