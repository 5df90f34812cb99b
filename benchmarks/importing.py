"""Import of CSV beside DuckDB's own read, of XES beside r4pm and pm4py, and of rows that are added.

``python -m benchmarks.importing [EVENTS]`` writes that many invented events (ten million) as CSV, a
tenth of them as XES, in the environment that has the peers; those that are not installed are left
out. A reader's time ends with a table in memory, an import's with the stored log.
"""

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Measure, in_a_process, table, tell

CSV, READ, XES, ADDED = (
    "import of CSV", "read of XES", "import of XES", "1 % of the rows added to a log of the others",
)  # fmt: skip
EVENTS = 10_000_000
RUNS = 2

Works = dict[str, Callable[[], object]]


def measures(events: int, scratch: Path) -> Iterator[Measure]:
    """The imports of EVENTS events, tool by tool."""
    _write_files(events, scratch)
    for tool, needs in TOOLS.items():
        if all(importlib.util.find_spec(package) for package in needs):
            yield from in_a_process("benchmarks.importing", "--tool", tool, str(scratch))


def _write_files(events: int, scratch: Path) -> None:
    """``log.csv``, ``log.xes`` of a tenth, and ``log.parquet`` in ``most`` and ``rest``."""
    import duckdb

    from benchmarks.events import COLUMNS, write_events
    from zaplecze import eventlog

    file = write_events(scratch / "data", events)
    rows = f"read_parquet('{file}')"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        clock = "strftime({}::TIMESTAMP, '%Y-%m-%d %H:%M:%S')"
        connection.execute(
            f"COPY (SELECT * REPLACE ({clock.format('start')} AS start, "
            f'{clock.format(chr(34) + "end" + chr(34))} AS "end") FROM {rows}) '
            f"TO '{scratch / 'log.csv'}'"
        )
        (count,) = connection.execute(f"SELECT count(*) FROM {rows}").fetchall()[0]
        for part, limit in {
            "tenth": f"LIMIT {count // 10}", "most": f"LIMIT {count - count // 100}",
            "rest": f"OFFSET {count - count // 100}",
        }.items():  # fmt: skip
            (scratch / part).mkdir()
            place = scratch / part / "log.parquet"
            connection.execute(f"COPY (FROM {rows} {limit}) TO '{place}'")
    tenth = scratch / "tenth" / "log.parquet"
    log = eventlog.build(
        eventlog.workspace_for(tenth, **COLUMNS), tenth.parent, scratch / "tenth" / "log"
    )
    eventlog.export(log, scratch / "log.xes")
    log.close()


def _zaplecze(scratch: Path) -> Works:
    import duckdb

    from benchmarks.events import COLUMNS
    from zaplecze import eventlog
    from zaplecze.eventlog import xes

    def build(file: Path, out: str, **columns: str) -> None:
        workspace = eventlog.workspace_for(file, **columns)
        eventlog.build(workspace, file.parent, scratch / out).close()

    def read() -> None:
        with duckdb.connect() as connection:
            xes.load(connection, "log", scratch / "log.xes")

    build(scratch / "most" / "log.parquet", "most/log", **COLUMNS)

    def add() -> None:
        place = scratch / "added"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(scratch / "most" / "log", place)
        workspace = eventlog.workspace_for(scratch / "rest" / "log.parquet", **COLUMNS)
        eventlog.append(workspace, scratch / "rest", place).close()

    return {
        READ: read,
        XES: lambda: build(scratch / "log.xes", "of-xes"),
        ADDED: add,
        CSV: lambda: build(scratch / "log.csv", "of-csv", **COLUMNS),
    }


def _duckdb(scratch: Path) -> Works:
    import duckdb

    def read() -> None:
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE log AS FROM read_csv('{scratch / 'log.csv'}')")

    return {CSV: read}


def _anew(scratch: Path) -> Works:
    from benchmarks.events import COLUMNS
    from zaplecze import eventlog

    file = scratch / "data" / "events.parquet"
    workspace = eventlog.workspace_for(file, **COLUMNS)
    return {ADDED: lambda: eventlog.build(workspace, file.parent, scratch / "anew").close()}


def _r4pm(scratch: Path) -> Works:
    # A peer of the environment that `make benchmark` has, without types.
    from r4pm import df  # type: ignore[import-not-found]

    return {READ: lambda: df.import_xes(str(scratch / "log.xes"))}


def _pm4py(variant: str) -> Callable[[Path], Works]:
    def works(scratch: Path) -> Works:
        import pm4py  # type: ignore[import-not-found]  # as above

        file = str(scratch / "log.xes")
        return {READ: lambda: pm4py.read_xes(file, variant=variant)}

    return works


_MAKERS: dict[str, Callable[[Path], Works]] = {
    "zaplecze": _zaplecze, "DuckDB, into a table": _duckdb, "zaplecze, all rows again": _anew,
    "r4pm, into Polars": _r4pm, "pm4py, chunk_regex": _pm4py("chunk_regex"),
    "pm4py, line_by_line": _pm4py("line_by_line"), "pm4py, iterparse": _pm4py("iterparse"),
}  # fmt: skip
TOOLS = {tool: [name for name in ("r4pm", "pm4py") if tool.startswith(name)] for tool in _MAKERS}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--tool"]:
        tell(sys.argv[2], _MAKERS[sys.argv[2]](Path(sys.argv[3])), runs=RUNS)
    else:
        number = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
        with tempfile.TemporaryDirectory() as folder:
            print("\n".join(table(list(measures(number, Path(folder))))))
