"""Scenarios and what moves the case, as worked out by Zaplecze."""

from zaplecze.language import N_
from zaplecze.money.finance import Appraisal
from zaplecze.report.casebook.model import NONE, Model
from zaplecze.report.sheet import Book, Cell, Content, Heading, Sheet

SCENARIOS = [
    Heading(N_("Scenario"), 44),
    Heading(N_("No."), 16, "count"),
    Heading(N_("Net present value"), 16, "money"),
    Heading(N_("Against the plan"), 16, "money"),
    Heading(N_("Rate of return"), 16, "share"),
    Heading(N_("Modified rate of return"), 16, "share"),
    Heading(N_("Payback, months"), 16, "level"),
    Heading(N_("Benefits to costs"), 16, "level"),
]
TORNADO = [
    Heading(N_("Assumption"), 44),
    Heading(N_("10 % lie below"), 16, "factor"),
    Heading(N_("90 % lie below"), 16, "factor"),
    Heading(N_("Present value at the low one"), 16, "money"),
    Heading(N_("Present value at the high one"), 16, "money"),
]
SWITCHING = [
    Heading(N_("Assumption"), 44),
    Heading(N_("Plan"), 16, "factor"),
    Heading(N_("Turns at"), 16, "factor"),
    Heading(N_("Change"), 16, "points"),
    Heading(N_("Share of draws beyond"), 16, "share"),
]


def views_sheet(book: Book, model: Model) -> None:
    """Every scenario beside the plan, the tornado, and the values at which the case turns."""
    sheet = book.sheet(
        N_("Scenarios and tornado"),
        model.in_currency(N_("Other views of the case")),
        [
            model.words(
                N_(
                    "These figures do not follow the inputs. To see a scenario live, put its number into "
                    "the cell “scenario” on the sheet of inputs."
                )
            )
        ],
    )
    _scenarios(sheet, model)
    result = model.result
    if result.tornado:
        rows: list[list[Content]] = [
            [each.label[model.language], each.low, each.high, each.npv_low, each.npv_high]
            for each in result.tornado
        ]
        sheet.table(TORNADO, rows)
    if result.switching_values:
        sheet.table(
            SWITCHING,
            [
                [each.label[model.language], each.base, each.value, each.change, each.beyond]
                for each in result.switching_values
            ],
        )


def _scenarios(sheet: Sheet, model: Model) -> None:
    rows = [_appraised(model.words(N_("The case as planned")), 0, model.result.plan, 0.0)]
    rows += [
        _appraised(each.label[model.language], k, each.plan, each.difference)
        for k, each in enumerate(model.result.scenarios, start=1)
    ]
    sheet.table(SCENARIOS, rows, sets_widths=True)


def _appraised(label: str, place: int, found: Appraisal, difference: float) -> list[Content]:
    def shown(value: float | None) -> Content:
        return Cell(NONE, "text") if value is None else value

    rest = (found.irr, found.mirr, found.payback_periods, found.benefit_cost_ratio)
    return [label, float(place), found.npv, difference, *(shown(value) for value in rest)]
