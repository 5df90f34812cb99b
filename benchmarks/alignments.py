"""Optimal alignments with their moves, beside pm4py's and r4pm's on the same logs and models.

``python -m benchmarks.alignments LOG.xes.gz …`` in an environment that has pm4py and r4pm, which are
peers and no part of Zaplecze. Every tool gets one trace a variant, read beforehand, and the model
that `discover` finds with two levels of noise, as BPMN or as the Petri net that pm4py makes of it.
Ours are timed from the procedure to the last move: net, states, costs, moves. Costs must be equal.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measure import Measure

PATIENCE_SECONDS = 60
"""pm4py is stopped after this; its time is then a lower bound."""

NOISE = (0.2, 0.0)


@dataclass(frozen=True)
class Race:
    """One log and model: seconds and total costs; of pm4py over the variants that it finished."""

    log: str
    noise: float
    variants: int
    ours: float
    r4pm: float
    pm4py: float
    finished: int
    costs_agree: bool

    def measures(self) -> Iterator[Measure]:
        """One a tool; the time of one that was stopped is given for the variants that it did."""
        if not self.costs_agree:
            raise AssertionError(f"{self.log}, noise {self.noise}: costs differ")
        work = f"{self.log}, noise {self.noise}, {self.variants:,} variants"
        yield Measure(work, "zaplecze", self.ours)
        yield Measure(work, "r4pm", self.r4pm)
        stopped = "" if self.finished == self.variants else f" ({self.finished} of them)"
        yield Measure(work, f"pm4py{stopped}", self.pm4py)

    def line(self) -> str:
        """A row of the printed table."""
        more = "" if self.finished == self.variants else ">"
        return (
            f"{self.log:26} {self.noise:5.1f} {self.variants:8,} {self.ours:9.4f} s"
            f"  r4pm {self.r4pm / self.ours:7.1f} x  pm4py {more}{self.pm4py / self.ours:8.0f} x"
            f"  costs {'equal' if self.costs_agree else 'DIFFER'}"
        )


def races(source: Path, scratch: Path) -> list[Race]:
    """The log at SOURCE with the models that are found in it."""
    from zaplecze import eventlog
    from zaplecze.process import conformance, variants

    folder = scratch / source.name
    log = eventlog.build(eventlog.workspace_for(source), source.parent, folder / "log")
    traces = [variant.activities for variant in variants(log)]
    found = []
    for noise in NOISE:
        file = folder / f"{noise}.bpmn"
        conformance.write_bpmn(conformance.discover(log, noise), file)
        found.append(_race(source.name.split(".")[0], noise, file, traces, scratch))
    return found


def _race(name: str, noise: float, file: Path, traces: list[list[str]], scratch: Path) -> Race:
    import pm4py

    net = pm4py.convert_to_petri_net(pm4py.read_bpmn(str(file)))
    our_seconds, our_costs = _best_of(3, lambda: _ours(file, traces))
    r4pm_seconds, r4pm_costs = _with_r4pm(net, traces, scratch)
    pm4py_seconds, pm4py_costs = _with_pm4py(net, traces)
    agree = pm4py_costs == our_costs[: len(pm4py_costs)] and r4pm_costs == our_costs
    return Race(
        name, noise, len(traces), our_seconds, r4pm_seconds, pm4py_seconds, len(pm4py_costs), agree
    )


def _ours(file: Path, traces: list[list[str]]) -> tuple[float, list[int]]:
    """From the procedure to the moves of every variant."""
    import numpy as np

    from zaplecze.process.conformance import read_bpmn
    from zaplecze.process.conformance.alignments import Traces
    from zaplecze.process.conformance.fits import Fits
    from zaplecze.process.conformance.matching import match

    procedure = read_bpmn(file)
    names = list(dict.fromkeys(activity for trace in traces for activity in trace))
    codes = {activity: code for code, activity in enumerate(names)}
    offsets = np.cumsum([0, *map(len, traces)])
    given = Traces(np.array([codes[a] for trace in traces for a in trace]), offsets)
    begin = time.perf_counter()
    ones = np.ones(len(traces), dtype=np.int64)
    moves = [fit.moves for fit in Fits(procedure, match(procedure, names), given, ones, names)]
    seconds = time.perf_counter() - begin
    return seconds, [sum(kind != "agrees" for kind, _ in each) for each in moves]


def _with_r4pm(net: Any, traces: list[list[str]], scratch: Path) -> tuple[float, list[int]]:
    import pm4py
    import r4pm

    file = scratch / "variants.xes"
    pm4py.write_xes(_log(traces), str(file))
    projection = r4pm.import_item("EventLogActivityProjection", str(file))
    theirs = r4pm.petri_net.from_pm4py(*net)

    def align() -> tuple[float, list[int]]:
        begin = time.perf_counter()
        found = r4pm.bindings.align_variants(theirs, projection)
        seconds = time.perf_counter() - begin
        costs = {tuple(each["activities"]): each["result"] for each in found}
        # Where its limit of states was reached there is no cost.
        return seconds, [costs[tuple(trace)].get("Ok", {}).get("cost", -1) for trace in traces]

    return _best_of(3, align)


def _with_pm4py(net: Any, traces: list[list[str]]) -> tuple[float, list[int]]:
    from pm4py.algo.conformance.alignments.petri_net import algorithm

    begin, costs = time.perf_counter(), []
    for trace in _log(traces):
        costs.append(algorithm.apply_trace(trace, *net)["cost"] // 10_000)
        if time.perf_counter() - begin > PATIENCE_SECONDS:
            break
    return time.perf_counter() - begin, costs


def _log(traces: list[list[str]]) -> Any:
    from pm4py.objects.log.obj import Event, EventLog, Trace

    return EventLog(
        [
            Trace(
                [Event({"concept:name": activity}) for activity in trace],
                attributes={"concept:name": str(number)},
            )
            for number, trace in enumerate(traces)
        ]
    )


def _best_of(times: int, work: Callable[[], tuple[float, list[int]]]) -> tuple[float, list[int]]:
    return min((work() for _ in range(times)), key=lambda run: run[0])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for argument in sys.argv[1:]:
            for race in races(Path(argument), Path(folder)):
                print(race.line(), flush=True)
