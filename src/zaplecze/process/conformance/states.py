"""The state graph of a net: what can be done next after anything that may have been done.

A state stands for all markings that cannot be told apart by the steps that can follow. Silent moves
are folded in, so that every edge is a step that a log shows.
"""

import functools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, joined, say
from zaplecze.process.conformance.net import Net
from zaplecze.process.conformance.transitions import BEGIN, SILENT

Ints = NDArray[np.int32]

MOST_MARKINGS = 10_000
"""Markings that are looked at before a net counts as too wide to be spread out."""

MOST_STATES = 2_000
"""States between which all distances are kept: 8 MB."""

DONE = 0


@dataclass(frozen=True)
class StateGraph:
    """Edges ``source`` –``step``→ ``target`` between states; state 0 is the beginning.

    ``final``: the states in which everything may be done. ``distance[a, b]``: the fewest steps
    from a to b, `FAR` where there is no way.
    """

    source: Ints
    step: Ints
    target: Ints
    final: NDArray[np.bool_]
    distance: NDArray[np.int16]

    @property
    def states(self) -> int:
        """How many states there are."""
        return len(self.final)

    @functools.cached_property
    def shortest_run(self) -> int:
        """The fewest steps from the beginning to an end."""
        return int(self.distance[0][self.final].min())

    def path(self, start: int, end: int) -> list[int]:
        """The edges of one shortest way between two states; the first by number where many are."""
        edges = []
        while start != end:
            edge = next(
                int(e)
                for e in range(self._first[start], self._first[start + 1])
                if self.distance[self.target[e], end] == self.distance[start, end] - 1
            )
            edges.append(edge)
            start = int(self.target[edge])
        return edges

    @functools.cached_property
    def _first(self) -> NDArray[np.int64]:
        """Where the edges out of each state begin; edges are sorted by source."""
        return np.searchsorted(self.source, np.arange(self.states + 1))


FAR = np.int16(10_000)
"""More than any distance: no procedure has as many steps in a row that cannot be left out."""


Onward = dict[int, list[tuple[int, int]]]
"""Every marking that can be reached, with what can happen there: the step, and where it leads."""


def state_graph(net: Net) -> StateGraph | None:
    """The state graph of NET; None when it has more markings or states than are kept.

    Raises `InputError` naming the elements when the procedure can get stuck, can never come to its
    end, or lets two tokens come to one place.
    """
    onward = _explore(net)
    if onward is None:
        return None
    _refuse_traps(net, onward)
    graph = _folded(onward)
    classes = _classes(graph)
    if max(classes.values()) >= MOST_STATES:
        return None
    return _numbered(graph, classes)


def _explore(net: Net) -> Onward | None:
    first = net.settled(BEGIN)
    onward: Onward = {}
    waiting, seen = deque([first]), {first}
    while waiting:
        marking = waiting.popleft()
        moves = [(t.step, net.after(marking, t)) for t in net.enabled(marking)]
        onward[marking] = moves
        for _, after in moves:
            if after not in seen:
                seen.add(after)
                waiting.append(after)
        if len(seen) > MOST_MARKINGS:
            return None
    return onward


def _refuse_traps(net: Net, onward: Onward) -> None:
    """Refuse a net from one of whose markings no way leads to the end."""
    before: dict[int, list[int]] = {marking: [] for marking in onward}
    for marking, moves in onward.items():
        for _, after in moves:
            before[after].append(marking)
    good = {DONE} & onward.keys()
    waiting = list(good)
    while waiting:
        for marking in before[waiting.pop()]:
            if marking not in good:
                good.add(marking)
                waiting.append(marking)
    trapped = [marking for marking in onward if marking not in good]
    if not trapped:
        return
    stuck = next((marking for marking in trapped if not onward[marking]), None)
    message = (
        N_("It can get stuck. Where this is reached, nothing can follow: {elements}.")
        if stuck is not None
        else N_("It can never end. From here no way leads to an end: {elements}.")
    )
    fault = say(message, elements=_places(net, trapped[0] if stuck is None else stuck))
    raise InputError(say(N_("{file}: {fault}"), file=net.procedure.file, fault=fault))


def _places(net: Net, marking: int) -> Text:
    held = (net.place_of[i] for i in range(len(net.place_of)) if marking >> i & 1)
    return joined([element.described for element in dict.fromkeys(held) if element is not None])


@dataclass(frozen=True)
class _Folded:
    """What can follow each state, as (step, state), and the states where all may be done.

    The first state is the beginning.
    """

    steps: dict[int, set[tuple[int, int]]]
    final: set[int]


