"""Verdicts in four plain words, and what they do not say."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from zaplecze.impact.facts import FEWEST_DAYS, Column, Facts, OutcomeFacts
from zaplecze.impact.finding import Finding, Verdict
from zaplecze.impact.guards import Usable
from zaplecze.impact.lever import FEWEST_EXPOSED, Lever
from zaplecze.impact.linear import false_discoveries
from zaplecze.impact.units import in_its_unit
from zaplecze.language import N_, Text, number, percent, say
from zaplecze.workspace import Workspace

TOO_SMALL = 0.1
"""An interval within this part of the outcome's spread, or mean, is too small to matter."""

FRAGILE = 0.01
"""An effect that hangs on less than this share of what is left over is not worth a yes."""


def judged(
    drafts: list[Finding], p_values: list[float], facts: Facts, workspace: Workspace
) -> list[Finding]:
    """DRAFTS with their verdicts, and the q values on which these rest."""
    rule, currency = workspace.impact, workspace.currency
    tested = [i for i, draft in enumerate(drafts) if draft.effect is not None]
    adjusted = false_discoveries([p_values[i] for i in tested], rule.dependence)
    q_values = dict(zip(tested, adjusted, strict=True))
    findings = []
    for i, draft in enumerate(drafts):
        if draft.effect is not None:
            small = _small(facts.outcomes[draft.outcome])
            stands = q_values[i] <= rule.false_discovery_rate
            verdict, reason = _verdict(draft, stands, small, currency)
            draft = replace(draft, verdict=verdict, reason=reason, q_value=q_values[i])
        findings.append(draft)
    return findings


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
    yield from _order_in_time(usable)
    yield from _unknown(lever, outcome, facts)
    yield from _twice_at_once(lever)
    silent_share = float(np.isnan(outcome.values[~np.isnan(lever.exposed)]).mean())
    if silent_share >= 0.05:
        yield say(
            N_("{share} of the cases have no such outcome; they may differ from those that have."),
            share=percent(silent_share, 0),
        )
    yield from _still_to_come(outcome, facts)
    if facts.days == 0:
        yield say(N_("The data say no times; what they hold is taken for one year."))
    elif facts.days < FEWEST_DAYS:
        yield say(
            N_("The log covers {days} days: too few to say what a year costs."),
            days=number(facts.days),
        )
    elif facts.days < 365:
        yield say(
            N_("The log covers {days} days; a year is scaled up from them, without its seasons."),
            days=number(facts.days),
        )


def folded(columns: Sequence[Column]) -> Iterator[Text]:
    """What of COLUMNS, which are held equal, is so only in part: categories with too many values."""
    for column in columns:
        if column.folded:
            yield say(
                N_(
                    "Of “{fact}” {count} values are told apart; the rarer ones, {rare} of them, are held "
                    "equal as one."
                ),
                fact=column.label,
                count=number(len(column.levels) - 1),
                rare=number(column.folded),
            )


def _twice_at_once(lever: Lever) -> Iterator[Text]:
    """Where a step is there again in the same instant, its row may have been exported twice."""
    if lever.at_once:
        yield say(
            N_(
                "In {count} of {all} exposed cases the step is there twice in the same instant. Where an "
                "export gave rows twice, name what tells events apart with 'id' under [[events]]."
            ),
            count=number(lever.at_once),
            all=number(int(np.nansum(lever.exposed))),
        )


def _order_in_time(usable: Usable) -> Iterator[Text]:
    if usable.too_early:
        yield say(
            N_(
                "Cases whose outcome came before the step began, or could have been gone back to, "
                "are left out of the adjusted effect, with the lever or without: {count}."
            ),
            count=number(usable.too_early),
        )
    if usable.over:
        yield say(
            N_(
                "Cases that had ended before it could have come to them are left out of the "
                "adjusted effect: {count}."
            ),
            count=number(usable.over),
        )
    if usable.answered_before:
        yield say(
            N_(
                "Exposed cases whose outcome came before the delay could be known are left out of "
                "the adjusted effect: {count}."
            ),
            count=number(usable.answered_before),
        )
    if usable.happened_before:
        yield say(
            N_(
                "In {count} exposed cases it happened before the delay; they count all the same, "
                "as it happens to cases without the delay too."
            ),
            count=number(usable.happened_before),
        )


