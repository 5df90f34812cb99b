"""Rows of the sources become events, or are refused with a reason.

The table ``z.candidates`` gets one row for every event that a block of the workspace describes:
``case_id``, ``activity``, ``start``, ``end``, ``resource``, ``department`` as texts and UTC times,
``row_id`` of the source, ``ord`` (ties in time keep block order, then file order, then the order
of a wide table's steps), event attributes, and ``fault``, 0 when nothing is wrong.
"""

from dataclasses import dataclass

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.checks import readable_times
from zaplecze.eventlog.kinds import kind_of, sql_type, value_of
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, say
from zaplecze.workspace import Events, Workspace

# By fault: the reason and which column of the event is named in the list of refused rows.
FAULTS = {
    1: ("no_case", "case"),
    2: ("no_activity", "activity"),
    3: ("no_time", "time"),
    4: ("unreadable_time", "time"),
    5: ("unreadable_time", "end"),
    6: ("end_before_start", "end"),
    7: ("other_transition", "lifecycle"),
    8: ("duplicate", "id"),
}

_OWN_COLUMNS = frozenset(
    {
        "case", "activity", "resource", "department", "start", "end", "position",
        "next_activity", "wait_seconds",
    }
)  # fmt: skip


@dataclass(frozen=True)
class _Line:
    """One kind of event of a block: the columns of the source that describe it."""

    case: Column
    activity: Column | str
    time: Column
    end: Column | None
    resource: Column | None
    department: Column | str | None
    event_id: Column | None
    lifecycle: Column | None

    def column(self, role: str) -> Column | None:
        """The column that plays ROLE, as `FAULTS` names it."""
        roles = {
            "case": self.case, "activity": self.activity, "time": self.time, "end": self.end,
            "lifecycle": self.lifecycle, "id": self.event_id,
        }  # fmt: skip
        found = roles[role]
        return found if isinstance(found, Column) else None


