"""Cash by month on a sheet: lines, costs, benefits, tax, net, and the sums so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zaplecze.language import N_
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.money.returns import Floats
from zaplecze.report.casebook import model as m
from zaplecze.report.casebook.model import LinePlaces, Model
from zaplecze.report.casebook.timing import Shares
from zaplecze.report.sheet import Content, Formula, Heading, Sheet, address, day_number

BEFORE = [Heading(N_("Month"), 8, "count"), Heading(N_("Last day"), 12, "date")]
AFTER = [
    Heading(N_("Costs"), 14, "money"),
    Heading(N_("Benefits"), 14, "money"),
    Heading(N_("Taxed profit"), 14, "money"),
    Heading(N_("Taxed profit so far"), 14, "money"),
    Heading(N_("Its highest so far"), 14, "money"),
    Heading(N_("Tax"), 14, "money"),
    Heading(N_("Net cash"), 14, "money"),
    Heading(N_("Net cash so far"), 14, "money"),
    Heading(N_("Discount factor"), 12, "factor"),
    Heading(N_("Discounted"), 14, "money"),
    Heading(N_("Discounted so far"), 14, "money"),
]
_COSTS, _BENEFITS, _PROFIT, _PROFITS, _HIGHEST, _TAX, _NET, _NETS, _FACTOR, _NOW, _SUM = range(11)


@dataclass(frozen=True)
class Flow:
    """Where a cash flow stands: months and dates, lines, and the columns after them."""

    sheet: Sheet
    first: int
    months: int
    lines: list[str]

    @property
    def dates(self) -> str:
        """The column of dates."""
        return self._column(1)

    @property
    def numbers(self) -> str:
        """The column of months."""
        return self._column(0)

    @property
    def costs(self) -> str:
        """The column of costs."""
        return self._column(self._after(_COSTS))

    @property
    def benefits(self) -> str:
        """The column of benefits."""
        return self._column(self._after(_BENEFITS))

    @property
    def net(self) -> str:
        """The column of net cash."""
        return self._column(self._after(_NET))

    @property
    def tax(self) -> str:
        """The column of tax."""
        return self._column(self._after(_TAX))

    @property
    def so_far(self) -> str:
        """The column of net cash so far."""
        return self._column(self._after(_NETS))

    @property
    def discounts(self) -> str:
        """The column of discount factors."""
        return self._column(self._after(_FACTOR))

    @property
    def discounted(self) -> str:
        """The column of discounted cash."""
        return self._column(self._after(_NOW))

    @property
    def discounted_so_far(self) -> str:
        """The column of discounted cash so far."""
        return self._column(self._after(_SUM))

    def line(self, name: str) -> str:
        """The column of a line."""
        return self._column(len(BEFORE) + self.lines.index(name))

    def cell(self, name: str, month: int) -> str:
        """The money of a line in a month."""
        return self.sheet.cell(self.first + month, len(BEFORE) + self.lines.index(name))

    def net_cell(self, month: int) -> str:
        """The net cash of a month."""
        return self.sheet.cell(self.first + month, self._after(_NET))

    def _after(self, place: int) -> int:
        return len(BEFORE) + len(self.lines) + place

    def _column(self, column: int) -> str:
        return self.sheet.column(column, self.first, self.first + self.months)


def flow_at(sheet: Sheet, model: Model) -> Flow:
    """Where the cash flow of MODEL will stand if it is written next on SHEET."""
    return Flow(sheet, sheet.row + 1, model.case.months, model.cash_lines)


def planned_cells(model: Model, lines: LinePlaces, shares: Shares) -> dict[str, list[Formula]]:
    """The money of every cash line by month: its amount times its share."""
    return {
        each.name: [
            Formula(
                f"={lines.cell(each.name, 'amount')}*{shares.cell(each.name, month)}", each.monthly[month]
            )
            for month in model.months
        ]
        for each in model.result.lines
        if each.cash
    }  # fmt: skip


def write_flow(
    flow: Flow, model: Model, places: LinePlaces, cells: Mapping[str, Sequence[Formula]]
) -> None:
    """The table of FLOW with CELLS for its lines, where `flow_at` said."""
    given = {name: np.array([float(cell.value) for cell in cells[name]]) for name in flow.lines}
    values = _values(model, given)
    rows: list[list[Content]] = []
    for month in model.months:
        row: list[Content] = [float(month), _date(model, flow, month)]
        row += [cells[name][month] for name in flow.lines]
        formulas = _formulas(flow, model, places, month)
        row += [Formula(f"={f}", float(v[month])) for f, v in zip(formulas, values, strict=True)]
        rows.append(row)
    titles = [Heading(model.case.line_label(name), 16, "money") for name in flow.lines]
    flow.sheet.table([*BEFORE, *titles, *AFTER], rows, frozen_columns=2)


def _date(model: Model, flow: Flow, month: int) -> Formula:
    day = day_number(model.timeline.ends[month])
    if month == 0:
        return Formula(f"={m.START}", day)
    return Formula(f"=EDATE({m.START},{address(flow.first + month, 0)})-1", day)


def _formulas(flow: Flow, model: Model, places: LinePlaces, month: int) -> list[str]:
    row = flow.first + month

    def here(place: int) -> str:
        return address(row, flow._after(place))

    def above(place: int) -> str:
        return address(row - 1, flow._after(place))

    lines = {n: address(row, len(BEFORE) + k) for k, n in enumerate(flow.lines)}
    costs = [cell for n, cell in lines.items() if model.is_cost(n)]
    benefits = [cell for n, cell in lines.items() if not model.is_cost(n)]
    taxed = "".join(
        f"{'-' if model.is_cost(n) else '+'}{cell}*{places.cell(n, 'taxed')}"
        for n, cell in lines.items()
    )
    start = month == 0
    highest_before = "0" if start else above(_HIGHEST)
    carried = f"{here(_HIGHEST)}-{highest_before}"
    return [
        "+".join(costs) or "0",
        "+".join(benefits) or "0",
        f"0{taxed}",
        here(_PROFIT) if start else f"{above(_PROFITS)}+{here(_PROFIT)}",
        f"MAX({highest_before},{here(_PROFITS)})",
        f"{m.TAX}*{m.TAX_ON}*IF({m.TAX_CARRY}=1,{carried},{here(_PROFIT)})",
        f"{here(_BENEFITS)}-{here(_COSTS)}-{here(_TAX)}",
        here(_NET) if start else f"{above(_NETS)}+{here(_NET)}",
        f"(1+{m.DISCOUNT})^(-{address(row, 0)}/12)",
        f"{here(_NET)}*{here(_FACTOR)}",
        here(_NOW) if start else f"{above(_SUM)}+{here(_NOW)}",
    ]


def _values(model: Model, given: Mapping[str, Floats]) -> list[Floats]:
    """What the formulas of `_formulas` give, month by month."""
    none = np.zeros(len(model.months))
    costs = sum((v for n, v in given.items() if model.is_cost(n)), none)
    benefits = sum((v for n, v in given.items() if not model.is_cost(n)), none)
    signed = {n: -v if model.is_cost(n) else v for n, v in given.items()}
    profit = sum((v for n, v in signed.items() if model.case.lines[n].taxed), none)
    profits = np.cumsum(profit)
    highest = np.maximum.accumulate(np.maximum(profits, 0.0))
    reckoning = Reckoning(model.case, {})
    tax = reckoning.tax(profit[np.newaxis])[0] if reckoning.tax_rate else none
    net = benefits - costs - tax
    now = net * model.discounts
    return [
        costs, benefits, profit, profits, highest, tax, net, np.cumsum(net),
        model.discounts, now, np.cumsum(now),
    ]  # fmt: skip
