"""Difference-in-differences: units with the change against units without, one date for all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.verify.looks import Reading
from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.result import Floats, Guess, Placebo, PreTrend

FEWEST_UNITS = 5
"""With fewer treated units their own scatter cannot be known."""

_DRAWS = 999


@dataclass(frozen=True)
class Noise:
    """How a unit scatters around its own level: standard deviation and memory.

    ``doubt`` is the relative variance of an error that is made of both.
    """

    deviation: float
    memory: float
    doubt: float = 0.0

    @property
    def swing(self) -> float:
        """What is new from one period to the next."""
        return self.deviation * float(np.sqrt(1 - self.memory**2))

    def change(self, before: int, after: int) -> float:
        """Variance of a unit's mean of AFTER periods minus that of the BEFORE periods ahead."""
        weights = np.r_[np.full(before, -1 / before), np.full(after, 1 / after)]
        apart = np.abs(np.subtract.outer(np.arange(before + after), np.arange(before + after)))
        correlation = self.memory**apart if self.memory > 0 else (apart == 0).astype(float)
        return float(self.deviation**2 * weights @ correlation @ weights)


def periods(found: Panel) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The periods before and after the change; the one in whose middle it came is neither."""
    everything = np.arange(found.calendar.size)
    before = everything[everything < found.go_live]
    return before[before != found.mixed] if found.mixed is not None else before, everything[
        everything >= found.go_live
    ]


def difference(found: Panel) -> Guess:
    """How much more the treated units changed than the others.

    In a complete panel with one date this is the two-way fixed-effects estimate; one change per
    unit makes errors immune to memory within a unit (Bertrand, Duflo and Mullainathan 2004), and
    unequal variances with Welch's degrees of freedom are the small-sample correction of Bell and
    McCaffrey (2002) for two groups. With one to four treated units the scatter of the others
    stands for theirs (Conley and Taber 2011).
    """
    before, after = periods(found)
    change = found.rate[:, after].mean(axis=1) - found.rate[:, before].mean(axis=1)
    return _two_groups(change, found.treated)


def level_held_equal(found: Panel) -> Guess | None:
    """The effect among units of equal baseline: the mean before and its last quarter held equal.

    This is what is left when treated units were chosen because they were bad (analysis of
    covariance; Barnett et al. 2005). None where the units are too few.
    """
    before, after = periods(found)
    if len(found.names) < 12 or min(found.treated.sum(), (~found.treated).sum()) < FEWEST_UNITS:
        return None
    rate = found.rate
    columns = [np.ones(len(rate)), rate[:, before].mean(axis=1)]
    if len(before) >= 4:
        columns.append(rate[:, before[-max(1, len(before) // 4) :]].mean(axis=1))
    columns.append(found.treated.astype(float))
    design, outcome = np.column_stack(columns), rate[:, after].mean(axis=1)
    inverse = np.linalg.pinv(design.T @ design)
    beta = inverse @ design.T @ outcome
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    residual = (outcome - design @ beta) / np.maximum(1 - leverage, 1e-9)
    meat = design.T @ (design * residual[:, None] ** 2)
    error = float(np.sqrt((inverse @ meat @ inverse)[-1, -1]))
    smaller = int(min(found.treated.sum(), (~found.treated).sum()))
    return Guess(float(beta[-1]), error, float(max(smaller - 1, 2)))


def pre_trend(found: Panel) -> PreTrend:
    """Did the two groups already drift apart: the difference of the units' slopes before."""
    before, _ = periods(found)
    if len(before) < 3:
        return PreTrend(None, None, None, len(before))
    time = before - before.mean()
    slopes = found.rate[:, before] @ time / (time @ time)
    guess = _two_groups(slopes, found.treated)
    return PreTrend(guess.p_value, guess.estimate, None, len(before))


def placebo(found: Panel, seed: int) -> Placebo:
    """In time: the halves of the time before. In units: other units called treated."""
    before, after = periods(found)
    in_time = Placebo()
    if len(before) >= 4:
        middle = len(before) // 2
        rate = found.rate
        change = rate[:, before[middle:]].mean(axis=1) - rate[:, before[:middle]].mean(axis=1)
        guess = _two_groups(change, found.treated)
        bounds = guess.interval(Reading("once").critical(guess.dof, 1.0))
        in_time = Placebo(guess.estimate, bounds, guess.p_value)
    change = found.rate[:, after].mean(axis=1) - found.rate[:, before].mean(axis=1)
    share, draws = _permuted(change, found.treated, seed)
    return Placebo(
        in_time.time, in_time.time_interval, in_time.time_p_value, unit_p_value=share, draws=draws
    )


