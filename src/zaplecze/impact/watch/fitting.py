"""The model of what is usual, fitted to many series at once: level and season, and what is left.

A series is ``usual + slow + chance`` on the scale of its kind: *usual* a linear predictor of the
calendar, *slow* an autoregressive process of order one (what makes counts negative binomial and
shares over-dispersed), *chance* the noise of counting. All functions work on columns of series
that share the calendar, because the thresholds come from hundreds of simulated ones.
"""

from dataclasses import dataclass
from math import erf, exp, pi, sqrt

import numpy as np

from zaplecze.impact.watch import families
from zaplecze.impact.watch.families import Bools, Floats, Kind

HUBER = 2.5
"""Residuals beyond this many standard deviations pull no harder than here."""

CLIP = 3.5
"""A single period counts for at most this many standard deviations."""

HIGHEST_CORRELATION = 0.9
"""What is more persistent than this is a change, not chance."""

_FIRST_ROUNDS, _NEXT_ROUNDS = 15, 3
_LARGEST_STEP = 3.0
_BOUNDED_VARIANCE = (
    erf(HUBER / sqrt(2))
    - HUBER * sqrt(2 / pi) * exp(-(HUBER**2) / 2)
    + (HUBER**2 * (1 - erf(HUBER / sqrt(2))))
)
"""The mean of min(z², HUBER²) of a normal z."""


@dataclass(frozen=True)
class Columns:
    """Series side by side: ``values`` is periods x columns; the rest is common to them.

    ``used`` are the periods from which the model may learn.
    """

    kind: Kind
    values: Floats
    n: Floats
    noise: float
    design: Floats
    used: Bools

    def until(self, end: int) -> "Columns":
        """The periods before END."""
        return Columns(
            self.kind, self.values[:end], self.n[:end], self.noise, self.design[:end],
            self.used[:end],
        )  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """Coefficients (p x columns), their covariance (columns x p x p), and the slow variation.

    ``variance`` and ``correlation`` (one a column) are those of the slow process.
    """

    beta: Floats
    covariance: Floats
    variance: Floats
    correlation: Floats


def fit(columns: Columns, precision: Floats, start: Fit | None = None) -> Fit:
    """Fit the model to COLUMNS by iteratively re-weighted least squares with Huber's weights.

    PRECISION (p) is that of the prior, centred at zero. The variance of the slow process is found
    by moments (Paule and Mandel 1982) beside the coefficients; START shortens the way.
    """
    p, many = columns.design.shape[1], columns.values.shape[1]
    size = unit(columns)
    precision = precision / size**2
    if start is None:
        beta, variance = np.zeros((p, many)), np.full(many, 1e-4 * size**2)
        seen = columns.used
        beta[0] = families.first_guess(columns.kind, columns.values[seen], columns.n[seen])
    else:
        beta, variance = start.beta.copy(), start.variance.copy()
    prior = np.diag(precision)
    products = (columns.design[:, :, None] * columns.design[:, None, :]).reshape(-1, p * p)
    # One more for the trend that is no part of the chance.
    free = int((precision * size**2 < 1).sum())
    degrees = max(int(columns.used.sum()) - free - 1, 1)
    for _ in range(_FIRST_ROUNDS if start is None else _NEXT_ROUNDS):
        error, chance = deviations(columns, beta)
        total = chance + variance
        scaled = error / np.sqrt(total)
        weight = columns.used[:, None] / total
        robust = weight * np.minimum(1, HUBER / np.maximum(np.abs(scaled), 1e-9))
        pull = columns.design.T @ (robust * error) - precision[:, None] * beta
        information = (products.T @ robust).T.reshape(many, p, p) + prior
        step = np.linalg.solve(information, pull.T[:, :, None])[:, :, 0].T
        beta = beta + np.clip(step, -_LARGEST_STEP * size, _LARGEST_STEP * size)
        steady = _detrended(scaled, columns.used)
        variance = _variance(steady, total, columns.used, variance, degrees)
    error, chance = deviations(columns, beta)
    total = chance + variance
    information = (products.T @ (columns.used[:, None] / total)).T.reshape(many, p, p) + prior
    steady = _detrended(error / np.sqrt(total), columns.used)
    correlation = _correlation(steady, total, variance, columns.used)
    return Fit(beta, np.linalg.inv(information), variance, correlation)


