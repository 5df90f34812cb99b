"""The partially linear model: residual on residual, with intervals clustered by customer."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats

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
    names, member = np.unique(groups, return_inverse=True)
    # What each customer pulls at each estimate: the influence function, summed over their cases.
    pulls = np.column_stack(
        [np.bincount(member, weights=score) for score in (levers * residual[:, None]).T]
    )
    pulls = pulls @ inverse * np.sqrt(len(names) / max(len(names) - 1, 1))
    errors = np.sqrt((pulls**2).sum(axis=0))
    variance = float(residual @ residual) / max(len(outcome) - len(theta), 1)
    plain = np.sqrt(variance * np.diag(inverse))
    return [
        Slope(
            float(theta[k]),
            float(errors[k]),
            len(outcome),
            float(plain[k]),
            np.asarray(
                np.bincount(names % GROUPS, weights=pulls[:, k], minlength=GROUPS), dtype=np.float64
            ),
        )
        for k in range(len(theta))
    ]


def correlations(pulls: Floats) -> Floats:
    """How the errors of estimates with these PULLS (a row each, none empty) move together."""
    table = pulls / np.sqrt((pulls**2).sum(axis=1, keepdims=True))
    return np.asarray(table @ table.T)


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
