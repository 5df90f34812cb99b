"""Values joined to cases from other tables, one value a case."""

from dataclasses import replace

import duckdb

from zaplecze.eventlog import casting
from zaplecze.eventlog.blocks import table_of_cases
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.checks import FEWEST, REMEDIES, Refusals, nothing_belongs, usable_values
from zaplecze.eventlog.faults import place_of
from zaplecze.eventlog.items import Item, Keys, Where
from zaplecze.eventlog.kinds import sql_type
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import Text
from zaplecze.workspace import Workspace, table_header

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


def join_all(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    items: list[Item],
) -> list[str]:
    """Make one table a source and key, ``z.joined0``…, with a row a case; return their names."""
    # Rows that repeat a case or an event were refused as a whole.
    connection.execute(
        "CREATE TABLE z.unused AS SELECT DISTINCT source, row_id FROM z.refused "
        "WHERE reason IN ('duplicate', 'duplicate_key')"
    )
    groups: dict[tuple[str, Keys], list[Item]] = {}
    for item in items:
        groups.setdefault((item.source, item.on), []).append(item)
    tables = []
    for number, ((source, on), members) in enumerate(groups.items()):
        _link(connection, workspace, sources, sources[source], on, members)
        _refuse_unknown(connection, workspace, sources, sources[source], on, members[0].where)
        for item in members:
            _refuse_values(connection, sources[source], on, item)
        # A row may be an event as well, or serve an item of another kind or key.
        single = [item for _, item in _single(members)]
        used_otherwise = source in {block.source for block in workspace.events} or any(
            item.source == source and item not in single for item in items
        )
        _refuse_repeats(connection, sources[source], on, members, used_otherwise=used_otherwise)
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
    on: Keys,
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
        if source.name == table_of_cases(workspace) and on == workspace.case.key:
            link = "JOIN z.keys k ON k.row_id = s.rowid"
    else:
        own = sources[str(workspace.case.source)]
        link = (
            f"JOIN {ident(own.name)} c ON {_pairs(source, own, on)} "
            "JOIN z.keys k ON k.row_id = c.rowid"
        )
    connection.execute(
        f'CREATE TABLE z.linked AS SELECT k."case", s.rowid AS row_id{values} '
        f"FROM {source.sql} {link} WHERE {_not_refused(source)}"
    )


def _pairs(source: Loaded, own: Loaded, on: tuple[tuple[str, str], ...]) -> str:
    """Whether a row of SOURCE belongs to a row ``c`` of the cases' OWN table."""
    return " AND ".join(
        f"{casting.text(source.columns[theirs])} = "
        f"{casting.text(replace(own.columns[ours], table='c'))}"
        for theirs, ours in on
    )


def _not_refused(source: Loaded) -> str:
    return (
        f"NOT EXISTS (FROM z.unused u WHERE u.source = {literal(source.name)} "
        "AND u.row_id = s.rowid)"
    )


def _refuse_unknown(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    source: Loaded,
    on: Keys,
    where: Where,
) -> None:
    """Rows whose case is not among the cases, or that name none; `InputError` where all are such."""
    name, rest = literal(source.name), f"FROM {source.sql} WHERE {_not_refused(source)}"
    if isinstance(on, str):
        key = casting.text(source.columns[on])
        column, keys = source.columns[on], "SELECT case_id AS key FROM z.all_keys"
        refused = (
            f"CASE WHEN {casting.is_missing(key)} THEN 'no_case' ELSE 'unknown_case' END, {literal(on)}, "
            f"{key}, {key} {rest} AND ({key} IS NULL OR NOT EXISTS "
            f"(FROM z.all_keys a WHERE a.case_id = {key}))"
        )
    else:
        own, column = sources[str(workspace.case.source)], source.columns[on[0][0]]
        keys = f"SELECT {casting.text(own.columns[on[0][1]])} AS key FROM {own.sql}"
        empty = " OR ".join(f"{source.columns[theirs].sql} IS NULL" for theirs, _ in on)
        refused = (
            f"CASE WHEN {empty} THEN 'no_case' ELSE 'unreferenced' END, {literal(column.name)}, "
            f"{casting.text(column)}, NULL {rest} AND NOT EXISTS (FROM {ident(own.name)} c "
            f"JOIN z.all_keys a ON a.row_id = c.rowid WHERE {_pairs(source, own, on)})"
        )
    (count,) = connection.execute(
        f"INSERT INTO z.refused SELECT {name}, s.rowid, {refused}"
    ).fetchall()[0]
    if source.is_part:
        return
    if count >= FEWEST and not connection.execute("FROM z.linked LIMIT 1").fetchall():
        values = f"SELECT {casting.text(column)} AS key FROM {source.sql}"
        place = place_of(*where, "on")
        raise nothing_belongs(
            source, place, column, _samples(connection, values), _samples(connection, keys)
        )


