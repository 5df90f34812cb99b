"""Columns as a linear model sees them: centred, scaled numbers, a part of the cases at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import Column

MOST_DUMMIES = 20
"""Levels of a category that get a column of their own."""

BATCH = 1 << 12
"""Cases that are put side by side at a time: a table of all would be larger than the data."""

CONSTANT = 1e-9
"""A spread below this is none."""


@dataclass(frozen=True)
class Design:
    """The cases of ``rows``; each of ``columns`` is a block of numbers of mean 0 and spread 1.

    A category has a dummy per frequent level; a number itself, its mean where it is missing, and
    whether it is missing. Blocks in which nothing varies are left out.
    """

    columns: list[Column]
    rows: NDArray[np.int64]
    _blocks: list["_Block"]

    @classmethod
    def of(cls, columns: Sequence[Column], rows: NDArray[np.int64]) -> Self:
        """The design of COLUMNS over the places ROWS."""
        blocks = [_Block.of(column, rows) for column in columns]
        varied = [k for k, block in enumerate(blocks) if block.kept.any()]
        return cls([columns[k] for k in varied], rows, [blocks[k] for k in varied])

    @property
    def widths(self) -> list[int]:
        """How many numbers each column is."""
        return [int(block.kept.sum()) for block in self._blocks]

    @cached_property
    def gram(self) -> Floats:
        """The products of all numbers with each other, summed over the cases."""
        size = sum(self.widths)
        total = np.zeros((size, size))
        for part in self._parts():
            total += part.T @ part
        return total

    def times(self, targets: Floats) -> Floats:
        """The products of all numbers with TARGETS (n x k), summed over the cases."""
        total, begin = np.zeros((sum(self.widths), targets.shape[1])), 0
        for part in self._parts():
            total += part.T @ targets[begin : begin + len(part)]
            begin += len(part)
        return total

    def _parts(self) -> Iterator[Floats]:
        for begin in range(0, len(self.rows), BATCH):
            rows = self.rows[begin : begin + BATCH]
            yield np.hstack([block.numbers(rows) for block in self._blocks])


@dataclass(frozen=True)
class _Block:
    """One column; ``kept`` says which of its numbers vary."""

    column: Column
    fill: float
    centre: Floats
    spread: Floats
    kept: NDArray[np.bool_]

    @classmethod
    def of(cls, column: Column, rows: NDArray[np.int64]) -> Self:
        values = column.values[rows]
        missing, fill = np.isnan(values), 0.0
        if column.categorical:
            counts = np.bincount(values[~missing].astype(np.int64), minlength=len(column.levels))
            centre = counts[:MOST_DUMMIES] / len(values)
            spread = np.sqrt(centre * (1 - centre))
        else:
            fill = float(values[~missing].mean()) if not missing.all() else 0.0
            share = float(missing.mean())
            centre = np.array([fill, share])
            values[missing] = fill
            spread = np.array([values.std(), np.sqrt(share * (1 - share))])
        return cls(column, fill, centre, spread, spread > CONSTANT)

    def numbers(self, rows: NDArray[np.int64]) -> Floats:
        values = self.column.values[rows]
        if self.column.categorical:
            raw = (values[:, None] == np.flatnonzero(self.kept)).astype(np.float64)
        elif self.kept[1]:
            missing = np.isnan(values)
            values[missing] = self.fill
            raw = np.column_stack([values, missing])[:, self.kept]
        else:
            raw = values[:, None]
        return np.asarray((raw - self.centre[self.kept]) / self.spread[self.kept])
