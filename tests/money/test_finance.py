import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaplecze.errors import InputError
from zaplecze.money import returns
from zaplecze.money.finance import appraise, appraise_dated, appraise_monthly, npv, payback
from zaplecze.money.returns import many_rates_of_return, rates_of_return


def test_flows_that_never_change_sign_have_no_rate_and_a_sentence():
    found = appraise([1, 2, 3], 0.1)
    assert found.irr is None
    assert not found.irr_unique
    assert "never change sign" in found.notes[0]["en"]
    assert found.npv == pytest.approx(1 + 2 / 1.1 + 3 / 1.21)


def test_flows_without_any_root_say_so():
    found = appraise([1, -1, 1], 0.1)
    assert found.irr is None
    assert "at no rate" in found.notes[0]["en"]


@given(st.lists(st.floats(-0.3, 0.9), min_size=1, max_size=3, unique_by=lambda r: round(r, 1)))
def test_every_rate_of_return_is_found(rates):
    coefficients = np.poly([1 / (1 + rate) for rate in rates])[::-1]
    found = rates_of_return(coefficients * 1000, np.arange(len(coefficients), dtype=float))
    assert found == pytest.approx(sorted(rates), abs=1e-6)


@settings(max_examples=60)
@given(
    st.lists(st.integers(-9, 9).map(float), min_size=2, max_size=12), st.sampled_from([1.0, 12.0])
)
def test_where_one_rate_is_proven_a_search_finds_that_one_and_no_other(flows, periods_a_year):
    amounts, times = np.array(flows), np.arange(len(flows)) / periods_a_year
    quick = rates_of_return(amounts, times)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(returns, "_has_only_one", lambda flows: False)
        searched = rates_of_return(amounts, times)
    assert quick == pytest.approx(searched, rel=1e-9, abs=1e-9)


def test_one_rate_is_proven_for_a_project_with_a_bad_month():
    assert returns._has_only_one(np.array([-100.0, 60.0, -5.0, 60.0, 20.0]))
    assert not returns._has_only_one(np.array([-100.0, 230.0, -132.0]))
    [rate] = rates_of_return(np.array([-100.0, 60.0, -5.0, 60.0, 20.0]), np.arange(5.0))
    assert npv(rate, [-100.0, 60.0, -5.0, 60.0, 20.0]) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e11])
def test_a_rate_is_found_at_any_size_of_the_flows_and_far_away(scale):
    assert appraise([-scale, 1e6 * scale], 0.1).irr == pytest.approx(1e6 - 1)
    assert appraise([-1e6 * scale, scale], 0.1).irr == pytest.approx(1e-6 - 1)


def test_a_rate_at_which_the_value_only_touches_zero_is_one_rate():
    flows = np.poly([1 / 1.15, 1 / 1.15])[::-1] * 100
    assert rates_of_return(flows, np.arange(3.0)) == pytest.approx([0.15], abs=1e-5)


def test_money_is_back_when_the_sum_stays_above_zero():
    assert payback([-100, 60, 60]) == pytest.approx(1 + 40 / 60)
    assert payback([-100, 150, -100, 80]) == pytest.approx(2 + 50 / 80)
    assert payback([-100, 10]) is None


@pytest.mark.parametrize("scale", [0.01, 1.0, 1e9])
@pytest.mark.parametrize("rate", [0.1, 0.2])
def test_a_rounding_error_beside_zero_is_zero(rate, scale):
    """At both rates of return the discounted sum ends at nothing: the money is back before."""
    found = appraise([-100 * scale, 230 * scale, -132 * scale], rate)
    assert found.npv == pytest.approx(0.0, abs=1e-9 * scale)
    assert found.payback_periods is None
    assert found.discounted_payback_periods == pytest.approx(100 * (1 + rate) / 230)
    rounded = [-100 * scale, 60 * scale, (40 - 5e-8) * scale]
    assert payback(rounded) == pytest.approx(2.0)
    assert payback([*rounded[:2], (40 - 5e-7) * scale]) is None


def test_rows_without_a_rate_are_not_a_number():
    rates, counts = many_rates_of_return(np.array([[-100.0, 110.0], [1.0, 1.0], [-100.0, 95.0]]))
    assert rates[[0, 2]] == pytest.approx([0.1, -0.05])
    assert np.isnan(rates[1])
    assert list(counts) == [1, 0, 1]


def test_monthly_flows_have_a_rate_a_year_and_paybacks_in_months():
    flows = [-1200.0, *[110.0] * 12]
    found = appraise_monthly(flows, 0.1)
    assert found.payback_periods == pytest.approx(1200 / 110)
    assert npv((1 + found.irr) ** (1 / 12) - 1, flows) == pytest.approx(0, abs=1e-6)
    assert found.npv == pytest.approx(npv(1.1 ** (1 / 12) - 1, flows))


@pytest.mark.parametrize("rate", [-1.0, float("nan"), 10])
def test_a_rate_that_is_no_fraction_is_refused(rate):
    with pytest.raises(InputError, match="--rate"):
        appraise([-1, 2], rate)


@pytest.mark.parametrize("name", ["rate", "finance_rate", "reinvest_rate"])
def test_a_rate_so_near_to_losing_all_that_nothing_can_be_reckoned_is_refused(name):
    with pytest.raises(InputError, match="makes no sense"):
        appraise([-100, *[1.0] * 60], **{"rate": 0.1, name: -0.9999999})


def test_more_money_than_there_is_is_refused():
    with pytest.raises(InputError, match="more money than there is"):
        appraise([-1e300, 1e308], 0.1)


def test_dates_out_of_order_are_refused_by_name():
    with pytest.raises(InputError, match="2026-01-01 comes after 2026-02-01"):
        appraise_dated([-1, 2], [dt.date(2026, 2, 1), dt.date(2026, 1, 1)], 0.1)


def test_every_flow_has_a_date():
    with pytest.raises(InputError, match="2 flows and 1 dates"):
        appraise_dated([-1, 2], [dt.date(2026, 2, 1)], 0.1)
