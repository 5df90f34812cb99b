"""Slides of the business case: what it comes to, cash flow, what moves it, range, what came of it."""

import itertools
from typing import TYPE_CHECKING

from zaplecze.language import N_, Text, ends, joined, number, percent, say
from zaplecze.report.casepart import switching
from zaplecze.report.figures import tracking
from zaplecze.report.figures.case import flow_columns, flow_unit, headings, range_unit
from zaplecze.report.figures.spider import MOST_LEGS, leg_label, spider_unit
from zaplecze.report.figures.svg import Ink
from zaplecze.report.figures.tornado import MOST_SWINGS, swing_words, tornado_unit
from zaplecze.report.slides import charts, courses
from zaplecze.report.slides.charts import Fill, Look, Series
from zaplecze.report.slides.courses import Course
from zaplecze.report.slides.fitting import height
from zaplecze.report.slides.layout import BODY, Box, Line, Sheet
from zaplecze.report.slides.material import Material
from zaplecze.report.tables import Table

if TYPE_CHECKING:
    from zaplecze.money.case import CaseResult

MOST_ROWS = 9
"""Lines of a table that are read on a slide."""

_MOST_TURNS = 5

FILLS: dict[str, tuple[str, Fill]] = {
    "actual": (N_("actual"), "solid"),
    "planned": (N_("planned"), "outline"),
    "expected": (N_("expected"), "hatch"),
}


def case_slides(material: Material) -> None:
    """The case as a whole, then its figures; without a case, what to bring."""
    if material.proposal is None:
        told = material.content.proposed
        sheet = material.sheet(told.message, told.question)
        sheet.text(BODY, [Line(line, 16) for line in told.details])
        return
    result = material.proposal.result
    _whole_slide(material)
    _flow_slide(material, result)
    if result.tornado:
        _tornado_slide(material, result)
    if result.simulation is not None:
        _range_slide(material, result)
    if result.spider:
        _spider_slide(material, result)
    if result.tracking is not None:
        _tracking_slide(material, result)


def _whole_slide(material: Material) -> None:
    part = material.content.case
    assert part is not None
    sheet = material.sheet(part.title, part.tables[0].caption, "case")
    width = BODY.width / len(part.facts)
    for k, fact in enumerate(part.facts):
        place = Box(BODY.left + width * k, BODY.top, width - 0.15, 0.8)
        size = 17 if height(fact.value, place.width, 17) < 0.35 else 12
        sheet.text(
            place, [Line(fact.term, 12, "soft", after=2), Line(fact.value, size, strong=True)]
        )
    lines = part.tables[0]
    shown = Table(lines.caption, lines.columns, lines.rows[:MOST_ROWS])
    place = BODY._replace(top=BODY.top + 0.95)
    below = sheet.table(place, shown, (3.8, 1.6, 2.8, 2.3, 1.4, 1.8), 12) + 0.2
    told = [*part.notes, *([part.note] if part.note else [])]
    room, kept = BODY.top + BODY.height - below, []
    for note in told:
        room -= height(note, BODY.width, 12) + 0.06
        if room > 0:
            kept.append(Line(note, 12, "soft"))
    if kept:
        sheet.text(Box(BODY.left, below, BODY.width, BODY.top + BODY.height - below), kept)


