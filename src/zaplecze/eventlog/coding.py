"""Names get their final codes and cases their final numbers: only what events use is numbered."""

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.reasons import reason_text
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import literal
from zaplecze.language import LANGUAGES, N_, Text, say
from zaplecze.workspace import Workspace

_MOST_CODES = 65_535


def code_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill ``z.activities``, ``z.departments`` and ``z.resources``: code, name, provisional code.

    The order is that of the blocks and of a wide table's steps, then of first appearance; ``block``,
    ``step`` and ``first`` say what the order goes by.
    """
    for role, table in (
        ("activity", "activities"),
        ("department", "departments"),
        ("resource", "resources"),
    ):
        connection.execute(
            f"CREATE TABLE z.{table} AS SELECT row_number() OVER (ORDER BY block, step, first) - 1 "
            f"AS code, name, provisional, block, step, first FROM (SELECT {role} AS provisional, "
            "min(ord >> 54) AS block, min(ord & 1023) AS step, min(ord) AS first FROM z.events "
            f"GROUP BY 1) JOIN z.names_{role} ON names_{role}.code = provisional"
        )
        check_codes(connection, role, table)


def check_codes(connection: duckdb.DuckDBPyConnection, role: str, table: str) -> None:
    """Raise `InputError` where ``z.<table>`` has more names of a ROLE than there are codes."""
    (count,) = connection.execute(f"SELECT count(*) FROM z.{table}").fetchall()[0]
    if role != "resource" and count > _MOST_CODES:
        raise _too_many(role, count)


def number_cases(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> None:
    """Fill ``z.keys`` (case, case_id, row_id), for cases that have events where there are any."""
    if workspace.events:
        connection.execute(
            'CREATE TABLE z.keys AS SELECT t."case", k.case_id, k.row_id FROM z.traces t '
            'JOIN z.all_keys k ON k."case" = t.provisional'
        )
    else:
        connection.execute("CREATE TABLE z.keys AS FROM z.all_keys")
    if workspace.case.source is not None:
        refuse_cases(connection, workspace, sources[workspace.case.source])
    partly = any(source.is_part for source in sources.values())
    if not partly and not connection.execute("SELECT count(*) FROM z.keys").fetchall()[0][0]:
        raise no_cases(connection, workspace, sources)


def refuse_cases(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, source: Loaded
) -> None:
    """Rows of the case table without a key, with a key that was there before, without events."""
    column = source.columns[workspace.case.key]
    name, key = literal(source.name), casting.text(column)
    connection.execute(
        f"INSERT INTO z.refused SELECT {name}, s.rowid, 'no_case', {literal(column.name)}, "
        f"{key}, {key} FROM {source.sql} WHERE {casting.is_missing(key)}"
    )
    connection.execute(
        f"INSERT INTO z.refused SELECT source, row_id, reason, {literal(column.name)}, case_id, "
        "case_id FROM z.repeats"
    )
    if workspace.events:
        connection.execute(
            f"INSERT INTO z.refused SELECT {name}, row_id, 'case_without_events', "
            f"{literal(column.name)}, case_id, case_id FROM z.all_keys "
            "ANTI JOIN z.keys USING (case_id)"
        )


def _too_many(role: str, count: int) -> InputError:
    return InputError(
        say(
            N_(
                "The column chosen as '{role}' has {count} different values, so it cannot be "
                "one. Choose another column in [[events]]."
            ),
            role=role, count=count,
        )
    )  # fmt: skip


def no_cases(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> InputError:
    """No case is left: where a source is empty, or the reasons in ``z.refused`` and ``z.rejects``."""
    names = [workspace.case.source] if workspace.case.source else []
    names += [block.source for block in workspace.events]
    for source in (sources[name] for name in names):
        if source.rows == 0 and not source.rejects:
            return InputError(
                say(
                    N_(
                        "[sources.{source}]: there is no row in {file}, only the names of its "
                        "columns. Export it again, or name another file."
                    ),
                    source=source.name, file=source.file,
                )
            )  # fmt: skip
    found = connection.execute(
        "SELECT reason, count(*) FROM (SELECT reason FROM z.refused UNION ALL "
        "SELECT reason FROM z.rejects) GROUP BY reason ORDER BY count(*) DESC, reason"
    ).fetchall()
    return InputError(
        say(
            N_(
                "No case is left: every row was refused. {reasons} Check that the columns named "
                "in [case] and [[events]] are the right ones."
            ),
            reasons=_listed(found),
        )
    )


def _listed(found: list[tuple[str, int]]) -> Text:
    """Reasons and their counts, a line each, between two line ends."""
    lines = [Text((lang, f"{count} × {words}") for lang, words in reason_text(reason).items())
             for reason, count in found]  # fmt: skip
    return Text((lang, "".join(f"\n  {line[lang]}" for line in lines) + "\n") for lang in LANGUAGES)
