"""Levers: facts of back-office work that someone can change, with what was known before them."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np

from zaplecze.impact.facts import RARE_STEP, Column, Facts, Floats, StepTimes
from zaplecze.impact.finding import LeverName
from zaplecze.impact.lateness import Promise, find_promise
from zaplecze.language import N_, Text, duration, number, say
from zaplecze.workspace import Lever as DeclaredLever
from zaplecze.workspace import Workspace

FEWEST_EXPOSED = 30
"""Fewer exposed cases than this say nothing about an effect."""


@dataclass(frozen=True)
class Lever:
    """One lever over all cases.

    ``exposed`` is 1, 0, or NaN where it cannot be known; ``known_at`` (seconds since 1970, NaN
    where it does not matter) is when the fact was known; ``amount`` is how much (hours late, times
    repeated) for the exposed. ``before`` are the columns to hold equal: case attributes and earlier
    steps only. ``promise`` is set for a lever whose effect may run through the promise.
    """

    name: LeverName
    exposed: Floats
    known_at: Floats
    amount: Floats
    before: list[Column] = field(repr=False)
    promise: Promise | None = None
    ended: Floats | None = None


def find_levers(facts: Facts, workspace: Workspace) -> list[Lever]:
    """Every lever that the workspace and its log offer, in the order of the process."""
    promise = find_promise(facts, workspace)
    background = _background(facts, workspace, promise)
    found: list[Lever] = []
    for step in facts.steps:
        before = background + _earlier(facts, workspace, step)
        found += _lateness(facts, workspace, step, before, promise)
        found += _repetition(facts, workspace, step, before, promise)
    found += _declared(facts, workspace, background)
    return [lever for lever in found if np.nansum(lever.exposed) >= 1]


def _lateness(
    facts: Facts,
    workspace: Workspace,
    step: StepTimes,
    before: list[Column],
    promise: Promise | None,
) -> list[Lever]:
    """The step after its due time or target; for the promised step also slower than allowed."""
    declared = workspace.steps.get(step.activity)
    if declared is None or (declared.due is None and declared.target_hours is None):
        return []
    if promise and step is promise.step:
        return _promised(facts, workspace, promise, before)
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
    on_the_way = promise if promise and step.position < promise.step.position else None
    name = _name(workspace, step.activity, "late", label)
    own = [_repeats(workspace, step)] if (step.count > 1).mean() >= RARE_STEP else []
    return [_late(name, step.done, due, [*before, *own], on_the_way)]


def _promised(
    facts: Facts, workspace: Workspace, promise: Promise, before: list[Column]
) -> list[Lever]:
    step, words = promise.step, workspace.step_label(promise.step.activity)
    label = say(N_("{step}: later than promised"), step=words)
    name = _name(workspace, step.activity, "promise", label)
    levers = [_late(name, step.done, promise.due, before, promise)]
    if len(promise.steps) > 1:
        label = say(N_("{step}: slower than the promise allows"), step=words)
        name = _name(workspace, step.activity, "slow", label)
        allowed_until = step.done - promise.deviation[:, -1]
        levers.append(_late(name, step.done, allowed_until, before, promise))
    return levers


def _late(
    name: LeverName, done: Floats, due: Floats, before: list[Column], promise: Promise | None
) -> Lever:
    late = (done > due).astype(np.float64)
    late[np.isnan(done) | np.isnan(due)] = np.nan
    amount = np.where(late == 1, (done - due) / 3600, np.nan)
    # That a step is late is known when its time is up, not only when it is done at last.
    return Lever(name, late, np.fmin(done, due), amount, before, promise, ended=done)


def _repetition(
    facts: Facts,
    workspace: Workspace,
    step: StepTimes,
    before: list[Column],
    promise: Promise | None,
) -> list[Lever]:
    """The step done more than once; or done at all, where it ought not to be needed."""
    declared = workspace.steps.get(step.activity)
    words = workspace.step_label(step.activity)
    exception = declared is not None and declared.exception
    exposed = (step.count >= (1 if exception else 2)).astype(np.float64)
    if not exception:
        exposed[~step.happened] = np.nan
    if not np.nansum(exposed) / facts.cases >= RARE_STEP or (exposed == 0).sum() == 0:
        return []
    label = words if exception else say(N_("{step}: done more than once"), step=words)
    name = _name(workspace, step.activity, "exception" if exception else "rework", label)
    on_the_way = promise if promise and step.position < promise.step.position else None
    known_at = np.where(exposed == 1, step.done, np.nan)
    amount = np.where(exposed == 1, step.count - (0 if exception else 1), np.nan)
    return [Lever(name, exposed, known_at, amount, before, on_the_way)]


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
        found.append(Lever(name, exposed, np.full(facts.cases, np.nan), amount, others))
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


def _name(workspace: Workspace, activity: str, kind: str, label: Text) -> LeverName:
    declared = workspace.steps.get(activity)
    department = (declared and declared.department) or ""
    return LeverName(
        id=f"{kind}:{activity}",
        label=label,
        kind=kind,  # type: ignore[arg-type]
        step=activity,
        step_label=workspace.step_label(activity),
        department=department,
        department_label=workspace.department_label(department),
    )


def _background(facts: Facts, workspace: Workspace, promise: Promise | None) -> list[Column]:
    """What was known when the case started: attributes, the calendar, the time promised."""
    usable = [
        column
        for name, column in facts.attributes.items()
        if workspace.attributes[name].known == "start" and workspace.attributes[name].adjust
    ]
    columns = [*usable, *_calendar(facts.start, workspace.time_zone)]
    if promise is not None:
        columns.append(Column("promised time", say(N_("time promised")), promise.due - facts.start))
    return columns


def _calendar(start: Floats, time_zone: str) -> list[Column]:
    """When the case started, as its day, weekday and hour on the wall clock of the workspace."""
    if np.isnan(start).all():
        return []
    known = start[~np.isnan(start)]
    days, position = np.unique(np.floor(start / 86_400), return_inverse=True)
    offset = np.array([_offset_seconds(day, time_zone) for day in days])[position]
    local = start + offset
    return [
        Column("start date", say(N_("start date")), (local - known.min()) / 86_400),
        Column("weekday", say(N_("weekday")), np.floor(local / 86_400 + 3) % 7),
        Column("hour", say(N_("hour of the day")), np.floor(local % 86_400 / 3_600)),
    ]


def _offset_seconds(day: float, time_zone: str) -> float:
    """The zone's distance from UTC at noon of DAY (days since 1970)."""
    import datetime as dt

    if np.isnan(day):
        return np.nan
    noon = dt.datetime.fromtimestamp(day * 86_400 + 43_200, tz=ZoneInfo(time_zone))
    offset = noon.utcoffset()
    return offset.total_seconds() if offset else 0.0


def _earlier(facts: Facts, workspace: Workspace, step: StepTimes) -> list[Column]:
    """How long the steps before STEP took, and how often they were repeated."""
    columns = []
    reached = facts.start
    for other in facts.steps:
        if other.position >= step.position:
            break
        if other.happened.mean() < RARE_STEP:
            continue
        took = say(N_("{step}: time taken"), step=workspace.step_label(other.activity))
        columns.append(Column(f"{other.activity} took", took, other.done - reached))
        if (other.count > 1).mean() >= RARE_STEP or not other.happened.all():
            columns.append(_repeats(workspace, other))
        reached = np.where(np.isnan(other.done), reached, other.done)
    return [column for column in columns if np.nanstd(column.values) > 0]


def _repeats(workspace: Workspace, step: StepTimes) -> Column:
    words = say(N_("{step}: times done"), step=workspace.step_label(step.activity))
    return Column(f"{step.activity} repeated", words, step.count)
