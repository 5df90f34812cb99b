"""The sources of a workspace become a stored event log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa

from zaplecze import placing
from zaplecze.eventlog.blocks import lines_of
from zaplecze.eventlog.coding import code_names, number_cases
from zaplecze.eventlog.engine import in_force
from zaplecze.eventlog.faults import closest
from zaplecze.eventlog.given import faults_named
from zaplecze.eventlog.items import Item, items_of
from zaplecze.eventlog.joins import join_all
from zaplecze.eventlog.neighbours import write_events
from zaplecze.eventlog.ocel import keeping
from zaplecze.eventlog.settling import settled
from zaplecze.eventlog.sources import Loaded, load_all
from zaplecze.eventlog.sql import literal
from zaplecze.eventlog.staging import stage
from zaplecze.eventlog.store import EventLog, LogInfo, RefusedRows, check_replaceable, open_log
from zaplecze.eventlog.write import write_cases, write_refused
from zaplecze.language import N_, Text, say
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Workspace


def build(workspace: Workspace, data: Path, folder: Path, progress: Progress = silent) -> EventLog:
    """Read the sources of WORKSPACE from DATA and write the event log to FOLDER.

    Every row of the sources is used or listed in ``refused.parquet`` with a reason. A log that is
    already in FOLDER stays until the new one is whole; anything else there stays for good. Raises
    `InputError`, naming what to mend, when FOLDER is not ours to replace or a source is not as the
    workspace says.
    """
    place = folder.resolve()
    check_replaceable(folder)
    with placing.room_in(place.parent) as room:
        for each in ("store", "scratch"):
            (room / each).mkdir()
        with faults_named(workspace):
            _write_store(workspace, data, room, progress)
        check_replaceable(folder)
        placing.put_in_place(room / "store", place, room)
    progress(say(N_("The event log is ready")), 1.0)
    return open_log(folder)


def _write_store(workspace: Workspace, data: Path, room: Path, progress: Progress) -> None:
    """Write the log to ``store`` in ROOM, on the cluster if there is one and it can be done there."""
    cluster = in_force()
    if cluster is not None:
        from zaplecze.eventlog.engine import importing

        reason = importing.reason_to_stay(workspace, data)
        if reason is None:
            importing.build_on(cluster, workspace, data, room, progress)
            return
        progress(say(N_("Importing on this machine. {reason}"), reason=reason), 0.0)
    with engine(data, room) as connection:
        build_here(connection, workspace, data, room / "store", room / "scratch", progress)


@contextmanager
def engine(data: Path, room: Path, limits: str = "") -> Iterator[duckdb.DuckDBPyConnection]:
    """A private DuckDB that spills to ROOM and reaches no file outside DATA and ROOM.

    Queries of a workspace run in it, and a workspace may come from somebody else. LIMITS are SQL
    settings for a machine that is shared with others.
    """
    allowed = ", ".join(literal(str(each.absolute())) for each in (data, room))
    with duckdb.connect() as connection:
        connection.execute(
            f"{limits}SET TimeZone = 'UTC'; SET enable_progress_bar = false; "
            f"SET temp_directory = {literal(str(room / 'spill'))}; "
            f"SET allowed_directories = [{allowed}]; SET enable_external_access = false; "
            "SET lock_configuration = true"
        )
        connection.execute(
            "CREATE SCHEMA z; CREATE TABLE z.refused (source VARCHAR, row_id BIGINT, "
            'reason VARCHAR, "column" VARCHAR, value VARCHAR, case_id VARCHAR)'
        )
        yield connection


def build_here(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    data: Path,
    store: Path,
    scratch: Path,
    progress: Progress,
) -> None:
    """Write the whole log to STORE in this process; SCRATCH takes copies of files."""
    sources = load_all(connection, workspace, data, scratch, progress)
    workspace = settled(connection, workspace, sources)
    items = write_tables(connection, workspace, sources, store, progress)
    objects = keeping.write(connection, store)
    info = replace(info_of(connection, workspace, sources, items), objects=objects)
    text = json.dumps(info.to_dict(), ensure_ascii=False, indent=1)
    (store / "log.json").write_text(text + "\n", encoding="utf-8")


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    store: Path,
    progress: Progress,
) -> list[Item]:
    """Write all tables of the log of SOURCES to STORE; return what was joined to the cases.

    Names, keys and refused rows stay in the schema ``z`` of the CONNECTION, which comes from
    `engine`.
    """
    keep_rejects(connection, sources)
    progress(say(N_("Reading the events")), 0.5)
    lines = lines_of(workspace, sources)
    items = items_of(connection, workspace, sources)
    attributes = stage(connection, workspace, sources, lines)
    code_names(connection)
    for share in write_events(connection, store / "events", attributes):
        progress(say(N_("Ordering the events")), 0.6 + 0.3 * share)
    number_cases(connection, workspace, sources)
    progress(say(N_("Writing the cases")), 0.9)
    joined = join_all(connection, workspace, sources, items)
    write_cases(connection, store, items, joined)
    write_refused(connection, store)
    return items


def keep_rejects(connection: duckdb.DuckDBPyConnection, sources: dict[str, Loaded]) -> None:
    """Put the rows that readers refused into ``z.rejects``."""
    rows = [
        {
            "source": name, "row": row or None, "reason": reason,
            "value": value if row else None, "case_id": None if row else value,
        }
        for name, source in sources.items()
        for row, reason, value in source.rejects
    ]  # fmt: skip
    names = ("source", "row", "reason", "value", "case_id")
    schema = pa.schema([(n, pa.int64() if n == "row" else pa.string()) for n in names])
    connection.register("z_rejects", pa.Table.from_pylist(rows, schema))
    connection.execute("CREATE TABLE z.rejects AS SELECT * FROM z_rejects")
    connection.unregister("z_rejects")


def info_of(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    items: list[Item],
) -> LogInfo:
    def names(table: str) -> list[str]:
        rows = connection.execute(f"SELECT name FROM z.{table} ORDER BY code").fetchall()
        return [name for (name,) in rows]

    iso = "strftime({}, '%Y-%m-%dT%H:%M:%SZ')"
    (cases,) = connection.execute("SELECT count(*) FROM z.keys").fetchall()[0]
    events, start, end = connection.execute(
        f"SELECT count(*), {iso.format('min(start)')}, {iso.format('max(finish)')} "
        'FROM (SELECT start, "end" AS finish FROM z.events)'
    ).fetchall()[0]
    refused = connection.execute(
        "SELECT source, reason, count(*) FROM z.all_refused GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    activities = names("activities")
    kinds = {item.name: item.kind for item in items}
    return LogInfo(
        name=workspace.name,
        time_zone=workspace.time_zone,
        cases=cases,
        events=events,
        start=start,
        end=end,
        activities=activities,
        departments=names("departments"),
        attributes={name: kinds[name] for name in workspace.attributes},
        outcomes={name: kinds[name] for name in workspace.outcomes if name in kinds},
        rows_read={n: s.rows + sum(row > 0 for row, *_ in s.rejects) for n, s in sources.items()},
        files={n: s.file for n, s in workspace.sources.items() if s.file is not None},
        read_as={name: _read_as(source) for name, source in sources.items()},
        refused=[RefusedRows(*row) for row in refused],
        warnings=_warnings(workspace, sources, activities),
    )


def _read_as(source: Loaded) -> dict[str, str | None]:
    columns = source.columns.values()
    formats = dict.fromkeys(c.time_format for c in columns if c.time_format)
    return {
        "delimiter": source.delimiter,
        "encoding": source.encoding,
        "decimal": next((c.decimal for c in columns), None),
        "time_format": ", ".join(formats) or None,
        "time_zone": next((c.time_zone for c in columns), None),
    }


def _warnings(
    workspace: Workspace, sources: dict[str, Loaded], activities: list[str]
) -> list[Text]:
    warnings = [text for source in sources.values() for text in source.warnings]
    for step in workspace.steps:
        if step in activities:
            continue
        close = closest(step, activities)
        if close:
            warnings.append(
                say(
                    N_("The step '{step}' never occurs in the log. Did you mean '{close}'?"),
                    step=step, close=close,
                )
            )  # fmt: skip
        else:
            warnings.append(say(N_("The step '{step}' never occurs in the log."), step=step))
    return warnings
