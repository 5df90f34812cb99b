"""Ordered categories: the proportional-odds model of McCullagh (1980).

For levels 1 < 2 < ... of an answer Y and columns x it says that log odds of Y <= j are cut(j) - x b: each
unit of a column multiplies the odds of a higher answer by exp(b), wherever high begins. With F the
logistic function, u and l the cuts above and below an answer less x b, the chance of the answer is
F(u) - F(l) = F(u) F(-l) (1 - exp(l - u)): in this form its logarithm is exact however small it is,
and seen to be concave.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.impact.arrays import Floats
from zaplecze.impact.linear import pulled
from zaplecze.language import N_, say

MOST_STEPS = 25
"""Newton's method takes fewer than ten; more says that it runs after a maximum that is not there."""

CLOSE = 1e-10
"""The log likelihood that another step would gain, below which the maximum is reached."""

BOUNDLESS = 1e4
"""Standard errors beyond this, of columns of spread 1 and times the root of n, belong to no maximum.

They are 2 to 4 for common answers, and hundreds where hardly anybody gives all answers but one.
"""


@dataclass(frozen=True)
class OrderedModel:
    """A fitted proportional-odds model; ``levels`` are the answers, the lowest first.

    ``coefficients`` have one entry a column, ``cuts`` one between any two levels; errors are those of
    the likelihood, or allow for any dependence within a cluster where clusters were given.
    """

    levels: Floats
    coefficients: Floats
    cuts: Floats
    coefficient_errors: Floats
    cut_errors: Floats
    deviance: float
    n: int

    def expected(self, said: Floats) -> Floats:
        """The mean answer of cases of which the columns say SAID (x b)."""
        above = _logistic(said[:, None] - self.cuts)
        return np.asarray(self.levels[0] + above @ np.diff(self.levels))

    def information(self, said: Floats) -> Floats:
        """How much an answer is expected to tell about SAID."""
        above = _logistic(said[:, None] - self.cuts)
        nothing, everything = np.zeros((len(said), 1)), np.ones((len(said), 1))
        chance = -np.diff(np.hstack([everything, above, nothing]))
        slope = -np.diff(np.hstack([nothing, above * (1 - above), nothing]))
        return np.asarray((slope**2 / np.maximum(chance, 1e-300)).sum(axis=1))

    def pull(self, answers: Floats, said: Floats) -> Floats:
        """By how much the log likelihood of ANSWERS grows with SAID."""
        code = np.searchsorted(self.levels, answers)
        cuts = np.concatenate([[-np.inf], self.cuts, [np.inf]])
        return _logistic(cuts[code] - said) - _logistic(said - cuts[code + 1])


def proportional_odds(
    levels: NDArray[Any],
    columns: Floats,
    weights: Floats | None = None,
    clusters: NDArray[np.int64] | None = None,
) -> OrderedModel:
    """Fit LEVELS (n answers, compared by size) on COLUMNS (n x k) by maximum likelihood.

    WEIGHTS, all above 0, say how often each case counts; CLUSTERS are codes of who belongs together.
    Raises `InputError` where there is one level only, where columns say the same, and where they tell
    levels apart without exception, so that the likelihood has no maximum.
    """
    answers, codes = np.unique(levels, return_inverse=True)
    if len(answers) < 2:
        raise InputError(say(N_("The outcome is the same in every case.")))
    weight = np.ones(len(codes)) if weights is None else np.asarray(weights, dtype=np.float64)
    centre = np.average(columns, axis=0, weights=weight)
    spread = np.sqrt(np.average((columns - centre) ** 2, axis=0, weights=weight))
    if (spread == 0).any():
        raise _no_maximum()
    likelihood = _Likelihood(codes, len(answers), (columns - centre) / spread, weight)
    found, inverse = _maximum(likelihood)
    variances = np.diag(inverse) * weight.sum()
    if not ((variances > 0) & (variances < BOUNDLESS**2)).all():
        raise _no_maximum()
    if clusters is not None:
        _, pulls = pulled(likelihood.scores(found), clusters)
        inverse = inverse @ (pulls.T @ pulls) @ inverse
    width = columns.shape[1]
    back = _in_units_of(centre, spread, len(answers) - 1)
    theta, errors = back @ found, np.sqrt(np.diag(back @ inverse @ back.T))
    return OrderedModel(
        answers.astype(np.float64),
        theta[:width],
        theta[width:],
        errors[:width],
        errors[width:],
        -2 * likelihood.at(found),
        len(codes),
    )


def _maximum(likelihood: "_Likelihood") -> tuple[Floats, Floats]:
    """Where LIKELIHOOD is largest, and the inverse of its curvature there."""
    theta = likelihood.start()
    value = likelihood.at(theta)
    for _ in range(MOST_STEPS):
        gradient, information = likelihood.slope(theta)
        try:
            inverse = np.asarray(np.linalg.inv(information), dtype=np.float64)
        except np.linalg.LinAlgError:
            raise _no_maximum() from None
        step = inverse @ gradient
        if not gradient @ step > CLOSE:
            return theta, inverse
        length = 1.0
        while not (better := likelihood.at(theta + length * step)) >= value:
            length /= 2
            if length < CLOSE:
                return theta, inverse
        theta, value = theta + length * step, better
    raise _no_maximum()


