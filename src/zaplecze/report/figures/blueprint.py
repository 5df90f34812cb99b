"""The usual way as a blueprint: departments as lanes, what customers notice above what they do not.

Time runs from left to right. Where the width leaves the steps no room for their names, as on a phone,
it runs from top to bottom, with what customers notice on the left.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from zaplecze.language import N_, Language, duration, say, say_plural
from zaplecze.process.svg import text_width, wrap_all
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink
from zaplecze.report.way import Lane, Stop, lane_of, lanes

_LABEL_SHARE = 0.19
_WIDE_FROM = 560
_GAP, _INSIDE = 26.0, 8.0
"""Between two steps, and between a step's edge and its words."""
_HEAD = 48.0
_TIP = 5.0
_MOST_LINES = 4

_Words = list[tuple[str, Ink, bool]]
"""Lines of words, each with its ink and whether it is strong."""


@dataclass(frozen=True)
class _Box:
    """Where a step stands."""

    left: float
    top: float
    width: float
    height: float

    @property
    def centre(self) -> float:
        return self.left + self.width / 2

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


def blueprint_figure(way: Sequence[Stop], language: Language, width: int) -> str:
    """The steps of WAY (one at least) in their lanes, with waits, cases and harm a year, as SVG."""
    canvas = Canvas(width)
    longest = max((stop.wait_seconds or 0.0 for stop in way), default=0.0)
    if width >= _WIDE_FROM and _fits(way, language, width):
        bottom = _draw_across(canvas, way, longest, language)
    else:
        bottom = _draw_down(canvas, way, longest, language)
    return canvas.to_svg(bottom, "; ".join(_spoken(stop, language) for stop in way))


def _spoken(stop: Stop, language: Language) -> str:
    """A step for somebody who cannot see it."""
    told = [stop.activity.label[language], _department(stop, language), _cases(stop, language)]
    told += [_wait(stop, language)] if stop.wait_seconds is not None else []
    return ", ".join(told + ([stop.cost[language]] if stop.cost else []))


def _cases(stop: Stop, language: Language) -> str:
    return say_plural(N_("{count} case"), N_("{count} cases"), stop.activity.cases)[language]


def _wait(stop: Stop, language: Language) -> str:
    return say(N_("wait {time}"), time=duration(stop.wait_seconds or 0.0))[language]


def _department(stop: Stop, language: Language) -> str:
    label = stop.activity.department_label
    return label[language] if label else say(N_("no department"))[language]


# Across


def _slot(way: Sequence[Stop], width: float) -> float:
    """The pixels that a step has, with the gap before the next one."""
    return (width - _LABEL_SHARE * width + _GAP / 2) / len(way)


def _fits(way: Sequence[Stop], language: Language, width: float) -> bool:
    """Is there room for every word of the steps' names?"""
    room = _slot(way, width) - _GAP - 2 * _INSIDE
    names = [stop.activity.label[language] for stop in way]
    longest = max(text_width(word, FONT_SIZE) for name in names for word in name.split())
    return longest <= room and all(
        len(wrap_all(name, room, FONT_SIZE)) <= _MOST_LINES for name in names
    )


def _draw_across(canvas: Canvas, way: Sequence[Stop], longest: float, language: Language) -> float:
    """Time from left to right; the pixel below."""
    shown, slot, left = lanes(way), _slot(way, canvas.width), _LABEL_SHARE * canvas.width
    inside = slot - _GAP - 2 * _INSIDE
    words = [_named(stop, inside, language) for stop in way]
    height = LINE * max(len(lines) for lines in words) + 2 * _INSIDE
    tops = _draw_lanes(canvas, shown, _HEAD, height, language)
    boxes = [
        _Box(left + slot * k, tops[lane_of(stop, shown)], slot - _GAP, height)
        for k, stop in enumerate(way)
    ]
    for stop, box, lines in zip(way, boxes, words, strict=True):
        _draw_step(canvas, box, stop, lines)
    for before, after in itertools.pairwise(boxes):
        turn = (before.right + after.left) / 2
        canvas.curve(
            [(before.right, before.middle), (turn, before.middle), (turn, after.middle),
             (after.left, after.middle)], "grey", width=1.5,
        )  # fmt: skip
        _draw_tip(canvas, after.left, after.middle, down=False)
    _draw_notes(canvas, 0.0, N_("Median wait before the step"), language)
    for stop, box in zip(way, boxes, strict=True):
        if stop.wait_seconds is not None:
            canvas.text(
                box.centre, _HEAD / 2, duration(stop.wait_seconds)[language], anchor="middle",
                strong=0 < stop.wait_seconds == longest,
            )  # fmt: skip
    bottom = max(tops) + height + _INSIDE
    if not any(stop.cost for stop in way):
        return bottom + 2
    _draw_notes(canvas, bottom + 4, N_("Harm a year, counted once"), language)
    for stop, box in zip(way, boxes, strict=True):
        if stop.cost:
            canvas.text(box.centre, bottom + 28, stop.cost[language], ink="bad", anchor="middle", strong=True)  # fmt: skip
    return bottom + _HEAD


def _draw_notes(canvas: Canvas, top: float, message: str, language: Language) -> None:
    """What a row of numbers is, on its left."""
    room = _LABEL_SHARE * canvas.width - _GAP / 2
    for k, line in enumerate(wrap_all(say(message)[language], room, FONT_SIZE)):
        canvas.text(0, top + LINE * (k + 1) - 2, line, ink="soft")


