"""Whose delay made the case late: lateness against a promise, split over the steps that led to it.

Every step has a milestone: the instant at which it would be done had everything so far gone as
planned. A due time that is fixed when the case starts is a milestone as it stands; a target, or a
due time that is counted from the step before, is added to the milestone of the step before. A
step's *deviation* is by how much the case moved away from plan while the step had it; deviations
of a case add up, exactly, to how late it is. So what one step loses, and another makes up for, is
charged to the one and credited to the other, and the window of the promised step stays as planned.

The blame for a late case is divided by Shapley's value of the game in which a group of steps
"makes the case late" when their deviations alone, all other steps being on their allowance, would
have done so. The shares of a late case add up to one, so no lateness is counted twice.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import Facts
from zaplecze.impact.occurrences import StepTimes
from zaplecze.workspace import Workspace

MOST_STEPS = 10
"""Shapley's value looks at every group of steps: 2 to this many."""


@dataclass(frozen=True)
class Promise:
    """A promised step with the steps on the way to it; arrays have one entry a case.

    ``deviation`` (cases x steps) is in seconds, rows of cases without promise or delivery are NaN.
    """

    step: StepTimes
    due: Floats
    steps: list[StepTimes]
    deviation: Floats

    @property
    def late(self) -> Floats:
        """1 for cases done after the promised instant, 0 for others, NaN where it is not known."""
        late = (self.step.done > self.due).astype(np.float64)
        late[np.isnan(self.step.done) | np.isnan(self.due)] = np.nan
        return late

    @property
    def lateness(self) -> Floats:
        """Seconds after the promised instant, 0 for cases in time, NaN where it is not known."""
        return np.maximum(self.step.done - self.due, 0.0)

    def shares(self) -> tuple[NDArray[np.int64], Floats]:
        """The late cases (indices) and the share of each step in each (late cases x steps)."""
        late = np.flatnonzero(self.late == 1)
        return late, shapley_shares(self.deviation[late])


def find_promise(facts: Facts, workspace: Workspace) -> Promise | None:
    """The promised step of WORKSPACE with the steps on the way to it, if the log has one."""
    promised = [
        facts.by_activity[activity]
        for activity, step in workspace.steps.items()
        if step.due and step.due.promised and activity in facts.by_activity
    ]
    if not promised:
        return None
    last = max(promised, key=lambda step: step.position)
    way = [
        step
        for step in facts.steps
        if step.position < last.position and _has_allowance(workspace, step.activity)
    ]
    due = facts.due[last.activity]
    steps = [*way[-(MOST_STEPS - 1) :], last]
    return Promise(last, due, steps, _deviations(facts, workspace, steps, due))


def _has_allowance(workspace: Workspace, activity: str) -> bool:
    step = workspace.steps.get(activity)
    return step is not None and (step.due is not None or step.target_hours is not None)


COUNTED_FROM_BEFORE = 0.5
"""A due time that moves with the step before by more than this share is counted from it."""


def _deviations(facts: Facts, workspace: Workspace, steps: list[StepTimes], due: Floats) -> Floats:
    """How far each step (column) moved its case (row) from plan; one left out moves nothing."""
    deviation = np.zeros((facts.cases, len(steps)))
    reached, milestone = facts.start, facts.start
    for k, step in enumerate(steps[:-1]):
        done = _passed_on(step, steps[k + 1])
        planned = _milestone(facts, workspace, step, reached, milestone)
        told = ~np.isnan(done) & ~np.isnan(planned)
        moved_on = np.where(np.isnan(done), reached, done)
        # Without a plan of its own the step is as planned, whenever it was done.
        planned = np.where(told, planned, milestone + moved_on - reached)
        deviation[:, k] = (moved_on - planned) - (reached - milestone)
        reached, milestone = moved_on, planned
    deviation[:, -1] = (steps[-1].done - due) - (reached - milestone)
    return deviation


def _passed_on(step: StepTimes, following: StepTimes) -> Floats:
    """When STEP was done with, what it had to do again included, for FOLLOWING to be done."""
    return np.where(step.finished <= following.done, step.finished, step.done)


def _milestone(
    facts: Facts, workspace: Workspace, step: StepTimes, reached: Floats, milestone: Floats
) -> Floats:
    target = workspace.steps[step.activity].target_hours
    if target is not None:
        return milestone + target * 3600.0
    due = facts.due[step.activity]
    if counted_from_before(due - facts.start, reached - facts.start):
        return milestone + (due - reached)
    return due


def counted_from_before(due: Floats, reached: Floats) -> bool:
    """Whether due times follow the end of the step before; both in seconds from the case's start.

    A deadline set at the start does not move when the step before is late; one that is counted
    from that step moves with it, second for second.
    """
    known = ~np.isnan(due) & ~np.isnan(reached)
    centred = reached[known] - reached[known].mean() if known.any() else np.zeros(1)
    spread = float(centred @ centred)
    if spread == 0:
        return False
    return float(due[known] @ centred) / spread > COUNTED_FROM_BEFORE


def shapley_shares(deviation: Floats) -> Floats:
    """Shapley's value of each step (column) in the lateness of each late case (row).

    A group of steps makes a case late when its deviations add up to more than zero. Rows whose
    deviations add up to more than zero have shares that add up to one.
    """
    steps = deviation.shape[1]
    groups = np.array([[g >> k & 1 for k in range(steps)] for g in range(2**steps)], dtype=float)
    shares = [
        _shares_of_block(deviation[first : first + BLOCK], groups)
        for first in range(0, len(deviation), BLOCK)
    ]
    return np.concatenate(shares) if shares else np.zeros((0, steps))


BLOCK = 20_000
"""Cases at a time: a row has a column for every group of steps."""


def _shares_of_block(deviation: Floats, groups: Floats) -> Floats:
    cases, steps = deviation.shape
    late = (deviation @ groups.T > 0).astype(np.float64)
    shares = np.zeros((cases, steps))
    for index, group in enumerate(groups):
        size = int(group.sum())
        if size == steps:
            continue
        weight = factorial(size) * factorial(steps - size - 1) / factorial(steps)
        for k in np.flatnonzero(group == 0):
            shares[:, k] += weight * (late[:, index | 1 << int(k)] - late[:, index])
    return shares
