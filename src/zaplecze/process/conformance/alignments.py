"""Optimal alignments: the fewest moves by which the cases of a log differ from a procedure.

An event that the procedure does not allow there costs 1, a step of it that is missing costs 1,
agreement and silent moves cost nothing (van der Aalst, Adriansyah and van Dongen 2012).

Along the prefix tree of the variants, for every prefix and every state of the procedure: the least
cost of having seen the prefix and being there. Each prefix follows from the one before it by a few
operations on arrays; the moves are traced back through the kept costs.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.process.conformance.states import FAR, StateGraph

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Costs = NDArray[np.signedinteger[Any]]

INSERTED = -1

MOST_KEPT = 100_000_000
"""Costs kept at a time for tracing back: prefixes times states, two or four bytes each."""

LONGEST = 100_000
"""Events of a variant; with more, finding its moves would take minutes."""

_BLOCK = 1 << 18
"""Sums made at a time: what fits into a processor's cache."""

_GOALS = 64
"""States that an event leads to, taken at a time."""


@dataclass(frozen=True)
class Traces:
    """Variants end to end: ``codes`` are their activities, variant i at ``offsets[i:i + 2]``."""

    codes: Ints
    offsets: Ints

    @property
    def lengths(self) -> Ints:
        """The number of events of each variant."""
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def chosen(self, rows: Ints) -> "Traces":
        """The variants ROWS."""
        lengths = self.lengths[rows]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        starts = np.repeat(self.offsets[rows] - offsets[:-1], lengths)
        return Traces(self.codes[starts + np.arange(offsets[-1])], offsets)


@dataclass(frozen=True)
class Alignments:
    """One optimal alignment for every variant.

    ``lowest`` and ``highest``: bounds of the cost, equal where it is known. ``step`` has for every
    event (as in `Traces`) the procedure's step that it agrees with, or `INSERTED`. The steps that
    are missing stand in ``skipped_*``: of which variant, before which of its events (as many as it
    has events: after the last), and which step. Of a variant whose cost is not known no moves are
    given: all its events count as `INSERTED`, and no step as skipped.
    """

    lowest: Ints
    highest: Ints
    step: Ints = field(repr=False)
    skipped_variant: Ints = field(repr=False)
    skipped_before: Ints = field(repr=False)
    skipped_step: Ints = field(repr=False)

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """For which variants the cost is known exactly."""
        return np.equal(self.lowest, self.highest)


def align(graph: StateGraph, activity_of: Sequence[int], traces: Traces) -> Alignments:
    """Optimal alignments of TRACES with the procedure of GRAPH.

    ACTIVITY_OF gives for every step of the procedure the code of its activity, -1 where the log
    has none. Of several optimal alignments, the one that takes the earliest events as agreeing. A
    variant so long that its costs cannot be kept gets bounds.
    """
    order, too_long = _order(traces, graph.states)
    found = Found(len(traces), traces)
    aligner = _Aligner(graph, np.asarray(activity_of, dtype=np.int64))
    for rows in _chunks(order, traces.lengths, graph.states):
        aligner.align(traces, rows, found)
    worst = traces.lengths + graph.shortest_run
    found.lowest[too_long] = 0
    found.highest[too_long] = worst[too_long]
    return found.alignments()


class Found:
    """What has been found so far; nothing agrees at first."""

    def __init__(self, variants: int, traces: Traces) -> None:
        self.lowest = np.zeros(variants, dtype=np.int64)
        self.highest = np.zeros(variants, dtype=np.int64)
        self.step = np.full(len(traces.codes), INSERTED, dtype=np.int64)
        self.skipped: list[tuple[Ints, Ints, Ints]] = []

    def skip(self, variant: Ints, before: Ints, step: Ints) -> None:
        """Steps are missing: of which variants, before which of their events."""
        self.skipped.append((variant, before, step))

    def alignments(self) -> Alignments:
        """All of it."""
        parts = [np.concatenate([s[k] for s in self.skipped] or [_none()]) for k in range(3)]
        # By place; the sort is stable, so steps missing at one place stay in their order.
        order = np.lexsort((parts[1], parts[0]))
        variant, before, step = (part[order] for part in parts)
        return Alignments(self.lowest, self.highest, self.step, variant, before, step)


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _order(traces: Traces, states: int) -> tuple[Ints, Ints]:
    """Variants in an order in which those with common beginnings are near, and those too long."""
    lengths = traces.lengths
    fits = (lengths * states <= MOST_KEPT) & (lengths <= LONGEST)
    head = min(int(lengths.max(initial=0)), 8)
    padded = np.full((len(traces), head), -1, dtype=np.int64)
    for k in range(head):
        has = lengths > k
        padded[has, k] = traces.codes[traces.offsets[:-1][has] + k]
    order = np.lexsort(padded.T[::-1]) if head else np.arange(len(traces))
    return order[fits[order]], np.flatnonzero(~fits)


