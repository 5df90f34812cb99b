"""Levers: facts of back-office work that someone can change, with what was known before them."""

import datetime as dt
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

import numpy as np

from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import RARE_STEP, Column, Facts
from zaplecze.impact.finding import LeverName
from zaplecze.impact.lateness import Promise, find_promise
from zaplecze.impact.occurrences import StepTimes
from zaplecze.language import N_, Text, duration, number, say
from zaplecze.workspace import Lever as DeclaredLever
from zaplecze.workspace import Workspace

FEWEST_EXPOSED = 30
"""Fewer exposed cases than this say nothing about an effect."""


@dataclass(frozen=True)
class Lever:
    """One lever over all cases; times are seconds since 1970, NaN where they do not matter.

    ``exposed`` is 1, 0, or NaN where it cannot be known; ``amount`` is how much (hours late, times
    gone back to) for the exposed. What happened before ``since`` is no answer to the lever in any
    case, exposed or not; the exposed know of it from ``known_at``. ``before`` are the columns to
    hold equal: case attributes and earlier steps only. ``due`` is until when a step that may be
    late was to be done, ``ended`` when it was; ``promise`` is the one that it breaks.
    """

    name: LeverName
    exposed: Floats
    since: Floats
    known_at: Floats
    amount: Floats
    before: list[Column] = field(repr=False)
    promise: Promise | None = None
    due: Floats | None = None
    ended: Floats | None = None

    def comes_after(self, other: "Lever") -> bool | None:
        """Whether it comes about after OTHER, by when both were known; None where no case says.

        Delays come in the order of the process, whatever their deadlines are counted from.
        """
        if self.ended is not None and other.ended is not None:
            return None
        apart = self.known_at - other.known_at
        apart = apart[~np.isnan(apart)]
        middle = float(np.median(apart)) if len(apart) else 0.0
        return None if middle == 0 else middle > 0

    @property
    def overdue(self) -> Floats:
        """Until when the steps that were never done were to be done; NaN in all other cases."""
        if self.due is None or self.ended is None:
            return np.full(len(self.exposed), np.nan)
        return np.where(np.isnan(self.ended), self.due, np.nan)


def find_levers(facts: Facts, workspace: Workspace) -> list[Lever]:
    """Every lever that the workspace and its log offer, in the order in which they come about.

    What the workspace makes from case attributes is true from the start, so it comes first.
    """
    promise = find_promise(facts, workspace)
    background = _background(facts, workspace, promise)
    found = _declared(facts, workspace, background)
    for step in facts.steps:
        found += _lateness(facts, workspace, step, background, promise)
        found += _repetition(facts, workspace, step, background)
    return [lever for lever in found if np.nansum(lever.exposed) >= 1]


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
    before = background + _known(facts, workspace, _before(facts, step), step.began)
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
    return [_late(_name(workspace, step.activity, "late", label), step, due, before)]


def _promised(workspace: Workspace, promise: Promise, before: list[Column]) -> list[Lever]:
    step, words = promise.step, workspace.step_label(promise.step.activity)
    levers = []
    if len(promise.steps) > 1:
        label = say(N_("{step}: slower than the promise allows"), step=words)
        name = _name(workspace, step.activity, "slow", label)
        levers.append(_late(name, step, step.done - promise.deviation[:, -1], before))
    label = say(N_("{step}: later than promised"), step=words)
    name = _name(workspace, step.activity, "promise", label)
    return [*levers, replace(_late(name, step, promise.due, before), promise=promise)]


