"""What a cash flow on a sheet is worth, by formulas that follow our definitions to the last digit.

Where the function of a spreadsheet is another thing than ours (it stops early, or counts days), the
calculation is written out; the spreadsheet's own figure stands beside it.
"""

from dataclasses import dataclass

import numpy as np

from zaplecze.language import N_
from zaplecze.money.finance import NOTHING, Appraisal, appraise_dated, monthly_rate
from zaplecze.money.returns import Floats
from zaplecze.report.casebook import model as m
from zaplecze.report.casebook.flow import Flow
from zaplecze.report.casebook.model import NONE, Model, literal
from zaplecze.report.sheet import Cell, Content, Format, Formula, Heading, Sheet, address, quoted


@dataclass(frozen=True)
class _Row:
    key: str
    label: str
    how: str
    formula: str
    value: float | None
    format: Format


@dataclass(frozen=True)
class Returns:
    """Where each figure stands, and what it gives today."""

    sheet: Sheet
    rows: dict[str, int]
    values: dict[str, Formula]

    def link(self, key: str) -> Formula:
        """A figure, for another sheet."""
        return Formula(f"={self.sheet.cell(self.rows[key], 1)}", self.values[key].value)


def write_returns(
    sheet: Sheet, title: str, flow: Flow, plan: Appraisal, net: Floats, model: Model
) -> Returns:
    """A table under TITLE of the figures of FLOW, whose NET cash PLAN appraises."""
    first = sheet.row + 1
    keys = list(_ORDER)
    cells = {key: address(first + k, 1) for k, key in enumerate(keys)}
    found = _rows(flow, plan, net, cells, model)
    rows = {each.key: first + k for k, each in enumerate(found)}
    assert list(rows) == keys
    values = {
        each.key: Formula(f"={each.formula}", NONE if each.value is None else each.value)
        for each in found
    }
    table: list[list[Content]] = [
        [
            model.words(each.label),
            # The guess is the one figure here that is a person's to change.
            Cell(each.value if each.key == "guess" else values[each.key], each.format),
            model.words(each.how),
        ]
        for each in found
    ]
    headings = [
        Heading(title, 44),
        Heading(N_("Value"), 18, "factor"),
        Heading(N_("How it is worked out"), 90),
    ]
    sheet.table(headings, table, sets_widths=True)
    return Returns(sheet, rows, values)


_ORDER = (
    "npv", "npv_function", "npv_dates", "guess", "month_rate", "polished", "irr", "out", "back",
    "mirr", "short", "payback", "discounted_short", "discounted_payback", "benefit_cost",
)  # fmt: skip


def _rows(
    flow: Flow, plan: Appraisal, net: Floats, cells: dict[str, str], model: Model
) -> list[_Row]:
    return [
        *_present(flow, plan, net, model),
        *_rate(flow, plan, cells),
        *_modified(flow, plan, net, cells, model),
        *_paybacks(flow, plan, net, cells, model),
    ]


def _present(flow: Flow, plan: Appraisal, net: Floats, model: Model) -> list[_Row]:
    rest = f"{flow.net_cell(1)}:{flow.net_cell(flow.months).rpartition('!')[2]}"
    by_days = appraise_dated(list(net), model.timeline.ends, model.case.discount_rate).npv
    return [
        _Row("npv", N_("Net present value"), N_("Net cash of each month times its discount factor, added up."),
             f"SUMPRODUCT({flow.net},{flow.discounts})", plan.npv, "sum"),
        _Row("npv_function", N_("Net present value by the function NPV"),
             N_("The start, and NPV of the other months at the rate a month; the same."),
             f"{flow.net_cell(0)}+NPV((1+{m.DISCOUNT})^(1/12)-1,{rest})", plan.npv, "sum"),
        _Row("npv_dates", N_("Net present value by the function XNPV"),
             N_("By days of a year of 365; months are not equally long, so it is a little different."),
             f"XNPV({m.DISCOUNT},{flow.net},{flow.dates})", by_days, "sum"),
    ]  # fmt: skip


