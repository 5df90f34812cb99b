"""The report's tables: every figure has one, with the same numbers in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from zaplecze.eventlog.reasons import reason_text
from zaplecze.impact.finding import Effect, Estimate, Finding, Findings, Input, Money, Summary
from zaplecze.language import N_, Language, Text, ends, number, percent, say
from zaplecze.report import levers, shares, words
from zaplecze.report.figures.bars import dose_digits

NOTHING = "–"


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers stand on the right."""

    heading: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table in one language."""

    caption: str
    columns: list[Column]
    rows: list[list[str]]


def counted_cases(findings: Findings) -> Text:
    """Which cases are counted as exposed: other figures count those without an answer as well."""
    return say(
        N_(
            "Exposed cases are counted among those whose outcome is known (up to {n} of {cases} "
            "{noun}); shares of late cases and numbers of a year are counted among all."
        ),
        n=number(max((finding.n for finding in findings.findings), default=0)),
        cases=number(findings.workspace.cases),
        noun=findings.workspace.noun,
    )


def money_table(findings: Findings, language: Language) -> Table:
    """What each lever costs in a year, and what of that no other one contains."""
    rows = []
    for lever in findings.levers:
        if lever.money is not None:
            own = words.own_money(lever)
            rows.append(
                [
                    lever.lever.label[language],
                    shares.whose(levers.main_finding(lever, findings))[language],
                    *_money_cells(lever.money, language),
                    words.cost(own)[language] if own else NOTHING,
                ]
            )
    if findings.total is not None:
        total = say(words.TOGETHER)[language]
        cells = _money_cells(findings.total, language)
        rows.append([total, "", *cells, words.cost(findings.total)[language]])
    return _table(
        N_("Money a year"),
        [
            (N_("Lever"), False),
            (N_("Department"), False),
            (N_("A year"), True),
            (N_("90 % range"), True),
            (N_("Measured or assumed"), False),
            (N_("Counted nowhere else"), True),
        ],
        rows,
        language,
    )


def effects_table(findings: Findings, outcome: str, language: Language) -> Table:
    """Raw and adjusted differences of OUTCOME, lever by lever."""
    rows = [
        [
            finding.lever.label[language],
            number(finding.exposed)[language],
            *_difference_cells(finding, finding.raw, language),
            *_difference_cells(finding, finding.effect, language),
            say(words.VERDICTS[finding.verdict])[language],
        ]
        for finding in findings.findings
        if finding.outcome == outcome
    ]
    return _table(
        N_("Differences, raw and adjusted"),
        [
            (N_("Lever"), False),
            (N_("Exposed cases"), True),
            (N_("Raw"), True),
            (N_("95 % interval"), True),
            (N_("Adjusted"), True),
            (N_("95 % interval"), True),
            (N_("Does it hurt?"), False),
        ],
        rows,
        language,
    )


def comparison_table(finding: Finding, language: Language) -> Table:
    """Raw difference and adjusted effect, with the method of each."""
    named: list[tuple[Text, Estimate | None]] = [
        (say(N_("Raw difference")), finding.raw),
        (say(N_("Adjusted effect")), finding.effect),
    ]
    rows = [
        [
            name[language],
            *_difference_cells(finding, estimate, language),
            number(estimate.n)[language] if estimate else NOTHING,
            words.method_text(estimate.method)[language] if estimate else NOTHING,
        ]
        for name, estimate in named
    ]
    return _table(
        N_("Raw against adjusted"),
        [
            (N_("What"), False),
            (N_("Difference"), True),
            (N_("95 % interval"), True),
            (N_("Cases"), True),
            (N_("Method"), False),
        ],
        rows,
        language,
    )


def dose_table(finding: Finding, language: Language) -> Table:
    """The effect by size: how long the delay was, or how often it happened."""
    digits = dose_digits(finding)
    rows = [
        [
            dose.label[language],
            number(dose.n)[language],
            *_difference_cells(finding, dose.effect, language, digits),
            percent(dose.overlap, 0)[language] if dose.overlap is not None else NOTHING,
        ]
        for dose in finding.dose
    ]
    return _table(
        N_("Effect by size"),
        [
            (N_("Size"), False),
            (N_("Cases"), True),
            (N_("Effect"), True),
            (N_("95 % interval"), True),
            (N_("Left to compare"), True),
        ],
        rows,
        language,
    )


def split_table(finding: Finding, language: Language) -> Table:
    """The steps' shares of the cases in which a promise was broken."""
    rows = [
        [
            part.step_label[language],
            part.department_label[language],
            share[language],
            words.share_range(part.interval)[language],
            number(part.cases)[language],
        ]
        for part, share in zip(finding.parts, shares.percents_of(finding.parts), strict=True)
    ]
    return _table(
        N_("Whose delays broke the promise"),
        [
            (N_("Step"), False),
            (N_("Department"), False),
            (N_("Share of the late cases"), True),
            (N_("95 % interval"), True),
            (N_("That many late cases"), True),
        ],
        rows,
        language,
    )


def outcomes_table(group: list[Finding], language: Language) -> Table:
    """What a lever does to each outcome: the findings of one lever."""
    rows = [
        [
            finding.outcome_label[language],
            words.difference(finding, finding.raw)[language],
            *_difference_cells(finding, finding.effect, language),
            say(words.VERDICTS[finding.verdict])[language],
            words.cost(finding.money)[language] if finding.money else NOTHING,
            words.cost_range(finding.money)[language] if finding.money else NOTHING,
        ]
        for finding in group
    ]
    return _table(
        N_("Outcome by outcome"),
        [
            (N_("Outcome"), False),
            (N_("Raw"), True),
            (N_("Adjusted"), True),
            (N_("95 % interval"), True),
            (N_("Does it hurt?"), False),
            (N_("Money a year"), True),
            (N_("90 % range"), True),
        ],
        rows,
        language,
    )