def _late(name: LeverName, step: StepTimes, due: Floats, before: list[Column]) -> Lever:
    late = (step.done > due).astype(np.float64)
    late[np.isnan(step.done) | np.isnan(due)] = np.nan
    amount = np.where(late == 1, (step.done - due) / 3600, np.nan)
    # That a step is late is known when its time is up, not only when it is done at last.
    known_at = np.where(late == 1, due, np.nan)
    return Lever(name, late, step.began, known_at, amount, before, due=due, ended=step.done)


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
    name = _name(workspace, step.activity, "exception" if exception else "rework", label)
    since = _matched(
        exposed,
        reached=_stage(facts, step) if exception else step.done,
        known_at=step.began if exception else step.second_round,
    )
    amount = np.where(exposed == 1, step.rounds - (0 if exception else 1), np.nan)
    gone_before = _before(facts, step, np.where(exposed == 1, since, np.nan))
    # What is done again at once follows from what was known when the step began.
    at_once = gone_before == _before(facts, step) and not exception
    known = _known(facts, workspace, gone_before, step.began if at_once else since)
    before = background + known
    return [Lever(name, exposed, since, np.where(exposed == 1, since, np.nan), amount, before)]


def _stage(facts: Facts, step: StepTimes) -> Floats:
    """When the last of the steps that usually come before STEP was done, or the case started."""
    reached = facts.start
    for other in _before(facts, step):
        reached = np.fmax(reached, other.done)
    return reached


def _matched(exposed: Floats, reached: Floats, known_at: Floats) -> Floats:
    """KNOWN_AT for the exposed; for the others an instant at which it could as well have come.

    Were the others followed from the start and the exposed only from their exposure, the exposed
    would look immune to all that came before it (immortal time). So the others get waiting times
    from REACHED that are drawn from those of the exposed (prescription time-distribution matching,
    Zhou et al. 2005).
    """
    waits = np.sort((known_at - reached)[(exposed == 1) & ~np.isnan(known_at - reached)])
    matched = np.where(exposed == 1, known_at, np.nan)
    others = np.flatnonzero(exposed == 0)
    if len(waits):
        matched[others] = reached[others] + np.random.default_rng(0).choice(waits, len(others))
    return matched


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
    if np.isnan(day):
        return np.nan
    noon = dt.datetime.fromtimestamp(day * 86_400 + 43_200, tz=ZoneInfo(time_zone))
    offset = noon.utcoffset()
    return offset.total_seconds() if offset else 0.0


def _before(facts: Facts, step: StepTimes, since: Floats | None = None) -> list[StepTimes]:
    """The steps that usually come before STEP; with SINCE, before what happened at that time.

    A step may be gone back to long after it, when others have been done.
    """
    return [
        other
        for other in facts.steps
        if other is not step
        and other.happened.mean() >= RARE_STEP
        and (other.position < step.position or (since is not None and _usually(other, since)))
    ]


def _usually(other: StepTimes, since: Floats) -> bool:
    """Whether OTHER was done by SINCE in most cases that have both."""
    known = ~np.isnan(other.done) & ~np.isnan(since)
    return bool(known.any() and (other.done[known] <= since[known]).mean() > 0.5)


def _known(
    facts: Facts, workspace: Workspace, steps: list[StepTimes], instant: Floats
) -> list[Column]:
    """How long STEPS took, and how often they were done, as known at INSTANT."""
    columns = []
    reached = facts.start
    for step in steps:
        done = _as_known(step, instant)
        took = say(N_("{step}: time taken"), step=workspace.step_label(step.activity))
        columns.append(Column(f"{step.activity} took", took, done - reached))
        if (step.rounds > 1).mean() >= RARE_STEP or not step.happened.all():
            words = say(N_("{step}: times done"), step=workspace.step_label(step.activity))
            rounds = step.rounds_before(instant)
            columns.append(Column(f"{step.activity} repeated", words, rounds))
        reached = np.where(np.isnan(done), reached, done)
    return [column for column in columns if np.nanstd(column.values) > 0]


def _as_known(step: StepTimes, instant: Floats) -> Floats:
    """When STEP was done last, as far as that is known at INSTANT; NaN where it is not yet."""
    first = np.where(step.done <= instant, step.done, np.nan)
    return np.where(step.finished <= instant, step.finished, first)
