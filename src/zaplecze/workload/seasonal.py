"""A small seasonal model of volumes: level, trend, weekday, interval of the day, public holidays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.workload.erlang import Floats
from zaplecze.workload.profile import WEEKDAYS

Bools = NDArray[np.bool_]

_HALF_LIFE_DAYS = 42.0
_SMOOTHINGS = (0.02, 0.05, 0.1, 0.2, 0.4)
_TREND_WEEKS = 8
_DAMPING = 0.9
_CLOSED = 0.05
_PRIOR_CALLS = 100.0
_SUNDAY = 6


@dataclass(frozen=True)
class Model:
    """What was learnt up to the last day of the past.

    The mean of a day is level × trend × weekday (or holiday) factor, split over its intervals by
    ``profile`` (weekday × interval, each row adds up to 1). ``trend`` is the growth a week, damped.
    """

    level: float
    trend: float
    weekday: Floats
    profile: Floats
    holiday: float
    holidays_seen: int

    def predict(self, weekday: NDArray[np.int64], holiday: Bools) -> Floats:
        """Means by day and interval for the days that follow the past, given as WEEKDAY and HOLIDAY."""
        weeks = (np.arange(len(weekday)) + 1) / WEEKDAYS
        grown = self.trend * _DAMPING * (1 - _DAMPING**weeks) / (1 - _DAMPING)
        factor = self.weekday[weekday]
        # On a holiday nobody works who would not on a Sunday, and no more than usual.
        factor = np.where(holiday, np.minimum(factor, self.holiday), factor)
        return (self.level * np.exp(grown) * factor)[:, None] * self.profile[weekday]


def fit(counts: Floats, weekday: NDArray[np.int64], holiday: Bools) -> Model:
    """Learn from COUNTS (days × intervals, two weeks at least) of days given as WEEKDAY and HOLIDAY."""
    totals = counts.sum(axis=1)
    age = len(totals) - 1 - np.arange(len(totals))
    weight = 0.5 ** (age / _HALF_LIFE_DAYS)
    factors = _weekday_factors(totals, weekday, weight * ~holiday)
    usual = factors[weekday]
    open_days = (usual > _CLOSED) & ~holiday
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = np.where(open_days, totals / usual, np.nan)
    level = _level(levels, usual)
    seen = holiday & (usual > _CLOSED)
    expected = float((level * usual[seen]).sum())
    # One holiday's worth of Sundays is put in, so that few holidays say little.
    prior = min(float(factors[_SUNDAY]), 1.0) * level
    rate = (float(totals[seen].sum()) + prior) / (expected + level)
    return Model(
        level=level,
        trend=_trend(levels),
        weekday=factors,
        profile=_profiles(counts, weekday, weight),
        holiday=min(rate, 1.0),
        holidays_seen=int(seen.sum()),
    )


def _weekday_factors(totals: Floats, weekday: NDArray[np.int64], weight: Floats) -> Floats:
    """Each weekday's volume ÷ the mean of the week around it; their mean is 1."""
    kernel = np.ones(WEEKDAYS)
    around = np.convolve(totals, kernel, "same") / np.convolve(np.ones_like(totals), kernel, "same")
    # At the ends the window would hold half a week.
    around[:3], around[-3:] = around[3], around[-4]
    ratio = np.divide(totals, around, out=np.ones_like(totals), where=around > 0)
    factors = np.ones(WEEKDAYS)
    for day in range(WEEKDAYS):
        own = weight * (weekday == day)
        if own.sum() > 0:
            factors[day] = (own * ratio).sum() / own.sum()
    return factors / (factors.mean() or 1.0)


def _level(levels: Floats, usual: Floats) -> float:
    """Exponential smoothing of days without weekday, with what would have foretold best."""
    best, chosen = np.inf, float(np.nanmean(levels)) if np.isfinite(levels).any() else 0.0
    known = np.flatnonzero(np.isfinite(levels))
    for smoothing in _SMOOTHINGS if len(known) else ():
        level = float(levels[known[:WEEKDAYS]].mean())
        error = 0.0
        for day in known:
            surprise = levels[day] - level
            if day >= WEEKDAYS:
                error += usual[day] * abs(surprise)
            level += smoothing * surprise
        if error < best:
            best, chosen = error, level
    return chosen


def _trend(levels: Floats) -> float:
    """Growth a week of the last weeks, less what chance would show as well."""
    weeks = min(len(levels) // WEEKDAYS, _TREND_WEEKS)
    recent = levels[len(levels) - weeks * WEEKDAYS :].reshape(weeks, WEEKDAYS)
    known = np.isfinite(recent).any(axis=1)
    means = np.array([np.nanmean(row) for row in recent[known]])
    if len(means) < 4 or (means <= 0).any():
        return 0.0
    x = np.flatnonzero(known) - np.flatnonzero(known).mean()
    y = np.log(means) - np.log(means).mean()
    slope = float((x * y).sum() / (x * x).sum())
    error = float(((y - slope * x) ** 2).sum() / (len(x) - 2) / (x * x).sum())
    return slope * max(0.0, 1 - error / slope**2) if slope else 0.0


def _profiles(counts: Floats, weekday: NDArray[np.int64], weight: Floats) -> Floats:
    """Each weekday's shares of its intervals, pulled to those of all days where calls are few."""
    slots = counts.shape[1]
    pooled = (weight[:, None] * counts).sum(axis=0)
    pooled = pooled / pooled.sum() if pooled.sum() else np.full(slots, 1 / slots)
    profiles = np.empty((WEEKDAYS, slots))
    for day in range(WEEKDAYS):
        own = (weight * (weekday == day))[:, None] * counts
        profiles[day] = own.sum(axis=0) + _PRIOR_CALLS * pooled
    shares: Floats = profiles / profiles.sum(axis=1, keepdims=True)
    return shares