def _rate(flow: Flow, plan: Appraisal, cells: dict[str, str]) -> list[_Row]:
    month = None if plan.irr is None else monthly_rate(plan.irr)
    guess = 0.01 if month is None else round(month, 4)
    return [
        _Row("guess", N_("Rate a month near which the rate of return is sought"),
             N_("Change it where there are several."), literal(guess), guess, "assumed"),
        _Row("month_rate", N_("Rate of return a month by the function IRR"), N_("It stops near the rate."),
             f"IFERROR(IRR({flow.net},{cells['guess']}),{quoted(NONE)})", month, "factor"),
        _Row("polished", N_("The same, brought to the end"), N_("Two steps of Newton's method."),
             _newton(flow, cells["month_rate"]), month, "factor"),
        _Row("irr", N_("Rate of return"), N_("A year: (1 + rate a month) to the twelfth, less 1."),
             f"IF(ISNUMBER({cells['polished']}),(1+{cells['polished']})^12-1,{quoted(NONE)})", plan.irr, "share"),
    ]  # fmt: skip


def _newton(flow: Flow, start: str) -> str:
    def step(rate: str) -> str:
        value = f"SUMPRODUCT({flow.net},(1+{rate})^(-{flow.numbers}))"
        slope = f"SUMPRODUCT({flow.net},{flow.numbers},(1+{rate})^(-{flow.numbers}-1))"
        return f"({rate}+{value}/{slope})"

    return f"IF(ISNUMBER({start}),{step(step(start))},{quoted(NONE)})"


def _modified(
    flow: Flow, plan: Appraisal, net: Floats, cells: dict[str, str], model: Model
) -> list[_Row]:
    out, back = cells["out"], cells["back"]
    spent = float(-np.minimum(net, 0.0) @ model.discounts)
    earned = float(np.maximum(net, 0.0) @ model.discounts)
    mirr = f"({back}/{out})^(12/{flow.months})*(1+{m.DISCOUNT})-1"
    return [
        _Row("out", N_("Months with money out, worth today"), N_("Months whose net cash is below zero."),
             f"SUMPRODUCT(({flow.net}<0)*(-{flow.net}),{flow.discounts})", spent, "sum"),
        _Row("back", N_("Months with money in, worth today"), N_("Months whose net cash is above zero."),
             f"SUMPRODUCT(({flow.net}>0)*{flow.net},{flow.discounts})", earned, "sum"),
        _Row("mirr", N_("Modified rate of return"),
             N_("Money out is financed and money in reinvested at the discount rate; as MIRR."),
             f"IF(AND({out}>0,{back}>0),{mirr},{quoted(NONE)})", plan.mirr, "share"),
    ]  # fmt: skip


def _paybacks(
    flow: Flow, plan: Appraisal, net: Floats, cells: dict[str, str], model: Model
) -> list[_Row]:
    costs = f"SUMPRODUCT({flow.costs},{flow.discounts})"
    benefits = f"SUMPRODUCT({flow.benefits},{flow.discounts})"
    how = N_("The last month in which the sum so far is below zero, and the part of the next that is missing.")  # fmt: skip
    counted = N_("Months until then, the start counted as one.")
    return [
        _Row("short", N_("Months with a sum below zero"), counted,
             _short(flow.so_far, flow.net, flow), _last_short(net), "count"),
        _Row("payback", N_("Payback, months"), how,
             _payback(cells["short"], flow.so_far, flow.net, flow), plan.payback_periods, "level"),
        _Row("discounted_short", N_("Months with a discounted sum below zero"), counted,
             _short(flow.discounted_so_far, flow.discounted, flow),
             _last_short(net * model.discounts), "count"),
        _Row("discounted_payback", N_("Discounted payback, months"), how,
             _payback(cells["discounted_short"], flow.discounted_so_far, flow.discounted, flow),
             plan.discounted_payback_periods, "level"),
        _Row("benefit_cost", N_("Benefits to costs"),
             N_("All benefits to all costs, both worth today, before tax."),
             f"IF({costs}>0,{benefits}/{costs},{quoted(NONE)})", plan.benefit_cost_ratio, "level"),
    ]  # fmt: skip


def _short(so_far: str, amounts: str, flow: Flow) -> str:
    below = f"({so_far}<-{literal(NOTHING)}*MAX(MAX({amounts}),-MIN({amounts})))"
    return f"SUMPRODUCT(MAX({below}*({flow.numbers}+1)))"


def _payback(short: str, so_far: str, amounts: str, flow: Flow) -> str:
    missing = f"INDEX({so_far},{short})/INDEX({amounts},{short}+1)"
    return f"IF({short}=0,0,IF({short}>{flow.months},{quoted(NONE)},{short}-1-{missing}))"


def _last_short(amounts: Floats) -> float:
    running = np.cumsum(amounts)
    short = np.flatnonzero(running < -NOTHING * np.abs(amounts).max())
    return float(short[-1] + 1) if len(short) else 0.0
