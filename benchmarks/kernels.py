"""The floor: hand-written kernels on two threads over sorted integer columns in memory.

They answer the same questions as `zaplecze.process` and nothing else: no names, no missing values,
no files. Only the benchmarks know numba.
"""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

THREADS = 2

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """A log in memory: sorted by case and time; ``first`` is where each case begins, and the end."""

    first: Ints
    activity: NDArray[np.uint8]
    resource: NDArray[np.uint8]
    department: NDArray[np.uint8]
    start: Ints
    end: Ints
    size: int


def graph(log: Columns) -> tuple[Ints, Ints, Floats]:
    """Counts and distinct cases of every pair (the last column is the end), mean, median, p95."""
    size = log.size + 1
    counts = _pairs(log.first, log.activity, size)
    cases = _cases_by_pair(log.first, log.activity, size).sum(axis=0)
    offsets = _offsets(counts)
    waits = np.empty(int(counts.sum()))
    _waits_by_pair(log.first, log.activity, log.start, log.end, size, offsets, waits)
    return counts.sum(axis=0), cases, _spreads(waits, offsets[-1])


def steps(log: Columns) -> tuple[Ints, Floats, Floats, Ints, Ints, Ints]:
    """By activity: events, waits before, times in it, repeating cases, departments, people."""
    counts = _steps(log.first, log.activity, log.size)
    offsets = _offsets(counts[:, 0])
    waiting = _offsets(counts[:, 1])
    times = np.empty(int(counts[:, 0].sum()))
    waits = np.empty(int(counts[:, 1].sum()))
    _fill_steps(log.first, log.activity, log.start, log.end, offsets, waiting, times, waits)
    departments = _by_two(log.activity, log.department, log.size, 256).sum(axis=0)
    people = _by_two(log.activity, log.resource, log.size, 256).sum(axis=0)
    found = counts.sum(axis=0)
    return (
        found[0], _spreads(waits, waiting[-1]), _spreads(times, offsets[-1]), found[2],
        departments, people,
    )  # fmt: skip


def variants(log: Columns) -> tuple[Ints, Ints]:
    """A case of every variant and how many cases take it, by a hash of 64 bits."""
    hashes = _hashes(log.first, log.activity)
    order = np.argsort(hashes)
    new = np.flatnonzero(np.diff(hashes[order], prepend=hashes[order[0]] + np.uint64(1)))
    return order[new], np.diff(new, append=len(order))


def features(log: Columns) -> tuple[Floats, Floats, Floats, Ints]:
    """By case and activity: when it was first begun, first done and last done, and how often."""
    size = (len(log.first) - 1, log.size)
    began, done, last = (np.full(size, np.nan) for _ in range(3))
    times = np.zeros(size, dtype=np.int64)
    _features(log.first, log.activity, log.start, log.end, began, done, last, times)
    return began, done, last, times


@numba.njit(inline="always")
def _share(cases: int, thread: int) -> tuple[int, int]:
    return cases * thread // THREADS, cases * (thread + 1) // THREADS


@numba.njit(parallel=True, cache=True)
def _pairs(first, activity, size):
    counts = np.zeros((THREADS, size * size), dtype=np.int64)
    for thread in numba.prange(THREADS):
        begin, stop = _share(len(first) - 1, thread)
        for case in range(begin, stop):
            for row in range(first[case], first[case + 1] - 1):
                counts[thread, activity[row] * size + activity[row + 1]] += 1
            counts[thread, activity[first[case + 1] - 1] * size + size - 1] += 1
    return counts


@numba.njit(parallel=True, cache=True)
def _cases_by_pair(first, activity, size):
    found = np.zeros((THREADS, size * size), dtype=np.int64)
    for thread in numba.prange(THREADS):
        seen = np.full(size * size, -1, dtype=np.int64)
        begin, stop = _share(len(first) - 1, thread)
        for case in range(begin, stop):
            for row in range(first[case], first[case + 1] - 1):
                pair = activity[row] * size + activity[row + 1]
                if seen[pair] != case:
                    seen[pair] = case
                    found[thread, pair] += 1
    return found


@numba.njit(parallel=True, cache=True)
def _waits_by_pair(first, activity, start, end, size, offsets, waits):
    for thread in numba.prange(THREADS):
        at = offsets[thread].copy()
        begin, stop = _share(len(first) - 1, thread)
        for case in range(begin, stop):
            for row in range(first[case], first[case + 1] - 1):
                pair = activity[row] * size + activity[row + 1]
                waits[at[pair]] = (start[row + 1] - end[row]) / 1e6
                at[pair] += 1


