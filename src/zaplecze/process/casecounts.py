"""In how many cases something happens, from the variants: a log has few of them, and many events.

Counting distinct cases over the events takes five times as long as everything else in a graph.
Cases of one variant are alike, so the variants that contain an activity, with their case counts,
give the same number.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import integers

Counts = NDArray[np.int64]
Edge = tuple[int, int]
Found = TypeVar("Found")

BLOCK = 20_000
"""Variants at a time, so that memory stays bounded where nearly every case is its own variant."""


@dataclass(frozen=True)
class CaseCounts:
    """Cases by activity code: that have it, repeat it, start and end with it."""

    having: Counts
    repeating: Counts
    starting: Counts
    ending: Counts


def case_counts(log: EventLog) -> CaseCounts:
    """Count the cases of LOG by what they have."""
    counts = np.zeros((4, len(log.activities)), dtype=np.int64)
    for found in _of_blocks(log, _Block.case_counts):
        counts += found
    return CaseCounts(*counts)


def cases_by_edge(log: EventLog) -> dict[Edge, int]:
    """Count the cases of LOG in which one activity directly follows another."""
    edges: dict[Edge, int] = {}
    for found in _of_blocks(log, _Block.cases_by_edge):
        for edge, cases in found.items():
            edges[edge] = edges.get(edge, 0) + cases
    return edges


def _of_blocks(log: EventLog, ask: Callable[["_Block"], Found]) -> list[Found]:
    """What ASK tells of every block of the variants of LOG, asked on all processors."""
    if not log.info.cases:
        return []
    table = log.table("variants").select("activities", "cases").collect("pyarrow").to_native()
    size = len(log.activities)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(lambda batch: ask(_Block(batch, size)), table.to_batches(BLOCK)))


class _Block:
    """Some variants, end to end: one array of activity codes and one of the variants' rows."""

    def __init__(self, batch: pa.RecordBatch, activities: int) -> None:
        lists = batch.column("activities")
        self._size = activities
        self._cases = integers(batch.column("cases"))
        self._codes = integers(lists.flatten())
        lengths = integers(pc.list_value_length(lists), missing=0)
        self._rows = np.repeat(np.arange(len(lengths)), lengths)
        ends = np.cumsum(lengths)
        self.first = (ends - lengths)[lengths > 0]
        self.last = ends[lengths > 0] - 1

    def case_counts(self) -> Counts:
        """Cases by activity that have it, repeat it, start and end with it (4 × activities)."""
        pairs, times = _distinct(self._rows * self._size + self._codes)
        rows, codes = np.divmod(pairs, self._size)
        again = times > 1
        return np.stack(
            [
                self._add_up(codes, rows),
                self._add_up(codes[again], rows[again]),
                self._add_up(self._codes[self.first], self._rows[self.first]),
                self._add_up(self._codes[self.last], self._rows[self.last]),
            ]
        )

    def cases_by_edge(self) -> dict[Edge, int]:
        """Cases in which one activity directly follows another."""
        together = self._rows[:-1] == self._rows[1:]
        edges = (self._codes[:-1] * self._size + self._codes[1:])[together]
        square = self._size**2
        pairs, _ = _distinct(self._rows[:-1][together] * square + edges)
        rows, edges = np.divmod(pairs, square)
        found, _ = _distinct(edges)
        position = np.searchsorted(found, edges)
        cases = np.bincount(position, self._cases[rows], minlength=len(found))
        return {
            divmod(int(edge), self._size): int(count)
            for edge, count in zip(found, cases, strict=True)
        }

    def _add_up(self, codes: Counts, rows: Counts) -> Counts:
        # Weights are float64, exact up to 2^53 cases.
        return np.bincount(codes, self._cases[rows], minlength=self._size).astype(np.int64)


def _distinct(values: Counts) -> tuple[Counts, Counts]:
    """The different VALUES in order, and how often each occurs."""
    # Sorted, not `np.unique`: that hashes, which takes ten times as long here.
    narrow = len(values) and values.max() < 1 << 32
    ordered: NDArray[Any] = np.sort(values.astype(np.uint32) if narrow else values)
    new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    first = np.flatnonzero(new)
    return ordered[first].astype(np.int64), np.diff(first, append=len(ordered))
