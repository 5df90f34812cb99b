"""A stored log becomes a file that other tools read: XES, CSV or Parquet.

The columns have the names of the XES standard (IEEE 1849), those of the case with ``case:`` before
them. Where events have a length, ``start_timestamp`` holds their starts, as pm4py has it, and
``time:timestamp`` their ends. `zaplecze.eventlog.workspace_for` reads all of it again.
"""

import gzip
from pathlib import Path
from typing import IO
from xml.sax.saxutils import quoteattr

import duckdb
import pyarrow as pa

from zaplecze import placing
from zaplecze.errors import InputError
from zaplecze.eventlog.separated import unique
from zaplecze.eventlog.single import ACTIVITY, CASE, DEPARTMENT, RESOURCE, START, TIME
from zaplecze.eventlog.sql import ident, literal
from zaplecze.eventlog.store import EventLog
from zaplecze.language import N_, say

_BATCH_EVENTS = 50_000
_OWN_OF_EVENTS = 9
_OWN_OF_CASES = 8

_ISO = "strftime({}, '%Y-%m-%dT%H:%M:%S.%fZ')"

# What XML 1.0 cannot carry, not even escaped, and what it carries escaped.
_UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
_ESCAPES = {
    "&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;",
}  # fmt: skip

_ROWS = """FROM events e JOIN cases c USING ("case")
LEFT JOIN z_activities a ON a.code = e.activity
LEFT JOIN z_departments d ON d.code = e.department
LEFT JOIN resources r ON r.resource = e.resource ORDER BY "case", e.position"""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Activity" keys="concept:name"/>
"""


def export(log: EventLog, path: Path) -> None:
    """Write LOG to PATH as its ending says: .xes, .csv (each also as .gz) or .parquet.

    The file appears when it is whole. It has an event a row, in the order of the log, with resource
    and department, the attributes of event and case, due times and outcomes; times are in UTC. Raises
    `InputError` for another ending, a log without events, or a place that cannot be written.
    """
    ending = "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()
    if ending not in (".xes", ".xes.gz", ".csv", ".csv.gz", ".parquet"):
        raise InputError(
            say(
                N_(
                    "{file}: the ending does not say which format is meant. "
                    "Use .xes, .xes.gz, .csv, .csv.gz or .parquet."
                ),
                file=str(path),
            )
        )
    if log.info.events == 0:
        raise InputError(
            say(N_("{folder}: the log has no events to export."), folder=str(log.folder))
        )
    connection = log.connection.cursor()
    with placing.new_file(path) as file:
        if ending.startswith(".xes"):
            _write_xes(connection, log, file, packed=ending.endswith(".gz"))
        else:
            packing = "gzip" if ending.endswith(".gz") else "none"
            how = f"FORMAT csv, HEADER, COMPRESSION {packing}"
            _write_table(connection, log, file, "FORMAT parquet" if ending == ".parquet" else how)


def _write_table(
    connection: duckdb.DuckDBPyConnection, log: EventLog, file: Path, how: str
) -> None:
    time = "timezone('UTC', {})" if how == "FORMAT parquet" else _ISO
    columns = ", ".join(
        f"{time.format(value) if kind == 'TIMESTAMP' else value} AS {ident(name)}"
        for name, value, kind in _columns(connection, log)
    )
    connection.execute(f"COPY (SELECT {columns} {_ROWS}) TO {literal(str(file))} ({how})")


def _columns(connection: duckdb.DuckDBPyConnection, log: EventLog) -> list[tuple[str, str, str]]:
    """Name, value and type of everything that belongs to an event, its case's things last."""
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
    return [(n, value, kind) for n, (_, value, kind) in zip(names, found, strict=True)]


def _write_xes(
    connection: duckdb.DuckDBPyConnection, log: EventLog, file: Path, *, packed: bool
) -> None:
    columns = _columns(connection, log)
    of_event = [_attribute(*each) for each in columns if not each[0].startswith("case:")]
    of_case = [
        _attribute(name.removeprefix("case:"), value, kind)
        for name, value, kind in columns
        if name.startswith("case:")
    ]
    name = connection.execute(
        f"SELECT {_attribute(ACTIVITY, literal(log.info.name['en']), 'VARCHAR')}"
    ).fetchall()[0][0]
    texts = connection.execute(
        f"SELECT CASE WHEN e.position = 0 THEN '<trace>\n' || {' || '.join(of_case)} ELSE '' END || "
        f"'<event>\n' || {' || '.join(of_event)} || '</event>\n' || "
        f"CASE WHEN e.next_activity IS NULL THEN '</trace>\n' ELSE '' END AS xml {_ROWS}"
    ).to_arrow_reader(_BATCH_EVENTS)
    with _opened(file, packed=packed) as out:
        out.write((_HEAD + name).encode())
        for batch in texts:
            out.write("".join(batch.column("xml").to_pylist()).encode())
        out.write(b"</log>\n")


def _opened(file: Path, *, packed: bool) -> IO[bytes]:
    # Without the time, so that the same log gives the same file.
    return gzip.GzipFile(file, "wb", 6, mtime=0) if packed else file.open("wb")  # type: ignore[return-value]


def _attribute(key: str, value: str, kind: str) -> str:
    """The SQL that writes an attribute; nothing where VALUE is missing."""
    if kind == "TIMESTAMP":
        tag, words = "date", _ISO.format(value)
    elif kind == "VARCHAR":
        tag, words = "string", f"regexp_replace({value}, '{_UNWRITABLE}', '�', 'g')"
        for mark, written in _ESCAPES.items():
            words = f"replace({words}, {literal(mark)}, '{written}')"
    else:
        tag, words = "float", f"{value}::VARCHAR"
    before = literal(f'<{tag} key={quoteattr(key)} value="')
    return f"coalesce({before} || {words} || '\"/>\n', '')"
