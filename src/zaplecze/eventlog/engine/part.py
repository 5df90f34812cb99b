"""Some of a log's cases are imported by a worker, as if they were all, and renumbered at the end.

A part lies in a folder of its own, ``part-<number>-<attempt>``: the tables of a store, ``names``
(what its codes mean and where each name stands first in the file) and ``unused`` (refused rows with
their place in the file). Workers that are tried twice write two folders; only the one that the
driver hears of counts.
"""

import itertools
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.importer import engine, write_tables
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import ident, literal
from zaplecze.progress import silent
from zaplecze.workspace import Workspace

PROBED = "version string, sees boolean"
BUILT = "part int, folder string, events long, cases long"
FINISHED = "part int"

ROLES = {"activity": "activities", "department": "departments", "resource": "resources"}

_LIMITS = "SET threads = 1; SET memory_limit = '1GB'; "

# As many as DuckDB puts together, so that it can share them out among threads.
_ROWS_A_GROUP = 122_880


@dataclass(frozen=True)
class Probe:
    """Runs on a worker: which Zaplecze is there, and does it see and may write to FOLDER?"""

    folder: Path

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """One row for every batch."""
        for _ in batches:
            sees = os.access(self.folder, os.W_OK)
            yield pa.record_batch({"version": [version("zaplecze")], "sees": [sees]})


@dataclass(frozen=True)
class Building:
    """Runs on a worker: the rows of some cases become a part in a folder of SCRATCH."""

    workspace: Workspace
    columns: list[Column]
    known: list[str]
    kinds: dict[str, str]
    scratch: Path

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """One row that says what was built; none where there are no rows."""
        first = next(batches, None)
        if first is None:
            return
        from pyspark import TaskContext

        task = TaskContext.get()
        part = task.partitionId()
        folder = self.scratch / f"part-{part:05}-{task.taskAttemptId()}"
        # Made anew: where the scratch folder is not the driver's, nothing is written.
        folder.mkdir()
        rows = pa.RecordBatchReader.from_batches(first.schema, itertools.chain([first], batches))
        with (
            tempfile.TemporaryDirectory() as spill,
            engine(folder, Path(spill), _LIMITS) as connection,
        ):
            source = self._load(connection, rows)
            write_tables(connection, self.workspace, {source.name: source}, folder, silent)
            _write_names(connection, folder, part)
            _write_unused(connection, folder)
            counts = connection.execute(
                "SELECT (SELECT count(*) FROM z.events), (SELECT count(*) FROM z.keys)"
            ).fetchall()
        events, cases = counts[0]
        yield pa.record_batch(
            {
                "part": pa.array([part], pa.int32()), "folder": [folder.name],
                "events": [events], "cases": [cases],
            }
        )  # fmt: skip

    def _load(self, connection: duckdb.DuckDBPyConnection, rows: pa.RecordBatchReader) -> Loaded:
        """The rows as a table in the order of the file; ``z.origin`` has their places."""
        ((name, source),) = self.workspace.sources.items()
        connection.register("z_rows", rows)
        connection.execute("CREATE TABLE z.rows AS SELECT * FROM z_rows")
        connection.unregister("z_rows")
        values = ", ".join(f"c{n} AS {ident(c.name)}" for n, c in enumerate(self.columns))
        connection.execute(
            f"CREATE TABLE {ident(name)} AS SELECT {values} FROM z.rows ORDER BY z_block, z_index"
        )
        connection.execute(
            "CREATE TABLE z.origin AS SELECT row_number() OVER (ORDER BY z_block, z_index) - 1 "
            "AS row_id, z_block, z_index FROM z.rows"
        )
        connection.execute("DROP TABLE z.rows")
        (count,) = connection.execute("SELECT count(*) FROM z.origin").fetchall()[0]
        columns = {column.name: column for column in self.columns}
        return Loaded(name, str(source.file), columns, self.known, count, kinds=self.kinds)


