import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaplecze.impact.learner import FOLDS, CrossFitter, _folds_by_group
from zaplecze.impact.linear import correlations, difference, false_discoveries, slopes


def test_a_single_slope_is_the_textbook_one():
    random = np.random.default_rng(1)
    x = random.normal(size=500)
    y = 2 * x + random.normal(size=500)
    found = slopes(y, x[:, None], np.arange(500))[0]
    residual = y - found.estimate * x
    assert found.estimate == pytest.approx((x @ y) / (x @ x))
    # White's robust error, with the factor n / (n - 1) of one cluster a case.
    white = np.sqrt(((x * residual) ** 2).sum() * 500 / 499) / (x @ x)
    assert found.error == pytest.approx(white)


def test_cases_of_one_customer_count_as_one_voice():
    random = np.random.default_rng(2)
    x = np.repeat(random.normal(size=200), 10)
    y = np.repeat(random.normal(size=200), 10)
    groups = np.repeat(np.arange(200), 10)
    once = slopes(y[::10], x[::10, None], np.arange(200))[0]
    copied = slopes(y, x[:, None], groups)[0]
    assert copied.estimate == pytest.approx(once.estimate)
    assert copied.error == pytest.approx(once.error)


def test_the_difference_of_two_means_has_its_usual_error():
    random = np.random.default_rng(3)
    exposed = np.arange(400) < 100
    values = random.normal(size=400) + exposed
    found = difference(values, exposed, np.arange(400))
    a, b = values[exposed], values[~exposed]
    assert found.estimate == pytest.approx(a.mean() - b.mean())
    assert found.error == pytest.approx(np.sqrt(a.var() / 100 + b.var() / 300), rel=0.01)


def test_pulls_add_up_to_the_error_and_tell_which_estimates_move_together():
    random = np.random.default_rng(7)
    x, y = random.normal(size=(2, 900))
    z = y + 0.1 * random.normal(size=900)
    [first], [second] = slopes(y, x[:, None], np.arange(900)), slopes(z, x[:, None], np.arange(900))
    assert np.sqrt((first.pulls**2).sum()) == pytest.approx(first.error)
    together = correlations(np.array([first.pulls, second.pulls]))
    assert together[0, 1] > 0.98
    assert np.diag(together) == pytest.approx([1, 1])


def test_false_discoveries_are_those_of_benjamini_and_hochberg():
    # Their 1995 paper's example: fifteen p values, four of them rejected at 5 %.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    adjusted = false_discoveries(p)
    assert sum(q <= 0.05 for q in adjusted) == 4
    assert adjusted == sorted(adjusted)
    assert adjusted[0] == pytest.approx(0.0015)
    assert false_discoveries([]) == []


@given(st.lists(st.integers(0, 40), min_size=60, max_size=200))
def test_a_customer_is_never_split_over_folds(groups):
    folds = _folds_by_group(np.array(groups), seed=0)
    assert set(folds) <= set(range(FOLDS))
    for group in set(groups):
        assert len({f for f, g in zip(folds, groups, strict=True) if g == group}) == 1


def test_the_adjusted_effect_finds_what_the_raw_difference_misses(confounded):
    company = confounded(seed=5)
    fitter = CrossFitter(company.columns, company.customer)
    adjusted = slopes(
        fitter.residuals(company.outcome),
        fitter.residuals(company.exposed)[:, None],
        company.customer,
    )[0]
    raw = difference(company.outcome, company.exposed == 1, company.customer)
    assert adjusted.interval[0] <= company.effect <= adjusted.interval[1]
    assert raw.interval[1] < company.effect - 0.2


def test_predictions_do_not_change_between_runs(confounded):
    company = confounded(seed=6, n=1000)
    first = CrossFitter(company.columns, company.customer).residuals(company.outcome)
    second = CrossFitter(company.columns, company.customer).residuals(company.outcome)
    assert np.array_equal(first, second)


@pytest.mark.simulation
def test_intervals_cover_a_known_effect_at_their_nominal_rate(confounded):
    covered = raw_covered = 0
    for seed in range(100):
        company = confounded(seed=seed, n=3000)
        fitter = CrossFitter(company.columns, company.customer, seed=seed)
        adjusted = slopes(
            fitter.residuals(company.outcome),
            fitter.residuals(company.exposed)[:, None],
            company.customer,
        )[0]
        covered += adjusted.interval[0] <= company.effect <= adjusted.interval[1]
        raw = difference(company.outcome, company.exposed == 1, company.customer)
        raw_covered += raw.interval[0] <= company.effect <= raw.interval[1]
    # 100 draws of a 95 % interval cover 89 times or more with probability 0.99.
    assert covered >= 89
    assert raw_covered <= 5
