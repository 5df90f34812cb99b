"""What may not explain an outcome, and when the data cannot tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.facts import Column, Facts, Floats, OutcomeFacts
from zaplecze.impact.finding import Refused
from zaplecze.impact.levers import FEWEST_EXPOSED, Lever
from zaplecze.language import N_, Text, number, percent, say
from zaplecze.workspace import Workspace

DETERMINES = {"rating": 0.5, "yes_no": 0.5, "count": 0.9, "amount": 0.9}
"""A variable that alone explains this share of an outcome's variation is a form of the outcome.

No honest fact comes near half of what people feel or do; amounts can follow closely from others.
"""

AFTERWARDS = 0.5
"""A lever known only after the outcome in this share of the exposed cases cannot explain it."""

ENDS_THE_STEP = 0.2
"""An outcome that happens as the step ends in this share of its cases is part of the step."""

LEAST_LEFT = 0.01
"""Share of a lever's variation that must be left over once the other facts have explained it."""


@dataclass(frozen=True)
class Usable:
    """The cases that can be compared, and how many were left out because of the order in time."""

    rows: NDArray[np.bool_]
    answered_before: int


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
    """The share of OUTCOME's variance between the levels (or twenty bins) of COLUMN."""
    known = ~np.isnan(column.values) & ~np.isnan(outcome)
    values, target = column.values[known], outcome[known]
    if len(target) < FEWEST_EXPOSED or target.var() == 0:
        return 0.0
    distinct, member = np.unique(values, return_inverse=True)
    if not column.categorical and len(distinct) > 20:
        edges = np.unique(np.quantile(values, np.linspace(0, 1, 21)[1:-1]))
        member = np.searchsorted(edges, values, side="right")
    sizes = np.bincount(member)
    # Levels of a few cases each would explain anything.
    if len(target) < 10 * (sizes > 0).sum():
        return 0.0
    means = np.bincount(member, weights=target) / np.maximum(sizes, 1)
    return float((sizes * (means - target.mean()) ** 2).sum() / (len(target) * target.var()))


def usable_cases(lever: Lever, outcome: OutcomeFacts) -> Usable:
    """Cases in which lever and outcome are known and the outcome did not come before the lever."""
    known = ~np.isnan(lever.exposed) & ~np.isnan(outcome.values)
    before = known & (outcome.time < lever.known_at)
    return Usable(known & ~before, int((before & (lever.exposed == 1)).sum()))


def cannot_tell(lever: Lever, outcome: OutcomeFacts, usable: Usable) -> Text | None:
    """Why the effect of LEVER on OUTCOME cannot be estimated; None when it can."""
    exposed = lever.exposed[usable.rows] == 1
    count, others = int(exposed.sum()), int((~exposed).sum())
    if usable.answered_before > AFTERWARDS * max(count + usable.answered_before, 1):
        return say(
            N_(
                "In {count} of {all} exposed cases the outcome came before the delay was known, "
                "so the delay cannot explain it."
            ),
            count=number(usable.answered_before),
            all=number(count + usable.answered_before),
        )
    if min(count, others) < FEWEST_EXPOSED:
        return say(
            N_("Only {count} cases with it and {others} without: too few (at least {fewest})."),
            count=number(count),
            others=number(others),
            fewest=number(FEWEST_EXPOSED),
        )
    if outcome.values[usable.rows].std() == 0:
        return say(N_("The outcome is the same in every case."))
    return None


def not_comparable(lever: Lever, outcome: OutcomeFacts) -> Text | None:
    """Why cases with and without LEVER cannot be compared; None when they can.

    Who hangs up in a queue has not waited long: where the outcome itself ends the step, short
    waits and bad outcomes come together whatever waiting does.
    """
    if lever.ended is None or not _is_yes_no(outcome.values):
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


def no_overlap(exposed: Floats, left_over: Floats) -> Text | None:
    """Why exposed and other cases cannot be compared; None when they can.

    LEFT_OVER is the lever's residual given what is held equal.
    """
    share = float(left_over.var() / exposed.var())
    if share >= LEAST_LEFT:
        return None
    return say(
        N_("What is held equal all but decides who is exposed: {share} of the lever is left over."),
        share=percent(share, 1),
    )


def _is_yes_no(values: Floats) -> bool:
    return bool(np.isin(values[~np.isnan(values)], [0.0, 1.0]).all())
