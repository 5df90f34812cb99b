"""Values joined to cases from other tables: attributes, due times, outcomes."""

from dataclasses import dataclass, replace
from typing import Any

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.checks import readable_times
from zaplecze.eventlog.kinds import kind_of, sql_type, value_of
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, say
from zaplecze.workspace import Attribute, Due, Joined, Outcome, Workspace

_AGGREGATES = {
    "first": "arg_min({v}, row_id)",
    "last": "arg_max({v}, row_id)",
    "min": "min({v})",
    "max": "max({v})",
    "sum": "sum({v})",
    "mean": "avg({v})",
    "count": "count({v})",
    "distinct": "count(DISTINCT {v})",
}


@dataclass(frozen=True)
class Item:
    """One value of the case: where it comes from and how its rows become one."""

    name: str
    place: str
    joined: Joined
    source: str
    on: str | tuple[tuple[str, str], ...]
    column: Column | None
    kind: str
    value: str
    fault: tuple[str, str] | None
    aggregate: str | None
    time: Column | None = None

    @property
    def counts_rows(self) -> bool:
        """Is a case without rows a zero rather than unknown?"""
        return self.aggregate in ("count", "distinct", "exists")


def items_of(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> list[Item]:
    """Everything that the workspace joins to its cases, in its order."""
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
    ]
    return items


