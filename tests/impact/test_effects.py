"""Levers and outcomes of every kind with a known truth: what is adjusted covers it, what is raw does not."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from tests.draws import DRAWS, between, fewer
from tests.impact.small import facts_of, workspace_of

from zaplecze.impact.comparison import Comparison
from zaplecze.impact.dose import dose_response, per_unit
from zaplecze.impact.facts import Column, OutcomeFacts
from zaplecze.impact.finding import LeverName
from zaplecze.impact.interactive import average_effect, effect_on_exposed
from zaplecze.impact.lever import Lever
from zaplecze.impact.linear import difference, false_discoveries
from zaplecze.language import Text

LATE = LeverName("late:A", Text.same("A"), "late", "A", Text.same("A"), "", Text.same(""))


@dataclass(frozen=True)
class World:
    """Cases whose tension raises exposure and harm; ``truth`` is the effect on the exposed."""

    among: Comparison
    exposed: np.ndarray
    hours: np.ndarray
    outcome: OutcomeFacts
    truth: float
    per_hour: float

    @property
    def lever(self):
        unknown = np.full(len(self.exposed), np.nan)
        amount = np.where(self.exposed == 1, self.hours, np.nan)
        return Lever(LATE, self.exposed, unknown, unknown, amount, [], unit="hours")

    @property
    def felt(self):
        return self.among.left_over("outcome", self.outcome.values)

    def linear(self):
        return self.among.slopes(self.felt, [self.among.left_over("late:A", self.exposed)])[0]

    def interactive(self):
        scores = self.among.scores("outcome", self.outcome.values, "late:A", self.exposed)
        return self.among.interactive(scores, self.exposed)

    def raw(self):
        return difference(self.outcome.values, self.exposed == 1, self.among.customer)


def world(seed, kind="rating", n=3000, strength=1.0, learner="lightgbm", varies=False):
    """KIND of outcome; with VARIES the effect depends on the region, otherwise it is constant."""
    random = np.random.default_rng(seed)
    x, region = random.normal(size=n), random.integers(0, 3, n).astype(float)
    tension = 0.8 * np.sin(2 * x) + 0.4 * (region == 2)
    exposed = (random.random(n) < 1 / (1 + np.exp(-tension))).astype(float)
    hours = exposed * random.exponential(5, n)
    base, size = {
        "rating": (-tension + random.normal(size=n), -0.5),
        "yes_no": (None, 0.15),
        "count": (None, 0.4),
        "duration": (7200 * (3 + tension) + 3600 * random.normal(size=n), 1800.0),
        "money": (50 * tension + 40 * random.normal(size=n), 20.0),
    }[kind]
    effect = strength * size * (np.where(region == 1, 3.0, 0.5) if varies else np.ones(n))
    if kind == "yes_no":
        values = (random.random(n) < 0.35 + 0.15 * tension + effect * exposed).astype(float)
    elif kind == "count":
        values = random.poisson(1 + 0.5 * tension + effect * exposed).astype(float)
    else:
        values = base + effect * exposed
    columns = [
        Column("x", Text.same("x"), x),
        Column("region", Text.same("region"), region, levels=("a", "b", "c")),
    ]
    rows = np.ones(n, dtype=bool)
    among = Comparison(columns, rows, np.arange(n) // 2, learner)
    outcome = OutcomeFacts("outcome", kind, values, np.full(n, np.nan))
    truth = float((effect * exposed).sum() / exposed.sum())
    return World(among, exposed, hours, outcome, truth, 0.0)


def world_by_hours(seed, n=3000):
    """Each hour of delay costs 0.1 points."""
    made = world(seed, strength=0.0, n=n)
    values = made.outcome.values - 0.1 * made.hours
    outcome = OutcomeFacts("outcome", "rating", values, made.outcome.time)
    truth = float(-0.1 * made.hours[made.exposed == 1].mean())
    return World(made.among, made.exposed, made.hours, outcome, truth, -0.1)


def covers(interval, truth):
    return interval[0] <= truth <= interval[1]


def test_the_interactive_model_finds_the_effect_on_the_exposed_where_it_varies():
    made = world(3, n=6000, varies=True)
    assert covers(made.interactive().interval, made.truth)
    assert not covers(made.raw().interval, made.truth)


@pytest.mark.long
def test_both_learners_find_the_same():
    pytest.importorskip("sklearn")
    light, forest = world(4), world(4, learner="scikit-learn")
    assert light.linear().estimate == pytest.approx(forest.linear().estimate, abs=0.02)
    assert "scikit-learn" in forest.among.effect(forest.linear()).method


def test_doubly_robust_scores_are_those_of_the_textbook():
    # Two exposed, two others, chance one half: the difference of means, whatever is expected.
    y, d = np.array([3.0, 5.0, 1.0, 2.0]), np.array([1.0, 1.0, 0.0, 0.0])
    half, nothing = np.full(4, 0.5), np.zeros(4)
    groups = np.arange(4)
    assert effect_on_exposed(y, d, half, nothing, groups).estimate == pytest.approx(2.5)
    assert average_effect(y, d, half, nothing, nothing, groups).estimate == pytest.approx(2.5)
    right = average_effect(y, d, np.full(4, 0.9), np.full(4, 1.5), np.full(4, 4.0), groups)
    assert right.estimate == pytest.approx(2.5)


def test_exposed_cases_without_others_like_them_have_no_interactive_effect():
    made = world(5)
    sure = made.among.columns[0].values > 0.5
    exposed = np.where(sure, 1.0, made.exposed)
    assert made.among.scores("outcome", made.outcome.values, "other lever", exposed) is None


def test_each_hour_of_delay_has_an_effect_of_its_own():
    made = world_by_hours(6, n=6000)
    found = per_unit(made.among, made.lever, made.outcome, made.felt, Text.same("rating"), "EUR")
    assert found.unit == "hours"
    assert covers(found.effect.interval, made.per_hour)
    doses = dose_response(made.among, made.lever, made.felt)
    assert [dose.effect.estimate for dose in doses] == sorted(
        (dose.effect.estimate for dose in doses), reverse=True
    )
    assert all(0 < dose.overlap <= 1 for dose in doses)


def test_what_is_counted_in_times_has_doses_of_times():
    made = world(7)
    times = np.where(made.exposed == 1, 1.0 + (made.hours > 4), np.nan)
    lever = Lever(LATE, made.exposed, times, times, times, [], unit="times")
    assert [d.label["en"] for d in dose_response(made.among, lever, made.felt)] == [
        "1 time",
        "more than 1 time",
    ]


def test_with_any_dependence_more_is_asked_for():
    p = [0.001, 0.01, 0.02, 0.5]
    positive, whatever = false_discoveries(p), false_discoveries(p, "any")
    # Benjamini and Yekutieli's factor for four tests: 1 + 1/2 + 1/3 + 1/4.
    assert whatever[0] == pytest.approx(positive[0] * 25 / 12)
    assert all(a >= b for a, b in zip(whatever, positive, strict=True))


def test_nothing_is_held_equal_but_what_the_workspace_chooses():
    workspace = workspace_of({}).model_copy()
    assert workspace.impact.holds("weekday")
    rule = type(workspace.impact)(not_for=["weekday"])
    assert not rule.holds("weekday")
    assert type(workspace.impact)(adjust_for=["hour"]).holds("hour")
    assert not type(workspace.impact)(adjust_for=["hour"]).holds("weekday")
    assert facts_of({"A": [1.0]}).cases == 1


@pytest.mark.simulation
@pytest.mark.parametrize("kind", ["rating", "yes_no", "count", "duration", "money"])
def test_over_many_worlds_intervals_of_every_outcome_cover_the_truth(kind):
    linear, interactive, raw = np.zeros(3)
    for seed in range(DRAWS):
        made = world(1000 + seed, kind)
        linear += covers(made.linear().interval, made.truth)
        varied = world(5000 + seed, kind, varies=True)
        interactive += covers(varied.interactive().interval, varied.truth)
        raw += covers(made.raw().interval, made.truth)
    assert between(linear / DRAWS, 0.90, 0.99)
    assert between(interactive / DRAWS, 0.90, 0.99)
    assert raw / DRAWS < 0.5


@pytest.mark.simulation
def test_over_many_worlds_the_effect_of_each_hour_is_covered():
    covered = 0
    for seed in range(DRAWS):
        made = world_by_hours(seed)
        found = per_unit(made.among, made.lever, made.outcome, made.felt, Text.same("y"), "EUR")
        covered += covers(found.effect.interval, made.per_hour)
    assert between(covered / DRAWS, 0.90, 0.99)


@pytest.mark.simulation
def test_in_worlds_without_effects_false_discoveries_keep_to_their_rate():
    false = 0
    worlds = fewer(100)
    for seed in range(worlds):
        p = [world(100 * seed + k, strength=0.0, n=1000).linear().p_value for k in range(6)]
        false += min(false_discoveries(p)) <= 0.05
    assert false / worlds <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)


def test_a_finding_that_does_not_stand_at_the_chosen_rate_is_no_yes():
    from tests.impact.test_places import finding_of

    from zaplecze.impact.finding import Effect, Robustness
    from zaplecze.impact.verdicts import judged
    from zaplecze.workspace import Impact

    made = world(8)
    facts = facts_of(
        {"A": np.ones(50)}, outcomes={"outcome": ("rating", np.arange(50.0), [1] * 50)}
    )
    draft = replace(
        finding_of(made),
        effect=Effect(-9.0, (-17.0, -1.0), 50, ""),
        robustness=Robustness(0.3, 0.1, None, Text.same("")),
    )

    def verdict(**rule):
        workspace = workspace_of({}).model_copy(update={"impact": Impact(**rule)})
        found = judged([draft, draft], [0.03, 0.6], facts, workspace)[0]
        return found.verdict, found.q_value

    assert verdict(false_discovery_rate=0.1) == ("yes", pytest.approx(0.06))
    assert verdict() == ("cannot tell", pytest.approx(0.06))
    strict = verdict(false_discovery_rate=0.07, dependence="any")
    assert strict == ("cannot tell", pytest.approx(0.09))