def _draw_lanes(
    canvas: Canvas, shown: Sequence[Lane], top: float, height: float, language: Language
) -> list[float]:
    """Departments' names between lines, the line of visibility where there is one; tops of steps."""
    seen, tops = sum(1 for lane in shown if lane.noticed), []
    room = _LABEL_SHARE * canvas.width - _GAP / 2
    for k, lane in enumerate(shown):
        if 0 < k == seen:
            canvas.line(0, top, canvas.width, top, "accent", width=2, dashed=True)
            canvas.text(0, top + LINE - 2, say(N_("Line of visibility"))[language], ink="accent")
            top += LINE
        else:
            canvas.line(0, top, canvas.width, top, "line")
        tops.append(top + _INSIDE)
        name = lane.label[language] if lane.label else say(N_("no department"))[language]
        lines = wrap_all(name, room, FONT_SIZE)
        first = top + _INSIDE + (height - LINE * len(lines)) / 2 + LINE - 5
        for j, line in enumerate(lines):
            canvas.text(0, first + LINE * j, line, strong=True)
        top += height + 2 * _INSIDE
    canvas.line(0, top, canvas.width, top, "line")
    return tops


def _named(stop: Stop, room: float, language: Language) -> _Words:
    """The name of a step, and below it its cases where they have room on one line."""
    lines = wrap_all(stop.activity.label[language], room, FONT_SIZE)
    named: _Words = [(line, "ink", False) for line in lines]
    cases = _cases(stop, language)
    return named + ([(cases, "soft", False)] if text_width(cases, FONT_SIZE) <= room else [])


# Down


def _draw_down(canvas: Canvas, way: Sequence[Stop], longest: float, language: Language) -> float:
    """Time from top to bottom; the pixel below."""
    hidden = [stop for stop in way if not _seen(stop, lanes(way))]
    two = 0 < len(hidden) < len(way)
    gap, top = (_GAP, _draw_heads(canvas, language)) if two else (0.0, 0.0)
    width = (canvas.width - gap) / 2 if two else float(canvas.width)
    boxes: list[_Box] = []
    for stop in way:
        lines = _told(stop, width - 2 * _INSIDE, longest, language)
        left = canvas.width - width if two and stop in hidden else 0.0
        boxes.append(_Box(left, top, width, LINE * len(lines) + 2 * _INSIDE))
        _draw_step(canvas, boxes[-1], stop, lines)
        top = boxes[-1].bottom + _GAP
    for before, after in itertools.pairwise(boxes):
        turn = (before.bottom + after.top) / 2
        canvas.curve(
            [(before.centre, before.bottom), (before.centre, turn), (after.centre, turn),
             (after.centre, after.top)], "grey", width=1.5,
        )  # fmt: skip
        _draw_tip(canvas, after.centre, after.top, down=True)
    bottom = boxes[-1].bottom + 2
    if two:
        middle = canvas.width / 2
        canvas.line(middle, 0, middle, bottom, "accent", width=2, dashed=True)
    return bottom


def _seen(stop: Stop, shown: Sequence[Lane]) -> bool:
    return shown[lane_of(stop, shown)].noticed


def _draw_heads(canvas: Canvas, language: Language) -> float:
    """What stands on both sides of the line of visibility; the pixel below."""
    room = (canvas.width - _GAP) / 2
    heads = (N_("Customers notice it"), N_("Behind the line of visibility"))
    columns = [wrap_all(say(head)[language], room, FONT_SIZE) for head in heads]
    for left, lines in zip((0.0, canvas.width - room), columns, strict=True):
        for k, line in enumerate(lines):
            canvas.text(left, LINE * (k + 1) - 4, line, ink="accent", strong=True)
    return LINE * max(len(lines) for lines in columns) + _INSIDE


def _told(stop: Stop, room: float, longest: float, language: Language) -> _Words:
    """All that is said of a step."""
    most = 0 < (stop.wait_seconds or 0.0) == longest
    parts: _Words = [
        (stop.activity.label[language], "ink", True),
        (_department(stop, language), "soft", False),
        (_cases(stop, language), "soft", False),
    ]
    if stop.wait_seconds is not None:
        parts.append((_wait(stop, language), "ink", most))
    if stop.cost:
        cost = say(N_("{money} a year"), money=stop.cost)[language]
        parts.append((cost, "bad", True))
    return [
        (line, ink, strong)
        for words, ink, strong in parts
        for line in wrap_all(words, room, FONT_SIZE)
    ]


# Both


def _draw_step(canvas: Canvas, box: _Box, stop: Stop, lines: _Words) -> None:
    canvas.frame(box.left, box.top, box.width, box.height, "bad" if stop.cost else "ink")
    baseline = box.middle - LINE * len(lines) / 2 + LINE - 5
    for k, (words, ink, strong) in enumerate(lines):
        canvas.text(box.centre, baseline + LINE * k, words, ink=ink, anchor="middle", strong=strong)


def _draw_tip(canvas: Canvas, x: float, y: float, *, down: bool) -> None:
    """The head of an arrow that ends at X, Y."""
    back, side = 1.6 * _TIP, 0.8 * _TIP
    wings = [(x - side, y - back), (x + side, y - back)]
    if not down:
        wings = [(x - back, y - side), (x - back, y + side)]
    canvas.area([(x, y), *wings], "grey")
