"""A file or a table as columns of numbers, times and names; what cannot be read is named."""

import re
import tempfile
from dataclasses import dataclass
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
from zaplecze.impact.verify.moments import carried_zone, is_never, local_moment, moment
from zaplecze.impact.verify.result import Floats
from zaplecze.language import N_, say
from zaplecze.workspace import Source

Times = NDArray[Any]
"""Either int64 (numbered periods) or datetime64[s]."""

_MISSING = ["", "NA", "N/A", "NaN", "nan", "NULL", "null", "None"]
_TABLE = '"rows" AS s'
_PLAIN_TIME = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?"
_NO_TIME = -(2**62)
_STATUS = {"0": 0, "1": 1, "false": 0, "true": 1}


@dataclass(frozen=True)
class Rows:
    """The file as it is, one entry a row; missing numbers are NaN.

    ``starts`` is each row's time of going live (None without a column for it; NaT or 0 for never),
    ``status`` is 1 where the row's unit works in the new way at the row's time; ``go_live`` is the
    time for all where somebody gave a time and not a column.
    """

    file: str
    times: Times
    outcome: Floats
    units: NDArray[np.int64] | None
    names: list[str]
    offset: Floats | None
    starts: Times | None
    status: Floats | None
    go_live: Any


def read(
    table: Any,
    *,
    outcome: str,
    time: str,
    unit: str | None,
    offset: str | None,
    treated_from: str | None,
    time_zone: str | None,
) -> Rows:
    """The columns of TABLE: a path to CSV, Parquet or Excel, or any table that speaks Arrow.

    TREATED_FROM is the name of a column with times or 0 and 1, or a time. Raises `InputError` that names
    file, row, column and value.
    """
    connection = duckdb.connect()
    try:
        file = _load(connection, table)
        source = _Source(connection, file)
        names, units = source.names(unit) if unit else ([""], None)
        times = source.times(time, time_zone)
        status, starts, go_live = None, None, None
        if treated_from is not None and treated_from in source.kinds:
            status = source.status(treated_from)
            if status is None:
                starts = source.times(treated_from, time_zone, numbered=times.dtype.kind == "i")
        elif treated_from is not None:
            go_live = _go_live(treated_from, file)
        return Rows(
            file=file,
            times=times,
            outcome=source.numbers(outcome),
            units=units,
            names=names,
            offset=source.numbers(offset) if offset else None,
            starts=starts,
            status=status,
            go_live=go_live,
        )
    finally:
        connection.close()


def _go_live(words: str, file: str) -> Any:
    found = moment(words)
    if found is None:
        raise InputError(
            say(
                N_(
                    "'{value}' is neither a column of {file} nor a time. Give a column with the "
                    "times of going live or with 0 and 1, or a date like 2026-05-03."
                ),
                value=words, file=file,
            )
        )  # fmt: skip
    return found


def _load(connection: duckdb.DuckDBPyConnection, table: Any) -> str:
    """TABLE as the DuckDB table ``rows``; returns what to call it in messages."""
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    if not isinstance(table, str | Path):
        import pyarrow as pa

        arrow = pa.table(table)
        connection.register("given", arrow)
        connection.execute('CREATE TABLE "rows" AS SELECT * FROM given')
        return "table"
    path = Path(table)
    if not path.is_file():
        raise InputError(
            say(N_("There is no file '{file}'. Check the name and the folder."), file=str(path))
        )
    source = Source(file=path.name, missing=_MISSING)
    match format_of(path):
        case "separated":
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
                say(
                    N_("'{file}' cannot be read. Bring CSV, Parquet or Excel."), file=path.name
                )
            )  # fmt: skip
    return path.name


