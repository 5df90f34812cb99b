"""What the log holds already: cases, names and events, for the new rows to be laid beside."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.blocks import Line, table_of_cases, text_of
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.coding import check_codes
from zaplecze.eventlog.items import Item
from zaplecze.eventlog.sources import Loaded, wanted_columns
from zaplecze.eventlog.sql import ident, literal
from zaplecze.eventlog.staging import identity
from zaplecze.eventlog.store import LogInfo
from zaplecze.language import N_, Text, say
from zaplecze.workspace import Source, Workspace

_ROLES = {"activity": "activities", "department": "departments", "resource": "resources"}
_KINDS = {"DOUBLE": "number", "TIMESTAMP": "time"}
_OWN = ("case", "activity", "resource", "department", "start", "end")
_NEIGHBOURS = ("position", "next_activity", "wait_seconds")

# Stored events come before new ones of the same instant.
_FIRST = -(1 << 40)


def look(connection: duckdb.DuckDBPyConnection, store: Path, info: LogInfo) -> None:
    """Views of the tables in STORE, ``z.old_events`` and so on, and the names behind codes."""
    for view, files in {
        "events": "events/part-*.parquet", "cases": "cases/part-*.parquet",
        "variants": "variants.parquet", "resources": "resources.parquet",
        "refused": "refused.parquet",
    }.items():  # fmt: skip
        path = literal(str(store / files))
        what = "resource AS code, name" if view == "resources" else "*"
        connection.execute(f"CREATE VIEW z.old_{view} AS SELECT {what} FROM read_parquet({path})")
    for table, names in (("activities", info.activities), ("departments", info.departments)):
        schema = pa.schema([("code", pa.int64()), ("name", pa.string())])
        connection.register("z_names", pa.table({"code": range(len(names)), "name": names}, schema))
        connection.execute(f"CREATE TABLE z.old_{table} AS FROM z_names")
        connection.unregister("z_names")


def present_and_absent(workspace: Workspace, data: Path) -> tuple[dict[str, Source], list[str]]:
    """The sources that can be read, and the names of those whose file is not in DATA.

    Without any file, or where any column may be asked for, all are to be read, and told if missing.
    """
    absent = [
        name
        for name, source in workspace.sources.items()
        if source.file is not None and not (data / source.file).exists()
    ]
    files = [source for source in workspace.sources.values() if source.file is not None]
    if wanted_columns(workspace) is None or len(absent) == len(files):
        absent = []
    return {n: s for n, s in workspace.sources.items() if n not in absent}, absent


def without_rows(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, name: str, data: Path
) -> Loaded:
    """The source NAME, which has no file in DATA, as a table without rows."""
    source = workspace.sources[name]
    zone = source.time_zone or workspace.time_zone
    names = sorted(wanted_columns(workspace) or [])
    columns = ", ".join(f"{ident(column)} VARCHAR" for column in names)
    connection.execute(f"CREATE TABLE {ident(name)} ({columns})")
    warning = say(
        N_("{source}: there is no file '{file}' in '{folder}', so no row of it was added."),
        source=name, file=str(source.file), folder=str(data),
    )  # fmt: skip
    return Loaded(
        name,
        str(source.file),
        {
            column: Column(column, "VARCHAR", zone, source.time_format, source.decimal)
            for column in names
        },
        names,
        rows=0,
        warnings=[warning],
    )


def as_parts(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    old: LogInfo,
) -> dict[str, Loaded]:
    """SOURCES with what the log knows of their columns: a few new rows do not say what is a number.

    Raises `InputError` where a column of numbers has other values now.
    """
    stored = {
        name: kind for name, kind, *_ in connection.execute("DESCRIBE z.old_events").fetchall()
    }
    base = workspace.case.source or (workspace.events[0].source if workspace.events else "")
    found: dict[str, dict[str, str]] = {name: {} for name in sources}
    for block in workspace.events:
        for name in block.attributes:
            found[block.source][name] = _KINDS.get(stored.get(name, ""), "category")
    for name, attribute in workspace.attributes.items():
        counted = attribute.aggregate in ("count", "distinct")
        if attribute.kind is None and name in old.attributes and not counted:
            found[attribute.source or base][attribute.column or name] = old.attributes[name]
    parts = {}
    for name, source in sources.items():
        for column, kind in found[name].items():
            if kind == "number" and column in source.columns:
                _check_numbers(connection, source, source.columns[column])
        kinds = dict.fromkeys(source.columns, "category") | found[name]
        parts[name] = replace(source, kinds=kinds)
    return parts


def _check_numbers(connection: duckdb.DuckDBPyConnection, source: Loaded, column: Column) -> None:
    other = connection.execute(
        f"SELECT s.rowid, {casting.text(column)} FROM {source.sql} WHERE {column.sql} IS NOT NULL "
        f"AND {casting.number(column)} IS NULL ORDER BY 1 LIMIT 1"
    ).fetchall()
    if other:
        raise InputError(
            say(
                N_(
                    "[sources.{source}]: the column '{column}' held only numbers so far, and row "
                    "{row} of {file} has '{value}'. Correct the value, or import all rows "
                    "together with 'zaplecze log import'."
                ),
                source=source.name, column=column.name, row=source.row_number(other[0][0]),
                file=source.file, value=other[0][1],
            )
        )  # fmt: skip


def check_can_go_on(
    connection: duckdb.DuckDBPyConnection, old: LogInfo, workspace: Workspace, lines: list[Line],
    items: list[Item],
) -> None:  # fmt: skip
    """Raise `InputError` where the log lacks what it takes, or holds other things than WORKSPACE."""
    if any(line.lifecycle is not None for line in lines):
        raise _again(say(N_("It does not keep which starts still wait for their completion.")))
    if old.objects:
        raise _again(say(N_("It was made of an object-centric one.")))
    own = [name for name, *_ in connection.execute("DESCRIBE z.old_cases").fetchall()]
    new = {item.name for item in items} | {f"{item.name}.time" for item in items if item.time}
    if other := sorted(new - set(own)):
        raise _again(
            say(N_("What belongs to a case is not the same: {names}."), names=", ".join(other))
        )


def _again(reason: Text) -> InputError:
    return InputError(
        say(
            N_(
                "Rows cannot be added to this log. {reason} Import all rows together with "
                "'zaplecze log import'."
            ),
            reason=reason,
        )
    )


def name_cases(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    lines: list[Line],
    items: list[Item],
) -> None:
    """``z.known``: number and key of the stored cases that the new rows name."""
    keys = {(line.source.name, line.case) for line in lines}
    keys |= {(i.source, sources[i.source].columns[i.on]) for i in items if isinstance(i.on, str)}
    if workspace.case.source is not None:
        own = sources[workspace.case.source]
        keys.add((own.name, own.column(workspace.case.key, "case", "key")))
    named = " UNION ".join(
        f"SELECT DISTINCT {casting.text(column)} AS case_id FROM {sources[source].sql}"
        for source, column in sorted(keys, key=lambda key: (key[0], key[1].name))
    )
    ids = [line for line in lines if line.event_id is not None]
    moved = ""
    if ids and "event_id" in _columns(connection, "z.old_events"):
        again = " UNION ".join(
            f"SELECT {identity(line, lines)} AS event_id FROM {line.source.sql}" for line in ids
        )
        moved = f' OR "case" IN (SELECT "case" FROM z.old_events WHERE event_id IN ({again}))'
    connection.execute(
        'CREATE TABLE z.known AS SELECT "case", case_id FROM z.old_cases '
        f"WHERE case_id IN ({named}){moved}"
    )


def fit_attributes(connection: duckdb.DuckDBPyConnection, attributes: list[str]) -> list[str]:
    """The attributes of the stored events, in their order; those that are not new are missing.

    Raises `InputError` where the new rows have attributes that the stored events do not have.
    """
    stored = _columns(connection, "z.old_events")
    own = [name for name in stored if name not in (*_OWN, *_NEIGHBOURS)]
    here = _columns(connection, "z.events")
    other = [n for n in attributes if n not in own or stored[n] != here[n]]
    if other:
        raise _again(
            say(N_("What belongs to an event is not the same: {names}."), names=", ".join(other))
        )
    for name in own:
        if name not in attributes:
            connection.execute(f"ALTER TABLE z.events ADD COLUMN {ident(name)} {stored[name]}")
    return own


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE {table}").fetchall()}


def bring_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the names that the log knows to those of the new rows."""
    for role, table in _ROLES.items():
        connection.execute(
            f"INSERT INTO z.names_{role} SELECT (SELECT count(*) FROM z.names_{role}) + "
            f"row_number() OVER () - 1, name FROM z.old_{table} ANTI JOIN z.names_{role} "
            "USING (name)"
        )


