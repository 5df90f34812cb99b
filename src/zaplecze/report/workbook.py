"""The findings as a workbook: change a price, and the money of each finding and the total follow."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from zaplecze.eventlog.reasons import reason_text
from zaplecze.impact.finding import Effect, Estimate, Finding, Findings, Input, Money
from zaplecze.language import N_, Language, Text, say
from zaplecze.report import sentences, words
from zaplecze.report.labels import METHOD
from zaplecze.report.levers import rank_of
from zaplecze.report.sheet import Book, Cell, Content, Format, Formula, Heading, Sheet


def workbook(findings: Findings, language: Language) -> bytes:
    """FINDINGS in LANGUAGE as an ``.xlsx`` file with live formulas and their cached values."""
    summary = findings.workspace
    title = sentences.headline(findings)[language]
    book = Book(language, words.local_time(summary.created, summary), title)
    ranking = book.sheet(N_("Findings"), title, [_line(findings)[language]], pages_wide=2)
    money = _money_sheet(book, findings, language)
    _ranking_table(ranking, findings, money, language)
    _interval_sheet(book, findings, language)
    _refused_sheet(book, findings, language)
    _about_sheet(book, findings, language)
    return book.finish()


@dataclass(frozen=True)
class Places:
    """Where the money of each finding (by id) and the total stand on their sheet."""

    sheet: str
    rows: dict[str, int]
    total: int

    def cell(self, column: str, finding: Finding) -> str:
        """The address of a finding's cell, from another sheet."""
        return f"{self.sheet}!${column}${self.rows[finding.id] + 1}"


def _line(findings: Findings) -> Text:
    summary = findings.workspace
    return say(
        N_("{name}: {period}. Made on {date}."),
        name=summary.name,
        period=words.period(summary) or Text.same("–"),
        date=words.created(summary),
    )


# --- findings ---------------------------------------------------------------------------------

RANKING = [
    Heading(N_("No."), 7, "count"),
    Heading(N_("Lever"), 34),
    Heading(N_("Department"), 14),
    Heading(N_("Outcome"), 16),
    Heading(N_("Cases"), 10, "count"),
    Heading(N_("Exposed cases"), 10, "count"),
    Heading(N_("Share"), 8, "share"),
    Heading(N_("Exposed in a year"), 10, "count"),
    Heading(N_("Mean, exposed"), 10, "level"),
    Heading(N_("Mean, others"), 10, "level"),
    Heading(N_("Raw difference"), 11, "difference"),
    Heading(N_("Adjusted effect"), 11, "difference"),
    Heading(N_("95 % interval, low"), 12, "difference"),
    Heading(N_("95 % interval, high"), 12, "difference"),
    Heading(N_("Does it hurt?"), 14),
    Heading(N_("Money a year"), 14, "money"),
    Heading(N_("90 % range, low"), 14, "money"),
    Heading(N_("90 % range, high"), 14, "money"),
    Heading(N_("Counted nowhere else"), 14, "money"),
    Heading(N_("Currency"), 10),
    Heading(N_("Measured or assumed"), 14),
    Heading(N_("In words"), 70),
]
FIRST_MONEY = 15


def _ranking_table(sheet: Sheet, findings: Findings, money: Places, language: Language) -> None:
    rows = [list(_ranking_row(f, findings, money, language)) for f in findings.findings]
    total: list[Content] | None = None
    if findings.total is not None:
        total = [None] * len(RANKING)
        total[1] = say(N_("Together, nothing counted twice"))[language]
        own = sum(amount.per_year for f in findings.findings if (amount := words.own_money(f)))
        total[FIRST_MONEY + 3] = Formula(f"={money.sheet}!$E${money.total + 1}", own)
        total[FIRST_MONEY + 4] = findings.total.currency
    sheet.table(RANKING, rows, frozen_columns=2, total=total)


def _ranking_row(
    finding: Finding, findings: Findings, money: Places, language: Language
) -> Iterator[Content]:
    sentence = finding.sentence or sentences.finding_sentence(finding)
    level: Format = "share" if finding.outcome_kind == "yes_no" else "level"
    difference = _difference_format(finding)
    effect = finding.effect
    yield float(rank_of(finding.lever.id, findings))
    yield finding.lever.label[language]
    yield finding.lever.department_label[language]
    yield finding.outcome_label[language]
    yield from (float(finding.n), float(finding.exposed), finding.share, finding.exposed_per_year)
    yield from (Cell(mean, level) for mean in finding.means)
    yield Cell(finding.raw.estimate, difference)
    yield Cell(effect.estimate if effect else None, difference)
    yield Cell(effect.interval[0] if effect else None, difference)
    yield Cell(effect.interval[1] if effect else None, difference)
    yield say(words.VERDICTS[finding.verdict])[language]
    yield from _money_links(finding, money)
    yield finding.money.currency if finding.money else None
    yield say(words.BASES[finding.money.basis])[language] if finding.money else None
    yield sentence[language]


