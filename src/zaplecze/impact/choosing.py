"""Levers of who does a step and in what: departments, groups and applications, each with the usual one."""

from collections.abc import Iterator

import numpy as np

from zaplecze.impact.beforehand import known_columns, steps_before
from zaplecze.impact.facts import RARE_STEP, Column, Facts
from zaplecze.impact.finding import LeverName, Refused
from zaplecze.impact.handling import Choice
from zaplecze.impact.lever import FEWEST_EXPOSED, Lever
from zaplecze.impact.occurrences import StepTimes
from zaplecze.language import N_, Text, number, say
from zaplecze.workspace import Workspace

MOST_CHOICES = 8
"""With more departments for one step, one by one, some would look bad by chance."""

WORDS = {
    "department": N_("{step}: done by “{choice}”, not by “{usual}”"),
    "group": N_("{step}: done by the group “{choice}”, not by “{usual}”"),
    "application": N_("{step}: done in “{choice}”, not in “{usual}”"),
}

ASKED = {
    "department": N_("{step}: which department does it"),
    "group": N_("{step}: which group does it"),
    "application": N_("{step}: in which application it is done"),
}


def choice_levers(
    facts: Facts, workspace: Workspace, step: StepTimes, background: list[Column]
) -> Iterator[Lever]:
    """Every frequent choice for STEP, against the most frequent one."""
    for choice in facts.handling.choices.get(step.activity, []):
        levels = _levels(facts, choice)
        if len(levels) > MOST_CHOICES:
            continue
        earlier = known_columns(facts, workspace, steps_before(facts, step), step.began)
        for level in levels[1:]:
            exposed = np.where(choice.codes == level, 1.0, np.nan)
            exposed[choice.codes == 0] = 0.0
            nothing = np.full(facts.cases, np.nan)
            known_at = np.where(exposed == 1, step.began, np.nan)
            name = _name(workspace, step.activity, choice, level)
            yield Lever(name, exposed, step.began, known_at, nothing, background + earlier)


def too_many_choices(facts: Facts, workspace: Workspace) -> list[Refused]:
    """The steps that are done by or in too many to compare them one by one, for every outcome."""
    found = []
    for activity, choices in facts.handling.choices.items():
        for choice in choices:
            count = len(_levels(facts, choice))
            if count <= MOST_CHOICES:
                continue
            label = say(ASKED[choice.kind], step=workspace.step_label(activity))
            reason = say(
                N_(
                    "There are {count} with {fewest} cases or more: too many to compare one by one "
                    "(at most {most}). Put them together into fewer."
                ),
                count=number(count),
                fewest=number(FEWEST_EXPOSED),
                most=number(MOST_CHOICES),
            )
            found += [
                Refused(f"{choice.kind}:{activity}", label, outcome, reason)
                for outcome in facts.outcomes
            ]
    return found


def _levels(facts: Facts, choice: Choice) -> list[int]:
    """The codes with enough cases, the most frequent first."""
    known = choice.codes[~np.isnan(choice.codes)].astype(np.int64)
    counts = np.bincount(known, minlength=len(choice.names))
    fewest = max(FEWEST_EXPOSED, RARE_STEP * facts.cases)
    return [code for code in range(len(choice.names)) if counts[code] >= fewest]


def _name(workspace: Workspace, activity: str, choice: Choice, level: int) -> LeverName:
    is_department = choice.kind == "department"
    words = workspace.department_label if is_department else Text.same
    declared = workspace.steps.get(activity)
    department = choice.names[level] if is_department else (declared and declared.department) or ""
    return LeverName(
        f"{choice.kind}:{activity}={choice.names[level]}",
        say(
            WORDS[choice.kind],
            step=workspace.step_label(activity),
            choice=words(choice.names[level]),
            usual=words(choice.names[0]),
        ),
        choice.kind,
        activity,
        workspace.step_label(activity),
        department,
        workspace.department_label(department),
    )
