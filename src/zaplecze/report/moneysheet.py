"""The money as a worksheet: every input once, and each finding's money and range as formulas.

The range is redrawn by a rule that a sheet can compute: the mean and the variance of a product of
independent numbers, as a bell curve. A price lies in a triangle over low, value and high, an effect
in the bell curve of its interval. The rule is set off so that it starts at the range of the report,
which is drawn at random.
"""

import math
from dataclasses import dataclass

from zaplecze.impact.finding import Finding, Findings, Input, Money
from zaplecze.language import N_, Language, Text, say
from zaplecze.report import words
from zaplecze.report.levers import rank_of
from zaplecze.report.sheet import Book, Cell, Content, Format, Formula, Heading

INPUTS = [
    Heading(N_("Number"), 44),
    Heading(N_("Value"), 14, "factor"),
    Heading(N_("Low"), 14, "factor"),
    Heading(N_("High"), 14, "factor"),
    Heading(N_("Unit"), 18),
    Heading(N_("Measured or assumed"), 18),
    Heading(N_("Note"), 60),
    Heading(N_("Mean of its range"), 14, "factor"),
    Heading(N_("Mean square of its range"), 14, "factor"),
]
PRODUCTS = [
    Heading(N_("Lever"), 44),
    Heading(N_("Money a year"), 14, "money"),
    Heading(N_("90 % range, low"), 14, "money"),
    Heading(N_("90 % range, high"), 14, "money"),
    Heading(N_("Counted nowhere else"), 18, "money"),
    Heading(N_("No."), 18, "count"),
    Heading(N_("Outcome"), 60),
]
Z90, Z95 = 1.645, 1.96
"""Standard deviations that hold the middle 90 % and 95 % of a bell curve."""

UNITS = {
    "cases": N_("cases a year"),
    "per case": N_("per exposed case"),
    "share": N_("share of the cases"),
}


@dataclass(frozen=True)
class Places:
    """Where the money of each finding (by id) and the total stand on their sheet."""

    sheet: str
    rows: dict[str, int]
    total: int

    def cell(self, column: str, finding: Finding) -> str:
        """The address of a finding's cell, from another sheet."""
        return f"{self.sheet}!${column}${self.rows[finding.id] + 1}"


def money_sheet(book: Book, findings: Findings, language: Language) -> Places:
    """Every input once, then each finding's money as the product of its inputs' cells."""
    sheet = book.sheet(
        N_("Money"),
        say(N_("The money, and how it is computed"))[language],
        [
            say(
                N_(
                    "Change a value, its low or its high in the shaded cells: the money of each "
                    "finding, its range and the total follow."
                )
            )[language],
            say(
                N_(
                    "Ranges are redrawn from the mean and the spread of the product of the inputs; "
                    "they start at those of the report."
                )
            )[language],
        ],
    )
    inputs = _inputs(findings)
    first_input = sheet.row + 1
    rows = [_input_row(item, first_input + k, language) for k, item in enumerate(inputs)]
    sheet.table(INPUTS, rows, sets_widths=True)
    places = {item_key(item): first_input + k for k, item in enumerate(inputs)}
    priced = [finding for finding in findings.findings if finding.money is not None]
    first = sheet.row + 1
    products = [
        _product_row(finding, findings, places, first + k, language)
        for k, finding in enumerate(priced)
    ]
    total: list[Content] = [None] * len(PRODUCTS)
    total[0] = say(words.TOGETHER)[language]
    own = [amount.per_year for finding in priced if (amount := words.own_money(finding))]
    last = first + len(priced)
    total[4] = Formula(f"=SUM(E{first + 1}:E{last})", sum(own)) if priced else 0.0
    sheet.table(PRODUCTS, products, total=total)
    return Places(sheet.name, {f.id: first + k for k, f in enumerate(priced)}, last)


def item_key(item: Input) -> tuple[object, ...]:
    """What makes two inputs the same number: a price that findings share stands in one cell."""
    note = item.note["en"] if item.note else None
    return (item.name["en"], item.value, item.low, item.high, item.unit, item.basis, note)


