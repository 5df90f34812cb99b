"""Leaves events of some steps out of a log; the others get new neighbours.

Which way a case takes then depends on its way before and on nothing else, so variants are rebuilt
from variants; events pass by once, some whole cases at a time, in their order.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zaplecze.eventlog.arrow import integers
from zaplecze.eventlog.sql import literal

_EVENTS_A_PART = 500_000

_CODES = "[{}]::USMALLINT[]"

Ints = NDArray[np.int64]


def leave_out(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    kept_cases: NDArray[np.bool_],
    steps: list[int],
    folder: Path,
) -> None:
    """Write the events of SOURCE that are of STEPS (codes) and of KEPT_CASES to FOLDER.

    CONNECTION has the views ``all_cases``, ``all_variants`` and the table ``kept``; it gets the
    views ``events``, ``cases`` and ``variants`` of what remains.
    """
    (folder / "events").mkdir(parents=True)
    file = folder / "events" / "part-0000.parquet"
    keep = np.zeros(1 << 16, dtype=bool)
    keep[steps] = True
    traces = _write_events(source, file, kept_cases, keep)
    connection.register("z_traces", traces)
    connection.execute("CREATE TABLE traces AS SELECT * FROM z_traces")
    connection.unregister("z_traces")
    connection.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet({literal(str(file))})")
    _rebuild_variants(connection, steps)
    (columns,) = connection.execute(
        "SELECT list(column_name) FROM (DESCRIBE all_cases)"
    ).fetchall()[0]
    replaced = {
        "start": "t.start", "end": 't."end"', "events": "t.events", "rework": "r.rework",
        "handovers": "t.handovers", "variant": "r.variant",
    }  # fmt: skip
    values = ", ".join(f'{new} AS "{name}"' for name, new in replaced.items() if name in columns)
    connection.execute(
        f"CREATE VIEW cases AS SELECT c.* REPLACE ({values}) FROM all_cases c "
        'JOIN traces t ON t."case" = c."case" JOIN renamed r ON r.before = c.variant'
    )


def _rebuild_variants(connection: duckdb.DuckDBPyConnection, steps: list[int]) -> None:
    """``renamed``: the way a case takes now, by the way it took; ``variants``: what these are."""
    codes = _CODES.format(", ".join(map(str, steps)))
    connection.execute(
        "CREATE TABLE shortened AS SELECT v.variant AS before, n.cases, "
        f"list_filter(v.activities, lambda code: list_contains({codes}, code)) AS activities "
        "FROM all_variants v JOIN (SELECT variant, count(*) AS cases FROM all_cases "
        'WHERE "case" IN (SELECT "case" FROM kept) GROUP BY variant) n ON n.variant = v.variant'
    )
    connection.execute(
        "CREATE TABLE variants AS SELECT (row_number() OVER (ORDER BY sum(cases) DESC, activities) "
        "- 1)::UINTEGER AS variant, activities, sum(cases)::BIGINT AS cases FROM shortened "
        "WHERE len(activities) > 0 GROUP BY activities ORDER BY variant"
    )
    connection.execute(
        "CREATE TABLE renamed AS SELECT s.before, v.variant, "
        "(len(v.activities) - len(list_distinct(v.activities)))::UINTEGER AS rework "
        "FROM shortened s JOIN variants v ON v.activities = s.activities"
    )


def _write_events(
    source: Path, file: Path, kept_cases: NDArray[np.bool_], keep: NDArray[np.bool_]
) -> pa.Table:
    """Write what remains to FILE; returns a row a case with its start, end, events, hand-overs."""
    traces, writer = [], None
    try:
        for events in _whole_cases(source):
            case, activity = integers(events.column("case")), integers(events.column("activity"))
            remaining = events.filter(pa.array(kept_cases[case] & keep[activity]))
            writer = writer or pq.ParquetWriter(file, events.schema, compression="lz4")
            if remaining.num_rows:
                linked, trace = _linked(remaining)
                writer.write_table(linked)
                traces.append(trace)
    finally:
        if writer is not None:
            writer.close()
    return pa.concat_tables(traces) if traces else _TRACES.empty_table()


# A table here, at import, would make pyarrow load pandas where there is one.
_TRACES = pa.schema(
    {
        "case": pa.uint32(),
        "start": pa.timestamp("us"),
        "end": pa.timestamp("us"),
        "events": pa.uint32(),
        "handovers": pa.uint32(),
    }
)


def _whole_cases(source: Path) -> Iterator[pa.Table]:
    """The events of SOURCE in their order, cut between cases; an empty table where there are none."""
    waiting: pa.Table | None = None
    for path in sorted((source / "events").glob("*.parquet")):
        with pq.ParquetFile(path) as parquet:
            for batch in parquet.iter_batches(_EVENTS_A_PART):
                events = pa.Table.from_batches([batch])
                if waiting is not None:
                    events = pa.concat_tables([waiting, events])
                case = integers(events.column("case"))
                cut = int(np.searchsorted(case, case[-1])) if len(case) else 0
                waiting = events.slice(cut)
                if cut:
                    yield events.slice(0, cut)
            if waiting is None:
                waiting = parquet.schema_arrow.empty_table()
    if waiting is not None:
        yield waiting


def _linked(events: pa.Table) -> tuple[pa.Table, pa.Table]:
    """EVENTS with new neighbours, and a row a case."""
    case, activity = integers(events.column("case")), integers(events.column("activity"))
    start, end = integers(events.column("start")), integers(events.column("end"))
    first = np.flatnonzero(np.diff(case, prepend=-1))
    length = np.diff(first, append=len(case))
    is_last = np.zeros(len(case), dtype=bool)
    is_last[first + length - 1] = True
    new = {
        "position": pa.array(np.arange(len(case)) - np.repeat(first, length)),
        "next_activity": pa.array(np.roll(activity, -1), mask=is_last),
        "wait_seconds": pa.array((np.roll(start, -1) - end) / 1e6, mask=is_last),
    }
    linked = events
    for name, values in new.items():
        field = events.schema.field(name)
        linked = linked.set_column(
            events.schema.get_field_index(name), field, values.cast(field.type)
        )
    traces = {
        "case": case[first].astype(np.uint32),
        "start": pa.array(start[first], pa.timestamp("us")),
        "end": pa.array(np.maximum.reduceat(end, first), pa.timestamp("us")),
        "events": length.astype(np.uint32),
        "handovers": _handovers(integers(events.column("department")), first),
    }
    return linked, pa.table(traces)


def _handovers(department: Ints, first: Ints) -> NDArray[np.uint32]:
    """Changes between known departments from one event of a case to the next."""
    before = np.roll(department, 1)
    changed = (department != before) & (department >= 0) & (before >= 0)
    changed[first] = False
    return np.add.reduceat(changed, first, dtype=np.uint32)
