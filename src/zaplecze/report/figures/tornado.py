"""What moves a business case, as SVG: each assumption alone at its 10 % and its 90 % quantile."""

from typing import TYPE_CHECKING

from zaplecze.language import LANGUAGES, N_, Language, Text, joined, money_ends, say
from zaplecze.process.svg import text_width
from zaplecze.report.figures.plot import Heading
from zaplecze.report.figures.rows import NARROW, WIDE
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink, Scale, wrap
from zaplecze.report.moneyunit import Unit

if TYPE_CHECKING:
    from zaplecze.money.case import CaseResult
    from zaplecze.money.case.sensitivity import Swing

MOST_SWINGS = 10
"""Assumptions that a tornado draws."""

_MARGIN, _BAR = 16, 16
_NEAR = 0.6
"""Nothing is drawn at zero where it is further than this share of the bars from all of them."""


def tornado_heading(result: "CaseResult") -> Heading:
    """What the tornado says and shows."""
    unit = tornado_unit(result)
    what = say(
        N_("Net present value with one assumption at its 10 % and 90 % quantile, {unit}; plan {plan}"),
        unit=unit.name,
        plan=unit.words(result.plan.npv),
    )  # fmt: skip
    uneven = [each for each in result.tornado[:MOST_SWINGS] if is_one_sided(each, result)]
    if uneven:
        why = say(
            N_(
                "Both ends on one side of the plan ({assumptions}): the result does not change evenly with "
                "the assumption. Staffing, for example, goes in whole people."
            ),
            assumptions=joined([each.label for each in uneven]),
        )
        what = Text((lang, f"{what[lang]}. {why[lang]}") for lang in LANGUAGES)
    return Heading(_message(result), what)


def is_one_sided(swing: "Swing", result: "CaseResult") -> bool:
    """Do both ends of SWING make the result better, or both worse?"""
    plan = result.plan.npv
    return min(swing.npv_low, swing.npv_high) > plan or max(swing.npv_low, swing.npv_high) < plan


def swing_words(swing: "Swing", result: "CaseResult", unit: Unit) -> tuple[Text, Text]:
    """What stands at the worse and at the better end of a bar; both numbers, where both are there."""
    low, high = sorted((swing.npv_low, swing.npv_high))
    nothing = Text.same("")
    if not is_one_sided(swing, result):
        return unit.words(low), unit.words(high)
    nearer, further = (low, high) if low > result.plan.npv else (high, low)
    both = say("{nearer} … {further}", nearer=unit.words(nearer), further=unit.words(further))
    return (nothing, both) if low > result.plan.npv else (both, nothing)


def tornado_figure(
    result: "CaseResult", language: Language, width: int = WIDE, *, headed: bool = True
) -> str:
    """How far each assumption alone moves the present value, the furthest first."""
    swings, plan, unit = result.tornado[:MOST_SWINGS], result.plan.npv, tornado_unit(result)
    canvas = Canvas(width)
    y = tornado_heading(result).drawn(canvas, language) if headed else 4.0
    # On a phone the words stand above the bars, which need the width.
    above = width <= NARROW
    label_width = 0.0 if above else width * 0.36
    told = [[w[language] for w in swing_words(each, result, unit)] for each in swings]
    rooms = [max(text_width(words[side], FONT_SIZE) for words in told) + 12 for side in (0, 1)]
    low, high = _ends(swings, plan)
    scale = Scale(low, high, label_width + rooms[0], width - _MARGIN - rooms[1])
    top, spoken = y, []
    for swing, (left, right) in zip(swings, told, strict=True):
        lines = wrap(swing.label[language], width if above else label_width - 8, 3)
        tall = LINE * len(lines)
        height, middle = tall + 10, y + tall / 2 + 5
        if above:
            height, middle = tall + _BAR + 14, y + tall + _BAR / 2 + 4
        first = y if above else middle - tall / 2
        for k, line in enumerate(lines):
            canvas.text(0, first + LINE * (k + 1) - 5, line)
        ends = (swing.npv_low, swing.npv_high)
        _draw_swing(canvas, *ends, plan, middle, scale)
        half = _BAR / 2 + 3 if above else height / 2
        canvas.line(scale(plan), middle - half, scale(plan), middle + half, "ink", dashed=True)
        if left:
            canvas.text(scale(min(ends)) - 6, middle + 5, left, anchor="end")
        if right:
            canvas.text(scale(max(ends)) + 6, middle + 5, right)
        spoken.append(
            f"{swing.label[language]}: {' … '.join(unit.words(v)[language] for v in ends)}"
        )
        y += height
    if low <= 0 <= high and not above:
        canvas.line(scale(0), top, scale(0), y, "grey")
        canvas.text(scale(0), y + LINE, "0", ink="soft", anchor="middle")
    return canvas.to_svg(y + LINE + 10, "; ".join([_message(result)[language], *spoken]))


def tornado_unit(result: "CaseResult") -> Unit:
    """The unit of the tornado."""
    ends = [v for each in result.tornado[:MOST_SWINGS] for v in (each.npv_low, each.npv_high)]
    return Unit.of([*ends, result.plan.npv], result.currency)


def _ends(swings: "list[Swing]", plan: float) -> tuple[float, float]:
    """The ends of the scale: those of all bars, and zero where it is not far from them.

    Bars start at the plan, so that their lengths are true without zero.
    """
    ends = [plan, *(v for each in swings for v in (each.npv_low, each.npv_high))]
    low, high = min(ends), max(ends)
    near = _NEAR * (high - low)
    return (min(low, 0.0) if low - near < 0 else low), (max(high, 0.0) if high + near > 0 else high)


def _message(result: "CaseResult") -> Text:
    widest = result.tornado[0]
    least, most = sorted((widest.npv_low, widest.npv_high))
    low, high = money_ends(least, most, result.currency)
    return say(
        N_("“{assumption}” moves the result most: from {low} to {high}"),
        assumption=widest.label,
        low=low,
        high=high,
    )


def _draw_swing(
    canvas: Canvas, low: float, high: float, plan: float, middle: float, scale: Scale
) -> None:
    """From the plan to either side: worse in vermilion, better in blue."""
    for end in (low, high):
        ink: Ink = "bad" if end < plan else "good"
        canvas.rect(scale(plan), middle - _BAR / 2, scale(end) - scale(plan), _BAR, ink)
