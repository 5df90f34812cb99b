"""A file or a table of plain rows, which is no log: loaded, and read column by column."""

import tempfile
from pathlib import Path
from typing import Any, Self

import duckdb
import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.eventlog import faults, separated, workbook
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.sources import format_of
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, say
from zaplecze.workspace import Source

ROWS = '"rows" AS s'
"""The rows, under the name by which `Column` calls them."""

_MISSING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None"]


class PlainTable:
    """CSV, Excel, Parquet, or any table that speaks Arrow, loaded; used as a context.

    ``file`` is what to call it in messages, ``kinds`` the type of every column. Raises `InputError`
    where there is no such file or it cannot be read.
    """

    def __init__(self, table: Any) -> None:
        self.connection = duckdb.connect()
        self.file = _load(self.connection, table)
        described = self.connection.execute('DESCRIBE "rows"').fetchall()
        self.kinds: dict[str, str] = {row[0]: row[1] for row in described}
        if not self.fetched('SELECT count(*) FROM "rows"')[0][0]:
            raise InputError(
                say(N_("{file} has a head but no rows. Bring the rows."), file=self.file)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def column(self, name: str, decimal: str = ".") -> Column:
        """The column NAME; raises `InputError` with those that there are."""
        if name not in self.kinds:
            close = faults.closest(name, self.kinds)
            raise InputError(
                say(
                    N_("{file} has no column '{column}'. Its columns are: {columns}."),
                    file=self.file, column=name, columns=", ".join(list(self.kinds)[:30]),
                )
                if close is None
                else say(
                    N_("{file} has no column '{column}'. Did you mean '{close}'?"),
                    file=self.file, column=name, close=close,
                )
            )  # fmt: skip
        return Column(name, self.kinds[name], "UTC", decimal=decimal)

    def array(self, expression: str) -> NDArray[Any]:
        """EXPRESSION, which is never null, for every row."""
        query = f"SELECT {expression} AS v FROM {ROWS} ORDER BY rowid"
        return np.asarray(self.connection.execute(query).fetchnumpy()["v"])

    def values(self, expression: str) -> list[Any]:
        """EXPRESSION for every row; None where it is null."""
        return [row[0] for row in self.fetched(f"SELECT {expression} FROM {ROWS} ORDER BY rowid")]

    def fetched(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of QUERY."""
        return self.connection.execute(query).fetchall()

    def first_where(self, name: str, condition: str) -> tuple[int, str | None] | None:
        """The first row (as an editor numbers it, below the header) where CONDITION holds."""
        found = self.fetched(
            f"SELECT rowid + 2, s.{ident(name)}::VARCHAR FROM {ROWS} WHERE {condition} "
            "ORDER BY rowid LIMIT 1"
        )
        return (int(found[0][0]), found[0][1]) if found else None


def _load(connection: duckdb.DuckDBPyConnection, table: Any) -> str:
    """TABLE as the DuckDB table ``rows``; returns what to call it in messages."""
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    if not isinstance(table, str | Path):
        import pyarrow as pa

        connection.register("given", pa.table(table))
        connection.execute('CREATE TABLE "rows" AS SELECT * FROM given')
        return "table"
    path = Path(table)
    if not path.is_file():
        raise InputError(
            say(N_("There is no file '{file}'. Check the name and the folder."), file=str(path))
        )
    with faults.named_by("rows", path.name):
        _load_file(connection, path)
    return path.name


def _load_file(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    match format_of(path):
        case "separated":
            _load_separated(connection, path)
        case "workbook":
            workbook.load(connection, "rows", path, None, None)
        case "parquet":
            try:
                connection.execute(
                    f'CREATE TABLE "rows" AS SELECT * FROM read_parquet({literal(str(path))})'
                )
            except duckdb.Error as error:
                raise faults.unreadable("rows", path.name, error) from None
        case _:
            raise InputError(
                say(N_("'{file}' cannot be read. Bring CSV, Parquet or Excel."), file=path.name)
            )


def _load_separated(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    source = Source(file=path.name, missing=_MISSING)
    with tempfile.TemporaryDirectory() as folder:
        found = separated.load(connection, "rows", source, path, Path(folder), None)
    if found.rejects:
        row, _, text = found.rejects[0]
        raise InputError(
            say(
                N_(
                    "{file}, row {row}: the row does not fit the columns: '{text}'. "
                    "Mend the row and try again."
                ),
                file=path.name, row=row + 1, text=text[:80],
            )
        )  # fmt: skip
