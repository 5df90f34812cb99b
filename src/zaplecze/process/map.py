"""The process map as a picture: SVG that a web page can recolour and that prints as it is."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from zaplecze.language import N_, Language, duration, number, say
from zaplecze.process import shapes
from zaplecze.process.columns import Lanes
from zaplecze.process.graph import ProcessGraph
from zaplecze.process.layout import Box, Layout, Line, lay_out
from zaplecze.process.simplify import Arc, Selection, end_node, select, start_node, usual_path
from zaplecze.process.svg import element, text_width, wrap, wrap_all
from zaplecze.process.titles import arc_title, caption, node_title

Measure = Literal["count", "cases", "median", "mean", "p95", "total"]

MARGIN = 24.0
NARROWEST_MAP = 440.0
THINNEST, THICKEST = 1.2, 8.0


def map_svg(
    graph: ProcessGraph,
    language: Language,
    *,
    activities: float = 1.0,
    paths: float = 1.0,
    measure: Measure = "count",
    lanes: bool = False,
) -> str:
    """GRAPH drawn as an SVG document with all words and numbers in LANGUAGE.

    ACTIVITIES and PATHS are the shares, 0 to 1, of the most frequent activities and paths to show;
    the picture says what they leave out. Lines are as wide as their MEASURE, ``count``,
    ``cases`` or a figure of the wait, and carry it as a number. With LANES every step stands in the lane
    of the department that does most of it; a graph without departments has none. See `shapes` for the classes that a style sheet can
    recolour.
    """
    selection = select(graph, activities, paths)
    if not selection.nodes:
        return _empty(graph, language)
    return _Map(graph, selection, language, measure, in_lanes=lanes).svg()


def bare_map_svg(
    graph: ProcessGraph, language: Language, *, activities: float = 1.0, paths: float = 1.0
) -> str:
    """The same with counts, and without the caption, which is left to what stands around it."""
    selection = select(graph, activities, paths)
    return _Map(graph, selection, language, "count", in_lanes=False, captioned=False).svg()


def map_caption(
    graph: ProcessGraph, language: Language, *, activities: float = 1.0, paths: float = 1.0
) -> list[str]:
    """What a map of GRAPH with these shares shows and leaves out, in sentences."""
    return caption(graph, select(graph, activities, paths), "count", language, in_lanes=False)


class _Map:
    """One map while it is drawn: what is shown, measured, placed and turned into markup."""

    def __init__(
        self,
        graph: ProcessGraph,
        selection: Selection,
        language: Language,
        measure: Measure,
        *,
        in_lanes: bool,
        captioned: bool = True,
    ) -> None:
        self.graph, self.selection = graph, selection
        self.captioned = captioned
        self.language, self.measure = language, measure
        self.hue: shapes.Hue = "count" if measure in ("count", "cases") else "median"
        self.start, self.end = start_node(graph), end_node(graph)
        departments = sorted({a.department for a in graph.activities if a.department})
        self.lanes = {name: 1 + i % len(shapes.LANES) for i, name in enumerate(departments)}
        self.faces = {
            node: shapes.face(graph.activities[node], self.lanes, language)
            for node in selection.nodes
        }
        self.box_width = max(face.width for face in self.faces.values())
        self.in_lanes = in_lanes and any(
            graph.activities[node].department for node in selection.nodes
        )
        if self.in_lanes:
            # The head of the lane says it for all steps.
            self.faces = {n: replace(face, department="") for n, face in self.faces.items()}
        self.loops = {arc.source: arc for arc in selection.arcs if arc.source == arc.target}
        self.arcs = [arc for arc in selection.arcs if arc.source != arc.target]
        self.most = max((abs(self._value(arc) or 0.0) for arc in selection.arcs), default=0.0)

    def svg(self) -> str:
        """The document."""
        nodes = [*self.selection.nodes, self.start, self.end]
        index = {node: position for position, node in enumerate(nodes)}
        path = usual_path(self.arcs, self.start, self.end)
        columns = self._columns(path) if self.in_lanes else []
        drawing = lay_out(
            [self._box(node) for node in nodes],
            [self._line(arc, index) for arc in self.arcs],
            [index[node] for node in path],
            self._lanes(columns, nodes, path) if columns else None,
        )
        usual = set(itertools.pairwise(path))
        order = sorted(range(len(self.arcs)), key=lambda i: self._thickness(self.arcs[i]))
        parts = [self._draw_arc(i, drawing, usual) for i in order]
        parts += [self._draw_node(node, drawing.centres[index[node]]) for node in nodes]
        return self._document(drawing, parts, columns)

    def _columns(self, path: list[int]) -> list[str | None]:
        """The departments from left to right: as they come on the usual way, then by their work."""
        activities = self.graph.activities
        on_path = [activities[node].department for node in path[1:-1]]
        work = Counter[str | None]()
        for node in self.selection.nodes:
            work[activities[node].department] += activities[node].events
        others = sorted(work, key=lambda name: (-work[name], name or ""))
        return list(dict.fromkeys([*on_path, *others]))

    def _lanes(self, columns: list[str | None], nodes: list[int], path: list[int]) -> Lanes:
        """The lane of each of NODES; cases start and end in that of the first and last usual step."""
        instead = {self.start: path[1], self.end: path[-2]}
        return Lanes(
            [
                columns.index(self.graph.activities[instead.get(node, node)].department)
                for node in nodes
            ],
            [shapes.NARROWEST_LANE] * len(columns),
        )

    def _heads(self, drawing: Layout, columns: list[str | None]) -> tuple[list[str], float]:
        """The titles of the lanes with the lines between them, and how high the titles are."""
        labels = {a.department: a.department_label for a in self.graph.activities}
        titles = []
        for name, (left, right) in zip(columns, drawing.lanes, strict=True):
            label = labels.get(name) if name else None
            words = (label or say(N_("No department")))[self.language]
            titles.append(wrap(words, right - left - 2 * shapes.PADDING_X, shapes.LABEL_SIZE))
        height = shapes.lane_head_height(titles)
        heads = [
            shapes.lane(
                title,
                sides,
                (-height, drawing.height + MARGIN / 2),
                self.lanes.get(name or ""),
                is_first=not number,
            )
            for number, (name, title, sides) in enumerate(
                zip(columns, titles, drawing.lanes, strict=True)
            )
        ]
        return heads, height

    def _value(self, arc: Arc) -> float | None:
        if self.measure == "count":
            return arc.count
        if self.measure == "cases":
            return arc.edge.cases if arc.edge else arc.count
        return getattr(arc.edge.wait_seconds, self.measure) if arc.edge else None

    def _thickness(self, arc: Arc) -> float:
        value = self._value(arc)
        if value is None or not self.most:
            return THINNEST
        return THINNEST + (THICKEST - THINNEST) * max(value, 0.0) / self.most

    def _number(self, arc: Arc) -> str:
        value = self._value(arc)
        if value is None:
            return ""
        text = number(value) if self.hue == "count" else duration(value)
        return text[self.language]

    def _box(self, node: int) -> Box:
        if node not in self.faces:
            words = text_width(self._marker_name(node), shapes.NUMBER_SIZE)
            return Box(2 * shapes.MARKER_RADIUS, 2 * shapes.MARKER_RADIUS, words + 8)
        beside = 0.0
        if node in self.loops:
            beside = shapes.loop_width(self._number(self.loops[node]))
        return Box(self.box_width, self.faces[node].height, beside)

    def _line(self, arc: Arc, index: dict[int, int]) -> Line:
        return Line(
            index[arc.source],
            index[arc.target],
            float(arc.count),
            self._thickness(arc),
            text_width(self._number(arc), shapes.NUMBER_SIZE),
        )

    def _marker_name(self, node: int) -> str:
        return (say(N_("Start")) if node == self.start else say(N_("End")))[self.language]

    def _draw_arc(self, number: int, drawing: Layout, usual: set[tuple[int, int]]) -> str:
        arc = self.arcs[number]
        return shapes.line(
            drawing.routes[number],
            self._thickness(arc),
            self._number(arc),
            arc_title(arc, self.graph, self.language),
            hue=self.hue,
            usual=(arc.source, arc.target) in usual,
        )

    def _draw_node(self, node: int, centre: tuple[float, float]) -> str:
        if node not in self.faces:
            return shapes.marker(centre, self._marker_name(node), is_start=node == self.start)
        activity = self.graph.activities[node]
        box = shapes.node(
            self.faces[node], centre, self.box_width, node_title(activity, self.language)
        )
        if node not in self.loops:
            return box
        arc = self.loops[node]
        return box + shapes.loop(
            centre,
            self.box_width,
            self._thickness(arc),
            self._number(arc),
            arc_title(arc, self.graph, self.language),
            hue=self.hue,
        )

    def _caption(self) -> list[str]:
        if not self.captioned:
            return []
        return caption(
            self.graph, self.selection, self.measure, self.language, in_lanes=self.in_lanes
        )

    def _document(self, drawing: Layout, parts: Sequence[str], columns: list[str | None]) -> str:
        heads, above = self._heads(drawing, columns) if columns else ([], 0.0)
        inner_width = max(drawing.width, NARROWEST_MAP if self.captioned else 0.0)
        notes = [
            line
            for note in self._caption()
            for line in wrap_all(note, inner_width, shapes.SMALL_SIZE)
        ]
        shift = (inner_width - drawing.width) / 2
        below = above + drawing.height + 2 * MARGIN
        return shapes.document(
            _name(self.graph, self.language),
            inner_width + 2 * MARGIN,
            below + len(notes) * shapes.CAPTION_LINE + MARGIN / 2,
            [
                element(
                    "g",
                    {"transform": f"translate({MARGIN + shift:.1f} {MARGIN + above:.1f})"},
                    *heads,
                    *parts,
                ),
                shapes.caption(notes, MARGIN, below),
            ],
        )


def _name(graph: ProcessGraph, language: Language) -> str:
    return say(N_("Process map: {name}"), name=graph.name)[language]


def _empty(graph: ProcessGraph, language: Language) -> str:
    """A picture that says that there is nothing to see, and why."""
    why = say(N_("There are no events in this log, so there is no process to show."))
    if graph.filters:
        why = say(N_("No events are left to show."))
    notes = [
        line
        for note in (why, *graph.filters)
        for line in wrap_all(note[language], NARROWEST_MAP, shapes.SMALL_SIZE)
    ]
    return shapes.document(
        _name(graph, language),
        NARROWEST_MAP + 2 * MARGIN,
        2 * MARGIN + len(notes) * shapes.CAPTION_LINE,
        [shapes.caption(notes, MARGIN, MARGIN)],
    )
