"""``make benchmark [TABLES=…]``: everything side by side with its peers, written to the documentation.

``python -m benchmarks [TABLE…]`` measures the tables that are named (all of them) and writes them and
their pictures to ``docs/performance.md``; what other tables held stays. The public logs are looked
for where the tests look.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.chart import bars
from benchmarks.measure import Measure, best_seconds, table

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("ZAPLECZE_DATA", ROOT.parent / "shared" / "data"))
DOCS = ROOT / "docs"
RESULTS = Path(__file__).with_name("results.json")

PEERS = (
    "duckdb", "narwhals", "numpy", "lightgbm", "numba", "polars", "pm4py", "r4pm", "doubleml",
    "pyworkforce", "numpy-financial", "pyxirr", "squigglepy",
)  # fmt: skip

HEAD = """\
# Performance

Every table was measured in one run on one machine, each tool in a process of its own where its
memory is told; the best of a few runs counts, since others on a machine only ever make work longer.
Ratios carry over to other machines, seconds do not. "Times ours" above 1 means that the tool took
longer than Zaplecze. How time and memory grow with the log stands in [Scale](scale.md).

`make benchmark` measures everything anew (about half an hour); `make benchmark TABLES="questions
importing"` some of it. The peers live in an environment of their own and are never shipped.
"""


@dataclass(frozen=True)
class Table:
    """One table of the page: its heading, what is asked, and what measures it."""

    heading: str
    about: str
    measures: Callable[[Path], Iterator[Measure]]


def _start_up(scratch: Path) -> Iterator[Measure]:
    """The program's help beside an empty Python."""
    program = Path(sys.executable).with_name("zaplecze")

    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(command, capture_output=True, check=True)

    yield Measure("start-up", "zaplecze", best_seconds(run(str(program), "--help"), 7))
    empty = run(sys.executable, "-c", "pass")
    yield Measure("start-up", "an empty Python", best_seconds(empty, 7))


def _questions(scratch: Path) -> Iterator[Measure]:
    from benchmarks import questions

    return questions.measures(questions.EVENTS, scratch)


def _importing(scratch: Path) -> Iterator[Measure]:
    from benchmarks import importing

    return importing.measures(importing.EVENTS, scratch)


def _alignments(scratch: Path) -> Iterator[Measure]:
    from benchmarks import alignments

    logs = ("receipt-coselog/receipt.xes.gz", "helpdesk-italian/helpdesk.xes.gz")
    for log in (*logs, "bpic2013-volvo-incidents/bpic2013_closed.xes.gz"):
        for race in alignments.races(DATA / log, scratch):
            yield from race.measures()


def _effects(scratch: Path) -> Iterator[Measure]:
    from benchmarks import effects

    for race in effects.races(effects.drawn(100_000)):
        yield from race.measures()


def _levers(scratch: Path) -> Iterator[Measure]:
    from benchmarks import levers

    return levers.measures(DATA, scratch)


def _workload(scratch: Path) -> Iterator[Measure]:
    from benchmarks import workload

    return workload.measures()


def _money(scratch: Path) -> Iterator[Measure]:
    from benchmarks import money

    return money.measures(scratch)


def _pack(scratch: Path) -> Iterator[Measure]:
    from benchmarks import pack

    return pack.measures(DATA, scratch)


TABLES = {
    "questions": Table(
        "Ten million stored events",
        "What is asked of a stored log. The floor is a kernel that was written by hand for each "
        "question and runs on two threads over sorted integers in memory; reading is not counted "
        "for it and for pm4py. DuckDB and Polars read the same stored files as we do, in their "
        "sorted order, and find the neighbours themselves. pm4py has no steps and no features. Ours "
        "also counts departments, people, rework, starts and ends, which Polars is not asked for. Of "
        "the processor's time of graph and steps a quarter is reading and unpacking, half putting "
        "lengths of time together and sorting them, a sixth the distinct cases, from the variants. Of "
        "the features' time a fifth is reading and half putting events together by step and case; "
        "the rest fills the result, six columns for every step of every case: the kernel fills four, "
        "and neither reads nor says in which round a step was gone back to. A graph thirty times as "
        "fast as pm4py's would be about as fast as the kernel, which reads nothing.",
        _questions,
    ),
    "importing": Table(
        "Import",
        "From the file to the store: read, check, sort, encode, link neighbours, write. The peers "
        "only read.",
        _importing,
    ),
    "alignments": Table(
        "Optimal alignments with their moves",
        "A trace a variant against the procedure that the inductive miner finds. All tools must "
        "find the same costs, or the table is not written; pm4py is stopped after a minute.",
        _alignments,
    ),
    "effects": Table(
        "Adjusted effects",
        "100,000 cases, 30 columns, five folds, the same learner and folds; estimates must agree "
        "to 0.001, or the table is not written.",
        _effects,
    ),
    "levers": Table(
        "Many levers",
        "Everything that a finding holds (adjusted and raw effects, dose, where it is worst, what could "
        "overturn it) for all levers and outcomes of Olist's orders, from the stored log.",
        _levers,
    ),
    "workload": Table("Workload", "Queues, many at once.", _workload),
    "money": Table("Money", "Rates of return and simulated business cases.", _money),
    "pack": Table("Board pack", "Findings and business case of Olist's orders.", _pack),
    "start-up": Table("Start-up", "The help of the command line.", _start_up),
}


def main(names: list[str]) -> None:
    """Measure the tables NAMES and write the page."""
    if unknown := set(names) - TABLES.keys():
        sys.exit(f"There is no table {', '.join(sorted(unknown))}. There are: {', '.join(TABLES)}.")
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for name in names or TABLES:
        with tempfile.TemporaryDirectory() as scratch:
            measured = list(TABLES[name].measures(Path(scratch)))
        print(*table(measured), sep="\n", flush=True)
        results[name] = {"machine": _machine(), "measures": [asdict(each) for each in measured]}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        _write_page(results)


def _machine() -> str:
    """The processor, cores, memory, and the versions of what took part."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), platform.machine(),
    )  # fmt: skip
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = []
    for peer in PEERS:
        try:
            versions.append(f"{peer} {metadata.version(peer)}")
        except metadata.PackageNotFoundError:
            continue
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB; Python {platform.python_version()}, "
        + ", ".join(versions)
    )


def _write_page(results: dict[str, dict[str, Any]]) -> None:
    text = HEAD.splitlines()
    for name, each in TABLES.items():
        if name not in results:
            continue
        measures = [Measure(**values) for values in results[name]["measures"]]
        picture = f"images/performance-{name}.svg"
        (DOCS / picture).write_text(bars(measures, each.heading), encoding="utf-8")
        text += ["", f"## {each.heading}", "", each.about, "", f"![{each.heading}]({picture})", ""]
        text += [*table(measures), "", f"Machine: {results[name]['machine']}."]
    (DOCS / "performance.md").write_text("\n".join(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
