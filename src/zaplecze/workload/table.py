"""A file or a table as columns of numbers, clock times and names; what cannot be read is named."""

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.eventlog import casting, faults, separated, workbook
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.sources import format_of
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, say
from zaplecze.workload.erlang import Floats
from zaplecze.workspace import Source

_ROWS = '"rows" AS s'


class Table:
    """CSV, Excel, Parquet, or any table that speaks Arrow, loaded; used as a context.

    Raises `InputError` where there is no such file or it cannot be read.
    """

    def __init__(self, table: Any) -> None:
        self.connection = duckdb.connect()
        self.file = _load(self.connection, table)
        described = self.connection.execute('DESCRIBE "rows"').fetchall()
        self.kinds: dict[str, str] = {row[0]: row[1] for row in described}
        if not self.connection.execute('SELECT count(*) FROM "rows"').fetchall()[0][0]:
            raise InputError(
                say(N_("{file} has a head but no rows. Bring the rows."), file=self.file)
            )

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def has(self, name: str) -> bool:
        """Is there such a column?"""
        return name in self.kinds

    def numbers(self, name: str, *, missing: bool = False) -> Floats:
        """The column as numbers (NaN where MISSING is allowed and nothing stands there).

        Raises `InputError` naming row, column and value of the first that is none.
        """
        read = casting.number(self._column(name))
        empty = f"{ident(name)} IS NOT NULL AND" if missing else ""
        self._refuse(name, f"{empty} ({read}) IS NULL", N_("a number like 180 or 2.5"))
        return self._array(f"coalesce({read}, 'NaN'::DOUBLE)").astype(np.float64)

    def names(self, name: str) -> list[str]:
        """The column as text, empty where nothing stands there."""
        text = casting.text(self._column(name))
        query = f"SELECT coalesce(trim({text}), '') FROM {_ROWS} ORDER BY rowid"
        return [row[0] for row in self.connection.execute(query).fetchall()]

    def times(self, names: str, form: str | None = None) -> NDArray[np.datetime64]:
        """Clock times of one column, or of two joined by "+" (a day and a time of day), to the second.

        FORM is how they are written (strptime), for two columns with a space between. Raises
        `InputError` naming row, column and value of the first that is no time.
        """
        parts = [names] if names in self.kinds else names.split("+")
        text = " || ' ' || ".join(casting.text(self._column(part.strip())) for part in parts)
        read = (
            f"TRY_CAST({text} AS TIMESTAMP)"
            if form is None
            else f"try_strptime({text}, {literal(form)})"
        )
        self._refuse(
            parts[0].strip(), f"({read}) IS NULL",
            N_("a time like 2026-05-03 09:30, or say how times are written with --time-format"),
        )  # fmt: skip
        return self._array(f"epoch({read})::BIGINT").astype(np.int64).astype("datetime64[s]")

    def _column(self, name: str) -> Column:
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
        return Column(name, self.kinds[name], "UTC")

    def _refuse(self, name: str, condition: str, wanted: str) -> None:
        found = self.connection.execute(
            f"SELECT rowid + 2, coalesce(s.{ident(name)}::VARCHAR, '') FROM {_ROWS} "
            f"WHERE {condition} ORDER BY rowid LIMIT 1"
        ).fetchall()
        if found:
            raise InputError(
                say(
                    N_("{file}, row {row}, column '{column}': '{value}' cannot be used. Write {wanted}."),
                    file=self.file, row=found[0][0], column=name, value=found[0][1],
                    wanted=say(wanted),
                )
            )  # fmt: skip

    def _array(self, expression: str) -> NDArray[Any]:
        query = f"SELECT {expression} AS v FROM {_ROWS} ORDER BY rowid"
        return np.asarray(self.connection.execute(query).fetchnumpy()["v"])


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
    return path.name


def _load_separated(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    source = Source(file=path.name, missing=["", "NA", "NULL"])
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
