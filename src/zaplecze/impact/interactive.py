"""The interactive model: effects that may differ from case to case, averaged over the exposed.

Its score is doubly robust (Robins, Rotnitzky and Zhao 1994; cross-fitted as in Chernozhukov et al.
2018): right where either the chance of being exposed or the outcome without exposure is learnt well.
With chances m and expected outcomes g0, the effect on the exposed is the sum of
D (Y - g0) - (1 - D) m / (1 - m) (Y - g0) over the sum of D.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.linear import Slope, pulled

SURE = 0.01
"""Chances nearer to 0 or 1 than this are taken for it: weights stay bounded."""

FEWEST_OTHERS = 100
"""From fewer cases without exposure it is not learnt what is to be expected without it."""

FEW_ALIKE = 0.05
"""Where more of the exposed than this were all but sure to be, the others are not like them."""


def bounded(chance: Floats) -> Floats:
    """CHANCE, at least `SURE` from 0 and 1."""
    return np.clip(chance, SURE, 1 - SURE)


def enough_alike(exposed: Floats, chance: Floats) -> bool:
    """Whether nearly all of the exposed have others like them, enough of these to learn from."""
    if (exposed == 0).sum() < FEWEST_OTHERS:
        return False
    sure = chance[exposed == 1] >= 1 - SURE
    return len(sure) > 0 and float(sure.mean()) <= FEW_ALIKE


@dataclass(frozen=True)
class Scores:
    """Doubly robust scores, one a case: their sum over the number of exposed is the effect on them.

    ``weights`` say how much each case counts: the exposed fully, the others by how much alike to
    the exposed they are.
    """

    values: Floats
    weights: Floats

    @classmethod
    def of(cls, outcome: Floats, exposed: Floats, chance: Floats, without: Floats) -> Self:
        """CHANCE is that of being exposed, WITHOUT the outcome to be expected without exposure."""
        weights = np.where(exposed == 1, 1.0, chance / (1 - chance))
        sign = np.where(exposed == 1, 1.0, -1.0)
        return cls(sign * weights * (outcome - without), weights)


def effect_on_exposed(
    outcome: Floats, exposed: Floats, chance: Floats, without: Floats, groups: NDArray[np.int64]
) -> Slope:
    """The average effect on the exposed; errors allow for any dependence within a group."""
    return ratio(Scores.of(outcome, exposed, chance, without).values, exposed, groups)


def average_effect(
    outcome: Floats,
    exposed: Floats,
    chance: Floats,
    without: Floats,
    with_it: Floats,
    groups: NDArray[np.int64],
) -> Slope:
    """The average effect over all cases, were all of them exposed and were none."""
    scores = (
        with_it
        - without
        + exposed * (outcome - with_it) / chance
        - (1 - exposed) * (outcome - without) / (1 - chance)
    )
    return ratio(scores, np.ones(len(scores)), groups)


def ratio(scores: Floats, weights: Floats, groups: NDArray[np.int64]) -> Slope:
    """The sum of SCORES over the sum of WEIGHTS, with its clustered error."""
    total = float(weights.sum())
    estimate = float(scores.sum()) / total
    around = scores - estimate * weights
    names, pulls = pulled(around[:, None] / total, groups)
    plain = float(np.sqrt((around**2).sum())) / total
    return Slope.of(estimate, names, pulls[:, 0], len(scores), plain)
