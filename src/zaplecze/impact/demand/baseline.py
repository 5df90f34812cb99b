"""How often customers would contact the company without delays, from time in which there is none.

Rates of the Cox-Aalen form (Scheike and Zhang 2002), here of recurrent contacts (Schaubel, Zeng and Cai
2006): in each piece of the time since the start of a case contacts come at a rate of their own, every
stage of the work adds its part, and what was known at the start multiplies the sum. They are
estimated from the time before a case's first delay.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.demand.spans import Clock, Cumulated, Spans
from zaplecze.impact.demand.study import Study

MOST_PIECES = 160
"""Into so many pieces, at most, the time since the start is cut."""

_CONTACTS_A_PIECE = 40
_FEWEST_PIECES = 20

_CASES_AT_ONCE = 100_000
_ROUNDS = 10
_SETTLED = 1e-3
_LEAST = 1e-9
_RIDGE = 1.0
"""So much information is added to what multiplies the rates: a level without contacts has a limit."""


@dataclass(frozen=True)
class Baseline:
    """Rates a day: ``rates`` by piece of ``clock`` and ``stages`` by stage, times exp(held @ ``held``).

    ``information`` is the derivative of the estimating equations, for the pieces, the stages and the
    held columns in this order.
    """

    clock: Clock
    rates: Floats
    stages: Floats
    held: Floats
    information: Floats = field(repr=False)

    @property
    def since_start(self) -> Cumulated:
        """The rates of the pieces, cumulated."""
        return self.clock.cumulated(self.rates)

    def times(self, held: Floats) -> Floats:
        """What HELD (cases x columns) multiplies the rates with."""
        return np.asarray(np.exp(held @ self.held))

    def expected(self, low: Floats, high: Floats, stages: Spans) -> Floats:
        """Contacts expected between LOW and HIGH, a span a case, before HELD multiplies them."""
        span = Spans(low[None], high[None])
        total = self.since_start(high) - self.since_start(low)
        for stage, rate in enumerate(self.stages):
            total += rate * span.together(0, stages, stage)
        return np.asarray(total)


@dataclass(frozen=True)
class Batch:
    """Some of the cases as far as they tell of time without delay, with their contacts in it."""

    rows: slice
    held: Floats
    stages: Spans
    free: Floats
    case: NDArray[np.int64]
    time: Floats
    weight: Floats

    @property
    def came(self) -> Floats:
        """Contacts by case."""
        return np.bincount(self.case, minlength=len(self.free)).astype(np.float64)


def batches(study: Study) -> Iterator[Batch]:
    """The cases of STUDY, so many at once that memory stays small."""
    free = study.free
    counted = study.time <= free[study.case]
    order = np.argsort(study.case[counted], kind="stable")
    case, time = study.case[counted][order], study.time[counted][order]
    for first in range(0, len(free), _CASES_AT_ONCE):
        rows = slice(first, min(first + _CASES_AT_ONCE, len(free)))
        low, high = np.searchsorted(case, [rows.start, rows.stop])
        stages = study.stage_spans(rows, free[rows])
        yield Batch(
            rows,
            study.held[rows],
            stages,
            free[rows],
            case[low:high] - first,
            time[low:high],
            study.weight[rows],
        )


def fit_baseline(study: Study, horizon: float) -> Baseline:
    """The rates of STUDY without delays, up to HORIZON days after the start."""
    starts = study.since[~np.isnan(study.since)]
    pieces = int(np.clip(len(study.time) // _CONTACTS_A_PIECE, _FEWEST_PIECES, MOST_PIECES))
    clock = Clock.over(horizon, np.concatenate([study.time, starts]), pieces)
    held = np.zeros(study.held.shape[1])
    for _ in range(_ROUNDS):
        added = _added(study, clock, held)
        rates, stages = added[: clock.pieces], added[clock.pieces :]
        baseline = Baseline(clock, rates, stages, held, np.empty((0, 0)))
        change = _multiplied(study, baseline)
        held = held + change
        if not len(change) or np.abs(change).max() < _SETTLED:
            break
    baseline = Baseline(clock, rates, stages, held, np.empty((0, 0)))
    return Baseline(clock, rates, stages, held, _information(study, baseline))


def _added(study: Study, clock: Clock, held: Floats) -> Floats:
    """Rates of pieces and stages, given what multiplies them."""
    pieces, count = clock.pieces, len(study.stages)
    score = np.zeros(pieces + count)
    information = np.zeros((pieces + count, pieces + count))
    for batch in batches(study):
        weight = batch.weight * np.exp(batch.held @ held)
        of_contact = batch.weight[batch.case]
        score[:pieces] += np.bincount(clock.piece(batch.time), of_contact, pieces)
        score[pieces:] += of_contact @ batch.stages.holding(batch.case, batch.time)
        information += _products(clock, batch, weight)
    # The pieces are solved for first: they meet no other pieces.
    days, spent = np.maximum(np.diag(information)[:pieces], _LEAST), information[:pieces, pieces:]
    rest = information[pieces:, pieces:] - spent.T @ (spent / days[:, None])
    stages = np.linalg.pinv(rest, rcond=1e-9, hermitian=True) @ (
        score[pieces:] - spent.T @ (score[:pieces] / days)
    )
    return np.concatenate([(score[:pieces] - spent @ stages) / days, stages])


def _products(clock: Clock, batch: Batch, weight: Floats) -> Floats:
    """Weighted days of pieces and stages with each other."""
    pieces, stages = clock.pieces, batch.stages
    found = np.zeros((pieces + len(stages), pieces + len(stages)))
    days = clock.occupied(np.zeros_like(batch.free), batch.free, weight)
    found[np.arange(pieces), np.arange(pieces)] = days
    for one in range(len(stages)):
        spent = clock.occupied(stages.low[one], stages.high[one], weight)
        found[:pieces, pieces + one] = found[pieces + one, :pieces] = spent
        for two in range(one, len(stages)):
            both = stages.together(one, stages, two) @ weight
            found[pieces + one, pieces + two] = found[pieces + two, pieces + one] = both
    return found


def _multiplied(study: Study, baseline: Baseline) -> Floats:
    """One step of Newton's for what multiplies the rates, which give way to it as a whole."""
    count = len(baseline.held)
    score, information = -_RIDGE * baseline.held, _RIDGE * np.eye(count)
    total, sums = _LEAST, np.zeros(count)
    for batch in batches(study) if count else ():
        expected = _expected(batch, baseline) * baseline.times(batch.held) * batch.weight
        score += batch.held.T @ (batch.came * batch.weight - expected)
        information += batch.held.T @ (batch.held * expected[:, None])
        total, sums = total + expected.sum(), sums + expected @ batch.held
    information -= np.outer(sums, sums) / total
    return np.asarray(np.clip(np.linalg.solve(information, score), -1.0, 1.0))


