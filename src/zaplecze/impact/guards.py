"""What may not explain an outcome, and when the data cannot tell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import Column, Facts, OutcomeFacts
from zaplecze.impact.finding import Refused
from zaplecze.impact.lever import FEWEST_EXPOSED, Lever
from zaplecze.language import N_, Text, number, percent, say, say_plural
from zaplecze.workspace import Workspace

DETERMINES = {
    "rating": 0.5,
    "yes_no": 0.5,
    "count": 0.9,
    "amount": 0.9,
    "duration": 0.9,
    "money": 0.9,
}
"""A variable that alone explains this share of an outcome's variation is a form of the outcome.

No honest fact comes near half of what people feel or do; amounts can follow closely from others.
"""

AFTERWARDS = 0.5
"""A lever known only after the outcome in this share of the exposed cases cannot explain it."""

ANSWERED_BEFORE = 0.1
"""More exposed cases than this that answered before the delay was known are another kind of case."""

HAPPENED_BEFORE = 0.2
"""More of what happened to the exposed than this came before the delay: it may be its cause."""

FEWEST_CUSTOMERS = 30
"""Intervals clustered by customer are too narrow with fewer customers than this."""

ENDS_THE_STEP = 0.2
"""An outcome that happens as the step ends in this share of its cases is part of the step."""

ENDS_THE_CASE = 0.5
"""An outcome ends cases where it is the last thing in this share more of those to which it happens
than of the others."""

ON_THE_WAY = ("rework", "handover", "returned", "inserted", "skipped")
"""Levers that a longer case has more of, or less."""

LEAST_LEFT = 0.01
"""Share of a lever's variation that a linear model of the other facts must leave over."""

LEAST_LEFT_BY_TREES = 0.05
"""The same of trees: where other facts decide the lever without exception they leave up to 0.03 of it,
at the edges of their leaves, and what goes with that is no effect."""

LEAST_COMPARABLE = 10.0
"""How many cases' worth of lever must be left over; of 30 cases with it and 30 without, alike, 15 are."""


@dataclass(frozen=True)
class Usable:
    """The cases that can be compared, and what the order in time did to the exposed.

    ``too_early`` counts cases, exposed or not, whose outcome came before there was anything to
    compare, ``exposed_too_early`` the exposed among them; ``answered_before`` exposed cases that
    answered before their delay was known; ``happened_before`` those to which the outcome happened
    before it. Answers before the delay are left out; what happens can happen at any time to
    anyone, and leaving it out among the exposed alone would make them look immune. ``over`` counts
    cases that had ended before the lever could have come to them; they are left out as well.
    """

    rows: NDArray[np.bool_]
    too_early: int
    exposed_too_early: int
    answered_before: int
    happened_before: int
    over: int = 0


def refused_attributes(facts: Facts, workspace: Workspace, outcome: OutcomeFacts) -> list[Refused]:
    """Attributes that may not explain OUTCOME: known only afterwards, or another form of it."""
    refused = []
    limit = DETERMINES[workspace.outcomes[outcome.name].kind]
    for name, column in facts.attributes.items():
        attribute = workspace.attributes[name]
        if name == workspace.case.customer:
            continue
        if attribute.known == "end":
            reason = say(
                N_("Known only at the end of the case, so it cannot explain what came before.")
            )
        elif (share := explained_share(column, outcome.values)) >= limit:
            reason = say(
                N_("Explains {share} of the outcome by itself: it is another form of the outcome."),
                share=percent(share, 0),
            )
        else:
            continue
        refused.append(Refused(name, column.label, outcome.name, reason))
    return refused


def explained_share(column: Column, outcome: Floats) -> float:
    """The share of OUTCOME's variance between the levels (or twenty bins) of COLUMN.

    Missing is a level, too: a reason that is written down only for those who left says who left.
    """
    known = ~np.isnan(outcome)
    values, target = column.values[known], outcome[known]
    if len(target) < FEWEST_EXPOSED or target.var() == 0:
        return 0.0
    there = ~np.isnan(values)
    distinct, level = np.unique(values[there], return_inverse=True)
    if not column.categorical and len(distinct) > 20:
        edges = np.unique(np.quantile(values[there], np.linspace(0, 1, 21)[1:-1]))
        level = np.searchsorted(edges, values[there], side="right")
    member = np.zeros(len(target), dtype=np.int64)
    member[there] = level + 1
    sizes = np.bincount(member)
    # Levels of a few cases each would explain anything.
    if len(target) < 10 * (sizes > 0).sum():
        return 0.0
    means = np.bincount(member, weights=target) / np.maximum(sizes, 1)
    return float((sizes * (means - target.mean()) ** 2).sum() / (len(target) * target.var()))


