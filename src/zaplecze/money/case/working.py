"""Works a case out, from the checked file to everything that is shown of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from zaplecze.language import (
    LANGUAGES,
    N_,
    Text,
    rounded_money,
    say,
)
from zaplecze.money.case.budgets import budget_report
from zaplecze.money.case.judging import judged, sentence
from zaplecze.money.case.measured import source_of
from zaplecze.money.case.model import Case, Scenario
from zaplecze.money.case.reckoning import NO_CHANGE, Adjustments, Reckoning
from zaplecze.money.case.result import (
    Adjustment,
    AssumptionUsed,
    CaseResult,
    CashFlow,
    LineResult,
    ScenarioResult,
)
from zaplecze.money.case.sensitivity import not_shown, spider, switching_values, tornado
from zaplecze.money.case.simulation import SimulationResult, simulate
from zaplecze.money.case.tracking import track
from zaplecze.money.expression import parse
from zaplecze.money.finance import NOTHING, Appraisal
from zaplecze.money.formulas import FORMULAS
from zaplecze.money.returns import Floats

if TYPE_CHECKING:
    from zaplecze.impact import Findings

_ENDS = (0.05, 0.95)


def work_out_case(
    case: Case,
    findings: "Findings | None" = None,
    planned: Mapping[str, Sequence[float]] | None = None,
) -> CaseResult:
    """CASE worked out; FINDINGS are needed where an assumption takes its number from them.

    Actuals are held against PLANNED, the money of every cash line by month of the version that was
    decided on (``monthly`` of a frozen one), or else against the case itself. Raises `InputError`
    where a number is missing, a line cannot be worked out, or a fraction is out of range.
    """
    reckoning = Reckoning.of(case, findings)
    reckoning.check()
    simulated = case.risk == "simulation"
    monthly = _monthly(reckoning)
    flow = _cash_flow(reckoning, monthly)
    cash = {name: monthly[name] for name in reckoning.cash_lines()}
    plan = reckoning.appraised(np.array(flow.net), cash)
    simulation = simulate(reckoning) if simulated else None
    verdict = judged(plan, simulation)
    unadjusted, adjustments = _adjustments(reckoning)
    swings = tornado(reckoning) if simulated else []
    legs = spider(reckoning) if simulated else []
    missing = not_shown(reckoning, swings, legs) if simulated else []
    return CaseResult(
        name=case.name,
        currency=case.currency,
        start=case.start.isoformat(),
        end=reckoning.timeline.ends[-1].isoformat(),
        months=case.months,
        discount_rate=case.discount_rate,
        inflation=reckoning.inflation,
        tax=reckoning.tax_rate,
        risk=case.risk,
        owner=case.owner,
        note=case.note,
        plan=plan,
        unadjusted_npv=unadjusted,
        adjustments=adjustments,
        lines=_lines(reckoning, monthly),
        cash_flow=flow,
        assumptions=_assumptions(reckoning, findings),
        simulation=simulation,
        tornado=swings,
        spider=legs,
        switching_values=switching_values(reckoning),
        scenarios=[_scenario(reckoning, n, s, plan) for n, s in case.scenarios.items()],
        tracking=track(reckoning, _planned(reckoning, monthly, planned)),
        budgets=budget_report(case.budgets) if case.budgets else None,
        notes=_notes(case, plan, simulation) + _missing(case, missing) + _warnings(reckoning),
        verdict=verdict,
        sentence=sentence(case, verdict, plan, simulation),
    )


def _monthly(reckoning: Reckoning) -> dict[str, Floats]:
    """The plain money of every line by month, before tax, cash or not."""
    amounts = reckoning.amounts(reckoning.base)
    return {name: float(amount) * reckoning.shape(name) for name, amount in amounts.items()}


def _planned(
    reckoning: Reckoning,
    monthly: dict[str, Floats],
    planned: Mapping[str, Sequence[float]] | None,
) -> dict[str, Floats]:
    """What cash lines were to bring: nothing, for one that came after the decision."""
    names = reckoning.cash_lines()
    if planned is None:
        return {name: monthly[name] for name in names}
    months = reckoning.case.months + 1
    found = {}
    for name in names:
        row = np.zeros(months)
        given = np.asarray(planned.get(name, []), dtype=float)[:months]
        row[: len(given)] = given
        found[name] = row
    return found


def _cash_flow(reckoning: Reckoning, monthly: dict[str, Floats]) -> CashFlow:
    kinds = {name: reckoning.case.lines[name].kind for name in reckoning.cash_lines()}
    none = np.zeros(reckoning.case.months + 1)
    costs = sum((monthly[n] for n, kind in kinds.items() if kind == "cost"), none)
    benefits = sum((monthly[n] for n, kind in kinds.items() if kind != "cost"), none)
    net = reckoning.flows(reckoning.base)[0]
    discounted = net * reckoning.discounts
    return CashFlow(
        dates=[day.isoformat() for day in reckoning.timeline.ends],
        costs=_list(costs),
        benefits=_list(benefits),
        tax=_list(benefits - costs - net),
        net=_list(net),
        cumulative=_list(np.cumsum(net)),
        discounted=_list(discounted),
        cumulative_discounted=_list(np.cumsum(discounted)),
    )


def _list(values: Floats) -> list[float]:
    # Differences of large sums leave a rounding error where there is nothing.
    return [0.0 if abs(each) < 1e-9 else float(each) for each in values]


def _lines(reckoning: Reckoning, monthly: dict[str, Floats]) -> list[LineResult]:
    amounts, plain = reckoning.amounts(reckoning.base), reckoning.staffed(reckoning.base)
    found = []
    for name, line in reckoning.case.lines.items():
        share = None if line.attribution is None else float(parse(line.attribution)(plain))
        found.append(
            LineResult(
                name=name,
                label=reckoning.case.line_label(name),
                kind=line.kind,
                owner=line.owner,
                department=line.department,
                realised_as=line.realised_as,
                cash=line.realised_as == "cash",
                calculation=calculation(reckoning.case, name),
                amount=float(amounts[name]),
                period=line.period,
                attribution=share,
                start=(line.start or reckoning.case.start).isoformat(),
                total=float(monthly[name].sum()),
                present_value=float(monthly[name] @ reckoning.discounts),
                monthly=_list(monthly[name]),
            )
        )
    return found


def calculation(case: Case, name: str) -> Text:
    """How a line comes to its amount, in words."""
    line = case.lines[name]
    labels = {each: case.assumption_label(each) for each in case.assumptions}
    labels |= case.staffing_labels()
    if line.amount is not None:
        return parse(line.amount).in_words(labels)
    assert line.formula is not None
    formula = FORMULAS[line.formula]
    inputs = [
        say(
            "{name} = {value}",
            name=formula.labels[name],
            value=parse(source).in_words(labels),
        )
        for name, source in line.inputs.items()
    ]
    step = next(s for s in formula.steps if s.name == (line.result or formula.result))
    return say(
        N_("{title}, “{step}”, with {inputs}"),
        title=formula.title,
        step=step.label,
        inputs=Text((lang, "; ".join(each[lang] for each in inputs)) for lang in LANGUAGES),
    )


def _assumptions(reckoning: Reckoning, findings: "Findings | None") -> list[AssumptionUsed]:
    found, varied = [], reckoning.uncertain
    for name, given in reckoning.case.assumptions.items():
        number = reckoning.numbers[name]
        uncertain = name in varied
        low, high = (number.quantile(share) for share in _ENDS) if uncertain else (0.0, 0.0)
        found.append(
            AssumptionUsed(
                name=name,
                label=reckoning.case.assumption_label(name),
                unit=given.unit,
                value=number.base,
                interval=(low, high) if uncertain else None,
                mean=number.mean,
                distribution=given.distribution or type(number).__name__.lower(),
                basis="measured" if given.finding and given.take in _MEASURED else given.basis,
                owner=given.owner,
                source=source_of(given, findings),
                finding=given.finding,
            )
        )
    return found


_MEASURED = ("exposed", "share", "answered", "effect", "avoidable", "avoidable_per_case")


def _adjustments(reckoning: Reckoning) -> tuple[float, list[Adjustment]]:
    """The present value before corrections, and what each takes away, one after the other."""
    steps = [
        ("optimism", N_("Optimism bias"), Adjustments(optimism=True, risk=False, tax=False)),
        ("risk", N_("Risk by percentages"), Adjustments(optimism=True, risk=True, tax=False)),
        ("tax", N_("Tax"), Adjustments()),
    ]
    none = Adjustments(optimism=False, risk=False, tax=False)
    first = before = float(reckoning.npv(reckoning.base, adjust=none)[0])
    found = []
    for name, message, adjust in steps:
        after = float(reckoning.npv(reckoning.base, adjust=adjust)[0])
        if after != before:
            found.append(Adjustment(name, say(message), after - before))
        before = after
    return first, found


def _scenario(
    reckoning: Reckoning, name: str, scenario: Scenario, plan: Appraisal
) -> ScenarioResult:
    """SCENARIO appraised; its differences to the plan by line, the rest (tax) under ``tax``."""
    values = reckoning.values(scenario)
    flows = reckoning.flows(values, scenario)[0]
    found = reckoning.appraised(flows, _cash_by_month(reckoning, scenario))
    before = _line_values(reckoning, NO_CHANGE)
    after = _line_values(reckoning, scenario)
    differences = {n: after.get(n, 0.0) - before[n] for n in before}
    differences = {n: d for n, d in differences.items() if abs(d) > 1e-9}
    rest = found.npv - plan.npv - sum(differences.values())
    if abs(rest) > 1e-6:
        differences["tax"] = rest
    return ScenarioResult(
        name=name,
        label=scenario.label or Text.same(name),
        plan=found,
        difference=found.npv - plan.npv,
        differences=differences,
        changes={n: (float(reckoning.base[n]), value) for n, value in scenario.assumptions.items()},
        without=scenario.without,
        delay_months=scenario.delay_months,
    )


def _line_values(reckoning: Reckoning, scenario: Scenario) -> dict[str, float]:
    """The present value of every cash line, costs below zero."""
    return {
        name: (-1.0 if reckoning.case.lines[name].kind == "cost" else 1.0)
        * float(money @ reckoning.discounts)
        for name, money in _cash_by_month(reckoning, scenario).items()
    }


def _cash_by_month(reckoning: Reckoning, scenario: Scenario) -> dict[str, Floats]:
    """The money of every cash line by month in SCENARIO, before tax."""
    amounts = reckoning.amounts(reckoning.values(scenario), scenario)
    return {
        name: float(amounts[name]) * reckoning.shape(name, scenario)
        for name in reckoning.cash_lines(scenario)
    }


def _notes(case: Case, plan: Appraisal, simulation: SimulationResult | None) -> list[Text]:
    notes = list(plan.notes)
    if case.risk == "simulation" and simulation is None:
        notes.append(say(N_("Every assumption is certain, so there is no range. Give low, likely and high.")))  # fmt: skip
    if case.risk == "tei" and (case.optimism.costs or case.optimism.benefits):
        notes.append(
            say(
                N_(
                    "Percentages of risk and optimism bias allow for some of the same doubt; both are on."
                )
            )
        )
    if simulation is not None:
        low, high = simulation.npv.quantiles["0.05"], simulation.npv.quantiles["0.95"]
        apart = abs(simulation.npv.mean - plan.npv)
        if apart > 0.1 * (high - low) + NOTHING * abs(plan.npv):
            notes.append(
                say(
                    N_(
                        "The mean of all draws is {mean}, the plan {plan}: likely values alone leave out "
                        "that some ranges lean to one side. Judge by the mean."
                    ),
                    mean=rounded_money(simulation.npv.mean, case.currency),
                    plan=rounded_money(plan.npv, case.currency),
                )
            )
    not_cash = [case.line_label(n) for n, each in case.lines.items() if each.realised_as != "cash"]
    notes += [
        say(
            N_("“{line}” frees time or capacity, no cash: it is shown and not counted."), line=label
        )
        for label in not_cash
    ]
    return notes


def _missing(case: Case, names: Sequence[str]) -> list[Text]:
    return [
        say(
            N_(
                "“{name}” comes close to a value at which something is divided by zero; it is missing "
                "where one assumption after the other is changed."
            ),
            name=case.assumption_label(name),
        )
        for name in names
    ]


def _warnings(reckoning: Reckoning) -> list[Text]:
    """Times on lines of calls that are unusual, each named with its staffing."""
    return [
        say(N_("[staffing.{name}]: {warning}"), name=name, warning=warning)
        for name, staffing in reckoning.case.staffing.items()
        for warning in staffing.warnings(reckoning.base)
    ]
