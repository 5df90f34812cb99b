"""Levers of the written procedure: steps that are missing, and steps where it has no place for them."""

from collections.abc import Iterator

import numpy as np

from zaplecze.impact.arrays import Floats
from zaplecze.impact.beforehand import (
    known_columns,
    matched_instants,
    steps_before,
    steps_gone_before,
)
from zaplecze.impact.deviating import Deviating
from zaplecze.impact.facts import Column, Facts
from zaplecze.impact.lever import Lever, lever_name
from zaplecze.language import N_, say
from zaplecze.workspace import Workspace

MOST_DEVIATIONS = 20
"""So many of the most frequent deviations are levers; the rest are in the conformance report."""

THE_SAME = 0.95
"""A deviation whose cases agree so closely with those of another lever is that lever."""


def departure_levers(
    facts: Facts, workspace: Workspace, background: list[Column], found: list[Lever]
) -> Iterator[Lever]:
    """The deviations that are not among the levers FOUND already, as what is done again often is."""
    for deviating in facts.deviations[:MOST_DEVIATIONS]:
        if any(_agree(deviating.deviates, lever.exposed) > THE_SAME for lever in found):
            continue
        if deviating.kind == "skipped":
            yield _skipped(facts, workspace, background, deviating)
        else:
            yield _inserted(facts, workspace, background, deviating)


def _skipped(
    facts: Facts, workspace: Workspace, background: list[Column], deviating: Deviating
) -> Lever:
    """Missing, against cases in which the step was done; both from when it could have begun."""
    label = say(N_("{step}: missing"), step=workspace.step_label(deviating.activity))
    step = facts.by_activity.get(deviating.activity)
    never = np.full(facts.cases, np.nan)
    exposed = deviating.deviates.copy()
    began = never
    if step is not None:
        # On a way of the procedure that does without the step nothing could be missing.
        exposed[(exposed == 0) & ~step.happened] = np.nan
        began = step.began
    since = np.where(exposed == 1, deviating.at, np.where(exposed == 0, began, np.nan))
    earlier = steps_gone_before(facts, since) if step is None else steps_before(facts, step, since)
    before = background + known_columns(facts, workspace, earlier, since)
    name = lever_name(workspace, deviating.activity, "skipped", label)
    return Lever(name, exposed, since, np.where(exposed == 1, since, np.nan), never, before)


def _inserted(
    facts: Facts, workspace: Workspace, background: list[Column], deviating: Deviating
) -> Lever:
    label = say(N_("{step}: out of place"), step=workspace.step_label(deviating.activity))
    exposed = deviating.deviates
    since = matched_instants(exposed, reached=facts.start, known_at=deviating.at)
    earlier = steps_gone_before(facts, np.where(exposed == 1, since, np.nan))
    before = background + known_columns(facts, workspace, earlier, since)
    return Lever(
        lever_name(workspace, deviating.activity, "inserted", label),
        exposed,
        since,
        deviating.at,
        np.full(facts.cases, np.nan),
        before,
        over=(exposed == 0) & (facts.end < since),
    )


def _agree(first: Floats, second: Floats) -> float:
    """Of the cases that are exposed by one of the two, the share that is by both."""
    either = ((first == 1) | (second == 1)) & ~np.isnan(first) & ~np.isnan(second)
    return float(((first == 1) & (second == 1))[either].mean()) if either.any() else 0.0
