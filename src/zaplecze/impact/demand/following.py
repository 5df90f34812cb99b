"""From facts and contacts to a study: how long each case is followed, and through which stages."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.impact.arrays import Floats
from zaplecze.impact.demand.contacts import Contacts
from zaplecze.impact.demand.delays import Delay
from zaplecze.impact.demand.held import Held, held_equal
from zaplecze.impact.demand.study import Span, Study
from zaplecze.impact.facts import Facts
from zaplecze.impact.lever import FEWEST_EXPOSED
from zaplecze.impact.occurrences import StepTimes
from zaplecze.language import N_, say
from zaplecze.workspace import Workspace

DAY = 86_400.0

_COMMON_STEP = 0.05
_LATE_RECORDS = 0.1
_MOST_SPANS = 30
_CONTACTS_A_COLUMN = 10
_COLUMNS_A_WINDOW = 15
_MOST_WINDOWS = 8
_NEARLY_ALL = 0.95
_NEWTON_STEPS = 8
_MOST_LOGIT = 3.0


@dataclass(frozen=True)
class Followed:
    """A study with what it came from; ``rows`` are its cases among all.

    ``horizon`` in days. ``trimmed`` is the share of each delay's time that is not looked at because
    too few cases without any delay are left to compare with. ``never_delayed`` cases have no
    delay for as long as they could be followed, ``before_records`` began before
    contacts were recorded, ``of_nobody`` are of a customer who is not known, ``outside`` contacts fall
    into no time in which their case is followed.
    """

    study: Study
    rows: NDArray[np.bool_]
    horizon: float
    held: Held
    trimmed: Floats
    never_delayed: int
    before_records: int
    of_nobody: int
    outside: int


def follow(
    facts: Facts,
    workspace: Workspace,
    delays: list[Delay],
    contacts: Contacts,
    within_days: float | None,
    departed: Floats | None,
) -> Followed:
    """Follow the cases of FACTS for WITHIN_DAYS at most, or as long as contacts usually come.

    DEPARTED is when the customer left, which ends the following; NaN where this did not happen.
    """
    since_start = _days(contacts.time, facts.start[contacts.case])
    horizon = within_days if within_days is not None else _horizon(facts, delays, since_start)
    followed = np.fmin(_days(contacts.until, facts.start), horizon)
    for end in (contacts.over, departed):
        if end is not None:
            followed = np.fmin(followed, np.where(np.isnan(end), np.inf, _days(end, facts.start)))
    early = facts.start < contacts.since if _starts_late(facts, contacts) else np.zeros(1, bool)
    nobody = np.zeros(1, bool) if contacts.hidden is None else contacts.hidden
    rows = (np.nan_to_num(followed) > 0) & ~early & ~nobody
    if not rows.any():
        raise InputError(
            say(
                N_(
                    "No case can be followed in time: none begins while contacts were recorded. "
                    "Bring contacts of the same time as the cases."
                )
            )
        )
    clock, since, until = (
        np.array([_days(getattr(d, name), facts.start)[rows] for d in delays]).reshape(
            len(delays), -1
        )
        for name in ("clock", "since", "until")
    )
    kept = followed[rows]
    last = _last_to_compare(since, kept)
    shorter = np.minimum(kept, last)
    trimmed = _trimmed(since, kept, shorter)
    case, time, outside = _inside(contacts, since_start, rows, shorter)
    # A delay that comes after the end of following is not known while the case is followed.
    never_delayed = int((~(since < kept)).all(axis=0).sum())
    known = since < shorter
    since, clock = np.where(known, since, np.nan), np.where(known, clock, np.nan)
    most = max(len(time) // _CONTACTS_A_COLUMN, 4)
    stages = _stages(facts, delays, contacts, rows, most)
    held = held_equal(facts, workspace, contacts, rows, most - len(stages))
    study = Study(
        shorter, facts.customer[rows], np.maximum(clock, 0.0), np.maximum(since, 0.0),
        until, stages, held.values, case, time, _gone(facts, contacts, departed, rows, shorter), _weight(held.values, since),
    )  # fmt: skip
    return Followed(
        study,
        rows,
        float(min(horizon, last)),
        held,
        trimmed,
        never_delayed,
        int(early.sum()),
        int(nobody.sum()),
        outside,
    )


def _days(time: Floats | float, start: Floats) -> Floats:
    return np.asarray((time - start) / DAY)


def _horizon(facts: Facts, delays: list[Delay], since_start: Floats) -> float:
    """As long as nine in ten contacts take, and nearly all delays last."""
    ends = [_days(d.until, facts.start)[~np.isnan(d.since)] for d in delays]
    known = np.concatenate([each[np.isfinite(each)] for each in ends] or [np.empty(0)])
    marks = [float(np.quantile(known, 0.95))] if len(known) else []
    positive = since_start[since_start > 0]
    marks += [float(np.quantile(positive, 0.9))] if len(positive) else []
    return max(marks, default=1.0)


def _starts_late(facts: Facts, contacts: Contacts) -> bool:
    """Were contacts recorded only from some time after the first cases on?"""
    span = np.nanmax(facts.start) - np.nanmin(facts.start)
    return bool(contacts.since - np.nanmin(facts.start) > _LATE_RECORDS * span)


def _last_to_compare(since: Floats, followed: Floats) -> float:
    """Until when enough cases without any delay are followed."""
    free = np.fmin.reduce(np.vstack([since, followed]), axis=0)
    if len(free) <= FEWEST_EXPOSED:
        return float(free.max())
    return float(np.partition(free, -FEWEST_EXPOSED)[-FEWEST_EXPOSED])


def _trimmed(since: Floats, followed: Floats, shorter: Floats) -> Floats:
    whole = np.nansum(np.maximum(followed - since, 0.0), axis=1)
    left = np.nansum(np.maximum(shorter - since, 0.0), axis=1)
    return np.asarray(1 - left / np.maximum(whole, 1e-12))


def _inside(
    contacts: Contacts, since_start: Floats, rows: NDArray[np.bool_], followed: Floats
) -> tuple[NDArray[np.int64], Floats, int]:
    place = np.cumsum(rows) - 1
    of_rows = rows[contacts.case]
    case, time = place[contacts.case[of_rows]], since_start[of_rows]
    # What opens the case is no contact about it.
    counted = (time > 0) & (time <= followed[case])
    return case[counted], time[counted], int(len(since_start) - counted.sum())


def _weight(held: Floats, since: Floats) -> Floats:
    """The odds of a delay by what is held equal: cases like the delayed ones count for more.

    What is expected of the delayed is then right where either the rates or these odds are (as in
    doubly robust estimation); on average a case counts once.
    """
    delayed = (~np.isnan(since)).any(axis=0).astype(np.float64)
    columns = np.column_stack([np.ones(len(held)), held])
    slope = np.zeros(columns.shape[1])
    for _ in range(_NEWTON_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(columns @ slope, -_MOST_LOGIT, _MOST_LOGIT)))
        information = columns.T @ (columns * (chance * (1 - chance))[:, None])
        score = columns.T @ (delayed - chance) - slope
        slope += np.linalg.solve(information + np.eye(len(slope)), score)
    odds = np.exp(np.clip(columns @ slope, -_MOST_LOGIT, _MOST_LOGIT))
    return np.asarray(odds / odds.mean())


def _gone(
    facts: Facts,
    contacts: Contacts,
    departed: Floats | None,
    rows: NDArray[np.bool_],
    followed: Floats,
) -> NDArray[np.bool_]:
    """Whose following ends with another event than the one that is counted."""
    ends = [contacts.over] if contacts.asked_for else []
    ends += [] if departed is None else [departed]
    if not ends:
        return np.zeros(len(followed), dtype=bool)
    end = _days(np.fmin.reduce(ends), facts.start)
    if not contacts.recurrent:
        end[contacts.case] = np.nan
    return np.asarray(end[rows] <= followed)


def _stages(
    facts: Facts,
    delays: list[Delay],
    contacts: Contacts,
    rows: NDArray[np.bool_],
    most: int,
) -> list[Span]:
    """Waiting for each common step, and the time just after it, had it been done when it was due."""
    steps = [s for s in facts.steps if s.happened[rows].mean() >= _COMMON_STEP]
    steps = [s for s in steps if np.nanmedian(s.done[rows] - facts.start[rows]) > 0]
    delayed = {delay.name.step for delay in delays if delay.name.kind != "rework"}
    # What comes after a step that may be late has to be told most exactly.
    steps.sort(key=lambda s: (s.activity not in delayed, -s.happened[rows].sum()))
    done = [_when_due(step, delays) for step in steps]
    marks = _marks(facts, done, contacts, most)
    found: list[Span] = []
    for step, when in zip(steps, done, strict=True):
        exact = step.activity in delayed and len(found) < _MOST_SPANS // 2
        edges = marks if exact else marks[[0, len(marks) // 2, -1]]
        if len(found) + len(edges) > min(_MOST_SPANS, max(most // 2, 2)):
            break
        began, ended = (
            _days(step.began[rows], facts.start[rows]),
            _days(when[rows], facts.start[rows]),
        )
        found.append((np.fmin(began, ended), ended))
        found += [
            (ended + low, ended + high) for low, high in itertools.pairwise(edges) if low < high
        ]
    return found


def _when_due(step: StepTimes, delays: list[Delay]) -> Floats:
    """When the step was done, or ought to have been."""
    due = [d.since for d in delays if d.name.step == step.activity and d.name.kind != "rework"]
    return np.asarray(np.fmin.reduce([step.done, *due]))


def _marks(facts: Facts, done: list[Floats], contacts: Contacts, most: int) -> Floats:
    """How many days after a step contacts usually come, in a few marks from 0 on."""
    latest = np.full(len(contacts.time), np.nan)
    for times in done:
        at = times[contacts.case]
        latest = np.fmax(latest, np.where(at <= contacts.time, at, np.nan))
    after = _days(contacts.time, latest)
    after = after[after > 0]
    if not len(after):
        return np.zeros(1)
    count = int(np.clip(most // _COLUMNS_A_WINDOW, 1, _MOST_WINDOWS))
    marks = np.quantile(after, np.linspace(0.0, _NEARLY_ALL, count + 1)[1:])
    return np.unique([0.0, *marks])
