"""How often and in how many cases something happens, from the variants: few, where events are many.

Counting distinct cases over the events takes five times as long as everything else in a graph.
Cases of one variant are alike, so the variants that contain an activity, with their case counts,
give the same number.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import integers
from zaplecze.process.grouping import Counted, Groups

Counts = NDArray[np.int64]
Edge = tuple[int, int]
Found = TypeVar("Found")

BLOCK = 20_000
"""Variants at a time, so that memory stays bounded where nearly every case is its own variant."""


@dataclass(frozen=True)
class CaseCounts:
    """By activity code: its events, and the cases that have it, repeat it, start and end with it.

    ``self_loops`` are its events directly after one of the same; ``position`` is where in a case an
    event of it stands in the mean, from 0 (NaN without any).
    """

    events: Counts
    having: Counts
    repeating: Counts
    starting: Counts
    ending: Counts
    self_loops: Counts
    position: NDArray[np.float64]


def case_counts(log: EventLog) -> CaseCounts:
    """Count the events and cases of LOG by activity."""
    return _added_up(log, _of_blocks(log, _Block.case_counts))


def case_and_edge_counts(log: EventLog) -> tuple[CaseCounts, dict[Edge, int]]:
    """The `case_counts`, and in how many cases of LOG one activity directly follows another."""
    found = _of_blocks(log, lambda block: (block.case_counts(), block.cases_by_edge()))
    edges: dict[Edge, int] = {}
    for _, by_edge in found:
        for edge, cases in by_edge.items():
            edges[edge] = edges.get(edge, 0) + cases
    return _added_up(log, [counts for counts, _ in found]), edges


def _added_up(log: EventLog, blocks: list[Counts]) -> CaseCounts:
    counts = np.zeros((7, len(log.activities)), dtype=np.int64)
    for block in blocks:
        counts += block
    events, having, repeating, starting, ending, self_loops, positions = counts
    with np.errstate(invalid="ignore"):
        position = positions / events
    return CaseCounts(events, having, repeating, starting, ending, self_loops, position)


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
        # Codes are packed into whole bits, which are told apart much faster than by division.
        self._bits = max(activities - 1, 1).bit_length()
        self._cases = integers(batch.column("cases"))
        self._codes = integers(lists.flatten())
        self._lengths = integers(pc.list_value_length(lists), missing=0)
        self._rows = np.repeat(np.arange(len(self._lengths)), self._lengths)
        self._ends = np.cumsum(self._lengths)

    def case_counts(self) -> Counts:
        """The figures of `CaseCounts` (7 × activities), with the positions added up."""
        pairs, times = Counted.of(self._rows << self._bits | self._codes)
        rows, codes = pairs >> self._bits, pairs & (1 << self._bits) - 1
        again = times > 1
        there = np.flatnonzero(self._lengths)
        starts = self._ends - self._lengths
        weights = self._cases[self._rows]
        position = np.arange(len(self._codes)) - starts[self._rows]
        at_once = np.flatnonzero(self._together() & (self._codes[:-1] == self._codes[1:]))
        return np.stack(
            [
                self._add_up(self._codes, weights),
                self._add_up(codes, self._cases[rows]),
                self._add_up(codes[again], self._cases[rows[again]]),
                self._add_up(self._codes[starts[there]], self._cases[there]),
                self._add_up(self._codes[self._ends[there] - 1], self._cases[there]),
                self._add_up(self._codes[at_once], weights[at_once]),
                self._add_up(self._codes, weights * position),
            ]
        )

    def cases_by_edge(self) -> dict[Edge, int]:
        """Cases in which one activity directly follows another."""
        together = np.flatnonzero(self._together())
        edges = self._codes[together] << self._bits | self._codes[together + 1]
        pairs, _ = Counted.of(self._rows[together] << 2 * self._bits | edges)
        rows, edges = pairs >> 2 * self._bits, pairs & (1 << 2 * self._bits) - 1
        return {
            (edge >> self._bits, edge & (1 << self._bits) - 1): int(self._cases[rows[own]].sum())
            for edge, own in Groups.of(edges, np.arange(len(edges))).items()
        }

    def _together(self) -> NDArray[np.bool_]:
        """Is the next code one of the same variant?"""
        return np.asarray(self._rows[:-1] == self._rows[1:])

    def _add_up(self, codes: Counts, cases: Counts) -> Counts:
        # Weights are float64, exact up to 2^53 cases.
        return np.bincount(codes, cases, minlength=self._size).astype(np.int64)
