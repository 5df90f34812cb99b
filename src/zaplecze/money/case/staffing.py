"""The table of a case file that turns calls into people and calls given up, by Erlang inside every draw."""

from collections.abc import Mapping
from typing import Self

import numpy as np
from pydantic import Field, model_validator

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.money.case.assumption import Calculation, Share
from zaplecze.money.case.calltable import CallTable
from zaplecze.money.case.crews import CallLine
from zaplecze.money.expression import Value, parse
from zaplecze.money.returns import Floats
from zaplecze.workload import Definition, Demand, Target
from zaplecze.workspace import Label, Table
from zaplecze.workspace.values import FaultError

Known = dict[tuple[float, ...], tuple[float, float]]
"""Agents and calls given up, by what was drawn for a line."""
_FEW = 2_000
"""So many different draws are worked out one by one."""
_LARGEST_SHARE = 0.95
_MOST_CALLS, _LONGEST = 1e9, 1e6


class Staffing(Table):
    """A line of calls and what it is to reach: it gives paid hours a day, and calls given up.

    With ``redial`` and ``reconnect`` (shares of those who gave up and of those answered who call
    again) ``calls`` are first calls, and those who call again come on top as a fixed point.
    """

    label: Label | None = None
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
    redial: Calculation = "0"
    reconnect: Calculation = "0"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not self.profile or min(self.profile) < 0 or sum(self.profile) <= 0:
            raise FaultError(
                say(N_("A profile holds numbers of 0 or more, and not all are 0. Give calls by interval.")),
                ("profile",),
                self.profile,
            )  # fmt: skip
        if self.patience_seconds is None and parse(self.redial).source != "0":
            raise FaultError(
                say(N_("Nobody hangs up without patience, so nobody redials. Give a patience.")),
                ("redial",),
                self.redial,
            )
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
            "redial": self.redial,
            "reconnect": self.reconnect,
        }

    def target(self) -> Target:
        """What the line is to reach."""
        return Target(
            service_level=self.service_level,
            within_seconds=self.within_seconds,
            definition=self.definition,
            minimum_agents=self.minimum_agents,
        )

    def check(self, name: str, values: Mapping[str, Value]) -> None:
        """Raise `InputError` where plain VALUES make the staffing NAME what no line of calls is."""
        bounds = {"calls": _MOST_CALLS, "handling_seconds": _LONGEST} | dict.fromkeys(
            ("shrinkage", "redial", "reconnect"), _LARGEST_SHARE
        )
        for key, source in self.calculations().items():
            value = float(parse(source)(values))
            least = 1.0 if key == "handling_seconds" else 0.0
            if not least <= value <= bounds[key]:
                raise InputError(
                    say(
                        N_(
                            '[staffing.{name}], {key} = "{source}" comes to {value}. It lies between '
                            "{least} and {most}: correct the calculation or its assumptions."
                        ),
                        name=name, key=key, source=source, value=f"{value:g}",
                        least=f"{least:g}", most=f"{bounds[key]:g}",
                    )
                )  # fmt: skip

    def warnings(self, values: Mapping[str, Value]) -> list[Text]:
        """What may be minutes taken for seconds, or the reverse, with plain VALUES."""
        handling = max(float(parse(self.handling_seconds)(values)), 1e-3)
        demand = Demand(1.0, self.interval_seconds, handling, self.patience_seconds)
        return demand.warnings(self.within_seconds)

    def gives(
        self,
        name: str,
        values: Mapping[str, Value],
        *,
        with_abandoned: bool,
        known: Known | None = None,
    ) -> dict[str, Value]:
        """Paid hours a day under NAME with VALUES for the names: a number, or one for every draw.

        WITH_ABANDONED also the calls a day that are given up, under `abandoned_name`. Agents of an
        interval are the fewest whole ones that reach the target (Erlang A with patience, else C;
        calls again as the fixed point of `with_repeats`). For many draws see `CallTable`; what few
        draws give is kept in KNOWN, and not worked out again.
        """
        read = [parse(source)(values) for source in self.calculations().values()]
        arrays = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, dtype=float)) for v in read))
        # A search may look at what cannot be: fewer calls than none, times of nothing.
        lowest, highest = (0.0, 1.0, 0.0, 0.0, 0.0), (_MOST_CALLS, _LONGEST, *(_LARGEST_SHARE,) * 3)
        day, times, away, redial, reconnect = (
            np.clip(each, low, high)
            for each, low, high in zip(arrays, lowest, highest, strict=True)
        )
        # Who is answered and calls again does so whatever the staffing: they count as first calls.
        answered = 1.0 - reconnect
        drawn = np.stack([day / answered, times, (redial - reconnect) / answered])
        known = {} if known is None else known
        agents, abandoned = self._worked_out(drawn, known, with_abandoned=with_abandoned)
        found = {name: agents * self.interval_seconds / 3600.0 / (1.0 - away)}
        if with_abandoned:
            found[abandoned_name(name)] = abandoned
        one = all(np.ndim(value) == 0 for value in read)
        return {n: float(each[0]) if one else each for n, each in found.items()}

    def _worked_out(
        self, drawn: Floats, known: Known, *, with_abandoned: bool
    ) -> tuple[Floats, Floats]:
        """Agents of all intervals added up, and calls given up, for every column of DRAWN: first
        calls, handling time and repeats as in `CallLine`."""
        # Sorting all draws takes longer than staffing them: that many at the beginning settle it.
        if np.unique(drawn[:, : _FEW + 1], axis=1).shape[1] <= _FEW:
            columns, place = np.unique(drawn, axis=1, return_inverse=True)
            if columns.shape[1] <= _FEW:
                found = self._one_by_one(columns, known, with_abandoned=with_abandoned)
                agents, abandoned = found[:, place.ravel()]
                return agents, abandoned
        table = CallTable(self._line(), *drawn)
        return table.agents(), table.abandoned() if with_abandoned else np.zeros(drawn.shape[1])

    def _one_by_one(self, columns: Floats, known: Known, *, with_abandoned: bool) -> Floats:
        """The same for few different COLUMNS, exactly."""
        keys = [(with_abandoned, *column) for column in columns.T.tolist()]
        new = np.array([key not in known for key in keys])
        if new.any():
            line, (day, times, repeats) = self._line(), columns[:, new]
            crew = line.staffed(day, times, repeats)
            lost = np.zeros_like(crew)
            if with_abandoned:
                calls = np.multiply.outer(day, line.shares)
                lost = line.given_up(calls, crew, times[:, np.newaxis], repeats[:, np.newaxis])
            pairs = zip(crew.sum(axis=1).tolist(), lost.sum(axis=1).tolist(), strict=True)
            known |= zip((k for k, is_new in zip(keys, new, strict=True) if is_new), pairs, strict=True)  # fmt: skip
        return np.array([known[key] for key in keys]).T

    def _line(self) -> CallLine:
        shares = np.array(self.profile) / sum(self.profile)
        return CallLine(self.target(), self.interval_seconds, self.patience_seconds, shares)


def abandoned_name(name: str) -> str:
    """What calculations call the calls a day that are given up on the staffing NAME."""
    return f"{name}_abandoned"
