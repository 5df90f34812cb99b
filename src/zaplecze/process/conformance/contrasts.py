"""How the cases with a deviation fared beside those without it: time, waits, outcomes.

A comparison of cases as they are, not an effect: whoever deviates may differ in other ways too.
Intervals are at 95 %. Those of a median are its order statistics, those of a share Wilson's, those
of a mean normal; two of them become that of a difference as Newcombe (1998) and Zou and Donner
(2008) do it.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.sql import ident
from zaplecze.process.conformance.alignments import Floats, Ints
from zaplecze.process.conformance.result import Contrast, Contrasts

Mask = NDArray[np.bool_]

FEWEST = 6
"""With fewer cases on one side no interval is given: that of a median needs so many."""

_Z = 1.959964
"""The 97.5th percentile of the normal distribution."""

_Figure = tuple[float, float, float]


class CaseFigures:
    """Time, waits and outcomes of every case that has events, by its row."""

    def __init__(self, log: EventLog) -> None:
        self._kinds = log.info.outcomes
        names = list(self._kinds)
        values = "".join(
            f", TRY_CAST(c.{ident(name)} AS DOUBLE) AS o{i}" for i, name in enumerate(names)
        )
        table = log.connection.execute(
            'SELECT c."case", c.variant, epoch_us(c."end") / 1e6 - epoch_us(c.start) / 1e6 AS time, '
            f'w.wait{values} FROM cases c JOIN (SELECT "case", '
            "coalesce(sum(greatest(wait_seconds, 0)), 0) AS wait FROM events "
            'GROUP BY "case") w USING ("case") ORDER BY c."case"'
        ).to_arrow_table()
        self._case, self._variant = (
            np.asarray(table.column(name).to_numpy(), dtype=np.int64)
            for name in ("case", "variant")
        )
        floats = (
            np.asarray(table.column(name).to_numpy(), dtype=np.float64)
            for name in table.column_names[2:]
        )
        self._time, self._wait, *outcomes = floats
        self._outcomes = dict(zip(names, outcomes, strict=True))

    def of_variants(self, variants: Ints) -> Mask:
        """Which rows take one of VARIANTS, numbers of the store."""
        return np.isin(self._variant, variants)

    def of_cases(self, cases: Ints) -> Mask:
        """Which rows are CASES, numbers of the store."""
        return np.isin(self._case, cases)

    def compared(self, with_it: Mask, without_it: Mask) -> Contrasts:
        """The cases of one mask beside those of the other."""

        def contrast(values: Floats, of: Callable[[Floats], _Figure]) -> Contrast:
            known = ~np.isnan(values)
            return _contrast(values[with_it & known], values[without_it & known], of)

        return Contrasts(
            contrast(self._time, _median),
            contrast(self._wait, _median),
            {
                name: contrast(values, _share if self._kinds[name] == "yes_no" else _mean)
                for name, values in self._outcomes.items()
            },
        )


def _contrast(with_it: Floats, without_it: Floats, of: Callable[[Floats], _Figure]) -> Contrast:
    here, there = (of(values) if len(values) else None for values in (with_it, without_it))
    counts = len(with_it), len(without_it)
    if here is None or there is None:
        return Contrast(here and here[0], there and there[0], *counts)
    difference, interval = here[0] - there[0], None
    if min(counts) >= FEWEST and (here[1] < here[2] or there[1] < there[2]):
        interval = (
            difference - math.hypot(here[0] - here[1], there[2] - there[0]),
            difference + math.hypot(here[2] - here[0], there[0] - there[1]),
        )
    return Contrast(here[0], there[0], *counts, difference, interval)


def _median(values: Floats) -> _Figure:
    half = _Z / (2 * math.sqrt(len(values)))
    middle, low, high = np.quantile(values, [0.5, max(0.5 - half, 0.0), min(0.5 + half, 1.0)])
    return float(middle), float(low), float(high)


def _mean(values: Floats) -> _Figure:
    mean = float(values.mean())
    error = float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return mean, mean - _Z * error, mean + _Z * error


def _share(values: Floats) -> _Figure:
    n, share = len(values), float(values.mean())
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + (_Z / (2 * n)) ** 2)
    return share, middle - half, middle + half
