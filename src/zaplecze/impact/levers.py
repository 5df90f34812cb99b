"""Levers: facts of back-office work that someone can change, with what was known before them."""

from dataclasses import replace

import numpy as np

from zaplecze.impact.arrays import Floats
from zaplecze.impact.beforehand import (
    known_at_start,
    known_columns,
    matched_instants,
    stage,
    steps_before,
)
from zaplecze.impact.choosing import choice_levers
from zaplecze.impact.departures import departure_levers
from zaplecze.impact.facts import RARE_STEP, Column, Facts
from zaplecze.impact.finding import LeverKind, LeverName
from zaplecze.impact.lateness import Promise, find_promise
from zaplecze.impact.lever import Lever, lever_name
from zaplecze.impact.occurrences import StepTimes
from zaplecze.impact.passing import passing_levers
from zaplecze.language import N_, Text, duration, number, say
from zaplecze.workspace import Lever as DeclaredLever
from zaplecze.workspace import Workspace


def find_levers(facts: Facts, workspace: Workspace) -> list[Lever]:
    """Every lever that the workspace and its log offer, in the order in which they come about.

    What the workspace makes from case attributes is true from the start, so it comes first.
    """
    promise = find_promise(facts, workspace)
    background = known_at_start(facts, workspace, promise)
    found = _declared(facts, workspace, background)
    for step in facts.steps:
        found += _lateness(facts, workspace, step, background, promise)
        found += _duration(facts, workspace, step, background)
        found += _repetition(facts, workspace, step, background)
        found += choice_levers(facts, workspace, step, background)
    found += passing_levers(facts, workspace, background)
    found += departure_levers(facts, workspace, background, found)
    return [lever for lever in found if _to_be_told(lever)]


ASKED_FOR: tuple[LeverKind, ...] = ("late", "promise", "attribute")
"""Levers that the workspace names: it is told as well that no case has them."""


def _to_be_told(lever: Lever) -> bool:
    if lever.name.kind in ASKED_FOR:
        return not np.isnan(lever.exposed).all()
    return bool(np.nansum(lever.exposed) >= 1)


def _lateness(
    facts: Facts,
    workspace: Workspace,
    step: StepTimes,
    background: list[Column],
    promise: Promise | None,
) -> list[Lever]:
    """The step after its due time or target; for the promised step also slower than allowed.

    The first time it is done counts: that it is done again later is a lever of its own.
    """
    declared = workspace.steps.get(step.activity)
    if declared is None or (declared.due is None and declared.target_hours is None):
        return []
    before = background + known_columns(facts, workspace, steps_before(facts, step), step.began)
    if promise and step is promise.step:
        return _promised(workspace, promise, before)
    if declared.due:
        due = facts.due[step.activity]
        label = say(N_("{step}: after its deadline"), step=workspace.step_label(step.activity))
        # When the deadline was set is part of what was known: a tight one is missed more easily.
        allowed = say(N_("{step}: time allowed"), step=workspace.step_label(step.activity))
        before = [*before, Column(f"{step.activity} allowed", allowed, due - facts.start)]
    else:
        target_seconds = float(declared.target_hours or 0) * 3600
        due = step.began + target_seconds
        label = say(
            N_("{step}: later than its target of {target}"),
            step=workspace.step_label(step.activity),
            target=duration(target_seconds),
        )
    return [_late(lever_name(workspace, step.activity, "late", label), step, due, before)]


def _promised(workspace: Workspace, promise: Promise, before: list[Column]) -> list[Lever]:
    step, words = promise.step, workspace.step_label(promise.step.activity)
    levers = []
    if len(promise.steps) > 1:
        label = say(N_("{step}: slower than the promise allows"), step=words)
        name = lever_name(workspace, step.activity, "slow", label)
        levers.append(_late(name, step, step.done - promise.deviation[:, -1], before))
    label = say(N_("{step}: later than promised"), step=words)
    name = lever_name(workspace, step.activity, "promise", label)
    return [*levers, replace(_late(name, step, promise.due, before), promise=promise)]


def _late(name: LeverName, step: StepTimes, due: Floats, before: list[Column]) -> Lever:
    late = (step.done > due).astype(np.float64)
    late[np.isnan(step.done) | np.isnan(due)] = np.nan
    amount = np.where(late == 1, (step.done - due) / 3600, np.nan)
    # That a step is late is known when its time is up, not only when it is done at last.
    known_at = np.where(late == 1, due, np.nan)
    return Lever(
        name, late, step.began, known_at, amount, before, due=due, ended=step.done, unit="hours"
    )


LONG = 0.75
"""Of a step without planned minutes, what takes longer than this share of its cases is long."""


