"""Cases, variants, resources and the list of refused rows are written."""

from pathlib import Path

import duckdb

from zaplecze.eventlog.items import Item
from zaplecze.eventlog.sql import ident, stored


def write_cases(
    connection: duckdb.DuckDBPyConnection, store: Path, items: list[Item], joined: list[str]
) -> None:
    """Write cases, variants and resources to the folder STORE."""
    (store / "cases").mkdir()
    write_variants(connection, store, "SELECT hash_a, hash_b, 1 AS cases FROM z.traces")
    _write_cases(connection, store / "cases", items, joined)


def write_variants(connection: duckdb.DuckDBPyConnection, store: Path, counts: str) -> None:
    """Write variants and resources to STORE and fill ``z.variants``.

    The sum of ``cases`` of the query COUNTS, by ``hash_a`` and ``hash_b``, says how common each is.
    """
    connection.execute(
        "CREATE TABLE z.variants AS SELECT (row_number() OVER (ORDER BY cases DESC, activities) "
        "- 1)::UINTEGER AS variant, activities, cases, hash_a, hash_b FROM "
        "(SELECT hash_a, hash_b, any_value(activities) AS activities FROM z.sequences GROUP BY ALL)"
        f"JOIN (SELECT hash_a, hash_b, sum(cases)::BIGINT AS cases FROM ({counts}) GROUP BY ALL "
        "HAVING sum(cases) > 0) USING (hash_a, hash_b)"
    )
    _copy(
        connection,
        "SELECT variant, activities, cases FROM z.variants ORDER BY variant",
        store / "variants.parquet",
    )
    _copy(
        connection,
        "SELECT code::UINTEGER AS resource, name FROM z.resources ORDER BY code",
        store / "resources.parquet",
    )


def _write_cases(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
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
        f"LEFT JOIN z.variants v USING (hash_a, hash_b){tables} "
        'ORDER BY "case"',
        folder / "part-0000.parquet",
    )


def write_refused(connection: duckdb.DuckDBPyConnection, store: Path) -> None:
    """Write the list of refused rows, with row numbers as in the file, and keep it for counting.

    A refused row that never came into its source's table shifts the rows after it by one: the
    number of a row is its place in the table plus the refused rows before it.
    """
    connection.execute(
        """
        CREATE TABLE z.shifts AS
        SELECT source, row - turn AS before, max(turn) AS turn FROM (
            SELECT source, row, row_number() OVER (PARTITION BY source ORDER BY row) AS turn
            FROM z.rejects WHERE row IS NOT NULL)
        GROUP BY ALL
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
    connection.execute(stored(query, path))