def usable_cases(lever: Lever, outcome: OutcomeFacts) -> Usable:
    """Cases in which lever and outcome are known and the outcome did not come before the lever."""
    known = ~np.isnan(lever.exposed) & ~np.isnan(outcome.values)
    over = np.zeros(len(known), dtype=bool) if lever.over is None else known & lever.over
    known &= ~over
    too_early = known & (outcome.time < lever.since)
    rows = known & ~too_early
    before = rows & (lever.exposed == 1) & (outcome.time < lever.known_at)
    happens = outcome.kind in ("yes_no", "count")
    return Usable(
        rows if happens else rows & ~before,
        int(too_early.sum()),
        int((too_early & (lever.exposed == 1)).sum()),
        0 if happens else int(before.sum()),
        int((before & (outcome.values > 0)).sum()) if happens else 0,
        int(over.sum()),
    )


def cannot_tell(
    lever: Lever, outcome: OutcomeFacts, usable: Usable, customer: NDArray[np.int64]
) -> Text | None:
    """Why the effect of LEVER on OUTCOME cannot be estimated; None when it can."""
    exposed = lever.exposed[usable.rows] == 1
    count, others = int(exposed.sum()), int((~exposed).sum())
    if usable.exposed_too_early > AFTERWARDS * max(count + usable.exposed_too_early, 1):
        return say(
            N_(
                "In {count} of {all} exposed cases the outcome came before the delay was known, "
                "so the delay cannot explain it. Check which column says when the outcome came, and "
                "its time zone."
            ),
            count=number(usable.exposed_too_early),
            all=number(count + usable.exposed_too_early),
        )
    if min(count, others) == 0:
        return _constant(count, others)
    if min(count, others) < FEWEST_EXPOSED:
        return say(
            N_(
                "Only {count} cases with it and {others} without: too few (at least {fewest}). Bring "
                "a longer period."
            ),
            count=number(count),
            others=number(others),
            fewest=number(FEWEST_EXPOSED),
        )
    customers = len(np.unique(customer[usable.rows]))
    if customers < FEWEST_CUSTOMERS:
        return say_plural(
            N_(
                "The cases belong to only {count} customer: too few (at least {fewest}). Check "
                "'customer' under [case], or bring more of them."
            ),
            N_(
                "The cases belong to only {count} customers: too few (at least {fewest}). Check "
                "'customer' under [case], or bring more of them."
            ),
            customers,
            fewest=number(FEWEST_CUSTOMERS),
        )
    if outcome.values[usable.rows].std() == 0:
        return say(
            N_("The outcome is the same in every case. Bring cases in which it is another, too.")
        )
    return None


def _constant(count: int, others: int) -> Text:
    """Why a lever that all COUNT cases have, or none of OTHERS, has no effect that could be told."""
    if not count and not others:
        return say(
            N_(
                "No case can be compared. Check when the outcome came, or bring cases in which it did."
            )
        )
    words = (
        N_("No case of {count} has it. Bring cases with it, or check how it is defined.")
        if not count
        else N_("Each case of {count} has it. Bring cases without it, or check how it is defined.")
    )
    return say(words, count=number(count or others))


def not_comparable(
    lever: Lever, outcome: OutcomeFacts, usable: Usable, case_end: Floats
) -> Text | None:
    """Why cases with and without LEVER cannot be compared; None when they can.

    CASE_END is the time of each case's last event.
    """
    return (
        _ends_the_step(lever, outcome)
        or _ends_the_case(lever, outcome, case_end)
        or _came_before(lever, outcome, usable)
    )


