"""Ordered categories: the proportional-odds model, and the odds of a better rating given by it."""

import numpy as np
import pytest
from tests.draws import DRAWS, between
from tests.impact.test_effects import LATE

from zaplecze.errors import InputError
from zaplecze.impact.comparison import Comparison
from zaplecze.impact.facts import Column, OutcomeFacts
from zaplecze.impact.lever import Lever
from zaplecze.impact.odds import odds_of_better
from zaplecze.impact.ordered import proportional_odds
from zaplecze.language import Text


def answers(seed, n=2000, cuts=(-1.0, 0.0, 1.5)):
    random = np.random.default_rng(seed)
    columns = random.normal(size=(n, 2)) * [1.0, 50.0] + [0.0, 300.0]
    felt = columns @ [0.8, -0.01] + 3 + random.logistic(size=n)
    return np.digitize(felt, cuts), columns


def test_two_levels_are_a_logistic_regression():
    # One binary column: the cut and the slope are log odds of a two-by-two table.
    answer = np.repeat([0, 1, 0, 1], [30, 10, 15, 45])
    exposed = np.repeat([0.0, 1.0], [40, 60])
    model = proportional_odds(answer, exposed[:, None])
    assert model.cuts[0] == pytest.approx(np.log(30 / 10))
    assert model.coefficients[0] == pytest.approx(np.log((45 / 15) / (10 / 30)))
    assert model.coefficient_errors[0] == pytest.approx(np.sqrt(1 / 30 + 1 / 10 + 1 / 15 + 1 / 45))
    assert model.cut_errors[0] == pytest.approx(np.sqrt(1 / 30 + 1 / 10))


def test_it_is_the_maximum_that_a_general_optimiser_finds():
    from scipy.optimize import minimize
    from scipy.special import expit

    answer, columns = answers(1)
    model = proportional_odds(answer, columns)

    def minus(theta):
        cuts = np.concatenate([[-np.inf], np.sort(theta[2:]), [np.inf]])
        said = columns @ theta[:2]
        chance = expit(cuts[answer + 1] - said) - expit(cuts[answer] - said)
        return -np.log(np.maximum(chance, 1e-300)).sum()

    found = np.concatenate([model.coefficients, model.cuts])
    assert 2 * minus(found) == pytest.approx(model.deviance)
    elsewhere = minimize(minus, found * 1.02, method="Nelder-Mead", options={"maxiter": 4000})
    assert 2 * elsewhere.fun >= model.deviance - 1e-6


def test_weights_count_cases_as_often_and_units_of_columns_do_not_matter():
    answer, columns = answers(2, n=300)
    often = np.random.default_rng(0).integers(1, 4, 300)
    weighted = proportional_odds(answer, columns, weights=often.astype(float))
    repeated = proportional_odds(np.repeat(answer, often), np.repeat(columns, often, axis=0))
    assert weighted.coefficients == pytest.approx(repeated.coefficients)
    assert weighted.coefficient_errors == pytest.approx(repeated.coefficient_errors)
    scaled = proportional_odds(answer, columns * 1000, weights=often.astype(float))
    assert scaled.coefficients * 1000 == pytest.approx(weighted.coefficients)
    assert scaled.deviance == pytest.approx(weighted.deviance)


def test_cases_told_twice_by_one_customer_count_once():
    answer, columns = answers(3, n=1500)
    once = proportional_odds(answer, columns, clusters=np.arange(1500))
    twice = proportional_odds(
        np.tile(answer, 2), np.tile(columns, (2, 1)), clusters=np.tile(np.arange(1500), 2)
    )
    assert twice.coefficient_errors == pytest.approx(once.coefficient_errors)
    assert twice.cut_errors == pytest.approx(once.cut_errors)
    # Nobody tells twice here, and the model holds: both errors are about alike.
    plain = proportional_odds(answer, columns)
    assert once.coefficient_errors == pytest.approx(plain.coefficient_errors, rel=0.1)


def test_what_has_no_maximum_is_told_and_not_fitted():
    answer, columns = answers(4, n=400)
    with pytest.raises(InputError, match="same in every case"):
        proportional_odds(np.full(400, 5.0), columns)
    with pytest.raises(InputError, match="without exception"):
        proportional_odds(answer, (answer >= 2).astype(float)[:, None])
    always_best = np.where(np.arange(400) < 40, 1.0, 0.0)
    with pytest.raises(InputError, match="without exception"):
        proportional_odds(np.where(always_best == 1, 3, answer), always_best[:, None])
    with pytest.raises(InputError, match="says the same twice"):
        proportional_odds(answer, np.column_stack([columns, columns[:, 0]]))
    with pytest.raises(InputError, match="says the same twice"):
        proportional_odds(answer, np.ones((400, 1)))


