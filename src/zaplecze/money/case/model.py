"""A business-case file as a whole, and the rules that tie its tables together."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.money.case.assumption import Assumption, Correlation, Rate, Share
from zaplecze.money.case.budgets import Budget, Money
from zaplecze.money.case.lines import Line
from zaplecze.money.case.staffing import Known, Staffing, abandoned_name
from zaplecze.money.case.timeline import add_months
from zaplecze.money.correlation import correlation_matrix
from zaplecze.money.expression import Value, parse, unknown_name
from zaplecze.money.returns import Floats
from zaplecze.workspace import Label, Name, Table
from zaplecze.workspace.values import FaultError, FaultsError, Location


class Rated(Table):
    """A rate that can be switched off."""

    rate: Share
    apply: bool = True


class Tax(Rated):
    """Tax on profit; losses lower other tax at once, or are carried forward."""

    carry_losses: bool = False


class Optimism(Table):
    """How much plans of this kind have been too hopeful: costs up, benefits down, in the open."""

    costs: float = Field(default=0.0, ge=0, le=5)
    benefits: Share = 0.0
    source: Label | None = None


class Simulation(Table):
    """How many draws, and where they start."""

    draws: int = Field(default=100_000, ge=1_000, le=2_000_000)
    seed: int = Field(default=1, ge=0)


class Scenario(Table):
    """Other values for some assumptions, lines left out, benefits that come later."""

    label: Label | None = None
    assumptions: dict[str, float] = {}
    without: list[str] = []
    delay_months: float = Field(default=0, ge=0)


class Actual(Table):
    """What a line really brought or cost in the month of a day, with the evidence for it."""

    line: str
    month: dt.date
    amount: Money
    evidence: Label
    cause: Literal["volume", "price", "timing", "scope", "uptake", "other"] | None = None
    measured: float | None = None
    note: Label | None = None


class Reforecast(Table):
    """From the month of a day on, a line is expected at this multiple of its plan."""

    line: str
    since: dt.date
    factor: float = Field(ge=0)
    reason: Label


class Case(Table):
    """The whole file."""

    name: Label
    currency: str = Field(default="EUR", pattern=r"^[A-Z]{3}$")
    start: dt.date
    months: int = Field(ge=1, le=600)
    discount_rate: Rate
    owner: Name | None = None
    note: Label | None = None
    risk: Literal["simulation", "tei"] = "simulation"
    findings: str | None = None
    tax: Tax | None = None
    inflation: Rated | None = None
    optimism: Optimism = Optimism()
    simulation: Simulation = Simulation()
    assumptions: dict[str, Assumption] = {}
    correlations: list[Correlation] = []
    staffing: dict[str, Staffing] = {}
    lines: dict[str, Line]
    scenarios: dict[str, Scenario] = {}
    actuals: list[Actual] = []
    reforecasts: list[Reforecast] = []
    budgets: list[Budget] = []

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        faults = [
            *self._missing_lines(),
            *self._unknown_names(),
            *self._risk_counted_twice(),
            *self._overlaps(),
            *self._odd_dates(),
        ]
        if not faults:
            faults = [*self._impossible_correlations()]
        if faults:
            raise FaultsError(faults)
        return self

    def _missing_lines(self) -> Iterator[FaultError]:
        if not self.lines:
            yield FaultError(
                say(N_("A case has at least one line. Add [lines.NAME].")), ("lines",), {}
            )

    def _unknown_names(self) -> Iterator[FaultError]:
        for where, source in self._calculations():
            # Staffing stands on assumptions alone; lines may use both.
            known: dict[str, Any] = dict(self.assumptions)
            if where[0] == "lines":
                known |= self._staffing_names()
            for name in parse(source).names:
                if name not in known:
                    yield _unknown(where, name, known, source)
        for given, name in self._staffing_names().items():
            if given in self.assumptions:
                yield FaultError(
                    say(N_("There is an assumption of the same name. Rename one of the two.")),
                    ("staffing", name),
                    {},
                )
        for i, pair in enumerate(self.correlations):
            here: Location = ("correlations", i, "between")
            if len(pair.between) != 2 or pair.between[0] == pair.between[1]:
                yield FaultError(
                    say(N_("A correlation is between two different assumptions. Name two.")),
                    here,
                    pair.between,
                )
            for name in pair.between:
                if name not in self.assumptions:
                    yield _unknown(here, name, self.assumptions, pair.between)
            if set(pair.between) in [set(earlier.between) for earlier in self.correlations[:i]]:
                yield FaultError(
                    say(N_("These two are correlated above already. Keep one of the entries.")),
                    here,
                    pair.between,
                )
        for label, scenario in self.scenarios.items():
            for name in scenario.assumptions:
                if name not in self.assumptions:
                    place = ("scenarios", label, "assumptions", name)
                    yield _unknown(place, name, self.assumptions, scenario.assumptions[name])
            for name in scenario.without:
                if name not in self.lines:
                    yield _unknown(
                        ("scenarios", label, "without"), name, self.lines, scenario.without
                    )
        named = [("actuals", i, entry.line) for i, entry in enumerate(self.actuals)]
        named += [("reforecasts", i, entry.line) for i, entry in enumerate(self.reforecasts)]
        for table, i, line in named:
            if line not in self.lines:
                yield _unknown((table, i, "line"), line, self.lines, line)

    def _calculations(self) -> Iterator[tuple[Location, str]]:
        for name, line in self.lines.items():
            for key in ("amount", "attribution", "reach"):
                if (source := getattr(line, key)) is not None:
                    yield ("lines", name, key), source
            for key, source in line.inputs.items():
                yield ("lines", name, "inputs", key), source
        for name, staffing in self.staffing.items():
            for key, source in staffing.calculations().items():
                yield ("staffing", name, key), source

    def _risk_counted_twice(self) -> Iterator[FaultError]:
        """Risk is allowed for by percentages or by draws, never by both."""
        adjusted = [name for name, line in self.lines.items() if line.risk_adjustment is not None]
        if self.risk == "simulation":
            for name in adjusted:
                yield FaultError(
                    say(
                        N_(
                            "Risk would count twice: by this percentage and by the simulation. "
                            "Remove it, or write risk = \"tei\" at the top of the file."
                        )
                    ),
                    ("lines", name, "risk_adjustment"),
                    self.lines[name].risk_adjustment,
                )  # fmt: skip
        elif not adjusted:
            yield FaultError(
                say(
                    N_("Risk by percentages needs 'risk_adjustment' on at least one line. Add it.")
                ),
                ("risk",),
                self.risk,
            )

    def _overlaps(self) -> Iterator[FaultError]:
        for customers, names in self.overlapping().items():
            for name in names:
                if len(names) > 1 and self.lines[name].reach is None:
                    yield FaultError(
                        say(
                            N_(
                                "Several lines are on the customers '{customers}'. Add 'reach', the "
                                "share of them that this line affects, so that one customer counts once."
                            ),
                            customers=customers,
                        ),
                        ("lines", name, "customers"),
                        customers,
                    )

    def _odd_dates(self) -> Iterator[FaultError]:
        if self.start.year + self.months // 12 + 2 > dt.MAXYEAR:
            yield FaultError(
                say(N_("The case would end after the last year of the calendar. Correct the day.")),
                ("start",),
                self.start,
            )
            return
        last = add_months(self.start, self.months)
        for name, line in self.lines.items():
            if line.start is not None and line.start < self.start:
                yield FaultError(
                    say(
                        N_(
                            "The line starts before the case. Give the day of the start or a later one."
                        )
                    ),
                    ("lines", name, "start"),
                    line.start,
                )
        for i, actual in enumerate(self.actuals):
            if actual.month < self.start and not self.comes_with_start(actual):
                yield FaultError(
                    say(N_("This lies before the start of the case. Correct the day.")),
                    ("actuals", i, "month"),
                    actual.month,
                )
            if actual.month >= last:
                yield FaultError(
                    say(N_("This lies after the end of the case. Correct the day, or give the case more months.")),
                    ("actuals", i, "month"),
                    actual.month,
                )  # fmt: skip

    def _impossible_correlations(self) -> Iterator[FaultError]:
        try:
            self.ranks()
        except InputError as error:
            yield FaultError(error.text, ("correlations",), {})

    def ranks(self) -> tuple[list[str], Floats]:
        """The assumptions that move together, and their matrix of rank correlations."""
        pairs = {(p.between[0], p.between[1]): p.rank for p in self.correlations}
        names = list(dict.fromkeys(name for pair in pairs for name in pair))
        return names, correlation_matrix(names, pairs)

    def comes_with_start(self, actual: Actual) -> bool:
        """Is it of a line that is paid once, and of the calendar month of the start?"""
        line, day = self.lines.get(actual.line), actual.month
        in_month = (day.year, day.month) == (self.start.year, self.start.month)
        return in_month and line is not None and line.period == "once"

    def overlapping(self) -> dict[str, list[str]]:
        """The names of the lines on the same customers, by what those are called."""
        groups: dict[str, list[str]] = {}
        for name, line in self.lines.items():
            if line.customers is not None:
                groups.setdefault(line.customers, []).append(name)
        return groups

    def staffed(
        self, values: Mapping[str, Value], known: dict[str, Known] | None = None
    ) -> dict[str, Value]:
        """VALUES and, by name, what every staffing gives with them: paid hours a day, and where a
        line asks for them the calls a day that are given up. KNOWN keeps what was worked out."""
        asked = {
            name
            for where, source in self._calculations()
            if where[0] == "lines"
            for name in parse(source).names
        }
        found = dict(values)
        for name, each in self.staffing.items():
            kept = None if known is None else known.setdefault(name, {})
            lost = abandoned_name(name) in asked
            found |= each.gives(name, values, with_abandoned=lost, known=kept)
        return found

    def staffing_labels(self) -> dict[str, Text]:
        """What the numbers that staffing gives are called."""
        names = {n: each.label or Text.same(n) for n, each in self.staffing.items()}
        hours = {n: say(N_("Paid hours a day, {name}"), name=label) for n, label in names.items()}
        lost = {
            abandoned_name(n): say(N_("Calls given up a day, {name}"), name=label)
            for n, label in names.items()
        }
        return hours | lost

    def _staffing_names(self) -> dict[str, str]:
        """The names that staffing adds for calculations of lines, with the staffing of each."""
        names = {name: name for name in self.staffing}
        return names | {abandoned_name(name): name for name in self.staffing}

    def line_label(self, name: str) -> Text:
        """What a line is called; its own name where the file gives no label."""
        return self.lines[name].label or Text.same(name)

    def assumption_label(self, name: str) -> Text:
        """What an assumption is called."""
        return self.assumptions[name].label or Text.same(name)


def _unknown(where: Location, name: str, known: Mapping[str, Any], value: object) -> FaultError:
    return FaultError(unknown_name(name, known).text, where, value)
