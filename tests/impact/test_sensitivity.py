import numpy as np
import pytest

from zaplecze.impact.design import Design
from zaplecze.impact.facts import Column
from zaplecze.impact.linear import Slope
from zaplecze.impact.sensitivity import robustness, robustness_value, strongest_confounder
from zaplecze.language import Text


def test_the_robustness_value_is_the_published_one():
    # Cinelli and Hazlett (2020), the Darfur example: t 4.18445, 783 degrees of freedom.
    assert robustness_value(4.18445, 783) == pytest.approx(0.13878, abs=5e-6)
    assert robustness_value(4.18445, 782, alpha_t=1.963) == pytest.approx(0.0763, abs=5e-5)


def test_an_effect_of_nothing_needs_nothing_to_overturn_it():
    found = robustness(Slope(0.0, 1.0, 100), None)
    assert found.value == 0
    assert found.value_significance == 0


def test_the_strongest_confounder_is_the_one_that_moves_both():
    random = np.random.default_rng(1)
    a, b, noise = random.normal(size=(3, 2000))
    lever = (a + 0.1 * b + random.normal(size=2000) > 0).astype(float)
    outcome = a + b + noise
    columns = [Column(n, Text.same(n), v) for n, v in (("b", b), ("a", a), ("noise", noise * 0))]
    found = strongest_confounder(Design.of(columns, np.arange(2000)), lever, outcome)
    assert found is not None
    assert found.variable == "a"
    assert 0.2 < found.of_lever < 0.6
    assert 0.3 < found.of_outcome < 0.6


def test_without_columns_there_is_no_benchmark():
    assert strongest_confounder(Design.of([], np.arange(5)), np.zeros(5), np.zeros(5)) is None


def test_the_sentence_names_the_benchmark_in_every_language():
    random = np.random.default_rng(2)
    a = random.normal(size=500)
    column = Column("region", Text(en="region", pl="region", uk="регіон"), a)
    design = Design.of([column], np.arange(500))
    found = strongest_confounder(design, (a > 0).astype(float), a + random.normal(size=500))
    words = robustness(Slope(1.0, 0.1, 500), found).sentence
    assert "region" in words["en"]
    assert "регіон" in words["uk"]