def _no_maximum() -> InputError:
    return InputError(
        say(
            N_(
                "The odds of a rating cannot be told: what they are to follow from decides some "
                "ratings without exception, or says the same twice. Leave a column out."
            )
        )
    )


def _in_units_of(centre: Floats, spread: Floats, cuts: int) -> Floats:
    """What turns coefficients and cuts of standardised columns into those of the columns."""
    width = len(centre)
    back = np.eye(width + cuts)
    back[:width, :width] = np.diag(1 / spread)
    back[width:, :width] = centre / spread
    return back


@dataclass(frozen=True)
class _Likelihood:
    """The log likelihood of coefficients and cuts, one vector, and its derivatives."""

    codes: NDArray[np.int64]
    count: int
    columns: Floats
    weight: Floats

    def start(self) -> Floats:
        """No effect of any column, and cuts by how many gave each answer."""
        below = np.cumsum(np.bincount(self.codes, weights=self.weight))[:-1] / self.weight.sum()
        return np.concatenate([np.zeros(self.columns.shape[1]), np.log(below / (1 - below))])

    def at(self, theta: Floats) -> float:
        """The log likelihood; minus infinity where the cuts are out of order."""
        gaps = np.diff(self._cuts(theta))
        if (gaps <= 0).any():
            return -np.inf
        upper, lower = self._bounds(theta)
        # Of each level: what the gap between its cuts adds to each case, whatever the columns say.
        own = np.concatenate([[0.0], np.log(-np.expm1(-gaps)), [0.0]])
        logs = own[self.codes] - np.logaddexp(0.0, -upper) - np.logaddexp(0.0, lower)
        return float(self.weight @ logs)

    def slope(self, theta: Floats) -> tuple[Floats, Floats]:
        """The gradient and the information, minus the matrix of second derivatives."""
        upper, lower = self._bounds(theta)
        above, below = _logistic(-upper), _logistic(lower)
        by_upper = self.weight * above * (1 - above)
        by_lower = self.weight * below * (1 - below)
        x, width = self.columns, self.columns.shape[1]
        once, curved = self._of_gaps(theta)
        gradient = np.concatenate(
            [
                x.T @ (self.weight * (below - above)),
                self._by_cut(self.weight * above, -self.weight * below) + once,
            ]
        )
        information = np.empty((len(theta), len(theta)))
        information[:width, :width] = x.T @ (x * (by_upper + by_lower)[:, None])
        information[width:, width:] = np.diag(self._by_cut(by_upper, by_lower)) + curved
        for k in range(width):
            crossed = -self._by_cut(by_upper * x[:, k], by_lower * x[:, k])
            information[k, width:] = information[width:, k] = crossed
        return gradient, information

    def scores(self, theta: Floats) -> Floats:
        """What each case adds to the gradient (n x coefficients and cuts)."""
        upper, lower = self._bounds(theta)
        above, below = _logistic(-upper), _logistic(lower)
        gap = np.concatenate([[0.0], 1 / np.expm1(np.diff(self._cuts(theta))), [0.0]])[self.codes]
        width = self.columns.shape[1]
        scores = np.zeros((len(self.codes), len(theta)))
        scores[:, :width] = self.columns * (below - above)[:, None]
        for cut in range(self.count - 1):
            scores[:, width + cut] = np.where(self.codes == cut, above + gap, 0.0)
            scores[:, width + cut] -= np.where(self.codes == cut + 1, below + gap, 0.0)
        return np.asarray(scores * self.weight[:, None])

    def _cuts(self, theta: Floats) -> Floats:
        return theta[self.columns.shape[1] :]

    def _bounds(self, theta: Floats) -> tuple[Floats, Floats]:
        """The cuts above and below each answer, less what the columns say."""
        cuts = np.concatenate([[-np.inf], self._cuts(theta), [np.inf]])
        said = self.columns @ theta[: self.columns.shape[1]]
        return cuts[self.codes + 1] - said, cuts[self.codes] - said

    def _by_cut(self, of_upper: Floats, of_lower: Floats) -> Floats:
        """Sums over the cases just below each cut (OF_UPPER) and just above it (OF_LOWER)."""
        under = np.bincount(self.codes, weights=of_upper, minlength=self.count)
        over = np.bincount(self.codes, weights=of_lower, minlength=self.count)
        return np.asarray(under[:-1] + over[1:])

    def _of_gaps(self, theta: Floats) -> tuple[Floats, Floats]:
        """What the gaps between cuts, whatever the columns say, add to gradient and information."""
        cases = np.bincount(self.codes, weights=self.weight, minlength=self.count)[1:-1]
        gaps = np.diff(self._cuts(theta))
        each = np.exp(-gaps) / -np.expm1(-gaps)
        once, curved = cases * each, cases * each * (1 + each)
        gradient, information = np.zeros(self.count - 1), np.zeros((self.count - 1, self.count - 1))
        gradient[1:] += once
        gradient[:-1] -= once
        low = np.arange(self.count - 2)
        information[low, low] += curved
        information[low + 1, low + 1] += curved
        information[low, low + 1] -= curved
        information[low + 1, low] -= curved
        return gradient, information


def _logistic(value: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(value / 2))
