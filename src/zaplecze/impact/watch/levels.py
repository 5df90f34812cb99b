"""How much a change is: since when, the level before and after, a jump or a slow trend."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.watch import families, fitting
from zaplecze.impact.watch.changes import change_evidence, joint_evidence
from zaplecze.impact.watch.families import Floats
from zaplecze.impact.watch.fitting import Columns, Fit
from zaplecze.impact.watch.monitor import Break, Observed, earliest_change

Z95 = 1.959964
_TREND_EVIDENCE = 2.0
"""So much more likely (in logarithms) must a climb be than a jump to be called one."""


@dataclass(frozen=True)
class Shape:
    """One change as the model sees it: periods ``began`` (with 95 % interval) to ``end``.

    ``trend`` is a steady climb from ``began`` on; otherwise the level jumps.
    """

    began: int
    earliest: int
    latest: int
    end: int
    trend: bool

    def column(self, periods: int) -> Floats:
        """The change in the design: 0 before it began, 1 at its end."""
        since = np.arange(periods) - self.began + 1.0
        if self.trend:
            return np.asarray(np.clip(since / (self.end - self.began), 0.0, 1.0))
        return np.asarray((since > 0) * 1.0)


@dataclass(frozen=True)
class Level:
    """An expected value of a period, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """A shape with the level that would be expected without it, the level there is, and the change.

    ``factor`` is after divided by before, ``difference`` after minus before; ``without`` are the
    values expected without the change, a period each from ``shape.began`` to ``shape.end``.
    ``seasonal`` where the time of year cannot be known yet, and one would explain the change as well.
    """

    shape: Shape
    before: Level
    after: Level
    factor: Level
    difference: Level
    without: Floats
    seasonal: bool


@dataclass(frozen=True)
class Picture:
    """A series as it looks from today: its changes, and the value expected in every period.

    ``breaks`` are the alarms, one a change; those that only followed a slow trend are left out.
    """

    breaks: list[Break]
    changes: list[Change]
    expected: Floats
    columns: Columns
    fitted: Fit


def picture(series: Observed, breaks: list[Break]) -> Picture:
    """All changes of SERIES, estimated from every period up to the next change or today."""
    total = len(series.values)
    shapes: list[Shape] = []
    for i, broken in enumerate(breaks):
        end = breaks[i + 1].began if i + 1 < len(breaks) else total
        shapes.append(_shape(series, shapes, broken, end))
    breaks, shapes = _trends_joined(series, breaks, shapes)
    steps = [shape.column(total) for shape in shapes]
    columns = series.columns(steps=np.array(steps).T.reshape(total, len(steps)))
    fitted = fitting.fit(columns, series.precision(total, len(steps)))
    eta = (columns.design @ fitted.beta)[:, 0]
    seasonal = _seasonal(series, columns, len(shapes))
    changes = [
        _change(series, columns, fitted, shape, i, seasonal) for i, shape in enumerate(shapes)
    ]
    return Picture(breaks, changes, families.mean(series.kind, eta, series.n), columns, fitted)


def _shape(series: Observed, earlier: list[Shape], broken: Break, end: int) -> Shape:
    total = len(series.values)
    first = earliest_change(series, earlier[-1].began if earlier else 0, broken.raised)
    candidates = np.arange(first, broken.raised + 1)
    supposed = Shape(broken.began, 0, 0, end, trend=False)
    steps = np.stack([shape.column(total) for shape in (*earlier, supposed)], axis=1)
    known = series.columns(steps=steps).until(end)
    fitted = fitting.fit(known, series.precision(end, steps.shape[1]))
    jump = change_evidence(known, fitted, candidates)
    climb = change_evidence(known, fitted, candidates, ramp=True)
    trend = bool(climb.max() > jump.max() + _TREND_EVIDENCE)
    began, low, high = _most_likely(climb if trend else jump, candidates)
    return Shape(began, low, high, end, trend)


def _trends_joined(
    series: Observed, breaks: list[Break], shapes: list[Shape]
) -> tuple[list[Break], list[Shape]]:
    """Several changes the same way, one after the other, as one slow trend where that says as much.

    Every further change must earn its two numbers (Schwarz 1978).
    """
    kept: list[Break] = []
    joined: list[Shape] = []
    first = 0
    while first < len(breaks):
        last = first
        while last + 1 < len(breaks) and breaks[last + 1].up == breaks[first].up:
            last += 1
        trend = (
            _trend(series, joined, breaks[first], shapes[first : last + 1])
            if last > first
            else None
        )
        run = slice(first, first + 1 if trend else last + 1)
        kept += breaks[run]
        joined += [trend] if trend else shapes[run]
        first = last + 1
    return kept, joined