def unit(columns: Columns) -> float:
    """What counts as 1 on the model's scale: of means, which may be stars or seconds, how far values scatter."""
    if columns.kind != "mean":
        return 1.0
    spread = columns.values[columns.used].std() if columns.used.any() else 0.0
    return max(float(np.sqrt(columns.noise)), float(spread), 1e-9)


def deviations(columns: Columns, beta: Floats) -> tuple[Floats, Floats]:
    """Residuals on the model's scale (0 where a period is not used) and their chance variance."""
    n = columns.n[:, None]
    mu = families.mean(columns.kind, columns.design @ beta, n)
    error = families.residual(columns.kind, columns.values, mu)
    chance = families.sampling_variance(columns.kind, mu, n, columns.noise)
    known = columns.used[:, None]
    return np.where(known, error, 0.0), np.where(known, chance, 1.0)


def _detrended(scaled: Floats, used: Bools) -> Floats:
    """SCALED residuals without their straight trend, which would pass for persistent chance."""
    time = np.where(used, np.arange(len(used)) - np.flatnonzero(used).mean(), 0.0)
    slope = (time @ np.clip(scaled, -HUBER, HUBER)) / max(float(time @ time), 1.0)
    return np.asarray(scaled - time[:, None] * slope)


def _variance(scaled: Floats, total: Floats, used: Bools, variance: Floats, degrees: int) -> Floats:
    """One step of Newton's method towards the variance that makes the residuals unit-sized."""
    squares = np.where(used[:, None], scaled**2, 0.0)
    surplus = np.minimum(squares, HUBER**2).sum(axis=0) - _BOUNDED_VARIANCE * degrees
    slope = np.where(squares < HUBER**2, squares / total, 0.0).sum(axis=0)
    better = variance + surplus / np.where(slope > 0, slope, np.inf)
    return np.asarray(np.clip(better, variance / 10, np.maximum(variance * 10, 1e-6)))


def _correlation(scaled: Floats, total: Floats, variance: Floats, used: Bools) -> Floats:
    """The slow process's correlation with itself a period earlier, its small-sample bias mended."""
    bounded = np.clip(scaled, -HUBER, HUBER)
    slow = np.sqrt(variance / total)
    pair = (used[1:] & used[:-1])[:, None]
    together = np.where(pair, bounded[1:] * bounded[:-1], 0.0).sum(axis=0)
    possible = np.where(pair, slow[1:] * slow[:-1], 0.0).sum(axis=0)
    pairs = max(int(pair.sum()), 1)
    raw = together / np.maximum(possible, 0.05 * pairs)
    # Marriott and Pope's bias, where level and trend have been taken out.
    mended = raw + (2 + 4 * np.maximum(raw, 0)) / pairs
    return np.asarray(np.clip(mended, 0.0, HIGHEST_CORRELATION))


def innovations(
    columns: Columns, fitted: Fit, state: tuple[Floats, Floats] | None = None
) -> tuple[Floats, tuple[Floats, Floats]]:
    """One-step-ahead errors of COLUMNS in standard deviations, and the state after the last.

    A Kalman filter of the slow process, bounded against outliers; the error of the coefficients
    is part of the standard deviation. Periods that are not used give 0.
    """
    error, chance = deviations(columns, fitted.beta)
    uncertain = np.einsum(
        "tp,cpq,tq->tc", columns.design, fitted.covariance, columns.design, optimize=True
    )
    phi, variance = fitted.correlation, fitted.variance
    slow, spread = state or (np.zeros_like(variance), variance.copy())
    scores = np.zeros_like(error)
    for t in range(len(error)):
        slow, spread = phi * slow, phi**2 * spread + variance * (1 - phi**2)
        if not columns.used[t]:
            continue
        gain = spread / (spread + chance[t])
        passed = (1 - phi) / (1 - phi + phi * gain)
        carried = 1 + 2 * phi / (1 - phi) * variance / (variance + chance[t])
        sigma = np.sqrt(spread + chance[t] + passed**2 * carried * uncertain[t])
        scores[t] = np.clip((error[t] - slow) / sigma, -CLIP, CLIP)
        slow, spread = slow + gain * scores[t] * sigma, spread * (1 - gain)
    return scores, (slow, spread)
