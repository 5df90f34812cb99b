"""Contacts by the time since a case was delayed, as they came and as they would have come."""

import itertools

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.demand.baseline import Baseline
from zaplecze.impact.demand.excess import expected_in
from zaplecze.impact.demand.result import Curve
from zaplecze.impact.demand.spans import Spans
from zaplecze.impact.demand.study import Study
from zaplecze.impact.lever import FEWEST_EXPOSED
from zaplecze.impact.linear import pulled

_POINTS = 24
_HALF_WIDTH = 1.959963984540054


def curve(study: Study, baseline: Baseline, *, once: bool) -> Curve:
    """Contacts per case since the first delay of STUDY, as far as enough cases are followed.

    The mean cumulative function (Nelson 2003), or of what happens ONCE a case the cumulative
    incidence, in which whoever is no longer followed for another reason than the end of the records
    counts as not having done it; both from rates that are constant between the points. Bands are
    clustered by customer.
    """
    rows = study.delayed
    first = np.nanmin(study.since[:, rows], axis=0)
    left = study.followed[rows] - first
    last = float(np.partition(left, -FEWEST_EXPOSED)[-FEWEST_EXPOSED])
    marks = np.linspace(0.0, last, _POINTS + 1)
    pieces = Spans.of(
        [(first + low, first + high) for low, high in itertools.pairwise(marks)],
        first,
        study.followed[rows],
    )
    case, time = study.contacts_of(rows)
    late = time > first[case]
    came = _came(case[late], time[late] - first[case[late]], marks, int(rows.sum()))
    expected = expected_in(pieces, study, rows, baseline).sum(axis=1)
    days = np.maximum(pieces.days.sum(axis=1), 1e-12)
    gone = np.histogram(left[study.gone[rows]], marks)[0] / days
    widths = np.diff(marks)
    observed, weight = _cumulated(came.sum(axis=1) / days, gone, widths, once)
    without, _ = _cumulated(np.maximum(expected, 0.0) / days, gone, widths, once)
    error = _errors(came, pieces.days, days, weight, study.customer[rows])
    return Curve(
        marks.tolist(),
        observed.tolist(),
        np.maximum(observed - _HALF_WIDTH * error, 0.0).tolist(),
        (observed + _HALF_WIDTH * error).tolist(),
        without.tolist(),
    )


def _came(case: NDArray[np.int64], since: Floats, marks: Floats, cases: int) -> Floats:
    """Contacts by piece of time and case."""
    pieces = len(marks) - 1
    piece = np.searchsorted(marks, since, side="left") - 1
    inside = piece < pieces
    flat = piece[inside] * cases + case[inside]
    return np.bincount(flat, minlength=pieces * cases).reshape(pieces, cases).astype(np.float64)


def _cumulated(rates: Floats, gone: Floats, widths: Floats, once: bool) -> tuple[Floats, Floats]:
    """The curve from 0 on, and for how long a case is still there in each piece.

    RATES are those of contacts, GONE those of other events that end the following.
    """
    ending = gone + rates if once else gone
    there = np.exp(-np.concatenate([[0.0], np.cumsum(ending * widths)]))
    spent = widths * np.where(
        ending > 0, (there[:-1] - there[1:]) / np.maximum(ending * widths, 1e-300), there[:-1]
    )
    return np.concatenate([[0.0], np.cumsum(rates * spent)]), spent


def _errors(
    came: Floats, days: Floats, spent: Floats, weight: Floats, customer: NDArray[np.int64]
) -> Floats:
    """Standard errors of the curve, from how far each customer's cases pull it."""
    rates = came.sum(axis=1) / spent
    pull = np.cumsum((came - rates[:, None] * days) * (weight / spent)[:, None], axis=0)
    _, pulls = pulled(pull.T, customer)
    return np.concatenate([[0.0], np.sqrt((pulls**2).sum(axis=0))])
