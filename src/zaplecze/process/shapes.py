"""The shapes of a process map as SVG markup.

Colours are presentation attributes, so a style sheet overrides them by class. Filled are
``paper``, ``ink`` and ``muted`` (text and marks), ``lane-1`` to ``lane-8`` (departments) and
``arrow``; drawn as lines are ``frame`` and ``outline`` (light and dark ones) and ``flow``. Flows
and arrows also have ``usual`` on the usual way and ``wait`` where they show waits. Where lines belong
to types of objects, they are ``type type-1`` to ``type-8`` and their arrows ``head head-1`` to
``head-8`` instead. There is no style attribute, no script, and nothing that a PDF renderer does not
know.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from zaplecze.language import Language, number
from zaplecze.process.graph import Activity
from zaplecze.process.layout import Route
from zaplecze.process.svg import element, plain, shorten, text_width, words, wrap

PAPER, INK, MUTED, FRAME = "#ffffff", "#1b1f24", "#5a6472", "#aab2bd"
HUES = {"count": "#0072B2", "median": "#D55E00"}
QUIET_HUES = {"count": "#7d93a8", "median": "#b08b73"}
LANES = (
    "#1b7f5f", "#8a5a9e", "#a36a00", "#3d6fb5", "#9c3f5d", "#4f6b2f", "#0e7c86", "#6b5b4b",
)  # fmt: skip

LABEL_SIZE, NUMBER_SIZE, SMALL_SIZE = 13.5, 12.0, 11.0
LABEL_LINE, SMALL_LINE, CAPTION_LINE = 17.0, 16.0, 16.0
NARROWEST_BOX, WIDEST_BOX = 116.0, 208.0
PADDING_X, PADDING_Y, MARK_WIDTH, CORNER = 13.0, 8.0, 4.0, 6.0
COLUMN_SPACE = 14.0
MARKER_RADIUS = 9.0
LOOP_WIDTH = 20.0
NARROWEST_LANE = 100.0
LANE_BAR, BELOW_LANE_TITLE = 4.0, 20.0
ARROW_LENGTH = 7.0
SAMPLE_WIDTH = 34.0

Hue = Literal["count", "median"]

DASHES = ("", "9 4", "2 3.5", "12 3 2 3", "5 3", "14 5", "8 3 2 3 2 3", "1 2.5")
"""How the lines of each type of objects are broken, so that colour is not needed to tell them."""


@dataclass(frozen=True)
class Face:
    """What stands in a box, cut to fit, and the room it needs."""

    label: list[str]
    department: str
    count: str
    lane: int | None
    noticed: bool
    width: float

    @property
    def height(self) -> float:
        """Of the box."""
        return 2 * PADDING_Y + len(self.label) * LABEL_LINE + SMALL_LINE


def face(activity: Activity, lanes: dict[str, int], language: Language) -> Face:
    """The face of ACTIVITY; LANES gives each department its number."""
    room = WIDEST_BOX - 2 * PADDING_X
    label = wrap(activity.label[language], room, LABEL_SIZE)
    count = number(activity.events)[language]
    count_width = text_width(count, NUMBER_SIZE)
    department = activity.department_label[language] if activity.department_label else ""
    department = shorten(department, room - count_width - COLUMN_SPACE, SMALL_SIZE)
    lower = count_width
    if department:
        lower += COLUMN_SPACE + text_width(department, SMALL_SIZE)
    widest = max(lower, *(text_width(line, LABEL_SIZE) for line in label))
    return Face(
        label,
        department,
        count,
        lanes[activity.department] if activity.department else None,
        activity.noticed,
        max(widest + 2 * PADDING_X, NARROWEST_BOX),
    )


def node(face: Face, centre: tuple[float, float], width: float, title: str) -> str:
    """A box with its label, department and count."""
    left, top = centre[0] - width / 2, centre[1] - face.height / 2
    parts = [_title(title), _frame(left, top, width, face)]
    if face.lane:
        # The mark follows the rounded corner by being as tall as the straight part of the side.
        parts.append(
            element(
                "rect",
                {
                    "class": f"lane-{face.lane}",
                    "x": left,
                    "y": top + CORNER,
                    "width": MARK_WIDTH,
                    "height": face.height - 2 * CORNER,
                    "fill": LANES[face.lane - 1],
                },
            )
        )
    baseline = top + PADDING_Y + LABEL_SIZE - 1
    for row, line_of_label in enumerate(face.label):
        y = baseline + row * LABEL_LINE
        parts.append(_text(line_of_label, left + PADDING_X, y, LABEL_SIZE, weight=600))
    y = top + face.height - PADDING_Y - 3
    if face.department:
        parts.append(_text(face.department, left + PADDING_X, y, SMALL_SIZE, "muted"))
    right = left + width - PADDING_X
    parts.append(_text(face.count, right, y, NUMBER_SIZE, anchor="end"))
    return element("g", {"class": "node"}, *parts)


def lane_head_height(titles: Sequence[list[str]]) -> float:
    """How high the heads of lanes with these TITLES, in lines, are."""
    return LANE_BAR + max(map(len, titles)) * LABEL_LINE + BELOW_LANE_TITLE


def lane(
    title: list[str],
    sides: tuple[float, float],
    ends: tuple[float, float],
    number: int | None,
    *,
    is_first: bool,
) -> str:
    """The head of a lane between its SIDES at the top of its ENDS, and a line to the one before it."""
    (left, right), (top, bottom) = sides, ends
    colour = LANES[number - 1] if number else FRAME
    name = f"lane-{number}" if number else "quiet"
    bar: dict[str, str | float] = {
        "class": name, "x": left + 4, "y": top, "width": right - left - 8, "height": LANE_BAR,
        "fill": colour,
    }  # fmt: skip
    parts = [_title(" ".join(title)), element("rect", bar)]
    baseline = top + LANE_BAR + LABEL_LINE
    parts += [
        _text(each, left + PADDING_X, baseline + row * LABEL_LINE, LABEL_SIZE, weight=600)
        for row, each in enumerate(title)
    ]
    if not is_first:
        border: dict[str, str | float] = {
            "class": "frame", "d": f"M{plain(left)} {plain(top)}V{plain(bottom)}", "fill": "none",
            "stroke": FRAME, "stroke-width": 1, "stroke-dasharray": "2 4",
        }  # fmt: skip
        parts.append(element("path", border))
    return element("g", {"class": "lane"}, *parts)


def marker(centre: tuple[float, float], name: str, *, is_start: bool) -> str:
    """Where cases start (a triangle in a circle) or end (a square in one), with the word."""
    x, y = centre
    inner = (
        f"M{plain(x - 2.5)} {plain(y - 4)}L{plain(x + 4.5)} {plain(y)}L{plain(x - 2.5)} {plain(y + 4)}Z"
        if is_start
        else f"M{plain(x - 3.5)} {plain(y - 3.5)}h7v7h-7Z"
    )
    return element(
        "g",
        {"class": "marker"},
        _title(name),
        element(
            "circle",
            {"class": "paper outline", "cx": x, "cy": y, "r": MARKER_RADIUS - 0.75, "fill": PAPER,
             "stroke": INK, "stroke-width": 1.5},
        ),
        element("path", {"class": "ink", "d": inner, "fill": INK}),
        _text(name, x + MARKER_RADIUS + 6, y + 4, NUMBER_SIZE, "muted"),
    )  # fmt: skip


def line(
    route: Route,
    thickness: float,
    label: str,
    title: str,
    *,
    hue: Hue = "count",
    usual: bool = False,
    stroke: int | None = None,
) -> str:
    """A line along ROUTE with an arrow at its end and LABEL beside it.

    STROKE, from 1, is the number of a type of objects, with a colour and dashes of its own.
    """
    head = arrow_length(thickness)
    tip = route.stretches[0] if route.upwards else route.stretches[-1]
    tip_y = tip.top if route.upwards else tip.bottom
    return _flow(
        _path_along(route, head),
        _arrow(tip.x, tip_y, head, upwards=route.upwards),
        thickness,
        title,
        _text(label, route.label_x, route.label_y + 4, NUMBER_SIZE),
        hue=hue,
        usual=usual,
        stroke=stroke,
    )


def _path_along(route: Route, head: float) -> str:
    """Straight along the stretches of ROUTE, curved between them, up to the arrow of HEAD length."""
    first, last = route.stretches[0], route.stretches[-1]
    y = first.top + (head - 1 if route.upwards else 0)
    finish = last.bottom - (0 if route.upwards else head - 1)
    commands = [f"M{plain(first.x)} {plain(y)}"]
    for above, below in itertools.pairwise(route.stretches):
        leave = max(above.bottom, y)
        arrive = min(below.top, finish)
        if leave > y:
            commands.append(f"V{plain(leave)}")
        bend = (leave + arrive) / 2
        commands.append(
            f"C{plain(above.x)} {plain(bend)} {plain(below.x)} {plain(bend)} "
            f"{plain(below.x)} {plain(arrive)}"
            if abs(below.x - above.x) >= 0.05
            else f"V{plain(arrive)}"
        )
        y = arrive
    if finish > y:
        commands.append(f"V{plain(finish)}")
    return "".join(commands)


def loop_width(label: str) -> float:
    """The room beside a box for its line to itself."""
    return LOOP_WIDTH + 8 + text_width(label, NUMBER_SIZE)


def loop(
    centre: tuple[float, float],
    box_width: float,
    thickness: float,
    label: str,
    title: str,
    *,
    hue: Hue = "count",
    stroke: int | None = None,
) -> str:
    """A line from a box to itself, at its right side; STROKE as in `line`."""
    x, y = centre[0] + box_width / 2, centre[1]
    head = arrow_length(thickness)
    out = x + LOOP_WIDTH
    path = (
        f"M{plain(x)} {plain(y - 9)}C{plain(out)} {plain(y - 9)} {plain(out)} {plain(y + 9)} "
        f"{plain(x + head - 1)} {plain(y + 9)}"
    )
    half = head * 0.55
    arrow = (
        f"M{plain(x)} {plain(y + 9)}L{plain(x + head)} {plain(y + 9 - half)}V{plain(y + 9 + half)}Z"
    )
    text = _text(label, x + LOOP_WIDTH - 1 + thickness / 2, y + 4, NUMBER_SIZE)
    return _flow(path, arrow, thickness, title, text, hue=hue, usual=False, stroke=stroke)


def sample(name: str, left: float, y: float, stroke: int) -> str:
    """An entry of a legend: a piece of the line of a type of objects, and the type's NAME."""
    colour = LANES[(stroke - 1) % len(LANES)]
    attributes: dict[str, str | float] = {
        "class": f"type type-{stroke}",
        "d": f"M{plain(left)} {plain(y)}h{plain(SAMPLE_WIDTH)}",
        "fill": "none",
        "stroke": colour,
        "stroke-width": 3,
    }
    text = _text(name, left + SAMPLE_WIDTH + 8, y + 4, NUMBER_SIZE)
    return element("path", attributes | _dashes(stroke)) + text


