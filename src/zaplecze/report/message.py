"""The message of the whole report: the lever that weighs most, and what all of them come to."""

from zaplecze.impact.finding import Findings, LeverTotal, Money, Summary
from zaplecze.language import LANGUAGES, N_, Text, number, say, say_plural
from zaplecze.report import levers, shares, words

ASSOCIATED = {
    ("data", "assumed"): N_(
        "In the data of {cases} {noun}, “{label}” is associated with a loss of about {cost} a year "
        "at assumed prices"
    ),
    ("data", "measured"): N_(
        "In the data of {cases} {noun}, “{label}” is associated with a loss of about {cost} a year "
        "at measured prices"
    ),
    ("sample", "assumed"): N_(
        "In this sample of {cases} {noun}, “{label}” is associated with a loss of about {cost} a "
        "year at assumed prices"
    ),
    ("sample", "measured"): N_(
        "In this sample of {cases} {noun}, “{label}” is associated with a loss of about {cost} a "
        "year at measured prices"
    ),
}


def headline(findings: Findings) -> Text:
    """What weighs most, in how many cases and at what prices; or why that cannot be said.

    It names the lever, never one department for all of a broken promise: that is divided.
    """
    if not findings.findings:
        return say(N_("The work is measured; what it does to customers is not yet"))
    first = _first(findings)
    if first is not None:
        lever, amount = first
        message = say(
            ASSOCIATED[_kind(findings.workspace), amount.basis],
            cases=number(findings.workspace.cases),
            noun=findings.workspace.noun,
            label=lever.lever.label,
            cost=words.cost(amount),
        )
        split = shares.split_clause(levers.main_finding(lever, findings))
        return message if split is None else _clauses(message, split)
    harmful = {finding.lever.id for finding in findings.findings if finding.verdict == "yes"}
    if not harmful:
        return say(N_("No harm to customers can be shown in the work that was examined"))
    return say_plural(
        N_("{count} lever goes with harm to customers; the harm has no price yet"),
        N_("{count} levers go with harm to customers; the harm has no price yet"),
        len(harmful),
    )


def summary(findings: Findings) -> Text:
    """What the headline rests on, its range, and what all levers come to; empty without money."""
    first, total = _first(findings), findings.total
    if first is None or total is None:
        return Text.same("")
    _, amount = first
    told = [
        say(
            N_(
                "An association, with what was known before held equal (90 % range {range}), not an "
                "experiment."
            ),
            range=words.cost_range(amount),
        )
    ]
    if sum(words.own_cost(lever) > 0 for lever in findings.levers) > 1:
        together = {
            "assumed": N_(
                "All levers together, shared harm counted once, come to about {total} a year "
                "({range}); some quantities or prices are assumed, not measured."
            ),
            "measured": N_(
                "All levers together, shared harm counted once, come to about {total} a year "
                "({range}), from measured quantities and prices."
            ),
        }[total.basis]
        told.append(say(together, total=words.cost(total), range=words.cost_range(total)))
    return Text((lang, " ".join(sentence[lang] for sentence in told)) for lang in LANGUAGES)


def _first(findings: Findings) -> tuple[LeverTotal, Money] | None:
    """The lever with most money that no other one contains, and all of its money."""
    for lever in levers.worst_first(findings):
        if lever.money is not None and lever.money.per_year > 0:
            return lever, lever.money
    return None


def _kind(summary: Summary) -> str:
    return "sample" if summary.sample else "data"


def _clauses(first: Text, second: Text) -> Text:
    return Text((lang, f"{first[lang]}; {second[lang]}") for lang in LANGUAGES)
