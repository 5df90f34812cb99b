"""Where the elements of a procedure are drawn: from left to right, a subprocess around its content.

The layered drawing of the process map, turned by a quarter.
"""

import itertools
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zaplecze.process.conformance.procedure import Element, Flow, Procedure
from zaplecze.process.layout import Box, Line, Route, lay_out

Point = tuple[float, float]

TASK, EVENT, GATEWAY = (100.0, 80.0), (36.0, 36.0), (50.0, 50.0)
_PADDING, _NAME_HEIGHT, _MARGIN = 20.0, 32.0, 40.0
_LABEL = 14.0
"""The room that the name of a flow needs across it."""

_EVENTS = frozenset({"start", "intermediate", "end", "terminate"})
_GATEWAYS = frozenset({"exclusive", "parallel", "inclusive"})


@dataclass(frozen=True)
class Bounds:
    """A box: its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Diagram:
    """The box of every element and the way of every flow, by their ids."""

    bounds: Mapping[str, Bounds]
    ways: Mapping[str, Sequence[Point]]


def draw(procedure: Procedure) -> Diagram:
    """A place for everything in PROCEDURE; the same procedure is drawn the same."""
    bounds: dict[str, Bounds] = {}
    ways: dict[str, list[Point]] = {}
    _Scope(procedure, "").draw((_MARGIN, _MARGIN), bounds, ways)
    return Diagram(bounds, ways)


class _Scope:
    """The elements that lie directly in one subprocess, or at the top, and their drawing."""

    def __init__(self, procedure: Procedure, scope: str) -> None:
        self.elements = procedure.inside(scope)
        self.index = {element.id: i for i, element in enumerate(self.elements)}
        flows = [flow for flow in procedure.flows if flow.source in self.index]
        # The layered drawing knows one line from one box to another, and none to itself.
        first = {(flow.source, flow.target): flow for flow in reversed(flows)}
        self.flows = [f for f in flows if f.source != f.target and first[f.source, f.target] is f]
        self.below = [flow for flow in flows if flow not in self.flows]
        self.inner = {
            e.id: _Scope(procedure, e.id) for e in self.elements if e.kind == "subprocess"
        }
        self.sizes = [self._size(element) for element in self.elements]
        self.layout = lay_out(
            [
                Box(h, w, self._beside(e))
                for e, (w, h) in zip(self.elements, self.sizes, strict=True)
            ],
            [self._line(flow) for flow in self.flows],
            _spine(self.elements, self.flows, self.index),
        )

    def draw(self, corner: Point, bounds: dict[str, Bounds], ways: dict[str, list[Point]]) -> None:
        """Write down the boxes and ways, the left upper corner of all at CORNER."""
        left, top = corner
        for element, (width, height), centre in zip(
            self.elements, self.sizes, self.layout.centres, strict=True
        ):
            x, y = left + centre[1] - width / 2, top + centre[0] - height / 2
            bounds[element.id] = Bounds(x, y, width, height)
            if element.id in self.inner:
                inside = x + _PADDING, y + _PADDING + _NAME_HEIGHT
                self.inner[element.id].draw(inside, bounds, ways)
        places = _turning_places(self.layout.routes)
        for i, (flow, route) in enumerate(zip(self.flows, self.layout.routes, strict=True)):
            points = [(left + x, top + y) for x, y in _corners(route, i, places)]
            ends = [self._kind(flow.source), self._kind(flow.target)]
            boxes = [bounds[flow.source], bounds[flow.target]]
            points[0] = _on_border(points[0], boxes[0], ends[0])
            points[-1] = _on_border(points[-1], boxes[1], ends[1])
            ways[flow.id] = points
        for turn, flow in enumerate(self.below):
            ways[flow.id] = _below(bounds[flow.source], bounds[flow.target], turn)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the drawing."""
        return self.layout.height, self.layout.width

    def _size(self, element: Element) -> tuple[float, float]:
        if element.id in self.inner:
            width, height = self.inner[element.id].size
            return width + 2 * _PADDING, height + 2 * _PADDING + _NAME_HEIGHT
        if element.kind in _EVENTS:
            return EVENT
        return GATEWAY if element.kind in _GATEWAYS else TASK

    def _beside(self, element: Element) -> float:
        """The room for what stands below a box: a name, or a line to itself."""
        is_named_outside = element.name and element.kind in _EVENTS | _GATEWAYS
        has_line = any(element.id in (flow.source, flow.target) for flow in self.below)
        return _NAME_HEIGHT if has_line or is_named_outside else 0.0

    def _line(self, flow: Flow) -> Line:
        label = _LABEL if flow.name else 0.0
        return Line(self.index[flow.source], self.index[flow.target], 1.0, label_width=label)

    def _kind(self, identity: str) -> str:
        return self.elements[self.index[identity]].kind