def _trend(
    series: Observed, earlier: list[Shape], raised: Break, shapes: list[Shape]
) -> Shape | None:
    """One trend in place of SHAPES, or None where they say more."""
    total, end, many = len(series.values), shapes[-1].end, len(shapes)
    steps = np.stack([shape.column(total) for shape in (*earlier, *shapes)], axis=1)
    known = series.columns(steps=steps).until(end)
    fitted = fitting.fit(known, series.precision(end, steps.shape[1]))
    first = earliest_change(series, earlier[-1].began if earlier else 0, raised.raised)
    candidates = np.arange(first, raised.raised + 1)
    climb = change_evidence(known, fitted, candidates, ramp=True, supposed=many)
    apart = joint_evidence(known, fitted, many)
    if climb.max() < apart - (many - 1) * np.log(known.used.sum()):
        return None
    began, low, high = _most_likely(climb, candidates)
    return Shape(began, low, high, end, trend=True)


def _most_likely(evidence: Floats, candidates: NDArray[np.int64]) -> tuple[int, int, int]:
    """The likeliest candidate and the ends of the 95 % in the middle, every one alike beforehand."""
    weight = np.exp(evidence - evidence.max())
    share = np.cumsum(weight) / weight.sum()
    best = int(np.argmax(evidence))
    low = min(int(np.searchsorted(share, 0.025)), best)
    high = max(int(np.searchsorted(share, 0.975)), best)
    return (
        int(candidates[best]),
        int(candidates[low]),
        int(candidates[min(high, len(candidates) - 1)]),
    )


def _change(
    series: Observed,
    columns: Columns,
    fitted: Fit,
    shape: Shape,
    index: int,
    seasonal: list[bool],
) -> Change:
    """Levels over the periods of the change; of a trend, at its end."""
    at = columns.design.shape[1] - len(seasonal) + index
    inside = np.arange(shape.began, shape.end)
    seen = inside[columns.used[inside]] if columns.used[inside].any() else inside
    rows = columns.design[seen].copy()
    rows[:, at] = 0.0
    size = float(fitted.beta[at, 0])
    covariance = fitted.covariance[0] * _inflation(columns, fitted)
    middle = rows.mean(axis=0)
    alone = np.zeros(len(middle))
    alone[at] = 1.0
    eta = (rows @ fitted.beta)[:, 0]

    def level(shift: float, direction: Floats) -> Level:
        error = Z95 * float(np.sqrt(max(direction @ covariance @ direction, 0.0)))
        ends = (shift, shift - error, shift + error)
        return Level(*(_natural(series, eta + each) for each in ends))

    before, after = level(0.0, middle), level(size, middle + alone)
    moved = level(size, alone)
    return Change(
        shape,
        before,
        after,
        factor=Level(
            *(_ratio(each, before.value) for each in (moved.value, moved.low, moved.high))
        ),
        difference=Level(*(each - before.value for each in (moved.value, moved.low, moved.high))),
        without=_without(series, columns, fitted, shape, at),
        seasonal=seasonal[index],
    )


def _seasonal(series: Observed, columns: Columns, changes: int) -> list[bool]:
    """Of the last CHANGES of the design, which may be nothing once any smooth season is let in.

    Before two years it cannot be learnt, but what a step adds to whatever the year does can be seen.
    """
    if series.season.has_year or not changes:
        return [False] * changes
    total = len(series.values)
    fitted = fitting.fit(columns, series.precision(total, changes, any_year=True))
    places = slice(columns.design.shape[1] - changes, None)
    variance = np.diagonal(fitted.covariance[0])[places] * _inflation(columns, fitted)
    return [bool(each) for each in np.abs(fitted.beta[places, 0]) <= Z95 * np.sqrt(variance)]


def _without(series: Observed, columns: Columns, fitted: Fit, shape: Shape, at: int) -> Floats:
    rows = columns.design[shape.began : shape.end].copy()
    rows[:, at] = 0.0
    eta = (rows @ fitted.beta)[:, 0]
    return families.mean(series.kind, eta, series.n[shape.began : shape.end])


def _natural(series: Observed, eta: Floats) -> float:
    """The mean over periods of what ETA expects for one unit of exposure."""
    value = families.mean(series.kind, eta, np.ones(len(eta)))
    return float(np.exp(value.mean()) if series.kind == "wait" else value.mean())


def _ratio(value: float, base: float) -> float:
    return value / base if base > 0 else float("nan")


def _inflation(columns: Columns, fitted: Fit) -> float:
    """How much autocorrelation widens the variance of a level."""
    _, chance = fitting.deviations(columns, fitted.beta)
    phi, variance = float(fitted.correlation[0]), float(fitted.variance[0])
    share = float(np.mean(variance / (variance + chance[columns.used, 0])))
    return 1 + 2 * phi / (1 - phi) * share
