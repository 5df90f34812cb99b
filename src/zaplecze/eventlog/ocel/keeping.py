"""The objects of a log, typed: kept beside its cases, in the schema ``o`` of a DuckDB.

===================  ====================================================================
``o.events``         ``id``, ``type``, ``time`` (UTC)
``o.event_values``   ``event``, ``name``, ``value`` (text)
``o.links``          ``event``, ``object``, ``qualifier``
``o.objects``        ``id``, ``type``
``o.object_values``  ``object``, ``name``, ``time`` (UTC; 1970 for "from the beginning"), ``value``
``o.relations``      ``source``, ``target``, ``qualifier``, both objects
``o.kinds``          ``object_type`` (empty for events), ``name``, ``kind``
===================  ====================================================================

All are in the order of the file's events and objects, so that the same log in another form gives the
same tables. A store keeps each as ``objects/<table>.parquet``.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.ocel.tables import ObjectTables
from zaplecze.eventlog.sql import literal
from zaplecze.language import N_, Text, say, say_plural
from zaplecze.workspace import Source

FOLDER = "objects"

TABLES: dict[str, str] = {
    "events": "id VARCHAR, type VARCHAR, time TIMESTAMP",
    "event_values": "event VARCHAR, name VARCHAR, value VARCHAR",
    "links": "event VARCHAR, object VARCHAR, qualifier VARCHAR",
    "objects": "id VARCHAR, type VARCHAR",
    "object_values": "object VARCHAR, name VARCHAR, time TIMESTAMP, value VARCHAR",
    "relations": "source VARCHAR, target VARCHAR, qualifier VARCHAR",
    "kinds": "object_type VARCHAR, name VARCHAR, kind VARCHAR",
}

_BEGINNING = "TIMESTAMP '1970-01-01'"


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables, empty."""
    connection.execute("CREATE SCHEMA o")
    for table, columns in TABLES.items():
        connection.execute(f"CREATE TABLE o.{table} ({columns})")


def keep(
    connection: duckdb.DuckDBPyConnection, tables: ObjectTables, source: Source, zone: str
) -> list[Text]:
    """Keep what TABLES hold; times without a zone are clock times of ZONE.

    Events without type or time, and what points to things that the file does not hold, are left
    out; the warning says how many. Where a log has several files of objects, none is kept.
    """
    file = str(source.file)
    if _kept_already(connection, file):
        return []
    if _holds_any(connection):
        _forget(connection)
        return [
            say(
                N_(
                    "There are several object-centric files, so that their objects are not kept "
                    "beside the cases. Import '{file}' by itself to see its objects."
                ),
                file=file,
            )
        ]
    create(connection)
    connection.execute("CREATE TABLE o.files (file VARCHAR)")
    connection.execute("INSERT INTO o.files VALUES (?)", [file])
    _copy_kinds(connection, tables)
    time = casting.time(Column("time", "VARCHAR", zone, source.time_format))
    _copy_things(connection, time)
    _copy_values(connection, time, zone)
    return _left_out(connection, tables.file)


def write(connection: duckdb.DuckDBPyConnection, store: Path) -> dict[str, int]:
    """Write what is kept into the folder STORE; returns how many objects each type has."""
    if not _holds_any(connection):
        return {}
    counts = dict(
        connection.execute(
            "SELECT type, count(*) FROM o.objects GROUP BY type ORDER BY min(rowid)"
        ).fetchall()
    )
    if counts:
        (store / FOLDER).mkdir()
        for table in TABLES:
            path = literal(str(store / FOLDER / f"{table}.parquet"))
            connection.execute(
                f"COPY (SELECT * FROM o.{table} ORDER BY rowid) TO {path} (FORMAT parquet)"
            )
    return counts


def read_stored(connection: duckdb.DuckDBPyConnection, store: Path) -> None:
    """Fill the tables from what the folder STORE keeps; raises `duckdb.Error` where it cannot."""
    create(connection)
    for table in TABLES:
        path = literal(str(store / FOLDER / f"{table}.parquet"))
        connection.execute(f"INSERT INTO o.{table} SELECT * FROM read_parquet({path})")


def _kept_already(connection: duckdb.DuckDBPyConnection, file: str) -> bool:
    return _exists(connection, "files") and bool(
        connection.execute("FROM o.files WHERE file = ?", [file]).fetchall()
    )


def _holds_any(connection: duckdb.DuckDBPyConnection) -> bool:
    return _exists(connection, "events")


def _exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(
        connection.execute(
            "FROM duckdb_tables() WHERE schema_name = 'o' AND table_name = ?", [table]
        ).fetchall()
    )


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    for table in TABLES:
        connection.execute(f"DELETE FROM o.{table}")