def caption(lines: Sequence[str], left: float, top: float) -> str:
    """Small type under the picture."""
    texts = (
        _text(line, left, top + (row + 0.7) * CAPTION_LINE, SMALL_SIZE, "muted")
        for row, line in enumerate(lines)
    )
    return element("g", {"class": "caption"}, *texts)


def document(title: str, width: float, height: float, parts: Sequence[str]) -> str:
    """The SVG document of a map called TITLE."""
    attributes: dict[str, str | float] = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "process-map",
        "role": "img",
        "aria-label": title,
        "viewBox": f"0 0 {plain(width)} {plain(height)}",
        "width": width,
        "height": height,
        "font-family": "IBM Plex Sans, sans-serif",
    }
    sheet: dict[str, str | float] = {
        "class": "paper",
        "width": width,
        "height": height,
        "fill": PAPER,
    }
    return element("svg", attributes, _title(title), element("rect", sheet), *parts)


def arrow_length(thickness: float) -> float:
    """Longer for thicker lines."""
    return ARROW_LENGTH + 0.9 * thickness


def _flow(
    path: str,
    arrow: str,
    thickness: float,
    title: str,
    text: str,
    *,
    hue: Hue,
    usual: bool,
    stroke: int | None,
) -> str:
    kind = (" usual" if usual else "") + (" wait" if hue == "median" else "")
    names, dashes = (f"flow{kind}", f"arrow{kind}"), {}
    colour = HUES[hue] if usual else QUIET_HUES[hue]
    if stroke is not None:
        names, dashes = (f"type type-{stroke}", f"head head-{stroke}"), _dashes(stroke)
        colour = LANES[(stroke - 1) % len(LANES)]
    drawn: dict[str, str | float] = {
        "class": names[0],
        "d": path,
        "fill": "none",
        "stroke": colour,
        "stroke-width": f"{thickness:.2f}",
    }
    return element(
        "g",
        {"class": "edge"},
        _title(title),
        element("path", drawn | dashes),
        element("path", {"class": names[1], "d": arrow, "fill": colour}),
        text,
    )


