"""The sheet of inputs: every number on which the case rests, in a cell that can be changed."""

from collections.abc import Iterator

from zaplecze.language import N_, Text, say
from zaplecze.money.case.result import AssumptionUsed
from zaplecze.money.expression import parse
from zaplecze.report import words
from zaplecze.report.casebook import model as m
from zaplecze.report.casebook.model import Model, literal
from zaplecze.report.sheet import (
    Book,
    Cell,
    Content,
    Format,
    Formula,
    Heading,
    Sheet,
    address,
    day_number,
    quoted,
)  # fmt: skip

GENERAL = [
    Heading(N_("Number"), 44),
    Heading(N_("Value"), 16, "assumed"),
    Heading(N_("Note"), 20),
]
NUMBERS = [
    Heading(N_("Number"), 44),
    Heading(N_("In use"), 20, "factor"),
    Heading(N_("As planned"), 20, "assumed"),
    Heading(N_("Unit"), 16),
    Heading(N_("Distribution"), 16),
    Heading(N_("5 % lie below"), 14, "factor"),
    Heading(N_("95 % lie below"), 14, "factor"),
    Heading(N_("Mean of its range"), 14, "factor"),
    Heading(N_("Measured or assumed"), 18),
    Heading(N_("Owner"), 20),
    Heading(N_("Source"), 44),
    Heading(N_("Called in formulas"), 24),
]
IN_USE, PLANNED = 1, 2
DISTRIBUTIONS = {
    "fixed": N_("certain"),
    "triangular": N_("triangle"),
    "pert": N_("PERT"),
    "normal": N_("bell curve"),
    "lognormal": N_("lognormal"),
    "beta": N_("beta"),
    "uniform": N_("anything between alike"),
    "discrete": N_("single values"),
    "empirical": N_("values that were measured"),
    "product": N_("product of measured numbers"),
}


def inputs_sheet(book: Book, model: Model) -> None:
    """The general numbers, then assumptions and staffing with a column for every scenario."""
    sheet = book.sheet(
        N_("Inputs"),
        model.words(N_("What the case rests on")),
        [
            model.words(
                N_("Change the shaded cells: lines, cash flow, returns and the summary follow.")
            ),
            *_choices(model),
        ],
    )
    _general(book, sheet, model)
    _numbers(book, sheet, model)


def fits(model: Model) -> Formula | None:
    """Whether the inputs in use are those for which staffing was worked out; None without any."""
    needed = {
        name: None
        for staffing in model.case.staffing.values()
        for source in staffing.calculations().values()
        for name in parse(source).names
    }
    if not model.case.staffing:
        return None
    same = [_is_as_worked_out(name, model) for name in needed]
    yes = model.words(N_("Staffing fits the inputs in use."))
    no = model.words(
        N_(
            "Staffing was worked out for other inputs. Put them into the case file and run "
            "'zaplecze money case' again."
        )
    )
    test = f"AND({','.join(same)})" if same else "TRUE"
    return Formula(f"=IF({test},{quoted(yes)},{quoted(no)})", yes)


def _is_as_worked_out(name: str, model: Model) -> str:
    cell = model.names[name]
    then = model.by_scenario([literal(view[name]) for view in model.numbers])
    return f"ABS({cell}-{then})<=1E-9*ABS({cell})"


