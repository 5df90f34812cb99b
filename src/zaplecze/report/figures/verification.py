"""The picture of a verification: what was seen, and what would have been without the change."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from zaplecze.impact.verify import Series, Verification
from zaplecze.language import N_, Language, number, say
from zaplecze.process.svg import text_width
from zaplecze.report.figures.rows import WIDE
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Scale, wrap

_HEIGHT = 240
_MARGIN = 16
_TICKS = 6
_TITLE_LINES = 3
_MOST_DOTS = 16


@dataclass(frozen=True)
class _Frame:
    """Where periods and values lie."""

    across: Scale
    up: Scale
    top: float
    bottom: float

    def points(self, values: Sequence[float | None], start: int = 0) -> list[tuple[float, float]]:
        """The pixels of VALUES from period START on; those missing are passed over."""
        return [
            (self.across(k), self.up(value))
            for k, value in enumerate(values)
            if k >= start and value is not None and math.isfinite(value)
        ]


def verification_figure(
    found: Verification, language: Language, width: int = WIDE, *, headed: bool = True
) -> str:
    """The series with the go-live, the course without the change and its interval, as SVG.

    The title is the verdict's message; lines carry their names at their ends. Unless ``headed``,
    message and subtitle are left to what stands around it.
    """
    canvas = Canvas(width)
    title = wrap(found.headline[language], width - 2 * _MARGIN, _TITLE_LINES) if headed else []
    top = _MARGIN + LINE * (len(title) + 1) + 30 if headed else _MARGIN + LINE
    height = top + _HEIGHT + 2 * LINE + 10
    if headed:
        canvas.rect(0, 0, width, height, "paper")
    for position, line in enumerate(title):
        canvas.text(_MARGIN, _MARGIN + LINE * (position + 1) - 6, line, strong=True)
    if headed:
        canvas.text(_MARGIN, top - 34, subtitle(found, language), ink="soft")
    frame = _frame(found.series, width, top, language)
    _grid(canvas, frame, width, language)
    _go_live(canvas, frame, found.series, language)
    _courses(canvas, frame, found.series, language)
    _periods(canvas, frame, found.series)
    return canvas.to_svg(height, found.sentence[language])


def subtitle(found: Verification, language: Language) -> str:
    """What is drawn and of how many units."""
    if found.method == "staggered":
        return say(
            N_("{outcome}: difference from units without the change, by periods since it"),
            outcome=found.outcome,
        )[language]
    if found.method == "its":
        return say(N_("{outcome} by period"), outcome=found.outcome)[language]
    return say(
        N_("{outcome} by period, mean of the units with the change (n = {n})"),
        outcome=found.outcome,
        n=number(found.treated),
    )[language]


def _frame(series: Series, width: int, top: float, language: Language) -> _Frame:
    drawn = [*series.observed, *series.counterfactual, *series.low, *series.high]
    values = [value for value in drawn if value is not None and math.isfinite(value)]
    low, high = min(values), max(values)
    air = 0.06 * (high - low) or 1.0
    bottom = top + _HEIGHT
    up = Scale(low - air, high + air, bottom, top)
    step = _step(up)
    numbers = max(text_width(_tick(t, step)[language], FONT_SIZE) for t in _ticks(up))
    names = max(text_width(word, FONT_SIZE) for word in _names(language))
    right = width - _MARGIN - names - 10
    across = Scale(0, max(len(series.times) - 1, 1), _MARGIN + numbers + 12, right)
    return _Frame(across, up, top, bottom)


def _grid(canvas: Canvas, frame: _Frame, width: int, language: Language) -> None:
    step = _step(frame.up)
    for tick in _ticks(frame.up):
        y = frame.up(tick)
        canvas.line(frame.across.left, y, frame.across.right, y, "line")
        canvas.text(
            frame.across.left - 8, y + 5, _tick(tick, step)[language], ink="soft", anchor="end"
        )


def _go_live(canvas: Canvas, frame: _Frame, series: Series, language: Language) -> None:
    """A line between the last period before the change and the first one after it."""
    if series.go_live >= len(series.times):
        return
    x = frame.across(series.go_live - 0.5)
    canvas.line(x, frame.top - 6, x, frame.bottom, "soft", dashed=True)
    words = say(N_("change: {time}"), time=series.times[series.go_live])[language]
    fits = x + text_width(words, FONT_SIZE) < canvas.width - _MARGIN
    canvas.text(x, frame.top - 10, words, ink="soft", anchor="start" if fits else "end")


def _courses(canvas: Canvas, frame: _Frame, series: Series, language: Language) -> None:
    low, high = frame.points(series.low), frame.points(series.high)
    if len(low) == 1:
        # One period has no width of its own.
        low, high = ([(x - 4, y), (x + 4, y)] for x, y in (low[0], high[0]))
    if low:
        canvas.area([*high, *reversed(low)], "line")
    without = frame.points(series.counterfactual)
    if without:
        canvas.curve(without, "soft", width=1.5, dashed=True)
    seen = frame.points(series.observed)
    canvas.curve(seen, "accent", width=2)
    if len(seen) <= _MOST_DOTS:
        for x, y in seen:
            canvas.dot(x, y, "accent")
    with_change, unchanged = _names(language)
    ends = [(seen[-1][1], with_change, True)]
    if without:
        ends.append((without[-1][1], unchanged, False))
    for y, words, strong in _apart(ends):
        canvas.text(
            frame.across.right + 10, y + 5, words, ink="accent" if strong else "soft", strong=strong
        )


def _names(language: Language) -> tuple[str, str]:
    return say(N_("seen"))[language], say(N_("without the change"))[language]


def _apart(ends: list[tuple[float, str, bool]]) -> list[tuple[float, str, bool]]:
    """Names at the ends of lines, moved until none covers another."""
    ordered = sorted(ends)
    if len(ordered) < 2 or ordered[1][0] - ordered[0][0] >= LINE:
        return ordered
    middle = (ordered[0][0] + ordered[1][0]) / 2
    return [
        (middle - LINE / 2, *ordered[0][1:]),
        (middle + LINE / 2, *ordered[1][1:]),
    ]


def _periods(canvas: Canvas, frame: _Frame, series: Series) -> None:
    """The first and the last period, and one between where there is room."""
    y = frame.bottom + LINE + 4
    last = len(series.times) - 1
    canvas.line(frame.across.left, frame.bottom, frame.across.right, frame.bottom, "grey")
    canvas.text(frame.across.left, y, series.times[0], ink="soft")
    canvas.text(frame.across.right, y, series.times[last], ink="soft", anchor="end")
    room = frame.across.right - frame.across.left
    if last >= 4 and room > 4 * text_width(series.times[last // 2], FONT_SIZE):
        canvas.text(
            frame.across(last // 2), y, series.times[last // 2], ink="soft", anchor="middle"
        )


def _ticks(scale: Scale) -> list[float]:
    step = _step(scale)
    first = math.ceil(scale.low / step)
    return [k * step for k in range(first, math.floor(scale.high / step) + 1)]


def _step(scale: Scale) -> float:
    """A round distance that gives about `_TICKS` lines."""
    rough = (scale.high - scale.low) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= rough)


def _tick(value: float, step: float) -> dict[Language, str]:
    return number(value, max(0, -math.floor(math.log10(step))))
