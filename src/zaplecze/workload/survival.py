"""How long callers are ready to wait, though most are answered before one could see it."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.workload.erlang import Floats

_Z = 1.959963984540054


@dataclass(frozen=True)
class Patience:
    """The share that is still waiting after so many seconds (Kaplan–Meier), and its mean.

    ``exponential_mean_seconds`` is all waiting ÷ all who hung up, as Erlang A wants it;
    ``restricted_mean_seconds`` the area under the curve up to the longest wait, less than the mean
    where some were never seen to hang up. Quantiles are None beyond the longest wait.
    ``at_once`` hung up after no wait at all and are in none of this: Erlang A knows no such callers;
    ``mean_with_at_once_seconds`` is the exponential mean as it would be with them.
    """

    n: int
    abandoned: int
    at_once: int
    exponential_mean_seconds: float | None
    mean_with_at_once_seconds: float | None
    restricted_mean_seconds: float
    median_seconds: float | None
    quartile_seconds: float | None
    seconds: list[float]
    still_waiting: list[float]
    low: list[float]
    high: list[float]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    def at(self, seconds: float) -> float:
        """The share still waiting after SECONDS."""
        position = int(np.searchsorted(self.seconds, seconds, side="right")) - 1
        return self.still_waiting[position] if position >= 0 else 1.0


def patience(wait_seconds: Floats, abandoned: NDArray[np.bool_]) -> Patience:
    """Patience from WAIT_SECONDS of calls; those not ABANDONED would have waited longer.

    Calls that did not wait at all are not in it: who was answered at once tells nothing, and who hung
    up at once balked, which is no patience of an exponential kind; these are counted. Kaplan and Meier (1958) with
    Greenwood's variance on the scale of log(−log), 95 per cent.
    """
    waited = wait_seconds > 0
    waits, gone = wait_seconds[waited], abandoned[waited]
    times, first = np.unique(waits, return_inverse=True)
    events = np.bincount(first, weights=gone, minlength=len(times))
    leaving = np.bincount(first, minlength=len(times))
    at_risk = len(waits) - np.concatenate([[0], np.cumsum(leaving)[:-1]]) if len(times) else leaving
    with np.errstate(divide="ignore", invalid="ignore"):
        survival: Floats = np.cumprod(1 - events / at_risk, dtype=np.float64)
        spread = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        bend = np.exp(_Z * spread / np.abs(np.log(survival)))
        low, high = survival**bend, survival ** (1 / bend)
    shown = events > 0
    steps = np.diff(np.concatenate([[0.0], times]))
    before = np.concatenate([[1.0], survival[:-1]]) if len(times) else survival
    count, at_once = int(gone.sum()), int(abandoned[~waited].sum())
    everybody = count + at_once
    return Patience(
        n=len(waits),
        abandoned=count,
        at_once=at_once,
        exponential_mean_seconds=float(waits.sum() / count) if count else None,
        mean_with_at_once_seconds=float(waits.sum() / everybody) if everybody else None,
        restricted_mean_seconds=float((steps * before).sum()),
        median_seconds=_quantile(times, survival, 0.5),
        quartile_seconds=_quantile(times, survival, 0.75),
        seconds=times[shown].tolist(),
        still_waiting=survival[shown].tolist(),
        low=np.nan_to_num(low, nan=0.0)[shown].tolist(),
        high=np.nan_to_num(high, nan=1.0)[shown].tolist(),
    )


def _quantile(times: Floats, survival: Floats, share: float) -> float | None:
    """The first time at which no more than SHARE are left."""
    below = np.flatnonzero(survival <= share + 1e-12)
    return float(times[below[0]]) if len(below) else None
