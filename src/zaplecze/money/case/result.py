"""A case worked out: everything that a page, a slide or a workbook shows of it."""

from dataclasses import asdict, dataclass
from typing import Any

from zaplecze.language import Text
from zaplecze.money.case.budgets import BudgetReport
from zaplecze.money.case.judging import Verdict
from zaplecze.money.case.sensitivity import Leg, Swing, SwitchingValue
from zaplecze.money.case.simulation import SimulationResult
from zaplecze.money.case.tracking import Tracked
from zaplecze.money.finance import Appraisal


@dataclass(frozen=True)
class AssumptionUsed:
    """A number the case rests on: its plain value, its 5 % and 95 % quantiles (None: certain)."""

    name: str
    label: Text
    unit: Text | None
    value: float
    interval: tuple[float, float] | None
    mean: float
    distribution: str
    basis: str
    owner: Text | None
    source: Text | None
    finding: str | None


@dataclass(frozen=True)
class LineResult:
    """A cost or benefit: its amount a period in prices of the start, its money by month, its sums.

    Amounts are what counts: due to the project, each customer once, after optimism bias and
    percentages of risk, before tax. Only ``cash`` enters the case.
    """

    name: str
    label: Text
    kind: str
    owner: Text
    department: str | None
    realised_as: str
    cash: bool
    calculation: Text
    amount: float
    period: str
    attribution: float | None
    start: str
    total: float
    present_value: float
    monthly: list[float]


@dataclass(frozen=True)
class CashFlow:
    """By month, from the start (0) to the end: real dates, costs and benefits above zero, tax, net,
    and the sums so far, plain and discounted."""

    dates: list[str]
    costs: list[float]
    benefits: list[float]
    tax: list[float]
    net: list[float]
    cumulative: list[float]
    discounted: list[float]
    cumulative_discounted: list[float]


@dataclass(frozen=True)
class Adjustment:
    """What one correction does to the present value: optimism bias, risk by percentages, tax."""

    name: str
    label: Text
    npv: float


@dataclass(frozen=True)
class ScenarioResult:
    """The case with other values: its appraisal, and present values less those of the plan."""

    name: str
    label: Text
    plan: Appraisal
    difference: float
    differences: dict[str, float]
    changes: dict[str, tuple[float, float]]
    without: list[str]
    delay_months: float


@dataclass(frozen=True)
class CaseResult:
    """A business case worked out.

    ``plan`` has every assumption at its plain value; paybacks are in months, rates a year.
    ``verdict`` says whether it pays; ``unadjusted_npv`` is the present value before ``adjustments``, which lead to that of the plan.
    ``simulation`` is None where nothing is uncertain or risk is allowed for by percentages.
    """

    name: Text
    currency: str
    start: str
    end: str
    months: int
    discount_rate: float
    inflation: float
    tax: float
    risk: str
    owner: Text | None
    note: Text | None
    plan: Appraisal
    unadjusted_npv: float
    adjustments: list[Adjustment]
    lines: list[LineResult]
    cash_flow: CashFlow
    assumptions: list[AssumptionUsed]
    simulation: SimulationResult | None
    tornado: list[Swing]
    spider: list[Leg]
    switching_values: list[SwitchingValue]
    scenarios: list[ScenarioResult]
    tracking: Tracked | None
    budgets: BudgetReport | None
    notes: list[Text]
    verdict: Verdict
    sentence: Text

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return asdict(self)
