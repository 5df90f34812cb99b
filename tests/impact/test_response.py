"""Outcomes missing, and not at random: what those who are silent would have said, where it is known."""

import json

import numpy as np
import pytest
from tests.draws import DRAWS, between
from tests.impact.small import workspace_of

from zaplecze.impact.analysis import Bench
from zaplecze.impact.comparison import Comparisons
from zaplecze.impact.facts import Column, Facts, OutcomeFacts
from zaplecze.impact.finding import LeverName
from zaplecze.impact.lever import Lever
from zaplecze.impact.response import responses
from zaplecze.language import Text

pytestmark = pytest.mark.long

RATING = {"kind": "rating", "column": "y", "source": "a", "scale": [1, 5]}
EFFECT = -0.5 - 1.0 * 0.4
"""Of being late: half a point at once, and one point where it makes a defect (0.5 against 0.1)."""


def lever(name, exposed, background):
    nowhere = np.full(len(exposed), np.nan)
    amount = np.where(exposed == 1, 1.0, np.nan)
    words = Text.same(name)
    known = LeverName(name, words, "rework", name, words, "", Text.same(""))
    return Lever(known, exposed, nowhere, nowhere, amount, background, unit="times")


def company(seed, n=3000, answers="by defect"):
    """Customers who are late on and have defects; who has a defect hardly ever answers."""
    random = np.random.default_rng(seed)
    x = random.normal(size=n)
    late = (random.random(n) < 1 / (1 + np.exp(-x))).astype(float)
    defect = (random.random(n) < 0.1 + 0.4 * late).astype(float)
    felt = 4.0 - 0.5 * late - 1.0 * defect - 0.4 * x + random.normal(0, 0.7, n)
    chance = {
        "by defect": 1 / (1 + np.exp(-(1.4 - 2.6 * defect - 0.5 * x))),
        "evenly": np.full(n, 0.6),
        "all": np.ones(n),
        "never with a defect": 0.8 * (1 - defect),
    }[answers]
    given = np.where(random.random(n) < chance, felt, np.nan)
    background = [Column("x", Text.same("x"), x)]
    nowhere = np.full(n, np.nan)
    facts = Facts(
        start=nowhere,
        end=nowhere,
        customer=np.arange(n),
        attributes={"x": background[0]},
        outcomes={"rating": OutcomeFacts("rating", "rating", given, nowhere)},
        due={},
        steps=[],
    )
    return facts, lever("late", late, background), lever("defect", defect, background), felt


def workspace():
    made = workspace_of({}, {"rating": RATING})
    attribute = {"x": {"source": "a", "kind": "number"}}
    return type(made).model_validate(made.model_dump() | {"attributes": attribute})


def examined(seed, **how):
    facts, late, defect, felt = company(seed, **how)
    described = workspace()
    answers = responses(facts, described, [late, defect], [])
    bench = Bench(facts, described, [], Comparisons(facts.customer), answers)
    finding, _ = bench.examine(late, facts.outcomes["rating"])
    return finding, answers, felt


def covers(interval, truth):
    return interval[0] <= truth <= interval[1]


def test_weighted_to_all_the_effect_and_the_level_are_the_true_ones():
    finding, answers, felt = examined(3, n=8000)
    assert not covers(finding.effect.interval, EFFECT)
    assert covers(finding.weighted.weighted_interval, EFFECT)
    assert finding.weighted.answered == finding.effect.estimate
    level = answers["rating"].respondents.level
    assert not covers(level.answered_interval, felt.mean())
    assert covers(level.weighted_interval, felt.mean())
    assert level.shift_interval[1] < 0


def test_who_answered_is_shown_against_all():
    _, answers, _ = examined(3, n=8000)
    found = answers["rating"].respondents
    first = found.contrasts[0]
    assert first.fact == "defect"
    assert first.answered < first.everyone
    assert first.difference < -0.2
    assert first.answer_rate == pytest.approx(0.27, abs=0.05)
    assert found.share == pytest.approx(found.answered / found.cases)
    assert found.worth < found.answered
    assert "“defect”" in str(found.sentence)


def test_the_finding_says_what_weighting_does_to_it():
    finding, _, _ = examined(3, n=8000)
    assert finding.weighted.sentence in finding.caveats
    assert "instead of" in str(finding.weighted.sentence)


def test_where_silence_is_by_chance_weighting_hardly_moves_anything():
    finding, _, _ = examined(4, answers="evenly")
    assert abs(finding.weighted.shift) < 0.1
    assert covers(finding.weighted.shift_interval, 0)
    assert "hardly moves" in str(finding.weighted.sentence)


def test_where_all_answered_nothing_is_weighted():
    finding, answers, _ = examined(5, answers="all")
    assert answers == {}
    assert finding.weighted is None


def test_those_of_whom_nobody_answers_cannot_be_weighted_and_it_is_said():
    finding, answers, _ = examined(6, answers="never with a defect")
    found = answers["rating"].respondents
    assert found.level is None
    assert found.hardly > 0.2
    assert finding.weighted is None
    assert found.reason in finding.caveats


def test_what_is_known_only_after_the_answer_does_not_say_who_answers():
    facts, late, defect, _ = company(7)
    after = Lever(**vars(defect) | {"known_at": np.ones(facts.cases)})
    outcome = facts.outcomes["rating"]
    answered_first = OutcomeFacts(
        "rating", "rating", outcome.values, np.where(np.isnan(outcome.values), np.nan, 0.0)
    )
    facts.outcomes["rating"] = answered_first
    found = responses(facts, workspace(), [late, after], [])["rating"].respondents
    assert {each.fact for each in found.contrasts} == {"late", "x"}


def test_the_throughput_of_open_cases_is_still_to_come_and_not_missing():
    facts, late, defect, _ = company(8)
    described = workspace_of({}, {"rating": {"kind": "duration"}})
    attributes = workspace().attributes
    described = described.model_copy(update={"attributes": attributes})
    assert responses(facts, described, [late, defect], []) == {}


@pytest.mark.long
def test_the_reviews_that_are_missing_at_olist_hardly_move_what_lateness_costs(olist_run):
    findings = olist_run.findings
    [found] = findings.respondents
    assert found.outcome == "rating"
    assert found.share > 0.99
    # Who waited in vain answers less.
    assert found.contrasts[0].answer_rate < found.share
    late = next(f for f in findings.findings if f.lever.kind == "promise")
    assert late.weighted is not None
    assert abs(late.weighted.shift) < 0.05
    document = json.loads(findings.to_json())
    assert document["respondents"][0]["cases"] == found.cases
    assert type(findings).from_dict(document).respondents == findings.respondents


@pytest.mark.simulation
def test_over_many_companies_weighted_intervals_cover_the_truth():
    weighted, answered, level = np.zeros(3)
    for seed in range(DRAWS):
        finding, answers, felt = examined(1000 + seed)
        weighted += covers(finding.weighted.weighted_interval, EFFECT)
        answered += covers(finding.effect.interval, EFFECT)
        mean = answers["rating"].respondents.level
        # The mean over all customers there could be, of whom these are a sample.
        level += covers(mean.weighted_interval, 4.0 - 0.5 * 0.5 - 1.0 * 0.3)
        assert len(felt) == finding.weighted.n
    assert between(weighted / DRAWS, 0.90, 0.99)
    assert between(level / DRAWS, 0.90, 0.99)
    assert answered / DRAWS < 0.5
