"""How small a change would have been seen, and how soon."""

import numpy as np

from zaplecze.impact.watch import fitting
from zaplecze.impact.watch.charts import Sums
from zaplecze.impact.watch.families import Floats
from zaplecze.impact.watch.fitting import Columns, Fit
from zaplecze.impact.watch.monitor import Observed, Walk

POWER = 0.8
"""A change counts as one that would have been seen when so large a share of simulations shows it."""


def detectable_shift(
    series: Observed, walked: Walk, columns: Columns, fitted: Fit, within: int
) -> float | None:
    """The smallest upward shift, on the model's scale, that WITHIN periods show with `POWER`.

    It is planted into the simulated series in the last WITHIN judged periods; COLUMNS and FITTED
    are the series with what is usual today. None where the history is too short to say.
    """
    judged = np.flatnonzero(series.judged)
    if len(judged) < within:
        return None
    window = judged[-within:]
    _, chance = fitting.deviations(columns, fitted.beta)
    variance, phi = float(fitted.variance[0]), float(fitted.correlation[0])
    shape = _trace_of_shift(chance[window, 0], variance, phi)
    sums = Sums.zero(walked.simulated.shape[1])
    for t in judged[:-within]:
        sums = sums.after(walked.simulated[t])
        up, down = sums.reach(walked.limit)
        fresh = np.maximum(up, down) < 1
        sums = Sums(sums.upward * fresh, sums.downward * fresh)

    def seen(size: float) -> float:
        now, found = sums, np.zeros(walked.simulated.shape[1], dtype=bool)
        for t, share in zip(window, shape, strict=True):
            now = now.after(walked.simulated[t] + np.minimum(size * share, fitting.CLIP))
            found |= np.maximum(*now.reach(walked.limit)) >= 1
        return float(found.mean())

    low, high = 0.0, float(20 / max(shape.min(), 1e-9))
    if seen(high) < POWER:
        return None
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if seen(middle) > POWER else (middle, high)
    return high


def _trace_of_shift(chance: Floats, variance: float, phi: float) -> Floats:
    """What a shift of one leaves in each score after it has begun."""
    slow, spread = 0.0, variance
    trace = np.empty(len(chance))
    for i, noise in enumerate(chance):
        slow, spread = phi * slow, phi**2 * spread + variance * (1 - phi**2)
        total = spread + noise
        trace[i] = (1.0 - slow) / np.sqrt(total)
        gain = spread / total
        slow, spread = slow + gain * (1.0 - slow), spread * (1 - gain)
    return trace