def _spine(elements: list[Element], flows: list[Flow], index: dict[str, int]) -> list[int]:
    """A shortest way from a beginning to an end: it is drawn straight."""
    onward: dict[int, list[int]] = {i: [] for i in range(len(elements))}
    entered = {index[flow.target] for flow in flows}
    for flow in flows:
        onward[index[flow.source]].append(index[flow.target])
    first = next((i for i in onward if i not in entered), 0)
    before: dict[int, int] = {first: first}
    waiting = deque([first])
    last = first
    while waiting:
        last = waiting.popleft()
        if not onward[last]:
            break
        for after in onward[last]:
            if after not in before:
                before[after] = last
                waiting.append(after)
    spine = [last]
    while spine[0] != first:
        spine.insert(0, before[spine[0]])
    return spine


@dataclass(frozen=True)
class _Turn:
    """A line goes from one level to another between two rows; ``number`` counts those of a ROUTE."""

    route: int
    number: int
    level: float
    next_level: float

    @property
    def order(self) -> tuple[int, float]:
        """Which of several turns comes first, so that they do not cross: those from outside in."""
        down = self.next_level > self.level
        return (0, -self.level) if down else (1, self.level)

    def meets(self, other: "_Turn") -> bool:
        """Would the two lie on each other at the same place?"""
        mine, theirs = ({turn.level, turn.next_level} for turn in (self, other))
        return min(mine) <= max(theirs) and min(theirs) <= max(mine)


def _turning_places(routes: Sequence[Route]) -> dict[tuple[int, int], float]:
    """Where each turn of each route is, by their numbers: turns that would meet lie side by side."""
    gaps: dict[tuple[float, float], list[_Turn]] = {}
    for i, route in enumerate(routes):
        for k, (one, other) in enumerate(itertools.pairwise(route.stretches)):
            if one.x != other.x:
                gaps.setdefault((one.bottom, other.top), []).append(_Turn(i, k, one.x, other.x))
    places = {}
    for (begin, end), turns in gaps.items():
        tracks: list[list[_Turn]] = []
        for turn in sorted(turns, key=lambda turn: (turn.order, turn.route)):
            # Behind every turn that it would meet, so that the order holds.
            last = max((k for k, on in enumerate(tracks) if any(map(turn.meets, on))), default=-1)
            if last + 1 == len(tracks):
                tracks.append([])
            tracks[last + 1].append(turn)
        for k, on in enumerate(tracks):
            for turn in on:
                place = begin + (end - begin) * (k + 1) / (len(tracks) + 1)
                places[turn.route, turn.number] = place
    return places


def _corners(route: Route, number: int, places: Mapping[tuple[int, int], float]) -> list[Point]:
    """The way of a flow from its source to its target, along and across."""
    points: list[Point] = []
    for k, stretch in enumerate(route.stretches):
        if points and points[-1][1] != stretch.x:
            place = places[number, k - 1]
            points += [(place, points[-1][1]), (place, stretch.x)]
        points += [(stretch.top, stretch.x), (stretch.bottom, stretch.x)]
    if route.upwards:
        points.reverse()
    return _without_needless(points)


def _without_needless(points: list[Point]) -> list[Point]:
    """POINTS without those on a straight line between their neighbours."""
    kept = points[:1]
    for before, point, after in zip(points, points[1:], points[2:], strict=False):
        is_straight = before[0] == point[0] == after[0] or before[1] == point[1] == after[1]
        if not is_straight and point != kept[-1]:
            kept.append(point)
    return [*kept, points[-1]]


def _on_border(point: Point, box: Bounds, kind: str) -> Point:
    """POINT, which is level with BOX at its side, moved onto the border of its shape."""
    if kind not in _GATEWAYS:
        return point
    middle = box.x + box.width / 2
    half = box.width / 2 - abs(point[1] - box.y - box.height / 2)
    return (middle - half if point[0] < middle else middle + half, point[1])


def _below(source: Bounds, target: Bounds, turn: int) -> list[Point]:
    """A flow below two elements, or from one back to itself; of several, each has its own turn."""
    aside = 4.0 * (turn % 4)
    start, end = source.x + source.width / 2 + aside, target.x + target.width / 2 - aside
    if source == target:
        start, end = start + source.width / 4, end - target.width / 4
    low = max(source.y + source.height, target.y + target.height) + 16 + aside
    return [
        (start, source.y + source.height),
        (start, low),
        (end, low),
        (end, target.y + target.height),
    ]
