"""Findings as a table, for the commands that make them."""

from zaplecze import report
from zaplecze.cli import console
from zaplecze.cli.evidence import effect_in_words
from zaplecze.impact import Finding, Findings
from zaplecze.language import N_, Text, percent, say, say_plural
from zaplecze.report import left_out, shares, words
from zaplecze.report.respondents import respondents_table
from zaplecze.report.tables import counted_cases

MOST_ROWS = 15


def print_findings(findings: Findings, *, most: int | None = MOST_ROWS) -> None:
    """The findings on stdout, most expensive first, at MOST so many; what was left out on stderr."""
    language = console.language()
    console.print_table(
        _title(findings),
        [
            (say(N_("Lever")), "left"),
            (say(N_("Department")), "left"),
            (say(N_("Outcome")), "left"),
            (say(N_("Exposed")), "right"),
            (say(N_("Raw")), "right"),
            (say(N_("Adjusted (95 %)")), "right"),
            (say(N_("Hurts?")), "left"),
            (say(N_("A year (90 %)")), "right"),
        ],
        [[cell[language] for cell in _row(finding)] for finding in findings.findings[:most]],
    )
    if findings.findings:
        print(counted_cases(findings)[language])
    if most is not None and (more := len(findings.findings) - most) > 0:
        console.tell(
            say_plural(
                N_("{count} more finding is in the report and in findings.xlsx."),
                N_("{count} more findings are in the report and in findings.xlsx."),
                more,
            )
        )
    _print_places(findings)
    _print_respondents(findings)
    tell_left_out(findings)


def _print_places(findings: Findings) -> None:
    """Where effects are worst, where that can be told."""
    language = console.language()
    rows = [(finding, where) for finding in findings.findings for where in finding.where]
    if rows:
        console.print_table(
            say(N_("Where it is worst")),
            [
                (say(N_("Lever")), "left"),
                (say(N_("Outcome")), "left"),
                (say(N_("Between groups")), "left"),
            ],
            [
                [
                    finding.lever.label[language],
                    finding.outcome_label[language],
                    where.sentence[language],
                ]
                for finding, where in rows[:MOST_ROWS]
            ],
        )


def _print_respondents(findings: Findings) -> None:
    """Who answered against all, of outcomes that are often missing."""
    language = console.language()
    for found in findings.respondents:
        print(found.sentence[language])
        if words_of := found.level.sentence if found.level else found.reason:
            print(words_of[language])
        table = respondents_table(found, language)
        columns = [_column(column.heading, column.number) for column in table.columns]
        console.print_table(Text.same(table.caption), columns, table.rows)


def _column(heading: str, is_number: bool) -> console.Column:
    return Text.same(heading), "right" if is_number else "left"


def tell_left_out(findings: Findings) -> None:
    """What was not used, and what the import found odd, on stderr."""
    if told := left_out.lines(findings):
        console.tell(say(N_("What was left out, and why:")))
    for line in told:
        console.tell(line)


def _title(findings: Findings) -> Text:
    if not findings.findings:
        return say(
            N_("{name}: nothing to explain. Give the workspace outcomes and steps with targets."),
            name=findings.workspace.name,
        )
    if findings.total is None:
        return say(N_("{name}: no harm was found that has a price"), name=findings.workspace.name)
    return say(
        N_("{name}: {headline}. {summary}"),
        name=findings.workspace.name,
        headline=report.headline(findings),
        summary=report.summary(findings),
    )


def _row(finding: Finding) -> list[Text]:
    return [
        finding.lever.label,
        shares.whose(finding),
        finding.outcome_label,
        percent(finding.share),
        words.difference(finding, finding.raw)
        if 0 < finding.exposed < finding.n
        else Text.same("–"),
        effect_in_words(finding, finding.effect),
        say(words.VERDICTS[finding.verdict]),
        _money(finding),
    ]


def _money(finding: Finding) -> Text:
    if finding.money is None:
        return Text.same("–")
    return say(
        "{amount} ({range})",
        amount=words.cost(finding.money),
        range=words.cost_range(finding.money),
    )
