import datetime as dt

import numpy as np
import pytest
from tests.money.case.sample import case_of

from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES
from zaplecze.money.case import read_findings, work_out_case
from zaplecze.money.case.lines import Line
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.money.case.simulation import draw, simulate
from zaplecze.money.case.timeline import Timeline, add_months

TAX = "\n[tax]\nrate = 0.25\n"
OVERLAP = """
[lines.{name}]
kind = "revenue"
owner = "Sales"
amount = "{amount}"
per = "month"
attribution = 0.5
customers = "all"
reach = {reach}
"""


def line(**keys):
    return Line.model_validate({"kind": "cost", "owner": "x", "amount": "1", "per": "month"} | keys)


def test_months_have_real_dates_that_end_before_the_same_day():
    ends = Timeline(dt.date(2026, 1, 31), 3).ends
    assert ends == [
        dt.date(2026, 1, 31),
        dt.date(2026, 2, 27),
        dt.date(2026, 3, 30),
        dt.date(2026, 4, 29),
    ]
    assert add_months(dt.date(2024, 1, 31), 1) == dt.date(2024, 2, 29)


def test_a_line_that_starts_within_a_month_has_its_share_of_days():
    shape = Timeline(dt.date(2026, 1, 1), 4).shape(line(start=dt.date(2026, 2, 15)), 0.0)
    assert shape == pytest.approx([0, 0, 14 / 28, 1, 1])


def test_a_line_ends_on_its_last_day():
    shape = Timeline(dt.date(2026, 1, 1), 4).shape(line(end=dt.date(2026, 3, 31)), 0.0)
    assert shape == pytest.approx([0, 1, 1, 1, 0])


def test_a_ramp_climbs_straight_and_loses_half_of_its_months():
    shape = Timeline(dt.date(2026, 1, 1), 6).shape(line(ramp_months=4), 0.0)
    assert shape == pytest.approx([0, 1 / 8, 3 / 8, 5 / 8, 7 / 8, 1, 1])


def test_what_is_paid_once_falls_into_its_month_and_at_the_start_at_once():
    timeline = Timeline(dt.date(2026, 1, 1), 3)
    assert timeline.shape(line(per="once"), 0.0) == pytest.approx([1, 0, 0, 0])
    later = line(per="once", start=dt.date(2026, 2, 1))
    assert timeline.shape(later, 0.0) == pytest.approx([0, 0, 1, 0])


def test_inflation_and_growth_raise_what_comes_later():
    timeline = Timeline(dt.date(2026, 1, 1), 12)
    assert timeline.shape(line(), 0.1)[12] == pytest.approx(1.1)
    assert timeline.shape(line(inflates=False), 0.1)[12] == pytest.approx(1.0)
    assert timeline.shape(line(growth=0.2), 0.0)[12] == pytest.approx(1.2 ** (11.5 / 12))


def test_the_plan_is_what_one_computes_by_hand(tmp_path):
    result = work_out_case(case_of(tmp_path))
    monthly = 1200 * 0.10 * 150 / 12
    expected = -10_000.0
    for month in range(1, 25):
        level = {4: 1 / 6, 5: 3 / 6, 6: 5 / 6}.get(month, 0.0 if month < 4 else 1.0)
        expected += monthly * level / 1.1 ** (month / 12)
    assert result.plan.npv == pytest.approx(expected)
    assert result.cash_flow.net[0] == -10_000
    assert result.cash_flow.dates[:2] == ["2026-01-01", "2026-01-31"]
    assert result.cash_flow.cumulative_discounted[-1] == pytest.approx(expected)
    assert sum(
        each.present_value * (-1 if each.kind == "cost" else 1) for each in result.lines
    ) == pytest.approx(expected)
    back = result.plan.payback_periods
    assert back == pytest.approx(4.5 + 10_000 / monthly, abs=0.01)


def test_the_same_seed_gives_the_same_draws_and_a_new_assumption_leaves_them(tmp_path):
    first = draw(Reckoning.of(case_of(tmp_path)), 500, 3)
    more = "\n[assumptions.further]\nlow = 1\nlikely = 2\nhigh = 3\n"
    second = draw(Reckoning.of(case_of(tmp_path, more=more)), 500, 3)
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert not np.array_equal(first["cost"], draw(Reckoning.of(case_of(tmp_path)), 500, 4)["cost"])


@pytest.mark.long
def test_the_simulation_agrees_with_the_exact_mean_and_spread(tmp_path):
    reckoning = Reckoning.of(case_of(tmp_path, ("draws = 4000", "draws = 100000")))
    found = simulate(reckoning)
    annuity = float(reckoning.shape("avoided") @ reckoning.discounts)
    avoided, cost, project = (reckoning.numbers[n] for n in ("avoided", "cost", "project"))
    mean = 1200 * avoided.mean * 150 * annuity - project.mean
    assert found.npv.mean == pytest.approx(mean, abs=4 * found.error)
    alpha, beta = avoided.alpha, avoided.beta
    spread = 0.15**2 * alpha * beta / ((alpha + beta) ** 2 * (alpha + beta + 1))
    product = spread * cost.sd**2 + spread * 150**2 + cost.sd**2 * avoided.mean**2
    low, likely, high = 8000, 10_000, 15_000
    triangle = (low**2 + likely**2 + high**2 - low * likely - low * high - likely * high) / 18
    assert found.npv.sd == pytest.approx(
        np.sqrt((1200 * annuity) ** 2 * product + triangle), rel=0.02
    )
    edges, counts = found.histogram
    assert sum(counts) == pytest.approx(0.99 * 100_000, rel=0.001)
    assert edges == sorted(edges)
    assert sum(each.share for each in found.contributions) == pytest.approx(1)


