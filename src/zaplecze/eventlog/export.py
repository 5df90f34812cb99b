"""A stored log becomes a file that other tools read: XES, OCEL, CSV or Parquet.

The columns have the names of the XES standard (IEEE 1849), those of the case with ``case:`` before
them. Where events have a length, ``start_timestamp`` holds their starts, as pm4py has it, and
``time:timestamp`` their ends. `zaplecze.eventlog.workspace_for` reads all of it again.
"""

import gzip
import io
from pathlib import Path
from xml.sax.saxutils import quoteattr

import duckdb

from zaplecze import placing
from zaplecze.errors import InputError
from zaplecze.eventlog.columns import ISO, ROWS, columns_of
from zaplecze.eventlog.ocel import writing
from zaplecze.eventlog.ocel.objectlog import open_objects
from zaplecze.eventlog.single import ACTIVITY
from zaplecze.eventlog.sql import ident, literal
from zaplecze.eventlog.store import EventLog
from zaplecze.language import N_, say

_BATCH_EVENTS = 50_000

# What XML 1.0 cannot carry, not even escaped, and what it carries escaped.
_UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
_ESCAPES = {
    "&": "&amp;", "<": "&lt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;",
}  # fmt: skip

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Activity" keys="concept:name"/>
"""


def export(log: EventLog, path: Path) -> None:
    """Write LOG to PATH as its ending says: XES, OCEL 2.0, CSV (each also as .gz) or Parquet.

    The file appears when it is whole. It has an event a row, in the order of the log, with resource
    and department, the attributes of event and case, due times and outcomes; times are in UTC. OCEL
    (.jsonocel, .json, .xmlocel, .xml, .sqlite) has the objects that the log keeps, with all their
    events; of a log that keeps none, every case is an object. Raises `InputError` for another
    ending, a log without events, or a place that cannot be written.
    """
    ending = "".join(path.suffixes[-2:] if path.suffix == ".gz" else path.suffixes[-1:]).lower()
    if ending not in (".xes", ".xes.gz", ".csv", ".csv.gz", ".parquet", *writing.ENDINGS):
        raise InputError(
            say(
                N_(
                    "{file}: the ending does not say which format is meant. Use .xes, .csv, "
                    ".jsonocel, .xmlocel (each also as .gz), .sqlite (OCEL) or .parquet."
                ),
                file=str(path),
            )
        )
    if log.info.events == 0:
        raise InputError(say(N_("{log}: there are no events to export."), log=log.info.name))
    if ending in writing.ENDINGS:
        _write_ocel(log, path, ending)
        return
    connection = log.connection.cursor()
    with placing.new_file(path) as file:
        if ending.startswith(".xes"):
            _write_xes(connection, log, file, packed=ending.endswith(".gz"))
        else:
            packing = "gzip" if ending.endswith(".gz") else "none"
            how = f"FORMAT csv, HEADER, COMPRESSION {packing}"
            _write_table(connection, log, file, "FORMAT parquet" if ending == ".parquet" else how)


def _write_ocel(log: EventLog, path: Path, ending: str) -> None:
    objects = open_objects(log)
    try:
        with placing.new_file(path) as file:
            writing.write(objects, file, ending)
    finally:
        objects.close()


def _write_table(
    connection: duckdb.DuckDBPyConnection, log: EventLog, file: Path, how: str
) -> None:
    time = "timezone('UTC', {})" if how == "FORMAT parquet" else ISO
    columns = ", ".join(
        f"{time.format(each.value) if each.type == 'TIMESTAMP' else each.value} "
        f"AS {ident(each.name)}"
        for each in columns_of(connection, log)
    )
    connection.execute(f"COPY (SELECT {columns} {ROWS}) TO {literal(str(file))} ({how})")


def _write_xes(
    connection: duckdb.DuckDBPyConnection, log: EventLog, file: Path, *, packed: bool
) -> None:
    of_event: list[str] = []
    of_case: list[str] = []
    for each in columns_of(connection, log):
        key = each.name.removeprefix("case:")
        owner = of_event if key == each.name else of_case
        owner.append(_attribute(key, each.value, each.type))
    name = connection.execute(
        f"SELECT {_attribute(ACTIVITY, literal(log.info.name['en']), 'VARCHAR')}"
    ).fetchall()[0][0]
    texts = connection.execute(
        f"SELECT CASE WHEN e.position = 0 THEN '<trace>\n' || {' || '.join(of_case)} ELSE '' END || "
        f"'<event>\n' || {' || '.join(of_event)} || '</event>\n' || "
        f"CASE WHEN e.next_activity IS NULL THEN '</trace>\n' ELSE '' END AS xml {ROWS}"
    ).to_arrow_reader(_BATCH_EVENTS)
    with _opened(file, packed=packed) as out:
        out.write((_HEAD + name).encode())
        for batch in texts:
            out.write("".join(batch.column("xml").to_pylist()).encode())
        out.write(b"</log>\n")


def _opened(file: Path, *, packed: bool) -> io.BufferedIOBase:
    # Without the time, so that the same log gives the same file.
    return gzip.GzipFile(file, "wb", 6, mtime=0) if packed else file.open("wb")


def _attribute(key: str, value: str, kind: str) -> str:
    """The SQL that writes an attribute; nothing where VALUE is missing."""
    if kind == "TIMESTAMP":
        tag, words = "date", ISO.format(value)
    elif kind == "VARCHAR":
        tag, words = "string", f"regexp_replace({value}, '{_UNWRITABLE}', '�', 'g')"
        for mark, written in _ESCAPES.items():
            words = f"replace({words}, {literal(mark)}, '{written}')"
    else:
        tag, words = "float", f"{value}::VARCHAR"
    before = literal(f'<{tag} key={quoteattr(key)} value="')
    return f"coalesce({before} || {words} || '\"/>\n', '')"