def _base(
    workspace: Workspace, sources: dict[str, Loaded], place: str, joined: Joined
) -> dict[str, Any]:
    """Source and keys of a joined value, defaults filled in and names checked."""
    case, blocks = workspace.case, {block.source: block for block in workspace.events}
    source = joined.source or case.source or workspace.events[0].source
    loaded = sources[source]
    on: str | tuple[tuple[str, str], ...]
    if isinstance(joined.on, dict):
        if case.source is None:
            raise InputError(
                say(
                    N_(
                        "{place}.on: a table of columns needs a table of cases. Name the column "
                        "that holds the case's key instead, or give case.source."
                    ),
                    place=place,
                )
            )
        for theirs, ours in joined.on.items():
            loaded.column(f"{place}.on", theirs)
            sources[case.source].column(f"{place}.on", ours)
        on = tuple(joined.on.items())
    else:
        of_block = blocks[source].case if source in blocks and source != case.source else None
        on = joined.on or of_block or case.key
        loaded.column(f"{place}.on", on)
    column = loaded.column(f"{place}.column", joined.column) if joined.column else None
    return {
        "place": place, "joined": joined, "source": source, "on": on, "column": column,
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
    base = _base(workspace, sources, f"attributes.{name}", named)
    column, loaded = base["column"], sources[base["source"]]
    if attribute.aggregate in ("count", "distinct"):
        value = casting.text(column) if column else "1"
        return Item(name, kind="number", value=value, fault=None, **base)
    kind = attribute.kind or (
        "number" if attribute.aggregate in ("sum", "mean") else kind_of(connection, loaded, column)
    )
    if kind == "time":
        readable_times(connection, loaded, column)
    fault = {
        "number": ("unreadable_number", "false"), "time": ("unreadable_time", "false"),
    }.get(kind)  # fmt: skip
    return Item(name, kind=kind, value=value_of(column, kind), fault=fault, **base)


def _due(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    activity: str,
    due: Due,
) -> Item:
    place = f"steps.{activity}.due"
    if due.column is None:
        raise InputError(
            say(N_("{place}: name the 'column' that says when the step is due."), place=place)
        )
    base = _base(workspace, sources, place, due)
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
    place = f"outcomes.{name}"
    if outcome.column is None and outcome.source is None:
        raise InputError(
            say(
                N_("{place}: give a 'column', or a 'source' whose rows are to be counted."),
                place=place,
            )
        )
    base = _base(workspace, sources, place, outcome)
    column, loaded = base["column"], sources[base["source"]]
    if outcome.time:
        base["time"] = loaded.column(f"{place}.time", outcome.time)
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
        low, high = outcome.scale
        outside = f"{value} NOT BETWEEN {low} AND {high}"
        value = f"CASE WHEN {value} BETWEEN {low} AND {high} THEN {value} END"
    return Item(name, kind=outcome.kind, value=value, fault=("unreadable_number", outside), **base)


def join_all(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    items: list[Item],
) -> list[str]:
    """Make one table a source and key, ``z.joined0``…, with a row a case; return their names."""
    groups: dict[tuple[str, Any], list[Item]] = {}
    for item in items:
        groups.setdefault((item.source, item.on), []).append(item)
    tables = []
    for number, ((source, on), members) in enumerate(groups.items()):
        _link(connection, workspace, sources, sources[source], on, members)
        if isinstance(on, str):
            _refuse_unknown(connection, workspace, sources[source], on)
        for item in members:
            _refuse_values(connection, sources[source], item)
        _refuse_repeats(connection, workspace, sources[source], on, members)
        table = f"z.joined{number}"
        _aggregate(connection, table, members)
        tables.append(table)
        connection.execute("DROP TABLE z.linked")
    return tables


def _link(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    source: Loaded,
    on: str | tuple[tuple[str, str], ...],
    items: list[Item],
) -> None:
    """``z.linked``: case, row_id and the values that the items read from that row."""
    values = "".join(f", {item.value} AS v{i}" for i, item in enumerate(items))
    values += "".join(
        f", {casting.time(item.time)} AS t{i}" for i, item in enumerate(items) if item.time
    )
    if isinstance(on, str):
        key = casting.text(source.columns[on])
        link = f"JOIN z.keys k ON k.case_id = {key}"
        if source.name == workspace.case.source and on == workspace.case.key:
            link = "JOIN z.keys k ON k.row_id = s.rowid"
    else:
        own = sources[str(workspace.case.source)]
        pairs = " AND ".join(
            f"{casting.text(source.columns[theirs])} = "
            f"{casting.text(replace(own.columns[ours], table='c'))}"
            for theirs, ours in on
        )
        link = f"JOIN {ident(own.name)} c ON {pairs} JOIN z.keys k ON k.row_id = c.rowid"
    connection.execute(
        f'CREATE TABLE z.linked AS SELECT k."case", s.rowid AS row_id{values} '
        f"FROM {source.sql} {link}"
    )


def _refuse_unknown(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, source: Loaded, on: str
) -> None:
    """Rows whose case is not among the cases, or that name none."""
    key = casting.text(source.columns[on])
    connection.execute(
        f"INSERT INTO z.refused SELECT {literal(source.name)}, s.rowid, "
        f"CASE WHEN {key} IS NULL THEN 'no_case' ELSE 'unknown_case' END, {literal(on)}, {key}, "
        f"{key} FROM {source.sql} WHERE {key} IS NULL OR NOT EXISTS "
        f"(FROM z.keys k WHERE k.case_id = {key}) AND NOT EXISTS "
        f"(FROM z.all_keys a WHERE a.case_id = {key})"
    )


def _refuse_values(connection: duckdb.DuckDBPyConnection, source: Loaded, item: Item) -> None:
    """Values that are there and cannot be read or used."""
    checks = []
    if item.fault and item.column:
        reason, outside = item.fault
        code = f"CASE WHEN {outside} THEN 'outside_scale' ELSE {literal(reason)} END"
        checks.append((item.column, item.value, code))
    if item.time:
        checks.append((item.time, casting.time(item.time), "'unreadable_time'"))
    for column, value, code in checks:
        connection.execute(
            f"INSERT INTO z.refused SELECT {literal(source.name)}, s.rowid, {code}, "
            f"{literal(column.name)}, {casting.text(column)}, k.case_id FROM {source.sql} "
            'JOIN z.linked l ON l.row_id = s.rowid JOIN z.keys k ON k."case" = l."case" '
            f"WHERE {column.sql} IS NOT NULL AND ({value}) IS NULL"
        )


def _refuse_repeats(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    source: Loaded,
    on: str | tuple[tuple[str, str], ...],
    items: list[Item],
) -> None:
    """Further rows of a case where no aggregate says how to make one value of several.

    Rows that are events as well are used anyway, so that equal values are no repetition there.
    """
    single = [(i, item) for i, item in enumerate(items) if item.aggregate is None and item.column]
    if not single:
        return
    firsts = ", ".join(f"arg_min(v{i}, row_id) AS f{i}" for i, _ in single)
    connection.execute(
        f'CREATE TABLE z.firsts AS SELECT "case", min(row_id) AS row_id, {firsts} '
        'FROM z.linked GROUP BY "case" HAVING count(*) > 1'
    )
    differs = [f"(l.v{i} IS NOT NULL AND l.v{i} <> f.f{i})" for i, _ in single]
    rest = (
        'FROM z.linked l JOIN z.firsts f ON f."case" = l."case" AND l.row_id > f.row_id '
        f'JOIN z.keys k ON k."case" = l."case" JOIN {source.sql} ON s.rowid = l.row_id'
    )
    name = literal(source.name)
    for (_, item), differ in zip(single, differs, strict=True):
        assert item.column is not None
        connection.execute(
            f"INSERT INTO z.refused SELECT {name}, l.row_id, 'duplicate_key', "
            f"{literal(item.column.name)}, {casting.text(item.column)}, k.case_id {rest} "
            f"WHERE {differ}"
        )
    if source.name not in {block.source for block in workspace.events}:
        column = on if isinstance(on, str) else on[0][0]
        connection.execute(
            f"INSERT INTO z.refused SELECT {name}, l.row_id, 'duplicate', {literal(column)}, "
            f"{casting.text(source.columns[column])}, k.case_id {rest} "
            f"WHERE NOT ({' OR '.join(differs)})"
        )
    connection.execute("DROP TABLE z.firsts")


def _aggregate(connection: duckdb.DuckDBPyConnection, table: str, items: list[Item]) -> None:
    columns, modes = [], []
    for i, item in enumerate(items):
        value = f"v{i}"
        if item.aggregate == "mode":
            modes.append(i)
            expression = f"any_value(m{i}.mode)"
        elif item.aggregate == "exists":
            expression = "1.0"
        else:
            expression = _AGGREGATES[item.aggregate or "first"].format(v=value)
        stored = "DOUBLE" if item.kind not in ("time", "category") else sql_type(item.kind)
        columns.append(f"({expression})::{stored} AS {ident(item.name)}")
        if item.time is not None:
            columns.append(f"{_time(i, item)} AS {ident(item.name + '.time')}")
    joins = "".join(f' LEFT JOIN ({_mode(f"v{i}")}) m{i} ON m{i}."case" = l."case"' for i in modes)
    connection.execute(
        f'CREATE TABLE {table} AS SELECT l."case", {", ".join(columns)} '
        f'FROM z.linked l{joins} GROUP BY l."case"'
    )


def _time(i: int, item: Item) -> str:
    """When the outcome was first known: a yes with its own time, else the earliest row's."""
    if item.kind == "yes_no":
        return f"coalesce(min(t{i}) FILTER (v{i} = 1), min(t{i}))"
    return f"coalesce(min(t{i}) FILTER (v{i} IS NOT NULL), min(t{i}))"


def _mode(value: str) -> str:
    """The commonest value of a case; of several the one that comes first in the file."""
    return (
        f'SELECT "case", arg_max(value, struct_pack(n := n, first := -first)) AS mode FROM ('
        f'SELECT "case", {value} AS value, count(*) AS n, min(row_id) AS first FROM z.linked '
        f'WHERE {value} IS NOT NULL GROUP BY ALL) GROUP BY "case"'
    )