def noise(rate: Floats, treated: NDArray[np.bool_]) -> Noise | None:
    """The scatter of units around their own level and their group's course, from RATE before."""
    units, size = rate.shape
    if size < 3 or units < 3:
        return None
    residual = rate - rate.mean(axis=1, keepdims=True)
    groups = [group for group in (treated, ~treated) if group.any()]
    for group in groups:
        residual[group] -= residual[group].mean(axis=0)
    free = units - len(groups)
    within = float((residual**2).sum()) / (max(free, 1) * size)
    if within == 0:
        return Noise(0.0, 0.0)
    apparent = float((residual[:, 1:] * residual[:, :-1]).mean() / (residual**2).mean())
    # Taking each unit's own mean away makes the memory look smaller by about (1 + memory) / size.
    memory = min(max((apparent * size + 1) / (size - 1), 0.0), 0.95)
    apart = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    correlation = memory**apart if memory > 0 else np.eye(size)
    lost = float(correlation.mean())
    # Of a deviation from values that remember (Bartlett 1946), and of the memory itself.
    rows, apart_from = max(free, 1) * size, 1 - memory**2
    doubt = (1 + memory**2) / (2 * rows * apart_from) + 1 / (rows * apart_from)
    return Noise(float(np.sqrt(within / max(1 - lost, 0.05))), memory, doubt)


def error_after(
    known: Noise, treated: int, others: int, before: int, after: int
) -> tuple[float, float, float]:
    """The error that the effect will have with AFTER periods, its degrees of freedom, its doubt."""
    error = float(np.sqrt(known.change(before, after) * (1 / treated + 1 / others)))
    return error, float(max(treated + others - 2, 2)), known.doubt


def gap(found: Panel, known: Noise | None) -> tuple[float, float]:
    """How far the treated stood from the others before, and how much of that chance will undo.

    The first is in standard deviations of units, the second in units of the outcome: the part of
    the gap that the units' own scatter makes, which goes away by itself.
    """
    before, _ = periods(found)
    level = found.rate[:, before].mean(axis=1)
    deviation = float(level[~found.treated].std(ddof=1)) if (~found.treated).sum() > 1 else 0.0
    apart = float(level[found.treated].mean() - level[~found.treated].mean())
    if deviation == 0 or known is None:
        return 0.0, 0.0
    size = len(before)
    distance = np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
    correlation = known.memory**distance if known.memory > 0 else np.eye(size)
    chance = min(known.deviation**2 * float(correlation.mean()) / deviation**2, 1.0)
    return apart / deviation, chance * apart


def _two_groups(values: Floats, treated: NDArray[np.bool_]) -> Guess:
    """Mean of the treated minus mean of the others, by Welch; few treated borrow the scatter."""
    ours, theirs = values[treated], values[~treated]
    estimate = float(ours.mean() - theirs.mean())
    m, n = len(ours), len(theirs)
    spread = float(theirs.var(ddof=1)) if n > 1 else float(ours.var(ddof=1)) if m > 1 else np.nan
    if m < FEWEST_UNITS or n < FEWEST_UNITS:
        dof = float(max((n if n > 1 else m) - 1, 1))
        return Guess(estimate, float(np.sqrt(spread * (1 / m + 1 / n))), dof)
    a, b = float(ours.var(ddof=1)) / m, spread / n
    if a + b == 0:
        return Guess(estimate, 0.0, float(m + n - 2))
    dof = (a + b) ** 2 / (a**2 / (m - 1) + b**2 / (n - 1))
    return Guess(estimate, float(np.sqrt(a + b)), dof)


def _permuted(change: Floats, treated: NDArray[np.bool_], seed: int) -> tuple[float, int]:
    """How often units drawn by chance differ as much as the treated do."""
    count, size = int(treated.sum()), len(change)
    seen = abs(change[treated].mean() - change[~treated].mean())
    if count == 1:
        total = change.sum()
        each = np.abs(change - (total - change) / (size - 1))
        return float((each >= seen - 1e-12).mean()), size
    generator = np.random.default_rng(seed)
    hits = 1
    for _ in range(_DRAWS):
        order = generator.permutation(size)
        drawn = change[order[:count]].mean() - change[order[count:]].mean()
        hits += abs(drawn) >= seen - 1e-12
    return float(hits / (_DRAWS + 1)), _DRAWS
