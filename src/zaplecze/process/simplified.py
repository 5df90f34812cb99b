"""A graph with its most frequent activities and paths only: in figures what a map shows."""

from dataclasses import replace

from zaplecze.process.graph import ProcessGraph
from zaplecze.process.simplify import end_node, select, start_node
from zaplecze.process.titles import what_is_shown


def simplified(graph: ProcessGraph, activities: float = 1.0, paths: float = 1.0) -> ProcessGraph:
    """GRAPH with the activities and paths that a map with these shares, 0 to 1, shows.

    Figures are those of the whole log, also ``cases`` and ``events``: nothing is rebuilt around what
    is left out. ``filters`` ends with a sentence that says how much that is.
    """
    selection = select(graph, activities, paths)
    first, last = start_node(graph), end_node(graph)
    starting = {arc.target for arc in selection.arcs if arc.source == first}
    ending = {arc.source for arc in selection.arcs if arc.target == last}
    edges = {id(arc.edge) for arc in selection.arcs}
    node = {activity.name: number for number, activity in enumerate(graph.activities)}
    return replace(
        graph,
        activities=[graph.activities[number] for number in selection.nodes],
        edges=[edge for edge in graph.edges if id(edge) in edges],
        starts=[each for each in graph.starts if node[each.activity] in starting],
        ends=[each for each in graph.ends if node[each.activity] in ending],
        filters=[*graph.filters, what_is_shown(graph, selection)],
    )
