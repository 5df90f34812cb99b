"""Published figures of how strong something unmeasured would have to be."""

import pytest

from zaplecze.impact.linear import Slope
from zaplecze.impact.sensitivity import e_value, e_values, robustness_value


@pytest.mark.parametrize(("ratio", "published"), [(3.9, 7.263034), (2.4, 4.23303)])
def test_the_e_values_of_vanderweele_and_ding(ratio, published):
    assert e_value(ratio) == pytest.approx(published, abs=1e-5)
    assert e_value(1 / ratio) == pytest.approx(published, abs=1e-5)


def test_an_interval_that_holds_no_effect_has_an_e_value_of_one():
    estimate, of_interval = e_values(0.2, Slope(0.05, 0.03, 1000))
    assert estimate == pytest.approx(e_value(0.2 / 0.15))
    assert of_interval == 1


def test_the_robustness_values_of_cinelli_and_hazlett():
    # Darfur: t 4.18445 on 783 degrees of freedom; to zero, and to an interval that holds zero.
    assert robustness_value(4.18445, 783) == pytest.approx(0.13878, abs=5e-6)
    assert robustness_value(4.18445, 782, alpha_t=1.963) == pytest.approx(0.0763, abs=5e-5)
