import numpy as np
import pytest

from zaplecze.errors import InputError
from zaplecze.money.correlation import check_matrix, correlated, correlation_matrix
from zaplecze.money.parameters import distribution
from zaplecze.workspace.values import FaultError

EACH = {
    "triangular": {"low": 1, "likely": 2, "high": 6},
    "pert": {"low": 1, "likely": 2, "high": 6},
    "normal": {"mean": 5, "sd": 2},
    "lognormal": {"low": 2, "high": 9},
    "beta": {"alpha": 2, "beta": 5, "low": 10, "high": 20},
    "uniform": {"low": 3, "high": 4},
    "discrete": {"values": [1, 5, 9], "weights": [1, 2, 1]},
    "empirical": {"values": [4, 8, 15, 16, 23, 42]},
}


@pytest.mark.parametrize("kind", EACH)
def test_draws_have_the_mean_and_the_quantiles_that_are_told(kind):
    made = distribution(kind, **EACH[kind])
    drawn = made.draws(np.random.default_rng(1), 200_000)
    assert drawn.mean() == pytest.approx(made.mean, rel=0.01)
    for share in (0.1, 0.5, 0.9):
        below = (drawn <= made.quantile(share)).mean()
        assert below >= share - 0.005
        if kind not in ("discrete", "empirical"):
            assert below == pytest.approx(share, abs=0.005)


def test_pert_has_four_times_the_weight_in_its_middle():
    assert distribution("pert", low=1, likely=2, high=6).mean == pytest.approx((1 + 4 * 2 + 6) / 6)


@pytest.mark.parametrize("kind", ["normal", "lognormal"])
def test_ninety_per_cent_lie_between_low_and_high(kind):
    made = distribution(kind, low=2, high=9)
    assert [made.quantile(0.05), made.quantile(0.95)] == pytest.approx([2, 9])


def test_a_lognormal_number_has_the_mean_and_deviation_given():
    made = distribution("lognormal", mean=10, sd=4)
    drawn = made.draws(np.random.default_rng(1), 400_000)
    assert made.mean == pytest.approx(10)
    assert drawn.std() == pytest.approx(4, rel=0.02)


@pytest.mark.parametrize(
    ("kind", "given", "where"),
    [
        ("pert", {"low": 3, "likely": 2, "high": 6}, ("likely",)),
        ("triangular", {"low": 2, "likely": 2, "high": 2}, ("likely",)),
        ("uniform", {"low": 2, "high": 2}, ("low",)),
        ("normal", {"mean": 2, "sd": 0}, ("sd",)),
        ("normal", {"mean": 2, "sd": 1, "low": 1, "high": 3}, ("mean",)),
        ("lognormal", {"low": 0, "high": 3}, ("low",)),
        ("lognormal", {"mean": -1, "sd": 3}, ("mean",)),
        ("beta", {"alpha": 0, "beta": 3}, ("alpha",)),
        ("discrete", {"values": [1, 2], "weights": [1]}, ("weights",)),
        ("discrete", {"values": [1, 2], "weights": [1, -1]}, ("weights",)),
        ("empirical", {"values": []}, ("values",)),
        ("pert", {"low": 3, "high": 6}, ()),
        ("uniform", {"low": 1, "high": 6, "sd": 2}, ("sd",)),
    ],
)
def test_impossible_parameters_are_refused_at_their_key(kind, given, where):
    with pytest.raises(FaultError) as refused:
        distribution(kind, **given)
    assert refused.value.where == where


def test_draws_move_together_as_wanted_and_keep_their_values():
    random = np.random.default_rng(1)
    draws = np.array(
        [random.lognormal(size=50_000), random.beta(2, 5, 50_000), random.uniform(size=50_000)]
    )
    wanted = correlation_matrix(["a", "b", "c"], {("a", "b"): 0.7, ("a", "c"): -0.4})
    ordered = correlated(draws, wanted, random)
    assert np.array_equal(np.sort(ordered, axis=1), np.sort(draws, axis=1))
    ranks = np.argsort(np.argsort(ordered, axis=1), axis=1)
    assert np.corrcoef(ranks) == pytest.approx(wanted, abs=0.01)


def test_correlations_that_cannot_hold_together_are_named():
    with pytest.raises(InputError, match="cannot hold together: a, b, c"):
        correlation_matrix(["a", "b", "c"], {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9})


def test_the_factor_that_is_proposed_makes_a_matrix_of_correlations():
    matrix = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    with pytest.raises(InputError) as refused:
        check_matrix(matrix, ["a", "b", "c"])
    factor = float(str(refused.value).split(" to ")[-1].split(" of ")[0])
    assert 0.5 < factor < 1
    check_matrix(np.eye(3) + factor * (matrix - np.eye(3)), ["a", "b", "c"])


def test_perfectly_correlated_draws_are_possible():
    random = np.random.default_rng(1)
    ordered = correlated(random.normal(size=(2, 1_000)), np.ones((2, 2)), random)
    assert np.array_equal(np.argsort(ordered[0]), np.argsort(ordered[1]))


def test_a_matrix_that_is_not_the_same_both_ways_is_refused():
    with pytest.raises(InputError, match="same both ways"):
        check_matrix(np.array([[1.0, 0.2], [0.3, 1.0]]), ["a", "b"])
