"""The table of a case file that turns calls into paid hours, by Erlang inside every draw."""

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.money.case.assumption import Calculation, Share
from zaplecze.money.expression import Value, parse
from zaplecze.money.returns import Floats
from zaplecze.workload import Definition, Demand, Target, agents_needed, exact_agents
from zaplecze.workspace import Table
from zaplecze.workspace.values import FaultError

_CALLS, _TIMES, _CLOSE = 81, 5, 1.15
"""Points of the table: numbers of calls, handling times at least, and their largest ratio."""
_FEW = 2_000
"""So many different draws are worked out one by one."""
_LONGEST_SHRINKAGE = 0.95
_ROUNDING = 1e-9


class Staffing(Table):
    """A line of calls and what it is to reach; its value is paid hours a day."""

    calls: Calculation
    handling_seconds: Calculation
    profile: list[float]
    interval_seconds: float = Field(default=1800, gt=0)
    service_level: Share
    within_seconds: float = Field(ge=0)
    definition: Definition = "offered"
    patience_seconds: float | None = Field(default=None, gt=0)
    minimum_agents: int = Field(default=0, ge=0)
    shrinkage: Calculation = "0"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.profile or min(self.profile) < 0 or sum(self.profile) <= 0:
            raise FaultError(
                say(N_("A profile holds numbers of 0 or more, and not all are 0. Give calls by interval.")),
                ("profile",),
                self.profile,
            )  # fmt: skip
        try:
            self.target()
        except InputError as error:
            raise FaultError(error.text, ("service_level",), self.service_level) from None
        return self

    def calculations(self) -> dict[str, str]:
        """What is calculated from assumptions, by key."""
        return {
            "calls": self.calls,
            "handling_seconds": self.handling_seconds,
            "shrinkage": self.shrinkage,
        }

    def target(self) -> Target:
        """What the line is to reach."""
        return Target(
            service_level=self.service_level,
            within_seconds=self.within_seconds,
            definition=self.definition,
            minimum_agents=self.minimum_agents,
        )

    def paid_hours(self, values: Mapping[str, Value]) -> Value:
        """Paid hours a day with VALUES for the names: a number, or one for every draw.

        Agents of an interval are the fewest whole ones that reach the target (Erlang A with
        patience, else C). For thousands of draws the calls at which one agent more is needed are
        worked out for some handling times; between two of these the sum over the day is interpolated.
        """
        calls, handling, shrinkage = (
            parse(source)(values) for source in (self.calls, self.handling_seconds, self.shrinkage)
        )
        shares = np.array(self.profile) / sum(self.profile)
        arrays = np.broadcast_arrays(*(np.atleast_1d(v) for v in (calls, handling, shrinkage)))
        # A search may look at what cannot be: fewer calls than none, times of nothing.
        day = np.maximum(np.asarray(arrays[0], dtype=float), 0.0)
        times = np.maximum(np.asarray(arrays[1], dtype=float), 1.0)
        away = np.clip(np.asarray(arrays[2], dtype=float), 0.0, _LONGEST_SHRINKAGE)
        # A pair is one complex number, by which pairs sort quickly.
        pairs, place = np.unique(day + 1j * times, return_inverse=True)
        agents = (
            self._exactly(pairs.real, pairs.imag, shares)[place]
            if len(pairs) <= _FEW
            else self._drawn(day, times, shares)
        )
        hours = agents * self.interval_seconds / 3600.0 / (1.0 - away)
        one = all(np.ndim(value) == 0 for value in (calls, handling, shrinkage))
        return float(hours[0]) if one else hours

    def _demand(self, times: Floats) -> Demand:
        return Demand(1.0, self.interval_seconds, float(times[0]), self.patience_seconds)

    def _exactly(self, day: Floats, times: Floats, shares: Floats) -> Floats:
        calls = np.multiply.outer(day, shares)
        agents = agents_needed(self._demand(times), self.target(), calls, times[:, np.newaxis])
        return np.asarray(agents.sum(axis=1))

    def _drawn(self, day: Floats, times: Floats, shares: Floats) -> Floats:
        """Agents of all intervals added up, for every draw.

        For one handling time an interval has one agent more from a certain number of calls a day
        on; how many of these numbers a draw exceeds is how many agents it takes.
        """
        used = shares[shares > 0]
        grid = _times(float(times.min()), float(times.max()))
        steps = self._steps(day, grid, used)
        before, beside = _place(np.log(times), np.log(grid))
        agents = np.full(len(day), float(self.minimum_agents * len(shares)))
        for cell in np.unique(before):
            here, next_cell = before == cell, min(cell + 1, len(steps) - 1)
            # Work counts most: as many calls as are the same work at the time of the table.
            work = day[here] * times[here]
            fewer = np.searchsorted(steps[cell], work / grid[cell] * (1 - _ROUNDING))
            more = np.searchsorted(steps[next_cell], work / grid[next_cell] * (1 - _ROUNDING))
            agents[here] += fewer + (more - fewer) * beside[here]
        return agents

    def _steps(self, day: Floats, grid: Floats, shares: Floats) -> list[Floats]:
        """For every time of GRID the calls a day from which some interval has one agent more.

        They are read off between even steps of the logarithm of an interval's calls, and once more
        between these and what was read.
        """
        room = 1.01 * float((grid[1:] / grid[:-1]).max(initial=1.0))
        least = np.log(day[day > 0].min(initial=1.0) * shares.min() / room)
        most = np.log(day.max(initial=1.0) * shares.max() * room)
        levels = np.repeat(np.linspace(least, most, _CALLS)[:, np.newaxis], len(grid), axis=1)
        needed = self._needed(levels, grid)
        whole = np.arange(self.minimum_agents, np.ceil(needed.max()))
        read = _columns(whole, needed, levels)
        levels = np.sort(np.concatenate([levels, read]), axis=0)
        needed = self._needed(levels, grid)
        calls = np.exp(_columns(whole, needed, levels))
        # What even the fewest calls need is there from the first call on; what none needs, never.
        calls = np.where(whole[:, np.newaxis] < needed[0], 0.0, calls)
        calls = np.where(whole[:, np.newaxis] >= needed[-1], np.inf, calls)
        return [np.sort(np.divide.outer(column, shares).ravel()) for column in calls.T]

    def _needed(self, levels: Floats, grid: Floats) -> Floats:
        """Agents, with fractions, at the logarithm of calls LEVELS (a column for a time of GRID)."""
        demand = self._demand(grid)
        agents = exact_agents(demand, self.target(), np.exp(levels), grid[np.newaxis, :])
        return np.asarray(np.maximum.accumulate(agents, axis=0))


def _times(low: float, high: float) -> Floats:
    """Handling times from LOW to HIGH, close enough to each other; one where both are the same."""
    if high - low < 1e-9 * high:
        return np.array([low])
    apart = int(np.ceil(np.log(high / low) / np.log(_CLOSE)))
    return np.geomspace(low, high, max(apart + 1, _TIMES))


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
