"""The first sheet: the message, the few figures that carry it, and which of them are live."""

import functools
from collections.abc import Iterator

from zaplecze.language import N_, Text, ends, money
from zaplecze.report.casebook.actual import Tracking
from zaplecze.report.casebook.flow import Flow
from zaplecze.report.casebook.inputs import fits
from zaplecze.report.casebook.model import LinePlaces, Model
from zaplecze.report.casebook.returns import Returns
from zaplecze.report.sheet import Cell, Content, Format, Formula, Heading, Sheet
from zaplecze.report.words import between

SUMMARY = [
    Heading(N_("What"), 50),
    Heading(N_("Value"), 22, "money"),
    Heading(N_("Live or worked out by Zaplecze"), 60),
]
LIVE, NOT_LIVE = N_("live"), N_("worked out by Zaplecze, does not follow the inputs")
_RETURNS: list[tuple[str, str, Format]] = [
    ("npv", N_("Net present value"), "sum"),
    ("irr", N_("Rate of return"), "share"),
    ("mirr", N_("Modified rate of return"), "share"),
    ("payback", N_("Payback, months"), "level"),
    ("discounted_payback", N_("Discounted payback, months"), "level"),
    ("benefit_cost", N_("Benefits to costs"), "level"),
]


def write_summary(
    sheet: Sheet,
    model: Model,
    lines: LinePlaces,
    flow: Flow,
    returns: Returns,
    tracked: Tracking | None,
) -> None:
    """Figures, the way from the uncorrected present value to that of the plan, and notes."""
    rows = [
        *_figures(model, returns),
        *_corrections(model, lines, flow, returns),
        *_tracked(model, tracked),
    ]
    live, still = model.words(LIVE), model.words(NOT_LIVE)
    sheet.table(
        SUMMARY,
        [
            [label, Cell(value, look), live if isinstance(value, Formula) else still]
            for label, value, look in rows
        ],
        sets_widths=True,
    )
    notes = [each[model.language] for each in model.result.notes]
    table: list[list[Content]] = [[note] for note in notes]
    if (state := fits(model)) is not None:
        table.insert(0, [state])
    if table:
        sheet.table([Heading(N_("Notes"), 50)], table)


_Row = tuple[str, Formula | float | str, Format]


def _figures(model: Model, returns: Returns) -> Iterator[_Row]:
    for key, label, look in _RETURNS:
        yield model.words(label), returns.link(key), look
    simulation = model.result.simulation
    if simulation is None:
        return
    npv = simulation.npv
    for message, spread in (
        (N_("Takes: present value of the costs, 90 % range"), simulation.costs),
        (N_("Brings: present value of the benefits, 90 % range"), simulation.benefits),
    ):
        low, high = (spread.quantiles[share] for share in ("0.05", "0.95"))
        span = between(*ends(low, high, functools.partial(_money, model)))
        yield model.words(message), span[model.language], "text"
    yield (
        model.words(N_("Probability of a positive case")),
        simulation.probability_positive,
        "share",
    )
    yield model.words(N_("Mean of the simulation")), npv.mean, "sum"
    yield model.words(N_("90 % range, low")), npv.quantiles["0.05"], "sum"
    yield model.words(N_("90 % range, high")), npv.quantiles["0.95"], "sum"


def _corrections(model: Model, lines: LinePlaces, flow: Flow, returns: Returns) -> Iterator[_Row]:
    """From the present value before corrections to that of the plan, step by step."""
    result = model.result
    cash = [each for each in result.lines if each.cash]
    before = _signed(model, lines, "uncorrected")
    after = _signed(model, lines, "present")
    corrected = sum(_sign(model, each.name) * each.present_value for each in cash)
    yield (
        model.words(N_("Present value before corrections and tax")),
        Formula(f"={before}", result.unadjusted_npv),
        "sum",
    )
    yield (
        model.words(N_("Optimism bias and risk by percentages")),
        Formula(f"={after}-({before})", corrected - result.unadjusted_npv),
        "sum",
    )
    # What is left of two sums that are equal is no tax.
    paid = round(result.plan.npv - corrected, 9) + 0.0
    tax = f"SUMPRODUCT({flow.tax},{flow.discounts})"
    yield model.words(N_("Tax")), Formula(f"=0-{tax}", paid), "sum"


def _money(model: Model, amount: float, digits: int) -> Text:
    return money(amount, model.case.currency, digits)


def _signed(model: Model, lines: LinePlaces, fact: str) -> str:
    return "0" + "".join(
        f"{'-' if model.is_cost(name) else '+'}{lines.cell(name, fact)}"
        for name in model.cash_lines
    )


def _sign(model: Model, name: str) -> float:
    return -1.0 if model.is_cost(name) else 1.0


def _tracked(model: Model, tracked: Tracking | None) -> Iterator[_Row]:
    if tracked is not None:
        yield (
            model.words(N_("Net present value as expected now")),
            tracked.returns.link("npv"),
            "sum",
        )
