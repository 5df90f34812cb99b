"""Time spent in spans of cases: by piece of the clock, and together with other spans.

A *span* is at most one interval a case, in days from its start, open on the left and closed on the
right; it is empty where it does not end after it begins. Sums over spans need no row for every
change of a case, so that a million cases take seconds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zaplecze.impact.arrays import Floats

_CELLS = 4096


@dataclass(frozen=True)
class Clock:
    """Time since the start of a case, 0 to ``edges[-1]`` days, cut into pieces.

    ``cells`` says for each of many equal cells in which piece it lies.
    """

    edges: Floats
    cells: NDArray[np.int64]

    @classmethod
    def over(cls, horizon: float, times: Floats, pieces: int) -> "Clock":
        """At most PIECES pieces up to HORIZON: half of them equal, half holding equally many TIMES."""
        even = np.linspace(0, 1, pieces // 2 + 1)
        inside = times[(times > 0) & (times < horizon)]
        dense = np.quantile(inside, np.linspace(0, 1, pieces // 2 + 1)) if len(inside) else even[:0]
        marks = np.round(np.concatenate([even * _CELLS, dense / horizon * _CELLS])).astype(np.int64)
        marks = np.unique(np.clip(marks, 0, _CELLS))
        cells = np.searchsorted(marks, np.arange(_CELLS), side="right") - 1
        return cls(np.asarray(marks * (horizon / _CELLS), np.float64), cells)

    @property
    def pieces(self) -> int:
        """How many pieces there are."""
        return len(self.edges) - 1

    @property
    def widths(self) -> Floats:
        """How long each piece is, in days."""
        return np.diff(self.edges)

    def piece(self, times: Floats) -> NDArray[np.int64]:
        """In which piece TIMES lie."""
        cell = (times * (_CELLS / self.edges[-1])).astype(np.int64)
        return np.asarray(self.cells[np.clip(cell, 0, _CELLS - 1)])

    def occupied(self, low: Floats, high: Floats, weights: Floats | None = None) -> Floats:
        """Days spent in each piece by spans from LOW to HIGH, each counting with its weight.

        WEIGHTS may have several columns (cases x columns); then so has the answer.
        """
        return np.diff(self._until(high, weights) - self._until(low, weights), axis=0)

    def _until(self, times: Floats, weights: Floats | None) -> Floats:
        """By edge, the sum of WEIGHTS times what of TIMES lies before it."""
        piece = self.piece(times)
        if weights is None or weights.ndim == 1:
            weighted = times if weights is None else times * weights
            sums = np.bincount(piece, weighted, self.pieces)
            counts = np.bincount(piece, weights, self.pieces)
        else:
            members = sparse.csr_array(
                (np.ones(len(piece)), (piece, np.arange(len(piece)))),
                shape=(self.pieces, len(piece)),
            )
            sums, counts = members @ (weights * times[:, None]), members @ weights
        still = counts.sum(axis=0) - np.cumsum(counts, axis=0)
        before = np.cumsum(sums, axis=0) + (self.edges[1:] * still.T).T
        return np.concatenate([np.zeros((1, *before.shape[1:])), before])

    def cumulated(self, rates: Floats) -> "Cumulated":
        """The integral of RATES (pieces, or pieces x columns) from 0 on."""
        shape = (-1, *[1] * (rates.ndim - 1))
        steps = np.cumsum(rates * self.widths.reshape(shape), axis=0)
        return Cumulated(self, rates, np.concatenate([np.zeros((1, *rates.shape[1:])), steps]))


@dataclass(frozen=True)
class Cumulated:
    """The integral of a function that is constant within every piece of a clock."""

    clock: Clock
    rates: Floats
    at_edges: Floats

    def __call__(self, times: Floats) -> Floats:
        """The integral from 0 to each of TIMES."""
        piece = self.clock.piece(times)
        beyond = times - self.clock.edges[piece]
        if self.rates.ndim > 1:
            beyond = beyond[:, None]
        return np.asarray(self.at_edges[piece] + self.rates[piece] * beyond)


@dataclass(frozen=True)
class Spans:
    """Several spans of every case: ``low`` and ``high`` are spans x cases."""

    low: Floats
    high: Floats

    @classmethod
    def of(cls, pairs: list[tuple[Floats, Floats]], first: Floats, last: Floats) -> "Spans":
        """PAIRS of beginnings and ends (NaN: never) cut to what lies between FIRST and LAST."""
        if not pairs:
            return cls(np.empty((0, len(last))), np.empty((0, len(last))))
        low = np.clip(np.nan_to_num(np.array([b for b, _ in pairs]), nan=np.inf), first, last)
        high = np.clip(np.nan_to_num(np.array([e for _, e in pairs]), nan=np.inf), first, last)
        return cls(low, np.maximum(low, high))

    def __len__(self) -> int:
        return len(self.low)

    def rows(self, chosen: slice | NDArray[np.bool_] | NDArray[np.int64]) -> "Spans":
        """The spans of some cases."""
        return Spans(self.low[:, chosen], self.high[:, chosen])

    @property
    def days(self) -> Floats:
        """How long each span is, in days."""
        return self.high - self.low

    def together(self, one: int, other: "Spans", two: int) -> Floats:
        """Days by case that the span ONE and the span TWO of OTHER have in common."""
        common = np.minimum(self.high[one], other.high[two])
        common -= np.maximum(self.low[one], other.low[two])
        return np.asarray(np.maximum(common, 0.0, out=common))

    def holding(self, case: NDArray[np.int64], time: Floats) -> Floats:
        """1 where the instant TIME of CASE lies in a span: instants x spans."""
        inside = (self.low[:, case] < time) & (time <= self.high[:, case])
        return np.ascontiguousarray(inside.T.astype(np.float64))
