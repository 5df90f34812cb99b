"""Delays of steps as they come about in time: when the clock began to run, when time was up, when done."""

from dataclasses import dataclass, field

import numpy as np

from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import RARE_STEP, Facts
from zaplecze.impact.finding import LeverKind, LeverName
from zaplecze.impact.lever import FEWEST_EXPOSED, lever_name
from zaplecze.impact.occurrences import StepTimes
from zaplecze.language import N_, duration, say
from zaplecze.workspace import Workspace


@dataclass(frozen=True)
class Delay:
    """One way in which a step fails customers; times are seconds since 1970, one a case.

    ``since`` is when the case becomes delayed: its time is up, or the step is taken up once more;
    NaN in all other cases. ``clock`` is from when on that could have come, ``until`` when the step
    was done at last (NaN: not yet). Nothing in it is known before it happens.
    """

    name: LeverName
    clock: Floats = field(repr=False)
    since: Floats = field(repr=False)
    until: Floats = field(repr=False)


def find_delays(facts: Facts, workspace: Workspace, contact_steps: tuple[str, ...]) -> list[Delay]:
    """Every step of WORKSPACE that has a deadline or a target, late; and every step done again.

    In the order of the process. Steps that are contacts themselves are no delays.
    """
    found = []
    for step in facts.steps:
        if step.activity in contact_steps:
            continue
        late = _late(facts, workspace, step)
        again = _again(facts, workspace, step)
        found += [d for d in (late, again) if d is not None and not np.isnan(d.since).all()]
    return found


def _late(facts: Facts, workspace: Workspace, step: StepTimes) -> Delay | None:
    declared = workspace.steps.get(step.activity)
    if declared is None:
        return None
    words = workspace.step_label(step.activity)
    kind: LeverKind = "late"
    if declared.due is not None and step.activity in facts.due:
        due, promised = facts.due[step.activity], declared.due.promised
        message = (
            N_("{step}: later than promised") if promised else N_("{step}: after its deadline")
        )
        label = say(message, step=words)
        # A promise is broken for the customer, whoever has the case; another deadline binds the
        # step from when it could begin.
        due = due if promised else np.fmax(due, step.began)
        kind = "promise" if promised else "late"
    elif declared.target_hours is not None:
        target_seconds = declared.target_hours * 3600
        due = step.began + target_seconds
        label = say(
            N_("{step}: later than its target of {target}"),
            step=words,
            target=duration(target_seconds),
        )
    else:
        return None
    over = np.isnan(step.done) | (step.done > due)
    since = np.where(over, due, np.nan)
    # Of a case that never came to the step, the clock of its deadline runs from the start.
    clock = np.fmin(np.where(np.isnan(step.began), facts.start, step.began), since)
    name = lever_name(workspace, step.activity, kind, label)
    return Delay(name, np.where(over, clock, np.nan), since, step.done)


def _again(facts: Facts, workspace: Workspace, step: StepTimes) -> Delay | None:
    again = step.second_round
    count = int((~np.isnan(again)).sum())
    if count < max(FEWEST_EXPOSED, RARE_STEP * facts.cases):
        return None
    label = say(N_("{step}: done more than once"), step=workspace.step_label(step.activity))
    name = lever_name(workspace, step.activity, "rework", label)
    clock = np.where(np.isnan(again), np.nan, np.fmin(step.done, again))
    return Delay(name, clock, again, np.fmax(step.finished, again))
