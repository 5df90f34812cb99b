"""Levers of passing work on: handed over more often than usual, and passed straight back."""

from collections.abc import Iterator

import numpy as np

from zaplecze.impact.arrays import Floats
from zaplecze.impact.beforehand import known_columns, matched_instants, steps_gone_before
from zaplecze.impact.facts import RARE_STEP, Column, Facts
from zaplecze.impact.finding import LeverKind, LeverName
from zaplecze.impact.handling import Occasions
from zaplecze.impact.lever import Lever
from zaplecze.language import N_, Text, number, say, say_plural
from zaplecze.workspace import Workspace


def passing_levers(facts: Facts, workspace: Workspace, background: list[Column]) -> Iterator[Lever]:
    """Being handed over, and passed back, more often than half of the cases are."""
    passed: list[tuple[LeverKind, Occasions]] = [
        ("handover", facts.handling.handed_over),
        ("returned", facts.handling.passed_back),
    ]
    for kind, occasions in passed:
        counts = occasions.counts(facts.cases)
        usual = int(np.median(counts)) if facts.cases else 0
        exposed = (counts > usual).astype(np.float64)
        if RARE_STEP <= exposed.mean() < 1:
            name = _name(kind, usual)
            yield _lever(facts, workspace, background, name, occasions, exposed, usual)


def _lever(
    facts: Facts,
    workspace: Workspace,
    background: list[Column],
    name: LeverName,
    occasions: Occasions,
    exposed: Floats,
    usual: int,
) -> Lever:
    known_at = occasions.times(facts.cases, usual + 1)
    since = matched_instants(exposed, reached=facts.start, known_at=known_at)
    before = [*background, *_first_department(facts, workspace)]
    before += known_columns(
        facts, workspace, steps_gone_before(facts, np.where(exposed == 1, since, np.nan)), since
    )
    counts = occasions.counts(facts.cases)
    return Lever(
        name,
        exposed,
        since,
        known_at,
        np.where(exposed == 1, counts - usual, np.nan),
        before,
        unit="times",
        # Long cases have more time to be passed on: whoever was finished by then is no comparison.
        over=(exposed == 0) & (facts.end < since),
    )


def _name(kind: LeverKind, usual: int) -> LeverName:
    nothing = Text.same("")
    return LeverName(kind, _label(kind, usual), kind, "", nothing, "", nothing)


def _label(kind: LeverKind, usual: int) -> Text:
    if kind == "handover":
        if usual == 0:
            return say(N_("Handed over to another department"))
        return say_plural(
            N_("Handed over between departments more than {usual} time"),
            N_("Handed over between departments more than {usual} times"),
            usual,
            usual=number(usual),
        )
    if usual == 0:
        return say(N_("Passed straight back to the department before"))
    return say_plural(
        N_("Passed straight back more than {usual} time"),
        N_("Passed straight back more than {usual} times"),
        usual,
        usual=number(usual),
    )


def _first_department(facts: Facts, workspace: Workspace) -> list[Column]:
    """Who had the case first: hard cases may go to other people from the start."""
    if not facts.steps:
        return []
    first = facts.steps[0].activity
    chosen = [c for c in facts.handling.choices.get(first, []) if c.kind == "department"]
    words = say(N_("{step}: department"), step=workspace.step_label(first))
    return [Column(f"{first} department", words, c.codes, c.names) for c in chosen]
