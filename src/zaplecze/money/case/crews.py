"""A line of calls through its day: the agents of every interval, and the calls that are given up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zaplecze.money.returns import Floats
from zaplecze.workload import Demand, Target, agents_needed, most_calls, queue, with_repeats

_MANY, _NODES = 200, 48
"""Beyond so many agents their limits are read off a polynomial through so many points."""
_HUGE, _APART = 20_000, 1e-3
"""Beyond so many agents in an interval they are counted by thousandths."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Crews:
    """What numbers of ``agents`` can take in an interval, for one handling time.

    ``limits`` are calls, those again included; ``lost`` the share of them that gives up there.
    """

    agents: Floats
    limits: Floats
    lost: Floats

    def first_calls(self, repeats: float) -> Floats:
        """First calls of an interval from which each number of agents is too few.

        What comes in all, calls again included, is more: with agents at their limit L that is L, of
        which the share P gives up, and of those REPEATS had called before: L (1 - repeats P).
        """
        return np.asarray(np.maximum.accumulate(self.limits * (1.0 - repeats * self.lost)))


@dataclass(frozen=True)
class CallLine:
    """Calls over the SHARES of a day, and what the line is to reach in every interval.

    Who is answered and calls again does so whatever the staffing: here they count as first calls,
    and ``repeats`` is the share of those who give up that call again beyond them; below zero where
    fewer of those who give up call again than of those answered.
    """

    target: Target
    interval_seconds: float
    patience_seconds: float | None
    shares: Floats

    def crews(self, times: Floats, least: Floats, most: Floats) -> list[Crews]:
        """For each of the handling TIMES the agents from one less than the LEAST calls of an interval
        take to as many as the MOST calls take, calls again included."""
        ends = agents_needed(self._demand, self.target, np.array([least, most]), times)
        fewest = max(self.target.minimum_agents, 1)
        ranges = [_numbers(max(low - 1, fewest), max(high, fewest)) for low, high in ends.T]
        sizes = [len(each) for each in ranges]
        agents, handling = np.concatenate(ranges), np.repeat(times, sizes)
        limits = self._limits(ranges, times)
        lost = np.zeros_like(limits)
        if self.patience_seconds is not None:
            rate = np.where(np.isfinite(limits), limits, 1.0) / self.interval_seconds
            lost = queue(rate, handling, agents, self.patience_seconds).abandon_probability
        cuts = np.cumsum(sizes)[:-1]
        parts = zip(ranges, np.split(limits, cuts), np.split(lost, cuts), strict=True)
        return [Crews(*each) for each in parts]

    def staffed(self, day: Floats, times: Floats, repeats: Floats) -> Floats:
        """Agents (draws x intervals) for first calls a DAY, handling TIMES and REPEATS of draws, one
        by one: the fewest whole ones that reach the target."""
        agents = np.full((len(day), len(self.shares)), float(self.target.minimum_agents))
        used = self.shares > 0
        busy = np.flatnonzero(day > 0)
        handling, place = np.unique(times[busy], return_inverse=True)
        if not len(busy):
            return agents
        least, most = np.full(len(handling), np.inf), np.zeros(len(handling))
        fewer, more = 1.0 + np.maximum(-repeats[busy], 0.0), 1.0 - np.maximum(repeats[busy], 0.0)
        np.minimum.at(least, place, day[busy] * self.shares[used].min() / fewer)
        np.maximum.at(most, place, day[busy] * self.shares.max() / more)
        crews = self.crews(handling, least, most)
        for draw, time in zip(busy, place, strict=True):
            calls = day[draw] * self.shares[used] * (1.0 - ROUNDING)
            limits = crews[time].first_calls(float(repeats[draw]))
            agents[draw, used] = crews[time].agents[np.searchsorted(limits, calls)]
        return agents

    def given_up(self, calls: Floats, agents: Floats, times: Floats, repeats: Floats) -> Floats:
        """Calls given up in intervals with first CALLS and AGENTS, calls again included."""
        calls, agents, times, repeats = np.broadcast_arrays(calls, agents, times, repeats)
        lost, possible = np.where(agents > 0, 0.0, calls), (calls > 0) & (agents > 0)
        if self.patience_seconds is None or not possible.any():
            return lost
        # Fewer call again who gave up: those answered do, and calls are counted without them.
        again = np.maximum(-repeats, 0.0) / (1.0 + np.maximum(-repeats, 0.0))
        line = with_repeats(
            (calls * (1.0 - again))[possible] / self.interval_seconds,
            times[possible], agents[possible], self.patience_seconds,
            redial=np.maximum(repeats, 0.0)[possible], reconnect=again[possible],
        )  # fmt: skip
        lost[possible] = line.calls_per_second * line.abandon_probability * self.interval_seconds
        return lost

    @property
    def _demand(self) -> Demand:
        return Demand(1.0, self.interval_seconds, 1.0, self.patience_seconds)

    def _limits(self, ranges: Sequence[Floats], times: Floats) -> Floats:
        """The most calls that the agents of RANGES (one for each of TIMES) can take."""
        asked = [_asked(each) for each in ranges]
        sizes = [len(each) for each in asked]
        handling = np.repeat(times, sizes) / self.interval_seconds
        calls = most_calls(
            self._demand, self.target, np.concatenate(asked), handling * self.interval_seconds
        )
        loads = np.split(calls * handling, np.cumsum(sizes)[:-1])
        read = [_between(*each) for each in zip(ranges, loads, strict=True)]
        every = np.repeat(times, [len(each) for each in ranges])
        return np.asarray(np.concatenate(read) * self.interval_seconds / every)


def _numbers(low: float, high: float) -> Floats:
    """The numbers of agents from LOW to HIGH; of huge ones a few, a thousandth apart."""
    whole = np.arange(low, min(high, max(low, _HUGE)) + 1)
    if high <= whole[-1]:
        return whole
    steps = int(np.ceil(np.log(high / whole[-1]) / _APART))
    return np.concatenate([whole, np.ceil(np.geomspace(whole[-1], high, steps + 1)[1:])])


def _asked(agents: Floats) -> Floats:
    """AGENTS whose limits are worked out: all of them, or of a long row the few at its beginning
    and points (of Chebyshev) between the rest."""
    beyond = agents[agents >= _MANY]
    if len(beyond) <= _MANY:
        return agents
    return np.concatenate([agents[agents < _MANY], np.exp(_nodes(*np.log(beyond[[0, -1]])))])


def _between(agents: Floats, loads: Floats) -> Floats:
    """The limits of AGENTS (as loads) from LOADS, those of `_asked`: how many roots of the number of
    agents they lie below it is smooth (relative error below 1e-10, tested)."""
    if len(loads) == len(agents):
        return loads
    beyond = agents[agents >= _MANY]
    ends = np.log(beyond[[0, -1]])
    nodes = _nodes(*ends)
    spare = (np.exp(nodes) - loads[-_NODES:]) / np.exp(nodes / 2)
    fitted = np.polynomial.Chebyshev.fit(nodes, spare, _NODES - 1, domain=list(ends))
    return np.concatenate([loads[:-_NODES], beyond - fitted(np.log(beyond)) * np.sqrt(beyond)])


def _nodes(low: float, high: float) -> Floats:
    angles = (np.arange(_NODES) + 0.5) * np.pi / _NODES
    return np.asarray((low + high) / 2 - (high - low) / 2 * np.cos(angles))
