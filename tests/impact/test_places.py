"""Where an effect is worst is told only where groups differ for certain."""

from dataclasses import replace

import numpy as np
import pytest
from tests.draws import DRAWS, between
from tests.impact.test_effects import world

from zaplecze.impact.finding import Estimate, Finding
from zaplecze.impact.interactive import Scores
from zaplecze.impact.places import kept_places, places
from zaplecze.language import LANGUAGES, Text
from zaplecze.workspace import Impact


def finding_of(made):
    return Finding(
        id="late:A → outcome",
        lever=made.lever.name,
        outcome="outcome",
        outcome_label=Text.same("outcome"),
        outcome_kind=made.outcome.kind,
        higher_is_better=made.outcome.kind == "rating",
        noun=Text.same("cases"),
        n=len(made.exposed),
        exposed=int(made.exposed.sum()),
        share=0.5,
        exposed_per_year=None,
        means=(0.0, 0.0),
        raw=Estimate(0.0, (0.0, 0.0), 1, ""),
        effect=None,
        robustness=None,
        verdict="yes",
        reason=None,
        dose=[],
        parts=[],
        caveats=[],
    )


def found_in(made):
    scores = made.among.scores("outcome", made.outcome.values, "late:A", made.exposed)
    finding, customer = finding_of(made), made.among.customer
    columns = [c for c in made.among.columns if c.categorical]
    where = places(finding, columns, made.outcome.values, scores, made.exposed, customer, "EUR")
    return kept_places([replace(finding, where=list(where))], Impact())[0].where


def test_the_group_that_suffers_most_is_named_with_its_own_effect():
    [where] = found_in(world(11, n=6000, varies=True))
    assert where.attribute == "region"
    assert where.q_value < 0.001
    worst = where.groups[0]
    assert worst.level == "b"
    assert worst.interval[0] <= -1.5 <= worst.interval[1]
    assert {group.level for group in where.groups} == {"a", "b", "c"}
    assert len({where.sentence[language] for language in LANGUAGES}) >= 1
    assert "b" in where.sentence["uk"]


def test_where_groups_are_alike_nothing_is_said():
    assert found_in(world(12, n=6000)) == []


def test_small_groups_and_those_to_whom_it_hardly_happened_are_not_looked_at():
    made = world(13, "yes_no", n=6000, varies=True)
    assert len(found_in(made)[0].groups) == 3
    region = made.among.columns[1]
    few = np.where(region.values == 1, np.where(np.arange(6000) < 150, 1.0, 0.0), region.values)
    made.among.columns[1] = replace(region, values=few)
    assert all(g.level != "b" for where in found_in(made) for g in where.groups)
    rare = np.where(region.values == 1, 0.0, made.outcome.values)
    scores = Scores(made.felt, np.ones(6000))
    columns = [region]
    looked = places(
        finding_of(made), columns, rare, scores, made.exposed, made.among.customer, "EUR"
    )
    assert all(group.level != "b" for where in looked for group in where.groups)


@pytest.mark.simulation
def test_over_many_worlds_intervals_of_groups_hold_at_once_and_alike_groups_are_rarely_told_apart():
    held = told = 0
    for seed in range(DRAWS):
        told += bool(found_in(world(seed, n=3000)))
        [where] = found_in(world(seed, n=3000, varies=True)) or [None]
        truth = {"a": -0.25, "b": -1.5, "c": -0.25}
        held += where is not None and all(
            g.interval[0] <= truth[g.level] <= g.interval[1] for g in where.groups
        )
    assert between(held / DRAWS, 0.90, 0.99)
    assert between(told / DRAWS, 0.0, 0.1)
