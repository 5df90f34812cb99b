"""Published figures of the proportional-odds model."""

from itertools import product

import numpy as np
import pytest

from zaplecze.impact.ordered import proportional_odds

# Satisfaction of tenants in Copenhagen (Madsen 1976), as fitted by Venables and Ripley (2002, 7.3):
# contact, type of housing, influence, and satisfaction, which changes fastest.
COUNTS = [
    21, 21, 28, 34, 22, 36, 10, 11, 36, 61, 23, 17, 43, 35, 40, 26, 18, 54, 13, 9, 10, 8, 8, 12,
    6, 7, 9, 18, 6, 7, 15, 13, 13, 7, 5, 11, 14, 19, 37, 17, 23, 40, 3, 5, 23, 78, 46, 43, 48, 45,
    86, 15, 25, 62, 20, 23, 20, 10, 22, 24, 7, 10, 21, 57, 23, 13, 31, 21, 13, 5, 6, 13,
]  # fmt: skip


def housing():
    """Satisfaction, and columns: influence medium, high; apartment, atrium, terrace; much contact."""
    cells = np.array(list(product(range(2), range(4), range(3), range(3))))
    contact, kind, influence, satisfaction = cells.T
    dummies = [influence == 1, influence == 2, kind == 1, kind == 2, kind == 3, contact == 1]
    return satisfaction, np.column_stack(dummies).astype(float)


def test_the_housing_of_copenhagen():
    satisfaction, columns = housing()
    assert sum(COUNTS) == 1681
    model = proportional_odds(satisfaction, columns, np.array(COUNTS, dtype=float))
    published = [0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603]
    assert model.coefficients == pytest.approx(published, abs=5.1e-5)
    assert model.cuts == pytest.approx([-0.4961, 0.6907], abs=5.1e-5)
    assert model.deviance == pytest.approx(3479.149, abs=5.1e-4)
