"""Which activities and paths of a graph a map shows, so that what it shows hangs together."""

import heapq
import math
from collections.abc import Collection
from dataclasses import dataclass

from zaplecze.process.graph import Edge, ProcessGraph

CALM_ACTIVITIES = 14
CALM_ARCS_PER_ACTIVITY = 1.8
"""More than this and a map is read with difficulty."""

ACTIVITY_COVERAGE = 0.995
ARC_COVERAGE = 0.99
"""Shares of the events and of the passages that a readable map need not exceed."""


@dataclass(frozen=True)
class Arc:
    """A passage between two nodes; ``edge`` is None for those from the start and to the end.

    Nodes are the positions of activities in the graph; see `start_node` and `end_node`.
    """

    source: int
    target: int
    count: int
    edge: Edge | None = None


@dataclass(frozen=True)
class Selection:
    """The nodes (without start and end) and arcs that are shown, out of ``all_arcs``."""

    nodes: list[int]
    arcs: list[Arc]
    all_arcs: list[Arc]


def start_node(graph: ProcessGraph) -> int:
    """The node from which every case starts."""
    return len(graph.activities)


def end_node(graph: ProcessGraph) -> int:
    """The node in which every case ends."""
    return len(graph.activities) + 1


def arcs_of(graph: ProcessGraph) -> list[Arc]:
    """All passages, most frequent first."""
    node = {activity.name: number for number, activity in enumerate(graph.activities)}
    arcs = [Arc(node[e.source], node[e.target], e.count, e) for e in graph.edges]
    arcs += [Arc(start_node(graph), node[s.activity], s.cases) for s in graph.starts]
    arcs += [Arc(node[e.activity], end_node(graph), e.cases) for e in graph.ends]
    return sorted(arcs, key=lambda arc: (-arc.count, arc.source, arc.target))


def select(graph: ProcessGraph, activities: float, paths: float) -> Selection:
    """The most frequent share of the ACTIVITIES, and of the PATHS between them.

    What is shown stays connected: every activity keeps its strongest path in and out and can be
    reached from the start and reach the end. Where that needs an activity or path that the shares
    would leave out, it is shown too.
    """
    start, end = start_node(graph), end_node(graph)
    all_arcs = arcs_of(graph)
    wanted = _share_of(len(graph.activities), activities)
    nodes = _connected_nodes(set(range(wanted)), all_arcs, start, end)
    inside = nodes | {start, end}
    arcs = [arc for arc in all_arcs if arc.source in inside and arc.target in inside]
    kept = set(arcs[: _share_of(len(arcs), paths)]) | _strongest_in_and_out(arcs)
    kept |= set(_widest_tree(arcs, start, preferred=kept).values())
    kept |= set(_widest_tree(arcs, end, preferred=kept, backward=True).values())
    return Selection(sorted(nodes), [arc for arc in arcs if arc in kept], all_arcs)


def sensible_shares(graph: ProcessGraph) -> tuple[float, float]:
    """Shares of activities and paths with which the map of GRAPH can be read at a glance."""
    events = [activity.events for activity in graph.activities]
    activities = min(_covering(events, ACTIVITY_COVERAGE), CALM_ACTIVITIES)
    share = activities / max(len(events), 1)
    shown = select(graph, share, 1.0)
    counts = [arc.count for arc in shown.arcs]
    calm = math.ceil(CALM_ARCS_PER_ACTIVITY * len(shown.nodes)) + 2
    return share, min(_covering(counts, ARC_COVERAGE), calm) / max(len(counts), 1)


def usual_path(arcs: list[Arc], start: int, end: int) -> list[int]:
    """From START to END on the way whose rarest passage is as frequent as can be; both included."""
    tree = _widest_tree(arcs, start)
    path = [end]
    while path[-1] != start:
        path.append(tree[path[-1]].source)
    return path[::-1]


def _share_of(size: int, share: float) -> int:
    # A share that was computed as k / n must give k again.
    return max(math.ceil(size * share - 1e-9), min(size, 1))


def _covering(counts: list[int], share: float) -> int:
    """How many of COUNTS, from the first, make up SHARE of their sum."""
    wanted, sum_so_far = share * sum(counts), 0
    for number, count in enumerate(counts, 1):
        sum_so_far += count
        if sum_so_far >= wanted:
            return number
    return len(counts)


def _strongest_in_and_out(arcs: list[Arc]) -> set[Arc]:
    """For every node its most frequent arc from, and to, another node; ARCS come in that order."""
    incoming: dict[int, Arc] = {}
    outgoing: dict[int, Arc] = {}
    for arc in arcs:
        if arc.source != arc.target:
            incoming.setdefault(arc.target, arc)
            outgoing.setdefault(arc.source, arc)
    return {*incoming.values(), *outgoing.values()}


def _connected_nodes(wanted: set[int], arcs: list[Arc], start: int, end: int) -> set[int]:
    """WANTED and as few more activities as it takes to come from START to each and on to END."""
    inside = wanted | {start, end}
    before = _widest_tree(arcs, start, inside=inside)
    after = _widest_tree(arcs, end, inside=inside, backward=True)
    found = set(wanted)
    for node in wanted:
        step = node
        while step in before:
            step = before[step].source
            found.add(step)
        step = node
        while step in after:
            step = after[step].target
            found.add(step)
    return found - {start, end}


def _widest_tree(
    arcs: list[Arc],
    root: int,
    *,
    inside: Collection[int] | None = None,
    preferred: Collection[Arc] = (),
    backward: bool = False,
) -> dict[int, Arc]:
    """For each node the last arc of the path from ROOT whose weakest arc is the strongest.

    Before that, the path passes as few nodes as it can that are not INSIDE, and arcs that are
    PREFERRED go before all others. BACKWARD: the first arc of such a path to ROOT.
    """
    leaving: dict[int, list[tuple[bool, int, int]]] = {}
    for index, arc in enumerate(arcs):
        near = arc.target if backward else arc.source
        leaving.setdefault(near, []).append((arc not in preferred, -arc.count, index))
    tree: dict[int, Arc] = {}
    reached: set[int] = set()
    # Nodes outside so far, then what `leaving` holds; the root itself needs no arc.
    waiting = [(0, False, 0, -1)]
    while waiting:
        outside, _, _, index = heapq.heappop(waiting)
        node = root
        if index >= 0:
            node = arcs[index].source if backward else arcs[index].target
        if node in reached:
            continue
        reached.add(node)
        if index >= 0:
            tree[node] = arcs[index]
        outside += inside is not None and node not in inside
        for ahead in leaving.get(node, []):
            heapq.heappush(waiting, (outside, *ahead))
    return tree
