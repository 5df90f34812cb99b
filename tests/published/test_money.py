"""Published figures of finance, and independent libraries on random cash flows."""

import datetime as dt
import random

import numpy as np
import numpy_financial
import pytest
import pyxirr

from zaplecze.money.finance import appraise, appraise_dated, monthly_rate, npv
from zaplecze.money.formulas import FORMULAS, read_given, work_out
from zaplecze.money.returns import changes_of_sign, many_rates_of_return, rates_of_return

DATED = [-10_000, 2_750, 4_250, 3_250, 2_750]
DAYS = [
    dt.date(2008, 1, 1),
    dt.date(2008, 3, 1),
    dt.date(2008, 10, 30),
    dt.date(2009, 2, 15),
    dt.date(2009, 4, 1),
]


def test_present_value_of_a_spreadsheet_discounts_the_first_flow():
    assert npv(0.1, [-10_000, 3_000, 4_200, 6_800], excel=True) == pytest.approx(1188.44, abs=5e-3)


@pytest.mark.parametrize(
    ("flows", "published"),
    [
        ([-70_000, 12_000, 15_000, 18_000, 21_000, 26_000], 0.0866),
        ([-70_000, 12_000, 15_000, 18_000, 21_000], -0.0212),
    ],
)
def test_rates_of_return_of_a_spreadsheet(flows, published):
    found = appraise(flows, 0.1)
    assert found.irr == pytest.approx(published, abs=5e-5)
    assert found.irr_unique


def test_modified_rate_of_return_of_a_spreadsheet():
    flows = [-120_000, 39_000, 30_000, 21_000, 37_000, 46_000]
    found = appraise(flows, 0.1, finance_rate=0.10, reinvest_rate=0.12)
    assert found.mirr == pytest.approx(0.126094, abs=5e-7)


def test_dated_flows_of_a_spreadsheet():
    found = appraise_dated(DATED, DAYS, 0.09)
    assert found.npv == pytest.approx(2086.6476, abs=5e-5)
    assert found.irr == pytest.approx(0.37336, abs=5e-6)


def test_two_rates_of_return_are_both_found_and_called_not_unique():
    found = appraise([-100, 230, -132], 0.1)
    assert found.irr_roots == pytest.approx([0.1, 0.2], abs=1e-9)
    assert not found.irr_unique
    assert "not unique" in found.notes[0]["en"]


def test_a_month_has_the_twelfth_root_and_not_the_twelfth_part():
    assert (1 + monthly_rate(0.1)) ** 12 == pytest.approx(1.1)
    assert monthly_rate(0.1) == pytest.approx(0.00797414, abs=5e-9)


def test_positions_of_a_process():
    formula = FORMULAS["process"]
    worked = work_out(
        formula, read_given(formula, {"minutes": "4", "steps": "3", "volume": "12000"})
    )
    values = {step.name: step.value for step in worked.steps}
    assert values["hours"] == pytest.approx(2_400)
    assert values["positions"] == pytest.approx(20.41, abs=5e-3)
    assert values["usable_posts"] == 20


def test_the_cost_of_a_complaint():
    formula = FORMULAS["complaint"]
    given = {"minutes": "95", "hourly_cost": "62", "redress_share": "0.35", "redress_amount": "180"}
    assert work_out(formula, read_given(formula, given)).value == pytest.approx(161.17, abs=5e-3)


def test_a_training_of_phillips_returns_250_per_cent():
    formula = FORMULAS["training"]
    given = {
        "participants": "10",
        "hours": "8",
        "hourly_cost": "50",
        "provider_cost": "6000",
        "gain": "3500",
        "attribution": "1",
    }
    assert work_out(formula, read_given(formula, given)).value == pytest.approx(2.5)  # fmt: skip


def test_present_values_and_rates_agree_with_other_libraries():
    draw = random.Random(1)
    for _ in range(40):
        flows = [-draw.uniform(50, 500)] + [draw.uniform(0, 90) for _ in range(draw.randint(2, 60))]
        rate = draw.uniform(0, 0.3)
        assert npv(rate, flows) == pytest.approx(numpy_financial.npv(rate, flows), rel=1e-12)
        assert npv(rate, flows, excel=True) == pytest.approx(pyxirr.npv(rate, flows, start_from_zero=False), rel=1e-12)  # fmt: skip
        [root] = rates_of_return(np.array(flows), np.arange(len(flows), dtype=float))
        assert npv(root, flows) == pytest.approx(0, abs=1e-7)
        theirs = pyxirr.irr(flows)
        if theirs is not None:
            assert root == pytest.approx(theirs, abs=1e-7)


def test_dated_rates_agree_with_another_library():
    draw = random.Random(2)
    for _ in range(20):
        gaps = [draw.randint(1, 200) for _ in range(9)]
        days = [dt.date(2026, 1, 1) + dt.timedelta(days=sum(gaps[:k])) for k in range(10)]
        flows = [-1_000.0] + [draw.uniform(50, 250) for _ in range(9)]
        found = appraise_dated(flows, days, 0.08)
        assert found.npv == pytest.approx(pyxirr.xnpv(0.08, days, flows), rel=1e-10)
        assert found.irr == pytest.approx(pyxirr.xirr(days, flows), abs=1e-7)


def test_twenty_thousand_rates_agree_with_one_by_one():
    flows = np.random.default_rng(1).normal(300, 400, (20_000, 61))
    flows[:, 0] = -10_000
    rates, counts = many_rates_of_return(flows)
    months = np.arange(61.0)
    for row in range(0, 20_000, 1_000):
        roots = rates_of_return(flows[row], months)
        roots = [root for root in roots if -0.95 < root < 100]
        assert counts[row] == len(roots)
        assert rates[row] == pytest.approx(min(roots, key=abs), rel=1e-9)
    assert changes_of_sign(flows[0]) >= 1
