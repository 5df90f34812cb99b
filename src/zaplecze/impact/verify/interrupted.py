"""Interrupted time series: level and slope of one series before and after the change."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from zaplecze.errors import InputError
from zaplecze.impact.verify import course
from zaplecze.impact.verify.calendar import Calendar
from zaplecze.impact.verify.course import Course
from zaplecze.impact.verify.looks import Reading
from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.result import Family, Floats, Guess, Placebo, PreTrend
from zaplecze.language import N_, say

Change = Literal["level", "both"]

FEWEST_BEFORE = 8
# A slope of its own needs some periods to be seen in.
_FEWEST_FOR_SLOPE = 8


@dataclass(frozen=True)
class Interrupted:
    """The fitted series: the mean effect, its parts, and what would have been without the change.

    ``effect`` is in units of the outcome, for counts the logarithm of the ratio; ``level`` is the
    jump at the change and ``slope`` what is added with each period after it.
    """

    effect: Guess
    level: Guess
    slope: Guess | None
    course: Course
    counterfactual: list[Guess]
    seasonal: bool
    memory_left: float


@dataclass(frozen=True)
class _Design:
    columns: Floats
    start: int
    level: int
    slope: int | None
    left_out: frozenset[int]
    season: int

    @property
    def after(self) -> list[int]:
        """The periods from which something is concluded."""
        return [k for k in range(self.start, len(self.columns)) if k not in self.left_out]

    def contrast(self, level: float, slope: float) -> Floats:
        found = np.zeros(self.columns.shape[1])
        found[self.level] = level
        if self.slope is not None:
            found[self.slope] = slope
        return found

    @property
    def mean_effect(self) -> Floats:
        """Level and slope over the periods after the change."""
        return self.contrast(1.0, float(np.mean(self.after)) - self.start)


def default_change(after: int) -> Change:
    """Level and slope where the periods AFTER the change let a slope be seen, else the level."""
    return "both" if after >= _FEWEST_FOR_SLOPE else "level"


def interrupted(
    series: Panel, family: Family, change: Change, left_out: frozenset[int] = frozenset()
) -> Interrupted:
    """Fit SERIES (one unit). Periods LEFT_OUT count neither before nor after.

    Segmented regression (Wagner et al. 2002; Bernal et al. 2017) with the season by waves, errors
    with memory by restricted likelihood, counts with scatter beyond chance.
    """
    outcome, offset = _values(series, family)
    if series.mixed is not None:
        left_out = left_out | {series.mixed}
    design = _design(series.calendar, len(outcome), series.go_live, change, left_out)
    _check_room(design)
    fitted = course.fit(outcome, design.columns, family, offset)
    without = design.columns.copy()
    for column in (design.level, design.slope):
        if column is not None:
            without[:, column] = 0.0
    return Interrupted(
        effect=fitted.guess(design.mean_effect),
        level=fitted.guess(design.contrast(1.0, 0.0)),
        slope=None if design.slope is None else fitted.guess(design.contrast(0.0, 1.0)),
        course=fitted,
        counterfactual=[fitted.guess(row) for row in without],
        seasonal=design.season > 0,
        memory_left=course.remembered(fitted.innovations),
    )


@dataclass(frozen=True)
class Before:
    """The periods before the change, the season taken out."""

    outcome: Floats
    offset: Floats | None
    family: Family

    def fit(self, size: int, *more: Floats) -> tuple[Course, Guess] | None:
        """Level, slope and MORE columns on the first SIZE periods, and the guess of the last one.

        None where the periods do not suffice.
        """
        time = np.linspace(-1, 1, size)
        design = np.column_stack([np.ones(size), time, *more])
        if size - design.shape[1] < 3:
            return None
        offset = None if self.offset is None else self.offset[:size]
        found = course.fit(self.outcome[:size], design, self.family, offset)
        return found, found.guess(np.eye(design.shape[1])[-1])


def before(series: Panel, family: Family, fitted: Interrupted | None = None) -> Before:
    """What FITTED leaves before the change when its season is gone; a plan fits the season here."""
    outcome, offset = _values(series, family)
    size = series.go_live if series.mixed is None else series.mixed
    season = series.calendar.season(len(outcome) if fitted else size)[:size]
    if not season.shape[1]:
        return Before(outcome[:size], None if offset is None else offset[:size], family)
    if fitted is None:
        design = np.column_stack([np.ones(size), np.linspace(-1, 1, size), season])
        cut = None if offset is None else offset[:size]
        waves = course.fit(outcome[:size], design, family, cut).coefficients[2:]
    else:
        waves = fitted.course.coefficients[2 : 2 + season.shape[1]]
    swing = season @ waves - (season @ waves).mean()
    if family == "gaussian":
        return Before(outcome[:size] - swing, None, family)
    base = np.ones(size) if offset is None else offset[:size]
    return Before(outcome[:size], base * np.exp(swing), family)


def known_before(series: Panel, family: Family, *, planned: bool = False) -> Course | None:
    """Level, slope and season before the change, for what errors are to be expected after it.

    The season is fitted beside the memory here, since taking it out first takes some memory too.
    None where the periods do not suffice. PLANNED: no period after the change is there yet.
    """
    outcome, offset = _values(series, family)
    size = series.go_live if series.mixed is None else series.mixed
    season = series.calendar.season(size if planned else len(outcome))[:size]
    design = np.column_stack([np.ones(size), np.linspace(-1, 1, size), season])
    if size - design.shape[1] < 3:
        return None
    return course.fit(outcome[:size], design, family, None if offset is None else offset[:size])


def bend(past: Before) -> PreTrend:
    """Was the course before the change straight? A bend would be taken for an effect."""
    size = len(past.outcome)
    found = past.fit(size, np.linspace(-1, 1, size) ** 2) if size > FEWEST_BEFORE else None
    if found is None:
        return PreTrend(None, None, None, size)
    return PreTrend(found[1].p_value, found[1].estimate, None, size)


def placebo(past: Before, change: Change) -> Placebo:
    """The same on the time before, as if the change had come in its middle."""
    size = len(past.outcome)
    if size < 2 * FEWEST_BEFORE:
        return Placebo()
    start, time = size // 2, np.arange(size, dtype=float)
    after = (time >= start).astype(float)
    # Centred on the time after, so that the level is the mean effect.
    slope = [after * (time - time[start:].mean())] if change == "both" else []
    found = past.fit(size, *slope, after)
    if found is None:
        return Placebo()
    guess = found[1]
    # However often the result is read, this is looked at once.
    bounds = guess.interval(Reading("once").critical(guess.dof, 1.0))
    return Placebo(guess.estimate, bounds, guess.p_value)


def dip(past: Before) -> tuple[Guess, int] | None:
    """How far the last periods before the change stood from the course before them.

    None where there are too few periods. Returns the guess and how many periods it looks at.
    """
    size = len(past.outcome)
    last = max(1, size // 8)
    if size - last < FEWEST_BEFORE:
        return None
    found = past.fit(size, (np.arange(size) >= size - last).astype(float))
    return None if found is None else (found[1], last)


def error_after(
    series: Panel, known: Course, after: int, change: Change
) -> tuple[float, float, float]:
    """The error that the effect will have with AFTER periods, its degrees of freedom, its doubt."""
    size = len(known.mean)
    design = _design(series.calendar, size + after, size, change, frozenset())
    weights = np.ones(size + after)
    if known.family != "gaussian":
        mean = np.append(known.mean, np.full(after, known.mean.mean()))
        weights = np.sqrt(mean / (1 + known.clumping * mean))
    error = course.planned_error(weights, design.columns, design.mean_effect, known)
    # How well the scatter is known before is how well it will be known, at the least.
    # The periods before are most of those from which the error will be taken: no doubt beyond it.
    return error, known.guess(np.eye(len(known.coefficients))[0]).dof, 0.0


def _values(series: Panel, family: Family) -> tuple[Floats, Floats | None]:
    """The series and, for counts, its offset; other outcomes are divided by it."""
    if family == "gaussian":
        return series.rate[0], None
    outcome = series.outcome[0]
    wrong = (outcome < 0) | (outcome != np.round(outcome))
    if wrong.any():
        raise InputError(
            say(
                N_(
                    "The outcome is {value} at {period}, which is no count. Leave --family out, or "
                    "give the column that holds counts."
                ),
                value=f"{outcome[wrong.argmax()]:g}",
                period=series.calendar.label(int(wrong.argmax())),
            )
        )
    after = outcome[series.go_live :]
    if not outcome[: series.go_live].sum() or (after.size and not after.sum()):
        raise InputError(
            say(
                N_(
                    "Nothing at all was counted before the change, or nothing after it, so that "
                    "there is no ratio. Bring a longer time, or leave --family out."
                )
            )
        )
    return outcome, None if series.offset is None else series.offset[0]


def _design(
    calendar: Calendar, size: int, start: int, change: Change, left_out: frozenset[int]
) -> _Design:
    time = np.arange(size, dtype=np.float64)
    after = (time >= start).astype(float)
    season = calendar.season(size)
    columns = [np.ones(size), (time - start) / size, *season.T]
    level = len(columns)
    columns.append(after)
    slope = None
    if change == "both":
        slope = len(columns)
        columns.append(after * (time - start))
    # A period with a column of its own tells nothing about the others.
    inside = sorted(k for k in left_out if k < size)
    columns += [(time == k).astype(float) for k in inside]
    return _Design(
        np.column_stack(columns), start, level, slope, frozenset(inside), season.shape[1]
    )


def _check_room(design: _Design) -> None:
    rows, columns = design.columns.shape
    if rows - columns < 3:
        raise InputError(
            say(
                N_(
                    "There are {rows} periods, too few for an interrupted time series. Bring at "
                    "least {fewest} before the change and several after it, or shorter periods."
                ),
                rows=rows,
                fewest=FEWEST_BEFORE,
            )
        )
