"""Cumulative sums of one-step-ahead errors: what they add up to, and how long they run."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from zaplecze.impact.watch.families import Floats

REFERENCES = (0.5, 0.2)
"""Reference values k: half the shift, in standard deviations, that a chart finds fastest."""

_NODES = 60


def average_run_length(k: float, h: float, shift: float = 0.0, sides: int = 2) -> float:
    """Periods until a CUSUM with reference K and limit H gives an alarm, on average.

    Observations are independent and normal with mean SHIFT and variance one. Solves Page's
    integral equation with Gauss-Legendre nodes; two sides are joined as in Hawkins and Olwell
    (1998): 1/ARL = 1/ARL⁺ + 1/ARL⁻.
    """
    upper = _one_sided(k, h, shift)
    return upper if sides == 1 else 1 / (1 / upper + 1 / _one_sided(k, h, -shift))


def _one_sided(k: float, h: float, shift: float) -> float:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    y, w = (nodes + 1) * h / 2, weights * h / 2
    from_each = np.concatenate([[0.0], y])
    step = y[None, :] + k - shift - from_each[:, None]
    kernel = np.zeros((_NODES + 1, _NODES + 1))
    kernel[:, 0] = ndtr(k - shift - from_each)
    kernel[:, 1:] = w * np.exp(-(step**2) / 2) / np.sqrt(2 * np.pi)
    length = np.linalg.solve(np.eye(_NODES + 1) - kernel, np.ones(_NODES + 1))
    return float(length[0])


@cache
def limit_for(k: float, periods: float) -> float:
    """The limit H at which a two-sided CUSUM with reference K runs PERIODS periods on average."""
    wanted = max(periods, 3.0)
    high = 1.0
    while average_run_length(k, high) < wanted:
        high += 1.0
    # It takes half a second to load.
    from scipy.optimize import brentq

    return float(brentq(lambda h: average_run_length(k, h) / wanted - 1, 0.01, high, xtol=1e-4))


@dataclass(frozen=True)
class Sums:
    """The cumulative sums of every chart, upwards and downwards, over columns of scores."""

    upward: Floats
    downward: Floats

    @classmethod
    def zero(cls, columns: int) -> "Sums":
        """Nothing added up yet."""
        return cls(np.zeros((len(REFERENCES), columns)), np.zeros((len(REFERENCES), columns)))

    def after(self, scores: Floats) -> "Sums":
        """With one more period."""
        k = np.array(REFERENCES)[:, None]
        up, down = self.upward + scores - k, self.downward - scores - k
        return Sums(np.maximum(up, 0.0), np.maximum(down, 0.0))

    def reach(self, limits: Floats) -> tuple[Floats, Floats]:
        """How near the nearest chart has come to its limit, upwards and downwards; 1 is there."""
        return (
            np.asarray((self.upward / limits[:, None]).max(axis=0)),
            np.asarray((self.downward / limits[:, None]).max(axis=0)),
        )


def limits(periods: float) -> Floats:
    """The limits of all charts at which each alone would run PERIODS periods."""
    return np.array([limit_for(k, float(f"{periods:.3g}")) for k in REFERENCES])


def highest(scores: Floats, periods: NDArray[np.int64], limit: Floats) -> Floats:
    """The highest reach of each column of SCORES over PERIODS, from a start at zero."""
    sums = Sums.zero(scores.shape[1])
    top = np.zeros(scores.shape[1])
    for t in periods:
        sums = sums.after(scores[t])
        top = np.maximum(top, np.maximum(*sums.reach(limit)))
    return top
