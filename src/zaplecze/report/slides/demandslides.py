"""Slides of failure demand: what each delay brings, as native bars with their intervals."""

from collections.abc import Sequence

from zaplecze.impact.demand import Demand, StepDemand
from zaplecze.language import N_, ends, number, say
from zaplecze.report.figures.demand import demand_note
from zaplecze.report.sections import Section
from zaplecze.report.slides import charts
from zaplecze.report.slides.charts import Look, Series
from zaplecze.report.slides.layout import BODY
from zaplecze.report.slides.material import Material
from zaplecze.report.words import between

MOST_DELAYS = 8
"""Delays that a chart can show so that they are read; the table has all of them."""


def demand_slides(material: Material, section: Section, demand: Sequence[Demand]) -> None:
    """A slide for each kind of contacts of which something can be told."""
    drawn = [each for each in demand if _told(each)]
    for each, picture in zip(drawn, section.pictures, strict=True):
        steps = _told(each)[:MOST_DELAYS]
        note = f"{picture.table.caption}. {material.words(demand_note(each.found))}"
        sheet = material.sheet(material.words(each.found.sentence), note)
        sheet.notes(section.title, *section.notes)
        charts.bars(
            sheet,
            BODY,
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
            Look(language=material.language, gap=60),
            picture.alt,
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
