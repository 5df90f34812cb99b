"""The findings as a workbook: change a price, and the money of each finding and the total follow."""

from collections.abc import Iterator

from zaplecze.eventlog.reasons import reason_text
from zaplecze.impact.finding import Effect, Estimate, Finding, Findings
from zaplecze.impact.followed import Followed
from zaplecze.language import N_, Language, Text, say
from zaplecze.report import message, sentences, shares, words
from zaplecze.report.followsheets import follow_sheets
from zaplecze.report.labels import METHOD
from zaplecze.report.levers import rank_of
from zaplecze.report.moneysheet import Places, money_sheet
from zaplecze.report.sheet import Book, Cell, Content, Format, Formula, Heading, Sheet


def workbook(findings: Findings, language: Language, followed: Followed | None = None) -> bytes:
    """FINDINGS and FOLLOWED in LANGUAGE as an ``.xlsx`` file with live formulas and cached values."""
    summary = findings.workspace
    title = message.headline(findings)[language]
    book = Book(language, words.local_time(summary.created, summary), title)
    ranking = book.sheet(N_("Findings"), title, list(_lines(findings, language)), pages_wide=2)
    money = money_sheet(book, findings, language)
    _ranking_table(ranking, findings, money, language)
    _interval_sheet(book, findings, language)
    follow_sheets(book, findings, followed or Followed(), language)
    _refused_sheet(book, findings, language)
    _about_sheet(book, findings, language)
    return book.finish()


def _lines(findings: Findings, language: Language) -> Iterator[str]:
    """What stands under the title."""
    summary = findings.workspace
    if rests_on := message.summary(findings)[language]:
        yield rests_on
    yield say(
        N_("{name}: {period}. Made on {date}."),
        name=summary.name,
        period=words.period(summary) or Text.same("–"),
        date=words.created(summary),
    )[language]


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
        total[1] = say(words.TOGETHER)[language]
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
    yield shares.whose(finding)[language]
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
    if finding.direct_effect is not None:
        what = say(N_("Adjusted effect with the later levers held equal"))
        yield what, finding.direct_effect, look
    if finding.priced is not None:
        yield say(N_("Adjusted effect on the unit that has a price")), finding.priced, "factor"
    if finding.direct is not None:
        what = say(N_("Effect on that unit with the later levers held equal"))
        yield what, finding.direct, "factor"
    for dose in finding.dose:
        if dose.effect is not None:
            what = say(N_("Adjusted effect, delay {label}"), label=dose.label)
            yield what, dose.effect, look
    for part in finding.parts:
        what = say(N_("Share of the late cases: {part}"), part=shares.part_name(part))
        cases = round(sum(p.cases for p in finding.parts))
        yield what, Estimate(part.share, part.interval, cases, ""), "share"


def _held_equal(estimate: Estimate, language: Language) -> str | None:
    if isinstance(estimate, Effect) and estimate.held_equal is not None:
        return estimate.held_equal[language]
    return None


def _difference_format(finding: Finding) -> Format:
    return "points" if finding.outcome_kind == "yes_no" else "difference"


def _refused_sheet(book: Book, findings: Findings, language: Language) -> None:
    sheet = book.sheet(N_("Left out"), say(N_("What was left out, and why"))[language])
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
    if warnings := findings.workspace.warnings:
        sheet.table([Heading(N_("Warning"), 30)], [[warning[language]] for warning in warnings])


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
