"""Series of which it is known when and how they change."""

from collections.abc import Callable

import numpy as np
import pytest

from zaplecze.impact.watch.families import Kind
from zaplecze.impact.watch.monitor import Observed
from zaplecze.impact.watch.seasons import PER_YEAR, Period, season

MONDAY = 17_000 - (17_000 + 3) % 7
WEEKDAYS = np.array([0.1, 0.15, 0.1, 0.0, -0.05, -0.5, -0.8])


@pytest.fixture(scope="session")
def make_series() -> Callable[..., Observed]:
    """Counts, shares or means with a weekday pattern, autocorrelated noise and a planted change."""

    def make(
        kind: Kind,
        seed: int,
        *,
        periods: int,
        period: Period = "day",
        correlation: float = 0.5,
        noise: float = 0.1,
        level: float = 50.0,
        at: int | None = None,
        shift: float = 0.0,
        slope: float = 0.0,
        swing: float = 0.0,
        holidays: tuple[object, ...] = (),
    ) -> Observed:
        random = np.random.default_rng(seed)
        numbers = np.arange(periods) + (MONDAY if period == "day" else 2400)
        shocks = random.normal(size=periods) * noise
        slow = shocks.copy()
        for t in range(1, periods):
            slow[t] = correlation * slow[t - 1] + np.sqrt(1 - correlation**2) * shocks[t]
        eta = slow + (WEEKDAYS[np.arange(periods) % 7] if period == "day" else 0.0)
        # A time of year that begins anywhere.
        eta = eta + swing * np.sin(
            2 * np.pi * (np.arange(periods) / PER_YEAR[period] + 0.618 * seed)
        )
        if at is not None:
            since = np.arange(periods) - at
            eta = eta + shift * (since >= 0) + slope * np.maximum(since, 0)
        n = np.ones(periods)
        if kind == "count":
            values = random.poisson(level * np.exp(eta)).astype(np.float64)
        elif kind == "share":
            n = random.poisson(level, periods) + 1.0
            values = random.binomial(n.astype(int), 1 / (1 + np.exp(1.5 - eta))) / n
        else:
            n = random.poisson(level, periods) + 1.0
            values = eta + random.normal(size=periods) / np.sqrt(n)
        known = np.ones(periods, dtype=bool)
        return Observed(kind, values, n, 1.0, season(period, numbers, holidays, known), known)

    return make
