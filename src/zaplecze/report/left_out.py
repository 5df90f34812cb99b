"""What was left out of the analysis: rows and values, variables, and what the import found odd."""

from collections.abc import Iterable

from zaplecze.eventlog.reasons import reason_text
from zaplecze.impact.finding import Findings, Refused
from zaplecze.language import N_, Text, joined, say, say_plural


def in_short(findings: Findings) -> Text | None:
    """How much of each kind, in one enumeration; None where nothing was left out."""
    summary = findings.workspace
    rows = sum(int(entry["rows"]) for entry in summary.refused_rows)
    counted = [
        (rows, say_plural(N_("{count} row or value"), N_("{count} rows or values"), rows)),
        (
            len(findings.refused),
            say_plural(N_("{count} variable"), N_("{count} variables"), len(findings.refused)),
        ),
        (
            len(summary.warnings),
            say_plural(N_("{count} warning"), N_("{count} warnings"), len(summary.warnings)),
        ),
    ]
    told = [words for count, words in counted if count]
    return joined(told) if told else None


def lines(findings: Findings) -> list[Text]:
    """Each warning, each reason with its source and count, each variable: a line of its own."""
    summary = findings.workspace
    return [
        *summary.warnings,
        *(
            say_plural(
                N_("{source}, {count} row or value: {reason}"),
                N_("{source}, {count} rows or values: {reason}"),
                int(entry["rows"]),
                source=str(entry["source"]),
                reason=reason_text(str(entry["reason"])),
            )
            for entry in summary.refused_rows
        ),
        *(
            say(
                N_("Refused as an explanation of {outcome}: {variable}. {reason}"),
                outcome=joined([_outcome(each.outcome, findings) for each in alike]),
                variable=alike[0].label,
                reason=alike[0].reason,
            )
            for alike in _refused(findings)
        ),
    ]


def _refused(findings: Findings) -> Iterable[list[Refused]]:
    """What may not explain some outcomes for the same reason, together."""
    together: dict[tuple[str, str], list[Refused]] = {}
    for refused in findings.refused:
        together.setdefault((refused.variable, refused.reason["en"]), []).append(refused)
    return together.values()


def _outcome(name: str, findings: Findings) -> Text:
    labels = (f.outcome_label for f in findings.findings if f.outcome == name)
    return next(labels, Text.same(name))
