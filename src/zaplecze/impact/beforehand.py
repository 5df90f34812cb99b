"""What was known before a lever: the columns that are held equal, and whom it could have met."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

import numpy as np

from zaplecze.errors import InputError
from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import RARE_STEP, Column, Facts
from zaplecze.impact.lateness import Promise
from zaplecze.impact.occurrences import StepTimes
from zaplecze.language import N_, say
from zaplecze.workspace import Workspace


def known_at_start(facts: Facts, workspace: Workspace, promise: Promise | None) -> list[Column]:
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


def steps_before(facts: Facts, step: StepTimes, since: Floats | None = None) -> list[StepTimes]:
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


def steps_gone_before(facts: Facts, since: Floats) -> list[StepTimes]:
    """The steps that were done by SINCE in most cases that have both."""
    return [
        step for step in facts.steps if step.happened.mean() >= RARE_STEP and _usually(step, since)
    ]


def _usually(other: StepTimes, since: Floats) -> bool:
    """Whether OTHER was done by SINCE in most cases that have both."""
    known = ~np.isnan(other.done) & ~np.isnan(since)
    return bool(known.any() and (other.done[known] <= since[known]).mean() > 0.5)


def known_columns(
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
    return [column for column in columns if _varies(column.values)]


def _varies(values: Floats) -> bool:
    known = values[~np.isnan(values)]
    return len(known) > 0 and float(known.std()) > 0


def _as_known(step: StepTimes, instant: Floats) -> Floats:
    """When STEP was done last, as far as that is known at INSTANT; NaN where it is not yet."""
    first = np.where(step.done <= instant, step.done, np.nan)
    return np.where(step.finished <= instant, step.finished, first)


def stage(facts: Facts, step: StepTimes) -> Floats:
    """When the last of the steps that usually come before STEP was done, or the case started."""
    reached = facts.start
    for other in steps_before(facts, step):
        reached = np.fmax(reached, other.done)
    return reached


def matched_instants(exposed: Floats, reached: Floats, known_at: Floats) -> Floats:
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


def check_columns(columns: Iterable[Column], workspace: Workspace) -> None:
    """Raise `InputError` where WORKSPACE names something else than one of COLUMNS to hold equal."""
    known = {column.name for column in columns}
    for key, names in (
        ("adjust_for", workspace.impact.adjust_for or []),
        ("not_for", workspace.impact.not_for),
    ):
        for name in names:
            if name not in known and name not in workspace.attributes:
                raise InputError(
                    say(
                        N_(
                            "[impact] {key}: nothing that could be held equal is called '{value}'. "
                            "There are: {known}."
                        ),
                        key=key,
                        value=name,
                        known=", ".join(sorted(known)),
                    )
                )
