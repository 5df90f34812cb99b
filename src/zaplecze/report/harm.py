"""The pictures over all levers: what they cost, what they do to each outcome, broken promises."""

import functools

from zaplecze.impact.finding import Finding, Findings
from zaplecze.language import N_, Language, Text, number, say
from zaplecze.report import levers, tables, words
from zaplecze.report.figures import bars
from zaplecze.report.labels import NOTES
from zaplecze.report.pictures import Picture

FELT, DONE = ("rating",), ("yes_no", "count", "amount", "duration", "money")
"""Kinds of outcomes: what customers feel, and what they do, such as complain, call or leave."""


def money_picture(findings: Findings, language: Language) -> Picture | None:
    """What each lever costs in a year; None where nothing costs anything."""
    worst, total = levers.worst_first(findings), findings.total
    own = words.own_money(worst[0]) if worst else None
    if total is None or total.per_year <= 0 or own is None:
        return None
    told = say(
        N_("“{label}” makes up {own} of {total} a year"),
        label=worst[0].lever.label,
        own=words.cost(own),
        total=words.cost(total),
    )
    hidden = sum(lever.money is not None for lever in findings.levers) - bars.MOST_BARS
    note = say(NOTES["money"], currency=total.currency)
    if hidden > 0:
        note = say(N_("{note} Only in the table: {n}."), note=note, n=number(hidden))
    return Picture.of(
        told,
        note,
        lambda width: bars.money_figure(findings, language, width),
        tables.money_table(findings, language),
        language,
        "money",
    )


def effects(
    findings: Findings, language: Language, kinds: tuple[str, ...], *, beside_money: bool
) -> list[Picture]:
    """One picture an outcome of KINDS, in the order in which the findings name them.

    A single outcome needs none beside the picture of the money: the ranking holds its effects.
    """
    outcomes = {finding.outcome: finding.outcome_kind for finding in findings.findings}
    if len(outcomes) == 1 and beside_money:
        return []
    return [
        _effects_picture(findings, outcome, language)
        for outcome, kind in outcomes.items()
        if kind in kinds
    ]


def _effects_picture(findings: Findings, outcome: str, language: Language) -> Picture:
    same = [finding for finding in findings.findings if finding.outcome == outcome]
    return Picture.of(
        effects_message(same),
        _effects_note(same),
        functools.partial(bars.effects_figure, findings, outcome, language),
        tables.effects_table(findings, outcome, language),
        language,
        f"outcome:{outcome}",
    )


def _effects_note(same: list[Finding]) -> Text:
    """How to read the picture, and in how many cases the outcome is known at most."""
    n = number(max(finding.n for finding in same))
    if all(finding.effect is None for finding in same):
        return say(N_("Cases whose outcome is known: {n}."), n=n)
    return say(N_("{note} Cases whose outcome is known: {n}."), note=say(NOTES["effects"]), n=n)


def effects_message(same: list[Finding]) -> Text:
    """The largest harm among findings of the SAME outcome, or why none is shown."""
    hurting = [finding for finding in same if finding.verdict == "yes" and finding.effect]
    if not hurting:
        return say(_without_harm(same), outcome=same[0].outcome_label)
    worst = max(hurting, key=lambda finding: abs(finding.effect.estimate if finding.effect else 0))
    assert worst.effect is not None
    return say(
        N_("“{outcome}”: the largest effect is {effect}, with “{label}”"),
        outcome=worst.outcome_label,
        effect=words.difference(worst, worst.effect),
        label=worst.lever.label,
    )


def _without_harm(same: list[Finding]) -> str:
    """An all-clear only where something was estimated; else the board would take silence for one."""
    verdicts = {finding.verdict for finding in same}
    if "no" in verdicts:
        return N_("“{outcome}”: no harm is shown")
    if "cannot tell" in verdicts:
        return N_("“{outcome}”: whether it is harmed, these data cannot tell")
    return N_("“{outcome}”: cases are not comparable, so harm is neither shown nor ruled out")


def promises(findings: Findings) -> list[Finding]:
    """A finding for every broken promise, whatever outcomes it was held against."""
    return list({f.lever.id: f for f in reversed(findings.findings) if f.parts}.values())[::-1]