def _unknown(lever: Lever, outcome: OutcomeFacts, facts: Facts) -> Iterator[Text]:
    """Cases in which it is not known whether the lever is true; the overdue among them stand out."""
    unknown = int(np.isnan(lever.exposed).sum())
    if unknown:
        yield say(
            N_("Cases in which the step is not done, or has no deadline, are left out: {count}."),
            count=number(unknown),
        )
    overdue = lever.overdue < facts.observed_until
    told = outcome.values[overdue & ~np.isnan(outcome.values)]
    if overdue.any():
        yield say(
            N_(
                "Among them {count} were never done although their time is up; the {told} of them "
                "with an outcome average {mean}."
            )
            if len(told)
            else N_("Among them {count} were never done although their time is up."),
            count=number(int(overdue.sum())),
            told=number(len(told)),
            mean=number(float(told.mean()), 2) if len(told) else "",
        )


def _still_to_come(outcome: OutcomeFacts, facts: Facts) -> Iterator[Text]:
    """What happens to the latest cases after the log's end is not in it."""
    if outcome.kind not in ("yes_no", "count"):
        return
    after = (outcome.time - facts.end)[outcome.values > 0]
    after = after[after > 0]
    if len(after) < FEWEST_EXPOSED:
        return
    usual = float(np.quantile(after, 0.9))
    short = (facts.observed_until - facts.end < usual)[~np.isnan(facts.end)]
    if short.mean() >= 0.05:
        yield say(
            N_(
                "Nine in ten come within {days} days of the end of a case; {share} of the cases "
                "ended later than that before the log did, so some are still to come."
            ),
            days=number(usual / 86_400, 0),
            share=percent(float(short.mean()), 0),
        )


def _verdict(
    finding: Finding, stands: bool, small: float, currency: str
) -> tuple[Verdict, Text | None]:
    """Does the lever hurt the outcome: yes, no, or cannot tell; and why when not yes.

    STANDS says whether there is an effect at the false discovery rate.
    """
    assert finding.effect is not None
    assert finding.robustness is not None
    sign = -1 if finding.higher_is_better else 1
    harm = sorted(sign * bound for bound in finding.effect.interval)
    if harm[0] > 0 and stands:
        if finding.robustness.value < FRAGILE:
            return "cannot tell", say(
                N_(
                    "The effect is so small that something unmeasured would have to explain only "
                    "{share} of the work and the outcome to undo it."
                ),
                share=percent(finding.robustness.value, 1),
            )
        return "yes", None
    if harm[1] < 0 and stands:
        return "no", say(
            N_("With what was known before held equal, the outcome is better, not worse.")
        )
    if max(abs(harm[0]), abs(harm[1])) <= small:
        return "no", say(
            N_("Whatever effect there is, is small: the harm is at most {bound} a case."),
            bound=in_its_unit(max(harm[1], 0.0), finding.outcome_kind, currency),
        )
    if harm[0] > 0 or harm[1] < 0:
        return "cannot tell", say(
            N_("With this many comparisons, an interval like this one turns up by chance.")
        )
    return "cannot tell", say(N_("The interval is too wide: it holds both harm and no harm."))


def _small(outcome: OutcomeFacts) -> float:
    """An effect that is too small to matter: a tenth of the spread; of what is rare or uneven
    also no more than a tenth of its mean, for its spread is far more than that."""
    spread = float(np.nanstd(outcome.values))
    if outcome.kind == "rating":
        return TOO_SMALL * spread
    return TOO_SMALL * min(spread, abs(float(np.nanmean(outcome.values))))
