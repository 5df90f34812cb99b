"""Sorted events get their neighbours, and cases what follows from their events.

Events stream out of DuckDB in the order of case and time, some two million at a time; a few numpy
operations a part then do what windows and lists in SQL do many times slower. A part ends with a
case, and becomes one file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zaplecze.eventlog.sql import ident, stored

EVENTS_A_PART = 2_000_000

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class _Part:
    """Whole cases, one after the other: ``first`` is where each begins, ``length`` how long it is."""

    events: pa.Table
    first: Ints
    length: Ints
    cases_before: int

    def column(self, name: str) -> Ints:
        """A column as integers, -1 where it is null."""
        values = self.events.column(name).combine_chunks()
        if values.null_count:
            values = pc.fill_null(values.cast(pa.int64()), -1)
        return np.asarray(values.to_numpy(zero_copy_only=False)).astype(np.int64)

    @property
    def position(self) -> Ints:
        """The place of every event in its case."""
        return np.arange(self.events.num_rows) - np.repeat(self.first, self.length)


def write_events(
    connection: duckdb.DuckDBPyConnection, folder: Path, attributes: list[str]
) -> Iterator[float]:
    """Write ``z.events`` to FOLDER and fill ``z.traces``; yields the share that is done.

    ``z.traces`` has a row a case with its provisional and its final number, start, end, counts and
    the hashes of its activities; ``z.sequences`` the activities that belong to a pair of hashes.
    """
    folder.mkdir()
    sink = connection.cursor()
    sink.execute(
        'CREATE TABLE z.traces (provisional UINTEGER, "case" UINTEGER, start TIMESTAMP, '
        '"end" TIMESTAMP, events UINTEGER, rework UINTEGER, handovers UINTEGER, hash_a UBIGINT, '
        "hash_b UBIGINT)"
    )
    sink.execute(
        "CREATE TABLE z.sequences (hash_a UBIGINT, hash_b UBIGINT, activities USMALLINT[])"
    )
    (total,) = connection.execute("SELECT count(*) FROM z.events").fetchall()[0]
    if total == 0:
        empty = _cut(_sorted_events(connection, attributes).schema.empty_table(), 0)
        _copy(sink, _with_neighbours(empty), folder / "part-0000.parquet")
    events = cases = 0
    for number, rows in enumerate(_parts(_sorted_events(connection, attributes))):
        part = _cut(rows, cases)
        hashes = _hashes(part, seed=1), _hashes(part, seed=2)
        _copy(sink, _with_neighbours(part), folder / f"part-{number:04}.parquet")
        _insert(sink, "z.traces", _traces(part, hashes))
        _insert(sink, "z.sequences", _sequences(part, hashes))
        events, cases = events + rows.num_rows, cases + len(part.first)
        yield events / total


def _sorted_events(
    connection: duckdb.DuckDBPyConnection, attributes: list[str]
) -> pa.RecordBatchReader:
    """The events with their final codes, by case, time, and the order that breaks ties."""
    values = "".join(f", e.{ident(name)}" for name in attributes)
    return connection.execute(
        'SELECT e."case", a.code::USMALLINT AS activity, r.code::UINTEGER AS resource, '
        f'd.code::USMALLINT AS department, e.start, e."end"{values} FROM z.events e '
        "LEFT JOIN z.activities a ON a.provisional = e.activity "
        "LEFT JOIN z.resources r ON r.provisional = e.resource "
        "LEFT JOIN z.departments d ON d.provisional = e.department "
        'ORDER BY e."case", e.start, e.ord'
    ).to_arrow_reader(EVENTS_A_PART)


def _parts(batches: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Batches cut between cases: the last case of a batch waits for the next one."""
    waiting = batches.schema.empty_table()
    for batch in batches:
        events = pa.concat_tables([waiting, pa.Table.from_batches([batch])])
        waiting = events
        if events.num_rows >= EVENTS_A_PART:
            case = events.column("case").to_numpy()
            cut = int(np.searchsorted(case, case[-1]))
            waiting = events.slice(cut)
            if cut:
                yield events.slice(0, cut)
    if waiting.num_rows:
        yield waiting


def _cut(events: pa.Table, cases_before: int) -> _Part:
    """EVENTS with the places where cases begin, and the cases' final numbers."""
    case = events.column("case").to_numpy().astype(np.int64)
    first = np.flatnonzero(np.diff(case, prepend=-1))
    return _Part(events, first, np.diff(first, append=len(case)), cases_before)


