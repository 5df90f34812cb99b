"""The object-centric graph as a picture: one map of the steps, with lines for each type of objects.

After Berti and van der Aalst (2023), drawn as the process map is. Boxes carry events, each counted
once; lines carry how many objects of their type went that way, and are as wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from zaplecze.language import N_, Language, Text, duration, number, say, say_plural
from zaplecze.process import shapes
from zaplecze.process.graph import Activity, Edge, ProcessGraph
from zaplecze.process.layout import Box, Layout, Line, lay_out
from zaplecze.process.map import MARGIN, NARROWEST_MAP, THICKEST, THINNEST
from zaplecze.process.objects.graph import ObjectActivity, ObjectEdge
from zaplecze.process.objects.lifecycles import Lifecycle
from zaplecze.process.objects.view import ObjectView
from zaplecze.process.simplify import (
    Arc,
    Selection,
    end_node,
    select,
    sensible_shares,
    start_node,
    usual_path,
)
from zaplecze.process.svg import element, text_width, wrap_all

_LOOP_SPACE = 19.0
_LEGEND_SPACE = 28.0
_LEGEND_LINE = 22.0


@dataclass(frozen=True)
class _Way:
    """Objects of a type go from one node to another; ``edge`` is None from start and to end."""

    stroke: int
    source: int
    target: int
    objects: int
    edge: ObjectEdge | None


@dataclass(frozen=True)
class _Face(shapes.Face):
    """A box that is at least so high that its loops fit beside it."""

    least: float = 0.0

    @property
    def height(self) -> float:
        """Of the box."""
        return max(super().height, self.least)


def objects_svg(view: ObjectView, language: Language, *, paths: float | None = None) -> str:
    """VIEW drawn as an SVG document with all words and numbers in LANGUAGE.

    PATHS is the share, 0 to 1, of each type's most frequent paths to show; None: what reads well.
    The picture says what is left out. See `shapes` for the classes that a style sheet can recolour.
    """
    drawn = [life for life in view.object_types if life.events]
    if not drawn:
        return _empty(view, language)
    return _Picture(view, drawn, language, paths).svg()


class _Picture:
    """One picture while it is drawn. Nodes: the steps by number, then the start and the end."""

    def __init__(
        self, view: ObjectView, types: list[Lifecycle], language: Language, paths: float | None
    ) -> None:
        self.view, self.language, self.types = view, language, types
        self.steps = [a for a in view.graph.activities if a.objects]
        self.number = {step.name: i for i, step in enumerate(self.steps)}
        self.start, self.end = len(self.steps), len(self.steps) + 1
        selections = [_selected(view, life, paths) for life in types]
        self.shown = sum(len(chosen.arcs) for _, chosen in selections)
        self.every = sum(len(chosen.all_arcs) for _, chosen in selections)
        ways = [
            way for i, (graph, s) in enumerate(selections, 1) for way in self._ways(i, graph, s)
        ]
        self.loops: dict[int, list[_Way]] = {}
        for way in ways:
            if way.source == way.target:
                self.loops.setdefault(way.source, []).append(way)
        self.ways = [way for way in ways if way.source != way.target]
        # The types that share a step are drawn in one row, so that every step has its place.
        self.faces = [self._face(i, step) for i, step in enumerate(self.steps)]
        self.box_width = max(face.width for face in self.faces)
        self.most = max(way.objects for way in ways)

    def svg(self) -> str:
        """The document."""
        nodes = range(len(self.steps) + 2)
        lines = [self._line(way) for way in self.ways]
        drawing = lay_out([self._box(node) for node in nodes], lines, self._spine())
        order = sorted(range(len(self.ways)), key=lambda i: self.ways[i].objects)
        parts = [
            shapes.line(
                drawing.routes[i], lines[i].thickness, self._words(self.ways[i]),
                self._title(self.ways[i]), stroke=self.ways[i].stroke,
            )
            for i in order
        ]  # fmt: skip
        parts += [self._draw_node(node, drawing.centres[node]) for node in nodes]
        return self._document(drawing, parts)

    def _spine(self) -> list[int]:
        """The usual way of the type with most to do, down the middle."""
        work = [life.objects * life.mean_events for life in self.types]
        busiest = 1 + work.index(max(work))
        arcs = [
            Arc(way.source, way.target, way.objects) for way in self.ways if way.stroke == busiest
        ]
        return usual_path(sorted(arcs, key=lambda a: -a.count), self.start, self.end)

    def _ways(self, stroke: int, graph: ProcessGraph, chosen: Selection) -> list[_Way]:
        """What is shown of one type's graph, with the numbers of all steps."""
        names = [activity.name for activity in graph.activities]
        place = {node: self.number[name] for node, name in enumerate(names)}
        place |= {start_node(graph): self.start, end_node(graph): self.end}
        edges = {
            (e.source, e.target): e
            for e in self.view.graph.edges
            if e.object_type == self.types[stroke - 1].object_type
        }
        return [
            _Way(
                stroke, place[arc.source], place[arc.target], arc.count,
                edges[names[arc.source], names[arc.target]] if arc.edge else None,
            )
            for arc in chosen.arcs
        ]  # fmt: skip

    def _face(self, node: int, step: ObjectActivity) -> _Face:
        plain = Activity(step.name, step.label, step.events, 0)
        face = shapes.face(plain, {}, self.language)
        loops = len(self.loops.get(node, ()))
        return _Face(**vars(face), least=loops * _LOOP_SPACE + 10 if loops > 1 else 0.0)

    def _box(self, node: int) -> Box:
        if node >= len(self.steps):
            words = text_width(self._marker_name(node), shapes.NUMBER_SIZE)
            return Box(2 * shapes.MARKER_RADIUS, 2 * shapes.MARKER_RADIUS, words + 8)
        loops = [shapes.loop_width(self._words(way)) for way in self.loops.get(node, ())]
        return Box(self.box_width, self.faces[node].height, max(loops, default=0.0))

    def _line(self, way: _Way) -> Line:
        width = text_width(self._words(way), shapes.NUMBER_SIZE)
        return Line(way.source, way.target, float(way.objects), self._thickness(way), width)

    def _thickness(self, way: _Way) -> float:
        return THINNEST + (THICKEST - THINNEST) * way.objects / self.most

    def _words(self, way: _Way) -> str:
        return number(way.objects)[self.language]

    def _marker_name(self, node: int) -> str:
        return (say(N_("Start")) if node == self.start else say(N_("End")))[self.language]

    def _draw_node(self, node: int, centre: tuple[float, float]) -> str:
        if node >= len(self.steps):
            return shapes.marker(centre, self._marker_name(node), is_start=node == self.start)
        box = shapes.node(self.faces[node], centre, self.box_width, self._step_title(node))
        loops = self.loops.get(node, [])
        top = centre[1] - (len(loops) - 1) / 2 * _LOOP_SPACE
        return box + "".join(
            shapes.loop(
                (centre[0], top + i * _LOOP_SPACE), self.box_width,
                min(self._thickness(way), 3.0), self._words(way), self._title(way),
                stroke=way.stroke,
            )
            for i, way in enumerate(loops)
        )  # fmt: skip

    def _step_title(self, node: int) -> str:
        step = self.steps[node]
        said = [
            say_plural(
                N_("“{step}” was done {count} time."),
                N_("“{step}” was done {count} times."),
                step.events,
                step=step.label,
            )
        ]
        said += [
            say(N_("Different “{type}”: {objects}."), type=name, objects=number(objects))
            for name, objects in step.objects.items()
        ]
        return " ".join(words[self.language] for words in said)

    def _title(self, way: _Way) -> str:
        name = self.types[way.stroke - 1].object_type
        return " ".join(words[self.language] for words in self._sentences(way, name))

    def _sentences(self, way: _Way, name: str) -> list[Text]:
        objects = number(way.objects)
        if way.source == self.start:
            step = self.steps[way.target].label
            return [
                say(N_("“{type}” that begin with “{step}”: {objects}."), type=name, step=step,
                    objects=objects)
            ]  # fmt: skip
        if way.target == self.end:
            step = self.steps[way.source].label
            return [
                say(N_("“{type}” that end with “{step}”: {objects}."), type=name, step=step,
                    objects=objects)
            ]  # fmt: skip
        said = [
            say(
                N_("“{type}” that went from “{source}” directly to “{target}”: {objects}."),
                type=name,
                source=self.steps[way.source].label,
                target=self.steps[way.target].label,
                objects=objects,
            )
        ]
        if way.edge and way.edge.wait_seconds.median is not None:
            said.append(
                say(
                    N_("In events: {events}. Median wait: {wait}."),
                    events=number(way.edge.events),
                    wait=duration(way.edge.wait_seconds.median),
                )
            )
        return said

    def _document(self, drawing: Layout, parts: Sequence[str]) -> str:
        width = max(drawing.width, NARROWEST_MAP)
        legend, legend_height = self._legend(width)
        notes = [line for note in self._notes() for line in _wrapped(note[self.language], width)]
        shift = (width - drawing.width) / 2
        top = MARGIN + legend_height
        below = top + drawing.height + MARGIN
        return shapes.document(
            _name(self.view, self.language),
            width + 2 * MARGIN,
            below + len(notes) * shapes.CAPTION_LINE + MARGIN / 2,
            [
                legend,
                element("g", {"transform": f"translate({MARGIN + shift:.1f} {top:.1f})"}, *parts),
                shapes.caption(notes, MARGIN, below),
            ],
        )

    def _legend(self, width: float) -> tuple[str, float]:
        """Every type with its line, and how much room that takes."""
        entries, x, y = [], MARGIN, MARGIN
        for stroke, life in enumerate(self.types, 1):
            words = say(
                N_("{type} ({count})"), type=life.object_type, count=number(life.objects)
            )[self.language]  # fmt: skip
            room = shapes.SAMPLE_WIDTH + 8 + text_width(words, shapes.NUMBER_SIZE)
            if x > MARGIN and x + room > MARGIN + width:
                x, y = MARGIN, y + _LEGEND_LINE
            entries.append(shapes.sample(words, x, y, stroke))
            x += room + _LEGEND_SPACE
        return element("g", {"class": "legend"}, *entries), y + _LEGEND_LINE - MARGIN

    def _notes(self) -> list[Text]:
        return [
            say(
                N_("Shown: {paths} of {all_paths} paths, the most frequent of each type."),
                paths=number(self.shown),
                all_paths=number(self.every),
            ),
            say(
                N_(
                    "In the boxes: how often a step was done, every event counted once. On the "
                    "lines: how many objects of the type went directly from one step to the other."
                )
            ),
        ]