def _dashes(stroke: int) -> dict[str, str | float]:
    dashes = DASHES[(stroke - 1) % len(DASHES)]
    return {"stroke-dasharray": dashes} if dashes else {}


def _arrow(x: float, tip: float, head: float, *, upwards: bool) -> str:
    half = head * 0.55
    base = tip + head if upwards else tip - head
    return f"M{plain(x)} {plain(tip)}L{plain(x - half)} {plain(base)}H{plain(x + half)}Z"


def _frame(left: float, top: float, width: float, face: Face) -> str:
    return element(
        "rect",
        {
            "class": "paper outline" if face.noticed else "paper frame",
            "x": left,
            "y": top,
            "width": width,
            "height": face.height,
            "rx": CORNER,
            "fill": PAPER,
            "stroke": INK if face.noticed else FRAME,
            "stroke-width": 2 if face.noticed else 1,
        },
    )


def _text(
    content: str,
    x: float,
    y: float,
    size: float,
    tone: Literal["ink", "muted"] = "ink",
    *,
    weight: int = 400,
    anchor: Literal["start", "end"] = "start",
) -> str:
    if not content:
        return ""
    attributes: dict[str, str | float] = {
        "class": tone,
        "x": x,
        "y": y,
        "font-size": size,
        "fill": INK if tone == "ink" else MUTED,
    }
    if weight != 400:
        attributes["font-weight"] = str(weight)
    if anchor == "end":
        attributes["text-anchor"] = "end"
    return element("text", attributes, words(content))


def _title(title: str) -> str:
    return element("title", {}, words(title))
