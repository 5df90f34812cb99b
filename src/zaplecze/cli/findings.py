"""Findings as a table, for the commands that make them."""

from zaplecze.cli import console
from zaplecze.impact import Finding, Findings
from zaplecze.language import N_, Text, percent, rounded_money, say, say_plural
from zaplecze.report import words

VERDICTS = {
    "yes": say(N_("yes")),
    "no": say(N_("no")),
    "cannot tell": say(N_("cannot tell")),
    "not comparable": say(N_("not comparable")),
}


MOST_ROWS = 15


def print_findings(findings: Findings) -> None:
    """The findings on stdout, most expensive first, and what was refused on stderr."""
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
        [[cell[language] for cell in _row(finding)] for finding in findings.findings[:MOST_ROWS]],
    )
    if (more := len(findings.findings) - MOST_ROWS) > 0:
        console.tell(
            say_plural(
                N_("{count} more finding is in the report and in findings.xlsx."),
                N_("{count} more findings are in the report and in findings.xlsx."),
                more,
            )
        )
    for refused in findings.refused:
        console.tell(
            say(
                N_("Refused as an explanation of {outcome}: {variable}. {reason}"),
                outcome=refused.outcome,
                variable=refused.label,
                reason=refused.reason,
            )
        )


def _title(findings: Findings) -> Text:
    if not findings.findings:
        return say(
            N_("{name}: nothing to explain. Give the workspace outcomes and steps with targets."),
            name=findings.workspace.name,
        )
    if findings.total is None:
        return say(N_("{name}: nothing found that costs money"), name=findings.workspace.name)
    low, high = findings.total.interval
    currency = findings.workspace.currency
    return say(
        N_("{name}: {total} a year ({low} to {high}), nothing counted twice"),
        name=findings.workspace.name,
        total=rounded_money(findings.total.per_year, currency),
        low=rounded_money(low, currency),
        high=rounded_money(high, currency),
    )


def _row(finding: Finding) -> list[Text]:
    return [
        finding.lever.label,
        finding.lever.department_label,
        finding.outcome_label,
        percent(finding.share),
        words.difference(finding, finding.raw),
        _effect(finding),
        VERDICTS[finding.verdict],
        _money(finding),
    ]


def _effect(finding: Finding) -> Text:
    if finding.effect is None:
        return Text.same("–")
    return say(
        "{estimate} ({range})",
        estimate=words.difference(finding, finding.effect),
        range=words.difference_range(finding, finding.effect),
    )


def _money(finding: Finding) -> Text:
    if finding.money is None:
        return Text.same("–")
    low, high = finding.money.interval
    currency = finding.money.currency
    return say(
        "{amount} ({low} … {high})",
        amount=rounded_money(finding.money.per_year, currency),
        low=rounded_money(low, currency),
        high=rounded_money(high, currency),
    )
