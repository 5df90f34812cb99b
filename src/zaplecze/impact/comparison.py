"""Comparable cases: what is held equal among them, and what is left over once it is."""

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import Column
from zaplecze.impact.finding import Effect
from zaplecze.impact.learner import CrossFitter
from zaplecze.impact.linear import Slope, slopes
from zaplecze.language import joined

METHOD = "partially linear, cross-fitted in 5 folds by customer with gradient-boosted trees"


@dataclass
class Comparison:
    """The cases of ROWS with COLUMNS held equal; what is left of a variable is fitted once."""

    columns: list[Column]
    rows: NDArray[np.bool_]
    customer: NDArray[np.int64]
    _left: dict[str, Floats] = field(default_factory=dict, repr=False)

    @functools.cached_property
    def _fitter(self) -> CrossFitter:
        held = [replace(c, values=c.values[self.rows]) for c in self.columns]
        return CrossFitter(held, self.customer[self.rows])

    def left_over(self, name: str, values: Floats) -> Floats:
        """What COLUMNS leave unexplained of VALUES (one a case), over ROWS; NAME is for reuse."""
        if name not in self._left:
            self._left[name] = self._fitter.residuals(values[self.rows])
        return self._left[name]

    def band_left_over(self, name: str, band: Floats, lever: str, exposed: Floats) -> Floats:
        """What is left of BAND, a part of the EXPOSED cases of LEVER.

        Its expectation is that of being exposed, times that of the band among the exposed: the
        second is learnt from those cases alone, which are few.
        """
        if name not in self._left:
            among = exposed[self.rows] == 1
            expected = exposed[self.rows] - self.left_over(lever, exposed)
            within = self._fitter.predictions(band[self.rows], among)
            self._left[name] = band[self.rows] - expected * within
        return self._left[name]

    def slopes(self, outcome: Floats, levers: Sequence[Floats]) -> list[Slope]:
        """Effects on OUTCOME of LEVERS, estimated together; all are what `left_over` gave."""
        return slopes(outcome, np.column_stack(levers), self.customer[self.rows])

    def effect(self, slope: Slope, sign: int = 1) -> Effect:
        """SLOPE as an effect that says what was held equal; SIGN -1 turns its direction."""
        low, high = sorted(sign * bound for bound in slope.interval)
        return Effect(
            sign * slope.estimate,
            (low, high),
            slope.n,
            METHOD,
            [column.name for column in self.columns],
            joined([column.label for column in self.columns]),
        )


@dataclass
class Comparisons:
    """Comparisons by their columns and cases, so that levers that share both share the fits."""

    customer: NDArray[np.int64]
    _known: dict[object, Comparison] = field(default_factory=dict, repr=False)
    _before: object = field(default=None, repr=False)

    def start(self, before: Sequence[Column]) -> None:
        """Forget what does not belong to BEFORE: memory stays that of one place in the process."""
        names = tuple(column.name for column in before)
        if names != self._before:
            self._known.clear()
            self._before = names

    def of(self, columns: Sequence[Column], rows: NDArray[np.bool_]) -> Comparison:
        """The comparison of the cases of ROWS with COLUMNS held equal, where they say anything."""
        told = [c for c in columns if (~np.isnan(c.values[rows])).any()]
        key = tuple(c.name for c in told), hashlib.blake2b(rows.tobytes()).digest()
        if key not in self._known:
            self._known[key] = Comparison(told, rows, self.customer)
        return self._known[key]
