"""The partially linear model: residual on residual, with intervals clustered by customer."""

from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z95 = 1.959963984540054

GROUPS = 1024
"""Groups of customers over which errors that move together are compared."""


@dataclass(frozen=True)
class Slope:
    """An estimated effect, its clustered standard error and the cases behind it.

    ``plain_error`` is the textbook one, for measures that are defined by it. ``pulls`` says how
    far each of `GROUPS` random groups of customers pulled the estimate: estimates that rest on the
    same customers err together, and their pulls tell by how much.
    """

    estimate: float
    error: float
    n: int
    plain_error: float = 0.0
    pulls: Floats = field(default_factory=lambda: np.zeros(GROUPS), repr=False, compare=False)

    @classmethod
    def of(
        cls, estimate: float, names: NDArray[np.int64], pulls: Floats, n: int, plain_error: float
    ) -> Self:
        """An estimate from N cases and how far each customer (NAMES) pulled it."""
        error = float(np.sqrt((pulls**2).sum()))
        grouped = np.bincount(names % GROUPS, weights=pulls, minlength=GROUPS)
        return cls(estimate, error, n, plain_error, np.asarray(grouped, dtype=np.float64))

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval."""
        return self.estimate - Z95 * self.error, self.estimate + Z95 * self.error

    @property
    def p_value(self) -> float:
        """Two-sided, of no effect."""
        from scipy.special import erfc

        if self.error == 0:
            return 1.0
        return float(erfc(abs(self.estimate / self.error) / np.sqrt(2)))


def slopes(outcome: Floats, levers: Floats, groups: NDArray[np.int64]) -> list[Slope]:
    """Effects of the columns of LEVERS (n x k residuals) on OUTCOME (n residuals).

    The score is (Y - l(X) - theta (D - m(X))) (D - m(X)) of the partially linear model
    (Robinson 1988; Chernozhukov et al. 2018); errors allow for any dependence within a group.
    """
    gram = levers.T @ levers
    inverse = np.linalg.inv(gram)
    theta = inverse @ (levers.T @ outcome)
    residual = outcome - levers @ theta
    names, pulls = pulled(levers * residual[:, None], groups)
    pulls = pulls @ inverse
    variance = float(residual @ residual) / max(len(outcome) - len(theta), 1)
    plain = np.sqrt(variance * np.diag(inverse))
    return [
        Slope.of(float(theta[k]), names, pulls[:, k], len(outcome), float(plain[k]))
        for k in range(len(theta))
    ]


def pulled(scores: Floats, groups: NDArray[np.int64]) -> tuple[NDArray[np.int64], Floats]:
    """The groups, and the sums of SCORES (n x k) over the cases of each: what each one pulls.

    Scaled by groups / (groups - 1), so that the squares of a column add up to the variance.
    """
    names, member = np.unique(groups, return_inverse=True)
    sums = np.column_stack([np.bincount(member, weights=column) for column in scores.T])
    return names, np.asarray(sums * np.sqrt(len(names) / max(len(names) - 1, 1)))


def correlations(pulls: Floats) -> Floats:
    """How the errors of estimates with these PULLS (a row each, none empty) move together."""
    table = pulls / np.sqrt((pulls**2).sum(axis=1, keepdims=True))
    return np.asarray(table @ table.T)


def difference(outcome: Floats, exposed: NDArray[np.bool_], groups: NDArray[np.int64]) -> Slope:
    """Mean of the EXPOSED minus mean of the others, with a clustered error."""
    lever = exposed.astype(np.float64)
    return slopes(outcome - outcome.mean(), (lever - lever.mean())[:, None], groups)[0]


def false_discoveries(
    p_values: list[float], dependence: Literal["positive", "any"] = "positive"
) -> list[float]:
    """Adjusted p values (q values), in the order given.

    Of tests that are independent or depend positively on each other those of Benjamini and Hochberg
    (1995); with any DEPENDENCE those of Benjamini and Yekutieli (2001).
    """
    order = np.argsort(p_values)
    count = len(p_values)
    harmonic = float((1 / np.arange(1, count + 1)).sum()) if dependence == "any" else 1.0
    scaled = np.asarray(p_values)[order] * count * harmonic / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted.tolist()
