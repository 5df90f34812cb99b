"""The rows of one file on the cluster, each with its place in the file.

Besides the columns that are wanted, as ``c0``, ``c1``…, a row has ``z_block`` and ``z_index``: where
its block of the file begins, and how many rows of the block come before it; so their order is that
of the file. Where ``z_reason`` is not null the row did not fit, and ``z_value`` is its text.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zaplecze.eventlog import casting, separated
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.engine.cluster import Cluster, pattern, place
from zaplecze.eventlog.sources import format_of
from zaplecze.eventlog.sql import ident, literal
from zaplecze.workspace import Source

_LINES_A_CHUNK = 200_000
_LONGEST_VALUE = 1_000

PLACE = "z_block long, z_index long, z_reason string, z_value string"


@dataclass(frozen=True)
class Rows:
    """A Spark frame of rows; ``columns`` are the wanted ones in the order of ``c0``, ``c1``…

    ``known`` are the names of all columns of the file.
    """

    frame: Any
    columns: list[Column]
    known: list[str]


def rows_of(
    cluster: Cluster, name: str, source: Source, path: Path, scratch: Path, wanted: set[str], zone: str
) -> Rows:  # fmt: skip
    """The rows of PATH, a Parquet file or separated values in UTF-8, as the source NAME says.

    Separated values are read once and kept in SCRATCH.
    """
    if format_of(path) == "parquet":
        frame, known, kept = _of_parquet(cluster, source, path, wanted)
    else:
        frame, known, kept = _of_lines(cluster, name, source, path, scratch, wanted)
    empty = pa.table(frame.limit(0).toArrow())
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'").register("z_empty", empty)
        types = {row[0]: row[1] for row in connection.execute("DESCRIBE z_empty").fetchall()}
    columns = [
        Column(column, types[f"c{number}"], zone, source.time_format, source.decimal)
        for number, column in enumerate(kept)
    ]
    return Rows(frame, columns, known)


def kinds_of(rows: Rows, names: set[str]) -> dict[str, str]:
    """Whether the columns NAMES, where they are texts, hold numbers or categories."""
    texts = [
        (number, column)
        for number, column in enumerate(rows.columns)
        if column.name in names and column.type == "VARCHAR"
    ]
    if not texts:
        return {}
    counting = Counting(
        ", ".join(
            f"count(s.c{number}) AS v{number}, "
            f"count({casting.number(_called(column, number))}) AS n{number}"
            for number, column in texts
        )
    )
    schema = ", ".join(f"v{number} long, n{number} long" for number, _ in texts)
    wanted = rows.frame.select(*(f"c{number}" for number, _ in texts))
    counts = wanted.mapInArrow(counting, schema).groupBy().sum().toArrow().to_pylist()[0]

    def kind(number: int) -> str:
        values, numbers = (counts[f"sum({each}{number})"] for each in "vn")
        return "number" if values and values == numbers else "category"

    return {column.name: kind(number) for number, column in texts}


def _called(column: Column, number: int) -> Column:
    return Column(f"c{number}", column.type, column.time_zone, column.time_format, column.decimal)


def _of_parquet(
    cluster: Cluster, source: Source, path: Path, wanted: set[str]
) -> tuple[Any, list[str], list[str]]:
    whole = cluster.session.read.parquet(pattern(path))
    missing = ", ".join(
        "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'" for text in source.missing
    )
    kept = {name: kind for name, kind in whole.dtypes if name in wanted}
    values = []
    for number, (name, kind) in enumerate(kept.items()):
        value = "`" + name.replace("`", "``") + "`"
        if kind == "string" and missing:
            value = f"CASE WHEN {value} NOT IN ({missing}) THEN {value} END"
        values.append(f"{value} AS c{number}")
    frame = whole.selectExpr(
        "0L AS z_block", "_metadata.row_index AS z_index", "CAST(NULL AS STRING) AS z_reason",
        "CAST(NULL AS STRING) AS z_value", *values,
    )  # fmt: skip
    return frame, list(whole.columns), list(kept)


def _of_lines(
    cluster: Cluster, name: str, source: Source, path: Path, scratch: Path, wanted: set[str]
) -> tuple[Any, list[str], list[str]]:
    known, _ = separated.form(name, source, path, path)
    # The header is dropped by hand: only the first block of the file has it.
    named = source.model_copy(update={"columns": known})
    _, options = separated.form(name, named, path, path)
    kept = [column for column in known if column in wanted]
    lines = cluster.session.read.text(pattern(path))
    schema = PLACE + "".join(f", c{number} string" for number in range(len(kept)))
    reader = Lines(kept, options, has_header=source.columns is None)
    parsed = lines.selectExpr("value", "_metadata.file_block_start").mapInArrow(reader, schema)
    parsed.write.parquet(place(scratch / "rows"))
    return cluster.session.read.parquet(pattern(scratch / "rows")), known, kept


@dataclass(frozen=True)
class Counting:
    """Runs on a worker: aggregates COUNTS of some rows ``s``."""

    counts: str

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """One row of counts for every batch."""
        with duckdb.connect() as connection:
            connection.execute("SET threads = 1")
            for batch in batches:
                connection.register("s", batch)
                found = connection.execute(f"SELECT {self.counts} FROM s").to_arrow_table()
                connection.unregister("s")
                yield from found.to_batches()


@dataclass(frozen=True)
class Lines:
    """Runs on a worker: lines of a file, with their blocks' starts, become rows of COLUMNS."""

    columns: list[str]
    options: str
    has_header: bool

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Rows with their places. A line without anything is none."""
        before: dict[int, int] = {}
        with duckdb.connect() as connection, tempfile.TemporaryDirectory() as folder:
            connection.execute("SET threads = 1")
            for block, lines in _chunks(batches):
                there = lines.filter(pc.not_equal(pc.binary_length(lines), 0))
                first = before.get(block)
                if first is None and block == 0 and self.has_header and len(there):
                    there = there.slice(1)
                if len(there):
                    file = Path(folder) / "lines.csv"
                    yield from self._rows(connection, file, there, block, first or 0)
                before[block] = (first or 0) + len(there)

    def _rows(
        self,
        connection: duckdb.DuckDBPyConnection,
        file: Path,
        lines: pa.BinaryArray,
        block: int,
        first: int,
    ) -> Iterator[pa.RecordBatch]:
        # A quotation mark that is not closed on its line would swallow the lines after it.
        odd = np.asarray(pc.count_substring(lines, b'"').to_numpy(zero_copy_only=False)) % 2 == 1
        whole = np.flatnonzero(~odd)
        file.write_bytes(b"\n".join(lines.take(pa.array(whole)).to_pylist()) + b"\n")
        connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
        kept = ", ".join(f"{ident(name)} AS c{n}" for n, name in enumerate(self.columns)) or "1"
        table = connection.execute(
            f"SELECT {kept} FROM read_csv({literal(str(file))}, {self.options})"
        ).to_arrow_table()
        refused = connection.execute(
            "SELECT line - 1, bool_or(error_type::VARCHAR = 'INVALID ENCODING'), "
            f"any_value(csv_line[:{_LONGEST_VALUE}]) FROM reject_errors GROUP BY line"
        ).fetchall()
        unfit = {int(whole[line]): ("bad_encoding" if encoding else "malformed_row", text)
                 for line, encoding, text in refused}  # fmt: skip
        unfit |= {int(line): ("malformed_row", _text(lines[line])) for line in np.flatnonzero(odd)}
        fine = np.setdiff1d(np.arange(len(lines)), list(unfit))
        if len(fine) != table.num_rows:
            raise AssertionError(f"{len(fine)} lines gave {table.num_rows} rows")
        yield from _placed(block, first + fine, table)
        if unfit:
            yield from _unfit(block, first, unfit, len(self.columns))


def _chunks(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[int, pa.BinaryArray]]:
    """Lines of one block each, many at a time, as bytes."""
    waiting: list[pa.BinaryArray] = []
    current = -1
    for batch in batches:
        lines = batch.column(0).cast(pa.large_string()).cast(pa.large_binary())
        starts = batch.column(1).to_numpy()
        for part in np.split(np.arange(len(starts)), np.flatnonzero(np.diff(starts)) + 1):
            if not len(part):
                continue
            block = int(starts[part[0]])
            if waiting and (block != current or sum(map(len, waiting)) >= _LINES_A_CHUNK):
                yield current, pa.concat_arrays(waiting)
                waiting = []
            current = block
            waiting.append(lines.slice(part[0], len(part)))
    if waiting:
        yield current, pa.concat_arrays(waiting)


def _placed(block: int, index: NDArray[np.int64], table: pa.Table) -> Iterator[pa.RecordBatch]:
    missing = pa.nulls(len(index), pa.string())
    places = {
        "z_block": pa.array(np.full(len(index), block)), "z_index": pa.array(index),
        "z_reason": missing, "z_value": missing,
    }  # fmt: skip
    columns = {name: table.column(name).cast(pa.string()) for name in table.column_names
               if name.startswith("c")}  # fmt: skip
    yield from pa.table(places | columns).to_batches()


def _unfit(
    block: int, first: int, unfit: dict[int, tuple[str, str]], columns: int
) -> Iterator[pa.RecordBatch]:
    """Lines that did not fit, with reason and text, as rows without values."""
    where = sorted(unfit)
    table: dict[str, Any] = {
        "z_block": [block] * len(where), "z_index": [first + line for line in where],
        "z_reason": [unfit[line][0] for line in where],
        "z_value": [unfit[line][1] for line in where],
    }  # fmt: skip
    empty = {f"c{number}": pa.nulls(len(where), pa.string()) for number in range(columns)}
    yield from pa.table(table | empty).to_batches()


def _text(line: pa.Scalar) -> str:
    return str(line.as_py().decode("utf-8", "replace"))[:_LONGEST_VALUE]
