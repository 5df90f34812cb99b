"""Slides of what every run looks at again: changes, alarms, internal service; and who answered."""

import datetime as dt
from collections.abc import Sequence

from zaplecze.impact.followed import Changed
from zaplecze.impact.internal import InternalService
from zaplecze.impact.watch import Watch
from zaplecze.language import N_, number, say
from zaplecze.report.figures.internal import index_note, index_words, ranked_departments
from zaplecze.report.figures.watch import AlarmCourse, alarm_course, alarm_ink
from zaplecze.report.officenumbers import in_language
from zaplecze.report.sections import Section, passings_table, shown_alarms
from zaplecze.report.slides import charts, courses
from zaplecze.report.slides.charts import Look, Series
from zaplecze.report.slides.courses import Course
from zaplecze.report.slides.demandslides import demand_slides
from zaplecze.report.slides.layout import BODY, CELL_GAP, Box, Line, row_height
from zaplecze.report.slides.material import Material
from zaplecze.report.tables import Table

MOST_CHANGES = 3
"""Changes with a slide of their own; the others stand in the table."""

_LABELS = 2.1
_SIZE = 12


def section_slides(material: Material) -> None:
    """What stands beside the findings; pictures as native charts, what they leave out as tables."""
    followed = material.followed
    for section in material.content.sections:
        if section.key == "changes" and followed is not None:
            _change_slides(material, section, followed.changes)
        elif section.key == "alarms" and followed is not None and followed.watch is not None:
            _alarm_slides(material, section, followed.watch)
        elif section.key == "service" and followed is not None and followed.service is not None:
            _service_slides(material, section, followed.service)
        elif section.key == "contacts" and followed is not None and section.pictures:
            demand_slides(material, section, followed.demand)
        elif section.tables:
            _table_slide(material, section, section.tables[0])


def _change_slides(material: Material, section: Section, changes: Sequence[Changed]) -> None:
    drawn = [
        each for each in changes if each.verification and each.verification.estimate is not None
    ]
    for each, picture in list(zip(drawn, section.pictures, strict=True))[:MOST_CHANGES]:
        assert each.verification is not None
        series = each.verification.series
        sheet = material.sheet(picture.message, picture.note, section.key)
        seen, without = (
            material.words(say(word)) for word in (N_("seen"), N_("without the change"))
        )
        bound = material.words(say(N_("95 % interval")))
        lines = [
            Course(bound, series.low, "grey", 1),
            Course(bound, series.high, "grey", 1),
            Course(without, series.counterfactual, "soft", 1.75, dashed=True, label=without),
            Course(seen, series.observed, "accent", 2.5, label=seen, strong=True),
        ]
        known = [line for line in lines if any(value is not None for value in line.values)]
        largest = max(abs(v) for line in known for v in line.values if v is not None)
        courses.lines(
            sheet,
            BODY._replace(height=BODY.height - 0.75),
            _days(series.times),
            known,
            labels=_LABELS,
            format_=in_language(charts.number_format(largest), material.language),
            alt=picture.alt,
        )
        row = picture.table.rows[0]
        facts = [f"{column.heading}: {cell}" for column, cell in zip(picture.table.columns, row, strict=True)]  # fmt: skip
        below = Box(BODY.left, BODY.top + BODY.height - 0.6, BODY.width, 0.6)
        sheet.text(below, [Line(" · ".join(facts[1:]), _SIZE, "soft")])
    if len(changes) > min(len(drawn), MOST_CHANGES):
        _table_slide(material, section, section.tables[0])


def _days(times: Sequence[str]) -> Sequence[str] | Sequence[dt.date]:
    """TIMES as days, where they are such or months; else as they are called."""
    try:
        return [dt.date.fromisoformat(time if len(time) > 7 else f"{time}-01") for time in times]
    except ValueError:
        return times


def _alarm_slides(material: Material, section: Section, watch: Watch) -> None:
    shown = shown_alarms(watch)
    for alarm, picture in zip(shown, section.pictures, strict=True):
        found = alarm_course(watch, alarm)
        ink = alarm_ink(alarm)
        usual, now = (material.words(words) for words in found.ends())
        seen, expected = (material.words(say(word)) for word in (N_("seen"), N_("expected")))
        without = material.words(say(N_("without the change")))
        sheet = material.sheet(
            picture.message, _alarm_note(material, picture.note, found), section.key
        )
        courses.lines(
            sheet,
            BODY,
            found.days,
            [
                Course(seen, found.seen, "grey", 1),
                Course(expected, found.before, "ink", 1.75),
                Course(without, found.without, "soft", 1.75, dashed=True, label=usual),
                Course(expected, found.after, ink, 3, label=now, strong=True),
            ],
            labels=_LABELS,
            format_=in_language(
                "0 %" if alarm.unit == "share" else charts.number_format(max(found.seen_values())),
                material.language,
            ),
            from_zero=alarm.unit != "value",
            alt=picture.alt,
        )  # fmt: skip
    if len(watch.alarms) > len(shown):
        _table_slide(material, section, section.tables[0])


def _alarm_note(material: Material, note: str, found: AlarmCourse) -> str:
    """What is drawn: dots of the page are a thin line here."""
    unit = f", {material.words(found.unit)}" if found.unit is not None else ""
    told = say(N_("Thin: seen. Thick: expected since the change; dashed: without it."))
    return f"{note}{unit}. {material.words(told)}"


def _service_slides(material: Material, section: Section, found: InternalService) -> None:
    ranked = ranked_departments(found)
    if ranked:
        told = [(each, index_words(each)) for each in ranked]
        sheet = material.sheet(
            material.words(found.sentence), material.words(index_note(found)), section.key
        )
        charts.bars(
            sheet,
            BODY,
            [
                f"{material.words(each.label)}\n{material.words(value)} ({material.words(span)})"
                for each, (value, span) in told
            ],
            [
                Series(
                    material.words(say(N_("Index"))),
                    [each.index for each in ranked],
                    "accent",
                    labelled=False,
                    spreads=[each.interval for each in ranked],
                )
            ],
            Look(language=material.language, low=0, high=100, gap=60),
            section.pictures[0].alt,
        )
    if found.passings:
        _table_slide(material, section, passings_table(found, material.language))


def _table_slide(material: Material, section: Section, shown: Table) -> None:
    """As many rows of SHOWN as a slide holds, and how many there are where it does not hold all."""
    title = section.lead or section.title
    key = section.key if material.reference(section.key) else ""
    widths = _widths(shown)
    rooms = [BODY.width * share / sum(widths) - CELL_GAP for share in widths]
    rows, used = [], 0.35
    for row in shown.rows:
        used += row_height(row, rooms, _SIZE)
        if used > BODY.height:
            break
        rows.append(row)
    what = shown.caption
    if len(rows) < len(shown.rows):
        more = say(N_("Rows shown: {shown} of {all}."), shown=number(len(rows)), all=number(len(shown.rows)))  # fmt: skip
        what = f"{what}. {material.words(more)}"
    sheet = material.sheet(title, what, key)
    sheet.notes(section.title, *section.notes)
    sheet.table(BODY, Table(shown.caption, shown.columns, rows), widths, _SIZE)


def _widths(shown: Table) -> list[float]:
    """How wide columns are to each other: by their longest words, none far from the others."""
    cells = [[column.heading for column in shown.columns], *shown.rows]
    longest = [max(len(row[k]) for row in cells) for k in range(len(shown.columns))]
    return [min(max(length, 8), 40) for length in longest]
