"""What the sheets of a case share: its numbers by scenario, and what formulas call its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zaplecze.language import Language, say
from zaplecze.money.case import Case, CaseResult
from zaplecze.money.case.lines import Line
from zaplecze.money.case.timeline import Timeline
from zaplecze.money.expression import parse
from zaplecze.money.formulas import FORMULAS
from zaplecze.money.returns import Floats
from zaplecze.report.sheet import Sheet

SCENARIO, START, DISCOUNT = "scenario", "case_start", "discount_rate"
INFLATION, INFLATION_ON = "inflation_rate", "inflation_on"
TAX, TAX_ON, TAX_CARRY = "tax_rate", "tax_on", "tax_carry"
OPTIMISM_COSTS, OPTIMISM_BENEFITS, DELAY = "optimism_costs", "optimism_benefits", "delay_months"
NONE = "–"
"""What stands where a figure does not exist."""


@dataclass(frozen=True)
class Model:
    """A case, its result, and the language of the workbook; ``planned`` as in `work_out_case`."""

    case: Case
    result: CaseResult
    language: Language
    planned: Mapping[str, Sequence[float]] | None = None

    @cached_property
    def names(self) -> dict[str, str]:
        """What formulas call the cell of each number; spreadsheets do not tell case apart."""
        names: dict[str, str] = {}
        for number in self.numbers[0]:
            name = f"in_{number}"
            while name.lower() in {taken.lower() for taken in names.values()}:
                name += "_"
            names[number] = name
        return names

    @cached_property
    def numbers(self) -> list[dict[str, float]]:
        """Every assumption and staffing: as planned, then in each scenario."""
        plain = {each.name: each.value for each in self.result.assumptions}
        views = [plain, *({**plain, **s.assumptions} for s in self.case.scenarios.values())]
        return [{n: float(v) for n, v in self.case.staffed(view).items()} for view in views]

    @cached_property
    def timeline(self) -> Timeline:
        """The months of the case."""
        return Timeline(self.case.start, self.case.months)

    @property
    def months(self) -> range:
        """Months from the start (0) to the end."""
        return range(self.case.months + 1)

    @property
    def inflation(self) -> float:
        """The rate a year that counts."""
        return self.result.inflation

    @cached_property
    def discounts(self) -> Floats:
        """What one unit of money of each month is worth today."""
        return np.asarray((1.0 + self.case.discount_rate) ** -(np.array(self.months) / 12))

    @property
    def cash_lines(self) -> list[str]:
        """The lines that count."""
        return [each.name for each in self.result.lines if each.cash]

    def is_cost(self, line: str) -> bool:
        """Whether LINE is money out."""
        return self.case.lines[line].kind == "cost"

    def words(self, message: str, **values: str | int) -> str:
        """MESSAGE in the language of the workbook."""
        return say(message, **values)[self.language]

    def in_currency(self, message: str) -> str:
        """The title of a sheet that holds nothing but money: MESSAGE and the currency."""
        return f"{self.words(message)}, {self.case.currency}"

    def by_scenario(self, values: Sequence[str]) -> str:
        """A formula for the one of VALUES (formulas or literals; the plan's first) that is chosen."""
        if len(set(values)) == 1:
            return values[0]
        return f"CHOOSE({SCENARIO}+1,{','.join(values)})"


LINE_COLUMNS = {
    name: column
    for column, name in enumerate(
        ("label", "kind", "owner", "department", "words", "period", "start", "end", "ramp", "growth",
         "inflates", "taxed", "calculated", "attribution", "reach", "left", "used", "risk", "factor",
         "amount", "sum", "present", "uncorrected", "counts")
    )
}  # fmt: skip


@dataclass(frozen=True)
class LinePlaces:
    """Where the facts of each line stand: a row for a line, a column for a fact."""

    sheet: Sheet
    rows: dict[str, int]

    def cell(self, line: str, fact: str) -> str:
        """The address of a fact of LINE, from any sheet."""
        return self.sheet.cell(self.rows[line], LINE_COLUMNS[fact])


def literal(value: float) -> str:
    """VALUE as formulas write it, with every digit."""
    return repr(float(value)).upper()


def amount_formula(line: Line, names: Mapping[str, str]) -> str:
    """The amount of LINE a period over cells called NAMES, without the leading "="."""
    if line.amount is not None:
        return parse(line.amount).in_spreadsheet(names)
    assert line.formula is not None
    formula = FORMULAS[line.formula]
    known = {
        need.name: literal(need.default) for need in formula.inputs if need.default is not None
    }
    known |= {
        key: f"({parse(source).in_spreadsheet(names)})" for key, source in line.inputs.items()
    }
    for step in formula.steps:
        if step.name not in known and all(name in known for name in step.expression.names):
            known[step.name] = f"({step.expression.in_spreadsheet(known)})"
    return known[line.result or formula.result]
