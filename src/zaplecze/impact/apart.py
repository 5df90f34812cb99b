"""What of an effect does not run through later levers: these, held equal, and the words for it."""

from collections.abc import Sequence

import numpy as np

from zaplecze.impact.facts import Column, OutcomeFacts
from zaplecze.impact.finding import Effect, Finding
from zaplecze.impact.lever import Lever
from zaplecze.impact.units import estimate_in_words, range_in_words
from zaplecze.language import N_, Text, joined, say

Later = list[tuple[Lever, str]]
"""Levers and the ids of their findings."""


def later_levers(
    i: int, pairs: Sequence[tuple[Lever, OutcomeFacts]], findings: Sequence[Finding]
) -> Later:
    """The levers after that of finding I that hurt the same outcome; none where it does not hurt."""
    if not _hurts(findings[i]):
        return []
    lever, outcome = pairs[i]
    later = []
    for k, ((other, o), finding) in enumerate(zip(pairs, findings, strict=True)):
        if o is outcome and other is not lever and _hurts(finding):
            after = other.comes_after(lever)
            if after or (after is None and k > i):
                later.append((other, finding.id))
    return later


def _hurts(finding: Finding) -> bool:
    """Whether FINDING does harm; where the harm has a price, harm of the kind that is priced."""
    return finding.verdict == "yes" and (finding.priced is None or finding.priced.estimate > 0)


def held(later: Later) -> list[Column]:
    """Whether and how much a case was exposed to LATER levers, as columns to hold equal."""
    columns = []
    for lever, _ in later:
        name, amount = lever.name, np.where(lever.exposed == 0, 0.0, lever.amount)
        columns.append(Column(f"{name.id} held", name.label, lever.exposed))
        columns.append(Column(f"{name.id} amount held", name.label, amount))
    return columns


def told_apart(finding: Finding, direct: Effect | None, later: Later, currency: str) -> Text:
    """Of FINDING, how much of its effect is DIRECT; None: that cannot be told."""
    names = joined([say(N_("“{name}”"), name=lever.name.label) for lever, _ in later])
    if direct is None:
        return say(
            N_(
                "The effect is the total one. How much of it does not run through {levers} cannot be "
                "told: with these held equal hardly any cases are alike."
            ),
            levers=names,
        )
    kind = finding.outcome_kind
    return say(
        N_(
            "The effect is the total one. How much of it does not run through {levers} cannot be "
            "told: with these held equal it turns round, to {direct} (95 % interval {range})."
        )
        if _turns_round(finding, direct)
        else N_(
            "The effect is the total one. With levers held equal too that come later or with it ({levers}), "
            "through which it may run, {direct} remains (95 % interval {range}); what comes later is less "
            "surely alike than what came before."
        ),
        levers=names,
        direct=estimate_in_words(direct.estimate, direct.interval, kind, currency),
        range=range_in_words(direct.interval, kind, currency),
    )


def _turns_round(finding: Finding, direct: Effect) -> bool:
    """Is DIRECT surely of the other sign? Then later levers are in part the same thing as this one."""
    low, high = direct.interval
    return finding.effect is not None and (high < 0 if finding.effect.estimate > 0 else low > 0)