def _inputs(findings: Findings) -> list[Input]:
    """Every input of the findings once: assumed ones first, since those are there to be changed."""
    amounts = [a for f in findings.findings for a in (f.money, words.own_money(f)) if a]
    distinct = {item_key(item): item for amount in amounts for item in amount.inputs}
    return sorted(distinct.values(), key=lambda item: item.basis != "assumed")


def _input_row(item: Input, row: int, language: Language) -> list[Content]:
    look: Format = "assumed" if item.basis == "assumed" else "factor"
    if item.basis == "measured" and abs(item.value) >= 10:
        look = "count"
    mean, mean_square = _moments(item)
    mean_formula, square_formula = _moment_formulas(item, row + 1)
    return [
        item.name[language],
        Cell(item.value, look),
        Cell(item.low, look),
        Cell(item.high, look),
        (say(UNITS[item.unit]) if item.unit in UNITS else Text.same(item.unit))[language],
        say(words.BASES[item.basis])[language],
        item.note[language] if item.note else None,
        Formula(mean_formula, mean),
        Formula(square_formula, mean_square),
    ]


def _is_price(item: Input) -> bool:
    """Prices are given in a currency, everything else in a unit of ours."""
    return item.unit not in UNITS


def _moments(item: Input) -> tuple[float, float]:
    """The mean of an input and of its square."""
    value, low, high = item.value, item.low, item.high
    if _is_price(item):
        mean = (value + low + high) / 3
        spread = value**2 + low**2 + high**2 - value * low - value * high - low * high
        return mean, mean**2 + spread / 18
    return value, value**2 + ((high - low) / (2 * Z95)) ** 2


def _moment_formulas(item: Input, line: int) -> tuple[str, str]:
    """The same as formulas over the cells of LINE."""
    value, low, high = f"B{line}", f"C{line}", f"D{line}"
    if _is_price(item):
        return (
            f"=({value}+{low}+{high})/3",
            f"=H{line}^2+({value}^2+{low}^2+{high}^2-{value}*{low}-{value}*{high}-{low}*{high})/18",
        )
    return f"={value}", f"={value}^2+(({high}-{low})/(2*{Z95}))^2"


def _product_row(
    finding: Finding,
    findings: Findings,
    places: dict[tuple[object, ...], int],
    row: int,
    language: Language,
) -> list[Content]:
    assert finding.money is not None
    own = words.own_money(finding)
    low, high = finding.money.interval
    return [
        finding.lever.label[language],
        _product(finding.money, places),
        _bound(finding.money, low, -Z90, places, row),
        _bound(finding.money, high, Z90, places, row),
        _product(own, places) if own else 0.0,
        float(rank_of(finding.lever.id, findings)),
        finding.outcome_label[language],
    ]


def _product(money: Money, places: dict[tuple[object, ...], int]) -> Formula:
    cells = _cells("B", money, places)
    return Formula(f"=PRODUCT({cells})", math.prod(item.value for item in money.inputs))


def _bound(
    money: Money, bound: float, z: float, places: dict[tuple[object, ...], int], row: int
) -> Formula:
    """A bound of the range, redrawn when an input's value, low or high changes."""
    moments = [_moments(item) for item in money.inputs]
    mean = math.prod(first for first, _ in moments)
    variance = max(math.prod(second for _, second in moments) - mean**2, 0.0)
    value = math.prod(item.value for item in money.inputs)
    offset = (bound - mean - z * math.sqrt(variance)) / value if value else 0.0
    means, squares = (f"PRODUCT({_cells(column, money, places)})" for column in "HI")
    return Formula(
        f"={means}+{z}*SQRT(MAX(0,{squares}-{means}^2))+B{row + 1}*{offset!r}",
        bound if value else mean + z * math.sqrt(variance),
    )


def _cells(column: str, money: Money, places: dict[tuple[object, ...], int]) -> str:
    return ",".join(f"${column}${places[item_key(item)] + 1}" for item in money.inputs)