def _offsets(counts):
    """Where each thread begins to write each group; the last row is where the groups begin."""
    groups = counts.sum(axis=0)
    begin = np.concatenate([[0], np.cumsum(groups)])
    threads = begin[:-1] + np.cumsum(counts, axis=0) - counts
    return np.vstack([np.column_stack([threads, np.full(len(counts), begin[-1])]), begin])


@numba.njit(parallel=True, cache=True)
def _spreads(values, begin):
    """Mean, median and p95 of every group."""
    found = np.full((len(begin) - 1, 3), np.nan)
    for group in numba.prange(len(begin) - 1):
        chosen = values[begin[group] : begin[group + 1]]
        if len(chosen):
            found[group, 0] = chosen.mean()
            # The upper quantile first: the median then lies among what is below it.
            below = len(chosen)
            for place, share in ((2, 0.95), (1, 0.5)):
                at = share * (len(chosen) - 1)
                low = int(at)
                _select(chosen, low, below)
                next_one = chosen[low]
                if low + 1 < len(chosen):
                    next_one = chosen[low + 1 : below if low + 1 < below else len(chosen)].min()
                found[group, place] = chosen[low] + (at - low) * (next_one - chosen[low])
                below = low + 1
    return found


@numba.njit(cache=True)
def _select(values, place, stop):
    """Put into PLACE of the first STOP values what a sort would put there (Hoare's selection)."""
    low, high = 0, stop - 1
    while low < high:
        pivot = values[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while values[left] < pivot:
                left += 1
            while values[right] > pivot:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left, right = left + 1, right - 1
        if place <= right:
            high = right
        elif place >= left:
            low = left
        else:
            return


@numba.njit(parallel=True, cache=True)
def _steps(first, activity, size):
    counts = np.zeros((THREADS, 3, size), dtype=np.int64)
    for thread in numba.prange(THREADS):
        seen = np.full(size, -1, dtype=np.int64)
        again = np.full(size, -1, dtype=np.int64)
        begin, stop = _share(len(first) - 1, thread)
        for case in range(begin, stop):
            for row in range(first[case], first[case + 1]):
                code = activity[row]
                counts[thread, 0, code] += 1
                if row > first[case]:
                    counts[thread, 1, code] += 1
                if seen[code] == case and again[code] != case:
                    again[code] = case
                    counts[thread, 2, code] += 1
                seen[code] = case
    return counts


@numba.njit(parallel=True, cache=True)
def _fill_steps(first, activity, start, end, offsets, waiting, times, waits):
    for thread in numba.prange(THREADS):
        at, wait_at = offsets[thread].copy(), waiting[thread].copy()
        begin, stop = _share(len(first) - 1, thread)
        for case in range(begin, stop):
            for row in range(first[case], first[case + 1]):
                code = activity[row]
                times[at[code]] = (end[row] - start[row]) / 1e6
                at[code] += 1
                if row > first[case]:
                    waits[wait_at[code]] = (start[row] - end[row - 1]) / 1e6
                    wait_at[code] += 1


@numba.njit(parallel=True, cache=True)
def _by_two(activity, other, size, width):
    counts = np.zeros((THREADS, size, width), dtype=np.int64)
    for thread in numba.prange(THREADS):
        begin, stop = _share(len(activity), thread)
        for row in range(begin, stop):
            counts[thread, activity[row], other[row]] += 1
    return counts


@numba.njit(parallel=True, cache=True)
def _hashes(first, activity):
    found = np.zeros(len(first) - 1, dtype=np.uint64)
    for case in numba.prange(len(first) - 1):
        value = np.uint64(14695981039346656037)
        for row in range(first[case], first[case + 1]):
            value = (value ^ np.uint64(activity[row])) * np.uint64(1099511628211)
        found[case] = value
    return found


@numba.njit(parallel=True, cache=True)
def _features(first, activity, start, end, began, done, last, times):
    for case in numba.prange(len(first) - 1):
        for row in range(first[case], first[case + 1]):
            code = activity[row]
            begin, stop = start[row] / 1e6, end[row] / 1e6
            times[case, code] += 1
            if times[case, code] == 1:
                began[case, code], done[case, code], last[case, code] = begin, stop, stop
            began[case, code] = min(began[case, code], begin)
            done[case, code] = min(done[case, code], stop)
            last[case, code] = max(last[case, code], stop)
