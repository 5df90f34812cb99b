"""When contacts cannot be laid to a delay, and four verdicts for when they can."""

import math

import numpy as np

from zaplecze.impact.demand.contacts import Contacts
from zaplecze.impact.demand.delays import Delay
from zaplecze.impact.demand.excess import AFTER, BEFORE, DURING, Excess
from zaplecze.impact.demand.following import Followed
from zaplecze.impact.demand.result import StepDemand
from zaplecze.impact.demand.study import Study
from zaplecze.impact.finding import Interval, Verdict
from zaplecze.impact.guards import ENDS_THE_STEP, FEWEST_CUSTOMERS, LEAST_LEFT
from zaplecze.impact.lever import FEWEST_EXPOSED
from zaplecze.language import N_, Text, number, percent, say

Judged = tuple[Verdict, Text | None]

FEWEST_CONTACTS = 30
"""Fewer contacts than this in all say nothing about rates."""

FEWEST_LATE_CONTACTS = 10
"""So many contacts must have come after a delay, or be expected, for its interval to hold."""

MOST_TRIMMED = 0.5
"""A delay of whose time more than this has nothing to be compared with cannot be told."""

LEAST_OWN = 0.05
"""A delay of whose time less than this is not shared with others cannot be told from them."""

EARLY_ERRORS = 2.58
"""A difference before the delay counts from so many standard errors on (one in a hundred) …"""

EARLY_SHARE = 0.25
"""… and where it is this part, at least, of what a day of the delay adds."""

BELOW_NOTHING = 0.02
"""Expected contacts may be so far below zero, as a share of those that came, by chance."""

SMALL_SHARE = 0.01
"""Contacts of a delay that are less than this share of all are too few to matter."""


def too_little(followed: Followed) -> Text | None:
    """Why what was FOLLOWED cannot tell anything; None when it may."""
    study, free = followed.study, followed.never_delayed
    if free < FEWEST_EXPOSED:
        return say(
            N_("Only {count} cases were never delayed: too few to compare with (at least {fewest})."),
            count=number(free), fewest=number(FEWEST_EXPOSED),
        )  # fmt: skip
    delayed = int(study.delayed.sum())
    if delayed < FEWEST_EXPOSED:
        return say(
            N_("Only {count} cases were delayed while they were followed: too few (at least {fewest})."),
            count=number(delayed), fewest=number(FEWEST_EXPOSED),
        )  # fmt: skip
    if len(study.time) < FEWEST_CONTACTS:
        return say(
            N_("Only {count} contacts came while cases were followed: too few (at least {fewest})."),
            count=number(len(study.time)), fewest=number(FEWEST_CONTACTS),
        )  # fmt: skip
    customers = len(np.unique(study.customer))
    if customers < FEWEST_CUSTOMERS:
        return say(
            N_("The cases belong to only {count} customers: too few (at least {fewest})."),
            count=number(customers), fewest=number(FEWEST_CUSTOMERS),
        )  # fmt: skip
    return None


def no_delay_told() -> Text:
    """That no single delay can be told."""
    return say(N_("Of none of the delays can it be told; the reasons stand beside them."))


def guard(
    k: int,
    delays: list[Delay],
    followed: Followed,
    contacts: Contacts,
    found: Excess,
    early: Excess | None,
) -> Judged | None:
    """Why the contacts of delay K cannot be told; None when they can."""
    few = _too_few(k, followed, found)
    if few is not None:
        return "cannot tell", few
    if found.own[k] < LEAST_OWN:
        return "cannot tell", say(
            N_("It comes together with '{other}' nearly always, so the two cannot be told apart."),
            other=delays[int(found.like[k])].name.label,
        )
    if (share := _left_over(k, followed.study)) < LEAST_LEFT:
        return "cannot tell", say(
            N_("What is held equal all but decides who is exposed: {share} of the lever is left over."),
            share=percent(share, 1),
        )  # fmt: skip
    reason = (
        _same_instant(delays[k], followed, contacts)
        or _early(k, found, early)
        or _below_nothing(k, found)
    )
    return None if reason is None else ("not comparable", reason)


def _too_few(k: int, followed: Followed, found: Excess) -> Text | None:
    cases = int((~np.isnan(followed.study.since[k])).sum())
    if cases < FEWEST_EXPOSED:
        return say(
            N_("Only {count} cases were delayed while they were followed: too few (at least {fewest})."),
            count=number(cases), fewest=number(FEWEST_EXPOSED),
        )  # fmt: skip
    if followed.trimmed[k] > MOST_TRIMMED:
        return say(
            N_("For {share} of its time there are no cases without a delay to compare with."),
            share=percent(float(followed.trimmed[k]), 0),
        )
    came, expected = found.came[k, DURING:].sum(), found.expected[k, DURING:].sum()
    if max(came, expected) < FEWEST_LATE_CONTACTS:
        return say(
            N_("Only {count} contacts came after it: too few (at least {fewest})."),
            count=number(came), fewest=number(FEWEST_LATE_CONTACTS),
        )  # fmt: skip
    return None


