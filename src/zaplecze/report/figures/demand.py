"""The picture of failure demand: contacts since the delay, and which step brings how many."""

from zaplecze.impact.demand import Curve, FailureDemand, StepDemand
from zaplecze.language import N_, Language, Text, number, say
from zaplecze.process.svg import shorten, text_width
from zaplecze.report.figures.plot import Panel, headings, hour_marks, round_marks
from zaplecze.report.figures.rows import WIDE
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink, Scale, wrap

_RIGHT = 170.0
_MOST_STEPS = 12
_LABEL_SHARE = 0.42
_TICKS = 6
_LONGEST_IN_HOURS = 2.0
"""Days."""


def demand_figure(
    found: FailureDemand, language: Language, width: int = WIDE, *, headed: bool = True
) -> str:
    """Contacts per hundred delayed cases with their band, and below it a bar a step, as SVG.

    The title is the message; where nothing can be told it stands alone with its reason. Unless
    ``headed``, message and subtitle are left to what stands around it.
    """
    canvas = Canvas(width)
    bottom = 0.0
    if headed:
        bottom = headings(canvas, found.sentence[language], [demand_note(found)[language]])
    if found.curve is not None:
        bottom = _draw_curve(canvas, found.curve, found.recurrent, bottom, language)
    told = [step for step in found.steps if step.q_value is not None]
    if told:
        bottom = _draw_steps(canvas, told[:_MOST_STEPS], bottom + LINE, language)
    return canvas.to_svg(bottom + LINE, found.sentence[language])


def demand_note(found: FailureDemand) -> Text:
    """What is drawn."""
    return say(
        N_("Cases: {cases}, delayed: {delayed}, contacts: {contacts}. Whiskers and band: 95 %."),
        cases=number(found.cases),
        delayed=number(found.delayed),
        contacts=number(found.contacts),
    )


def curve_times(curve: Curve) -> tuple[list[float], bool]:
    """The times of CURVE since the delay, and whether they are hours: days divide a day or two badly."""
    hours = curve.days[-1] <= _LONGEST_IN_HOURS
    return [24 * day if hours else day for day in curve.days], hours


def curve_title(recurrent: bool, *, hours: bool) -> Text:
    """What the curve shows, over which time."""
    if recurrent and hours:
        return say(N_("Contacts per 100 delayed cases, by hours since the delay"))
    if recurrent:
        return say(N_("Contacts per 100 delayed cases, by days since the delay"))
    if hours:
        return say(N_("Of 100 delayed cases it happened in so many, by hours since the delay"))
    return say(N_("Of 100 delayed cases it happened in so many, by days since the delay"))


def _draw_curve(
    canvas: Canvas, curve: Curve, recurrent: bool, top: float, language: Language
) -> float:
    """What came and what would have come, by days since the delay; returns the pixel below."""
    times, hours = curve_times(curve)
    canvas.text(0, top + LINE, curve_title(recurrent, hours=hours)[language], ink="soft")
    panel = Panel.under(
        canvas,
        top + 2.5 * LINE,
        last=times[-1],
        highest=100 * max(*curve.high, *curve.expected),
        right=_RIGHT,
        language=language,
    )
    rows = zip(times, curve.low, curve.high, strict=True)
    panel.band([(time, 100 * low, 100 * high) for time, low, high in rows])
    panel.grid()
    without = [100 * value for value in curve.expected]
    with_delay = [100 * value for value in curve.observed]
    panel.course(list(zip(times, without, strict=True)), "grey", dashed=True)
    panel.course(list(zip(times, with_delay, strict=True)), "bad")
    panel.at_end(
        [
            (with_delay[-1], say(N_("after the delay"))[language], "bad"),
            (without[-1], say(N_("expected without it"))[language], "soft"),
        ]
    )
    marks = (hour_marks if hours else round_marks)(times[-1], _TICKS)
    digits = 0 if marks[1:2] >= [1] else 1
    panel.below([(mark, number(mark, digits)[language]) for mark in marks])
    return panel.bottom + 2 * LINE


def _draw_steps(canvas: Canvas, steps: list[StepDemand], top: float, language: Language) -> float:
    """Contacts that each delay brings, with their intervals; returns the pixel below."""
    title = say(N_("Contacts that would not have come, by delay and department"))
    canvas.text(0, top + LINE, title[language], ink="soft")
    left = canvas.width * _LABEL_SHARE
    low = min(0.0, *(step.interval[0] for step in steps))
    high = max(0.0, *(step.interval[1] for step in steps))
    widest = max(text_width(number(s.excess)[language], FONT_SIZE) for s in steps)
    scale = Scale(low, high, left, canvas.width - widest - 16)
    y = top + 2 * LINE
    for step in sorted(steps, key=lambda each: -each.excess):
        lines = wrap(step.delay.label[language], left - 12, 3)
        for k, line in enumerate(lines):
            canvas.text(0, y + (k + 1) * LINE - 4, line)
        department = shorten(step.delay.department_label[language], left - 12, FONT_SIZE)
        canvas.text(0, y + (len(lines) + 1) * LINE - 4, department, ink="soft")
        middle = y + (len(lines) + 1) * LINE / 2
        ink: Ink = "bad" if step.verdict == "yes" else "grey"
        canvas.rect(scale(0), middle - 8, scale(step.excess) - scale(0), 16, ink)
        canvas.whisker(scale(step.interval[0]), scale(step.interval[1]), middle)
        canvas.text(
            canvas.width, middle + 5, number(step.excess)[language], anchor="end", strong=True
        )
        y += (len(lines) + 1.5) * LINE
    canvas.line(scale(0), top + 2 * LINE - 4, scale(0), y - LINE / 2, "grey")
    return y