def _expected(batch: Batch, baseline: Baseline) -> Floats:
    """What the rates alone expect of each case; a rate below zero here and there does no harm."""
    expected = baseline.expected(np.zeros_like(batch.free), batch.free, batch.stages)
    return np.maximum(expected, 0.0)


def _information(study: Study, baseline: Baseline) -> Floats:
    """How the estimating equations of pieces, stages and held columns move with all of them."""
    clock, stages = baseline.clock, len(baseline.stages)
    added, count = clock.pieces + stages, len(baseline.held)
    found = np.zeros((added + count, added + count))
    found[added:, added:] = _RIDGE * np.eye(count)
    for batch in batches(study):
        weight = baseline.times(batch.held) * batch.weight
        found[:added, :added] += _products(clock, batch, weight)
        expected = _expected(batch, baseline) * weight
        found[added:, added:] += batch.held.T @ (batch.held * expected[:, None])
        zero = np.zeros_like(batch.free)
        days = batch.stages.days * weight
        found[added:, clock.pieces : added] += batch.held.T @ days.T
        weighted = batch.held * weight[:, None]
        spent = clock.occupied(zero, batch.free, weighted)
        found[added:, : clock.pieces] += spent.T
        found[: clock.pieces, added:] += spent * baseline.rates[:, None]
        for stage in range(stages):
            low, high = batch.stages.low[stage], batch.stages.high[stage]
            found[clock.pieces + stage, added:] += (
                baseline.expected(low, high, batch.stages) @ weighted
            )
            spent = clock.occupied(low, high, weighted)
            found[: clock.pieces, added:] += spent * baseline.stages[stage]
    return found