def stage(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> dict[str, str]:
    """Fill ``z.candidates`` from all blocks; return the kinds of the event attributes."""
    kinds = _attribute_kinds(connection, workspace, sources)
    attributes = "".join(f", {ident(a)} {sql_type(kind)}" for a, kind in kinds.items())
    connection.execute(
        "CREATE TABLE z.candidates (case_id VARCHAR, activity VARCHAR, start TIMESTAMP, "
        '"end" TIMESTAMP, resource VARCHAR, department VARCHAR, row_id BIGINT, ord BIGINT, '
        f"fault UTINYINT{attributes})"
    )
    for number, block in enumerate(workspace.events):
        source = sources[block.source]
        for step, line in enumerate(_lines(workspace, number, block, source)):
            readable_times(connection, source, line.time)
            if line.end is not None:
                readable_times(connection, source, line.end)
            values = {a: value_of(source.columns[a], kinds[a]) for a in block.attributes}
            ord_ = f"(({number}::BIGINT << 54) | (s.rowid << 10) | {step})"
            rows = _candidates(line, source, ord_, values, wide=bool(block.activities))
            if line.lifecycle is not None:
                rows = _paired(rows, list(values))
            connection.execute(f"INSERT INTO z.candidates BY NAME {rows}")
            _refuse(connection, source, line, number)
    return kinds


def _lines(workspace: Workspace, number: int, block: Events, source: Loaded) -> list[_Line]:
    place = f"events[{number}]"

    def column(key: str, name: str | None) -> Column | None:
        return None if name is None else source.column(f"{place}.{key}", name)

    def department(key: str, name: str | None) -> Column | str | None:
        """A column of the source, or a department that the workspace knows by name."""
        if name is not None and name not in source.columns and name in _departments(workspace):
            return name
        return column(key, name)

    case = source.column(f"{place}.case", block.case or workspace.case.key)
    event_id = column("id", block.id)
    for attribute in block.attributes:
        source.column(f"{place}.attributes", attribute)
    if not block.activities:
        return [
            _Line(
                case,
                source.column(f"{place}.activity", str(block.activity)),
                source.column(f"{place}.time", str(block.time)),
                column("end", block.end),
                column("resource", block.resource),
                department("department", block.department),
                event_id,
                column("lifecycle", block.lifecycle),
            )
        ]
    lines = []
    for activity, moment in block.activities.items():
        step = f"activities.{activity}"
        lines.append(
            _Line(
                case,
                activity,
                source.column(f"{place}.{step}.start", moment.start),
                column(f"{step}.end", moment.end),
                column(f"{step}.resource", moment.resource or block.resource),
                department(f"{step}.department", moment.department or block.department),
                event_id,
                None,
            )
        )
    return lines


def _departments(workspace: Workspace) -> set[str]:
    steps = {step.department for step in workspace.steps.values() if step.department}
    return steps | set(workspace.departments)


def _candidates(
    line: _Line, source: Loaded, ord_: str, attributes: dict[str, str], *, wide: bool
) -> str:
    """The query for the events of one line; a wide table has none where the time is missing."""
    activity = (
        casting.text(line.activity) if isinstance(line.activity, Column) else literal(line.activity)
    )
    end = f"{line.end.sql} IS NOT NULL" if line.end else "false"
    department = (
        casting.text(line.department)
        if isinstance(line.department, Column)
        else literal(line.department)
        if line.department
        else "NULL"
    )
    transition = f"lower({casting.text(line.lifecycle)})" if line.lifecycle else "NULL"
    event_id = casting.text(line.event_id) if line.event_id else "NULL"
    values = "".join(f", {value} AS {ident(name)}" for name, value in attributes.items())
    names = "".join(f", {ident(name)}" for name in attributes)
    read = (
        f"SELECT {casting.text(line.case)} AS case_id, {activity} AS activity, "
        f"{casting.time(line.time)} AS start, {line.time.sql} IS NULL AS no_time, "
        f'{casting.time(line.end) if line.end else "NULL::TIMESTAMP"} AS "end", {end} AS has_end, '
        f"{casting.text(line.resource) if line.resource else 'NULL'} AS resource, "
        f"{department} AS department, {transition} AS transition, {event_id} AS event_id, "
        f"s.rowid AS row_id, {ord_} AS ord{values} FROM {source.sql}"
        + (f" WHERE {line.time.sql} IS NOT NULL" if wide else "")
    )
    judged = (
        "SELECT *, CASE WHEN case_id IS NULL THEN 1 WHEN activity IS NULL THEN 2 "
        "WHEN no_time THEN 3 WHEN start IS NULL THEN 4 "
        'WHEN has_end AND "end" IS NULL THEN 5 WHEN "end" < start THEN 6 '
        "WHEN transition NOT IN ('start', 'complete') THEN 7 ELSE 0 END AS first_fault "
        f"FROM ({read})"
    )
    fault = "first_fault"
    if line.event_id is not None:
        fault = (
            "CASE WHEN first_fault = 0 AND event_id IS NOT NULL AND row_number() OVER "
            "(PARTITION BY event_id, first_fault = 0 ORDER BY row_id) > 1 THEN 8 "
            "ELSE first_fault END"
        )
    pairing = ", transition" if line.lifecycle else ""
    return (
        'SELECT case_id, activity, start, coalesce("end", start) AS "end", resource, department, '
        f"row_id, ord, ({fault})::UTINYINT AS fault{pairing}{names} FROM ({judged})"
    )


def _paired(rows: str, attributes: list[str]) -> str:
    """Starts and completions as one event each, first started first completed.

    ``open`` counts starts not yet completed before a row; a completion that finds none, or a start
    that never completes, stays an event without length.
    """
    values = "".join(f", s.{ident(name)}" for name in attributes)
    walk = "PARTITION BY case_id, activity, fault = 0 ORDER BY start, ord"
    return f"""
        WITH steps AS (
            SELECT *, CASE WHEN transition = 'start' THEN 1 ELSE -1 END AS change FROM ({rows})
        ), sums AS (
            SELECT *, sum(change) OVER ({walk} ROWS UNBOUNDED PRECEDING) AS balance FROM steps
        ), lows AS (
            SELECT *, least(0, coalesce(min(balance) OVER (
                {walk} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS low FROM sums
        ), matched AS (
            SELECT *, fault = 0 AND (change = 1 OR balance >= low) AS in_queue FROM lows
        ), numbered AS (
            SELECT *, row_number() OVER (
                PARTITION BY case_id, activity, change, in_queue ORDER BY start, ord) AS turn
            FROM matched
        )
        SELECT s.case_id, s.activity, s.start, coalesce(c.start, s."end") AS "end",
               s.resource, s.department, s.row_id, s.ord, s.fault{values}
        FROM numbered s LEFT JOIN numbered c
          ON s.in_queue AND s.change = 1 AND c.in_queue AND c.change = -1 AND c.turn = s.turn
         AND c.case_id = s.case_id AND c.activity = s.activity
        WHERE NOT (s.in_queue AND s.change = -1)
    """


def _refuse(connection: duckdb.DuckDBPyConnection, source: Loaded, line: _Line, block: int) -> None:
    """List the faulty events of this line and take them out of the candidates."""
    faults = connection.execute(
        "SELECT DISTINCT fault FROM z.candidates WHERE fault > 0"
    ).fetchall()
    for (fault,) in faults:
        reason, role = FAULTS[fault]
        column = line.column(role)
        name = literal(column.name) if column else "NULL"
        value = casting.text(column) if column else "NULL"
        connection.execute(
            f"INSERT INTO z.refused SELECT {literal(source.name)}, c.row_id, {literal(reason)}, "
            f"{name}, {value}, c.case_id FROM z.candidates c "
            f"JOIN {source.sql} ON s.rowid = c.row_id WHERE c.fault = {fault}"
        )
    if faults:
        connection.execute("DELETE FROM z.candidates WHERE fault > 0")


def _attribute_kinds(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, sources: dict[str, Loaded]
) -> dict[str, str]:
    """The kind of every event attribute; a category where two blocks disagree."""
    kinds: dict[str, str] = {}
    for number, block in enumerate(workspace.events):
        source = sources[block.source]
        for name in block.attributes:
            if name in _OWN_COLUMNS:
                raise InputError(
                    say(
                        N_(
                            "events[{block}].attributes: the name '{name}' is taken by the event "
                            "log. Rename the column in the source."
                        ),
                        block=number, name=name,
                    )
                )  # fmt: skip
            kind = kind_of(connection, source, source.column(f"events[{number}].attributes", name))
            kinds[name] = kind if kinds.get(name, kind) == kind else "category"
    return kinds
