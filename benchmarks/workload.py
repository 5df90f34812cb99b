"""A million Erlang C and 100,000 Erlang A, beside pyworkforce on a sample of the same lines.

``python -m benchmarks.workload``; pyworkforce is a peer and no part of Zaplecze: without it the
sample is worked out one line at a time by our own formula. Erlang A of pyworkforce needs its 0.5.2.
"""

import importlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.measure import Measure, best_seconds, table
from zaplecze.workload import Demand, Target, agents_needed, erlang_c, queue

MANY_C, MANY_A, SAMPLE = 1_000_000, 100_000, 300


def lines(count: int) -> tuple[Any, Any]:
    """Agents and loads of COUNT lines from 2 to 10,000 agents, busy ones most."""
    random = np.random.default_rng(1)
    load = np.exp(random.uniform(np.log(1.5), np.log(9_500), count))
    return np.ceil(load + random.uniform(0.5, 3, count) * np.sqrt(load)), load


def peer() -> tuple[str, Callable[[float, float], float]]:
    """A name and P(wait) of one line as pyworkforce has it, or ours one at a time."""
    try:
        erlang = importlib.import_module("pyworkforce.queuing").ErlangC
    except ImportError:
        return "ours, one at a time", lambda agents, load: float(erlang_c(agents, load))

    def wait(agents: float, load: float) -> float:
        staffing = erlang(transactions=load, aht=1, interval=1, asa=1 / 3, shrinkage=0.0)
        return float(staffing.waiting_probability(positions=int(agents)))

    return "pyworkforce, one at a time", wait


def agents_of_peer() -> Callable[[float], float] | None:
    """Agents for 80 % within 20 s of a load of calls of three minutes (Erlang C), or None."""
    try:
        erlang = importlib.import_module("pyworkforce.queuing").ErlangC
    except ImportError:
        return None

    def agents(load: float) -> float:
        staffing = erlang(transactions=load * 10, aht=3, interval=30, asa=1 / 3, shrinkage=0.0)
        return float(staffing.required_positions(service_level=0.8)["raw_positions"])

    return agents


def measures() -> Iterator[Measure]:
    """Many lines at once; a peer is timed on a sample of the same lines and scaled."""
    yield from _waiting()
    yield from _abandoning()
    yield from _staffing()


def _waiting() -> Iterator[Measure]:
    agents, load = lines(MANY_C)
    work = f"Erlang C of {MANY_C:,} lines"
    yield Measure(work, "zaplecze", best_seconds(lambda: erlang_c(agents, load)))
    name, wait = peer()
    sample = list(zip(agents[:SAMPLE], load[:SAMPLE], strict=True))
    theirs = np.array([wait(a, r) for a, r in sample])
    apart = float(np.max(np.abs(erlang_c(agents[:SAMPLE], load[:SAMPLE]) / theirs - 1)))
    print(f"largest relative difference to {name}: {apart:.1e}", file=sys.stderr)
    seconds = best_seconds(lambda: [wait(a, r) for a, r in sample])
    yield Measure(work, name, seconds * MANY_C / SAMPLE)


def _abandoning() -> Iterator[Measure]:
    agents, load = lines(MANY_A)

    def erlang_a() -> None:
        found = queue(load / 180, 180, agents, 300)
        found.abandon_probability, found.wait_probability, found.served_within(20)

    yield Measure(f"Erlang A of {MANY_A:,} lines", "zaplecze", best_seconds(erlang_a))


def _staffing() -> Iterator[Measure]:
    _, load = lines(MANY_A)
    work = f"agents for 80/20 on {MANY_A:,} lines, Erlang C"
    target, demand = Target(0.8, 20), Demand(1, 180, 180)
    searched = best_seconds(lambda: agents_needed(demand, target, load))
    yield Measure(work, "zaplecze", searched)
    agents = agents_of_peer()
    if agents is None:
        return
    # A small sample: it tries one number of agents after the other.
    small = [float(each) for each in load if each < 500][:SAMPLE]
    ours = agents_needed(demand, target, np.array(small))
    apart = int(np.count_nonzero(ours != np.array([agents(each) for each in small])))
    print(f"other numbers of agents than pyworkforce: {apart} of {len(small)}", file=sys.stderr)
    seconds = best_seconds(lambda: [agents(each) for each in small])
    yield Measure(
        work, "pyworkforce, loads below 500, one at a time", seconds * MANY_A / len(small)
    )


if __name__ == "__main__":
    print(*table(list(measures())), sep="\n")