def keep_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """Names of the log keep their codes, and new ones follow, each among its own as `code_names` has it."""
    for role, table in _ROLES.items():
        connection.execute(
            f"CREATE OR REPLACE TABLE z.{table} AS SELECT row_number() OVER "
            "(ORDER BY o.code, n.code) - 1 AS code, name, n.provisional "
            f"FROM z.{table} n FULL JOIN z.old_{table} o USING (name)"
        )
        check_codes(connection, role, table)


def bring_events(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    lines: list[Line],
    attributes: list[str],
) -> None:
    """Refuse the new events that are stored already, and add the stored ones of touched cases.

    Of equal events as many are refused as are stored. Of the rest, an event that has the identifier of
    a stored one takes its place.
    """
    rest = "".join(f", e.{ident(name)}" for name in attributes)
    connection.execute(
        'CREATE TABLE z.stored AS SELECT k."case", a.code AS activity, r.code AS resource, '
        f'd.code AS department, e.start, e."end", {_FIRST} + e.position AS ord, 0::UTINYINT AS '
        f'fault{rest} FROM z.old_events e JOIN z.known n ON n."case" = e."case" '
        "JOIN z.all_keys k ON k.case_id = n.case_id "
        "LEFT JOIN z.old_activities oa ON oa.code = e.activity "
        "LEFT JOIN z.names_activity a ON a.name = oa.name "
        "LEFT JOIN z.old_resources o ON o.code = e.resource "
        "LEFT JOIN z.names_resource r ON r.name = o.name "
        "LEFT JOIN z.old_departments od ON od.code = e.department "
        "LEFT JOIN z.names_department d ON d.name = od.name"
    )
    same = ", ".join(ident(name) for name in (*_OWN, *attributes))
    equal = " AND ".join(
        f"n.{ident(c)} IS NOT DISTINCT FROM o.{ident(c)}" for c in (*_OWN, *attributes)
    )
    connection.execute(
        f"CREATE TABLE z.again AS SELECT n.ord FROM (SELECT *, row_number() OVER (PARTITION BY {same} "
        "ORDER BY ord) AS turn FROM z.events) n "
        f"JOIN (SELECT {same}, count(*) AS times FROM z.stored GROUP BY ALL) o "
        f"ON {equal} AND n.turn <= o.times"
    )
    for line in _first_lines(lines):
        _refuse_again(connection, workspace, line)
    connection.execute("DELETE FROM z.events WHERE ord IN (FROM z.again)")
    _take_places(connection, attributes)
    connection.execute(
        "INSERT INTO z.events BY NAME FROM z.stored SEMI JOIN "
        '(SELECT "case" FROM z.events UNION SELECT "case" FROM z.replaced) USING ("case")'
    )


