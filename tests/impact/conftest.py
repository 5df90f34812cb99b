"""Small companies with a known truth, as arrays and as stores."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from zaplecze.impact.facts import Column
from zaplecze.language import Text


@dataclass(frozen=True)
class Confounded:
    """A lever that looks worse than it is: X raises both exposure and harm."""

    columns: list[Column]
    exposed: NDArray[np.float64]
    outcome: NDArray[np.float64]
    customer: NDArray[np.int64]
    effect: float


@pytest.fixture(scope="session")
def confounded() -> Callable[..., Confounded]:
    def make(seed: int, n: int = 4000, effect: float = -0.5) -> Confounded:
        random = np.random.default_rng(seed)
        customer = random.integers(0, n // 2, n)
        moody = random.normal(size=n // 2)[customer]
        x = random.normal(size=n)
        region = random.integers(0, 4, n).astype(float)
        tension = np.sin(2 * x) + x * (region == 2)
        exposed = (random.random(n) < 1 / (1 + np.exp(-tension))).astype(float)
        outcome = effect * exposed - 0.8 * tension + 0.5 * moody + random.normal(size=n)
        columns = [
            Column("x", Text.same("x"), x),
            Column("region", Text.same("region"), region, levels=("a", "b", "c", "d")),
        ]
        return Confounded(columns, exposed, outcome, customer, effect)

    return make
