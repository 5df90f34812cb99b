"""Which reader a file of an object-centric log needs."""

from pathlib import Path

import duckdb

from zaplecze.eventlog.ocel import flat_form, json_form, sqlite_form, xml_form
from zaplecze.eventlog.ocel.tables import ObjectTables

_READERS = {
    ".json": json_form.read,
    ".jsonocel": json_form.read,
    ".xml": xml_form.read,
    ".xmlocel": xml_form.read,
    ".sqlite": sqlite_form.read,
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), flat_form.read),
}


def read(connection: duckdb.DuckDBPyConnection, path: Path) -> ObjectTables:
    """Read the log at PATH into tables of CONNECTION; JSON, XML and CSV may be packed with gzip.

    Raises `InputError`, naming the place, when the file is damaged or is not OCEL 1.0 or 2.0.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    tables = ObjectTables(connection, path.name)
    _READERS[suffixes[-1]](path, tables)
    tables.finish()
    return tables
