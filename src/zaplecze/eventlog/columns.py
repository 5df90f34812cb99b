"""What an exported log has in a row: the names of the XES standard and the SQL behind them."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from zaplecze.eventlog.separated import unique
from zaplecze.eventlog.single import ACTIVITY, CASE, DEPARTMENT, RESOURCE, START, TIME
from zaplecze.eventlog.sql import ident
from zaplecze.eventlog.store import EventLog

ISO = "strftime({}, '%Y-%m-%dT%H:%M:%S.%fZ')"

ROWS = """FROM events e JOIN cases c USING ("case")
LEFT JOIN z_activities a ON a.code = e.activity
LEFT JOIN z_departments d ON d.code = e.department
LEFT JOIN resources r ON r.resource = e.resource ORDER BY "case", e.position"""

_OWN_OF_EVENTS = 9
_OWN_OF_CASES = 8


@dataclass(frozen=True)
class Exported:
    """A column: its name (``case:`` before what belongs to the case), its SQL and the type of that."""

    name: str
    value: str
    type: str


def columns_of(connection: duckdb.DuckDBPyConnection, log: EventLog) -> list[Exported]:
    """Everything that belongs to an event of LOG, its case's things last; to be taken from `ROWS`.

    CONNECTION, a cursor of the log's, gets the names behind the codes.
    """
    for role, names in (("activities", log.activities), ("departments", log.departments)):
        schema = pa.schema([("code", pa.int64()), ("name", pa.string())])
        codes = pa.table({"code": range(len(names)), "name": names}, schema)
        connection.register(f"z_{role}", codes)
    lengths, resources = connection.execute(
        'SELECT bool_or("end" <> start), count(resource) FROM events'
    ).fetchall()[0]
    found = [(ACTIVITY, "a.name", "VARCHAR"), (TIME, 'e."end"', "TIMESTAMP")]
    if lengths:
        found.insert(1, (START, "e.start", "TIMESTAMP"))
    if resources:
        found.append((RESOURCE, "r.name", "VARCHAR"))
    if log.departments:
        found.append((DEPARTMENT, "d.name", "VARCHAR"))
    of_cases = [(CASE, "c.case_id", "VARCHAR")]
    for view, prefix, own, columns in (
        ("events", "", _OWN_OF_EVENTS, found), ("cases", "case:", _OWN_OF_CASES, of_cases),
    ):  # fmt: skip
        for name, kind, *_ in connection.execute(f"DESCRIBE {view}").fetchall()[own:]:
            columns.append((prefix + name, f"{view[0]}.{ident(name)}", kind))
    found = of_cases[:1] + found + of_cases[1:]
    names = unique([name for name, *_ in found])
    return [Exported(n, value, kind) for n, (_, value, kind) in zip(names, found, strict=True)]
