"""Where an effect is worst: effects by group, told only where the groups differ for certain.

Averages of doubly robust scores over the exposed of each group (Semenova and Chernozhukov 2021);
a test that all groups are alike, held to the false discovery rate over everything that was looked
at, guards against fishing, and intervals hold for all groups of an attribute at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import Column
from zaplecze.impact.finding import Finding, Group, Where
from zaplecze.impact.interactive import Scores
from zaplecze.impact.linear import false_discoveries, pulled
from zaplecze.impact.units import estimate_in_words, range_in_words
from zaplecze.language import N_, Text, say
from zaplecze.workspace import Impact

FEWEST_IN_GROUP = 50
"""A group needs as many exposed cases, and others that count for as many."""

FEWEST_EACH_WAY = 10
"""Of a yes-or-no as many must have happened, and not have, to exposed and others of a group."""

MOST_GROUPS = 30
"""The most frequent groups of an attribute."""

DRAWS = 20_000


def places(
    finding: Finding,
    columns: Sequence[Column],
    outcome: Floats,
    scores: Scores,
    exposed: Floats,
    customer: NDArray[np.int64],
    currency: str,
) -> Iterator[Where]:
    """Effects of FINDING by the groups of COLUMNS; the q value is still that of one test.

    All arrays, and the values of COLUMNS, are over the same cases.
    """
    happens = outcome if finding.outcome_kind == "yes_no" else None
    for column in columns:
        levels = [
            code
            for code, name in enumerate(column.levels[:MOST_GROUPS])
            if name != "…" and _large_enough(column.values == code, exposed, scores, happens)
        ]
        if len(levels) >= 2:
            yield _compared(finding, column, levels, scores.values, exposed, customer, currency)


def kept_places(findings: list[Finding], rule: Impact) -> list[Finding]:
    """FINDINGS with those places whose groups differ at the false discovery rate of RULE."""
    looked_at = [(i, where) for i, finding in enumerate(findings) for where in finding.where]
    q_values = false_discoveries([where.q_value for _, where in looked_at], rule.dependence)
    kept: list[list[Where]] = [[] for _ in findings]
    for (i, where), q_value in zip(looked_at, q_values, strict=True):
        if q_value <= rule.false_discovery_rate:
            kept[i].append(replace(where, q_value=q_value))
    return [
        replace(finding, where=sorted(where, key=lambda w: w.q_value))
        for finding, where in zip(findings, kept, strict=True)
    ]


def _large_enough(
    group: NDArray[np.bool_], exposed: Floats, scores: Scores, happens: Floats | None
) -> bool:
    """Whether GROUP has enough exposed and enough others like them, of both answers."""
    sides = [group & (exposed == side) for side in (1, 0)]
    # As many as so many cases of equal weight would tell (Kish 1965).
    telling = [
        scores.weights[side].sum() ** 2 / max((scores.weights[side] ** 2).sum(), 1e-300)
        for side in sides
    ]
    if min(telling) < FEWEST_IN_GROUP:
        return False
    if happens is None:
        return True
    counts = [np.bincount(happens[side].astype(np.int64), minlength=2) for side in sides]
    return min(int(count.min()) for count in counts) >= FEWEST_EACH_WAY


def _compared(
    finding: Finding,
    column: Column,
    levels: list[int],
    scores: Floats,
    exposed: Floats,
    customer: NDArray[np.int64],
    currency: str,
) -> Where:
    member = np.stack([column.values == code for code in levels], axis=1).astype(np.float64)
    weights = member * exposed[:, None]
    effects = (member * scores[:, None]).sum(axis=0) / weights.sum(axis=0)
    around = (member * scores[:, None] - effects * weights) / weights.sum(axis=0)
    _, pulls = pulled(around, customer)
    variance = pulls.T @ pulls
    errors = np.sqrt(np.diag(variance))
    wide = _simultaneous(variance / np.outer(errors, errors))
    groups = [
        Group(
            column.levels[code],
            int(member[:, k].sum()),
            int(weights[:, k].sum()),
            float(effects[k]),
            (float(effects[k] - wide * errors[k]), float(effects[k] + wide * errors[k])),
        )
        for k, code in enumerate(levels)
    ]
    sign = -1 if finding.higher_is_better else 1
    # The worst is the one that is bad for certain: of small groups some look worse by chance.
    groups.sort(key=lambda group: -min(sign * bound for bound in group.interval))
    words = _sentence(finding, column, groups, currency)
    return Where(column.name, column.label, _alike(effects, variance), groups, words)


def _alike(effects: Floats, variance: Floats) -> float:
    """The p value of Wald's test that all groups have the same effect."""
    from scipy.special import chdtrc

    contrast = np.column_stack([np.ones(len(effects) - 1), -np.eye(len(effects) - 1)])
    apart = contrast @ effects
    statistic = apart @ np.linalg.pinv(contrast @ variance @ contrast.T) @ apart
    return float(chdtrc(len(effects) - 1, statistic))


def _simultaneous(correlation: Floats) -> float:
    """How many errors wide intervals are that hold for all groups at once in 95 %."""
    spread, axes = np.linalg.eigh(correlation)
    independent = np.random.default_rng(0).standard_normal((DRAWS, len(spread)))
    drawn = independent @ (axes * np.sqrt(np.clip(spread, 0.0, None))).T
    return float(np.quantile(np.abs(drawn).max(axis=1), 0.95))


def _sentence(finding: Finding, column: Column, groups: list[Group], currency: str) -> Text:
    sign = -1 if finding.higher_is_better else 1
    worst = groups[0]
    best = min(groups, key=lambda group: max(sign * bound for bound in group.interval))
    return say(
        N_(
            "Worst where “{attribute}” is “{worst}”: {there} (95 % for all groups at once: "
            "{range}). Least where it is “{best}”: {elsewhere}."
        ),
        attribute=column.label,
        worst=worst.level,
        there=estimate_in_words(worst.estimate, worst.interval, finding.outcome_kind, currency),
        range=range_in_words(worst.interval, finding.outcome_kind, currency),
        best=best.level,
        elsewhere=estimate_in_words(best.estimate, best.interval, finding.outcome_kind, currency),
    )
