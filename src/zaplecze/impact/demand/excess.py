"""Contacts that would not have come without delays: what came, less what the baseline expects.

From the moment a case is delayed its contacts are set against those that the baseline expects of
the same case at the same time, had the step been done when its time was up. What is left over is
split by the additive rates that each delay adds while it lasts and after it, so that delays which
come together share it and the parts add up. The clustered sandwich carries the uncertainty of the
baseline into every part.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.demand.baseline import Baseline, Batch, batches, fit_baseline
from zaplecze.impact.demand.spans import Spans
from zaplecze.impact.demand.study import Study
from zaplecze.impact.linear import pulled

BEFORE, DURING, AFTER = 0, 1, 2
"""The phases of a delay: its clock runs, it lasts, the step has been done too late."""


@dataclass(frozen=True)
class Excess:
    """What each delay adds; arrays have an entry a delay.

    ``contacts`` are those that would not have come without it, ``early`` the rate a day (and
    ``early_error`` its error) by which the cases concerned differed before they were delayed.
    ``covariance`` is that of ``contacts``. ``days``, ``came`` and ``expected`` (delays x phases)
    are the time in each phase, the contacts in it and those expected without any delay; ``rates`` what
    each phase adds a day. ``own`` is the share of each delay's time that no other delay explains.
    """

    contacts: Floats
    covariance: Floats
    early: Floats
    early_error: Floats
    days: Floats
    came: Floats
    expected: Floats
    rates: Floats
    own: Floats
    like: NDArray[np.int64]


@dataclass(frozen=True)
class Delayed:
    """Cases whose clock ran out, with what they spent in every phase (phases x cases, in days)."""

    rows: NDArray[np.bool_]
    phases: Spans
    stages: Spans
    times: Floats
    came: Floats
    expected: Floats


def estimate(study: Study, horizon: float) -> tuple[Baseline, Excess]:
    """The baseline of STUDY and what its delays add to it."""
    baseline = fit_baseline(study, horizon)
    late = _delayed(study, baseline)
    count = len(study.since)
    overlap = _overlaps(late.phases)
    residual = (late.came - late.expected).sum(axis=1)
    inverse = np.linalg.pinv(overlap, rcond=1e-9, hermitian=True)
    rates = inverse @ residual
    days = late.phases.days.sum(axis=1)
    wanted = _wanted(days, count) @ inverse
    scores = _scores(study, baseline, late, wanted, rates)
    _, pulls = pulled(scores, study.customer)
    covariance = pulls.T @ pulls * _freedom(study, baseline)
    values = wanted @ residual
    own, like = _own(overlap)
    return baseline, Excess(
        values[:count],
        covariance[:count, :count],
        values[count:],
        np.sqrt(np.maximum(np.diag(covariance)[count:], 0.0)),
        days.reshape(count, 3),
        late.came.sum(axis=1).reshape(count, 3),
        late.expected.sum(axis=1).reshape(count, 3),
        rates.reshape(count, 3),
        own,
        like,
    )


def _freedom(study: Study, baseline: Baseline) -> float:
    """What the fit of many rates to few contacts takes from their scatter, given back."""
    contacts = int((study.time <= study.free[study.case]).sum())
    return contacts / max(contacts - len(baseline.information), contacts / 2, 1)


def _delayed(study: Study, baseline: Baseline) -> Delayed:
    """What came in every phase, and what the baseline expects in it."""
    rows = study.free < study.followed
    phases = study.delays(rows)
    case, time = study.contacts_of(rows)
    came = np.zeros((len(phases), int(rows.sum())))
    inside = phases.holding(case, time)
    for phase in range(len(phases)):
        came[phase] = np.bincount(case, inside[:, phase], came.shape[1])
    return Delayed(
        rows,
        phases,
        study.stage_spans(rows, study.followed[rows]),
        baseline.times(study.held[rows]),
        came,
        expected_in(phases, study, rows, baseline),
    )


def expected_in(phases: Spans, study: Study, rows: NDArray[np.bool_], baseline: Baseline) -> Floats:
    """Contacts that the BASELINE expects of the cases ROWS in every one of PHASES (phases x cases)."""
    stages = study.stage_spans(rows, study.followed[rows])
    pairs = zip(phases.low, phases.high, strict=True)
    found = np.array([baseline.expected(low, high, stages) for low, high in pairs])
    return found * baseline.times(study.held[rows])


def _overlaps(phases: Spans) -> Floats:
    """Days that phases have in common, over all cases."""
    count = len(phases)
    days = np.zeros((count, count))
    for one in range(count):
        for two in range(one, count):
            if one == two or one // 3 != two // 3:
                days[one, two] = days[two, one] = phases.together(one, phases, two).sum()
    return days


def _wanted(days: Floats, count: int) -> Floats:
    """What is asked of the rates: each delay's contacts, and then the rate before each delay."""
    wanted = np.zeros((2 * count, 3 * count))
    for delay in range(count):
        for phase in (DURING, AFTER):
            wanted[delay, 3 * delay + phase] = days[3 * delay + phase]
        wanted[count + delay, 3 * delay + BEFORE] = 1.0
    return wanted


