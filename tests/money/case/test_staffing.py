import numpy as np
import pytest
from tests.money.case.sample import case_of

from zaplecze.errors import InputError
from zaplecze.money.case import work_out_case
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.money.case.simulation import draw
from zaplecze.workload import Demand, Target, agents_needed

LINE = """
[assumptions.calls]
distribution = "normal"
mean = 900
sd = 60

[assumptions.handling]
low = 160
likely = 180
high = 220

[staffing.desk]
calls = "calls"
handling_seconds = "handling"
patience_seconds = 240
profile = [1, 2, 4, 3, 0]
service_level = 0.8
within_seconds = 20
minimum_agents = 2
shrinkage = 0.25

[lines.desk]
kind = "cost"
owner = "Service"
amount = "desk * 40 * 21"
per = "month"
"""


def agents(calls, handling):
    demand = Demand(1, 1800, handling, 240)
    target = Target(0.8, 20, minimum_agents=2)
    return agents_needed(demand, target, calls * np.array([1, 2, 4, 3, 0]) / 10).sum()


def test_paid_hours_are_the_agents_of_every_interval_and_their_time_away(tmp_path):
    case = case_of(tmp_path, more=LINE)
    expected = agents(900, 180) * 0.5 / 0.75
    assert case.staffing["desk"].paid_hours({"calls": 900.0, "handling": 180.0}) == pytest.approx(
        expected
    )
    desk = next(each for each in work_out_case(case).lines if each.name == "desk")
    assert desk.amount == pytest.approx(expected * 40 * 21)


@pytest.mark.long
def test_draws_agree_with_one_by_one(tmp_path):
    case = case_of(tmp_path, more=LINE)
    values = draw(Reckoning.of(case), 3_000, 1)
    hours = case.staffing["desk"].paid_hours(values)
    each = [agents(values["calls"][k], values["handling"][k]) * 0.5 / 0.75 for k in range(150)]
    assert np.abs(hours[:150] - each).max() <= 2 * 0.5 / 0.75
    assert hours[:150].mean() == pytest.approx(np.mean(each), rel=0.003)


def test_with_one_handling_time_draws_are_exact(tmp_path):
    case = case_of(
        tmp_path,
        ("value = 1200", "value = 1200"),
        more=LINE.replace("low = 160\nlikely = 180\nhigh = 220", "value = 180"),
    )
    values = draw(Reckoning.of(case), 3_000, 1)
    hours = case.staffing["desk"].paid_hours(values)
    assert hours[:150] == pytest.approx(
        [agents(calls, 180) * 0.5 / 0.75 for calls in values["calls"][:150]]
    )


def test_handling_times_that_differ_widely_are_no_trouble(tmp_path):
    staffing = case_of(tmp_path, more=LINE).staffing["desk"]
    values = {"calls": np.linspace(1, 900, 3_000), "handling": np.geomspace(20, 400, 3_000)}
    hours = staffing.paid_hours(values)
    for k in (0, 1_000, 2_000, 2_999):
        exact = agents(values["calls"][k], values["handling"][k]) * 0.5 / 0.75
        assert hours[k] == pytest.approx(exact, abs=2.1)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("profile = [1, 2, 4, 3, 0]", "profile = [0, 0]", "not all are 0"),
        ("service_level = 0.8", "service_level = 1.0", "target below 1"),
        ("service_level = 0.8", "service_level = 80", "1 or less"),
        ('calls = "calls"', 'calls = "desk"', "Nothing is called 'desk'"),
        (
            "[assumptions.handling]",
            "[assumptions.desk]\nvalue = 1\n[assumptions.handling]",
            "assumption of the same name",
        ),
    ],
)
def test_a_line_of_calls_that_cannot_be_is_refused(tmp_path, before, after, message):
    assert before in LINE
    with pytest.raises(InputError) as refused:
        case_of(tmp_path, more=LINE.replace(before, after))
    assert message in str(refused.value)
