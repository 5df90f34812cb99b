"""Reckons a case: assumptions in, monthly cash flows out, for one set of values or for many draws."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.money.case.lines import Line
from zaplecze.money.case.measured import measured
from zaplecze.money.case.model import Case, Scenario
from zaplecze.money.case.staffing import Known
from zaplecze.money.case.timeline import Timeline
from zaplecze.money.distributions import Distribution
from zaplecze.money.expression import Value, parse
from zaplecze.money.finance import LARGEST, Appraisal, appraise_monthly
from zaplecze.money.formulas import FORMULAS
from zaplecze.money.returns import Floats

if TYPE_CHECKING:
    from zaplecze.impact import Findings

NO_CHANGE = Scenario()


@dataclass(frozen=True)
class Adjustments:
    """What is taken off benefits and put on costs, each in the open."""

    optimism: bool = True
    risk: bool = True
    tax: bool = True


ALL = Adjustments()


@dataclass(frozen=True)
class Reckoning:
    """A case with its numbers as distributions and its months as dates."""

    case: Case
    numbers: dict[str, Distribution]

    @classmethod
    def of(cls, case: Case, findings: "Findings | None" = None) -> "Reckoning":
        """CASE with what it takes from FINDINGS; raises `InputError` where that is missing."""
        numbers = {
            name: measured(each, findings) if each.finding is not None else each.given()
            for name, each in case.assumptions.items()
        }
        return cls(case, numbers)

    @cached_property
    def timeline(self) -> Timeline:
        """The months of the case."""
        return Timeline(self.case.start, self.case.months)

    @cached_property
    def base(self) -> dict[str, Value]:
        """The plain value of every assumption."""
        return {name: number.base for name, number in self.numbers.items()}

    @cached_property
    def discounts(self) -> Floats:
        """What one unit of money of month 0, 1, … is worth today."""
        months = np.arange(self.case.months + 1)
        return np.asarray((1.0 + self.case.discount_rate) ** -(months / 12))

    @property
    def inflation(self) -> float:
        """The rate a year; zero where it is switched off."""
        given = self.case.inflation
        return given.rate if given and given.apply else 0.0

    @property
    def uncertain(self) -> list[str]:
        """The assumptions that are not certain."""
        return [n for n, d in self.numbers.items() if d.quantile(0.9) > d.quantile(0.1)]

    def values(self, scenario: Scenario = NO_CHANGE) -> dict[str, Value]:
        """The plain values, those of SCENARIO in their place."""
        return {**self.base, **scenario.assumptions}

    def cash_lines(self, scenario: Scenario = NO_CHANGE) -> list[str]:
        """The lines that move cash and are not left out; time and capacity are no cash."""
        return [
            name
            for name, line in self.case.lines.items()
            if line.realised_as == "cash" and name not in scenario.without
        ]

    def shape(self, name: str, scenario: Scenario = NO_CHANGE) -> Floats:
        """How much of a line falls into each month; see `Timeline.shape`."""
        line = self.case.lines[name]
        delay = 0.0 if line.kind == "cost" else scenario.delay_months
        if (name, delay) not in self._shapes:
            self._shapes[name, delay] = self.timeline.shape(line, self.inflation, delay)
        return self._shapes[name, delay]

    @cached_property
    def _shapes(self) -> dict[tuple[str, float], Floats]:
        """Shapes by line and delay, each worked out once."""
        return {}

    def amounts(
        self,
        values: Mapping[str, Value],
        scenario: Scenario = NO_CHANGE,
        adjust: Adjustments = ALL,
    ) -> dict[str, Value]:
        """The amount of every line a period: due to the project, every customer once, adjusted."""
        values = self.staffed(values)
        untouched: dict[str, Value] = {}
        amounts = {}
        for name, line in self.case.lines.items():
            if name in scenario.without:
                continue
            amount = line_amount(line, values)
            if line.attribution is not None:
                amount = amount * parse(line.attribution)(values)
            if line.customers is not None and line.reach is not None:
                # Who has had one effect is not counted for the next one.
                left = untouched.get(line.customers, 1.0)
                amount = amount * left
                untouched[line.customers] = left * (1.0 - parse(line.reach)(values))
            amounts[name] = amount * correction(self.case, name, adjust)
        return amounts

    def staffed(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """VALUES and, by its name, what every staffing takes with them."""
        return self.case.staffed(values, self._staffings)

    @cached_property
    def _staffings(self) -> dict[str, Known]:
        """Staffings by name and by what was asked of them, each worked out once."""
        return {}

    def flows(
        self,
        values: Mapping[str, Value],
        scenario: Scenario = NO_CHANGE,
        adjust: Adjustments = ALL,
    ) -> Floats:
        """Net cash by month: a row for every draw in VALUES (one row, where they are numbers)."""
        return self.net(self.amounts(values, scenario, adjust), scenario, adjust)

    def present_values(self, amounts: Mapping[str, Value], *, costs: bool) -> Floats:
        """What all costs, or all benefits, with AMOUNTS are worth today, before tax."""
        names = [n for n in self.cash_lines() if (self.case.lines[n].kind == "cost") == costs]
        worth = [np.asarray(amounts[n]) * float(self.shape(n) @ self.discounts) for n in names]
        return np.asarray(sum(worth, np.zeros(1)))

    def net(
        self,
        amounts: Mapping[str, Value],
        scenario: Scenario = NO_CHANGE,
        adjust: Adjustments = ALL,
    ) -> Floats:
        """Net cash by month with AMOUNTS a period, a row for every draw in them."""
        names = self.cash_lines(scenario)
        if not names:
            return np.zeros((1, self.case.months + 1))
        signs = [-1.0 if self.case.lines[name].kind == "cost" else 1.0 for name in names]
        signed = [np.atleast_1d(amounts[n]) * sign for n, sign in zip(names, signs, strict=True)]
        stacked = np.array(np.broadcast_arrays(*signed, np.zeros(1))[:-1])
        shapes = np.array([self.shape(name, scenario) for name in names])
        # A search for switching values may divide by zero on its way.
        with np.errstate(invalid="ignore", over="ignore"):
            gross = np.asarray(stacked.T @ shapes)
        if not adjust.tax or self.tax_rate == 0:
            return gross
        taxed = np.array([self.case.lines[name].taxed for name in names])
        return gross - self.tax(gross if taxed.all() else stacked[taxed].T @ shapes[taxed])

    def tax(self, profit: Floats) -> Floats:
        """The tax of every month on PROFIT (rows x months); below zero where losses lower it."""
        assert self.case.tax is not None
        if not self.case.tax.carry_losses:
            return profit * self.tax_rate
        # What is taxed in all is the highest that the sum of profits has reached.
        reached = np.maximum.accumulate(np.maximum(np.cumsum(profit, axis=1), 0.0), axis=1)
        return np.diff(reached, axis=1, prepend=0.0) * self.tax_rate

    @property
    def tax_rate(self) -> float:
        """The rate; zero where it is switched off."""
        return self.case.tax.rate if self.case.tax and self.case.tax.apply else 0.0

    def npv(
        self,
        values: Mapping[str, Value],
        scenario: Scenario = NO_CHANGE,
        adjust: Adjustments = ALL,
    ) -> Floats:
        """Net present value of every draw in VALUES."""
        return np.asarray(self.flows(values, scenario, adjust) @ self.discounts)

    def appraised(self, net: Floats, monthly: Mapping[str, Floats]) -> Appraisal:
        """NET cash by month appraised; MONTHLY is the money of every cash line behind it.

        Benefits to costs are those of the lines, worth today, before tax: a cost stays a cost in
        a month that benefits more than pay for.
        """
        worth = {"cost": 0.0, "benefit": 0.0}
        for name, money in monthly.items():
            side = "cost" if self.case.lines[name].kind == "cost" else "benefit"
            worth[side] += float(money @ self.discounts)
        ratio = worth["benefit"] / worth["cost"] if worth["cost"] > 0 else None
        found = appraise_monthly(net, self.case.discount_rate)
        return replace(found, benefit_cost_ratio=ratio)

    def check(self) -> None:
        """Raise `InputError` for lines without a finite amount and fractions out of range."""
        for name, staffing in self.case.staffing.items():
            staffing.check(name, self.base)
        plain = self.staffed(self.base)
        for name, line in self.case.lines.items():
            for key in ("attribution", "reach"):
                source = getattr(line, key)
                share = 0.0 if source is None else float(parse(source)(plain))
                if not 0.0 <= share <= 1.0:
                    raise InputError(
                        say(
                            N_(
                                '[lines.{line}], {key} = "{source}" comes to {value}. A fraction lies '
                                "between 0 and 1: correct the calculation."
                            ),
                            line=name,
                            key=key,
                            source=source,
                            value=f"{share:g}",
                        )
                    )
            amount = float(line_amount(line, plain))
            if not math.isfinite(amount):
                raise InputError(
                    say(
                        N_(
                            "[lines.{line}]: the amount cannot be worked out; something it divides by is "
                            "zero. Correct the calculation or its assumptions."
                        ),
                        line=name,
                    )
                )
            if abs(amount) > LARGEST:
                raise InputError(
                    say(
                        N_(
                            "[lines.{line}]: an amount of {value} is more money than there is. Correct "
                            "the calculation or its assumptions."
                        ),
                        line=name,
                        value=f"{amount:g}",
                    )
                )


def correction(case: Case, name: str, adjust: Adjustments = ALL) -> float:
    """What the amount of a line is multiplied by: optimism bias and percentages of risk."""
    line, optimism = case.lines[name], case.optimism
    factor, by_risk = 1.0, line.risk_adjustment or 0.0
    if line.kind == "cost":
        factor *= 1.0 + optimism.costs if adjust.optimism else 1.0
        return factor * (1.0 + by_risk if adjust.risk else 1.0)
    factor *= 1.0 - optimism.benefits if adjust.optimism else 1.0
    return factor * (1.0 - by_risk if adjust.risk else 1.0)


def line_amount(line: Line, values: Mapping[str, Value]) -> Value:
    """The amount of LINE a period, as its calculation or its formula gives it."""
    if line.amount is not None:
        return parse(line.amount)(values)
    assert line.formula is not None
    formula = FORMULAS[line.formula]
    known: dict[str, Value] = {
        need.name: need.default for need in formula.inputs if need.default is not None
    }
    known |= {name: parse(source)(values) for name, source in line.inputs.items()}
    for step in formula.steps:
        if step.name not in known and all(name in known for name in step.expression.names):
            known[step.name] = step.expression(known)
    return known[line.result or formula.result]