def _left_over(k: int, study: Study) -> float:
    """The share of who is delayed that what is held equal does not explain."""
    delayed = (~np.isnan(study.since[k])).astype(np.float64)
    columns = np.column_stack([np.ones(len(delayed)), study.held])
    gram = columns.T @ columns
    explained = columns @ (np.linalg.pinv(gram, hermitian=True) @ (columns.T @ delayed))
    variance = float(delayed.var())
    return float(((delayed - explained) ** 2).mean()) / variance if variance else 0.0


def _same_instant(delay: Delay, followed: Followed, contacts: Contacts) -> Text | None:
    """A contact that comes as the step is done is part of the step, whatever delays do."""
    of_late = ~np.isnan(delay.since[contacts.case]) & followed.rows[contacts.case]
    overdue = of_late & (contacts.time > delay.since[contacts.case])
    ends = delay.until[contacts.case]
    overdue &= ~(contacts.time > ends + 1)
    at_the_end = overdue & (np.abs(contacts.time - ends) <= 1)
    count, every = int(at_the_end.sum()), int(overdue.sum())
    if count < max(ENDS_THE_STEP * every, FEWEST_LATE_CONTACTS):
        return None
    return say(
        N_(
            "{count} of the {all} contacts during the delay come at the very instant at which the "
            "step is done: they are part of the step."
        ),
        count=number(count),
        all=number(every),
    )


def _early(k: int, found: Excess, early: Excess | None) -> Text | None:
    """Other contacts than of other cases before the delay: they may be its cause."""
    if early is None or not early.days[k, BEFORE] > 0 or not early.early_error[k] > 0:
        return None
    added = found.rates[k, DURING] if found.days[k, DURING] > 0 else found.rates[k, AFTER]
    limit = max(EARLY_ERRORS * early.early_error[k], EARLY_SHARE * abs(added))
    if abs(early.early[k]) < limit:
        return None
    return say(
        N_(
            "The same cases had more contacts than others before they were delayed ({rate} a day): "
            "contacts may bring the delay, or something behind both."
        )
        if early.early[k] > 0
        else N_(
            "The same cases had fewer contacts than others before they were delayed ({rate} a day): "
            "they are not like the others."
        ),
        rate=number(float(early.early[k]), 3, signed=True),
    )


def _below_nothing(k: int, found: Excess) -> Text | None:
    """Fewer than no contacts expected: the cases without a delay do not tell of these."""
    came, expected = found.came[k, DURING:].sum(), found.expected[k, DURING:].sum()
    if expected >= -BELOW_NOTHING * came:
        return None
    return say(
        N_(
            "By the cases without a delay fewer than no contacts would be expected: the time after "
            "this delay is unlike any time without one."
        )
    )


def p_value(estimate: float, error: float) -> float:
    """Two-sided, of no contacts."""
    return math.erfc(abs(estimate) / error / math.sqrt(2)) if error > 0 else 1.0


def judge(interval: Interval, stands: bool, contacts: int) -> Judged:
    """Does the delay bring contacts? STANDS: there is an effect at the false discovery rate."""
    if interval[0] > 0 and stands:
        return "yes", None
    if interval[1] < 0 and stands:
        return "no", say(
            N_(
                "Once what other delays bring is set apart, there are fewer contacts after it than "
                "expected, not more."
            )
        )
    if max(abs(interval[0]), abs(interval[1])) <= SMALL_SHARE * contacts:
        return "no", say(
            N_("Whatever it brings is small: {count} of {all} contacts at most."),
            count=number(max(interval[1], 0.0)),
            all=number(contacts),
        )
    if interval[0] > 0 or interval[1] < 0:
        return "cannot tell", say(
            N_("With this many comparisons, an interval like this one turns up by chance.")
        )
    return "cannot tell", say(
        N_("The interval is too wide: it holds both more contacts and no more.")
    )


def judge_all(steps: list[StepDemand], interval: Interval, contacts: int) -> Judged:
    """Do delays bring contacts? Only where one of them does by itself, or all together."""
    stands = any(step.verdict == "yes" for step in steps)
    alone = len(steps) == 1
    return judge(interval, stands if alone else stands or _far(interval), contacts)


def _far(interval: Interval) -> bool:
    """Is nothing further away than one in a hundred would be?"""
    half = (interval[1] - interval[0]) / 2
    return abs(interval[0] + half) > EARLY_ERRORS / 1.96 * half
