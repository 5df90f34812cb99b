"""Comparable cases: what is held equal among them, and what is left over once it is."""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.design import Design
from zaplecze.impact.facts import Column
from zaplecze.impact.finding import Effect
from zaplecze.impact.interactive import Scores, bounded, enough_alike, ratio
from zaplecze.impact.learner import CrossFitter
from zaplecze.impact.linear import Slope, slopes
from zaplecze.impact.methods import INTERACTIVE, METHODS
from zaplecze.language import joined
from zaplecze.workspace import Learner


@dataclass
class Comparison:
    """The cases of ROWS with COLUMNS held equal; what is left of a variable is fitted once."""

    columns: list[Column]
    rows: NDArray[np.bool_]
    customer: NDArray[np.int64]
    learner: Learner = "lightgbm"
    _left: dict[str, Floats] = field(default_factory=dict, repr=False)

    @functools.cached_property
    def _fitter(self) -> CrossFitter:
        rows = np.flatnonzero(self.rows)
        return CrossFitter(self.columns, self.customer[rows], learner=self.learner, rows=rows)

    @functools.cached_property
    def design(self) -> Design:
        """The columns as a linear model sees them."""
        return Design.of(self.columns, np.flatnonzero(self.rows))

    def left_over(self, name: str, values: Floats) -> Floats:
        """What COLUMNS leave unexplained of VALUES (one a case), over ROWS; NAME is for reuse."""
        self.learn({name: values})
        return self._left[name]

    def learn(self, variables: Mapping[str, Floats]) -> None:
        """Fit what `left_over` will be asked for of VARIABLES, by name, all at the same time."""
        new = {name: values for name, values in variables.items() if name not in self._left}
        targets = [values[self.rows] for values in new.values()]
        found = self._fitter.predictions_of(targets)
        for name, target, predicted in zip(new, targets, found, strict=True):
            self._left[name] = target - predicted

    def bands_left_over(self, bands: Sequence[Floats], lever: str, exposed: Floats) -> list[Floats]:
        """What is left of each of BANDS, parts of the EXPOSED cases of LEVER.

        Its expectation is that of being exposed, times that of the band among the exposed: the
        second is learnt from those cases alone, which are few.
        """
        names = [f"{lever} {k}" for k in range(len(bands))]
        if not self._left.keys() >= set(names):
            among = exposed[self.rows] == 1
            expected = exposed[self.rows] - self.left_over(lever, exposed)
            targets = [band[self.rows] for band in bands]
            within = self._fitter.predictions_of(targets, among)
            for name, target, share in zip(names, targets, within, strict=True):
                self._left[name] = target - expected * share
        return [self._left[name] for name in names]

    def scores(self, name: str, values: Floats, lever: str, exposed: Floats) -> Scores | None:
        """Doubly robust scores, over ROWS, of the effect of the EXPOSED of LEVER on VALUES.

        None where too many of the exposed have no others like them. NAME is for reuse.
        """
        at = exposed[self.rows]
        chance = at - self.left_over(lever, exposed)
        if not enough_alike(at, chance):
            return None
        key = f"{name} without {lever}"
        if key not in self._left:
            self._left[key] = self._fitter.predictions(values[self.rows], at == 0)
        return Scores.of(values[self.rows], at, bounded(chance), self._left[key])

    def interactive(self, scores: Scores, exposed: Floats) -> Slope:
        """The average effect on the EXPOSED from what `scores` gave."""
        return ratio(scores.values, exposed[self.rows], self.customer[self.rows])

    def slopes(self, outcome: Floats, levers: Sequence[Floats]) -> list[Slope]:
        """Effects on OUTCOME of LEVERS, estimated together; all are what `left_over` gave."""
        return slopes(outcome, np.column_stack(levers), self.customer[self.rows])

    def effect(self, slope: Slope, sign: int = 1, *, interactive: bool = False) -> Effect:
        """SLOPE as an effect that says what was held equal; SIGN -1 turns its direction."""
        low, high = sorted(sign * bound for bound in slope.interval)
        return Effect(
            sign * slope.estimate,
            (low, high),
            slope.n,
            (INTERACTIVE if interactive else METHODS)[self.learner],
            [column.name for column in self.columns],
            joined([column.label for column in self.columns]),
        )


@dataclass
class Comparisons:
    """Comparisons by their columns and cases, so that levers that share both share the fits."""

    customer: NDArray[np.int64]
    learner: Learner = "lightgbm"
    _known: dict[object, Comparison] = field(default_factory=dict, repr=False)

    def of(self, columns: Sequence[Column], rows: NDArray[np.bool_]) -> Comparison:
        """The comparison of the cases of ROWS with COLUMNS held equal, where they say anything."""
        told = [c for c in columns if (~np.isnan(c.values[rows])).any()]
        key = tuple(c.mark for c in told), hashlib.blake2b(rows.tobytes()).digest()
        if key not in self._known:
            self._known[key] = Comparison(told, rows, self.customer, self.learner)
        return self._known[key]

    def anew(self) -> Self:
        """As these, with nothing known yet."""
        return type(self)(self.customer, self.learner)
