"""An object-centric log as a table of events whose cases are the objects of one type.

The columns have the names of XES, as pm4py gives them to a flattened log too: ``case:concept:name``,
``concept:name``, ``time:timestamp``, ``ocel:eid`` (the event, by which its copies know each other),
``ocel:qualifier`` (what it has to do with the object), the attributes of events, and as
``case:<name>`` the attributes of the object as they were when its first event happened.
"""

from pathlib import Path

import duckdb

from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.ocel import faults
from zaplecze.eventlog.ocel.keeping import keep
from zaplecze.eventlog.ocel.reading import read
from zaplecze.eventlog.ocel.tables import Kind, ObjectTables
from zaplecze.eventlog.separated import Read, unique
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, Text, joined, number, say, say_plural
from zaplecze.workspace import Source

_STANDARD = ["case:concept:name", "concept:name", "time:timestamp", "ocel:eid"]
_QUALIFIER = "ocel:qualifier"


def load(
    connection: duckdb.DuckDBPyConnection, name: str, source: Source, path: Path, zone: str
) -> tuple[Read, list[Text]]:
    """Read the log at PATH into the table NAME, flattened on the object type of SOURCE.

    Times without a zone are clock times of ZONE. Returns the objects without events as refused,
    and what flattening repeats and leaves out as warnings; all objects are kept beside (see
    `keeping`). Where SOURCE has no object type, the only one there is is taken; of several
    `InputError` lists them.
    """
    tables = read(connection, path)
    chosen = source.object_type
    types = _types(connection)
    if not types:
        raise faults.no_objects(path.name)
    if chosen is None and len(types) == 1:
        (chosen,) = types
    if chosen is None:
        raise faults.no_type_chosen(path.name, _listed(types))
    if chosen not in types:
        raise faults.unknown_type(path.name, chosen, _listed(types))
    _choose(connection, chosen, casting.time(Column("time", "VARCHAR", zone, source.time_format)))
    if not connection.execute("FROM z.ocel_chosen LIMIT 1").fetchall():
        raise faults.no_events(path.name, chosen, _listed(types))
    columns = _write(connection, name, tables, chosen, zone)
    warnings = _warnings(connection, name, chosen)
    result = Read(columns, _rejects(connection, chosen)), warnings
    warnings += keep(connection, tables, source, zone)
    tables.drop()
    for table in ("ocel_chosen", "ocel_times", "ocel_first_values", "ocel_wide"):
        connection.execute(f"DROP TABLE z.{table}")
    return result


