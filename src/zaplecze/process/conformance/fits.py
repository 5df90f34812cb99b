"""Variants laid beside the runs of a procedure that are nearest to them."""

from collections.abc import Sequence
from typing import overload

import numpy as np

from zaplecze.process.conformance import alignments, search
from zaplecze.process.conformance.alignments import INSERTED, Alignments, Floats, Ints, Traces
from zaplecze.process.conformance.matching import Matching
from zaplecze.process.conformance.net import build_net
from zaplecze.process.conformance.procedure import Element, Procedure
from zaplecze.process.conformance.result import MoveKind, VariantFit
from zaplecze.process.conformance.states import state_graph


class Fits(Sequence[VariantFit]):
    """Variants aligned with a procedure. Moves are made when asked for: a log can have millions.

    ``cases`` are those of each of ``traces``; ``fitness`` the lowest and the highest that each may
    have. Raises `InputError` when the procedure can get stuck or never ends.
    """

    def __init__(
        self,
        procedure: Procedure,
        matching: Matching,
        traces: Traces,
        cases: Ints,
        activities: Sequence[str],
    ) -> None:
        self.traces, self.cases = traces, cases
        aligned, shortest, self.steps = _align(procedure, matching, traces)
        self.aligned = aligned
        # Activities by code; steps that the log never shows come after those of the log.
        self.names = [*activities]
        self.code_of_step = _codes(self.steps, matching, self.names)
        worst = traces.lengths + shortest
        self.fitness = [_fitness(cost, worst) for cost in (aligned.highest, aligned.lowest)]
        self.first_skipped = np.searchsorted(aligned.skipped_variant, np.arange(len(traces) + 1))

    def __len__(self) -> int:
        return len(self.traces)

    @overload
    def __getitem__(self, index: int) -> VariantFit: ...
    @overload
    def __getitem__(self, index: slice) -> list[VariantFit]: ...
    def __getitem__(self, index: int | slice) -> VariantFit | list[VariantFit]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._fit(index % len(self))

    def _fit(self, i: int) -> VariantFit:
        begin, end = self.traces.offsets[i : i + 2]
        low, high = int(self.aligned.lowest[i]), int(self.aligned.highest[i])
        worst, best = float(self.fitness[0][i]), float(self.fitness[1][i])
        is_known = low == high
        return VariantFit(
            activities=[self.names[code] for code in self.traces.codes[begin:end].tolist()],
            cases=int(self.cases[i]),
            cost=low if is_known else None,
            cost_bounds=(low, high),
            fitness=best if is_known else None,
            fitness_bounds=(worst, best),
            moves=self._moves(i, int(begin), int(end)) if is_known else [],
        )

    def _moves(self, i: int, begin: int, end: int) -> list[tuple[MoveKind, str]]:
        names, aligned = self.names, self.aligned
        part = slice(self.first_skipped[i], self.first_skipped[i + 1])
        missing: dict[int, list[str]] = {}
        codes = self.code_of_step[aligned.skipped_step[part]].tolist()
        for place, code in zip(aligned.skipped_before[part].tolist(), codes, strict=True):
            missing.setdefault(place, []).append(names[code])
        moves: list[tuple[MoveKind, str]] = []
        steps, events = aligned.step[begin:end].tolist(), self.traces.codes[begin:end].tolist()
        for place, (step, code) in enumerate(zip(steps, events, strict=True)):
            moves += [("skipped", name) for name in missing.get(place, ())]
            moves.append(("inserted" if step == INSERTED else "agrees", names[code]))
        return moves + [("skipped", name) for name in missing.get(len(events), ())]


def _align(
    procedure: Procedure, matching: Matching, traces: Traces
) -> tuple[Alignments, int, Sequence[Element]]:
    """The alignments, the steps of the shortest run, and the procedure's steps by number."""
    net = build_net(procedure, matching.code_of)
    activity_of = [matching.code_of.get(step.id, -1) for step in net.steps]
    graph = state_graph(net)
    if graph is not None:
        return alignments.align(graph, activity_of, traces), graph.shortest_run, net.steps
    nothing = Traces(np.zeros(0, dtype=np.int64), np.zeros(2, dtype=np.int64))
    shortest = int(search.align(net, activity_of, nothing).lowest[0])
    return search.align(net, activity_of, traces), shortest, net.steps


def _codes(steps: Sequence[Element], matching: Matching, names: list[str]) -> Ints:
    """The activity of each step; steps that the log never shows get codes and NAMES of their own."""
    own: dict[str, int] = {}
    codes = []
    for step in steps:
        code = matching.code_of.get(step.id)
        if code is None:
            if step.name not in own:
                own[step.name] = len(names)
                names.append(step.name)
            code = own[step.name]
        codes.append(code)
    return np.array(codes, dtype=np.int64)


def _fitness(cost: Ints, worst: Ints) -> Floats:
    """1 − cost / worst cost, as all events inserted and a shortest run skipped; 1 where both are 0."""
    return 1.0 - cost / np.maximum(worst, 1)
