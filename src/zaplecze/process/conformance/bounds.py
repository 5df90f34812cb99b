"""The least that is still to be paid: a bound that guides the search for an optimal alignment.

The state equation of the procedure's net and of the events that are left, as a linear programme
(van Dongen 2018, "Efficiently computing alignments"): however the procedure is followed to its end,
every place's tokens must balance. Conditions beyond a Petri net are left out, which only lowers it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zaplecze.process.conformance.alignments import Floats
from zaplecze.process.conformance.net import Net
from zaplecze.process.conformance.transitions import SILENT, Transition

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Bound:
    """A solution: how often each transition still happens, and how many events agree, by activity."""

    cost: float
    fired: Floats
    agreeing: Floats

    @property
    def least(self) -> int:
        """The cost as a whole number, as all costs are."""
        return math.ceil(self.cost - _TOLERANCE)


class Programme:
    """The linear programme of a net; what changes from call to call is the marking and the events."""

    def __init__(self, net: Net, activity_of: Sequence[int]) -> None:
        from scipy import sparse

        self.net = net
        self.number = {transition: i for i, transition in enumerate(net.transitions)}
        self.known = sorted({code for code in activity_of if code >= 0})
        self.row = {code: i for i, code in enumerate(self.known)}
        # The row of each transition's activity; -1 where no event can agree with it.
        self.row_of = np.array(
            [-1 if t.step == SILENT else self.row.get(activity_of[t.step], -1)
             for t in net.transitions]
        )  # fmt: skip
        self.places = len(net.place_of)
        balance = np.array([self._effect(t) for t in net.transitions], dtype=float).T
        cleared = np.array([self._cleared(i) for i in range(self.places)], dtype=float)
        agree = np.zeros((self.places, len(self.known)))
        self.equal = sparse.csc_matrix(np.hstack([balance, agree, -np.diag(cleared)]))
        upper = np.zeros((len(self.known), len(net.transitions)))
        for i, row in enumerate(self.row_of):
            if row >= 0:
                upper[row, i] = -1.0
        nothing = np.zeros((len(self.known), self.places))
        self.most = sparse.csc_matrix(np.hstack([upper, np.eye(len(self.known)), nothing]))
        visible = [float(t.step != SILENT) for t in net.transitions]
        self.price = np.array([*visible, *([-2.0] * len(self.known)), *([0.0] * self.places)])

    def solve(self, marking: int, events: Floats, others: int) -> Bound | None:
        """The bound at MARKING with EVENTS left by known activity, and OTHERS; None: no way on."""
        from scipy import optimize

        held = np.array([marking >> i & 1 for i in range(self.places)], dtype=float)
        bounds: list[tuple[float, Any]] = [(0.0, None)] * len(self.price)
        first = len(self.number)
        for i, count in enumerate(events):
            bounds[first + i] = (0.0, count)
        solved = optimize.linprog(
            self.price,
            A_ub=self.most if len(self.known) else None,
            b_ub=np.zeros(len(self.known)) if len(self.known) else None,
            A_eq=self.equal,
            b_eq=-held,
            bounds=bounds,
            method="highs",
        )
        if solved.x is None:
            return None
        cost = float(solved.fun) + float(events.sum()) + others
        return Bound(cost, solved.x[:first], solved.x[first : first + len(self.known)])

    def onward(
        self, bound: Bound, fired: Sequence[Transition], *, agrees: bool, cost: int
    ) -> Bound | None:
        """The bound after the transitions FIRED, if the solution of BOUND foresaw them.

        Then nothing has to be solved again: it is still the best solution.
        """
        left, agreeing = bound.fired.copy(), bound.agreeing
        for transition in fired:
            left[self.number[transition]] -= 1.0
        if left.min(initial=0.0) < -_TOLERANCE:
            return None
        row = self.row_of[self.number[fired[0]]]
        if agrees:
            agreeing = agreeing.copy()
            agreeing[row] -= 1.0
            if agreeing[row] < -_TOLERANCE:
                return None
        elif row >= 0 and left[self.row_of == row].sum() < agreeing[row] - _TOLERANCE:
            return None
        return Bound(bound.cost - cost, left, agreeing)

    def without_event(self, bound: Bound, row: int, events: Floats) -> Bound | None:
        """The bound after an event of the activity ROW (-1: unknown) counted as inserted.

        EVENTS are those that were left before, by known activity.
        """
        if row >= 0 and events[row] - bound.agreeing[row] < 1.0 - _TOLERANCE:
            return None
        return Bound(bound.cost - 1, bound.fired, bound.agreeing)

    def _effect(self, transition: Transition) -> list[int]:
        return [
            (transition.puts >> i & 1) - (transition.takes >> i & 1) for i in range(self.places)
        ]

    def _cleared(self, place: int) -> int:
        return int(any(transition.clears >> place & 1 for transition in self.net.transitions))
