"""How many simulated worlds a simulation test draws, and what their shares may then be."""

import math
import os

USUAL = 200
DRAWS = int(os.environ.get("ZAPLECZE_DRAWS", USUAL))
"""Fewer draws, as before every change, find what is badly wrong; the usual number what is a little."""


def between(share, low, high, draws=DRAWS):
    """Whether SHARE lies in bounds that allow for 200 draws, widened where there are fewer."""
    return low - _wider(low, draws) <= share <= high + _wider(high, draws)


def _wider(bound, draws):
    spread = math.sqrt(bound * (1 - bound))
    return max(3 * spread * (1 / math.sqrt(draws) - 1 / math.sqrt(USUAL)), 0.0)


def fewer(seeds):
    """SEEDS of the usual number of draws, in proportion; four at least."""
    return max(4, round(seeds * DRAWS / USUAL))
