"""A million Erlang C and 100,000 Erlang A, beside pyworkforce on a sample of the same lines.

``python -m benchmarks.workload``; pyworkforce is a peer and no part of Zaplecze: without it the
sample is worked out one line at a time by our own formula. Erlang A of pyworkforce needs its 0.5.2.
"""

import importlib
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from zaplecze.workload import Demand, Target, agents_needed, erlang_c, queue

MANY_C, MANY_A, SAMPLE = 1_000_000, 100_000, 300
RUNS = 3


def best_seconds(work: Callable[[], object]) -> float:
    """The shortest of a few runs of WORK."""
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return min(taken)


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


def main() -> None:
    """Print seconds, lines a second, and the largest difference to the peer."""
    agents, load = lines(MANY_C)
    seconds = best_seconds(lambda: erlang_c(agents, load))
    print(f"Erlang C, {MANY_C:,} lines      {seconds:7.3f} s")
    name, wait = peer()
    begin = time.perf_counter()
    theirs = [wait(a, r) for a, r in zip(agents[:SAMPLE], load[:SAMPLE], strict=True)]
    each = (time.perf_counter() - begin) / SAMPLE
    ours = erlang_c(agents[:SAMPLE], load[:SAMPLE])
    apart = float(np.max(np.abs(ours / np.array(theirs) - 1)))
    print(f"  {each / (seconds / MANY_C):8.0f} x {name}; largest relative difference {apart:.1e}")
    agents, load = lines(MANY_A)

    def erlang_a() -> None:
        found = queue(load / 180, 180, agents, 300)
        found.abandon_probability, found.wait_probability, found.served_within(20)

    print(f"Erlang A, {MANY_A:,} lines        {best_seconds(erlang_a):7.3f} s")
    demand = Demand(1, 180, 180)
    searched = best_seconds(lambda: agents_needed(demand, Target(0.8, 20), load))
    print(f"agents for 80/20, {MANY_A:,} lines {searched:7.3f} s")


if __name__ == "__main__":
    main()
