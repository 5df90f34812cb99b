"""The spider of a business case, as SVG: its present value while one input after the other changes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaplecze.language import N_, Language, Text, percent, rounded_money, say
from zaplecze.process.svg import text_width
from zaplecze.report.figures.plot import Heading
from zaplecze.report.figures.rows import WIDE
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink, Scale, wrap
from zaplecze.report.moneyunit import Unit

if TYPE_CHECKING:
    from zaplecze.money.case import CaseResult
    from zaplecze.money.case.sensitivity import Leg

MOST_LEGS = 8
"""Assumptions that a spider draws."""

_LEAST_HEIGHT = 240
_LABELS, _GAP = 0.42, 22
_WIDE_FROM = 560


def spider_heading(result: "CaseResult") -> Heading:
    """What the spider says and shows."""
    steepest = result.spider[0]
    return Heading(_message(result, steepest), _subtitle(steepest, spider_unit(result)))


def spider_unit(result: "CaseResult") -> Unit:
    """The unit of the spider."""
    ends = [value for leg in result.spider[:MOST_LEGS] for value in leg.npv]
    return Unit.of(ends, result.currency)


def spider_figure(
    result: "CaseResult", language: Language, width: int = WIDE, *, headed: bool = True
) -> str:
    """The net present value over the same change of each input, the steepest line first.

    RESULT must have a spider (``result.spider``); its eight steepest legs are drawn.
    """
    legs, unit = result.spider[:MOST_LEGS], spider_unit(result)
    ends = [value for leg in legs for value in leg.npv]
    canvas = Canvas(width)
    heading = spider_heading(result)
    top = LINE + (heading.drawn(canvas, language) if headed else 0.0)
    told = [leg_label(leg, unit)[language] for leg in legs]
    # On a phone lines carry numbers, and what they are stands below.
    label_width = width * _LABELS if width >= _WIDE_FROM else text_width("8", FONT_SIZE)
    labels = [
        wrap(words, label_width, 2) if width >= _WIDE_FROM else [str(k)]
        for k, words in enumerate(told, 1)
    ]
    height = max(_LEAST_HEIGHT, sum(len(lines) * LINE + 6 for lines in labels))
    left = max(text_width(unit.words(v)[language], FONT_SIZE) for v in (*ends, 0.0)) + 8
    across = Scale(legs[0].changes[0], legs[0].changes[-1], left, width - label_width - _GAP)
    up = Scale(min(ends), max(ends), top + height, top)
    _draw_axes(canvas, result, legs[0], across, up, unit, language)
    drawn = list(zip(legs, _places(legs, labels, up, top, height), strict=True))
    for leg, place in reversed(drawn):
        # The steepest carries the message; the others are there to compare.
        ink: Ink = "accent" if leg is legs[0] else "ink"
        points = [(across(c), up(v)) for c, v in zip(leg.changes, leg.npv, strict=True)]
        canvas.curve(points, ink, width=2.5 if leg is legs[0] else 1.2)
        end = points[-1]
        canvas.line(end[0] + 3, end[1], end[0] + _GAP - 5, place.middle, "grey")
        for k, line in enumerate(place.lines):
            y = place.middle + LINE * (k + 0.75 - len(place.lines) / 2)
            canvas.text(end[0] + _GAP, y, line, ink=ink, strong=leg is legs[0])
    bottom = top + height + 2 * LINE
    if width < _WIDE_FROM:
        bottom = _listed(canvas, told, bottom)
    return canvas.to_svg(bottom, "; ".join([heading.message[language], *told]))


def _listed(canvas: Canvas, told: list[str], top: float) -> float:
    """What the numbers at the lines stand for; the pixel below."""
    y = top
    for k, words in enumerate(told, 1):
        for line in wrap(f"{k}  {words}", canvas.width, 3):
            y += LINE
            canvas.text(0, y, line, ink="accent" if k == 1 else "ink", strong=k == 1)
    return y + LINE / 2


@dataclass(frozen=True)
class _Place:
    """The label of a leg: its lines, and the pixel of their middle."""

    lines: list[str]
    middle: float


def _message(result: "CaseResult", leg: "Leg") -> Text:
    return say(
        N_("{change} of “{assumption}” moves the result from {plan} to {npv}; nothing moves it more"),
        change=percent(leg.changes[-1], 0, signed=True),
        assumption=leg.label,
        plan=rounded_money(result.plan.npv, result.currency),
        npv=rounded_money(leg.npv[-1], result.currency),
    )  # fmt: skip


def _subtitle(leg: "Leg", unit: Unit) -> Text:
    return say(
        N_("Net present value, {unit}, while one input changes by {low} to {high} and all others stay; at each line its value at {high}"),
        unit=unit.name,
        low=percent(leg.changes[0], 0, signed=True),
        high=percent(leg.changes[-1], 0, signed=True),
    )  # fmt: skip


def leg_label(leg: "Leg", unit: Unit) -> Text:
    """An assumption and what the case is worth at the end of its line."""
    return say("{name}: {value}", name=leg.label, value=unit.words(leg.npv[-1]))


def _draw_axes(
    canvas: Canvas,
    result: "CaseResult",
    leg: "Leg",
    across: Scale,
    up: Scale,
    unit: Unit,
    language: Language,
) -> None:
    """Where the plan stands, where the case is worth nothing, and the changes below."""
    first, last = across(leg.changes[0]), across(leg.changes[-1])
    plan = result.plan.npv
    levels = [plan] if abs(up(0.0) - up(plan)) < LINE else [plan, 0.0]
    for level in levels:
        if up.low <= level <= up.high:
            canvas.line(first, up(level), last, up(level), "grey", dashed=level == plan)
            words = "0" if level == 0 else unit.words(level)[language]
            canvas.text(first - 6, up(level) + 5, words, ink="soft", anchor="end")
    bottom = max(up(up.low), up(up.high))
    fits = (last - first) / len(leg.changes) > text_width("+20 %", FONT_SIZE)
    for change in leg.changes if fits else (leg.changes[0], 0.0, leg.changes[-1]):
        canvas.line(across(change), bottom, across(change), bottom + 4, "grey")
        words = percent(change, 0, signed=change != 0)[language]
        canvas.text(across(change), bottom + LINE + 2, words, ink="soft", anchor="middle")


def _places(
    legs: "list[Leg]", labels: list[list[str]], up: Scale, top: float, height: float
) -> list[_Place]:
    """A place for every label beside the end of its line, none over another."""
    order = sorted(range(len(legs)), key=lambda k: up(legs[k].npv[-1]))
    sizes = [len(lines) * LINE + 6 for lines in labels]
    middles: dict[int, float] = {}
    reached = top
    for k in order:
        middles[k] = max(up(legs[k].npv[-1]), reached + sizes[k] / 2)
        reached = middles[k] + sizes[k] / 2
    # What has been pushed below the drawing goes up again, from the lowest on.
    free = top + height
    for k in reversed(order):
        middles[k] = min(middles[k], free - sizes[k] / 2)
        free = middles[k] - sizes[k] / 2
    return [_Place(labels[k], middles[k]) for k in range(len(legs))]