def _money_links(finding: Finding, money: Places) -> Iterator[Content]:
    if finding.money is None:
        yield from (None, None, None, None)
        return
    own = words.own_money(finding)
    amounts = [
        ("B", finding.money.per_year),
        ("C", finding.money.interval[0]),
        ("D", finding.money.interval[1]),
        ("E", own.per_year if own else 0.0),
    ]
    yield from (Formula(f"={money.cell(column, finding)}", value) for column, value in amounts)


# --- money ------------------------------------------------------------------------------------

INPUTS = [
    Heading(N_("Number"), 44),
    Heading(N_("Value"), 14, "factor"),
    Heading(N_("Low"), 14, "factor"),
    Heading(N_("High"), 14, "factor"),
    Heading(N_("Unit"), 18),
    Heading(N_("Measured or assumed"), 18),
    Heading(N_("Note"), 60),
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


def _money_sheet(book: Book, findings: Findings, language: Language) -> Places:
    """Every input once, then each finding's money as the product of its inputs' cells."""
    sheet = book.sheet(
        N_("Money"),
        say(N_("What it costs, and how it is computed"))[language],
        [
            say(
                N_(
                    "Change a value in the shaded cells: the money of each finding and the total "
                    "follow. Ranges move in proportion to the money."
                )
            )[language]
        ],
    )
    inputs = _inputs(findings)
    rows = [_input_row(item, language) for item in inputs]
    first_input = sheet.table(INPUTS, rows, sets_widths=True)
    places = {item_key(item): first_input + k for k, item in enumerate(inputs)}
    priced = [finding for finding in findings.findings if finding.money is not None]
    first = sheet.row + 1
    products = [
        _product_row(finding, findings, places, first + k, language)
        for k, finding in enumerate(priced)
    ]
    total: list[Content] = [None] * len(PRODUCTS)
    total[0] = say(N_("Together, nothing counted twice"))[language]
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


def _input_row(item: Input, language: Language) -> list[Content]:
    look: Format = "assumed" if item.basis == "assumed" else "factor"
    if item.basis == "measured" and abs(item.value) >= 10:
        look = "count"
    return [
        item.name[language],
        Cell(item.value, look),
        Cell(item.low, "count" if look == "assumed" else look),
        Cell(item.high, "count" if look == "assumed" else look),
        _unit(item.unit)[language],
        say(words.BASES[item.basis])[language],
        item.note[language] if item.note else None,
    ]


def _unit(unit: str) -> Text:
    """The unit of an input; a currency is its own word."""
    known = {"cases": N_("cases a year"), "per case": N_("per exposed case")}
    return say(known[unit]) if unit in known else Text.same(unit)


def _product_row(
    finding: Finding,
    findings: Findings,
    places: dict[tuple[object, ...], int],
    row: int,
    language: Language,
) -> list[Content]:
    assert finding.money is not None
    own = words.own_money(finding)
    value = math.prod(item.value for item in finding.money.inputs)
    return [
        finding.lever.label[language],
        _product(finding.money, places),
        *(_in_proportion(bound, value, row) for bound in finding.money.interval),
        _product(own, places) if own else 0.0,
        float(rank_of(finding.lever.id, findings)),
        finding.outcome_label[language],
    ]


def _product(money: Money, places: dict[tuple[object, ...], int]) -> Formula:
    cells = ",".join(f"$B${places[item_key(item)] + 1}" for item in money.inputs)
    return Formula(f"=PRODUCT({cells})", math.prod(item.value for item in money.inputs))


def _in_proportion(bound: float, value: float, row: int) -> Content:
    """A bound of the range that moves with the money in column B of ROW."""
    return Formula(f"=B{row + 1}*{bound / value!r}", bound) if value else bound


# --- intervals, refusals, about ---------------------------------------------------------------

INTERVALS = [
    Heading(N_("No."), 7, "count"),
    Heading(N_("Lever"), 34),
    Heading(N_("Outcome"), 16),
    Heading(N_("What"), 34),
    Heading(N_("Estimate"), 11, "difference"),
    Heading(N_("95 % interval, low"), 12, "difference"),
    Heading(N_("95 % interval, high"), 12, "difference"),
    Heading(N_("Cases"), 10, "count"),
    Heading(N_("Method"), 50),
    Heading(N_("Held equal"), 50),
]


def _interval_sheet(book: Book, findings: Findings, language: Language) -> None:
    sheet = book.sheet(N_("Intervals"), say(N_("Every estimate with its interval"))[language])
    rows = [
        [
            float(rank_of(finding.lever.id, findings)),
            finding.lever.label[language],
            finding.outcome_label[language],
            what[language],
            Cell(estimate.estimate, look),
            Cell(estimate.interval[0], look),
            Cell(estimate.interval[1], look),
            float(estimate.n),
            words.method_text(estimate.method)[language],
            _held_equal(estimate, language),
        ]
        for finding in findings.findings
        for what, estimate, look in _estimates(finding)
    ]
    sheet.table(INTERVALS, rows, frozen_columns=2)


def _estimates(finding: Finding) -> Iterator[tuple[Text, Estimate, Format]]:
    look = _difference_format(finding)
    yield say(N_("Raw difference")), finding.raw, look
    if finding.effect is not None:
        yield say(N_("Adjusted effect")), finding.effect, look
    if finding.priced is not None:
        yield say(N_("Adjusted effect on the unit that has a price")), finding.priced, "factor"
    if finding.direct is not None:
        what = say(N_("Effect on that unit with lateness against the promise held equal"))
        yield what, finding.direct, "factor"
    for dose in finding.dose:
        if dose.effect is not None:
            what = say(N_("Adjusted effect, delay {label}"), label=dose.label)
            yield what, dose.effect, look
    for part in finding.parts:
        what = say(N_("Share of the lateness: {part}"), part=sentences.part_name(part))
        cases = round(sum(p.cases for p in finding.parts))
        yield what, Estimate(part.share, part.interval, cases, ""), "share"


def _held_equal(estimate: Estimate, language: Language) -> str | None:
    if isinstance(estimate, Effect) and estimate.held_equal is not None:
        return estimate.held_equal[language]
    return None


def _difference_format(finding: Finding) -> Format:
    return "points" if finding.outcome_kind == "yes_no" else "difference"


def _refused_sheet(book: Book, findings: Findings, language: Language) -> None:
    sheet = book.sheet(N_("Refused"), say(N_("What was refused, and why"))[language])
    outcomes = {f.outcome: f.outcome_label[language] for f in findings.findings}
    sheet.table(
        [
            Heading(N_("Variable"), 30),
            Heading(N_("Outcome"), 24),
            Heading(N_("Why not"), 80),
        ],
        [
            [
                refused.label[language],
                outcomes.get(refused.outcome, refused.outcome),
                refused.reason[language],
            ]
            for refused in findings.refused
        ],
        frozen_columns=1,
    )
    sheet.table(
        [Heading(N_("Source"), 30), Heading(N_("Rows"), 24, "count"), Heading(N_("Why not"), 80)],
        [
            [
                str(entry["source"]),
                float(entry["rows"]),
                reason_text(str(entry["reason"]))[language],
            ]
            for entry in findings.workspace.refused_rows
        ],
    )


def _about_sheet(book: Book, findings: Findings, language: Language) -> None:
    summary = findings.workspace
    sheet = book.sheet(
        N_("About"), summary.name[language], [summary.note[language]] if summary.note else []
    )
    facts: list[list[Content]] = [
        [say(N_("Period"))[language], (words.period(summary) or Text.same("–"))[language]],
        [say(N_("Cases"))[language], Cell(float(summary.cases), "count")],
        [say(N_("Events"))[language], Cell(float(summary.events), "count")],
        [say(N_("Made on"))[language], words.created(summary)[language]],
        [say(N_("Made with Zaplecze {version}"), version=summary.version)[language], None],
    ]
    facts += [
        [say(N_("Rows read: {source}"), source=source)[language], Cell(float(rows), "count")]
        for source, rows in summary.rows_read.items()
    ]
    facts += [[say(term)[language], say(means)[language]] for term, means in METHOD]
    sheet.table([Heading(N_("What"), 36), Heading(N_("Explanation"), 110)], facts, frozen_columns=0)
