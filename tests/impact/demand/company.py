"""A company whose customers call because it is late: every call and its cause are known."""

from dataclasses import dataclass, replace

import numpy as np
from tests.impact.small import facts_of, workspace_of

from zaplecze.impact.demand import Contacts
from zaplecze.impact.facts import Column
from zaplecze.language import Text
from zaplecze.workspace.model import Attribute

HOUR, DAY = 3600.0, 86_400.0
TARGET_DAYS = 1.5
FOLLOWED_DAYS = 10.0


@dataclass(frozen=True)
class Company:
    """Facts, workspace and calls; ``truth`` are the calls that each delay is expected to bring."""

    facts: object
    workspace: object
    contacts: Contacts
    truth: np.ndarray


def company(seed, cases=2500, *, effect=0.4, after=0.1, recurrent=True, calls_delay=False):
    """Two steps with a target each. Hard cases are late more often and call more anyway.

    A day of delay of the second step brings twice the calls of a day of the first. With CALLS_DELAY
    nobody calls because of a delay: who calls early on is put aside, and so late.
    """
    random = np.random.default_rng(seed)
    customers = int(cases * 0.7)
    customer = random.integers(0, customers, cases)
    # Of what happens once, impatient customers would be gone before they could be delayed.
    spread = 4 if recurrent else 1e6
    patience = random.gamma(spread, 1 / spread, customers)[customer]
    hard = (random.random(cases) < 0.4).astype(float)
    start = random.uniform(0, 60, cases)
    first = random.exponential(0.8 + 0.6 * hard)
    moved = np.zeros(cases)
    if calls_delay:
        moved = np.where(random.random(cases) < 0.3, 2.5, 0.0)
        first = np.where(moved > 0, 0.5, first) + moved
    second = random.exponential(0.8 + 0.6 * hard)
    done = np.array([first, first + second])
    due = np.array([np.full(cases, TARGET_DAYS), first + TARGET_DAYS])
    never = np.full(cases, np.inf)
    late = done > due
    followed = np.minimum(FOLLOWED_DAYS, 90 - start)
    usual = np.where(hard == 1, 0.14, 0.06)

    calls = [_calls(random, usual * patience, 0 * start, never, followed)]
    if calls_delay:
        calls.append(
            _calls(random, np.where(moved > 0, 1.5, 0.0), 0 * start, 0 * start + 1.4, followed)
        )
    # A question when the step is done comes sooner or later, delay or not.
    for step in range(2):
        in_time = np.minimum(done[step], due[step])
        calls.append(_calls(random, 0.15 * patience, in_time, in_time + 0.7, followed))
    brought = [
        (step, rate, np.where(late[step], low, np.inf), high)
        for step in range(2)
        for rate, low, high in (
            (effect * (1 + step), due[step], done[step]),
            (after * (1 - step), np.maximum(done[step], due[step]), never),
        )
    ]
    calls += [
        _calls(random, rate * patience, low, high, followed) for _, rate, low, high in brought
    ]
    case = np.concatenate([each[0] for each in calls])
    time = np.concatenate([each[1] for each in calls])
    over = np.full(cases, np.nan)
    if not recurrent:
        order = np.lexsort((time, case))
        case, time = case[order], time[order]
        once = np.unique(case, return_index=True)[1]
        case, time = case[once], time[once]
        over[case] = (start[case] + time) * DAY
        followed[case] = time
    truth = np.zeros(2)
    for step, rate, low, high in brought:
        truth[step] += rate * _length(low, high, followed).sum()
    facts = facts_of({"Check": done[0] * 24, "Pay": done[1] * 24}, start=start * 24)
    known = {"hard": Column("hard", Text.same("hard"), hard)}
    facts = replace(facts, customer=customer, attributes=known)
    workspace = workspace_of(
        {
            "Check": {"target_hours": 24 * TARGET_DAYS, "department": "Office"},
            "Pay": {"target_hours": 24 * TARGET_DAYS, "department": "Finance"},
        }
    )
    workspace.attributes["hard"] = Attribute(column="hard")
    contacts = Contacts(
        Text.same("calls"), case, (start[case] + time) * DAY, recurrent, over, -np.inf, 90 * DAY
    )
    return Company(facts, workspace, contacts, truth)


def _length(low, high, followed):
    low, high = np.minimum(low, followed), np.minimum(high, followed)
    return np.maximum(high - low, 0.0)


def _calls(random, rate, low, high, followed):
    length = _length(low, high, followed)
    count = random.poisson(rate * length)
    case = np.repeat(np.arange(len(length)), count)
    return case, np.minimum(low, followed)[case] + random.random(len(case)) * length[case]
