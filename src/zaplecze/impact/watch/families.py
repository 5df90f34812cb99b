"""Kinds of measures on the scale on which they are modelled: counts, shares, means, waits."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Kind = Literal["count", "share", "mean", "wait"]
"""``count``: how many a period (negative binomial, log scale; ``n`` is the exposure).
``share``: k of n (binomial with over-dispersion, logit scale). ``mean``: of n values.
``wait``: the logarithm of the median of n waits."""

_FARTHEST = 30.0


def mean(kind: Kind, eta: Floats, n: Floats) -> Floats:
    """The expected value of a period whose linear predictor is ETA."""
    if kind == "count":
        return n * np.exp(np.clip(eta, -_FARTHEST, _FARTHEST))
    if kind == "share":
        return np.asarray(1 / (1 + np.exp(-np.clip(eta, -_FARTHEST, _FARTHEST))))
    return eta


def residual(kind: Kind, values: Floats, mu: Floats) -> Floats:
    """VALUES minus MU on the model's scale, linearised (the working residual of a GLM)."""
    if kind == "count":
        return (values - mu) / np.maximum(mu, 1e-6)
    if kind == "share":
        return (values - mu) / np.maximum(mu * (1 - mu), 1e-6)
    return values - mu


def sampling_variance(kind: Kind, mu: Floats, n: Floats, noise: float) -> Floats:
    """The variance of `residual` that comes from counting few things alone.

    NOISE is the variance of one value, for means and waits.
    """
    if kind == "count":
        return 1 / np.maximum(mu, 1e-6)
    if kind == "share":
        return 1 / np.maximum(n * mu * (1 - mu), 1e-6)
    return np.broadcast_to(noise / np.maximum(n, 1e-9), mu.shape)


def draw(kind: Kind, eta: Floats, n: Floats, noise: float, random: np.random.Generator) -> Floats:
    """Values of periods whose linear predictor, slow variation included, is ETA."""
    mu = mean(kind, eta, n)
    if kind == "count":
        return random.poisson(np.minimum(mu, 1e9)).astype(np.float64)
    if kind == "share":
        trials = np.broadcast_to(np.round(n).astype(np.int64), mu.shape)
        return random.binomial(trials, mu) / np.maximum(trials, 1)
    return mu + random.normal(size=mu.shape) * np.sqrt(noise / np.maximum(n, 1e-9))


def first_guess(kind: Kind, values: Floats, n: Floats) -> Floats:
    """The linear predictor of each column's overall level; VALUES is periods x columns."""
    if kind == "count":
        total = np.nansum(values, axis=0) + 0.5
        return np.asarray(np.log(total / np.maximum(np.sum(n), 1e-9)))
    if kind == "share":
        p = (np.nansum(values * n[:, None], axis=0) + 0.5) / (np.sum(n) + 1)
        return np.asarray(np.log(p / (1 - p)))
    return np.asarray(np.nanmedian(values, axis=0))
