"""In how many cases something happens, from the variants: a log has few of them, and many events.

Counting distinct cases over the events takes five times as long as everything else in a graph.
Cases of one variant are alike, so the variants that contain an activity, with their case counts,
give the same number.
"""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import integers

Counts = NDArray[np.int64]

BLOCK = 100_000
"""Variants at a time, so that memory stays bounded where nearly every case is its own variant."""


@dataclass(frozen=True)
class CaseCounts:
    """Cases by activity code: that have it, repeat it, start and end with it; and by edge."""

    having: Counts
    repeating: Counts
    starting: Counts
    ending: Counts
    edges: dict[tuple[int, int], int] = field(repr=False)


def case_counts(log: EventLog) -> CaseCounts:
    """Count the cases of LOG."""
    size = len(log.activities)
    having, repeating, starting, ending = np.zeros((4, size), dtype=np.int64)
    edges: dict[tuple[int, int], int] = {}
    if log.info.cases:
        table = log.table("variants").select("activities", "cases").collect("pyarrow").to_native()
        for batch in table.to_batches(BLOCK):
            block = _Block(batch, size)
            block_having, block_repeating = block.cases_having_and_repeating()
            having += block_having
            repeating += block_repeating
            starting += block.cases_by_position(block.first)
            ending += block.cases_by_position(block.last)
            for edge, cases in block.cases_by_edge().items():
                edges[edge] = edges.get(edge, 0) + cases
    return CaseCounts(having, repeating, starting, ending, edges)


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

    def cases_having_and_repeating(self) -> tuple[Counts, Counts]:
        """Cases in which each activity happens, and those in which it happens more than once."""
        pairs, times = _distinct(self._rows * self._size + self._codes)
        codes, rows, again = pairs % self._size, pairs // self._size, times > 1
        return self._add_up(codes, rows), self._add_up(codes[again], rows[again])

    def cases_by_position(self, positions: Counts) -> Counts:
        """Cases by the activity at POSITIONS, one a variant."""
        return self._add_up(self._codes[positions], self._rows[positions])

    def cases_by_edge(self) -> dict[tuple[int, int], int]:
        """Cases in which one activity directly follows another."""
        together = self._rows[:-1] == self._rows[1:]
        edges = (self._codes[:-1] * self._size + self._codes[1:])[together]
        square = self._size**2
        pairs, _ = _distinct(self._rows[:-1][together] * square + edges)
        found, _ = _distinct(pairs % square)
        position = np.searchsorted(found, pairs % square)
        cases = np.bincount(position, self._cases[pairs // square], minlength=len(found))
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
    ordered = np.sort(values)
    new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    first = np.flatnonzero(new)
    return ordered[first], np.diff(first, append=len(ordered))