def _general(book: Book, sheet: Sheet, model: Model) -> None:
    case, switch = model.case, model.words(N_("1 is on, 0 is off"))
    tax, inflation = case.tax, case.inflation
    rows: list[tuple[str, str, float | Formula, Format, str | None]] = [
        (m.SCENARIO, N_("Scenario in use"), 0.0, "assumed", None),
        (m.START, N_("Start of the case"), day_number(case.start), "assumed_date", None),
        (m.DISCOUNT, N_("Discount rate a year"), case.discount_rate, "assumed_share", None),
        (m.INFLATION, N_("Inflation a year"), inflation.rate if inflation else 0.0, "assumed_share", None),
        (m.INFLATION_ON, N_("Inflation counts"), float(bool(inflation and inflation.apply)), "assumed", switch),
        (m.TAX, N_("Tax on profit"), tax.rate if tax else 0.0, "assumed_share", None),
        (m.TAX_ON, N_("Tax counts"), float(bool(tax and tax.apply)), "assumed", switch),
        (m.TAX_CARRY, N_("Losses wait for later profit"), float(bool(tax and tax.carry_losses)), "assumed", switch),
        (m.OPTIMISM_COSTS, N_("Optimism bias: put on costs"), case.optimism.costs, "assumed_share", None),
        (m.OPTIMISM_BENEFITS, N_("Optimism bias: taken off benefits"), case.optimism.benefits, "assumed_share", None),
        (m.DELAY, N_("Benefits come later by, months"), _delay(model), "level", None),
    ]  # fmt: skip
    first = sheet.table(
        GENERAL,
        [[model.words(label), Cell(value, look), note] for _, label, value, look, note in rows],
        sets_widths=True,
    )
    for offset, (name, *_) in enumerate(rows):
        book.name_cell(name, sheet, first + offset, 1)


def _delay(model: Model) -> Formula:
    delays = [0.0, *(scenario.delay_months for scenario in model.case.scenarios.values())]
    return Formula(f"={model.by_scenario([literal(delay) for delay in delays])}", 0.0)


def _choices(model: Model) -> list[str]:
    """The scenarios that can be put in use, with their numbers."""
    if not model.result.scenarios:
        return []
    labels = [say(N_("the plan")), *(each.label for each in model.result.scenarios)]
    listed = "; ".join(f"{k} = {each[model.language]}" for k, each in enumerate(labels))
    return [model.words(N_("Scenario in use: {choices}."), choices=listed)]


def _numbers(book: Book, sheet: Sheet, model: Model) -> None:
    scenarios = [Heading(each.label, 16, "assumed") for each in model.result.scenarios]
    first = sheet.row + 1
    described = [*_assumptions(model), *_staffing(model)]
    rows = [
        _number_row(name, list(facts), first + offset, model)
        for offset, (name, facts) in enumerate(described)
    ]
    sheet.table([*NUMBERS, *scenarios], rows, sets_widths=True)
    for offset, (name, _) in enumerate(described):
        book.name_cell(model.names[name], sheet, first + offset, IN_USE)


def _number_row(name: str, facts: list[Content], row: int, model: Model) -> list[Content]:
    """Label, the value in use, the planned one, FACTS, and a value for every scenario."""
    label, *rest = facts
    planned = model.numbers[0][name]
    others: list[Content] = [
        view[name] if view[name] != planned else Formula(f"={address(row, PLANNED)}", planned)
        for view in model.numbers[1:]
    ]
    cells = [address(row, PLANNED)]
    cells += [address(row, len(NUMBERS) + k) for k in range(len(others))]
    in_use = Formula(f"={model.by_scenario(cells)}", planned)
    return [label, in_use, planned, *rest, model.names[name], *others]


def _assumptions(model: Model) -> Iterator[tuple[str, list[Content]]]:
    for each in model.result.assumptions:
        low, high = each.interval or (None, None)
        yield (
            each.name,
            [
                each.label[model.language],
                _in(each.unit, model),
                model.words(DISTRIBUTIONS[each.distribution]),
                low,
                high,
                each.mean,
                model.words(words.BASES[each.basis]),
                _in(each.owner, model),
                _source(each, model),
            ],
        )


def _source(used: AssumptionUsed, model: Model) -> str | None:
    parts = [_in(used.source, model), used.finding]
    return "; ".join(part for part in parts if part) or None


def _in(text: Text | None, model: Model) -> str | None:
    return None if text is None else text[model.language]


def _staffing(model: Model) -> Iterator[tuple[str, list[Content]]]:
    assumed = {each.name for each in model.result.assumptions}
    labels = model.case.staffing_labels()
    for name in model.numbers[0]:
        if name in assumed:
            continue
        yield (
            name,
            [
                labels[name][model.language],
                None,
                None,
                None,
                None,
                None,
                model.words(N_("worked out by Zaplecze, does not follow other cells")),
                None,
                say(N_("Erlang, by intervals of the day"))[model.language],
            ],
        )
