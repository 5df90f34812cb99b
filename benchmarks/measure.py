"""How a piece of work is timed: the best of some runs in a process of its own, with its memory."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RUNS = 3


@dataclass(frozen=True)
class Measure:
    """One piece of work by one tool: seconds of the clock, best of `RUNS`, and megabytes at most."""

    work: str
    tool: str
    seconds: float
    megabytes: float | None = None


def best_seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """The shortest time of some runs of WORK; others on the machine only ever make it longer."""
    taken = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def in_a_process(module: str, *arguments: str) -> list[Measure]:
    """What ``python -m MODULE ARGUMENTS`` tells by `tell`."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return [Measure(**each) for each in json.loads(done.stdout.splitlines()[-1])]


def tell(tool: str, works: Mapping[str, Callable[[], object]], runs: int = RUNS) -> None:
    """Time WORKS, each in turn, and print the measures for `in_a_process`."""
    measures = []
    for work, run in works.items():
        seconds = best_seconds(run, runs)
        # Memory only grows: that of a later piece of work includes the earlier ones'.
        measures.append(asdict(Measure(work, tool, seconds, _peak_megabytes())))
    print(json.dumps(measures))


def _peak_megabytes() -> float:
    # `getrusage` would count the memory of the process that started this one, too.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def table(measures: Sequence[Measure], ours: str = "zaplecze") -> list[str]:
    """Lines of a Markdown table: a row a piece of work and tool, with the ratio to OURS."""
    base = {each.work: each.seconds for each in measures if each.tool == ours}
    lines = [
        "| work | tool | seconds | times ours | MB at most |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for each in measures:
        ratio = f"{each.seconds / base[each.work]:.3g}" if each.work in base else "–"
        megabytes = "–" if each.megabytes is None else f"{each.megabytes:,.0f}"
        lines.append(f"| {each.work} | {each.tool} | {each.seconds:.3g} | {ratio} | {megabytes} |")
    return lines