def _selected(
    view: ObjectView, life: Lifecycle, paths: float | None
) -> tuple[ProcessGraph, Selection]:
    """The graph of one type of objects, and what of it is shown; every step of it is."""
    edges = [e for e in view.graph.edges if e.object_type == life.object_type]
    graph = ProcessGraph(
        view.name,
        life.objects,
        life.events,
        [
            Activity(a.name, a.label, a.objects[life.object_type], a.objects[life.object_type])
            for a in view.graph.activities
            if life.object_type in a.objects
        ],
        [Edge(e.source, e.target, e.objects, e.objects, e.wait_seconds) for e in edges],
        life.starts,
        life.ends,
    )
    return graph, select(graph, 1.0, sensible_shares(graph)[1] if paths is None else paths)


def _wrapped(text: str, width: float) -> list[str]:
    return wrap_all(text, width, shapes.SMALL_SIZE)


def _name(view: ObjectView, language: Language) -> str:
    return say(N_("Objects and steps: {name}"), name=view.name)[language]


def _empty(view: ObjectView, language: Language) -> str:
    """A picture that says that there is nothing to see."""
    why = say(N_("No event of this log belongs to an object, so there is nothing to show."))
    notes = _wrapped(why[language], NARROWEST_MAP)
    return shapes.document(
        _name(view, language),
        NARROWEST_MAP + 2 * MARGIN,
        2 * MARGIN + len(notes) * shapes.CAPTION_LINE,
        [shapes.caption(notes, MARGIN, MARGIN)],
    )
