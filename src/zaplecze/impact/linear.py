"""The partially linear model: residual on residual, with intervals clustered by customer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.facts import Floats

Z95 = 1.959963984540054


@dataclass(frozen=True)
class Slope:
    """An estimated effect, its clustered standard error and the cases behind it."""

    estimate: float
    error: float
    n: int

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
    theta = np.linalg.solve(gram, levers.T @ outcome)
    scores = levers * (outcome - levers @ theta)[:, None]
    _, member = np.unique(groups, return_inverse=True)
    clusters = int(member.max()) + 1
    sums = np.column_stack(
        [np.bincount(member, weights=scores[:, k], minlength=clusters) for k in range(len(theta))]
    )
    inverse = np.linalg.inv(gram)
    covariance = inverse @ (sums.T @ sums) @ inverse * clusters / max(clusters - 1, 1)
    errors = np.sqrt(np.diag(covariance))
    return [Slope(float(t), float(e), len(outcome)) for t, e in zip(theta, errors, strict=True)]


def difference(outcome: Floats, exposed: NDArray[np.bool_], groups: NDArray[np.int64]) -> Slope:
    """Mean of the EXPOSED minus mean of the others, with a clustered error."""
    lever = exposed.astype(np.float64)
    return slopes(outcome - outcome.mean(), (lever - lever.mean())[:, None], groups)[0]


def false_discoveries(p_values: list[float]) -> list[float]:
    """Benjamini and Hochberg's (1995) adjusted p values, in the order given."""
    order = np.argsort(p_values)
    count = len(p_values)
    scaled = np.asarray(p_values)[order] * count / np.arange(1, count + 1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted.tolist()
