"""What the columns of one file turn out to be, once it is read: times, roles and attributes."""

from dataclasses import replace
from pathlib import Path

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting, faults
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.given import GivenFile
from zaplecze.eventlog.single import DEPARTMENT, LIFECYCLE, RESOURCE, START, TIME
from zaplecze.eventlog.sources import ALL, Loaded, format_of
from zaplecze.eventlog.sql import ident, literal, literals
from zaplecze.eventlog.staging import EVENT_COLUMNS
from zaplecze.eventlog.timeforms import possible_forms, sampled
from zaplecze.language import N_, Text, joined, say, say_plural
from zaplecze.workspace import RESERVED_NAMES, Attribute, Workspace

_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)"

# Roles that a column may have or not; the options are called like them.
_OPTIONAL = ("end", "resource", "department")

# Some tools write such words where nothing is known; no department and no person is called so.
_NOBODY = ["EMPTY", "MISSING", "NULL", "NIL", "N/A", "?", "-"]


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
        "event_id": block.id, "lifecycle": block.lifecycle,
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
    if block.lifecycle is None and _is_paired(connection, source):
        roles["lifecycle"] = LIFECYCLE
    block = block.model_copy(update=roles)
    used = {block.case or workspace.case.key, block.activity, block.time, block.end}
    used |= {block.resource, block.department, block.id, block.lifecycle}
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
