"""Staffing for many draws at once: read off from tables of what each number of agents can do."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zaplecze.money.case.crews import ROUNDING, CallLine, Crews
from zaplecze.money.returns import Floats

_TIMES, _REPEATS, _DAYS, _CLOSE, _TABLES = 5, (3, 9), 400, 1.15, 45
"""Points of the tables: handling times at least, shares of calls again (fewest and most), calls a day;
the largest ratio of two handling times beside each other; and about how many tables there are."""
_MANY, _SOME = 150, 150
"""Calls given up are worked out for so many numbers of agents each, and for so many of the larger."""
_ROOM = 1.000001


@dataclass(frozen=True)
class CallTable:
    """A line of calls for draws of calls, handling times and repeats.

    ``day`` are first calls a day, ``times`` handling seconds, ``repeats`` shares as in `CallLine`.
    For some times and shares the calls at which one agent more is needed are worked out; between
    them the sum over the day is interpolated.
    """

    line: CallLine
    day: Floats
    times: Floats
    repeats: Floats

    def agents(self) -> Floats:
        """Agents of all intervals added up, for every draw.

        For one handling time an interval has one agent more from a certain number of calls a day
        on; how many of these numbers a draw exceeds is how many agents it takes.
        """
        used = self.line.shares[self.line.shares > 0]
        tables = [
            [_Ladder.of(crews, share, used) for crews in self._crews] for share in self._repeats
        ]

        def found(share: int, time: int, work: Floats) -> Floats:
            calls = work / self._times[time] * (1 - ROUNDING)
            return tables[share][time].agents(calls)

        idle = self.line.target.minimum_agents * (len(self.line.shares) - len(used))
        # Nobody more is there for no calls.
        none = self.line.target.minimum_agents * len(used)
        return np.asarray(idle + np.where(self.day > 0, self._between(found), none))

    def abandoned(self) -> Floats:
        """Calls a day that are given up, calls again included, for every draw."""
        if self.line.patience_seconds is None:
            return np.zeros(len(self.day))
        least, most = self._days
        days = [np.geomspace(*ends, _DAYS) for ends in zip(least, most, strict=True)]
        tables = self._given_up(days)

        def found(share: int, time: int, work: Floats) -> Floats:
            lost = np.interp(work / self._times[time], days[time], tables[share][time])
            return np.asarray(lost * self._times[time])

        # As many calls are given up as are the same work.
        return np.where(self.day > 0, self._between(found) / self.times, 0.0)

    def _between(self, found: Callable[[int, int, Floats], Floats]) -> Floats:
        """What FOUND gives for the place of a share and of a time and the work of draws, between
        the shares and times of the tables."""
        order, cells, work, beside, along = self._placed
        result = np.empty(len(order))
        for share, time, here in cells:
            corners = [
                [found(s, t, work[here]) for t in (time, min(time + 1, len(self._times) - 1))]
                for s in (share, min(share + 1, len(self._repeats) - 1))
            ]
            low, high = (near + (far - near) * beside[here] for near, far in corners)
            result[order[here]] = low + (high - low) * along[here]
        return result

    @cached_property
    def _placed(
        self,
    ) -> tuple[NDArray[np.intp], list[tuple[int, int, slice]], Floats, Floats, Floats]:
        """Draws in the order of the shares and times they lie between: that order; share, time and
        draws of each cell; and, in that order, their work and how far along they lie."""
        before, beside = _place(np.log(self.times), np.log(self._times))
        left, along = _place(self.repeats, self._repeats)
        cell = (left * len(self._times) + before).astype(np.int16)
        order = np.argsort(cell, kind="stable")
        ends = np.cumsum(np.bincount(cell))
        cells = [
            (number // len(self._times), number % len(self._times), slice(start, end))
            for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False))
            if end > start
        ]
        # Work counts most: as many calls as are the same work at the time of the table.
        work = self.day * self.times
        return order, cells, work[order], beside[order], along[order]

    @cached_property
    def _times(self) -> Floats:
        """Handling times, close enough to each other; one where all are the same."""
        low, high = float(self.times.min()), float(self.times.max())
        if high - low < 1e-9 * high:
            return np.array([low])
        apart = int(np.ceil(np.log(high / low) / np.log(_CLOSE)))
        return np.geomspace(low, high, max(apart + 1, _TIMES))

    @cached_property
    def _repeats(self) -> Floats:
        low, high = float(self.repeats.min()), float(self.repeats.max())
        points = np.clip(_TABLES // len(self._times), *_REPEATS)
        return np.array([low]) if high - low < 1e-9 else np.linspace(low, high, points)

    @cached_property
    def _days(self) -> tuple[Floats, Floats]:
        """The fewest and the most first calls a day that are asked of the tables for each time."""
        before, _ = _place(np.log(self.times), np.log(self._times))
        busy = self.day > 0
        work = (self.day * self.times)[busy]
        least, most = np.full(len(self._times), np.inf), np.zeros(len(self._times))
        for beside in (0, 1):
            place = np.minimum(before[busy] + beside, len(self._times) - 1)
            np.minimum.at(least, place, work)
            np.maximum.at(most, place, work)
        # Times between which no draw lies are asked for nothing.
        idle = most == 0
        least[idle] = most[idle] = 1.0
        return least / self._times / _ROOM, most / self._times * _ROOM

    @cached_property
    def _crews(self) -> list[Crews]:
        """What each number of agents can take, for each of the times."""
        used = self.line.shares[self.line.shares > 0]
        fewer = 1.0 + max(-float(self.repeats.min()), 0.0)
        again = 1.0 - max(float(self.repeats.max()), 0.0)
        least, most = self._days
        return self.line.crews(self._times, least * used.min() / fewer, most * used.max() / again)

    def _given_up(self, days: list[Floats]) -> list[list[Floats]]:
        """Calls given up with first calls DAYS (for each time), added up over the intervals of the
        day, by share and time."""
        steps = [[_Steps.of(crews, share) for crews in self._crews] for share in self._repeats]
        flat = [each for row in steps for each in row]
        sizes = [len(each.asked) for each in flat]
        lost = self.line.given_up(
            np.concatenate([each.calls[each.asked] for each in flat]),
            np.concatenate([each.agents[each.asked] for each in flat])[:, np.newaxis],
            np.repeat(np.tile(self._times, len(steps)), sizes)[:, np.newaxis],
            np.repeat(np.repeat(self._repeats, len(self._times)), sizes)[:, np.newaxis],
        )
        by_table = iter(np.split(lost, np.cumsum(sizes)[:-1]))
        intervals = [np.multiply.outer(each, self.line.shares) for each in days]
        return [
            [each.read(next(by_table), calls).sum(axis=1) for each, calls in zip(row, intervals, strict=True)]
            for row in steps
        ]  # fmt: skip


@dataclass(frozen=True)
class _Ladder:
    """From which calls a day on (``rungs``) how many agents all intervals take (``agents_there``)."""

    rungs: Floats
    agents_there: Floats

    @classmethod
    def of(cls, crews: Crews, share: float, used: Floats) -> "_Ladder":
        rungs = np.divide.outer(crews.first_calls(share), used).ravel()
        more = np.repeat(np.diff(crews.agents, append=crews.agents[-1]), len(used))
        order = np.argsort(rungs, kind="stable")
        fewest = crews.agents[0] * len(used)
        return cls(rungs[order], fewest + np.concatenate([[0.0], np.cumsum(more[order])]))

    def agents(self, calls: Floats) -> Floats:
        return np.asarray(self.agents_there[np.searchsorted(self.rungs, calls)])


@dataclass(frozen=True)
class _Steps:
    """The calls that each number of agents is there for: ``calls`` (a row each) behind the limit of
    one agent less, half way, and at its own. What they lose is smooth between, and falls behind."""

    agents: Floats
    calls: Floats

    @classmethod
    def of(cls, crews: Crews, share: float) -> "_Steps":
        limits = crews.first_calls(share)
        known = np.isfinite(limits)
        ends = limits[known]
        starts = np.concatenate([[0.0], ends[:-1]]) + ROUNDING
        return cls(crews.agents[known], np.stack([starts, (starts + ends) / 2, ends], axis=1))

    @cached_property
    def asked(self) -> NDArray[np.intp]:
        """The numbers of agents that are worked out: all small ones, of large ones some."""
        sparse = np.unique(np.geomspace(_MANY, max(len(self.agents), _MANY), _SOME).astype(int)) - 1
        few = np.arange(min(len(self.agents), _MANY))
        return np.unique(np.concatenate([few, np.minimum(sparse, len(self.agents) - 1)]))

    def read(self, lost: Floats, calls: Floats) -> Floats:
        """What CALLS lose, where the three calls of the numbers of agents asked lose LOST: smooth
        from one number of agents to the next, and a parabola for each of them."""
        known = self.agents[self.asked]
        lost = np.stack([np.interp(self.agents, known, each) for each in lost.T], axis=1)
        step = np.minimum(np.searchsorted(self.calls[:, 2], calls), len(self.calls) - 1)
        start, end = self.calls[step, 0], self.calls[step, 2]
        along = np.clip((calls - start) / (end - start), 0.0, 1.0)
        first, half, last = (lost[step, k] for k in range(3))
        return np.asarray(
            first * (1 - along) * (1 - 2 * along)
            + 4 * half * along * (1 - along)
            + last * along * (2 * along - 1)
        )


def _place(values: Floats, grid: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Between which two even points of GRID each value lies, and how far along."""
    if len(grid) == 1:
        return np.zeros(len(values), dtype=np.int64), np.zeros(len(values))
    step = (grid[-1] - grid[0]) / (len(grid) - 1)
    along = np.clip((values - grid[0]) / step, 0.0, len(grid) - 1 - 1e-9)
    before = along.astype(np.int64)
    return before, along - before
