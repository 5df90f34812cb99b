"""Cases get numbers, names get codes, and events their neighbours."""

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, say
from zaplecze.workspace import Workspace

_MOST_CODES = 65_535


def number_cases(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> int:
    """Fill ``z.keys`` (case, case_id, row_id of the case's own table) and return how many.

    Cases are numbered from 0 as they first appear, so that a file in order stays in order.
    """
    if workspace.case.source is None:
        connection.execute(
            "CREATE TABLE z.all_keys AS "
            "SELECT case_id, NULL::BIGINT AS row_id FROM z.candidates LIMIT 0"
        )
        connection.execute(
            "CREATE TABLE z.keys AS SELECT (row_number() OVER (ORDER BY first) - 1)::UINTEGER "
            'AS "case", case_id, NULL::BIGINT AS row_id '
            "FROM (SELECT case_id, min(ord) AS first FROM z.candidates GROUP BY case_id)"
        )
    else:
        _case_table(connection, workspace, sources[workspace.case.source])
    count = connection.execute("SELECT count(*) FROM z.keys").fetchall()[0][0]
    if not count:
        raise _no_cases(connection)
    return int(count)


def _case_table(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, source: Loaded
) -> None:
    """Cases from their own table: repeated keys refused, cases without events too."""
    column = source.column("case.key", workspace.case.key)
    key, name = casting.text(column), literal(source.name)
    connection.execute(
        f"CREATE TABLE z.all_keys AS SELECT {key} AS case_id, min(s.rowid) AS row_id "
        f"FROM {source.sql} WHERE {column.sql} IS NOT NULL GROUP BY ALL"
    )
    connection.execute(
        f"INSERT INTO z.refused SELECT {name}, s.rowid, 'no_case', {literal(column.name)}, "
        f"NULL, NULL FROM {source.sql} WHERE {column.sql} IS NULL"
    )
    differs = " OR ".join(f"s.{ident(c)} IS DISTINCT FROM f.{ident(c)}" for c in source.columns)
    connection.execute(
        f"INSERT INTO z.refused SELECT {name}, s.rowid, "
        f"CASE WHEN {differs} THEN 'duplicate_key' ELSE 'duplicate' END, "
        f"{literal(column.name)}, {key}, {key} FROM {source.sql} "
        f"JOIN z.all_keys k ON k.case_id = {key} AND s.rowid > k.row_id "
        f"JOIN {ident(source.name)} f ON f.rowid = k.row_id"
    )
    kept = "SELECT * FROM z.all_keys"
    if workspace.events:
        connection.execute(
            f"INSERT INTO z.refused SELECT {name}, row_id, 'case_without_events', "
            f"{literal(column.name)}, case_id, case_id FROM z.all_keys "
            "ANTI JOIN z.candidates USING (case_id)"
        )
        kept += " SEMI JOIN z.candidates USING (case_id)"
    connection.execute(
        "CREATE TABLE z.keys AS SELECT (row_number() OVER (ORDER BY row_id) - 1)::UINTEGER AS "
        f'"case", case_id, row_id FROM ({kept})'
    )


def code_events(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    attributes: list[str],
) -> None:
    """Fill ``z.activities``, ``z.departments``, ``z.resources`` and ``z.events``."""
    own = {name: step.department for name, step in workspace.steps.items() if step.department}
    _codes(connection, "activities", "activity", "activity")
    _codes(connection, "resources", "resource", "resource")
    department = "department"
    if own:
        cases = " ".join(f"WHEN {literal(a)} THEN {literal(d)}" for a, d in own.items())
        department = f"coalesce(department, CASE activity {cases} END)"
    _codes(connection, "departments", department, "department")
    _refuse_unknown_cases(connection, workspace, sources)
    values = "".join(f", c.{ident(name)}" for name in attributes)
    connection.execute(
        'CREATE TABLE z.events AS SELECT k."case", a.code::USMALLINT AS activity, '
        "r.code::UINTEGER AS resource, d.code::USMALLINT AS department, c.start, "
        f'c."end", c.ord{values} FROM (SELECT *, {department} AS whose FROM z.candidates) c '
        "JOIN z.keys k USING (case_id) JOIN z.activities a ON a.name = c.activity "
        "LEFT JOIN z.resources r ON r.name = c.resource "
        "LEFT JOIN z.departments d ON d.name = c.whose"
    )


def _codes(connection: duckdb.DuckDBPyConnection, table: str, expression: str, what: str) -> None:
    """Names in the order of blocks and of a wide table's steps, then as they first appear."""
    connection.execute(
        f"CREATE TABLE z.{table} AS "
        "SELECT row_number() OVER (ORDER BY block, step, first) - 1 AS code, name "
        f"FROM (SELECT {expression} AS name, min(ord >> 54) AS block, min(ord & 1023) AS step, "
        "min(ord) AS first FROM z.candidates "
        "WHERE name IS NOT NULL GROUP BY ALL)"
    )
    (count,) = connection.execute(f"SELECT count(*) FROM z.{table}").fetchall()[0]
    if table != "resources" and count > _MOST_CODES:
        raise InputError(
            say(
                N_(
                    "The column chosen as '{what}' has {count} different values, so it cannot be "
                    "one. Choose another column in [[events]]."
                ),
                what=what, count=count,
            )
        )  # fmt: skip


def _refuse_unknown_cases(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> None:
    if workspace.case.source is None:
        return
    for number, block in enumerate(workspace.events):
        column = sources[block.source].columns[block.case or workspace.case.key]
        connection.execute(
            f"INSERT INTO z.refused SELECT {literal(block.source)}, row_id, 'unknown_case', "
            f"{literal(column.name)}, case_id, case_id FROM z.candidates "
            f"ANTI JOIN z.keys USING (case_id) WHERE ord >> 54 = {number}"
        )


def _no_cases(connection: duckdb.DuckDBPyConnection) -> InputError:
    reasons = connection.execute(
        "SELECT reason, count(*) FROM z.refused GROUP BY reason ORDER BY count(*) DESC"
    ).fetchall()
    found = ", ".join(f"{reason} ({count})" for reason, count in reasons)
    return InputError(
        say(
            N_(
                "No case is left. Rows were refused for these reasons: {reasons}. Check that the "
                "columns named in [case] and [[events]] are the right ones."
            ),
            reasons=found or "–",
        )
    )  # fmt: skip
