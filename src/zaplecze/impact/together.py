"""Many levers at the same time: those that hold the same equal share their fits, one after the other."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar

from zaplecze.impact.comparison import Comparisons
from zaplecze.impact.lever import Lever

MOST_AT_ONCE = 8
"""Each keeps columns and fits of its own in memory."""

LARGE = 200_000
"""With more cases than this levers come one after the other: their folds keep processors busy."""

TICK_SECONDS = 0.1

Result = TypeVar("Result")


def side_by_side(
    levers: Mapping[int, Lever],
    work: Callable[[int, Comparisons], Result],
    comparisons: Comparisons,
    tell: Callable[[int, float], None],
) -> dict[int, Result]:
    """What WORK gives for the number of each of LEVERS, in their order.

    It gets comparisons like COMPARISONS that nobody else uses meanwhile. TELL hears, in the thread
    of the caller, whose turn came last and which share is done.
    """
    from threadpoolctl import threadpool_limits

    begun: list[int] = []
    results: dict[int, Result] = {}

    def carry_out(group: list[int]) -> None:
        shared = comparisons.anew()
        for number in group:
            begun.append(number)
            results[number] = work(number, shared)

    # Threads of the linear algebra wait by turning in circles, in the way of all others.
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(_threads(levers)) as pool:
        pending = {pool.submit(carry_out, group) for group in _alike(levers)}
        try:
            while pending:
                finished, pending = wait(pending, TICK_SECONDS, FIRST_EXCEPTION)
                for each in finished:
                    each.result()
                if begun:
                    tell(begun[-1], len(results) / len(levers))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return {number: results[number] for number in levers}


def _threads(levers: Mapping[int, Lever]) -> int:
    large = any(len(lever.exposed) > LARGE for lever in levers.values())
    return 1 if large else min(os.cpu_count() or 1, MOST_AT_ONCE)


def _alike(levers: Mapping[int, Lever]) -> Iterable[list[int]]:
    """The numbers of those that hold the same equal, in the order of the first of them."""
    groups: dict[tuple[bytes, ...], list[int]] = {}
    for number, lever in levers.items():
        groups.setdefault(tuple(column.mark for column in lever.before), []).append(number)
    return groups.values()