def _with_neighbours(part: _Part) -> pa.Table:
    activity, start, end = part.column("activity"), part.column("start"), part.column("end")
    is_last = np.zeros(len(activity), dtype=bool)
    is_last[part.first + part.length - 1] = True
    number = part.cases_before + np.arange(len(part.first))
    columns = {
        "position": pa.array(part.position.astype(np.uint32)),
        "next_activity": pa.array(np.roll(activity, -1).astype(np.uint16), mask=is_last),
        "wait_seconds": pa.array((np.roll(start, -1) - end) / 1e6, mask=is_last),
    }
    numbered = pa.array(np.repeat(number, part.length).astype(np.uint32))
    table = part.events.set_column(0, "case", numbered)
    for place, (name, values) in enumerate(columns.items(), 6):
        table = table.add_column(place, name, values)
    return table


def _traces(part: _Part, hashes: tuple[Hashes, Hashes]) -> pa.Table:
    """A row a case: when, how many events, how many repetitions and hand-overs."""
    department = part.column("department")
    before = np.roll(department, 1)
    handed_over = (department != before) & (department >= 0) & (before >= 0)
    handed_over[part.first] = False
    end = np.maximum.reduceat(part.column("end"), part.first)
    number = part.cases_before + np.arange(len(part.first))
    return pa.table(
        {
            "provisional": part.column("case")[part.first].astype(np.uint32),
            "case": number.astype(np.uint32),
            "start": pa.array(part.column("start")[part.first], pa.timestamp("us")),
            "end": pa.array(end, pa.timestamp("us")),
            "events": part.length.astype(np.uint32),
            "rework": (part.length - _distinct_activities(part)).astype(np.uint32),
            "handovers": np.add.reduceat(handed_over, part.first, dtype=np.uint32),
            "hash_a": hashes[0],
            "hash_b": hashes[1],
        }
    )


def _distinct_activities(part: _Part) -> Ints:
    """How many different activities each case has."""
    activity = part.column("activity")
    codes = int(activity.max()) + 1
    # Sorted, not `np.unique`: that hashes, which takes ten times as long here.
    pairs = np.sort(np.repeat(np.arange(len(part.first)) * codes, part.length) + activity)
    new = np.diff(pairs, prepend=-1) != 0
    return np.bincount(pairs[new] // codes, minlength=len(part.first))


def _sequences(part: _Part, hashes: tuple[Hashes, Hashes]) -> pa.Table:
    """The activities of one case for every pair of hashes."""
    order = np.lexsort(hashes)
    ordered = [values[order] for values in hashes]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (np.diff(ordered[0]) != 0) | (np.diff(ordered[1]) != 0)
    chosen = order[new]
    length = part.length[chosen]
    offsets = np.concatenate([[0], np.cumsum(length)])
    rows = np.repeat(part.first[chosen] - offsets[:-1], length) + np.arange(offsets[-1])
    return pa.table(
        {
            "hash_a": hashes[0][chosen],
            "hash_b": hashes[1][chosen],
            "activities": pa.ListArray.from_arrays(
                offsets.astype(np.int32), part.column("activity")[rows].astype(np.uint16)
            ),
        }
    )


def _hashes(part: _Part, seed: int) -> Hashes:
    """A hash of every case's activities in their order.

    The sum, over the events, of splitmix64 (Steele, Lea and Flood 2014) of activity and position.
    With two seeds 128 bits tell sequences apart: of a billion, two are alike by chance with a
    probability below 1e-20.
    """
    position, activity = part.position.astype(np.uint64), part.column("activity").astype(np.uint64)
    mixed = (position << np.uint64(16)) + activity
    mixed = (mixed + np.uint64(seed) * np.uint64(1 << 56)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.add.reduceat(mixed ^ (mixed >> np.uint64(31)), part.first)


def _copy(sink: duckdb.DuckDBPyConnection, table: pa.Table, path: Path) -> None:
    sink.register("z_part", table)
    sink.execute(stored("SELECT * FROM z_part", path))
    sink.unregister("z_part")


def insert_sequences(connection: duckdb.DuckDBPyConnection, variants: pa.Table) -> None:
    """Fill ``z.before``: variant, cases and hashes of VARIANTS, and add them to ``z.sequences``."""
    lists = variants.column("activities").combine_chunks()
    length = pc.list_value_length(lists).to_numpy().astype(np.int64)
    events = pa.table({"activity": lists.flatten()})
    part = _Part(events, np.cumsum(length) - length, length, 0)
    hashes = [pa.array(_hashes(part, seed) if len(length) else [], pa.uint64()) for seed in (1, 2)]
    table = variants.append_column("hash_a", hashes[0]).append_column("hash_b", hashes[1])
    connection.register("z_variants", table)
    connection.execute(
        "CREATE TABLE z.before AS SELECT variant, cases, hash_a, hash_b FROM z_variants"
    )
    connection.execute("INSERT INTO z.sequences SELECT hash_a, hash_b, activities FROM z_variants")
    connection.unregister("z_variants")


def _insert(sink: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    sink.register("z_part", rows)
    sink.execute(f"INSERT INTO {table} SELECT * FROM z_part")
    sink.unregister("z_part")