def _samples(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    """The first few keys that QUERY gives."""
    rows = connection.execute(f"SELECT key FROM ({query}) WHERE key IS NOT NULL LIMIT 3")
    return [key for (key,) in rows.fetchall()]


def _refuse_values(
    connection: duckdb.DuckDBPyConnection, source: Loaded, on: Keys, item: Item
) -> None:
    """Values that are there and cannot be read or used; `InputError` where hardly any can."""
    case_id = casting.text(source.columns[on]) if isinstance(on, str) else "NULL"
    checks = []
    if item.fault and item.column:
        reason, outside = item.fault
        code = f"CASE WHEN {outside} THEN 'outside_scale' ELSE {literal(reason)} END"
        checks.append((item.column, item.value, code))
        _check_values(connection, source, item, item.column, code)
    if item.time:
        checks.append((item.time, casting.time(item.time), "'unreadable_time'"))
    for column, value, code in checks:
        connection.execute(
            f"INSERT INTO z.refused SELECT {literal(source.name)}, s.rowid, {code}, "
            f"{literal(column.name)}, {casting.text(column)}, {case_id} FROM {source.sql} "
            f"WHERE {column.sql} IS NOT NULL AND ({value}) IS NULL "
            "AND s.rowid IN (SELECT row_id FROM z.linked)"
        )


def _check_values(
    connection: duckdb.DuckDBPyConnection, source: Loaded, item: Item, column: Column, code: str
) -> None:
    faulty = f"({item.value}) IS NULL"
    values, refused, row, value, reason = connection.execute(
        f"SELECT count(*), count(*) FILTER ({faulty}), min(s.rowid) FILTER ({faulty}), "
        f"arg_min({casting.text(column)}, s.rowid) FILTER ({faulty}), "
        f"arg_min({code}, s.rowid) FILTER ({faulty}) FROM {source.sql} "
        f"WHERE {column.sql} IS NOT NULL AND s.rowid IN (SELECT row_id FROM z.linked)"
    ).fetchall()[0]
    if refused and reason in REMEDIES:
        place = Text.of(table_header(item.where))
        usable_values(
            source, place, column, Refusals(values, refused, row, value, reason), item.scale
        )


def _refuse_repeats(
    connection: duckdb.DuckDBPyConnection,
    source: Loaded,
    on: Keys,
    members: list[Item],
    *,
    used_otherwise: bool,
) -> None:
    """Further rows of a case where no aggregate says how to make one value of several.

    A value that differs from the first is refused; a whole row is, where nothing of it is used.
    """
    single = [(i, item.column) for i, item in _single(members) if item.column]
    if not single:
        return
    firsts = "".join(
        f", arg_min(v{i}, row_id) AS f{i}, min(row_id) FILTER (v{i} IS NOT NULL) AS r{i}"
        for i, _ in single
    )
    connection.execute(
        f'CREATE TABLE z.firsts AS SELECT "case", min(row_id) AS row_id{firsts} '
        'FROM z.linked GROUP BY "case" HAVING count(*) > 1'
    )

    def refuse(reason: str, column: Column, condition: str) -> None:
        # A row that is looked up may belong to many cases, and is listed once.
        case_id = "k.case_id" if isinstance(on, str) else "NULL"
        connection.execute(
            f"INSERT INTO z.refused SELECT {literal(source.name)}, l.row_id, {literal(reason)}, "
            f"{literal(column.name)}, {casting.text(column)}, {case_id} FROM z.linked l "
            'JOIN z.firsts f ON f."case" = l."case" AND l.row_id > f.row_id '
            f'JOIN z.keys k ON k."case" = l."case" JOIN {source.sql} ON s.rowid = l.row_id '
            f"WHERE {condition}"
        )

    differs = [f"(l.v{i} IS NOT NULL AND l.v{i} <> f.f{i})" for i, _ in single]
    for (_, column), differ in zip(single, differs, strict=True):
        refuse("duplicate_key", column, differ)
    if not used_otherwise:
        used = [f"coalesce(l.row_id = f.r{i}, false)" for i, _ in single]
        key = source.columns[on if isinstance(on, str) else on[0][0]]
        refuse("duplicate", key, f"NOT ({' OR '.join(differs + used)})")
    connection.execute("DROP TABLE z.firsts")


def _single(members: list[Item]) -> list[tuple[int, Item]]:
    """Those of MEMBERS, with their numbers, that take one value of a case as it is."""
    return [(i, m) for i, m in enumerate(members) if m.aggregate is None]


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
    """When the outcome was first known: at the row that was chosen, or at the first that counts.

    A yes counts from the first yes; a no from the first no.
    """
    if item.aggregate in (None, "first", "last"):
        choose = "arg_max" if item.aggregate == "last" else "arg_min"
        return f"{choose}(t{i}, row_id) FILTER (v{i} IS NOT NULL)"
    if item.kind == "yes_no":
        return f"coalesce(min(t{i}) FILTER (v{i} = 1), min(t{i}) FILTER (v{i} IS NOT NULL))"
    return f"min(t{i}) FILTER (v{i} IS NOT NULL)"


def _mode(value: str) -> str:
    """The commonest value of a case; of several the one that comes first in the file."""
    return (
        f'SELECT "case", arg_max(value, struct_pack(n := n, first := -first)) AS mode FROM ('
        f'SELECT "case", {value} AS value, count(*) AS n, min(row_id) AS first FROM z.linked '
        f'WHERE {value} IS NOT NULL GROUP BY ALL) GROUP BY "case"'
    )
