"""The sheet of costs and benefits: what each line comes to, and why."""

from collections.abc import Iterator

from zaplecze.language import N_
from zaplecze.money.case.reckoning import correction, line_amount
from zaplecze.money.case.result import LineResult
from zaplecze.money.expression import parse
from zaplecze.money.words import COUNTED, KINDS
from zaplecze.report.casebook import model as m
from zaplecze.report.casebook.model import LinePlaces, Model, amount_formula
from zaplecze.report.casebook.timing import Shares
from zaplecze.report.sheet import Book, Content, Formula, Heading, day_number

LINES = [
    Heading(N_("Line"), 34),
    Heading(N_("Kind"), 12),
    Heading(N_("Owner"), 20),
    Heading(N_("Department"), 20),
    Heading(N_("Calculation"), 60),
    Heading(N_("How often"), 12),
    Heading(N_("From"), 12, "assumed_date"),
    Heading(N_("Until"), 12, "assumed_date"),
    Heading(N_("Ramp, months"), 10, "assumed"),
    Heading(N_("Growth a year"), 10, "assumed_share"),
    Heading(N_("Rises with inflation"), 10, "assumed"),
    Heading(N_("Counts for tax"), 10, "assumed"),
    Heading(N_("Amount by its calculation"), 16, "money"),
    Heading(N_("Due to the project"), 12, "share"),
    Heading(N_("Customers it reaches"), 12, "share"),
    Heading(N_("Customers left by lines above"), 12, "share"),
    Heading(N_("In the scenario in use"), 12, "count"),
    Heading(N_("Risk by percentages"), 12, "assumed_share"),
    Heading(N_("Corrections"), 12, "factor"),
    Heading(N_("Amount that counts"), 16, "money"),
    Heading(N_("Sum"), 16, "money"),
    Heading(N_("Present value"), 16, "money"),
    Heading(N_("Present value before corrections"), 16, "money"),
    Heading(N_("Counts as"), 18),
]
PERIODS = {"once": N_("once"), "month": N_("a month"), "year": N_("a year")}


def lines_places(book: Book, model: Model) -> LinePlaces:
    """A new sheet, and where each line will stand on it."""
    sheet = book.sheet(
        N_("Costs and benefits"),
        model.in_currency(N_("What each line comes to, in prices of the start")),
        [
            model.words(
                N_("Amounts follow the inputs. What a line is made of can be changed in shaded cells.")
            )
        ],
        pages_wide=2,
    )  # fmt: skip
    return LinePlaces(sheet, {name: sheet.row + 1 + k for k, name in enumerate(model.case.lines)})


def write_lines(places: LinePlaces, model: Model, shares: Shares, discounts: str) -> None:
    """The table; DISCOUNTS is the column of discount factors."""
    rows = [list(_row(each, places, model, shares, discounts)) for each in model.result.lines]
    places.sheet.table(LINES, rows, frozen_columns=1)


def _row(
    found: LineResult, places: LinePlaces, model: Model, shares: Shares, discounts: str
) -> Iterator[Content]:
    line, language = model.case.lines[found.name], model.language
    column = shares.column(found.name, model.months)

    def here(fact: str) -> str:
        return places.cell(found.name, fact)

    yield found.label[language]
    yield model.words(KINDS[found.kind])
    yield found.owner[language]
    yield found.department
    yield found.calculation[language]
    yield model.words(PERIODS[found.period])
    yield day_number(line.start) if line.start else Formula(f"={m.START}", day_number(model.case.start))  # fmt: skip
    end = day_number(model.timeline.ends[-1])
    yield day_number(line.end) if line.end else Formula(f"=EDATE({m.START},{model.case.months})-1", end)  # fmt: skip
    yield from (line.ramp_months, line.growth, float(line.inflates), float(line.taxed))
    factor = correction(model.case, found.name)
    left = _left(found.name, model)
    plain = float(line_amount(line, model.numbers[0]))
    yield Formula(f"={amount_formula(line, model.names)}", plain)
    yield _worked_out(line.attribution, model) or 1.0
    yield _worked_out(line.reach, model)
    yield Formula(f"={_left_formula(found.name, places, model)}", left)
    used = [str(int(found.name not in s.without)) for s in model.case.scenarios.values()]
    yield Formula(f"={model.by_scenario(['1', *used])}", 1.0)
    yield line.risk_adjustment or 0.0
    optimism = f"(1+{m.OPTIMISM_COSTS})" if model.is_cost(found.name) else f"(1-{m.OPTIMISM_BENEFITS})"  # fmt: skip
    sign = "+" if model.is_cost(found.name) else "-"
    yield Formula(f"={optimism}*(1{sign}{here('risk')})", factor)
    parts = "*".join(here(fact) for fact in ("calculated", "attribution", "left", "used"))
    yield Formula(f"={parts}*{here('factor')}", found.amount)
    yield Formula(f"={here('amount')}*SUM({column})", found.total)
    yield Formula(f"={here('amount')}*SUMPRODUCT({column},{discounts})", found.present_value)
    before = found.present_value / factor if factor else 0.0
    yield Formula(f"={parts}*SUMPRODUCT({column},{discounts})", before)
    yield model.words(COUNTED[found.realised_as])


def _worked_out(source: str | None, model: Model) -> Formula | None:
    """A calculation of the case file as a formula; None where the file has none."""
    if source is None:
        return None
    expression = parse(source)
    return Formula(
        f"={expression.in_spreadsheet(model.names)}", float(expression(model.numbers[0]))
    )


def _before(name: str, model: Model) -> list[str]:
    """The lines above NAME that take of the same customers."""
    line, lines = model.case.lines[name], model.case.lines
    if line.customers is None or line.reach is None:
        return []
    above = list(lines)[: list(lines).index(name)]
    return [n for n in above if lines[n].customers == line.customers and lines[n].reach is not None]


def _left(name: str, model: Model) -> float:
    left = 1.0
    for other in _before(name, model):
        left *= 1.0 - float(parse(model.case.lines[other].reach or "0")(model.numbers[0]))
    return left


def _left_formula(name: str, places: LinePlaces, model: Model) -> str:
    """What the lines above leave; one that the scenario leaves out takes nobody."""
    taken = [
        f"(1-{places.cell(other, 'reach')}*{places.cell(other, 'used')})"
        for other in _before(name, model)
    ]
    return "*".join(taken) or "1"
