"""A log compared with a written procedure: aligned, and the deviations described."""

from collections.abc import Sequence
from typing import overload

import numpy as np
import pyarrow as pa

from zaplecze.eventlog import EventLog
from zaplecze.language import N_, Text, number, say
from zaplecze.process.conformance import alignments, search
from zaplecze.process.conformance.alignments import INSERTED, Alignments, Floats, Ints, Traces
from zaplecze.process.conformance.deviations import Sides, describe
from zaplecze.process.conformance.matching import Matching, match
from zaplecze.process.conformance.net import build_net
from zaplecze.process.conformance.procedure import Element, Procedure
from zaplecze.process.conformance.result import Conformance, MoveKind, VariantFit
from zaplecze.process.conformance.states import state_graph
from zaplecze.workspace import Workspace


def compare(log: EventLog, procedure: Procedure, workspace: Workspace | None = None) -> Conformance:
    """How the cases of LOG follow PROCEDURE: optimal alignments at unit costs, and what they show.

    WORKSPACE gives steps other names, by which they match too, and departments. Raises `InputError`
    when the procedure can get stuck or never ends, and when nothing in it has a name of the log.
    """
    table = variants_of(log)
    matching = match(procedure, log.activities, workspace)
    traces = _traces(table)
    aligned, shortest, steps = _align(procedure, matching, traces)
    cases = np.asarray(table.column("cases").to_numpy(), dtype=np.int64)
    names = [*log.activities]
    code_of_step = _codes(steps, matching, names)
    sides = Sides(
        log, workspace, traces, aligned, cases,
        np.asarray(table.column("variant").to_numpy(), dtype=np.int64), names, steps, code_of_step,
    )  # fmt: skip
    worst = traces.lengths + shortest
    fitness = [_fitness(cost, worst) for cost in (aligned.highest, aligned.lowest)]
    total = int(cases.sum())
    bounds = [float((f * cases).sum() / total) if total else 1.0 for f in fitness]
    bounded = int(cases[~aligned.is_known].sum())
    return Conformance(
        procedure=procedure.name,
        cases=total,
        idle_cases=log.info.cases - total,
        fitting_cases=int(cases[(aligned.highest == 0)].sum()),
        bounded_cases=bounded,
        fitness=None if bounded else bounds[1],
        fitness_bounds=(bounds[0], bounds[1]),
        deviations=describe(sides),
        variants=_Fits(traces, aligned, cases, fitness, names, code_of_step),
        notes=[*procedure.notes, *matching.notes(), *_bounded_note(bounded)],
    )


def variants_of(log: EventLog) -> pa.Table:
    """The store's number, activities and cases of every variant with events.

    Most cases first; ties in the order of the activities' names.
    """
    names = log.activities
    rank = [0] * len(names)
    for place, code in enumerate(sorted(range(len(names)), key=names.__getitem__)):
        rank[code] = place
    return log.connection.execute(
        """
        SELECT variant, activities, cases FROM variants
        WHERE len(activities) > 0 AND cases > 0
        ORDER BY cases DESC, list_transform(activities, lambda code: $rank[code + 1])
        """,
        {"rank": rank},
    ).to_arrow_table()


def _traces(table: pa.Table) -> Traces:
    if not table.num_rows:
        return Traces(np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64))
    lists = pa.concat_arrays(table.column("activities").chunks)
    lengths = lists.value_lengths().to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    codes = lists.flatten().to_numpy(zero_copy_only=False).astype(np.int64)
    return Traces(codes, offsets)


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


def _bounded_note(cases: int) -> list[Text]:
    if not cases:
        return []
    return [
        say(
            N_(
                "Cases whose exact cost was not found within the limits: {cases}. Bounds are given "
                "for them, and their deviations are not listed."
            ),
            cases=number(cases),
        )
    ]


class _Fits(Sequence[VariantFit]):
    """The variants with their moves, made when they are asked for: a log can have millions."""

    def __init__(
        self, traces: Traces, aligned: Alignments, cases: Ints,
        fitness: list[Floats], names: list[str], code_of_step: Ints,
    ) -> None:  # fmt: skip
        self.traces, self.aligned, self.cases = traces, aligned, cases
        self.fitness, self.names, self.code_of_step = fitness, names, code_of_step
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
            activities=[self.names[code] for code in self.traces.codes[begin:end]],
            cases=int(self.cases[i]),
            cost=low if is_known else None,
            cost_bounds=(low, high),
            fitness=best if is_known else None,
            fitness_bounds=(worst, best),
            moves=self._moves(i, int(begin), int(end)) if is_known else [],
        )

    def _moves(self, i: int, begin: int, end: int) -> list[tuple[MoveKind, str]]:
        moves: list[tuple[MoveKind, str]] = []
        skipped = list(range(self.first_skipped[i], self.first_skipped[i + 1]))
        for place in range(end - begin + 1):
            while skipped and self.aligned.skipped_before[skipped[0]] == place:
                step = self.aligned.skipped_step[skipped.pop(0)]
                moves.append(("skipped", self.names[self.code_of_step[step]]))
            if place < end - begin:
                agrees = self.aligned.step[begin + place] != INSERTED
                name = self.names[self.traces.codes[begin + place]]
                moves.append(("agrees" if agrees else "inserted", name))
        return moves