def _types(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many objects every type has, in the order of the file."""
    return dict(
        connection.execute(
            "SELECT type, count(*) FROM z.ocel_objects GROUP BY type ORDER BY min(rowid)"
        ).fetchall()
    )


def _listed(types: dict[str, int]) -> Text:
    return joined(
        [say(N_("{type} ({count})"), type=t, count=number(count)) for t, count in types.items()]
    )


def _choose(connection: duckdb.DuckDBPyConnection, chosen: str, time: str) -> None:
    """Which event belongs to which object of the type, and what the objects were at their start.

    TIME is the expression that reads a column ``s.time``.
    """
    connection.execute(
        f"""
        CREATE TABLE z.ocel_chosen AS
        SELECT l.event, l.object, min(l.rowid) AS first,
               string_agg(DISTINCT l.qualifier, ', ' ORDER BY l.qualifier) AS qualifier
        FROM z.ocel_links l JOIN z.ocel_objects o ON o.id = l.object AND o.type = {literal(chosen)}
        JOIN z.ocel_events e ON e.id = l.event GROUP BY l.event, l.object;
        CREATE TABLE z.ocel_times AS
        SELECT s.object, s.name, s.value, s.rowid AS ord, s.time IS NULL AS always,
               {time} AS since, c.start
        FROM z.ocel_object_values s JOIN (
            SELECT object, min(start) AS start FROM z.ocel_chosen JOIN (
                SELECT s.id AS event, {time} AS start FROM z.ocel_events s
            ) USING (event) GROUP BY object
        ) c USING (object);
        CREATE TABLE z.ocel_first_values AS
        SELECT object, name, value, ord FROM z.ocel_times WHERE always OR since <= start
        QUALIFY row_number() OVER (
            PARTITION BY object, name ORDER BY since DESC NULLS LAST, ord DESC) = 1
        """
    )


def _write(
    connection: duckdb.DuckDBPyConnection, name: str, tables: ObjectTables, chosen: str, zone: str
) -> list[str]:
    """Make the table NAME, in the order of the file; returns its columns."""
    of_events = _names(
        connection,
        "SELECT v.name, (e.rowid, v.rowid) AS ord FROM z.ocel_event_values v JOIN z.ocel_events e "
        "ON e.id = v.event WHERE e.id IN (SELECT event FROM z.ocel_chosen)",
    )
    of_objects = _names(connection, "SELECT name, ord FROM z.ocel_times")
    has_qualifiers = connection.execute(
        "SELECT count(qualifier) > 0 FROM z.ocel_chosen"
    ).fetchall() == [(True,)]
    standard = [*_STANDARD, _QUALIFIER] if has_qualifiers else _STANDARD
    # What begins with "case:" would be taken for an attribute of the case.
    further = [f"event:{n}" if n.startswith("case:") else n for n in of_events]
    columns = unique([*standard, *further, *(f"case:{n}" for n in of_objects)])
    kinds: list[Kind] = ["text"] * len(standard)
    kinds += [tables.kind("", n) for n in of_events]
    kinds += [tables.kind(chosen, n) for n in of_objects]
    values = [f"e{i}" for i in range(len(of_events))] + [f"o{i}" for i in range(len(of_objects))]
    own = ["c.object", "e.type", "e.time", "e.id", "c.qualifier"][: len(standard)]
    selected = ", ".join(
        f"{value} AS {ident(column)}"
        for value, column in zip([*own, *values], columns, strict=True)
    )
    connection.execute(
        f"CREATE TABLE z.ocel_wide AS SELECT {selected} "
        "FROM z.ocel_chosen c JOIN z.ocel_events e ON e.id = c.event "
        f"LEFT JOIN ({_spread('z.ocel_event_values', 'event', 'e', of_events)}) v ON v.event = e.id "
        f"LEFT JOIN ({_spread('z.ocel_first_values', 'object', 'o', of_objects)}) w "
        "ON w.object = c.object ORDER BY e.rowid, c.first"
    )
    read_as = ", ".join(
        f"{_typed(connection, Column(column, 'VARCHAR', zone), kind)} AS {ident(column)}"
        for column, kind in zip(columns, kinds, strict=True)
    )
    connection.execute(
        f"CREATE TABLE {ident(name)} AS SELECT {read_as} FROM z.ocel_wide s ORDER BY s.rowid"
    )
    return columns


def _names(connection: duckdb.DuckDBPyConnection, rows: str) -> list[str]:
    found = connection.execute(f"SELECT name FROM ({rows}) GROUP BY name ORDER BY min(ord)")
    return [name for (name,) in found.fetchall()]


def _spread(table: str, key: str, letter: str, names: list[str]) -> str:
    """The query that makes columns, LETTER and a number, of the NAMES in a narrow table."""
    # An event that has an attribute several times keeps all its values.
    values = "".join(
        f", string_agg(value, ', ' ORDER BY rowid) FILTER (name = {literal(n)}) AS {letter}{i}"
        for i, n in enumerate(names)
    )
    return f"SELECT {key}{values} FROM {table} GROUP BY {key}"


def _typed(connection: duckdb.DuckDBPyConnection, column: Column, kind: Kind) -> str:
    """COLUMN read as KIND where all its values can be, else as text."""
    match kind:
        case "number":
            value = casting.number(column)
        case "time":
            value = f"timezone('UTC', {casting.time(column)})"
        case "boolean":
            value = f"CASE lower({column.sql}) WHEN '1' THEN 'true' WHEN '0' THEN 'false' "
            value += "WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' END"
        case "text":
            return column.sql
    (lost,) = connection.execute(
        f"SELECT count({column.sql}) - count({value}) FROM z.ocel_wide s"
    ).fetchall()[0]
    return column.sql if lost else value


def _rejects(connection: duckdb.DuckDBPyConnection, chosen: str) -> list[tuple[int, str, str]]:
    """Objects without events, and those with a value whose time cannot be read."""
    found = connection.execute(
        "SELECT 'case_without_events', o.id FROM z.ocel_objects o "
        f"WHERE o.type = {literal(chosen)} AND o.id NOT IN (SELECT object FROM z.ocel_chosen) "
        "UNION ALL SELECT 'unreadable_time', object FROM z.ocel_times "
        "WHERE NOT always AND since IS NULL"
    ).fetchall()
    return [(0, reason, case) for reason, case in found]


def _warnings(connection: duckdb.DuckDBPyConnection, name: str, chosen: str) -> list[Text]:
    """What flattening repeats and what it leaves out."""
    shared, rows, used, unused, later, astray = connection.execute(
        """
        SELECT count(*) FILTER (n > 1), sum(n)::BIGINT, count(*),
               (SELECT count(*) FROM z.ocel_events) - count(*),
               (SELECT count(*) FROM z.ocel_times WHERE since > start),
               (SELECT count(*) FROM z.ocel_links l
                WHERE l.object NOT IN (SELECT id FROM z.ocel_objects)
                   OR l.event NOT IN (SELECT id FROM z.ocel_events))
        FROM (SELECT event, count(*) AS n FROM z.ocel_chosen GROUP BY event)
        """
    ).fetchall()[0]
    repeated = say_plural(
        N_(
            "{source}: {count} event belongs to several objects of the type '{type}' and is "
            "repeated in the case of each, so that {used} events became {rows}."
        ),
        N_(
            "{source}: {count} events belong to several objects of the type '{type}' and are "
            "repeated in the case of each, so that {used} events became {rows}."
        ),
        shared, source=name, type=chosen, used=number(used), rows=number(rows),
    )  # fmt: skip
    left_out = say_plural(
        N_("{source}: {count} event belongs to no object of the type '{type}' and was left out."),
        N_("{source}: {count} events belong to no object of the type '{type}' and were left out."),
        unused, source=name, type=chosen,
    )  # fmt: skip
    changed = say_plural(
        N_(
            "{source}: {count} value of an attribute was left out, because it was set only after "
            "its case had begun."
        ),
        N_(
            "{source}: {count} values of attributes were left out, because they were set only "
            "after their cases had begun."
        ),
        later, source=name,
    )  # fmt: skip
    dangling = say_plural(
        N_(
            "{source}: {count} link between an event and an object was left out, because the file "
            "does not hold both."
        ),
        N_(
            "{source}: {count} links between events and objects were left out, because the file "
            "does not hold both."
        ),
        astray, source=name,
    )  # fmt: skip
    counted = [(shared, repeated), (unused, left_out), (later, changed), (astray, dangling)]
    return [text for count, text in counted if count]