def test_costs_that_move_with_benefits_narrow_the_range(tmp_path):
    pair = '\n[[correlations]]\nbetween = ["project", "avoided"]\nrank = {}\n'
    sd = [
        simulate(Reckoning.of(case_of(tmp_path, more=pair.format(rank)))).npv.sd
        for rank in (-0.9, 0.0, 0.9)
    ]
    assert sd[0] > sd[1] > sd[2]


def test_a_case_without_doubt_has_no_simulation_and_says_so(tmp_path):
    case = case_of(
        tmp_path,
        ("low = 0.05\nlikely = 0.10\nhigh = 0.20", "value = 0.1"),
        ('distribution = "normal"\nmean = 150\nsd = 20', "value = 150"),
        ('distribution = "triangular"\nlow = 8000\nlikely = 10000\nhigh = 15000', "value = 10000"),
    )
    result = work_out_case(case)
    assert result.simulation is None
    assert any("Every assumption is certain" in note["en"] for note in result.notes)


def test_one_customer_is_counted_once(tmp_path):
    first = OVERLAP.format(name="first", amount="1000", reach=0.4)
    second = OVERLAP.format(name="second", amount="500", reach=0.3)
    third = OVERLAP.format(name="third", amount="100", reach=0.2)
    result = work_out_case(case_of(tmp_path, more=first + second + third))
    amounts = {each.name: each.amount for each in result.lines}
    assert amounts["first"] == pytest.approx(1000 * 0.5)
    assert amounts["second"] == pytest.approx(500 * 0.5 * 0.6)
    assert amounts["third"] == pytest.approx(100 * 0.5 * 0.6 * 0.7)


def test_time_and_capacity_are_shown_and_not_counted(tmp_path):
    before = work_out_case(case_of(tmp_path)).plan.npv
    more = '\n[lines.time]\nkind = "saving"\nowner = "x"\namount = 900\nper = "month"\nrealised_as = "time"\n'
    result = work_out_case(case_of(tmp_path, more=more))
    assert result.plan.npv == pytest.approx(before)
    assert next(each for each in result.lines if each.name == "time").total == pytest.approx(
        900 * 24
    )
    assert any("frees time or capacity" in note["en"] for note in result.notes)


def test_optimism_bias_stands_in_the_open(tmp_path):
    plain = work_out_case(case_of(tmp_path))
    biased = work_out_case(case_of(tmp_path, more="\n[optimism]\ncosts = 0.2\nbenefits = 0.1\n"))
    assert biased.unadjusted_npv == pytest.approx(plain.plan.npv)
    [adjustment] = biased.adjustments
    assert adjustment.name == "optimism"
    assert biased.plan.npv == pytest.approx(plain.plan.npv + adjustment.npv)
    benefits = plain.plan.npv + 10_000
    assert adjustment.npv == pytest.approx(-0.2 * 10_000 - 0.1 * benefits)


def test_risk_by_percentages_takes_the_place_of_the_simulation(tmp_path):
    case = case_of(
        tmp_path,
        ("months = 24", 'months = 24\nrisk = "tei"'),
        ("ramp_months = 3", "ramp_months = 3\nrisk_adjustment = 0.2"),
    )
    result = work_out_case(case)
    assert result.simulation is None
    assert result.tornado == []
    assert [each.name for each in result.adjustments] == ["risk"]
    assert result.plan.npv + 10_000 == pytest.approx(0.8 * (result.unadjusted_npv + 10_000))


def test_tax_is_the_rate_of_profit_and_losses_give_relief(tmp_path):
    before = work_out_case(case_of(tmp_path)).plan.npv
    assert work_out_case(case_of(tmp_path, more=TAX)).plan.npv == pytest.approx(0.75 * before)
    assert work_out_case(case_of(tmp_path, more=TAX + "apply = false")).plan.npv == pytest.approx(
        before
    )


def test_losses_carried_forward_are_set_off_before_any_tax(tmp_path):
    flow = work_out_case(case_of(tmp_path, more=TAX + "carry_losses = true")).cash_flow
    profit = np.array(flow.benefits) - np.array(flow.costs)
    assert sum(flow.tax) == pytest.approx(0.25 * max(profit.sum(), 0))
    first = next(month for month, tax in enumerate(flow.tax) if tax > 0)
    assert profit[: first + 1].sum() > 0 >= profit[:first].sum()


