"""The usual way as a blueprint of native shapes: time from left to right, departments as lanes."""

import itertools
from collections.abc import Sequence

from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import PP_ALIGN
from pptx.util import Inches, Pt

from zaplecze.language import N_, Language, duration, say, say_plural
from zaplecze.process.svg import readable
from zaplecze.report.figures.svg import Ink
from zaplecze.report.slides.fitting import height, largest, unbroken
from zaplecze.report.slides.layout import (
    BODY,
    FONT,
    Box,
    Line,
    Sheet,
    colour,
    describe,
    flatten,
)
from zaplecze.report.way import Lane, Stop, lane_of, lanes

MOST_STEPS = 9
"""More steps than this are a table: their boxes would be too small to read."""

_LABELS = 1.75
_COUNT_ROOM = 0.17
_HEAD, _FOOT = 0.5, 0.5


def draw_blueprint(sheet: Sheet, way: Sequence[Stop], language: Language) -> None:
    """The steps of WAY in the lanes of their departments; waits above, harm in money below."""
    shown = lanes(way)
    seen = sum(1 for lane in shown if lane.noticed)
    left, width = BODY.left + _LABELS, (BODY.width - _LABELS) / len(way)
    top, lane = BODY.top + _HEAD, min((BODY.height - _HEAD - _FOOT) / len(shown), 1.1)
    margin = min(0.1, lane * 0.06)
    places = [
        Box(
            left + width * k + 0.06,
            top + lane * lane_of(stop, shown) + margin,
            width - 0.12,
            lane - 2 * margin,
        )
        for k, stop in enumerate(way)
    ]
    _draw_lanes(sheet, shown, top, lane, language)
    if 0 < seen < len(shown):
        _draw_visibility(sheet, top + lane * seen, language)
    shapes = [_draw_step(sheet, place, stop, language) for place, stop in zip(places, way, strict=True)]  # fmt: skip
    for before, after in itertools.pairwise(shapes):
        line = sheet.slide.shapes.add_connector(MSO_CONNECTOR.ELBOW, 0, 0, 0, 0)
        line.begin_connect(before, 3)
        line.end_connect(after, 1)
        line.line.color.rgb, line.line.width = colour("soft"), Pt(1.25)
        flatten(line)
        describe(line, "")
    _draw_waits(sheet, way, places, language)
    _draw_costs(sheet, way, places, top + lane * len(shown), language)


def _draw_lanes(
    sheet: Sheet, shown: Sequence[Lane], top: float, height: float, language: Language
) -> None:
    for k, lane in enumerate(shown):
        sheet.rule(BODY.left, top + height * k, BODY.width)
        words = lane.label[language] if lane.label else say(N_("no department"))[language]
        place = Box(BODY.left, top + height * k, _LABELS - 0.15, height)
        size = largest(words, place.width, height - 0.1, (13, 12, 11, 10))
        sheet.text(place, [Line(words, size, "ink")], anchor="middle")
    sheet.rule(BODY.left, top + height * len(shown), BODY.width)


def _draw_visibility(sheet: Sheet, y: float, language: Language) -> None:
    line = sheet.slide.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, Inches(BODY.left), Inches(y), Inches(BODY.left + BODY.width), Inches(y)
    )  # fmt: skip
    line.line.color.rgb, line.line.width, line.line.dash_style = colour("accent"), Pt(2), 4
    flatten(line)
    words = say(N_("Line of visibility"))[language]
    describe(line, words)
    sheet.text(Box(BODY.left, y + 0.03, _LABELS, 0.2), [Line(words, 10, "accent")])


def _draw_step(sheet: Sheet, place: Box, stop: Stop, language: Language) -> object:
    shape = sheet.slide.shapes.add_shape(
        MSO_SHAPE.ROUNDED_RECTANGLE, *(Inches(value) for value in place)
    )
    shape.adjustments[0] = 0.08
    flatten(shape)
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour("paper")
    shape.line.color.rgb = colour("bad" if stop.cost else "ink")
    shape.line.width = Pt(2.25 if stop.cost else 1)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = Inches(0.06)
    frame.margin_top = frame.margin_bottom = Inches(0.02)
    frame.word_wrap = True
    label = stop.activity.label[language]
    count = say_plural(N_("{count} case"), N_("{count} cases"), stop.activity.cases)[language]
    width, room = place.width - 0.12, place.height - 0.06
    sizes = unbroken(label, width, (14, 13, 12, 11, 10, 9))
    size = largest(label, width, room - _COUNT_ROOM, sizes)
    told: list[tuple[str, float, Ink]] = [(label, size, "ink"), (count, 10, "soft")]
    # Where a step has no room for both, its name is what matters.
    if height(label, width, size) + _COUNT_ROOM > room:
        told = told[:1]
    for k, (words, points, ink) in enumerate(told):
        paragraph = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.CENTER
        run = paragraph.add_run()
        run.text = readable(words)
        run.font.size, run.font.name = Pt(points), FONT
        run.font.color.rgb = colour(ink)
    describe(shape, f"{label}: {count}")
    return shape


def _draw_waits(
    sheet: Sheet, way: Sequence[Stop], places: Sequence[Box], language: Language
) -> None:
    longest = max((stop.wait_seconds or 0.0 for stop in way), default=0.0)
    words = say(N_("Median wait before the step"))[language]
    sheet.text(Box(BODY.left, BODY.top, _LABELS - 0.15, _HEAD), [Line(words, 11, "soft")], anchor="middle")  # fmt: skip
    for stop, place in zip(way, places, strict=True):
        if stop.wait_seconds is not None:
            most = stop.wait_seconds == longest
            line = Line(duration(stop.wait_seconds)[language], 14 if most else 12, strong=most)
            sheet.text(
                Box(place.left, BODY.top, place.width, _HEAD),
                [line],
                anchor="middle",
                align="middle",
            )


def _draw_costs(
    sheet: Sheet,
    way: Sequence[Stop],
    places: Sequence[Box],
    top: float,
    language: Language,
) -> None:
    if not any(stop.cost for stop in way):
        return
    words = say(N_("Harm a year, counted once"))[language]
    sheet.text(Box(BODY.left, top, _LABELS - 0.15, _FOOT), [Line(words, 11, "soft")], anchor="middle")  # fmt: skip
    for stop, place in zip(way, places, strict=True):
        if stop.cost:
            line = Line(stop.cost[language], 14, "bad", strong=True)
            sheet.text(
                Box(place.left - 0.1, top, place.width + 0.2, _FOOT), [line], anchor="middle", align="middle"
            )  # fmt: skip
