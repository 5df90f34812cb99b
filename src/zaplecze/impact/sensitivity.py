"""How strong something unmeasured would have to be to overturn an effect.

Robustness value after Cinelli and Hazlett (2020), *Making sense of sensitivity*: with
f = |t| / sqrt(dof), RV = (sqrt(f^4 + 4 f^2) - f^2) / 2.
"""

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.facts import Column, Floats
from zaplecze.impact.finding import Benchmark, Robustness
from zaplecze.impact.linear import Z95, Slope
from zaplecze.language import N_, Text, percent, say

MOST_DUMMIES = 20
"""Levels of a category that get a column of their own in the linear benchmark."""


def robustness_value(t: float, dof: int, *, alpha_t: float = 0.0) -> float:
    """Share of the remaining variation that overturns a t value of T; with ALPHA_T, its interval.

    >>> round(robustness_value(4.18445, 783), 4)
    0.1388
    """
    f = max(abs(t) - alpha_t, 0.0) / np.sqrt(dof)
    return float((np.sqrt(f**4 + 4 * f**2) - f**2) / 2)


def robustness(slope: Slope, benchmark: Benchmark | None) -> Robustness:
    """The robustness of SLOPE, compared with the strongest known confounder, in words."""
    t = slope.estimate / slope.error if slope.error else 0.0
    value = robustness_value(t, slope.n - 1)
    value_significance = robustness_value(t, slope.n - 2, alpha_t=Z95)
    return Robustness(value, value_significance, benchmark, _sentence(value, benchmark))


def _sentence(value: float, benchmark: Benchmark | None) -> Text:
    first = say(
        N_(
            "Something unmeasured would have to explain {share} of what is left of both the work "
            "and the outcome to bring this to zero."
        ),
        share=percent(value, 1),
    )
    if benchmark is None:
        return first
    return say(
        N_(
            "{first} The strongest thing that is known, {variable}, explains {of_lever} of the "
            "work and {of_outcome} of the outcome."
        ),
        first=first,
        variable=benchmark.label,
        of_lever=percent(benchmark.of_lever, 1),
        of_outcome=percent(benchmark.of_outcome, 1),
    )


def strongest_confounder(
    columns: list[Column], lever: Floats, outcome: Floats, rows: NDArray[np.bool_]
) -> Benchmark | None:
    """The column with the largest product of partial shares of lever and outcome explained."""
    blocks = [_design(column, rows) for column in columns]
    blocks = [block for block in blocks if block.shape[1]]
    if not blocks or len(blocks) != len(columns):
        columns = [c for c in columns if _design(c, rows).shape[1]]
    if not blocks:
        return None
    design = np.column_stack(blocks)
    targets = np.column_stack([lever[rows], outcome[rows]])
    targets = targets - targets.mean(axis=0)
    gram, cross = design.T @ design, design.T @ targets
    total = (targets**2).sum(axis=0)
    full = _unexplained(gram, cross, total, np.arange(len(gram)))
    ends = np.cumsum([block.shape[1] for block in blocks])
    best: Benchmark | None = None
    for column, end, block in zip(columns, ends, blocks, strict=True):
        without = np.setdiff1d(np.arange(len(gram)), np.arange(end - block.shape[1], end))
        rest = _unexplained(gram, cross, total, without)
        of_lever, of_outcome = np.clip((rest - full) / np.maximum(rest, 1e-12), 0, 1)
        if best is None or of_lever * of_outcome > best.of_lever * best.of_outcome:
            best = Benchmark(column.name, column.label, float(of_outcome), float(of_lever))
    return best


def _unexplained(gram: Floats, cross: Floats, total: Floats, columns: NDArray[np.int64]) -> Floats:
    """Residual sums of squares of both targets on some columns of the design."""
    if len(columns) == 0:
        return total
    part = gram[np.ix_(columns, columns)]
    ridge = 1e-8 * np.trace(part) / len(columns) * np.eye(len(columns))
    weights = np.linalg.solve(part + ridge, cross[columns])
    return np.asarray(total - (cross[columns] * weights).sum(axis=0))


def _design(column: Column, rows: NDArray[np.bool_]) -> Floats:
    """The column as centred, scaled numbers: a dummy per frequent level, or the value itself."""
    values = column.values[rows]
    if column.categorical:
        frequent = range(min(MOST_DUMMIES, len(column.levels)))
        raw = np.column_stack([values == code for code in frequent]).astype(np.float64)
    else:
        missing = np.isnan(values)
        fill = np.nanmean(values) if not missing.all() else 0.0
        raw = np.column_stack([np.where(missing, fill, values), missing]).astype(np.float64)
    raw = raw - raw.mean(axis=0)
    spread = raw.std(axis=0)
    return np.asarray(raw[:, spread > 1e-9] / spread[spread > 1e-9])