def products_table(findings: Findings, language: Language) -> Table:
    """How the money of each finding is multiplied together."""
    rows = [
        [
            _finding_label(finding, findings)[language],
            finding.money.formula[language],
            words.cost(finding.money)[language],
            words.cost_range(finding.money)[language],
        ]
        for finding in findings.findings
        if finding.money is not None
    ]
    return _table(
        N_(
            "Exposed cases of the latest year (of a rating, those that answer) × effect on the priced "
            "unit × price"
        ),
        [
            (N_("Lever"), False),
            (N_("Product"), False),
            (N_("Money a year"), True),
            (N_("90 % range"), True),
        ],
        rows,
        language,
    )


def _finding_label(finding: Finding, findings: Findings) -> Text:
    """The lever, with the outcome where there are several."""
    if len({other.outcome for other in findings.findings}) == 1:
        return finding.lever.label
    return say(N_("{label}; {outcome}"), label=finding.lever.label, outcome=finding.outcome_label)


def prices_table(findings: Findings, language: Language) -> Table:
    """Every price once, with its range and where it comes from."""
    rows = [
        [
            finding.outcome_label[language],
            item.note[language] if item.note else NOTHING,
            *_price_cells(item, language),
            say(words.BASES[item.basis])[language],
        ]
        for finding in findings.findings
        if finding.money is not None
        for item in finding.money.inputs
        if item.unit == finding.money.currency
    ]
    return _table(
        N_("Prices"),
        [
            (N_("Outcome"), False),
            (N_("What it holds"), False),
            (N_("Value"), True),
            (N_("Range"), True),
            (N_("Measured or assumed"), False),
        ],
        [list(row) for row in dict.fromkeys(tuple(row) for row in rows)],
        language,
    )


def inputs_table(finding: Finding, money: Money, language: Language) -> Table:
    """The numbers whose product is the MONEY of a year."""
    rows = [
        [
            item.name[language] + (f" ({item.note[language]})" if item.note else ""),
            *(cell[language] for cell in _input_cells(item)),
            say(words.BASES[item.basis])[language],
        ]
        for item in money.inputs
    ]
    rows.append(
        [
            say(N_("Product: money a year"))[language],
            words.cost(money)[language],
            words.cost_range(money)[language],
            say(words.BASES[money.basis])[language],
        ]
    )
    return Table(
        say(N_("“{outcome}”: the numbers are multiplied"), outcome=finding.outcome_label)[language],
        _columns(
            [
                (N_("Number"), False),
                (N_("Value"), True),
                (N_("Range"), True),
                (N_("Measured or assumed"), False),
            ],
            language,
        ),
        rows,
    )


def refused_variables_table(findings: Findings, language: Language) -> Table:
    """Variables that may not explain an outcome."""
    outcomes = {f.outcome: f.outcome_label[language] for f in findings.findings}
    rows = [
        [
            refused.label[language],
            outcomes.get(refused.outcome, refused.outcome),
            refused.reason[language],
        ]
        for refused in findings.refused
    ]
    return _table(
        N_("Variables that were not used as an explanation"),
        [(N_("Variable"), False), (N_("Outcome"), False), (N_("Why not"), False)],
        rows,
        language,
    )


def refused_rows_table(summary: Summary, language: Language) -> Table:
    """Rows and values of the data that were not used, by reason."""
    rows = [
        [
            str(entry["source"]),
            reason_text(str(entry["reason"]))[language],
            number(int(entry["rows"]))[language],
        ]
        for entry in summary.refused_rows
    ]
    return _table(
        N_("Rows and values that were not used"),
        [(N_("Source"), False), (N_("Why not"), False), (N_("Rows"), True)],
        rows,
        language,
    )


def sources_table(summary: Summary, language: Language) -> Table:
    """How many rows every source gave."""
    rows = [[source, number(count)[language]] for source, count in summary.rows_read.items()]
    return _table(N_("Rows read"), [(N_("Source"), False), (N_("Rows"), True)], rows, language)


def _table(
    caption: str, columns: list[tuple[str, bool]], rows: list[list[str]], language: Language
) -> Table:
    return Table(say(caption)[language], _columns(columns, language), rows)


def _columns(columns: list[tuple[str, bool]], language: Language) -> list[Column]:
    return [Column(say(heading)[language], is_number) for heading, is_number in columns]


def _money_cells(money: Money, language: Language) -> Iterator[str]:
    yield words.cost(money)[language]
    yield words.cost_range(money)[language]
    yield say(words.BASES[money.basis])[language]


def _difference_cells(
    finding: Finding,
    estimate: Estimate | Effect | None,
    language: Language,
    digits: int | None = None,
) -> tuple[str, str]:
    if estimate is None:
        return NOTHING, NOTHING
    return (
        words.difference(finding, estimate, digits)[language],
        words.difference_range(finding, estimate, digits)[language],
    )


def _price_cells(item: Input, language: Language) -> tuple[str, str]:
    value, spread = (cell[language] for cell in _input_cells(item))
    return (f"{item.unit} {value}" if language == "en" else f"{value} {item.unit}"), spread


def _input_cells(item: Input) -> Iterator[Text]:
    """An input's value and range, with as many decimals as its size asks for."""
    size = abs(item.value)
    digits = 0 if size >= 100 or size == int(size) else 2 if size >= 1 else 3
    yield number(item.value, digits)
    if item.low == item.high:
        yield Text.same(NOTHING)
    else:
        yield words.between(*ends(item.low, item.high, digits=digits))
