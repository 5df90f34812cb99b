"""What the workspace joins to its cases: attributes, due times, outcomes, with names checked."""

from dataclasses import dataclass
from typing import Any

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.checks import readable_times
from zaplecze.eventlog.faults import place_of
from zaplecze.eventlog.kinds import kind_of, value_of
from zaplecze.eventlog.sources import Loaded
from zaplecze.language import N_, Text, say
from zaplecze.workspace import (
    RESERVED_NAMES,
    Attribute,
    Due,
    Joined,
    Outcome,
    Workspace,
    table_header,
)

Where = tuple[str, ...]
"""The tables of the workspace file that lead to a key."""

Keys = str | tuple[tuple[str, str], ...]
"""The column that holds the case's key, or pairs of a source's column and one of the case's."""


@dataclass(frozen=True)
class Item:
    """One value of the case: where it comes from and how its rows become one."""

    name: str
    where: Where
    source: str
    on: Keys
    column: Column | None
    kind: str
    value: str
    fault: tuple[str, str] | None
    aggregate: str | None
    time: Column | None = None
    scale: tuple[float, float] | None = None

    @property
    def counts_rows(self) -> bool:
        """Is a case without rows a zero rather than unknown?"""
        return self.aggregate in ("count", "distinct", "exists")


def items_of(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> list[Item]:
    """Everything that the workspace joins to its cases, in its order."""
    _check_names([*workspace.attributes, *workspace.outcomes])
    items = [
        _attribute(connection, workspace, sources, name, attribute)
        for name, attribute in workspace.attributes.items()
    ]
    items += [
        _due(connection, workspace, sources, activity, step.due)
        for activity, step in workspace.steps.items()
        if step.due
    ]
    items += [
        _outcome(connection, workspace, sources, name, outcome)
        for name, outcome in workspace.outcomes.items()
        if not outcome.is_throughput
    ]
    return items


def _check_names(names: list[str]) -> None:
    """Columns of the cases table are equal where they differ in capitals only."""
    taken = {name.casefold() for name in RESERVED_NAMES}
    for name in names:
        if name.casefold() in taken:
            raise InputError(
                say(
                    N_(
                        "The name '{name}' of an attribute or outcome is taken. Capitals make no "
                        "difference; choose another one."
                    ),
                    name=name,
                )
            )
        taken.add(name.casefold())


def _base(
    workspace: Workspace, sources: dict[str, Loaded], where: Where, joined: Joined
) -> dict[str, Any]:
    """Source and keys of a joined value, defaults filled in and names checked."""
    case, blocks = workspace.case, {block.source: block for block in workspace.events}
    source = joined.source or case.source or workspace.events[0].source
    loaded = sources[source]
    on: Keys
    if isinstance(joined.on, dict):
        if case.source is None:
            raise InputError(
                say(
                    N_(
                        "{place}: a table of columns needs a table of cases. Name the column "
                        "that holds the case's key instead, or give case.source."
                    ),
                    place=place_of(*where, "on"),
                )
            )
        for theirs, ours in joined.on.items():
            loaded.column(theirs, *where, "on")
            sources[case.source].column(ours, *where, "on")
        on = tuple(joined.on.items())
    else:
        of_block = blocks[source].case if source in blocks and source != case.source else None
        on = joined.on or of_block or case.key
        loaded.column(on, *where, "on")
    column = loaded.column(joined.column, *where, "column") if joined.column else None
    return {
        "where": where, "source": source, "on": on, "column": column,
        "aggregate": joined.aggregate,
    }  # fmt: skip


def _attribute(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    name: str,
    attribute: Attribute,
) -> Item:
    named = attribute
    if attribute.column is None and attribute.aggregate != "count":
        # An attribute that names no column has its own name in the source.
        named = attribute.model_copy(update={"column": name})
    base = _base(workspace, sources, ("attributes", name), named)
    column, loaded = base["column"], sources[base["source"]]
    if attribute.aggregate in ("count", "distinct"):
        value = casting.text(column) if column else "1"
        return Item(name, kind="number", value=value, fault=None, **base)
    kind = attribute.kind or _kind(connection, workspace, loaded, name, column)
    _check_aggregate(("attributes", name), kind, attribute.aggregate)
    if kind == "time":
        readable_times(connection, loaded, column)
    fault = {
        "number": ("unreadable_number", "false"), "time": ("unreadable_time", "false"),
    }.get(kind)  # fmt: skip
    return Item(name, kind=kind, value=value_of(column, kind), fault=fault, **base)


def _kind(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    source: Loaded,
    name: str,
    column: Column,
) -> str:
    """What an attribute of no declared kind holds."""
    if workspace.attributes[name].aggregate in ("sum", "mean"):
        return "number"
    # A customer's number is a name, not an amount.
    return "category" if name == workspace.case.customer else kind_of(connection, source, column)


def _due(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    activity: str,
    due: Due,
) -> Item:
    where = ("steps", activity, "due")
    if due.column is None:
        raise InputError(
            say(
                N_("{place}: name the 'column' that says when the step is due."),
                place=Text.of(table_header(where)),
            )
        )
    _check_aggregate(where, "time", due.aggregate)
    base = _base(workspace, sources, where, due)
    column = base["column"]
    readable_times(connection, sources[base["source"]], column)
    value = casting.time(column)
    if due.precision == "day":
        value = casting.end_of_day(value, column.time_zone)
    return Item(
        f"due.{activity}", kind="time", value=value, fault=("unreadable_time", "false"), **base
    )


def _outcome(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    name: str,
    outcome: Outcome,
) -> Item:
    where = ("outcomes", name)
    if outcome.column is None and outcome.source is None:
        raise InputError(
            say(
                N_("{place}: give a 'column', or a 'source' whose rows are to be counted."),
                place=Text.of(table_header(where)),
            )
        )
    base = _base(workspace, sources, where, outcome)
    column, loaded = base["column"], sources[base["source"]]
    if outcome.time:
        base["time"] = loaded.column(outcome.time, *where, "time")
        readable_times(connection, loaded, base["time"])
    if column is None:
        base["aggregate"] = "exists" if outcome.kind == "yes_no" else "count"
        return Item(name, kind=outcome.kind, value="1", fault=None, **base)
    if outcome.kind == "yes_no":
        base["aggregate"] = outcome.aggregate or "max"
        value = casting.yes_no(column, outcome.yes)
        return Item(name, kind="yes_no", value=value, fault=("unknown_value", "false"), **base)
    if outcome.aggregate in ("count", "distinct"):
        return Item(name, kind=outcome.kind, value=casting.text(column), fault=None, **base)
    value, outside = casting.number(column), "false"
    if outcome.scale:
        base["scale"] = outcome.scale
        low, high = outcome.scale
        outside = f"{value} NOT BETWEEN {low} AND {high}"
        value = f"CASE WHEN {value} BETWEEN {low} AND {high} THEN {value} END"
    return Item(name, kind=outcome.kind, value=value, fault=("unreadable_number", outside), **base)


def _check_aggregate(where: Where, kind: str, aggregate: str | None) -> None:
    """Nobody adds up names, or counts due times."""
    possible = {
        "number": ["first", "last", "min", "max", "sum", "mean", "count", "distinct", "mode"],
        "category": ["first", "last", "min", "max", "count", "distinct", "mode"],
        "time": ["first", "last", "min", "max"],
    }[kind]
    if aggregate is not None and aggregate not in possible:
        raise InputError(
            say(
                N_(
                    "{place}: '{aggregate}' does not go with values of the kind "
                    "'{kind}'. Choose one of: {possible}."
                ),
                place=place_of(*where, "aggregate"), aggregate=aggregate, kind=kind, possible=", ".join(possible),
            )
        )  # fmt: skip
