"""How time and memory grow with the number of events, on this machine or on a cluster.

``python -m benchmarks.scale [MILLIONS…]`` stores so many million invented events (1 and 10) and asks
four questions of each store; the import and every question have a process of their own, whose memory
is told beside the time. With ZAPLECZE_ENGINE a cluster does the work, and the memory is that of the
process that asks it. SCALE_FOLDER is where files are kept meanwhile; a cluster has to see it too.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Measure, in_a_process, tell

MILLIONS = (1, 10)
QUESTIONS = ("graph", "variants", "steps", "features of cases")


def measures(millions: int, folder: Path) -> Iterator[Measure]:
    """Import and questions for so many million events; files lie in FOLDER."""
    from benchmarks.events import write_events

    write_events(folder / "data", millions * 1_000_000)
    file = folder / "data" / "events.parquet"
    yield from in_a_process("benchmarks.scale", "--import", str(file), str(folder / "log"))
    for question in QUESTIONS:
        yield from in_a_process("benchmarks.scale", "--ask", question, str(folder / "log"))


def lines(found: dict[int, list[Measure]]) -> list[str]:
    """A Markdown table with a row for every number of events: seconds and megabytes."""
    works = ["import", *QUESTIONS]
    return [
        "| million events | " + " | ".join(works) + " |",
        "| ---: |" + " ---: |" * len(works),
        *(
            f"| {millions} | "
            + " | ".join(f"{each.seconds:.2f} s, {each.megabytes:,.0f} MB" for each in measured)
            + " |"
            for millions, measured in found.items()
        ),
    ]


def _import(file: Path, store: Path) -> None:
    from benchmarks.events import COLUMNS
    from zaplecze import eventlog
    from zaplecze.language import Text
    from zaplecze.workspace import CaseTable, Events, Source, Workspace

    roles = {role: column for role, column in COLUMNS.items() if role != "case"}
    workspace = Workspace(
        name=Text.same("Scale"),
        sources={"log": Source(file=file.name)},
        case=CaseTable(key=COLUMNS["case"]),
        events=[Events(source="log", **roles)],
    )
    tell("zaplecze", {"import": lambda: eventlog.build(workspace, file.parent, store)}, runs=1)


def _ask(question: str, store: Path) -> None:
    import numpy as np

    from zaplecze import eventlog, process
    from zaplecze.impact.occurrences import step_times

    log = eventlog.open_log(store)
    cases = np.arange(log.info.cases)

    questions: dict[str, Callable[[], object]] = {
        "graph": lambda: process.graph(log),
        "variants": lambda: process.variants(log),
        "steps": lambda: process.steps(log),
        "features of cases": lambda: step_times(log, cases, states=False),
    }
    tell("zaplecze", {question: questions[question]})


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--import", file, store]:
            _import(Path(file), Path(store))
        case ["--ask", question, store]:
            _ask(question, Path(store))
        case numbers:
            found = {}
            for each in map(int, numbers) if numbers else MILLIONS:
                with tempfile.TemporaryDirectory(dir=os.environ.get("SCALE_FOLDER")) as folder:
                    found[each] = list(measures(each, Path(folder)))
                print(*lines({each: found[each]}), sep="\n", flush=True)
            print(*lines(found), sep="\n")