STARS = (-2.0, -1.2, -0.3, 1.0)
RECOMMEND = tuple(np.linspace(-3.5, 2.5, 10))
"""Cuts of a scale from 0 to 10."""


def rated(seed, log_odds, n=3000, *, spoilt=False, cuts=STARS):
    """Tension raises exposure and lowers ratings; the lever multiplies odds by exp(LOG_ODDS)."""
    random = np.random.default_rng(seed)
    x, region = random.normal(size=n), random.integers(0, 3, n).astype(float)
    tension = 0.8 * np.sin(2 * x) + 0.4 * (region == 2)
    exposed = (random.random(n) < 1 / (1 + np.exp(-tension))).astype(float)
    felt = log_odds * exposed - tension + random.logistic(size=n)
    stars = 1.0 + np.digitize(felt, cuts)
    if spoilt:
        stars[exposed == 1] = 1.0
    columns = [
        Column("x", Text.same("x"), x),
        Column("region", Text.same("region"), region, levels=("a", "b", "c")),
    ]
    among = Comparison(columns, np.ones(n, dtype=bool), np.arange(n) // 2)
    return among, exposed, stars


def odds_of(among, exposed, stars, *, kind="rating", better="higher"):
    unknown = np.full(len(stars), np.nan)
    lever = Lever(LATE, exposed, unknown, unknown, unknown, [])
    outcome = OutcomeFacts("stars", kind, stars, unknown)
    felt = among.left_over("stars", stars)
    higher = better == "higher"
    return odds_of_better(among, lever, outcome, felt, Text.same("Stars"), higher_is_better=higher)


def raw_odds_cover(among, exposed, stars, log_odds):
    raw = proportional_odds(stars, exposed[:, None], clusters=among.customer)
    return abs(raw.coefficients[0] - log_odds) <= 1.96 * raw.coefficient_errors[0]


def test_the_odds_of_a_better_rating_are_those_of_comparable_cases():
    made = rated(1, np.log(0.4), n=6000)
    found = odds_of(*made)
    assert found.interval[0] <= 0.4 <= found.interval[1]
    assert not raw_odds_cover(*made, np.log(0.4))
    assert found.n == 6000
    assert found.interval[0] < found.estimate < found.interval[1]
    low, high = found.interval
    assert found.sentence["en"] == (
        f"“Stars”: the odds of a better rating are {found.estimate:.2f} times those of comparable "
        f"cases (95 % interval {low:.2f} to {high:.2f})."
    )


def test_a_scale_from_0_to_10_has_odds_as_stars_have():
    among, exposed, answers = rated(4, np.log(0.4), n=6000, cuts=RECOMMEND)
    assert len(np.unique(answers)) == 11
    low, high = odds_of(among, exposed, answers - 1).interval
    assert low <= 0.4 <= high < 0.55


def test_where_lower_is_better_the_odds_turn():
    made = rated(2, -0.7)
    higher, lower = odds_of(*made), odds_of(*made, better="lower")
    assert lower.estimate == pytest.approx(1 / higher.estimate)
    assert lower.interval == pytest.approx((1 / higher.interval[1], 1 / higher.interval[0]))


def test_what_is_no_rating_of_a_few_levels_has_no_odds_and_neither_has_what_is_certain():
    among, exposed, stars = rated(3, -0.7)
    assert odds_of(among, exposed, stars, kind="amount") is None
    fine = stars + np.random.default_rng(0).random(len(stars))
    assert odds_of(Comparison(among.columns, among.rows, among.customer), exposed, fine) is None
    assert odds_of(*rated(3, -0.7, spoilt=True)) is None


@pytest.mark.simulation
@pytest.mark.parametrize("log_odds", [-1.0, 0.0])
@pytest.mark.parametrize("cuts", [STARS, RECOMMEND])
def test_over_many_worlds_the_interval_of_the_odds_covers_the_truth(log_odds, cuts):
    covered = raw = 0
    for seed in range(DRAWS):
        made = rated(seed, log_odds, cuts=cuts)
        low, high = odds_of(*made).interval
        covered += low <= np.exp(log_odds) <= high
        raw += raw_odds_cover(*made, log_odds)
    assert between(covered / DRAWS, 0.90, 0.99)
    assert raw / DRAWS < 0.5
