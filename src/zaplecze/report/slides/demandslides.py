"""Slides of failure demand: what each delay brings, as native bars with their intervals."""

from collections.abc import Sequence

from zaplecze.impact.demand import Demand, FailureDemand, StepDemand
from zaplecze.language import N_, ends, number, say
from zaplecze.report.figures.demand import curve_times, curve_title, demand_note
from zaplecze.report.figures.plot import hour_marks, round_marks
from zaplecze.report.officenumbers import in_language
from zaplecze.report.sections import Section
from zaplecze.report.slides import charts, courses
from zaplecze.report.slides.charts import Look, Series
from zaplecze.report.slides.courses import Course
from zaplecze.report.slides.layout import BODY, Box, Line, Sheet
from zaplecze.report.slides.material import Material
from zaplecze.report.words import between

MOST_DELAYS = 5
"""Delays that a chart can show so that they are read; the table has all of them."""

_BETWEEN, _HEAD, _LABELS = 0.5, 0.5, 1.5
_SIZE = 12
_MOST_MARKS = 8
_WHOLE = 5.0
"""From here on values are told by whole numbers."""


def demand_slides(material: Material, section: Section, demand: Sequence[Demand]) -> None:
    """A slide for each kind of contacts of which something can be told."""
    drawn = [each for each in demand if _told(each)]
    for each, picture in zip(drawn, section.pictures, strict=True):
        steps = _told(each)[:MOST_DELAYS]
        note = f"{picture.table.caption}. {material.words(demand_note(each.found))}"
        sheet = material.sheet(material.words(each.found.sentence), note)
        sheet.notes(section.title, *section.notes)
        place = BODY
        if each.found.curve is not None:
            half = (BODY.width - _BETWEEN) / 2
            place = BODY._replace(left=BODY.left + half + _BETWEEN, width=half)
            _curve(material, sheet, BODY._replace(width=half), each.found)
        title = material.words(
            say(N_("Contacts that would not have come, by delay and department"))
        )
        sheet.text(place._replace(height=_HEAD), [Line(title, _SIZE, "soft")])
        room = place.height - _HEAD
        charts.bars(
            sheet,
            place._replace(top=place.top + _HEAD, height=min(room, 0.8 + 1.1 * len(steps))),
            [_name(material, step) for step in steps],
            [
                Series(
                    material.words(say(N_("Would not have come"))),
                    [step.excess for step in steps],
                    "bad",
                    inks=["bad" if step.verdict == "yes" else "grey" for step in steps],
                    labelled=False,
                    spreads=[step.interval for step in steps],
                )
            ],
            _look(material, steps),
            picture.alt,
        )


def _look(material: Material, steps: Sequence[StepDemand]) -> Look:
    """A scale that holds every whisker."""
    low = min(0.0, *(step.interval[0] for step in steps))
    high = max(0.0, *(step.interval[1] for step in steps))
    air = 0.05 * (high - low)
    return Look(language=material.language, low=low - air if low else 0.0, high=high + air, gap=60)


def _curve(material: Material, sheet: Sheet, place: Box, found: FailureDemand) -> None:
    """What came after delays and what would have come without them, per hundred cases."""
    curve = found.curve
    assert curve is not None
    times, hours = curve_times(curve)
    title = material.words(curve_title(found.recurrent, hours=hours))
    sheet.text(place._replace(height=_HEAD), [Line(title, _SIZE, "soft")])
    after, without = (
        material.words(say(word)) for word in (N_("after the delay"), N_("expected without it"))
    )
    marks = (hour_marks if hours else round_marks)(times[-1], _MOST_MARKS)
    expected, came, low, high = (
        [100 * value for value in values]
        for values in (curve.expected, curve.observed, curve.low, curve.high)
    )
    bound = material.words(say(N_("95 % interval")))
    courses.curves(
        sheet,
        place._replace(top=place.top + _HEAD, height=place.height - _HEAD),
        times,
        [
            Course(bound, low, "grey", 1),
            Course(bound, high, "grey", 1),
            Course(without, expected, "grey", 1.75, dashed=True, label=without),
            Course(after, came, "bad", 2.5, label=after, strong=True),
        ],
        step=marks[1],
        labels=_LABELS,
        format_=in_language("#,##0" if max(came) >= _WHOLE else "#,##0.0", material.language),
        alt=title,
    )


def _told(each: Demand) -> list[StepDemand]:
    """The delays of which something can be told, those that bring most first."""
    told = [step for step in each.found.steps if step.q_value is not None]
    return sorted(told, key=lambda step: -step.excess)


def _name(material: Material, step: StepDemand) -> str:
    """A delay, its department, and what it brings."""
    span = material.words(between(*ends(*step.interval)))
    who = material.words(step.delay.department_label)
    brings = f"{material.words(number(step.excess))} ({span})"
    return f"{material.words(step.delay.label)}\n{f'{who}: ' if who else ''}{brings}"
