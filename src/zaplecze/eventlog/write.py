"""The store is written: sorted events with their neighbours, cases, variants, names."""

from itertools import pairwise
from pathlib import Path

import duckdb

from zaplecze.eventlog.joins import Item
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, say
from zaplecze.progress import Progress

_EVENTS_A_PART = 5_000_000


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    store: Path,
    attributes: list[str],
    items: list[Item],
    joined: list[str],
    progress: Progress,
) -> None:
    """Write events, cases, variants and resources to the folder STORE.

    Events are cut into parts between cases, about five million a part, so that sorting needs no
    more memory than one part.
    """
    (store / "events").mkdir()
    (store / "cases").mkdir()
    bounds = _parts(connection)
    for part, (low, high) in enumerate(bounds):
        progress(say(N_("Ordering the events")), 0.6 + 0.25 * part / len(bounds))
        _write_events(connection, store, part, low, high, attributes)
    progress(say(N_("Writing the cases")), 0.85)
    connection.execute(
        "CREATE TABLE z.variants AS SELECT (row_number() OVER (ORDER BY cases DESC, activities) "
        "- 1)::UINTEGER AS variant, activities, cases FROM "
        "(SELECT activities, count(*) AS cases FROM z.traces GROUP BY activities)"
    )
    _copy(connection, "SELECT * FROM z.variants ORDER BY variant", store / "variants.parquet")
    _copy(
        connection,
        "SELECT code::UINTEGER AS resource, name FROM z.resources ORDER BY code",
        store / "resources.parquet",
    )
    for part, (low, high) in enumerate(bounds):
        _write_cases(connection, store, part, low, high, items, joined)


def _parts(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Ranges of cases, first and last included, that hold a part's events."""
    (events,) = connection.execute("SELECT count(*) FROM z.events").fetchall()[0]
    (cases,) = connection.execute("SELECT count(*) FROM z.keys").fetchall()[0]
    parts = min(max(1, round(events / _EVENTS_A_PART)), cases)
    edges = [cases * part // parts for part in range(parts + 1)]
    return [(low, high - 1) for low, high in pairwise(edges)]


def _write_events(
    connection: duckdb.DuckDBPyConnection,
    store: Path,
    part: int,
    low: int,
    high: int,
    attributes: list[str],
) -> None:
    values = "".join(f", {ident(name)}" for name in attributes)
    connection.execute(
        'CREATE TABLE z.sorted AS SELECT "case", activity, resource, department, start, "end", '
        "(row_number() OVER walk - 1)::UINTEGER AS position, "
        "lead(activity) OVER walk AS next_activity, "
        '(epoch_us(lead(start) OVER walk) - epoch_us("end")) / 1e6 AS wait_seconds, '
        "lag(department) OVER walk <> department AS handed_over"
        f'{values} FROM z.events WHERE "case" BETWEEN {low} AND {high} '
        'WINDOW walk AS (PARTITION BY "case" ORDER BY start, ord)'
    )
    _copy(
        connection,
        'SELECT * EXCLUDE (handed_over) FROM z.sorted ORDER BY "case", position',
        store / "events" / f"part-{part:04}.parquet",
    )
    summary = (
        'SELECT "case", list(activity ORDER BY position) AS activities, min(start) AS start, '
        'max("end") AS "end", count(*)::UINTEGER AS events, '
        "(count(*) - count(DISTINCT activity))::UINTEGER AS rework, "
        "count_if(handed_over)::UINTEGER AS handovers "
        'FROM z.sorted GROUP BY "case"'
    )
    verb = "CREATE TABLE z.traces AS" if part == 0 else "INSERT INTO z.traces"
    connection.execute(f"{verb} {summary}")
    connection.execute("DROP TABLE z.sorted")


def _write_cases(
    connection: duckdb.DuckDBPyConnection,
    store: Path,
    part: int,
    low: int,
    high: int,
    items: list[Item],
    joined: list[str],
) -> None:
    columns = []
    for item in items:
        name = ident(item.name)
        columns.append(f"coalesce({name}, 0) AS {name}" if item.counts_rows else name)
        if item.time is not None:
            columns.append(ident(item.name + ".time"))
    tables = "".join(f' LEFT JOIN {table} USING ("case")' for table in joined)
    _copy(
        connection,
        'SELECT "case", k.case_id, v.variant, t.start, t."end", coalesce(t.events, 0)::UINTEGER '
        "AS events, coalesce(t.rework, 0)::UINTEGER AS rework, "
        f"coalesce(t.handovers, 0)::UINTEGER AS handovers{''.join(', ' + c for c in columns)} "
        'FROM z.keys k LEFT JOIN z.traces t USING ("case") '
        f"LEFT JOIN z.variants v ON v.activities = t.activities{tables} "
        f'WHERE "case" BETWEEN {low} AND {high} ORDER BY "case"',
        store / "cases" / f"part-{part:04}.parquet",
    )


def write_refused(connection: duckdb.DuckDBPyConnection, store: Path) -> None:
    """Write the list of refused rows, with row numbers as in the file, and keep it for counting.

    A refused row that never came into its source's table shifts the rows after it by one: the
    number of a row is its place in the table plus the refused rows before it.
    """
    connection.execute(
        """
        CREATE TABLE z.shifts AS
        SELECT source, row - turn AS before, turn FROM (
            SELECT source, row, row_number() OVER (PARTITION BY source ORDER BY row) AS turn
            FROM z.rejects WHERE row IS NOT NULL)
        """
    )
    connection.execute(
        """
        CREATE TABLE z.all_refused AS
        SELECT source, row, reason, "column", value, case_id FROM (
            SELECT DISTINCT r.source, r.row_id + 1 + coalesce(s.turn, 0) AS row, r.reason,
                   r."column", r.value[:1000] AS value, r.case_id
            FROM z.refused r ASOF LEFT JOIN z.shifts s
              ON s.source = r.source AND s.before <= r.row_id
            UNION ALL
            SELECT source, row, reason, NULL, value, case_id FROM z.rejects)
        """
    )
    _copy(
        connection,
        'SELECT * FROM z.all_refused ORDER BY source, row, reason, "column"',
        store / "refused.parquet",
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    connection.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet)")
