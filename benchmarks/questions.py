"""Graph, variants, steps and features of stored events, beside a floor and four peers.

``python -m benchmarks.questions [EVENTS]`` stores that many invented events (ten million) and asks
every tool in a process of its own. All but ours get the sorted, coded events of our store; the floor
and pm4py get them in memory, and their loading is not counted.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.measure import Measure, in_a_process, table, tell

GRAPH, VARIANTS, STEPS, FEATURES = (
    "graph with mean, median, p95 waits", "variants", "steps", "features of cases",
)  # fmt: skip
EVENTS = 10_000_000

Works = dict[str, Callable[[], object]]


def measures(events: int, scratch: Path) -> Iterator[Measure]:
    """The questions to a log of EVENTS events, tool by tool."""
    from benchmarks.events import COLUMNS, write_events
    from zaplecze import eventlog

    file = write_events(scratch / "data", events)
    log = eventlog.build(eventlog.workspace_for(file, **COLUMNS), file.parent, scratch / "log")
    log.close()
    for tool in TOOLS:
        yield from in_a_process("benchmarks.questions", "--tool", tool, str(scratch / "log"))


def _zaplecze(store: Path) -> Works:
    import numpy as np

    from zaplecze import eventlog, process
    from zaplecze.impact.occurrences import step_times

    log = eventlog.open_log(store)
    cases = np.arange(log.info.cases)
    return {
        GRAPH: lambda: process.graph(log),
        VARIANTS: lambda: process.variants(log),
        STEPS: lambda: process.steps(log),
        FEATURES: lambda: step_times(log, cases, states=False),
    }


def _floor(store: Path) -> Works:
    import numpy as np
    import pyarrow.parquet as pq

    from benchmarks import kernels

    names = ["case", "activity", "resource", "department", "start", "end"]
    stored = pq.read_table(store / "events", columns=names)

    def column(name: str, kind: str) -> Any:
        return np.ascontiguousarray(stored[name].cast("int64").to_numpy().astype(kind))

    case = column("case", "int64")
    first = np.append(np.flatnonzero(np.diff(case, prepend=-1)), len(case))
    small = [column(name, "uint8") for name in ("activity", "resource", "department")]
    size = int(small[0].max()) + 1
    log = kernels.Columns(first, *small, column("start", "int64"), column("end", "int64"), size)
    works: Works = {
        GRAPH: lambda: kernels.graph(log),
        VARIANTS: lambda: kernels.variants(log),
        STEPS: lambda: kernels.steps(log),
        FEATURES: lambda: kernels.features(log),
    }
    for work in works.values():
        work()  # compiled before it is timed
    return works


def _duckdb(store: Path) -> Works:
    import duckdb

    connection = duckdb.connect()
    connection.execute(
        'CREATE VIEW events AS SELECT "case", activity, resource, department, start, "end", '
        f"position FROM read_parquet('{store}/events/*.parquet')"
    )
    spread = "avg({0}), median({0}), quantile_cont({0}, 0.95), sum({0})"
    along = 'OVER (PARTITION BY "case" ORDER BY position)'
    seconds = "(epoch_us({}) - epoch_us({})) / 1e6"
    wait = seconds.format(f"lead(start) {along}", '"end"')
    before = seconds.format("start", f'lag("end") {along}')
    inside = seconds.format('"end"', "start")

    def ask(query: str) -> Callable[[], object]:
        return lambda: connection.execute(query).to_arrow_table()

    return {
        GRAPH: ask(
            f'SELECT activity, after, count(*), count(DISTINCT "case"), {spread.format("wait")} FROM '
            f'(SELECT "case", activity, lead(activity) {along} AS after, {wait} AS wait FROM events) '
            "GROUP BY activity, after"
        ),
        VARIANTS: ask(
            "SELECT way, count(*) FROM (SELECT list(activity ORDER BY position) AS way FROM events "
            'GROUP BY "case") GROUP BY way'
        ),
        STEPS: ask(
            f"SELECT activity, count(*), {spread.format('wait')}, {spread.format('inside')}, "
            'count(DISTINCT "case"), count(DISTINCT resource) FROM '
            f'(SELECT *, {before} AS wait, {inside} AS inside FROM events) GROUP BY activity'
        ),
        FEATURES: ask(
            'SELECT "case", activity, min(start), min("end"), max("end"), count(*) FROM events '
            'GROUP BY "case", activity'
        ),
    }  # fmt: skip


def _polars(store: Path) -> Works:
    import polars as pl

    names = ["case", "activity", "resource", "department", "start", "end"]
    events = pl.scan_parquet(store / "events" / "*.parquet").select(names)
    together = pl.col("case") == pl.col("case").shift(-1)
    wait = (pl.col("start").shift(-1) - pl.col("end")).dt.total_microseconds() / 1e6

    def spread(column: str) -> list[pl.Expr]:
        value = pl.col(column)
        return [
            value.mean().alias(f"{column} mean"),
            value.median().alias(f"{column} median"),
            value.quantile(0.95, "linear").alias(f"{column} p95"),
            value.sum().alias(f"{column} total"),
        ]

    after = pl.when(together).then(pl.col("activity").shift(-1))
    linked = events.with_columns(after=after, wait=pl.when(together).then(wait))
    same = pl.col("case") == pl.col("case").shift(1)
    before = (pl.col("start") - pl.col("end").shift(1)).dt.total_microseconds() / 1e6
    inside = (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6
    worked = events.with_columns(wait=pl.when(same).then(before), inside=inside)
    numbers = pl.len().alias("events"), pl.col("case").n_unique().alias("cases")
    return {
        GRAPH: lambda: (
            linked.group_by("activity", "after").agg(*numbers, *spread("wait")).collect()
        ),
        VARIANTS: lambda: (
            events.group_by("case", maintain_order=True)
            .agg("activity")
            .group_by("activity")
            .len()
            .collect()
        ),
        STEPS: lambda: (
            worked.group_by("activity")
            .agg(*numbers, *spread("wait"), *spread("inside"), pl.col("resource").n_unique())
            .collect()
        ),
        FEATURES: lambda: (
            events.group_by("case", "activity")
            .agg(
                pl.col("start").min(),
                pl.col("end").min(),
                pl.col("end").max().alias("last"),
                pl.len(),
            )
            .collect()
        ),
    }


def _pm4py(store: Path) -> Works:
    """In its fastest form, Polars frames; it has no steps and no features of cases."""
    import pm4py
    import polars as pl

    events = (
        pl.read_parquet(store / "events" / "*.parquet")
        .select(
            pl.col("case").cast(pl.String).alias("case:concept:name"),
            pl.col("activity").cast(pl.String).alias("concept:name"),
            pl.col("end").dt.replace_time_zone("UTC").alias("time:timestamp"),
        )
        .lazy()
    )
    return {
        GRAPH: lambda: pm4py.discover_performance_dfg(events, perf_aggregation_key="all"),
        VARIANTS: lambda: pm4py.get_variants(events),
    }


TOOLS = {
    "zaplecze": _zaplecze,
    "floor (numba)": _floor,
    "DuckDB": _duckdb,
    "Polars": _polars,
    "pm4py": _pm4py,
}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--tool"]:
        tell(sys.argv[2], TOOLS[sys.argv[2]](Path(sys.argv[3])), 1 if sys.argv[2] == "pm4py" else 3)
    else:
        with tempfile.TemporaryDirectory() as folder:
            found = list(measures(int(sys.argv[1]) if sys.argv[1:] else EVENTS, Path(folder)))
        print(*table(found), sep="\n")