def _folded(onward: Onward) -> _Folded:
    """States instead of markings: silent moves folded in, markings with the same future joined."""
    moves, future = _futures(onward)
    numbers: dict[int, int] = {}
    group = {marking: numbers.setdefault(future[marking], len(numbers)) for marking in onward}
    futures = list(numbers)
    ways = [_Ways(step, moves, group, futures) for step in sorted({step for step, _ in moves})]
    steps: dict[int, set[tuple[int, int]]] = {}
    waiting = [0]
    while waiting:
        state = waiting.pop()
        if state not in steps:
            possible = futures[state] >> 1
            steps[state] = {(way.step, to) for way in ways for to in way.widest(possible)}
            waiting.extend(after for _, after in steps[state])
    return _Folded(steps, {state for state in steps if futures[state] & 1})


class _Ways:
    """Everywhere that one step can lead to, those states first that allow the most afterwards."""

    def __init__(
        self, step: int, moves: list[tuple[int, int]], group: dict[int, int], futures: list[int]
    ) -> None:
        self.step, self.futures = step, futures
        targets = {i: group[to] for i, (each, to) in enumerate(moves) if each == step}
        self.targets = dict(
            sorted(targets.items(), key=lambda item: (-futures[item[1]].bit_count(), item))
        )
        self.all = sum(1 << move for move in targets)
        self.covered: dict[int, int] = {}

    def widest(self, possible: int) -> Iterator[int]:
        """The states that the step can lead to when the moves POSSIBLE can be next.

        Without those that allow nothing that another of them does not allow as well: a choice that
        nobody sees can be made later; made early it only shuts ways.
        """
        left = possible & self.all
        if left & (left - 1) == 0:
            # The usual case: nothing to compare with.
            if left:
                yield self.targets[left.bit_length() - 1]
            return
        for move, state in self.targets.items():
            if not left:
                break
            if left >> move & 1:
                yield state
                left &= ~self._covered(state)

    def _covered(self, state: int) -> int:
        """The moves of the step after which nothing can be done that STATE does not allow."""
        if state not in self.covered:
            beyond = ~self.futures[state]
            self.covered[state] = sum(
                1 << move for move, to in self.targets.items() if not self.futures[to] & beyond
            )
        return self.covered[state]


def _futures(onward: Onward) -> tuple[list[tuple[int, int]], dict[int, int]]:
    """All steps that can be seen, and for every marking a set of bits: which of them can be next.

    Bit 0 says that all may be done; bit i + 1 stands for step i. Silent moves hand on what lies
    behind them, until nothing changes.
    """
    numbers: dict[tuple[int, int], int] = {}
    future: dict[int, int] = {}
    silent: dict[int, list[int]] = {}
    for marking, moves in onward.items():
        future[marking] = int(marking == DONE)
        silent[marking] = [after for step, after in moves if step == SILENT]
        for move in moves:
            if move[0] != SILENT:
                future[marking] |= 2 << numbers.setdefault(move, len(numbers))
    # Markings that come late in the exploration tend to lie behind the earlier ones.
    order = [marking for marking in reversed(onward) if silent[marking]]
    changed = True
    while changed:
        changed = False
        for marking in order:
            joined_futures = future[marking]
            for after in silent[marking]:
                joined_futures |= future[after]
            if joined_futures != future[marking]:
                future[marking] = joined_futures
                changed = True
    return list(numbers), future


def _classes(graph: _Folded) -> dict[int, int]:
    """The class of every state: those that the same steps lead on from to the same classes.

    Partition refinement until nothing splits (Moore 1956, for graphs whose edges may be equal).
    """
    classes = {state: int(state in graph.final) for state in graph.steps}
    count = len(set(classes.values()))
    while True:
        numbers: dict[tuple[int, frozenset[tuple[int, int]]], int] = {}
        refined = {
            state: numbers.setdefault(
                (classes[state], frozenset((step, classes[after]) for step, after in moves)),
                len(numbers),
            )
            for state, moves in graph.steps.items()
        }
        if len(numbers) == count:
            return refined
        classes, count = refined, len(numbers)


def _numbered(graph: _Folded, classes: dict[int, int]) -> StateGraph:
    """The graph over classes. The first state of all was the first to get a number: 0."""
    size = max(classes.values()) + 1
    edges = sorted(
        {
            (classes[state], step, classes[after])
            for state, moves in graph.steps.items()
            for step, after in moves
        }
    )
    source, step, target = np.array(edges, dtype=np.int32).reshape(-1, 3).T
    final = np.zeros(size, dtype=bool)
    final[[classes[state] for state in graph.final]] = True
    return StateGraph(source, step, target, final, _distances(size, source, target))


def _distances(size: int, source: Ints, target: Ints) -> NDArray[np.int16]:
    """The fewest edges from every state to every other, all first edges at once."""
    from scipy import sparse

    ahead = sparse.csr_matrix(
        (np.ones(len(source), dtype=np.float32), (target, source)), shape=(size, size)
    )
    distance = np.full((size, size), FAR, dtype=np.int16)
    front = np.eye(size, dtype=np.float32)
    # Column b of ``front``: the states newly reached from b.
    for length in range(size + 1):
        new = (front > 0) & (distance == FAR).T
        if not new.any():
            break
        distance.T[new] = length
        front = ahead @ new.astype(np.float32)
    return distance
