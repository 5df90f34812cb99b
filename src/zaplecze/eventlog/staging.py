"""Rows of the sources become events in ``z.events``, or are refused with a reason.

Names are replaced by codes at once, so that the only texts that are kept are the sources' own. The
codes are provisional: they also number names that only refused rows use.
"""

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.blocks import Line, table_of_cases, text_of
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.checks import FEWEST, all_refused, wrong_format
from zaplecze.eventlog.faults import place_of
from zaplecze.eventlog.kinds import kind_of, sql_type, value_of
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, Text, say
from zaplecze.workspace import Workspace

# By fault: the reason, and the role of the column that is named in the list of refused rows.
FAULTS = {
    1: ("no_case", "case"),
    2: ("unknown_case", "case"),
    3: ("no_activity", "activity"),
    4: ("no_time", "time"),
    5: ("unreadable_time", "time"),
    6: ("unreadable_time", "end"),
    7: ("end_before_start", "end"),
    8: ("other_transition", "lifecycle"),
    9: ("duplicate", "id"),
}

EVENT_COLUMNS = frozenset(
    {
        "case", "activity", "resource", "department", "start", "end", "position",
        "next_activity", "wait_seconds", "ord", "fault", "transition", "event_id",
    }
)  # fmt: skip


def stage(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    lines: list[Line],
    known: str | None = None,
) -> list[str]:
    """Fill ``z.events``, the names behind its codes, and ``z.refused``.

    KNOWN is a query for number and key of cases that are there whether the sources name them or not.
    Returns the names of the event attributes; the last is ``event_id`` where a block has an id.
    """
    kinds = _attribute_kinds(connection, lines)
    _number_cases(connection, workspace, sources, lines, known)
    _find_repeats(connection, workspace, sources)
    for role in ("activity", "department", "resource"):
        _number_names(connection, workspace, role, lines)
    if any(line.event_id for line in lines):
        kinds["event_id"] = "category"
    attributes = "".join(f", {ident(name)} {sql_type(kind)}" for name, kind in kinds.items())
    connection.execute(
        'CREATE TABLE z.events ("case" UINTEGER, activity UINTEGER, resource UINTEGER, '
        f'department UINTEGER, start TIMESTAMP, "end" TIMESTAMP, ord BIGINT, fault UTINYINT{attributes})'
    )
    for line in lines:
        rows = _events(workspace, line, kinds, identity(line, lines))
        if line.lifecycle is not None:
            kept = [column.name for column in line.attributes]
            kept += ["event_id"] if line.event_id else []
            rows = _paired(rows, kept, by_instance=_tells_instances(connection, line))
        connection.execute(f"INSERT INTO z.events BY NAME {rows}")
        _refuse(connection, line)
    return list(kinds)


def _number_cases(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    sources: dict[str, Loaded],
    lines: list[Line],
    known: str | None,
) -> None:
    """``z.all_keys``: case, case_id, row_id; known ones first, others as they first appear.

    A file in order stays in order then. The cases are those of their own table, or, where there is
    none, those that events name.
    """
    if workspace.case.source is not None:
        source = sources[workspace.case.source]
        column = source.column(workspace.case.key, "case", "key")
        keys = (
            f"SELECT {casting.text(column)} AS case_id, min(s.rowid) AS first, "
            f"min(s.rowid) AS row_id FROM {source.sql} WHERE {column.sql} IS NOT NULL GROUP BY 1"
        )
    else:
        of_blocks = {line.block: line for line in reversed(lines)}
        each = " UNION ALL ".join(
            f"SELECT {casting.text(line.case)} AS case_id, min({line.ord}) AS first "
            f"FROM {line.source.sql} WHERE {line.case.sql} IS NOT NULL GROUP BY 1"
            for line in of_blocks.values()
        )
        keys = (
            each
            if len(of_blocks) == 1
            else (f"SELECT case_id, min(first) AS first FROM ({each}) GROUP BY 1")
        )
        keys = f"SELECT *, NULL::BIGINT AS row_id FROM ({keys})"
    keys = f"FROM ({keys}) WHERE NOT {casting.is_missing('case_id')}"
    if known is not None:
        keys = (
            "SELECT case_id, coalesce(number - end_of_known, first) AS first, row_id FROM "
            f'({keys}) FULL JOIN (SELECT "case" AS number, case_id, max("case"::BIGINT) OVER () + 1 AS '
            f"end_of_known FROM ({known})) USING (case_id)"
        )
    connection.execute(
        "CREATE TABLE z.all_keys AS SELECT (row_number() OVER (ORDER BY first) - 1)::UINTEGER "
        f'AS "case", case_id, row_id FROM ({keys})'
    )


