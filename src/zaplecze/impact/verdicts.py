"""Verdicts in four plain words, and what they do not say."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from zaplecze.impact.facts import Facts, OutcomeFacts
from zaplecze.impact.finding import Finding, Verdict
from zaplecze.impact.guards import Usable
from zaplecze.impact.levers import Lever
from zaplecze.impact.linear import false_discoveries
from zaplecze.language import N_, Text, number, percent, say

FALSE_DISCOVERY_RATE = 0.05
TOO_SMALL = 0.1
"""An interval within this many standard deviations of the outcome is too small to matter."""


def judged(drafts: list[Finding], p_values: list[float], facts: Facts) -> list[Finding]:
    """DRAFTS with their verdicts, and with the promise that contains their lateness named."""
    tested = [i for i, draft in enumerate(drafts) if draft.effect is not None]
    q_values = dict(zip(tested, false_discoveries([p_values[i] for i in tested]), strict=True))
    findings = []
    for i, draft in enumerate(drafts):
        if draft.effect is not None:
            spread = float(np.nanstd(facts.outcomes[draft.outcome].values))
            verdict, reason = _verdict(draft, q_values[i], spread)
            draft = replace(draft, verdict=verdict, reason=reason)
        findings.append(draft)
    promised = {
        f.outcome: f.id for f in findings if f.lever.kind == "promise" and f.verdict == "yes"
    }
    return [
        replace(f, counted_in=promised.get(f.outcome)) if f.direct is not None else f
        for f in findings
    ]


def caveats(lever: Lever, outcome: OutcomeFacts, usable: Usable, facts: Facts) -> list[Text]:
    """What the effect of LEVER on OUTCOME leaves open."""
    return list(_caveats(lever, outcome, usable, facts))


def _caveats(lever: Lever, outcome: OutcomeFacts, usable: Usable, facts: Facts) -> Iterator[Text]:
    yield say(
        N_(
            "Not an experiment: what was known before each step is held equal, what nobody "
            "recorded is not."
        )
    )
    if usable.answered_before:
        yield say(
            N_(
                "Exposed cases whose outcome came before the delay could be known are left out of "
                "the adjusted effect: {count}."
            ),
            count=number(usable.answered_before),
        )
    unknown = int(np.isnan(lever.exposed).sum())
    if unknown:
        yield say(
            N_("Cases in which the step is not done, or has no deadline, are left out: {count}."),
            count=number(unknown),
        )
    silent_share = float(np.isnan(outcome.values[~np.isnan(lever.exposed)]).mean())
    if silent_share >= 0.05:
        yield say(
            N_("{share} of the cases have no such outcome; they may differ from those that have."),
            share=percent(silent_share, 0),
        )
    if facts.days == 0:
        yield say(N_("The data say no times; what they hold is taken for one year."))
    elif facts.days < 365:
        yield say(
            N_("The log covers {days} days; a year is scaled up from them, without its seasons."),
            days=number(facts.days),
        )


def _verdict(finding: Finding, q_value: float, spread: float) -> tuple[Verdict, Text | None]:
    """Does the lever hurt the outcome: yes, no, or cannot tell; and why when not yes."""
    assert finding.effect is not None
    sign = -1 if finding.higher_is_better else 1
    harm = sorted(sign * bound for bound in finding.effect.interval)
    if harm[0] > 0 and q_value <= FALSE_DISCOVERY_RATE:
        return "yes", None
    if harm[1] < 0 and q_value <= FALSE_DISCOVERY_RATE:
        return "no", say(
            N_("With what was known before held equal, the outcome is better, not worse.")
        )
    if max(abs(harm[0]), abs(harm[1])) <= TOO_SMALL * spread:
        return "no", say(
            N_("The whole interval is smaller than a tenth of the outcome's usual spread.")
        )
    if harm[0] > 0 or harm[1] < 0:
        return "cannot tell", say(
            N_("With this many comparisons, an interval like this one turns up by chance.")
        )
    return "cannot tell", say(N_("The interval is too wide: it holds both harm and no harm."))