def _flow_slide(material: Material, result: "CaseResult") -> None:
    heading, unit, flow = headings(result)["cash-flow"], flow_unit(result), flow_columns(result)
    sheet = material.sheet(
        material.words(heading.message), material.words(heading.what), "cash-flow"
    )
    used = [kind for kind in FILLS if any(column.kind == kind for column in flow)]
    series = [
        Series(
            material.words(say(FILLS[kind][0])),
            [column.net / unit.size if column.kind == kind else None for column in flow],
            "ink",
            FILLS[kind][1],
        )
        for kind in used
    ]
    line = material.words(say(N_("discounted sum so far")))
    series.append(Series(line, [column.cumulative / unit.size for column in flow], labelled=False))
    look = Look(
        format=charts.number_format(max(abs(column.net) for column in flow) / unit.size),
        language=material.language,
        overlap=100,
        every=-(-len(flow) // 12),
        gap=35,
    )
    drawn = BODY._replace(top=BODY.top + 0.25, height=BODY.height - 0.25)
    chart = charts.columns(
        sheet, drawn, [material.words(column.name) for column in flow], series, look,
        _alt(material, "cash-flow"),
    )  # fmt: skip
    charts.as_line(chart, "accent")
    told = say(
        N_("Line: discounted sum so far, at the end {value}"),
        value=unit.words(flow[-1].cumulative),
    )
    sheet.text(
        Box(BODY.left + BODY.width - 5, BODY.top - 0.1, 5, 0.3),
        [Line(material.words(told), 12, "accent")],
        align="right",
    )


def _tornado_slide(material: Material, result: "CaseResult") -> None:
    heading, unit, plan = headings(result)["tornado"], tornado_unit(result), result.plan.npv
    sheet = material.sheet(material.words(heading.message), material.words(heading.what), "tornado")
    swings = result.tornado[:MOST_SWINGS]
    # Where both ends are on one side of the plan, the other side has no bar.
    lows = [min(each.npv_low, each.npv_high, plan) for each in swings]
    highs = [max(each.npv_low, each.npv_high, plan) for each in swings]
    told = [swing_words(each, result, unit) for each in swings]
    sides: list[tuple[str, list[float], list[Text], Ink]] = [
        (N_("worse than the plan"), lows, [worse for worse, _ in told], "bad"),
        (N_("better than the plan"), highs, [better for _, better in told], "good"),
    ]
    furthest = max(abs(end - plan) for end in (*lows, *highs)) / unit.size
    charts.bars(
        sheet,
        BODY,
        [material.words(each.label) for each in swings],
        [
            Series(
                material.words(say(name)),
                [(end - plan) / unit.size for end in ends],
                ink,
                words=[material.words(each) for each in words],
            )
            for name, ends, words, ink in sides
        ],
        Look(language=material.language, low=-furthest * 1.2, high=furthest * 1.2, overlap=100, gap=35),
        _alt(material, "tornado"),
    )  # fmt: skip


def _alt(material: Material, ref: str) -> str:
    """What the picture REF of the case says to somebody who cannot see it."""
    part = material.content.case
    return next((each.alt for each in part.pictures if each.ref == ref), "") if part else ""


def _range_slide(material: Material, result: "CaseResult") -> None:
    simulation = result.simulation
    assert simulation is not None
    heading, unit = headings(result)["range"], range_unit(result)
    sheet = material.sheet(material.words(heading.message), material.words(heading.what), "range")
    # Twice as wide as they were counted: their names fit below them.
    edges, counts = simulation.histogram[0][::2], simulation.histogram[1]
    shares = [sum(counts[k : k + 2]) / simulation.draws for k in range(0, len(counts), 2)]
    middles = [(low + high) / 2 for low, high in itertools.pairwise(edges)]
    loss = [middle < 0 for middle in middles]
    names = [material.words(unit.words(middle)) for middle in middles]
    sides: list[tuple[str, bool, Ink]] = [(N_("loss"), True, "bad"), (N_("gain"), False, "good")]
    charts.columns(
        sheet,
        BODY._replace(height=BODY.height - 0.45),
        names,
        [
            Series(
                material.words(say(name)),
                [share if below == negative else None for share, below in zip(shares, loss, strict=True)],
                ink,
                labelled=False,
            )
            for name, negative, ink in sides
        ],
        Look(language=material.language, overlap=100, gap=6, size=11),
        _alt(material, "range"),
    )  # fmt: skip
    quantiles = simulation.npv.quantiles
    low, high = ends(quantiles["0.05"], quantiles["0.95"], unit.words)
    told = say(
        N_("5 % of the draws below {low}, half below {middle}, 95 % below {high}; columns: share of the draws"),
        low=low,
        middle=unit.words(quantiles["0.5"]),
        high=high,
    )  # fmt: skip
    place = Box(BODY.left, BODY.top + BODY.height - 0.4, BODY.width, 0.4)
    sheet.text(place, [Line(material.words(told), 13, "soft")], align="middle")


def _spider_slide(material: Material, result: "CaseResult") -> None:
    """The lines, named at their ends; below them where the case turns."""
    heading, unit = headings(result)["spider"], spider_unit(result)
    sheet = material.sheet(material.words(heading.message), material.words(heading.what), "spider")
    legs, changes = result.spider[:MOST_LEGS], result.spider[0].changes
    nothing = [0.0] * len(changes) if min(v for leg in legs for v in leg.npv) < 0 else []
    lines = [
        Course(
            material.words(leg.label),
            [value / unit.size for value in leg.npv],
            "accent" if leg is legs[0] else "ink",
            3 if leg is legs[0] else 1.25,
            label=material.words(leg_label(leg, unit)),
            strong=leg is legs[0],
        )
        for leg in reversed(legs)
    ]
    turning = [each for each in switching(result) if each.change is not None][:_MOST_TURNS]
    if nothing and max(v for leg in legs for v in leg.npv) > 0:
        worthless = material.words(say(N_("worth nothing")))
        lines.insert(0, Course(worthless, nothing, "grey", 1, dashed=True))
    courses.lines(
        sheet,
        BODY._replace(height=BODY.height - (0.55 if turning else 0.0)),
        [material.words(percent(each, 0, signed=each != 0)) for each in changes],
        lines,
        labels=4.6,
        format_=None,
        alt=_alt(material, "spider"),
    )
    if turning:
        told = joined([say("{name} {change}", name=each.label, change=percent(each.change or 0.0, 0, signed=True)) for each in turning])  # fmt: skip
        words = say(N_("Worth nothing at a change of: {assumptions}"), assumptions=told)
        below = Box(BODY.left, BODY.top + BODY.height - 0.45, BODY.width, 0.45)
        sheet.text(below, [Line(material.words(words), 12, "soft")])


def _tracking_slide(material: Material, result: "CaseResult") -> None:
    tracked = result.tracking
    assert tracked is not None
    note = material.words(tracking.tracking_note(tracked, result.currency))
    sheet = material.sheet(
        material.words(tracking.tracking_message(tracked, result.currency)), note, "tracking"
    )
    lines = tracking.shown_lines(tracked)[:MOST_ROWS]
    chart_width = BODY.width * 0.72
    drawn = BODY._replace(width=chart_width, height=min(BODY.height, 0.4 + 1.05 * len(lines)))
    charts.bars(
        sheet,
        drawn,
        [material.words(line.label) for line in lines],
        [
            Series(
                material.words(say(N_("planned"))),
                [line.planned for line in lines],
                "ink",
                "outline",
            ),
            Series(
                material.words(say(N_("actual"))),
                [line.actual for line in lines],
                "ink",
            ),
        ],
        Look(language=material.language, gap=60),
        material.content.case.came[0].alt if material.content.case else "",
    )
    _variances(material, sheet, result, drawn)


def _variances(material: Material, sheet: Sheet, result: "CaseResult", drawn: Box) -> None:
    """Beside every pair of bars the variance: blue where it helps, vermilion where it hurts."""
    tracked = result.tracking
    assert tracked is not None
    lines = tracking.shown_lines(tracked)[:MOST_ROWS]
    each = drawn.height / len(lines)
    for k, line in enumerate(lines):
        ink: Ink = "soft" if line.good is None else "good" if line.good else "bad"
        told = f"{material.words(number(line.variance, signed=True))}"
        if line.good is not None:
            told += f" · {material.words(say(N_('good')) if line.good else say(N_('bad')))}"
        causes = [material.words(say(tracking.CAUSES[cause])) for cause in line.causes]
        place = Box(
            drawn.left + drawn.width + 0.2,
            drawn.top + each * k,
            BODY.width - drawn.width - 0.2,
            each,
        )
        sheet.text(
            place,
            [Line(told, 14, ink, strong=True, after=0), Line(", ".join(causes), 12, "soft")],
            anchor="middle",
        )  # fmt: skip
    below = drawn.top + drawn.height + 0.1
    if below < BODY.top + BODY.height - 0.6:
        details = [Line(line, 13, "soft") for line in material.content.received.details]
        sheet.text(Box(BODY.left, below, BODY.width, 0.8), details)