def test_the_tornado_is_the_case_at_both_ends_of_one_assumption(tmp_path):
    reckoning = Reckoning.of(case_of(tmp_path))
    result = work_out_case(reckoning.case)
    widths = [each.width for each in result.tornado]
    assert widths == sorted(widths, reverse=True)
    swing = next(each for each in result.tornado if each.assumption == "cost")
    assert swing.low == pytest.approx(150 - 1.2815516 * 20)
    assert swing.npv_low == pytest.approx(reckoning.npv({**reckoning.base, "cost": swing.low})[0])
    leg = next(each for each in result.spider if each.assumption == "cost")
    assert leg.changes == [-0.2, -0.1, 0.0, 0.1, 0.2]
    assert leg.npv[2] == pytest.approx(result.plan.npv)
    assert leg.npv[4] == pytest.approx(reckoning.npv({**reckoning.base, "cost": 180})[0])
    slopes = [abs(each.slope) for each in result.spider]
    assert slopes == sorted(slopes, reverse=True)


def test_at_the_switching_value_the_case_is_worth_nothing(tmp_path):
    reckoning = Reckoning.of(case_of(tmp_path))
    found = work_out_case(reckoning.case).switching_values
    assert {each.assumption for each in found} == {"complaints", "avoided", "cost", "project"}
    for each in found:
        worth = reckoning.npv({**reckoning.base, each.assumption: each.value})[0]
        assert worth == pytest.approx(0, abs=1e-4)
    project = next(each for each in found if each.assumption == "project")
    beyond = simulate(reckoning) and project.beyond
    assert 0 <= beyond <= 1


def test_differences_of_a_scenario_add_up(tmp_path):
    more = (
        TAX
        + '\n[scenarios.late]\nassumptions = { avoided = 0.08 }\ndelay_months = 3\n[scenarios.free]\nwithout = ["project"]\n'
    )
    result = work_out_case(case_of(tmp_path, more=more))
    late, free = result.scenarios
    assert late.difference == pytest.approx(sum(late.differences.values()))
    assert late.difference < 0
    assert late.changes["avoided"] == (0.1, 0.08)
    assert free.differences["project"] == pytest.approx(10_000)
    assert free.plan.irr is None


def test_benefits_to_costs_are_those_of_the_lines_before_tax(tmp_path):
    more = (
        TAX
        + """
[optimism]
costs = 0.2

[inflation]
rate = 0.04

[lines.licence]
kind = "cost"
owner = "IT"
amount = "500"
per = "month"

[lines.hours]
kind = "saving"
owner = "Service"
amount = "9000"
per = "month"
realised_as = "time"

[scenarios.free]
without = ["project", "licence"]

[scenarios.rented]
without = ["project"]

[[actuals]]
line = "project"
month = 2026-01-01
amount = 20000
evidence = "invoice"
"""
    )
    result = work_out_case(case_of(tmp_path, more=more))
    worth = {each.name: each.present_value for each in result.lines}
    costs = worth["project"] + worth["licence"]
    assert result.plan.benefit_cost_ratio == pytest.approx(worth["avoided"] / costs, rel=1e-12)
    free, rented = (each.plan.benefit_cost_ratio for each in result.scenarios)
    assert free is None
    assert rented == pytest.approx(worth["avoided"] / worth["licence"], rel=1e-12)
    assert result.tracking is not None
    now = worth["avoided"] / (20_000 + worth["licence"])
    assert result.tracking.expected.benefit_cost_ratio == pytest.approx(now, rel=1e-12)


def test_a_case_without_its_findings_says_how_each_command_takes_them(tmp_path):
    more = '\n[assumptions.waits]\nfinding = "wait"\ntake = "effect"\n'
    case = case_of(tmp_path, more=more)
    with pytest.raises(InputError) as absent:
        work_out_case(case)
    with pytest.raises(InputError) as unreadable:
        read_findings(tmp_path / "nowhere")
    for text in (absent.value.text, unreadable.value.text):
        for language in LANGUAGES:
            assert "zaplecze report FOLDER --case CASE" in text[language]
            assert "zaplecze money case CASE --findings FOLDER" in text[language]


def test_a_formula_is_a_line(tmp_path):
    more = """
[lines.leavers]
kind = "saving"
owner = "HR"
formula = "turnover"
result = "cost_per_year"
inputs = { monthly_cost = 5000, ramp_months = 6, leavers = "complaints / 600" }
"""
    result = work_out_case(case_of(tmp_path, more=more))
    leavers = next(each for each in result.lines if each.name == "leavers")
    assert leavers.amount == pytest.approx(2 * 3 * 5000)
    assert leavers.period == "year"
    assert "Leavers a year = complaints ÷ 600" in leavers.calculation["en"]


def test_a_fraction_out_of_range_is_refused(tmp_path):
    more = OVERLAP.format(name="first", amount="1", reach='"complaints"')
    with pytest.raises(InputError, match="comes to 1200"):
        work_out_case(case_of(tmp_path, more=more))


def test_dividing_by_nothing_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"\[lines.avoided\]: the amount cannot be worked out"):
        work_out_case(
            case_of(
                tmp_path,
                ("value = 1200", "value = 0"),
                ("complaints * avoided", "avoided / complaints"),
            )
        )
