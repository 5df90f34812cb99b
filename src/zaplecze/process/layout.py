"""A layered drawing of a graph, after Sugiyama: rows from top to bottom, few crossings, few bends.

The most important path, the spine, runs straight down the middle. Every line has a place of its
own for its label, and lines pass between boxes, so that nothing covers anything else.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from zaplecze.process.columns import Lanes, order_in_lanes, place_in_lanes
from zaplecze.process.grid import Grid
from zaplecze.process.layering import Link, backward_links, rows
from zaplecze.process.ordering import order
from zaplecze.process.placing import Chain, Extent, Pull, place


@dataclass(frozen=True)
class Box:
    """The size of a node; ``beside`` is what it needs to its right for a line to itself."""

    width: float
    height: float
    beside: float = 0.0


@dataclass(frozen=True)
class Line(Link):
    """A line to draw, how thick, with room for a label of ``label_width``."""

    thickness: float = 1.0
    label_width: float = 0.0


@dataclass(frozen=True)
class Stretch:
    """A line runs straight down at ``x`` from ``top`` to ``bottom``, and bends to the next one."""

    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Route:
    """Where a line runs, from top to bottom; ``upwards``: its target is at the top.

    The label begins to the right of (``label_x``, ``label_y``), its middle.
    """

    stretches: list[Stretch]
    upwards: bool
    label_x: float
    label_y: float


@dataclass(frozen=True)
class Layout:
    """The middle of every box, the route of every line, and the size of the whole.

    ``lanes`` are the left and right sides of the lanes, where there are any.
    """

    centres: list[tuple[float, float]]
    routes: list[Route]
    width: float
    height: float
    lanes: list[tuple[float, float]] = field(default_factory=list)


LABEL_HEIGHT = 16.0
GAP, STEEPNESS, MOST_FOR_STEEPNESS, MOST_FOR_THICK = 14.0, 0.12, 36.0, 16.0
"""Rows are GAP apart, and more where lines go to the side between them, far or thick ones."""

NODE_SPACE, LINE_SPACE, LABEL_SPACE = 14.0, 7.0, 6.0
SPINE_WEIGHT = 3.0
"""How much worse it is to cross the spine."""

PORT_SPACE, PORT_MARGIN = 44.0, 16.0


def lay_out(
    boxes: Sequence[Box],
    lines: Sequence[Line],
    spine: Sequence[int],
    lanes: Lanes | None = None,
) -> Layout:
    """Place BOXES and route LINES; SPINE leads from the top node to the bottom node.

    With LANES every box stays in its lane, and the spine is not straight. The same input gives the
    same drawing.
    """
    back = backward_links(len(boxes), lines, spine)
    levels = rows(len(boxes), lines, back, spine[0], spine[-1])
    drawing = _Drawing(boxes, lines, levels, spine, lanes)
    return drawing.layout(back)


class _Drawing:
    """The grid of one drawing: boxes in even rows, labels in odd ones, bends wherever lines pass."""

    def __init__(
        self,
        boxes: Sequence[Box],
        lines: Sequence[Line],
        levels: list[int],
        spine: Sequence[int],
        lanes: Lanes | None,
    ) -> None:
        self.boxes, self.lines, self.lanes = boxes, lines, lanes
        self.lane: list[int] = list(lanes.of_box) if lanes else []
        self.grid = Grid()
        self.extents: list[Extent] = []
        self.thickness: list[float] = []
        self.heaviest = max((line.weight for line in lines), default=1.0) or 1.0
        for box, level in zip(boxes, levels, strict=True):
            half = box.width / 2 + NODE_SPACE
            self._add(2 * level, Extent(half, half + box.beside), 0.0)
        self.along_spine = _along(spine, lines)
        self.label_items: list[int] = []
        self.chains = [self._chain(line, i in self.along_spine) for i, line in enumerate(lines)]
        self.spine = self._on_spine(spine)
        if lanes:
            self.order = order_in_lanes(self.grid, self.lane)
        else:
            widths = [extent.left + extent.right for extent in self.extents]
            self.order = order(self.grid, self.spine, widths)

    def layout(self, back: Sequence[bool]) -> Layout:
        """The finished drawing."""
        place_in_row = {item: place for row in self.order for place, item in enumerate(row)}
        ports = self._ports(place_in_row)
        by_weight = sorted(
            range(len(self.lines)), key=lambda i: (-self.lines[i].weight, self.chains[i][0])
        )
        chains = [self._fastened(self.chains[i], ports) for i in by_weight]
        x, sides = self._across(ports, chains)
        tops, bottoms = self._heights(x, ports)
        routes = [
            self._route(i, x, tops, bottoms, ports, upwards=back[i]) for i in range(len(self.lines))
        ]
        centres = [
            (x[node], (tops[self.grid.row[node]] + bottoms[self.grid.row[node]]) / 2)
            for node in range(len(self.boxes))
        ]
        width = sides[-1][1] if sides else max(x[i] + self.extents[i].right for i in range(len(x)))
        return Layout(centres, routes, width, bottoms[-1], sides)

    def _across(
        self, ports: dict[tuple[int, int], float], chains: list[Chain]
    ) -> tuple[list[float], list[tuple[float, float]]]:
        """The x of every item, and the sides of the lanes, if any."""
        pulls = self._pulls(ports)
        if self.lanes:
            narrowest = self.lanes.narrowest
            return place_in_lanes(self.order, self.lane, narrowest, self.extents, pulls, chains)
        x = place(self.grid, self.order, self.spine, self.extents, pulls, chains)
        left = min(x[i] - self.extents[i].left for i in range(len(x)))
        return [value - left for value in x], []

    def _add(self, row: int, extent: Extent, thickness: float) -> int:
        self.extents.append(extent)
        self.thickness.append(thickness)
        return self.grid.add(row)

    def _chain(self, line: Line, on_spine: bool) -> list[int]:
        """The items of LINE from its upper to its lower box: bends, and in the middle the label."""
        upper, lower = sorted((line.source, line.target), key=self.grid.row.__getitem__)
        first, last = self.grid.row[upper] + 1, self.grid.row[lower] - 1
        label_row = first + (last - first) // 4 * 2
        half = line.thickness / 2
        chain = [upper]
        for row in range(first, last + 1):
            labelled = row == label_row and line.label_width
            right = half + LABEL_SPACE + line.label_width if labelled else half
            extent = Extent(half + LINE_SPACE, right + LINE_SPACE)
            item = self._add(row, extent, line.thickness)
            if self.lanes:
                # A line stays in the lane from which it comes until it must leave it.
                self.lane.append(self.lane[line.source])
            if row == label_row:
                self.label_items.append(item)
            chain.append(item)
        chain.append(lower)
        weight = self._importance(line)
        if on_spine:
            weight *= SPINE_WEIGHT
        for near, far in itertools.pairwise(chain):
            self.grid.join(near, far, weight)
        return chain

    def _importance(self, line: Line) -> float:
        return 1.0 + 3.0 * math.sqrt(line.weight / self.heaviest)

    def _on_spine(self, spine: Sequence[int]) -> set[int]:
        items = set(spine)
        for i in self.along_spine:
            items |= set(self.chains[i])
        return items

    def _ports(self, place_in_row: dict[int, int]) -> dict[tuple[int, int], float]:
        """How far from a box's middle the line to a neighbouring item leaves it."""
        ports: dict[tuple[int, int], float] = {}
        for node, box in enumerate(self.boxes):
            for joined in (self.grid.above[node], self.grid.below[node]):
                items = sorted((item for item, _ in joined), key=place_in_row.__getitem__)
                middle: float = (len(items) - 1) / 2
                if node in self.spine:
                    middle = next((i for i, item in enumerate(items) if item in self.spine), middle)
                most = max(middle, len(items) - 1 - middle)
                room = max(box.width / 2 - PORT_MARGIN, 0.0)
                space = min(PORT_SPACE, room / most) if most else 0.0
                ports |= {(node, item): (i - middle) * space for i, item in enumerate(items)}
        return ports

    def _pulls(self, ports: dict[tuple[int, int], float]) -> list[list[Pull]]:
        """Lines want to be straight, their inner parts more than their ends."""
        pulls: list[list[Pull]] = [[] for _ in self.grid.row]
        for item in range(len(self.grid.row)):
            for below, weight in self.grid.below[item]:
                strength = weight * self._stiffness(item, below)
                offset = ports.get((item, below), 0.0) - ports.get((below, item), 0.0)
                pulls[below].append(Pull(item, offset, strength))
                pulls[item].append(Pull(below, -offset, strength))
        return pulls

    @staticmethod
    def _fastened(chain: list[int], ports: dict[tuple[int, int], float]) -> Chain:
        upper, *bends, lower = chain
        return Chain(bends, (upper, ports[upper, bends[0]]), (lower, ports[lower, bends[-1]]))

    def _stiffness(self, upper: int, lower: int) -> float:
        """A line bends where it leaves the spine, and is straight beyond."""
        if min(upper, lower) >= len(self.boxes):
            return 4.0
        node = min(upper, lower)
        if self.lanes:
            # There the spine is not held straight by anything else.
            return 6.0 if {upper, lower} <= self.spine else 2.0
        return 1.0 if node in self.spine else 3.0

    def _heights(
        self, x: Sequence[float], ports: dict[tuple[int, int], float]
    ) -> tuple[list[float], list[float]]:
        """Top and bottom of every row."""
        tops, bottoms, y = [], [], 0.0
        for row in self.order:
            boxes = [self.boxes[item].height for item in row if item < len(self.boxes)]
            height = max(boxes, default=LABEL_HEIGHT)
            tops.append(y)
            bottoms.append(y + height)
            y += height + self._gap(row, x, ports)
        return tops, bottoms

    def _gap(
        self, row: Sequence[int], x: Sequence[float], ports: dict[tuple[int, int], float]
    ) -> float:
        """The space below ROW: more where lines go far to the side, and where thick ones do."""
        farthest = thickness = 0.0
        for item in row:
            for below, _ in self.grid.below[item]:
                start = x[item] + ports.get((item, below), 0.0)
                aside = abs(start - x[below] - ports.get((below, item), 0.0))
                farthest = max(farthest, aside)
                if aside > LINE_SPACE:
                    thickness += max(self.thickness[item], self.thickness[below])
        return GAP + min(STEEPNESS * farthest, MOST_FOR_STEEPNESS) + min(thickness, MOST_FOR_THICK)

    def _route(
        self,
        index: int,
        x: Sequence[float],
        tops: Sequence[float],
        bottoms: Sequence[float],
        ports: dict[tuple[int, int], float],
        *,
        upwards: bool,
    ) -> Route:
        upper, *bends, lower = self.chains[index]
        row = self.grid.row
        stretches = [Stretch(x[bend], tops[row[bend]], bottoms[row[bend]]) for bend in bends]
        for node, neighbour, at_top in ((upper, bends[0], True), (lower, bends[-1], False)):
            middle = (tops[row[node]] + bottoms[row[node]]) / 2
            half = self.boxes[node].height / 2
            port = x[node] + ports[node, neighbour]
            if at_top:
                stretches.insert(0, Stretch(port, middle + half, bottoms[row[node]]))
            else:
                stretches.append(Stretch(port, tops[row[node]], middle - half))
        label = self.label_items[index]
        return Route(
            stretches,
            upwards,
            x[label] + self.lines[index].thickness / 2 + LABEL_SPACE,
            (tops[row[label]] + bottoms[row[label]]) / 2,
        )


def _along(spine: Sequence[int], lines: Sequence[Line]) -> set[int]:
    """Which of LINES lie on SPINE: between two nodes of it the heaviest one."""
    pairs = set(itertools.pairwise(spine))
    heaviest: dict[tuple[int, int], int] = {}
    for i, line in enumerate(lines):
        pair = line.source, line.target
        if pair in pairs and (pair not in heaviest or line.weight > lines[heaviest[pair]].weight):
            heaviest[pair] = i
    return set(heaviest.values())