def _own(overlap: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """The share of each delay's time that others leave over, and the delay most like it."""
    count = len(overlap) // 3
    delays = np.zeros((count, count))
    for one in range(count):
        for two in range(count):
            block = overlap[3 * one + 1 : 3 * one + 3, 3 * two + 1 : 3 * two + 3]
            delays[one, two] = block.sum()
    size = np.sqrt(np.maximum(np.diag(delays), 1e-12))
    alike = delays / np.outer(size, size)
    inverse = np.linalg.pinv(alike, rcond=1e-9, hermitian=True)
    own = np.where(np.diag(delays) > 0, 1 / np.maximum(np.diag(inverse), 1e-12), 0.0)
    # A pseudo-inverse hides that two delays are one and the same.
    np.fill_diagonal(alike, 0.0)
    own = np.where(alike.max(axis=1, initial=0.0) > 1 - 1e-6, 0.0, own)
    return np.minimum(own, 1.0), alike.argmax(axis=1)


def _scores(
    study: Study, baseline: Baseline, late: Delayed, wanted: Floats, rates: Floats
) -> Floats:
    """How far each case pulls what is WANTED (cases x wanted): in its delays, and in the baseline."""
    scores = np.zeros((len(study.followed), len(wanted)))
    fitted = np.zeros_like(late.came)
    count = len(late.phases)
    for one in range(count):
        for two in range(one, count):
            if one == two or one // 3 != two // 3:
                common = late.phases.together(one, late.phases, two)
                fitted[one] += rates[two] * common
                if one != two:
                    fitted[two] += rates[one] * common
    scores[late.rows] = (late.came - late.expected - fitted).T @ wanted.T
    moved = wanted @ _dependence(study, baseline, late)
    direction = np.linalg.pinv(baseline.information, rcond=1e-10).T @ moved.T
    for batch in batches(study):
        scores[batch.rows] -= _baseline_scores(batch, baseline, direction)
    return scores


def _dependence(study: Study, baseline: Baseline, late: Delayed) -> Floats:
    """How what is expected in each phase moves with pieces, stages and held columns."""
    found = []
    for phase in range(len(late.phases)):
        low, high = late.phases.low[phase], late.phases.high[phase]
        pieces = baseline.clock.occupied(low, high, late.times)
        stages = [
            late.phases.together(phase, late.stages, stage) @ late.times
            for stage in range(len(late.stages))
        ]
        held = late.expected[phase] @ study.held[late.rows]
        found.append(np.concatenate([pieces, stages, held]))
    return np.array(found)


def _baseline_scores(batch: Batch, baseline: Baseline, direction: Floats) -> Floats:
    """How far each case pulls the baseline in each DIRECTION (parameters x directions)."""
    clock, count = baseline.clock, len(baseline.stages)
    pieces, stages, held = np.split(direction, [clock.pieces, clock.pieces + count])
    at = pieces[clock.piece(batch.time)] + batch.stages.holding(batch.case, batch.time) @ stages
    scores = np.column_stack([np.bincount(batch.case, each, len(batch.free)) for each in at.T])
    times = baseline.times(batch.held)[:, None]
    compensated = times * _along(batch, baseline, pieces, stages)
    expected = baseline.expected(np.zeros_like(batch.free), batch.free, batch.stages)
    left = batch.came - np.maximum(expected, 0.0) * times[:, 0]
    pulled_by = scores - compensated + left[:, None] * (batch.held @ held)
    return np.asarray(pulled_by * batch.weight[:, None])


def _along(batch: Batch, baseline: Baseline, pieces: Floats, stages: Floats) -> Floats:
    """The integral of (PIECES + STAGES) times the rates, over each case's time without delay."""
    clock, rates = baseline.clock, baseline.stages
    scores = clock.cumulated(pieces * baseline.rates[:, None])(batch.free)
    for one in range(len(rates)):
        function = clock.cumulated(np.outer(baseline.rates, stages[one]) + pieces * rates[one])
        scores += function(batch.stages.high[one]) - function(batch.stages.low[one])
        for two in range(one, len(rates)):
            both = stages[one] * rates[two]
            if one != two:
                both = both + stages[two] * rates[one]
            common = batch.stages.together(one, batch.stages, two)
            if common.any():
                scores += np.outer(common, both)
    return np.asarray(scores)