def _copy_kinds(connection: duckdb.DuckDBPyConnection, tables: ObjectTables) -> None:
    rows = [{"object_type": t, "name": n, "kind": kind} for (t, n), kind in tables.kinds.items()]
    schema = pa.schema([(name, pa.string()) for name in ("object_type", "name", "kind")])
    connection.register("z_kinds", pa.Table.from_pylist(rows, schema))
    connection.execute("INSERT INTO o.kinds SELECT * FROM z_kinds")
    connection.unregister("z_kinds")


def _copy_things(connection: duckdb.DuckDBPyConnection, time: str) -> None:
    connection.execute(
        f"""
        INSERT INTO o.objects SELECT id, type FROM z.ocel_objects ORDER BY rowid;
        INSERT INTO o.events SELECT id, type, time FROM (
            SELECT s.id, s.type, {time} AS time, s.rowid AS ord FROM z.ocel_events s)
        WHERE type IS NOT NULL AND time IS NOT NULL ORDER BY ord;
        INSERT INTO o.links SELECT s.event, s.object, s.qualifier FROM z.ocel_links s
        JOIN o.events e ON e.id = s.event JOIN o.objects b ON b.id = s.object
        GROUP BY ALL ORDER BY min(e.rowid), min(s.rowid);
        INSERT INTO o.relations SELECT s.source, s.target, s.qualifier FROM z.ocel_relations s
        JOIN o.objects a ON a.id = s.source JOIN o.objects b ON b.id = s.target
        GROUP BY ALL ORDER BY min(a.rowid), min(s.rowid)
        """
    )


def _copy_values(connection: duckdb.DuckDBPyConnection, time: str, zone: str) -> None:
    value = _canonical(zone)
    connection.execute(
        f"""
        INSERT INTO o.event_values SELECT event, name, {value} FROM (
            SELECT s.*, s.rowid AS ord, e.rowid AS place, k.kind FROM z.ocel_event_values s
            JOIN o.events e ON e.id = s.event
            LEFT JOIN o.kinds k ON k.object_type = '' AND k.name = s.name
            WHERE s.value IS NOT NULL) s ORDER BY place, name, ord;
        INSERT INTO o.object_values SELECT object, name, since, {value} FROM (
            SELECT s.*, s.rowid AS ord, b.rowid AS place, k.kind,
                   CASE WHEN s.time IS NULL THEN {_BEGINNING} ELSE {time} END AS since
            FROM z.ocel_object_values s JOIN o.objects b ON b.id = s.object
            LEFT JOIN o.kinds k ON k.object_type = b.type AND k.name = s.name
            WHERE s.value IS NOT NULL) s WHERE since IS NOT NULL ORDER BY place, since, name, ord
        """
    )


def _canonical(zone: str) -> str:
    """The expression that writes ``s.value`` in one way, whatever form of file it came from."""
    column = Column("value", "VARCHAR", zone)
    number, time = casting.number(column), casting.time(column)
    return (
        "coalesce(CASE s.kind "
        f"WHEN 'number' THEN CASE WHEN abs({number}) < 1e15 AND {number} = trunc({number}) "
        f"THEN ({number})::BIGINT::VARCHAR WHEN abs({number}) < 1e15 THEN ({number})::VARCHAR END "
        f"WHEN 'time' THEN strftime({time}, '%Y-%m-%dT%H:%M:%S.%fZ') "
        "WHEN 'boolean' THEN CASE WHEN lower(s.value) IN ('1', 'true') THEN 'true' "
        "WHEN lower(s.value) IN ('0', 'false') THEN 'false' END END, s.value)"
    )


def _left_out(connection: duckdb.DuckDBPyConnection, file: str) -> list[Text]:
    """How many entries of FILE are not among the objects."""
    of_values = "(SELECT count(*) FROM z.ocel_{0} WHERE value IS NOT NULL)"
    (count,) = connection.execute(
        "SELECT (SELECT count(*) FROM z.ocel_events) - (SELECT count(*) FROM o.events) "
        "+ (SELECT count(*) FROM (SELECT DISTINCT * FROM z.ocel_relations)) "
        "- (SELECT count(*) FROM o.relations) "
        f"+ {of_values.format('object_values')} - (SELECT count(*) FROM o.object_values)"
    ).fetchall()[0]
    if not count:
        return []
    return [
        say_plural(
            N_(
                "{file}: {count} entry has no type, no time that can be read, or points to "
                "something that the file does not hold. It is not among the objects."
            ),
            N_(
                "{file}: {count} entries have no type, no time that can be read, or point to "
                "something that the file does not hold. They are not among the objects."
            ),
            count,
            file=file,
        )
    ]