def _find_repeats(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> None:
    """``z.repeats``: source, row_id, case_id and reason of rows whose case has a row already.

    They are refused as a whole, so that they give neither events nor values.
    """
    connection.execute(
        "CREATE TABLE z.repeats (source VARCHAR, row_id BIGINT, case_id VARCHAR, reason VARCHAR)"
    )
    table = table_of_cases(workspace)
    if table is None:
        return
    source = sources[table]
    key = casting.text(source.columns[workspace.case.key])
    differs = " OR ".join(f"s.{ident(c)} IS DISTINCT FROM f.{ident(c)}" for c in source.columns)
    connection.execute(
        f"INSERT INTO z.repeats SELECT {literal(table)}, s.rowid, k.case_id, "
        f"CASE WHEN {differs} THEN 'duplicate_key' ELSE 'duplicate' END FROM {source.sql} "
        f"JOIN z.all_keys k ON k.case_id = {key} AND s.rowid > k.row_id "
        f"JOIN {ident(table)} f ON f.rowid = k.row_id"
    )


def _number_names(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, role: str, lines: list[Line]
) -> None:
    """``z.names_<role>``: code and name of every activity, department or resource."""
    columns: dict[tuple[str, str], Line] = {}
    fixed = set()
    for line in lines:
        value = getattr(line, role)
        if isinstance(value, Column):
            columns[line.source.name, value.name] = line
        elif value is not None:
            fixed.add(value)
    if role == "department":
        fixed |= {step.department for step in workspace.steps.values() if step.department}
    parts = [
        f"SELECT DISTINCT {text_of(getattr(line, role))} AS name FROM {line.source.sql}"
        for line in columns.values()
    ]
    parts += [f"SELECT {literal(name)} AS name" for name in sorted(fixed)]
    names = " UNION ".join(parts) or "SELECT NULL::VARCHAR AS name"
    connection.execute(
        f"CREATE TABLE z.names_{role} AS SELECT (row_number() OVER () - 1)::UINTEGER AS code, name "
        f"FROM ({names}) WHERE NOT {casting.is_missing('name')}"
    )


def identity(line: Line, lines: list[Line]) -> str:
    """The identifier of the events of LINE, with the block's number where several blocks have one."""
    several = len({each.block for each in lines if each.event_id}) > 1
    return (f"'{line.block + 1}/' || " if several else "") + text_of(line.event_id)


def _events(workspace: Workspace, line: Line, kinds: dict[str, str], identity: str) -> str:
    """The query for the events of LINE, each with its first fault or 0."""
    read = (
        # Only where no case is found its identifier is looked at.
        f'SELECT k."case", CASE WHEN k."case" IS NULL THEN '
        f"{casting.is_missing(casting.text(line.case))} ELSE false END AS z_no_case, a.code AS activity, "
        f"{casting.time(line.time)} AS start, {line.time.sql} IS NULL AS z_no_time, "
        f'{casting.time(line.end) if line.end else "NULL::TIMESTAMP"} AS "end", '
        f"{f'{line.end.sql} IS NOT NULL' if line.end else 'false'} AS z_has_end, "
        f"r.code AS resource, {_department(workspace)} AS department, {line.ord} AS ord, "
        f"{f'lower({casting.text(line.lifecycle)})' if line.lifecycle else 'NULL'} AS transition, "
        f"{identity} AS event_id, {text_of(_instance(line))} AS z_instance"
        + "".join(f", {value_of(c, kinds[c.name])} AS {ident(c.name)}" for c in line.attributes)
        + f" FROM {line.source.sql} "
        f"LEFT JOIN z.all_keys k ON k.case_id = {casting.text(line.case)} "
        f"LEFT JOIN z.names_activity a ON a.name = {text_of(line.activity)} "
        f"LEFT JOIN z.names_resource r ON r.name = {text_of(line.resource)} "
        f"LEFT JOIN z.names_department d ON d.name = {text_of(line.department)}"
        + f" WHERE {_counts(workspace, line)}"
    )
    judged = (
        'SELECT *, CASE WHEN z_no_case THEN 1 WHEN "case" IS NULL THEN 2 WHEN activity IS NULL '
        "THEN 3 WHEN z_no_time THEN 4 WHEN start IS NULL THEN 5 "
        'WHEN z_has_end AND "end" IS NULL THEN 6 WHEN "end" < start THEN 7 '
        f"WHEN transition NOT IN ('start', 'complete') THEN 8 ELSE 0 END AS z_found FROM ({read})"
    )
    fault = "z_found"
    if line.event_id is not None:
        fault = (
            "CASE WHEN z_found = 0 AND event_id IS NOT NULL AND row_number() OVER "
            "(PARTITION BY event_id, z_found = 0 ORDER BY ord) > 1 THEN 9 ELSE z_found END"
        )
    kept = [ident(column.name) for column in line.attributes]
    kept += ["transition", "z_instance"] if line.lifecycle else []
    kept += ["event_id"] if line.event_id else []
    return (
        'SELECT "case", activity, resource, department, start, coalesce("end", start) AS "end", '
        f"ord, ({fault})::UTINYINT AS fault{''.join(f', {name}' for name in kept)} FROM ({judged})"
    )


def _counts(workspace: Workspace, line: Line) -> str:
    """The condition that a row has an event: a date in a wide table, the only row of its case."""
    conditions = [f"{line.time.sql} IS NOT NULL"] if line.wide else []
    if line.source.name == table_of_cases(workspace):
        conditions.append("NOT EXISTS (FROM z.repeats p WHERE p.row_id = s.rowid)")
    return " AND ".join(conditions) or "true"


def _department(workspace: Workspace) -> str:
    """The code of the department: the row's, else that of the step."""
    own = {name: step.department for name, step in workspace.steps.items() if step.department}
    if not own:
        return "d.code"
    cases = " ".join(
        f"WHEN {literal(activity)} THEN (SELECT code FROM z.names_department WHERE name = "
        f"{literal(department)})"
        for activity, department in own.items()
    )
    return f"coalesce(d.code, CASE a.name {cases} END)"


def _instance(line: Line) -> Column | None:
    """The column of XES that says which start and which completion belong to the same work."""
    return line.source.columns.get("concept:instance")


def _tells_instances(connection: duckdb.DuckDBPyConnection, line: Line) -> bool:
    """Is there a start and a completion of the same instance? Some tools number every event."""
    instance = _instance(line)
    if instance is None or line.lifecycle is None:
        return False
    word = f"lower({casting.text(line.lifecycle)})"
    pairs = connection.execute(
        f"SELECT 1 FROM {line.source.sql} WHERE {instance.sql} IS NOT NULL "
        f"GROUP BY {line.case.sql}, {text_of(line.activity)}, {instance.sql} "
        f"HAVING bool_or({word} = 'start') AND bool_or({word} = 'complete') LIMIT 1"
    )
    return bool(pairs.fetchall())


def _paired(rows: str, attributes: list[str], *, by_instance: bool) -> str:
    """Starts and completions as one event each, first started first completed.

    BY_INSTANCE pairs those of the same ``concept:instance`` only.
    ``z_balance`` counts the starts less the completions so far; below its lowest value so far a
    completion finds no open start. Such a completion, or a start that never completes, stays an
    event without length.
    """
    values = "".join(f", s.{ident(name)}" for name in attributes)
    within = '"case", activity' + (", z_instance" if by_instance else "")
    same = " AND c.z_instance IS NOT DISTINCT FROM s.z_instance" if by_instance else ""
    walk = f"PARTITION BY {within}, fault = 0 ORDER BY start, ord"
    return f"""
        WITH steps AS (
            SELECT *, CASE WHEN transition = 'start' THEN 1 ELSE -1 END AS z_change FROM ({rows})
        ), sums AS (
            SELECT *, sum(z_change) OVER ({walk} ROWS UNBOUNDED PRECEDING) AS z_balance FROM steps
        ), lows AS (
            SELECT *, least(0, coalesce(min(z_balance) OVER (
                {walk} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS z_low FROM sums
        ), matched AS (
            SELECT *, fault = 0 AND (z_change = 1 OR z_balance >= z_low) AS z_in_queue FROM lows
        ), numbered AS (
            SELECT *, row_number() OVER (
                PARTITION BY {within}, z_change, z_in_queue ORDER BY start, ord) AS z_turn
            FROM matched
        )
        SELECT s."case", s.activity, s.start, coalesce(c.start, s."end") AS "end",
               s.resource, s.department, s.ord, s.fault{values}
        FROM numbered s LEFT JOIN numbered c
          ON s.z_in_queue AND s.z_change = 1 AND c.z_in_queue AND c.z_change = -1 AND c.z_turn = s.z_turn
         AND c."case" = s."case" AND c.activity = s.activity{same}
        WHERE NOT (s.z_in_queue AND s.z_change = -1)
    """


def _refuse(connection: duckdb.DuckDBPyConnection, line: Line) -> None:
    """List the faulty events of LINE and take them out; stop when its columns are the wrong ones."""
    faults = dict(
        connection.execute(
            "SELECT fault, count(*) FROM z.events WHERE fault > 0 GROUP BY fault"
        ).fetchall()
    )
    for fault, rows in faults.items():
        reason, role = FAULTS[fault]
        column = line.column(role)
        if column and reason == "unreadable_time":
            wrong_format(connection, line.source, column, rows)
        _stop_where_all_are(connection, line, fault, rows)
        connection.execute(
            f"INSERT INTO z.refused SELECT {literal(line.source.name)}, s.rowid, "
            f"{literal(reason)}, {literal(column.name) if column else 'NULL'}, {text_of(column)}, "
            f"{casting.text(line.case)} FROM z.events e "
            f"JOIN {line.source.sql} ON s.rowid = (e.ord >> 10) & ((1::BIGINT << 44) - 1) "
            f"WHERE e.fault = {fault}"
        )
    if faults:
        connection.execute("DELETE FROM z.events WHERE fault > 0")


def _stop_where_all_are(
    connection: duckdb.DuckDBPyConnection, line: Line, fault: int, rows: int
) -> None:
    """Raise `InputError` where every event of LINE has the same FAULT, or the ends seem starts."""
    if line.source.is_part:
        return
    this = f"(ord >> 54) = {line.block} AND (ord & 1023) = {line.step}"
    events, later, first = connection.execute(
        f'SELECT count(*), count(*) FILTER (fault = 0 AND "end" > start), '
        f"min(ord) FILTER (fault = {fault}) FROM z.events WHERE {this}"
    ).fetchall()[0]
    reason, role = FAULTS[fault]
    if rows < FEWEST or (rows < events and (reason != "end_before_start" or later)):
        return
    column = line.column(role)
    row_id = (first >> 10) & ((1 << 44) - 1)
    (value,) = connection.execute(
        f"SELECT {text_of(column)} FROM {line.source.sql} WHERE s.rowid = {row_id}"
    ).fetchall()[0]
    given = line.source.given
    place = line.place if given is None else Text.same(given.name_of(role))
    raise all_refused(line.source, place, reason, rows, row_id, column, value)


def _attribute_kinds(connection: duckdb.DuckDBPyConnection, lines: list[Line]) -> dict[str, str]:
    """The kind of every event attribute; a category where two blocks disagree."""
    kinds: dict[str, str] = {}
    for line in lines:
        for column in line.attributes:
            same = {name.casefold() for name in kinds if name != column.name}
            if column.name.casefold() in EVENT_COLUMNS | same:
                raise InputError(
                    say(
                        N_(
                            "{place}: the name '{name}' is taken by the event "
                            "log. Rename the column in the source."
                        ),
                        place=place_of("events", line.block, "attributes"), name=column.name,
                    )
                )  # fmt: skip
            if line.step == 0:
                kind = kind_of(connection, line.source, column)
                kinds[column.name] = kind if kinds.get(column.name, kind) == kind else "category"
    return kinds