def _first_lines(lines: list[Line]) -> Iterator[Line]:
    """One line of every block."""
    yield from {line.block: line for line in reversed(lines)}.values()


def _refuse_again(connection: duckdb.DuckDBPyConnection, workspace: Workspace, line: Line) -> None:
    """List the rows of the block of LINE whose events are all stored already.

    A row of the cases' own table is no repetition: it brings what has become known since.
    """
    if line.source.name == table_of_cases(workspace):
        return
    row = "(ord >> 10) & ((1::BIGINT << 44) - 1)"
    of_block = f"ord >= 0 AND (ord >> 54) = {line.block}"
    connection.execute(
        f"INSERT INTO z.refused SELECT {literal(line.source.name)}, s.rowid, 'duplicate', "
        f"{literal(line.event_id.name) if line.event_id else 'NULL'}, {text_of(line.event_id)}, "
        f"{casting.text(line.case)} FROM {line.source.sql} WHERE s.rowid IN "
        f"(SELECT {row} FROM z.again WHERE {of_block}) AND s.rowid NOT IN "
        f"(SELECT {row} FROM z.events ANTI JOIN z.again USING (ord) WHERE {of_block})"
    )


def _take_places(connection: duckdb.DuckDBPyConnection, attributes: list[str]) -> None:
    """``z.replaced``: case and place of stored events that new ones have the identifier of."""
    identified = "SELECT event_id FROM z.events WHERE event_id IS NOT NULL"
    where = f"event_id IN ({identified})" if "event_id" in attributes else "false"
    connection.execute(f'CREATE TABLE z.replaced AS SELECT "case", ord FROM z.stored WHERE {where}')
    connection.execute(
        'DELETE FROM z.stored USING z.replaced p WHERE p.ord = stored.ord AND p."case" = stored."case"'
    )
    emptied = connection.execute(
        'SELECT case_id FROM z.all_keys SEMI JOIN z.replaced USING ("case") '
        'ANTI JOIN z.events USING ("case") ANTI JOIN z.stored USING ("case") ORDER BY 1 LIMIT 1'
    ).fetchall()
    if emptied:
        raise _again(
            say(N_("The case '{case}' would have no events any more."), case=emptied[0][0])
        )
