"""Where in a series its level changed, told by all periods around it."""

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.watch import fitting
from zaplecze.impact.watch.families import Floats
from zaplecze.impact.watch.fitting import Columns, Fit


def change_evidence(
    columns: Columns,
    fitted: Fit,
    candidates: NDArray[np.int64],
    *,
    ramp: bool = False,
    supposed: int = 1,
) -> Floats:
    """The log-likelihood ratio of a change at each of CANDIDATES against none.

    The last SUPPOSED columns of the design are changes that were supposed when FITTED was made;
    they are put back into what is to be explained. The change is one of level, or with RAMP a steady climb from
    the candidate on. Residual, design and changes pass through the same filter, so that
    autocorrelation counts; a single outlier is bounded.
    """
    shapes = _shapes(len(columns.values), candidates, ramp)
    changes, target = _beside_the_rest(columns, fitted, shapes, supposed)
    strength = (changes**2).sum(axis=0)
    least = 1e-6 / fitting.unit(columns) ** 2
    gain = (changes.T @ target) ** 2 / np.maximum(strength, least) / 2
    return np.where(strength > least, gain, 0.0)


def joint_evidence(columns: Columns, fitted: Fit, supposed: int) -> float:
    """The log-likelihood ratio of the last SUPPOSED columns of the design together against none."""
    changes, target = _beside_the_rest(columns, fitted, columns.design[:, -supposed:], supposed)
    basis, _ = np.linalg.qr(changes)
    return float(((basis.T @ target) ** 2).sum() / 2)


def _beside_the_rest(
    columns: Columns, fitted: Fit, changes: Floats, supposed: int
) -> tuple[Floats, Floats]:
    """CHANGES and what is to be explained, whitened, without what the rest of the design explains."""
    white = _whitened(columns, fitted, changes, supposed)
    p = columns.design.shape[1] - supposed
    design, changes, target = white[:, :p], white[:, p:-1], white[:, -1]
    basis, _ = np.linalg.qr(design[:, np.abs(design).sum(axis=0) > 1e-9])
    return (
        np.asarray(changes - basis @ (basis.T @ changes)),
        np.asarray(target - basis @ (basis.T @ target)),
    )


def _shapes(periods: int, candidates: NDArray[np.int64], ramp: bool) -> Floats:
    since = np.arange(periods)[:, None] - candidates[None, :]
    return np.asarray(np.maximum(since + 1.0, 0.0) if ramp else (since >= 0) * 1.0)


def _whitened(columns: Columns, fitted: Fit, changes: Floats, supposed: int) -> Floats:
    """Design, changes and what is to be explained: what each period adds to those before it."""
    error, chance = fitting.deviations(columns, fitted.beta)
    phi, variance = float(fitted.correlation[0]), float(fitted.variance[0])
    bound = fitting.CLIP * np.sqrt(chance + variance)
    put_back = columns.design[:, -supposed:] @ fitted.beta[-supposed:]
    target = np.clip(error, -bound, bound) + put_back
    rows = np.hstack([columns.design[:, :-supposed], changes, target])
    slow, spread = np.zeros(rows.shape[1]), variance
    white = np.zeros_like(rows)
    for t in range(len(rows)):
        slow, spread = phi * slow, phi**2 * spread + variance * (1 - phi**2)
        if not columns.used[t]:
            continue
        total = spread + float(chance[t, 0])
        white[t] = (rows[t] - slow) / np.sqrt(total)
        gain = spread / total
        slow, spread = slow + gain * (rows[t] - slow), spread * (1 - gain)
    return white