def _write_names(connection: duckdb.DuckDBPyConnection, folder: Path, part: int) -> None:
    each = " UNION ALL ".join(
        f"SELECT {part} AS part, {literal(role)} AS role, code, name, block, step, z_block, z_index "
        f"FROM z.{table} JOIN z.origin ON row_id = (first >> 10) & ((1::BIGINT << 44) - 1)"
        for role, table in ROLES.items()
    )
    connection.execute(f"COPY ({each}) TO {literal(str(folder / 'names.parquet'))}")


def _write_unused(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.execute(
        'COPY (SELECT source, reason, "column", value, case_id, z_block, z_index '
        "FROM z.all_refused r JOIN z.origin o ON o.row_id = r.row - 1) "
        f"TO {literal(str(folder / 'unused.parquet'))}"
    )


@dataclass(frozen=True)
class Codes:
    """What the numbers of a part are in the whole: codes by role, variants, the first case."""

    first_case: int
    by_role: dict[str, NDArray[np.int64]]
    variants: NDArray[np.int64]


@dataclass(frozen=True)
class Finishing:
    """Runs on a worker: parts get the numbers of the whole and become files of STORE."""

    store: Path
    scratch: Path
    folders: dict[int, str]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """One row for every part that is finished."""
        done = [int(part) for batch in batches for part in batch.column(0).to_pylist()]
        done = [part for part in done if part in self.folders]
        for part in done:
            folder = self.scratch / self.folders[part]
            codes = read_codes(folder)
            for kind, renumbered in (("events", _renumbered_events), ("cases", _renumbered_cases)):
                for number, file in enumerate(sorted((folder / kind).glob("*.parquet"))):
                    place = self.store / kind / f"part-{part:05}-{number:04}.parquet"
                    _write(renumbered(pq.read_table(file), codes), folder, place)
        yield pa.record_batch({"part": pa.array(done, pa.int32())})


def write_codes(folder: Path, codes: Codes) -> None:
    """Put CODES beside the part in FOLDER."""
    np.savez(
        folder / "codes.npz",
        first_case=codes.first_case,
        variants=codes.variants,
        activity=codes.by_role["activity"],
        department=codes.by_role["department"],
        resource=codes.by_role["resource"],
    )


def read_codes(folder: Path) -> Codes:
    """The inverse of `write_codes`."""
    with np.load(folder / "codes.npz") as found:
        by_role = {role: found[role] for role in ROLES}
        return Codes(int(found["first_case"]), by_role, found["variants"])


def _renumbered_events(table: pa.Table, codes: Codes) -> pa.Table:
    table = _renumbered(table, "case", None, codes.first_case)
    for column, role in (
        ("activity", "activity"), ("next_activity", "activity"),
        ("department", "department"), ("resource", "resource"),
    ):  # fmt: skip
        table = _renumbered(table, column, codes.by_role[role])
    return table


def _renumbered_cases(table: pa.Table, codes: Codes) -> pa.Table:
    table = _renumbered(table, "case", None, codes.first_case)
    return _renumbered(table, "variant", codes.variants)


def _renumbered(
    table: pa.Table, name: str, numbers: NDArray[np.int64] | None, first: int = 0
) -> pa.Table:
    """TABLE with other numbers in a column: those at the place of the old ones, or FIRST more."""
    column = table.column(name)
    if numbers is None:
        values = pc.add(column.cast(pa.int64()), first)
    else:
        values = pc.take(pa.array(numbers), column.cast(pa.int64()))
    place = table.column_names.index(name)
    return table.set_column(place, table.schema.field(name), values.cast(column.type))


def _write(table: pa.Table, scratch: Path, place: Path) -> None:
    """Whole or not at all: somebody else may write the same file at the same time."""
    with tempfile.NamedTemporaryFile(dir=scratch, suffix=".parquet", delete=False) as file:
        pq.write_table(table, file, row_group_size=_ROWS_A_GROUP, compression="lz4")
    os.chmod(file.name, 0o644)
    os.replace(file.name, place)