class _Source:
    """The loaded table and how to read its columns."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: str) -> None:
        self.connection = connection
        self.file = file
        described = connection.execute('DESCRIBE "rows"').fetchall()
        self.kinds = {row[0]: row[1] for row in described}
        if not connection.execute('SELECT count(*) FROM "rows"').fetchall()[0][0]:
            raise InputError(
                say(N_("{file} has no rows. Bring the periods before and after."), file=file)
            )

    def column(self, name: str, decimal: str = ".") -> Column:
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

    def numbers(self, name: str) -> Floats:
        """The column as numbers; a decimal comma is understood where every value has it."""
        unread = []
        for decimal in (".", ","):
            column = self.column(name, decimal)
            read = casting.number(column)
            bad = self._bad(name, f"{column.sql} IS NOT NULL AND ({read}) IS NULL")
            if bad is None:
                return self._array(f"coalesce(({read})::DOUBLE, 'nan'::DOUBLE)")
            unread.append(bad)
        row, value = unread[0]
        raise InputError(
            say(
                N_(
                    "{file}, row {row}, column '{column}': '{value}' is no number. "
                    "Mend it, or leave the field empty where nothing was measured."
                ),
                file=self.file, row=row, column=name, value=value,
            )
        )  # fmt: skip

    def names(self, name: str) -> tuple[list[str], NDArray[np.int64]]:
        """The names in alphabetical order and each row's position among them."""
        column = self.column(name)
        if bad := self._bad(name, f"{column.sql} IS NULL"):
            raise InputError(
                say(
                    N_("{file}, row {row}, column '{column}': the unit is missing. Name it."),
                    file=self.file, row=bad[0], column=name,
                )
            )  # fmt: skip
        text = casting.text(column)
        names = [
            row[0] for row in self._rows(f"SELECT DISTINCT {text} AS t FROM {_TABLE} ORDER BY t")
        ]
        return names, self._array(f"dense_rank() OVER (ORDER BY {text}) - 1").astype(np.int64)

    def status(self, name: str) -> Floats | None:
        """The column as 0 and 1 (yes and no); None where it holds anything else."""
        values = self._texts(name)
        if any(value is None for value in values) or set(values) - set(_STATUS):
            return None
        return np.array([_STATUS[str(value)] for value in values], dtype=np.float64)

    def times(self, name: str, time_zone: str | None, numbered: bool | None = None) -> Times:
        """The column as numbers of periods or as clock times, on the clock of TIME_ZONE where it is given.

        NUMBERED is None for the time itself; for times of going live it says which kind the
        time is, and "never" may stand there (0 or NaT).
        """
        going_live = numbered is not None
        if (known := self._clock_times(name, numbered)) is not None:
            return known
        texts = self._texts(name)
        distinct = sorted({text for text in texts if text is not None})
        if not going_live and None in texts:
            raise self._no_time(name, texts.index(None) + 2, "")
        self._check_zones(name, distinct, time_zone)
        read = {text: local_moment(text, time_zone) for text in distinct}
        if going_live:
            read = {text: None if is_never(text) else when for text, when in read.items()}
        for text, when in read.items():
            wrong = when is not None and numbered is not None and numbered != isinstance(when, int)
            if (when is None and not (going_live and is_never(text))) or wrong:
                raise self._no_time(name, texts.index(text) + 2, text)
        kinds = {isinstance(when, int) for when in read.values() if when is not None}
        if len(kinds) > 1:
            odd = next(text for text, when in read.items() if isinstance(when, int))
            raise self._no_time(name, texts.index(odd) + 2, odd)
        integers = numbered if numbered is not None else kinds == {True}
        never: Any = 0 if integers else np.datetime64("NaT")
        found = [never if text is None else read[text] for text in texts]
        found = [never if when is None else when for when in found]
        return np.array(found, dtype=np.int64 if integers else "datetime64[s]")

    def _clock_times(self, name: str, numbered: bool | None) -> Times | None:
        """A column that holds nothing but days and times without zone, read by the engine."""
        column = self.column(name)
        if numbered or column.type == "TIMESTAMP WITH TIME ZONE":
            return None
        text, empty = casting.text(column), "'NaT'" if numbered is False else "NULL"
        odd = (
            f"{column.sql} IS NULL AND {empty} IS NULL OR {column.sql} IS NOT NULL AND "
            f"(NOT regexp_full_match({text}, '{_PLAIN_TIME}') OR TRY_CAST({text} AS TIMESTAMP) IS NULL)"
        )
        if self._rows(f"SELECT 1 FROM {_TABLE} WHERE {odd} LIMIT 1"):
            return None
        seconds = f"epoch(TRY_CAST({text} AS TIMESTAMP))::BIGINT"
        found = self._array(f"coalesce({seconds}, {_NO_TIME})").astype(np.int64)
        times: Times = found.astype("datetime64[s]")
        times[found == _NO_TIME] = np.datetime64("NaT")
        return times

    def _check_zones(self, name: str, distinct: list[str], time_zone: str | None) -> None:
        offsets = {carried_zone(text) for text in distinct if not is_never(text)}
        if None in offsets and len(offsets) > 1:
            raise InputError(
                say(
                    N_(
                        "{file}, column '{column}': some times carry a time zone and others do "
                        "not, so that they cannot be put in order. Export all of them alike."
                    ),
                    file=self.file, column=name,
                )
            )  # fmt: skip
        if len(offsets) > 1 and time_zone is None:
            raise InputError(
                say(
                    N_(
                        "{file}, column '{column}': the times are of several time zones "
                        "({zones}). Say on whose calendar days are counted, for example with "
                        "--time-zone Europe/Warsaw."
                    ),
                    file=self.file, column=name, zones=", ".join(sorted(map(str, offsets))[:6]),
                )
            )  # fmt: skip

    def _no_time(self, name: str, row: int, value: str) -> InputError:
        return InputError(
            say(
                N_(
                    "{file}, row {row}, column '{column}': '{value}' is no time like the others. "
                    "Write days as 2026-05-03, months as 2026-05, weeks as 2026-W18, or number "
                    "the periods."
                ),
                file=self.file, row=row, column=name, value=value,
            )
        )  # fmt: skip

    def _texts(self, name: str) -> list[str | None]:
        column = self.column(name)
        # Programs that know no missing whole numbers write 2007 as 2007.0.
        return [
            None if text is None else re.sub(r"^(-?\d+)\.0+$", r"\1", text.strip())
            for text in self._fetch(casting.text(column))
        ]

    def _fetch(self, expression: str) -> list[Any]:
        return [row[0] for row in self._rows(f"SELECT {expression} FROM {_TABLE} ORDER BY rowid")]

    def _array(self, expression: str) -> NDArray[Any]:
        """EXPRESSION, which is never null, for every row."""
        query = f"SELECT {expression} AS v FROM {_TABLE} ORDER BY rowid"
        return np.asarray(self.connection.execute(query).fetchnumpy()["v"])

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query).fetchall()

    def _bad(self, name: str, condition: str) -> tuple[int, str] | None:
        """The first row (as an editor numbers it, below the header) where CONDITION holds."""
        found = self.connection.execute(
            f'SELECT rowid + 2, s.{ident(name)}::VARCHAR FROM "rows" AS s WHERE {condition} '
            "ORDER BY rowid LIMIT 1"
        ).fetchall()
        return found[0] if found else None
