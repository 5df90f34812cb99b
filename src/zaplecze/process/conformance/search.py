"""Optimal alignments of procedures too wide to spread out: A* on demand, one variant at a time.

What is searched are pairs of a marking and a number of events, guided by `bounds`. Where a limit is
reached the cost gets bounds instead.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.process.conformance.alignments import INSERTED, Alignments, Floats, Found, Traces
from zaplecze.process.conformance.bounds import Bound, Programme
from zaplecze.process.conformance.net import Net
from zaplecze.process.conformance.transitions import BEGIN, SILENT, Transition

MOST_LOOKED_AT = 10_000
"""Pairs looked at for one variant."""

MOST_SOLVED, MOST_SOLVED_IN_ALL = 300, 10_000
"""Linear programmes solved for one variant (about a second), and for all of them."""

Pair = tuple[int, int]


def align(net: Net, activity_of: Sequence[int], traces: Traces) -> Alignments:
    """Optimal alignments of TRACES with NET, as `alignments.align` gives them, in the same form.

    The variants come in order of importance: the first are the last to get bounds. Raises
    `InputError` when no way leads to the end of the procedure, or none can be found.
    """
    search = _Search(net, activity_of)
    shortest = search.run([])
    if shortest is None or shortest.moves is None:
        message = (
            N_("It can never end. No way leads from its start to an end.")
            if shortest is None
            else N_(
                "So much can happen at the same time that no way through it is found. Split it."
            )
        )
        raise InputError(say(N_("{file}: {fault}"), file=net.procedure.file, fault=say(message)))
    found = Found(len(traces), traces)
    for variant in range(len(traces)):
        begin, end = traces.offsets[variant : variant + 2]
        codes = [int(code) for code in traces.codes[begin:end]]
        result = search.run(codes)
        # The shortest run exists, so that every trace has an alignment.
        assert result is not None
        found.lowest[variant] = result.least
        found.highest[variant] = result.least
        if result.moves is None:
            found.highest[variant] = len(codes) + shortest.least
        else:
            _write(found, variant, int(begin), result.moves)
    return found.alignments()


@dataclass(frozen=True)
class _Move:
    """A step that agrees with an event, is missing (no event), or an event too many (no step)."""

    step: int
    with_event: bool


@dataclass(frozen=True)
class _Result:
    """The least cost and the moves; no moves where a limit was reached."""

    least: int
    moves: list[_Move] | None


def _write(found: Found, variant: int, begin: int, moves: list[_Move]) -> None:
    place = 0
    before: list[int] = []
    steps: list[int] = []
    for move in moves:
        if move.with_event:
            found.step[begin + place] = move.step
            place += 1
        else:
            before.append(place)
            steps.append(move.step)
    found.skip(np.full(len(steps), variant), np.array(before, dtype=np.int64),
               np.array(steps, dtype=np.int64))  # fmt: skip


class _Search:
    """What is the same for all variants: the net, what follows its markings, the programme."""

    def __init__(self, net: Net, activity_of: Sequence[int]) -> None:
        self.net, self.activity_of = net, activity_of
        self.programme = Programme(net, activity_of)
        self.first = net.settled(BEGIN)
        self.solved = 0
        self.following: dict[int, list[tuple[Transition, int, list[Transition]]]] = {}

    def run(self, codes: list[int]) -> _Result | None:
        """An optimal alignment of the trace CODES; None when the end cannot be reached."""
        return _Trace(self, codes).run()

    def onward(self, marking: int) -> list[tuple[Transition, int, list[Transition]]]:
        """What can happen at MARKING, the marking after it, and all that happens by then."""
        if marking not in self.following:
            moves = []
            for transition in self.net.enabled(marking):
                fired: list[Transition] = []
                moves.append((transition, self.net.after(marking, transition, fired), fired))
            self.following[marking] = moves
        return self.following[marking]


class _Trace:
    """The search for one trace."""

    def __init__(self, search: _Search, codes: list[int]) -> None:
        self.search, self.codes = search, codes
        self.rows = [search.programme.row.get(code, -1) for code in codes]
        self.left = self._events_left()
        self.paid: dict[Pair, int] = {}
        self.came: dict[Pair, tuple[Pair, _Move | None]] = {}
        self.bound: dict[Pair, Bound] = {}
        self.queue: list[tuple[int, int, int, Pair, bool]] = []
        self.number = 0
        self.solved = 0

    def run(self) -> _Result | None:
        start = self.search.first, 0
        self.paid[start] = 0
        self._push(0, start, is_sure=False)
        closed: set[Pair] = set()
        while self.queue:
            total, _, _, pair, is_sure = heapq.heappop(self.queue)
            if pair in closed:
                continue
            if pair == (0, len(self.codes)):
                return _Result(total, self._moves(pair))
            if len(closed) >= MOST_LOOKED_AT:
                return _Result(total, None)
            if not is_sure and pair not in self.bound:
                if not self._may_solve():
                    return _Result(total, None)
                bound = self._solve(pair)
                if bound is None:
                    closed.add(pair)
                    continue
                self.bound[pair] = bound
            sure = self.paid[pair] + self.bound[pair].least
            if sure > total:
                self._push(sure, pair, is_sure=True)
                continue
            closed.add(pair)
            self._expand(pair)
        return None

    def _expand(self, pair: Pair) -> None:
        marking, place = pair
        bound = self.bound[pair]
        programme = self.search.programme
        if place < len(self.codes):
            row = self.rows[place]
            derived = programme.without_event(bound, row, self.left[place])
            self._reach(pair, (marking, place + 1), 1, _Move(INSERTED, True), derived)
        for transition, after, fired in self.search.onward(marking):
            step = transition.step
            cost = int(step != SILENT)
            derived = programme.onward(bound, fired, agrees=False, cost=cost)
            move = _Move(step, False) if cost else None
            self._reach(pair, (after, place), cost, move, derived)
            if (
                cost
                and place < len(self.codes)
                and self.search.activity_of[step] == self.codes[place]
            ):
                derived = programme.onward(bound, fired, agrees=True, cost=0)
                self._reach(pair, (after, place + 1), 0, _Move(step, True), derived)

    def _reach(
        self, before: Pair, pair: Pair, cost: int, move: _Move | None, derived: Bound | None
    ) -> None:
        paid = self.paid[before] + cost
        if paid >= self.paid.get(pair, paid + 1):
            return
        self.paid[pair] = paid
        self.came[pair] = before, move
        if derived is not None:
            self.bound.setdefault(pair, derived)
        known = self.bound.get(pair)
        least = known.least if known else max(self.bound[before].least - cost, 0)
        self._push(paid + least, pair, is_sure=known is not None)

    def _push(self, total: int, pair: Pair, *, is_sure: bool) -> None:
        # Of equal ones the farthest first, and the latest.
        self.number += 1
        heapq.heappush(self.queue, (total, -pair[1], -self.number, pair, is_sure))

    def _may_solve(self) -> bool:
        return self.solved < MOST_SOLVED and self.search.solved < MOST_SOLVED_IN_ALL

    def _solve(self, pair: Pair) -> Bound | None:
        self.solved += 1
        self.search.solved += 1
        marking, place = pair
        events = self.left[place]
        others = len(self.codes) - place - int(events.sum())
        return self.search.programme.solve(marking, events, others)

    def _events_left(self) -> list[Floats]:
        """The events that are left after every number of events, by known activity."""
        left = [np.zeros(len(self.search.programme.known))]
        for row in reversed(self.rows):
            before = left[-1].copy()
            if row >= 0:
                before[row] += 1
            left.append(before)
        return left[::-1]

    def _moves(self, pair: Pair) -> list[_Move]:
        return [move for move in self._back(pair) if move is not None][::-1]

    def _back(self, pair: Pair) -> Iterator[_Move | None]:
        while pair in self.came:
            pair, move = self.came[pair]
            yield move
