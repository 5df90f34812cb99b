"""The tables of a case file that hold a cost or a benefit."""

import datetime as dt
from typing import Literal, Self

from pydantic import Field, model_validator

from zaplecze.language import N_, say
from zaplecze.money.case.assumption import Calculation, Rate, Share
from zaplecze.money.expression import unknown_name
from zaplecze.money.formulas import FORMULAS, Formula
from zaplecze.workspace import Label, Name, Table
from zaplecze.workspace.values import FaultError

Per = Literal["once", "month", "year"]


class Profile(Table):
    """What shows that a benefit has come: measure, where it stands, where it shall be, by when."""

    measure: Label
    unit: Label | None = None
    baseline: float
    target: float
    due: dt.date
    depends_on: Label | None = None


class Line(Table):
    """One cost or benefit, in prices of the start, always a positive amount."""

    kind: Literal["cost", "saving", "revenue"]
    label: Label | None = None
    owner: Name
    department: str | None = None
    amount: Calculation | None = None
    formula: str | None = None
    inputs: dict[str, Calculation] = {}
    result: str | None = None
    per: Per | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    ramp_months: float = Field(default=0, ge=0)
    growth: Rate = 0.0
    inflates: bool = True
    taxed: bool = True
    realised_as: Literal["cash", "capacity", "time"] = "cash"
    attribution: Calculation | None = None
    customers: str | None = None
    reach: Calculation | None = None
    risk_adjustment: Share | None = None
    profile: Profile | None = None
    note: Label | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.amount is None) == (self.formula is None):
            raise FaultError(
                say(N_("A line has either an 'amount' or a 'formula'. Give exactly one of them."))
            )
        if self.kind == "revenue" and self.attribution is None:
            raise FaultError(
                say(
                    N_(
                        "How much of this revenue is due to the project? Add 'attribution', a "
                        "fraction between 0 and 1."
                    )
                )
            )
        if self.kind == "revenue" and self.customers is None:
            raise FaultError(
                say(
                    N_(
                        "Whose money is this? Add 'customers', a name that lines on the same "
                        "customers share, so that one customer counts once."
                    )
                )
            )
        if self.start and self.end and self.end < self.start:
            raise FaultError(
                say(N_("The line ends before it starts. Put the two days in order.")),
                ("end",),
                self.end,
            )
        if self.formula is not None:
            _check_formula(self)
        elif self.per is None:
            raise FaultError(say(N_("How often is it paid? Add 'per': once, month or year.")))
        return self

    @property
    def period(self) -> Per:
        """How often the amount is paid; a formula knows that itself."""
        if self.per is not None:
            return self.per
        assert self.formula is not None
        return _PERIODS[_formula_unit(self.formula, self.result)]


_PERIODS: dict[str, Per] = {"money_month": "month", "money_year": "year"}


def _formula_unit(formula: str, result: str | None) -> str:
    found = FORMULAS[formula]
    return next(s.unit for s in found.steps if s.name == (result or found.result))


def _check_formula(line: Line) -> None:
    assert line.formula is not None
    if line.formula not in FORMULAS:
        raise FaultError(unknown_name(line.formula, FORMULAS).text, ("formula",), line.formula)
    formula = FORMULAS[line.formula]
    for name in line.inputs:
        if name not in formula.labels:
            raise FaultError(unknown_name(name, formula.labels).text, ("inputs", name), line.inputs[name])  # fmt: skip
    steps = [step.name for step in formula.steps]
    if line.result is not None and line.result not in steps:
        raise FaultError(unknown_name(line.result, steps).text, ("result",), line.result)
    if lacking := _lacking(formula, line):
        raise FaultError(
            say(N_("The formula needs these inputs too: {names}. Add them."), names=", ".join(lacking)),
            ("inputs",), dict(line.inputs),
        )  # fmt: skip
    if line.per is None and _formula_unit(line.formula, line.result) not in _PERIODS:
        raise FaultError(
            say(N_("The formula gives an amount without a period. Add 'per': once, month or year."))
        )


def _lacking(formula: Formula, line: Line) -> list[str]:
    """The inputs that the result of LINE needs and does not have."""
    known = {need.name for need in formula.inputs if need.default is not None} | set(line.inputs)
    needs: dict[str, list[str]] = {}
    for step in formula.steps:
        lacking = [name for name in step.expression.names if name not in known]
        if step.name in known or not lacking:
            known.add(step.name)
        else:
            needs[step.name] = [each for name in lacking for each in needs.get(name, [name])]
    return sorted(set(needs.get(line.result or formula.result, [])))
