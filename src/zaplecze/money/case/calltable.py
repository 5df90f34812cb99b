"""Staffing for many draws at once: read off from tables of what each number of agents can do."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zaplecze.money.returns import Floats
from zaplecze.workload import Demand, Target, exact_agents, queue, with_repeats

_CALLS, _TIMES, _REPEATS, _DAYS, _CLOSE = 81, 5, 3, 200, 1.15
"""Points of the tables: numbers of calls, handling times at least, shares of calls again, calls a
day; and the largest ratio of two handling times beside each other."""
_ROUNDING = 1e-9


@dataclass(frozen=True)
class CallTable:
    """A line of calls over the SHARES of its day, for draws of calls, handling times and repeats.

    ``day`` are first calls a day, ``times`` handling seconds, ``repeats`` shares of those who give up
    that call again. Agents of an interval are the fewest whole ones that reach the target; for some
    times and shares the calls at which one more is needed are worked out, between them the sum over
    the day is interpolated.
    """

    target: Target
    interval_seconds: float
    patience_seconds: float | None
    shares: Floats
    day: Floats
    times: Floats
    repeats: Floats

    def agents(self) -> Floats:
        """Agents of all intervals added up, for every draw.

        For one handling time an interval has one agent more from a certain number of calls a day
        on; how many of these numbers a draw exceeds is how many agents it takes.
        """
        used = self.shares[self.shares > 0]
        tables = [
            [
                np.sort(np.divide.outer(self._first_calls(share)[:, t], used).ravel())
                for t in range(len(self._times))
            ]
            for share in self._repeats
        ]

        def found(share: int, time: int, work: Floats) -> Floats:
            calls = work / self._times[time] * (1 - _ROUNDING)
            return np.asarray(np.searchsorted(tables[share][time], calls), dtype=float)

        return np.asarray(self.target.minimum_agents * len(self.shares) + self._between(found))

    def abandoned(self) -> Floats:
        """Calls a day that are given up, calls again included, for every draw."""
        if self.patience_seconds is None:
            return np.zeros(len(self.day))
        widest = self._times[-1] / self._times[0] if len(self._times) > 1 else 1.0
        step = widest ** (1 / max(len(self._times) - 1, 1))
        days = np.linspace(0.0, 1.01 * step * float(self.day.max(initial=0.0)), _DAYS)
        tables = [
            [self._given_up(days, share, t) for t in range(len(self._times))]
            for share in self._repeats
        ]

        def found(share: int, time: int, work: Floats) -> Floats:
            lost = np.interp(work / self._times[time], days, tables[share][time])
            return np.asarray(lost * self._times[time])

        # As many calls are given up as are the same work.
        return np.asarray(self._between(found) / self.times)

    def _between(self, found: Callable[[int, int, Floats], Floats]) -> Floats:
        """What FOUND gives for the place of a share and of a time and the work of draws, between
        the shares and times of the tables."""
        before, beside = _place(np.log(self.times), np.log(self._times))
        left, along = _place(self.repeats, self._repeats)
        result = np.zeros(len(self.day))
        # Work counts most: as many calls as are the same work at the time of the table.
        work = self.day * self.times
        for share in np.unique(left):
            for time in np.unique(before):
                here = (left == share) & (before == time)
                if not here.any():
                    continue
                corners = [
                    [found(s, t, work[here]) for t in (time, min(time + 1, len(self._times) - 1))]
                    for s in (share, min(share + 1, len(self._repeats) - 1))
                ]
                low, high = (near + (far - near) * beside[here] for near, far in corners)
                result[here] = low + (high - low) * along[here]
        return result

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
        return np.array([low]) if high - low < 1e-9 else np.linspace(low, high, _REPEATS)

    def _first_calls(self, share: float) -> Floats:
        """First calls of an interval from which each number of agents (a row) is too few, by time.

        What comes in all, calls again included, is more: with n agents at their limit L that is L,
        of which the share P gives up, and of those SHARE had called before: L (1 - share P).
        """
        return np.asarray(self._limits * (1.0 - share * self._lost_at_limits))

    @cached_property
    def _whole(self) -> Floats:
        return np.arange(self.target.minimum_agents, np.ceil(self._needed(self._levels).max()))

    @cached_property
    def _levels(self) -> Floats:
        """The logarithm of an interval's calls at even steps, a column for each time."""
        room = 1.01 * float((self._times[1:] / self._times[:-1]).max(initial=1.0))
        used = self.shares[self.shares > 0]
        least = np.log(self.day[self.day > 0].min(initial=1.0) * used.min() / room)
        # Calls again come on top.
        again = 1.0 / (1.0 - max(float(self.repeats.max()), 0.0))
        most = np.log(self.day.max(initial=1.0) * used.max() * room * again)
        levels = np.linspace(least, most, _CALLS)
        return np.repeat(levels[:, np.newaxis], len(self._times), axis=1)

    @cached_property
    def _limits(self) -> Floats:
        """Calls of an interval, all counted, up to which each number of agents (a row) is enough.

        They are read off between the even steps, and once more between these and what was read.
        """
        levels, needed = self._levels, self._needed(self._levels)
        levels = np.sort(np.concatenate([levels, _columns(self._whole, needed, levels)]), axis=0)
        needed = self._needed(levels)
        calls = np.exp(_columns(self._whole, needed, levels))
        # What even the fewest calls need is there from the first call on; what none needs, never.
        calls = np.where(self._whole[:, np.newaxis] < needed[0], 0.0, calls)
        return np.where(self._whole[:, np.newaxis] >= needed[-1], np.inf, calls)

    @cached_property
    def _lost_at_limits(self) -> Floats:
        """The share that gives up at the limit of each number of agents."""
        lost = np.zeros_like(self._limits)
        if self.patience_seconds is None:
            return lost
        agents = np.broadcast_to(self._whole[:, np.newaxis], lost.shape)
        times = np.broadcast_to(self._times, lost.shape)
        real = np.isfinite(self._limits) & (self._limits > 0) & (agents > 0)
        rate = self._limits[real] / self.interval_seconds
        line = queue(rate, times[real], agents[real], self.patience_seconds)
        lost[real] = line.abandon_probability
        return lost

    def _given_up(self, days: Floats, share: float, time: int) -> Floats:
        """Calls given up with first calls DAYS, added up over the intervals of the day.

        For an interval they rise with its calls and fall where one agent more is there: they are
        worked out behind, half way to and at each of these places.
        """
        limits = self._first_calls(share)[:, time]
        known = np.isfinite(limits)
        ends = limits[known]
        starts = np.concatenate([[0.0], ends[:-1]])
        agents = self._whole[known]
        calls = np.concatenate([starts + _ROUNDING, (starts + ends) / 2, ends])
        crew = np.tile(agents, 3)
        possible = (crew > 0) & (calls > 0)
        lost = np.where(crew > 0, 0.0, calls)
        lost[possible] = self._lost(calls[possible], crew[possible], self._times[time], share)
        order = np.argsort(calls, kind="stable")
        interval = np.multiply.outer(days, self.shares)
        return np.asarray(np.interp(interval, calls[order], lost[order]).sum(axis=1))

    def _lost(self, calls: Floats, agents: Floats, time: float, share: float) -> Floats:
        """Calls given up in an interval with first CALLS, calls again included."""
        rate = calls / self.interval_seconds
        if share >= 0:
            line = with_repeats(rate, time, agents, self.patience_seconds, redial=share)
        else:
            # Fewer call again who gave up: those answered do, and calls are counted without them.
            again = -share / (1.0 - share)
            line = with_repeats(
                rate * (1.0 - again), time, agents, self.patience_seconds, reconnect=again
            )
        return np.asarray(line.calls_per_second * line.abandon_probability) * self.interval_seconds

    def _needed(self, levels: Floats) -> Floats:
        """Agents, with fractions, at the logarithm of calls LEVELS (a column for each time)."""
        demand = Demand(1.0, self.interval_seconds, float(self.times[0]), self.patience_seconds)
        agents = exact_agents(demand, self.target, np.exp(levels), self._times[np.newaxis, :])
        return np.asarray(np.maximum.accumulate(agents, axis=0))


def _columns(wanted: Floats, known: Floats, levels: Floats) -> Floats:
    """LEVELS at which each column of KNOWN reaches what is WANTED."""
    pairs = zip(known.T, levels.T, strict=True)
    return np.array([np.interp(wanted, each, level) for each, level in pairs]).T


def _place(values: Floats, grid: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Between which two even points of GRID each value lies, and how far along."""
    if len(grid) == 1:
        return np.zeros(len(values), dtype=np.int64), np.zeros(len(values))
    step = (grid[-1] - grid[0]) / (len(grid) - 1)
    along = np.clip((values - grid[0]) / step, 0.0, len(grid) - 1 - 1e-9)
    before = along.astype(np.int64)
    return before, along - before
