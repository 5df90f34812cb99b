"""Regression over time: memory, counts and their scatter."""

import numpy as np
import pytest
from tests.impact.verify.worlds import remembering

from zaplecze.impact.verify.course import fit, remembered


def design(size):
    return np.column_stack([np.ones(size), np.linspace(-1, 1, size)])


def test_memory_is_recovered_and_widens_the_error():
    generator = np.random.default_rng(3)
    errors = remembering(generator, (400,), 0.6)
    with_memory = fit(100 + errors, design(400), "gaussian")
    without = fit(100 + generator.permutation(errors), design(400), "gaussian")
    assert with_memory.memory == pytest.approx(0.6, abs=0.12)
    assert without.memory < 0.15
    level = np.array([1.0, 0.0])
    assert with_memory.guess(level).error > 1.5 * without.guess(level).error


def test_without_memory_it_is_ordinary_least_squares():
    generator = np.random.default_rng(5)
    columns = design(60)
    outcome = columns @ [3.0, 2.0] + generator.normal(size=60)
    # Errors that alternate have no memory of the kind that is allowed for.
    outcome += 0.8 * (-1.0) ** np.arange(60)
    course = fit(outcome, columns, "gaussian")
    assert course.memory == 0
    plain = np.linalg.lstsq(columns, outcome, rcond=None)[0]
    assert course.coefficients == pytest.approx(plain)
    residual = outcome - columns @ plain
    error = np.sqrt(residual @ residual / 58 * np.linalg.inv(columns.T @ columns)[1, 1])
    assert course.guess(np.array([0.0, 1.0])).error == pytest.approx(error)


def test_a_large_level_loses_no_digits():
    generator = np.random.default_rng(6)
    errors = generator.normal(size=80)
    small = fit(errors, design(80), "gaussian").guess(np.array([0.0, 1.0]))
    large = fit(1e8 + errors, design(80), "gaussian").guess(np.array([0.0, 1.0]))
    assert large.estimate == pytest.approx(small.estimate, rel=1e-5)
    assert large.error == pytest.approx(small.error, rel=1e-4)


def test_counts_follow_their_offset():
    generator = np.random.default_rng(7)
    offset = generator.integers(500, 5_000, 200).astype(float)
    course = fit(generator.poisson(0.1 * offset).astype(float), design(200), "poisson", offset)
    assert np.exp(course.coefficients[0]) == pytest.approx(0.1, rel=0.02)
    assert course.scale == pytest.approx(1.0, abs=0.25)


def test_scatter_beyond_chance_widens_the_error_of_counts():
    generator = np.random.default_rng(8)
    level = np.array([1.0, 0.0])
    plain = fit(generator.poisson(50, 200).astype(float), design(200), "poisson")
    lumpy = generator.poisson(50 * generator.gamma(4, 1 / 4, 200)).astype(float)
    poisson, negative = (fit(lumpy, design(200), f) for f in ("poisson", "negative-binomial"))
    assert poisson.guess(level).error > 2.5 * plain.guess(level).error
    assert negative.clumping == pytest.approx(0.25, abs=0.12)
    assert negative.guess(level).error == pytest.approx(poisson.guess(level).error, rel=0.2)


def test_a_longer_memory_is_noticed():
    generator = np.random.default_rng(9)
    wave = np.sin(2 * np.pi * np.arange(120) / 7)
    assert remembered(wave + 0.3 * generator.normal(size=120)) < 0.001
    assert remembered(generator.normal(size=120)) > 0.01
