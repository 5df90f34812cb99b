"""Budgets on a sheet: every line of every department, and the same added up, as live formulas."""

from collections.abc import Sequence

from zaplecze.language import N_
from zaplecze.money.case.budgets import AMOUNTS, BudgetReport, BudgetRow
from zaplecze.money.words import SIDES
from zaplecze.report.casebook.model import NONE, Model
from zaplecze.report.sheet import Book, Content, Formula, Heading, Sheet, address

_WHOSE = [Heading(N_("Side"), 16), Heading(N_("Department"), 24), Heading(N_("Line"), 34)]
_FOLLOWING = [
    Heading(N_("Forecast less plan"), 14, "money"),
    Heading(N_("Share of the plan"), 12, "points"),
    Heading(N_("Still free"), 14, "money"),
]
LINES = [
    *_WHOSE,
    Heading(N_("Plan"), 14, "assumed"),
    Heading(N_("Committed"), 14, "assumed"),
    Heading(N_("Actual"), 14, "assumed"),
    Heading(N_("Forecast"), 14, "assumed"),
    *_FOLLOWING,
]
SUMS = [
    *_WHOSE,
    Heading(N_("Plan"), 14, "money"),
    Heading(N_("Committed"), 14, "money"),
    Heading(N_("Actual"), 14, "money"),
    Heading(N_("Forecast"), 14, "money"),
    *_FOLLOWING,
]
_FIRST = len(_WHOSE)
"""The column of the plan; committed, actual and forecast follow it."""


def budgets_sheet(book: Book, model: Model) -> None:
    """What departments may spend, are bound to, have spent and expect to; nothing without budgets."""
    report = model.result.budgets
    if report is None:
        return
    sheet = book.sheet(
        N_("Budgets"),
        model.in_currency(N_("Budgets by department and line: plan, committed, actual, forecast")),
        [
            model.words(
                N_(
                    "Shaded amounts can be changed; sums and variances follow. Without a forecast of its own a "
                    "line is expected to cost its plan, or what is spent and committed where that is more."
                )
            )
        ],
        pages_wide=1,
    )
    top = sheet.row + 1
    rows = [_line(k, top, model, report) for k in range(len(report.lines))]
    assert sheet.table(LINES, rows, sets_widths=True) == top
    _sums(sheet, model, report, top)


def _line(position: int, top: int, model: Model, report: BudgetReport) -> list[Content]:
    found, given = report.lines[position], model.case.budgets[position]
    row = top + position
    plan, committed, actual = (address(row, _FIRST + k) for k in range(3))
    expected = Formula(f"=MAX({plan},{committed}+{actual})", found.forecast)
    assert found.side is not None
    return [
        model.words(SIDES[found.side]),
        found.department,
        found.line,
        found.plan,
        found.committed,
        found.actual,
        expected if given.forecast is None else given.forecast,
        *_following(row, found),
    ]


def _following(row: int, found: BudgetRow) -> list[Content]:
    """Variance, its share and what is free, of the amounts in ROW."""
    plan, committed, actual, forecast = (address(row, _FIRST + k) for k in range(len(AMOUNTS)))
    share: float | str = NONE if found.variance_share is None else found.variance_share
    return [
        Formula(f"={forecast}-{plan}", found.variance),
        Formula(f'=IF({plan}=0,"{NONE}",({forecast}-{plan})/{plan})', share),
        Formula(f"={plan}-{committed}-{actual}", found.available),
    ]


def _sums(sheet: Sheet, model: Model, report: BudgetReport, top: int) -> None:
    """By department, by side and in all, added up over the lines from row TOP on."""
    first = sheet.row + 1
    rows: list[Sequence[Content]] = []
    for position, found in enumerate([*report.departments, *report.sides, report.total]):
        belonging = [top + k for k, line in enumerate(report.lines) if _belongs(line, found)]
        sums: list[Content] = [
            Formula(_added(belonging, _FIRST + k), getattr(found, name))
            for k, name in enumerate(AMOUNTS)
        ]
        side = model.words(N_("In all")) if found.side is None else model.words(SIDES[found.side])
        rows.append([side, found.department, None, *sums, *_following(first + position, found)])
    assert sheet.table(SUMS, rows) == first


def _belongs(line: BudgetRow, found: BudgetRow) -> bool:
    return found.side in (None, line.side) and found.department in (None, line.department)


def _added(rows: Sequence[int], column: int) -> str:
    """The sum of COLUMN over ROWS, which are named by their stretches."""
    stretches: list[list[int]] = []
    for row in rows:
        if stretches and row == stretches[-1][-1] + 1:
            stretches[-1].append(row)
        else:
            stretches.append([row])
    ranges = [f"{address(each[0], column)}:{address(each[-1], column)}" for each in stretches]
    return "=" + "+".join(f"SUM({each})" for each in ranges)