def _ends_the_step(lever: Lever, outcome: OutcomeFacts) -> Text | None:
    """Who hangs up in a queue has not waited long: where the outcome itself ends the step, short
    waits and bad outcomes come together whatever waiting does."""
    if lever.ended is None or outcome.kind != "yes_no":
        return None
    happened = (outcome.values == 1) & ~np.isnan(outcome.time) & ~np.isnan(lever.exposed)
    at_the_end = happened & (np.abs(outcome.time - lever.ended) <= 1)
    if at_the_end.sum() < max(ENDS_THE_STEP * happened.sum(), FEWEST_EXPOSED):
        return None
    return say(
        N_(
            "In {count} of {all} cases the outcome itself ends the step, so short waits and bad "
            "outcomes come together whatever waiting does."
        ),
        count=number(int(at_the_end.sum())),
        all=number(int(happened.sum())),
    )


def _ends_the_case(lever: Lever, outcome: OutcomeFacts, case_end: Floats) -> Text | None:
    """Who hangs up is not passed on any more: where the outcome itself ends the case, cases without
    it go on, and have more of everything that happens on the way."""
    if lever.ended is not None or lever.name.kind not in ON_THE_WAY or outcome.kind != "yes_no":
        return None
    known = ~np.isnan(outcome.time) & ~np.isnan(outcome.values)
    ends = known & (np.abs(outcome.time - case_end) <= 1)
    happened, other = known & (outcome.values == 1), known & (outcome.values == 0)
    at_the_end = int((ends & happened).sum())
    if at_the_end < FEWEST_EXPOSED or not other.any():
        return None
    if at_the_end / happened.sum() - ends[other].mean() < ENDS_THE_CASE:
        return None
    return say(
        N_(
            "In {count} of {all} cases the outcome itself ends the case. Cases without it go on and "
            "have more of everything that happens on the way, whatever that does."
        ),
        count=number(at_the_end),
        all=number(int(happened.sum())),
    )


def _came_before(lever: Lever, outcome: OutcomeFacts, usable: Usable) -> Text | None:
    exposed = lever.exposed == 1
    answers = int((exposed & usable.rows).sum()) + usable.answered_before
    if usable.answered_before > ANSWERED_BEFORE * max(answers, 1):
        return say(
            N_(
                "{count} of {all} exposed cases answered before the delay could be known; those "
                "that are left are not like the others."
            ),
            count=number(usable.answered_before),
            all=number(answers),
        )
    happened = int((exposed & usable.rows & (outcome.values > 0)).sum())
    if usable.happened_before > HAPPENED_BEFORE * max(happened, 1):
        return say(
            N_(
                "In {count} of the {all} exposed cases to which it happened, it happened before "
                "the delay: it may be the cause and not the consequence."
            ),
            count=number(usable.happened_before),
            all=number(happened),
        )
    return None


def nothing_held_equal(columns: Sequence[Column], rows: NDArray[np.bool_]) -> Text | None:
    """Why the cases ROWS stand side by side as they are; None where one of COLUMNS varies in them."""
    if any(len(np.unique(column.values[rows])) > 1 for column in columns):
        return None
    return say(
        N_(
            "Nothing that is held equal tells the cases apart, so only the raw difference stands. Name "
            "what was known at the start under [attributes]."
        )
    )


def no_overlap(
    columns: Sequence[Column], rows: NDArray[np.bool_], exposed: Floats, left_over: Floats
) -> Text | None:
    """Why exposed and other cases cannot be compared; None when they can.

    LEFT_OVER is what COLUMNS, which are held equal, leave of EXPOSED over the cases ROWS.
    """
    at, left = exposed[rows], float(left_over.var())
    share = left / float(at.var())
    if share >= LEAST_LEFT_BY_TREES and left * len(at) >= LEAST_COMPARABLE:
        return None
    decides = max(columns, key=lambda c: explained_share(replace(c, values=c.values[rows]), at))
    return say(
        N_(
            "What is held equal, “{fact}” above all, leaves {share} of the lever over: hardly any cases "
            "are alike. Where that fact is the same work told otherwise, leave it out with not_for "
            "under [impact]; otherwise bring more cases."
        ),
        fact=decides.label,
        share=percent(share, 1),
    )