def _chunks(order: Ints, lengths: Ints, states: int) -> list[Ints]:
    """ORDER in pieces whose costs can be kept all at once."""
    if not len(order):
        return []
    kept = np.cumsum(lengths[order] * states) // MOST_KEPT
    return np.split(order, np.flatnonzero(np.diff(kept)) + 1)


@dataclass(frozen=True)
class _Level:
    """The prefixes of one length: the row of the one before, the last activity, costs by state."""

    parent: Ints
    code: Ints
    cost: Costs
    node: Ints


@dataclass(frozen=True)
class _Edges:
    """The edges by which an activity can agree, those into one state together.

    ``goals`` are the states that they lead to, and ``first`` where the edges into each begin.
    """

    edge: Ints
    source: Ints
    target: Ints
    goals: Ints
    first: Ints

    @classmethod
    def of(cls, graph: StateGraph, edges: Ints) -> "_Edges":
        """The EDGES of GRAPH, by their numbers."""
        edges = edges[np.argsort(graph.target[edges], kind="stable")]
        target = graph.target[edges].astype(np.int64)
        first = np.flatnonzero(np.diff(target, prepend=-1))
        return cls(edges, graph.source[edges].astype(np.int64), target, target[first], first)


class _Aligner:
    """The procedure's edges by activity, ready for arrays."""

    def __init__(self, graph: StateGraph, activity_of: Ints) -> None:
        self.graph = graph
        activity = activity_of[graph.step] if len(graph.step) else _none()
        self.edges = {
            int(code): _Edges.of(graph, np.flatnonzero(activity == code))
            for code in np.unique(activity[activity >= 0])
        }
        self.paths: dict[tuple[int, int], list[int]] = {}

    def align(self, traces: Traces, rows: Ints, found: Found) -> None:
        """Align the variants ROWS of TRACES and write what is found."""
        lengths = traces.lengths[rows]
        longest = int(lengths.max(initial=0))
        wide = longest + self.graph.shortest_run >= FAR
        self.distance: Costs = self.graph.distance
        if wide:
            self.distance = self.distance.astype(np.int32)
            self.distance[self.graph.distance == FAR] = np.iinfo(np.int32).max // 4
        levels, node_of = self._forward(traces, rows, lengths)
        self._backward(traces, rows, lengths, levels, node_of, found)

    def _forward(
        self, traces: Traces, rows: Ints, lengths: Ints
    ) -> tuple[list[_Level], list[tuple[Ints, Ints]]]:
        """The costs of every prefix; for every length the variants that reach it, and where."""
        starts = traces.offsets[rows]
        cost = self.distance[:1].copy()
        active = np.arange(len(rows))
        node = np.zeros(len(rows), dtype=np.int64)
        levels, node_of = [_Level(_none(), _none(), cost, node)], [(active, node)]
        for depth in range(int(lengths.max(initial=0))):
            still = lengths[active] > depth
            active, node = active[still], node[still]
            # By activity first, so that the rows of one activity stand together.
            keys, node = np.unique(
                traces.codes[starts[active] + depth] * len(cost) + node, return_inverse=True
            )
            code, parent = np.divmod(keys, len(cost))
            cost = self._extend(cost, parent, code)
            levels.append(_Level(parent, code, cost, node))
            node_of.append((active, node))
        return levels, node_of

    def _extend(self, before: Costs, parent: Ints, code: Ints) -> Costs:
        """The costs of prefixes that are each one event longer than the row PARENT of BEFORE."""
        cost = before[parent] + before.dtype.type(1)
        cuts = [0, *(np.flatnonzero(code[1:] != code[:-1]) + 1).tolist(), len(code)]
        for begin, end in itertools.pairwise(cuts):
            edges = self.edges.get(int(code[begin]))
            if edges is not None:
                self._agree(before[parent[begin:end]], edges, cost[begin:end])
        return cost

    def _agree(self, before: Costs, edges: _Edges, cost: Costs) -> None:
        """Lower COST, row by row, where the event agrees with one of EDGES."""
        reached = np.minimum.reduceat(before[:, edges.source], edges.first, axis=1)
        onward = self.distance[edges.goals]
        at_once = max(1, _BLOCK // (onward.shape[1] * min(len(onward), _GOALS)))
        for top in range(0, len(cost), at_once):
            best = cost[top : top + at_once]
            for left in range(0, len(onward), _GOALS):
                part = slice(left, left + _GOALS)
                sums = reached[top : top + at_once, part, None] + onward[None, part, :]
                np.minimum(best, sums.min(axis=1), out=best)

    def _backward(
        self,
        traces: Traces,
        rows: Ints,
        lengths: Ints,
        levels: list[_Level],
        node_of: list[tuple[Ints, Ints]],
        found: Found,
    ) -> None:
        state = np.zeros(len(rows), dtype=np.int64)
        final = np.flatnonzero(self.graph.final)
        ways: list[tuple[Ints, Ints, Ints, Ints]] = []
        for depth in range(len(levels) - 1, -1, -1):
            active, node = node_of[depth]
            level = levels[depth]
            ending = np.flatnonzero(lengths[active] == depth)
            if len(ending):
                at_end = level.cost[np.ix_(node[ending], final)]
                best = at_end.argmin(axis=1)
                state[active[ending]] = final[best]
                total = at_end[np.arange(len(best)), best].astype(np.int64)
                found.lowest[rows[active[ending]]] = total
                found.highest[rows[active[ending]]] = total
            if depth == 0:
                beginning = np.zeros(len(active), dtype=np.int64)
                ways.append((active, beginning, beginning, state[active]))
                break
            before = levels[depth - 1].cost[level.parent[node]]
            here = state[active]
            now = level.cost[node, here]
            agrees = np.flatnonzero(before[np.arange(len(active)), here] + 1 != now)
            edge, reached = self._edges_taken(
                before[agrees], level.code[node[agrees]], here[agrees], now[agrees]
            )
            variant = active[agrees]
            found.step[traces.offsets[rows[variant]] + depth - 1] = self.graph.step[edge]
            ways.append((variant, np.full(len(variant), depth), reached, here[agrees]))
            state[variant] = self.graph.source[edge]
        self._write_skipped(rows, ways, found)

    def _edges_taken(self, before: Costs, code: Ints, here: Ints, now: Costs) -> tuple[Ints, Ints]:
        """The edge by which each row agrees, and the state to which it leads."""
        edge = np.zeros(len(code), dtype=np.int64)
        for each in np.unique(code):
            rows = np.flatnonzero(code == each)
            edges = self.edges[int(each)]
            onward = self.distance[edges.target[None, :], here[rows][:, None]]
            sums = before[rows[:, None], edges.source[None, :]] + onward
            edge[rows] = edges.edge[(sums == now[rows, None]).argmax(axis=1)]
        return edge, self.graph.target[edge].astype(np.int64)

    def _write_skipped(
        self, rows: Ints, ways: list[tuple[Ints, Ints, Ints, Ints]], found: Found
    ) -> None:
        """The steps on the ways from one state to another that no event shows."""
        variant, before, start, end = (np.concatenate([w[k] for w in ways]) for k in range(4))
        moved = np.flatnonzero(start != end)
        pairs, which = np.unique(start[moved] * self.graph.states + end[moved], return_inverse=True)
        paths = [self._path(*divmod(int(pair), self.graph.states)) for pair in pairs]
        lengths = np.array([len(path) for path in paths], dtype=np.int64)[which]
        steps = [np.array(path, dtype=np.int64) for path in paths]
        found.skip(
            rows[np.repeat(variant[moved], lengths)],
            np.repeat(before[moved], lengths),
            np.concatenate([steps[k] for k in which] or [_none()]),
        )

    def _path(self, start: int, end: int) -> list[int]:
        """The steps of a shortest way, found once."""
        key = start, end
        if key not in self.paths:
            self.paths[key] = [int(self.graph.step[e]) for e in self.graph.path(start, end)]
        return self.paths[key]