def _duration(
    facts: Facts, workspace: Workspace, step: StepTimes, background: list[Column]
) -> list[Lever]:
    """The work on the step itself took longer than planned or, without a plan, than usual.

    How long the step waited for it is held equal.
    """
    took = facts.handling.duration.get(step.activity)
    if took is None:
        return []
    declared, words = workspace.steps.get(step.activity), workspace.step_label(step.activity)
    planned = declared and declared.minutes and declared.minutes.bounds[1] * 60
    limit = planned or float(np.nanquantile(took, LONG))
    exposed = np.where(np.isnan(took), np.nan, (took > limit).astype(np.float64))
    if not RARE_STEP <= np.nansum(exposed) / facts.cases <= 1 - RARE_STEP:
        return []
    label = (
        N_("{step}: work longer than the {limit} planned for it")
        if planned
        else N_("{step}: work longer than {limit}, as in a quarter of cases")
    )
    started = facts.handling.started[step.activity]
    waited = say(N_("{step}: time waited"), step=words)
    before = background + known_columns(facts, workspace, steps_before(facts, step), step.began)
    before.append(Column(f"{step.activity} waited", waited, started - step.began))
    return [
        Lever(
            lever_name(
                workspace, step.activity, "duration", say(label, step=words, limit=duration(limit))
            ),
            exposed,
            started,
            np.where(exposed == 1, started + limit, np.nan),
            np.where(exposed == 1, (took - limit) / 3600, np.nan),
            before,
            ended=started + took,
            unit="hours",
        )
    ]


def _repetition(
    facts: Facts, workspace: Workspace, step: StepTimes, background: list[Column]
) -> list[Lever]:
    """The step done more than once; or done at all, where it ought not to be needed."""
    declared = workspace.steps.get(step.activity)
    words = workspace.step_label(step.activity)
    exception = declared is not None and declared.exception
    exposed = (step.rounds >= (1 if exception else 2)).astype(np.float64)
    if not exception:
        exposed[~step.happened] = np.nan
    if not np.nansum(exposed) / facts.cases >= RARE_STEP or (exposed == 0).sum() == 0:
        return []
    label = words if exception else say(N_("{step}: done more than once"), step=words)
    name = lever_name(workspace, step.activity, "exception" if exception else "rework", label)
    since = matched_instants(
        exposed,
        reached=stage(facts, step) if exception else step.done,
        known_at=step.began if exception else step.second_round,
    )
    amount = np.where(exposed == 1, step.rounds - (0 if exception else 1), np.nan)
    gone_before = steps_before(facts, step, np.where(exposed == 1, since, np.nan))
    # What is done again at once follows from what was known when the step began.
    follows = gone_before == steps_before(facts, step) and not exception
    known = known_columns(facts, workspace, gone_before, step.began if follows else since)
    before = background + known
    known_at = np.where(exposed == 1, since, np.nan)
    at_once = int(((step.rounds > 1) & (step.finished == step.done)).sum())
    return [Lever(name, exposed, since, known_at, amount, before, unit="times", at_once=at_once)]


def _declared(facts: Facts, workspace: Workspace, background: list[Column]) -> list[Lever]:
    """The levers that the workspace makes from case attributes."""
    found = []
    for key, declared in workspace.levers.items():
        column = facts.attributes[declared.attribute]
        exposed, label = _condition(declared, column)
        name = LeverName(
            key,
            declared.label or label,
            "attribute",
            declared.step or "",
            workspace.step_label(declared.step) if declared.step else Text.same(""),
            declared.department or "",
            workspace.department_label(declared.department)
            if declared.department
            else Text.same(""),
        )
        amount = np.where(exposed == 1, column.values, np.nan)
        others = [c for c in background if c.name != declared.attribute]
        never = np.full(facts.cases, np.nan)
        found.append(Lever(name, exposed, never, never, amount, others))
    return found


def _condition(declared: DeclaredLever, column: Column) -> tuple[Floats, Text]:
    """Which cases meet the condition of a declared lever, and the condition in words."""
    if declared.values is not None:
        wanted = [i for i, level in enumerate(column.levels) if level in declared.values]
        exposed = np.isin(column.values, wanted).astype(np.float64)
        label = say(
            N_("{attribute}: {values}"),
            attribute=column.label,
            values=", ".join(declared.values),
        )
    else:
        bound = declared.at_least or 0.0
        exposed = (column.values >= bound).astype(np.float64)
        label = say(
            N_("{attribute}: at least {bound}"),
            attribute=column.label,
            bound=number(bound, 0 if bound % 1 == 0 else 1),
        )
    exposed[np.isnan(column.values)] = np.nan
    return exposed, label
