"""What a lever does to the odds of a better rating, beside the difference of means.

Ratings are ordered categories: from bad to middling may be another step than from middling to good.
With the lever D and what was known before X, log odds(Y > j) = theta D + g(X) - cut(j). The
cross-fitted predictions of the comparison say what outcome l(X) and what chance of exposure m(X) was to be
expected; entered as columns their noise would let through what they are to hold equal. So g(X) is
what makes the model expect l(X) at the chance m(X), and theta solves sum (D - h(X)) s = 0, with s the slope
of the log likelihood and h(X) the chance of exposure weighted by information: small errors of l and m
cancel (Neyman orthogonality, Chernozhukov et al. 2018).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.impact.arrays import Floats
from zaplecze.impact.comparison import Comparison
from zaplecze.impact.facts import OutcomeFacts
from zaplecze.impact.finding import Interval, Odds
from zaplecze.impact.interactive import bounded
from zaplecze.impact.lever import Lever
from zaplecze.impact.linear import Slope, pulled
from zaplecze.impact.ordered import OrderedModel, proportional_odds
from zaplecze.language import N_, Text, ends, number, say

MOST_LEVELS = 21
"""A scale from 0 to 10 with its halves; ratings with more levels are as good as amounts."""

REACH = 8.0
"""Beyond all cuts by so much, in logarithms of odds, nobody is expected to be."""

POINTS = 1025
MOST_ROUNDS = 20
CLOSE = 1e-6
"""A logarithm of odds that moves less than this in a round is settled."""

BOUNDLESS = 20.0
"""Odds whose interval reaches beyond this, as a logarithm, have no bounds."""

METHOD = N_(
    "proportional odds given the outcome and the exposure to be expected, cross-fitted in 5 folds by "
    "customer, errors clustered by customer"
)


def odds_of_better(
    among: Comparison,
    lever: Lever,
    outcome: OutcomeFacts,
    felt: Floats,
    words: Text,
    *,
    higher_is_better: bool,
) -> Odds | None:
    """The odds of a better OUTCOME (called WORDS) with LEVER, as times those of comparable cases.

    Cases are comparable when the same outcome (the prognostic score, Hansen 2008) and the same
    exposure (the propensity score, Rosenbaum and Rubin 1983) was to be expected of them; FELT is what is
    left over of the outcome. None of what is no rating of at most 21 levels, and where its odds have no
    bounds.
    """
    answers, exposed = outcome.values[among.rows], lever.exposed[among.rows]
    if outcome.kind != "rating" or len(np.unique(answers)) > MOST_LEVELS:
        return None
    chance = exposed - among.left_over(lever.name.id, lever.exposed)
    columns = [exposed, answers - felt, chance, (chance - chance.mean()) ** 2]
    try:
        model = proportional_odds(answers, np.column_stack(columns))
    except InputError:
        return None
    cases = _Cases(answers, exposed, answers - felt, bounded(chance), among.customer[among.rows])
    slope = _settled(model, cases)
    if slope is None or max(np.abs(slope.interval)) > BOUNDLESS:
        return None
    sign = 1 if higher_is_better else -1
    low, high = sorted(math.exp(sign * bound) for bound in slope.interval)
    ratio = math.exp(sign * slope.estimate)
    return Odds(ratio, (low, high), slope.n, METHOD, _sentence(words, ratio, (low, high)))


@dataclass(frozen=True)
class _Cases:
    """What was answered, who was exposed, and what was to be expected of both."""

    answers: Floats
    exposed: Floats
    expected: Floats
    chance: Floats
    customer: NDArray[np.int64]


def _settled(model: OrderedModel, cases: _Cases) -> Slope | None:
    """The logarithm of the odds ratio of a higher answer, from that of MODEL on; None where it runs off."""
    theta, exposed, chance = float(model.coefficients[0]), cases.exposed, cases.chance
    grid = np.linspace(model.cuts[0] - REACH, model.cuts[-1] + REACH, POINTS)
    for _ in range(MOST_ROUNDS):
        with_it, without = model.expected(grid + theta), model.expected(grid)
        beforehand = np.interp(
            _crossed(with_it, without, cases.expected, chance), np.arange(POINTS), grid
        )
        of_exposed = chance * np.interp(beforehand, grid, model.information(grid + theta))
        of_others = (1 - chance) * np.interp(beforehand, grid, model.information(grid))
        weighted = exposed - of_exposed / (of_exposed + of_others)
        # What another unit of the lever tells: for the others there is none to multiply.
        told = np.where(exposed == 1, of_exposed / chance, 0.0)
        scores = weighted * model.pull(cases.answers, beforehand + theta * exposed)
        total = float(weighted @ told)
        if not total > 0:
            return None
        step = float(scores.sum()) / total
        theta += step
        if abs(step) < CLOSE:
            names, pulls = pulled(scores[:, None] / total, cases.customer)
            return Slope.of(theta, names, pulls[:, 0], len(exposed), 0.0)
    return None


def _crossed(with_it: Floats, without: Floats, expected: Floats, chance: Floats) -> Floats:
    """Where on the grid, on which both tables rise, their mixture by CHANCE reaches EXPECTED."""
    low = np.zeros(len(expected), dtype=np.int64)
    high = np.full(len(expected), POINTS - 1)
    while (high - low > 1).any():
        middle = (low + high) // 2
        below = chance * with_it[middle] + (1 - chance) * without[middle] < expected
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    start = chance * with_it[low] + (1 - chance) * without[low]
    end = chance * with_it[high] + (1 - chance) * without[high]
    # At the far ends the tables may be flat.
    rise = np.maximum(end - start, 1e-300)
    return np.asarray(low + np.clip((expected - start) / rise, 0.0, 1.0))


def _sentence(words: Text, ratio: float, interval: Interval) -> Text:
    # Two leading figures of the smallest, but no fewer than two decimals.
    digits = max(2, min(1 - math.floor(math.log10(interval[0])), 8))
    low, high = ends(*interval, digits=digits)
    return say(
        N_(
            "“{outcome}”: the odds of a better rating are {odds} times those of comparable cases (95 % "
            "interval {low} to {high})."
        ),
        outcome=words,
        odds=number(ratio, digits),
        low=low,
        high=high,
    )
