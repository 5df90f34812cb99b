import numpy as np
import pytest
from tests.money.case.sample import case_of

from zaplecze.errors import InputError
from zaplecze.money.case import work_out_case
from zaplecze.money.case.crews import CallLine
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.money.case.simulation import draw
from zaplecze.workload import Demand, Target, agents_for, agents_needed, most_calls

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


def paid_hours(case, values):
    return case.staffing["desk"].gives("desk", values, with_abandoned=False)["desk"]


def test_paid_hours_are_the_agents_of_every_interval_and_their_time_away(tmp_path):
    case = case_of(tmp_path, more=LINE)
    expected = agents(900, 180) * 0.5 / 0.75
    assert paid_hours(case, {"calls": 900.0, "handling": 180.0}) == pytest.approx(expected)
    desk = next(each for each in work_out_case(case).lines if each.name == "desk")
    assert desk.amount == pytest.approx(expected * 40 * 21)


@pytest.mark.long
def test_draws_agree_with_one_by_one(tmp_path):
    case = case_of(tmp_path, more=LINE)
    values = draw(Reckoning.of(case), 3_000, 1)
    hours = paid_hours(case, values)
    each = [agents(values["calls"][k], values["handling"][k]) * 0.5 / 0.75 for k in range(150)]
    assert np.abs(hours[:150] - each).max() <= 2 * 0.5 / 0.75
    assert hours[:150].mean() == pytest.approx(np.mean(each), rel=0.003)


@pytest.mark.long
def test_with_one_handling_time_draws_are_exact(tmp_path):
    case = case_of(
        tmp_path,
        ("value = 1200", "value = 1200"),
        more=LINE.replace("low = 160\nlikely = 180\nhigh = 220", "value = 180"),
    )
    values = draw(Reckoning.of(case), 3_000, 1)
    hours = paid_hours(case, values)
    assert hours[:150] == pytest.approx(
        [agents(calls, 180) * 0.5 / 0.75 for calls in values["calls"][:150]]
    )


def test_handling_times_that_differ_widely_are_no_trouble(tmp_path):
    case = case_of(tmp_path, more=LINE)
    values = {"calls": np.linspace(1, 900, 3_000), "handling": np.geomspace(20, 400, 3_000)}
    hours = paid_hours(case, values)
    for k in (0, 1_000, 2_000, 2_999):
        exact = agents(values["calls"][k], values["handling"][k]) * 0.5 / 0.75
        assert hours[k] == pytest.approx(exact, abs=2.1)


REPEATS = LINE.replace("shrinkage = 0.25", 'shrinkage = 0.25\nredial = "redial"\nreconnect = 0.1')
REPEATS += "[assumptions.redial]\nlow = 0.3\nlikely = 0.6\nhigh = 0.7\n"


def given(case, values):
    return case.staffing["desk"].gives("desk", values, with_abandoned=True)


@pytest.mark.long
def test_those_who_call_again_come_on_top_as_a_fixed_point(tmp_path):
    case = case_of(tmp_path, more=REPEATS)
    found = given(case, {"calls": 900.0, "handling": 180.0, "redial": 0.6})
    hours, lost = 0.0, 0.0
    for calls in (90.0, 180.0, 360.0, 270.0):
        demand = Demand(calls, 1800, 180, 240, redial=0.6, reconnect=0.1)
        staffed = agents_for(demand, Target(0.8, 20, minimum_agents=2))
        hours += staffed.agents * 0.5 / 0.75
        lost += staffed.service.attempts * staffed.service.abandon_probability
    # Nobody calls in the last interval, and the fewest are there all the same.
    assert found["desk"] == pytest.approx(hours + 2 * 0.5 / 0.75)
    assert found["desk_abandoned"] == pytest.approx(lost)


@pytest.mark.long
def test_tables_agree_with_one_by_one_on_people_and_on_calls_given_up(tmp_path):
    case = case_of(tmp_path, more=REPEATS)
    values = draw(Reckoning.of(case), 3_000, 1)
    drawn = given(case, values)
    few = {name: v[:400] if np.ndim(v) else v for name, v in values.items()}
    exact = given(case, few)
    step = 0.5 / 0.75
    assert np.abs(drawn["desk"][:400] - exact["desk"]).max() <= 2 * step
    assert drawn["desk"][:400].mean() == pytest.approx(exact["desk"].mean(), rel=0.003)
    lost, exactly = drawn["desk_abandoned"][:400], exact["desk_abandoned"]
    assert lost.mean() == pytest.approx(exactly.mean(), rel=0.005)
    assert np.abs(lost / exactly - 1).max() < 0.25


def test_what_was_worked_out_for_a_line_is_not_worked_out_again(tmp_path, monkeypatch):
    reckoning, asked = Reckoning.of(case_of(tmp_path, more=REPEATS)), []
    staffed = CallLine.staffed

    def counted(line, day, *others):
        asked.append(len(day))
        return staffed(line, day, *others)

    monkeypatch.setattr(CallLine, "staffed", counted)
    first = reckoning.staffed({**reckoning.base, "handling": np.array([170.0, 180.0, 170.0])})
    assert reckoning.staffed({**reckoning.base, "handling": 170.0})["desk"] == first["desk"][0]
    reckoning.staffed({**reckoning.base, "handling": np.array([180.0, 190.0])})
    assert asked == [2, 1]


def test_limits_of_ten_thousand_agents_are_those_worked_out_one_by_one():
    line = CallLine(Target(0.9, 60), 1800, 245, np.array([1.0]))
    [crews] = line.crews(np.array([180.0]), np.array([1.0]), np.array([112_000.0]))
    assert crews.agents[-1] > 9_000
    some = np.r_[0:400:7, 400 : len(crews.agents) : 997, len(crews.agents) - 1]
    exact = most_calls(Demand(1, 1800, 180, 245), Target(0.9, 60), crews.agents[some])
    assert np.abs(crews.limits[some] / exact - 1).max() < 1e-10


@pytest.mark.long
def test_tables_hold_where_calls_and_handling_times_differ_widely(tmp_path):
    case = case_of(tmp_path, more=REPEATS)
    random = np.random.default_rng(1)
    values = {
        "calls": random.lognormal(7.3, 0.6, 3_000),
        "handling": random.lognormal(5.2, 0.6, 3_000),
        "redial": random.uniform(0.1, 0.8, 3_000),
    }
    drawn = given(case, values)
    exact = given(case, {name: v[:150] for name, v in values.items()})
    assert drawn["desk"][:150].mean() == pytest.approx(exact["desk"].mean(), rel=0.003)
    lost = drawn["desk_abandoned"][:150]
    assert lost.mean() == pytest.approx(exact["desk_abandoned"].mean(), rel=0.02)


def test_draws_without_calls_take_the_fewest_agents_and_lose_nobody(tmp_path):
    case = case_of(tmp_path, more=REPEATS)
    values = {
        "calls": np.where(np.arange(3_000) % 3, np.linspace(1, 900, 3_000), 0.0),
        "handling": np.linspace(100, 200, 3_000),
        "redial": 0.5,
    }
    drawn = given(case, values)
    assert drawn["desk"][0] == pytest.approx(5 * 2 * 0.5 / 0.75)
    assert drawn["desk_abandoned"][0] == 0
    none = given(case, {**values, "calls": np.zeros(3_000)})
    assert none["desk"] == pytest.approx(np.full(3_000, 5 * 2 * 0.5 / 0.75))
    assert none["desk_abandoned"] == pytest.approx(np.zeros(3_000))


def test_who_is_answered_and_calls_again_more_often_than_who_gives_up_is_no_trouble(tmp_path):
    case = case_of(tmp_path, more=REPEATS.replace("reconnect = 0.1", "reconnect = 0.65"))
    values = draw(Reckoning.of(case), 3_000, 1)
    drawn = given(case, values)
    exact = given(case, {name: v[:10] if np.ndim(v) else v for name, v in values.items()})
    assert drawn["desk"][:10] == pytest.approx(exact["desk"], abs=2 * 0.5 / 0.75)
    assert drawn["desk_abandoned"][:10] == pytest.approx(exact["desk_abandoned"], rel=0.25)


@pytest.mark.long
def test_a_line_may_count_the_calls_that_are_given_up(tmp_path):
    counted = REPEATS.replace("desk * 40 * 21", "desk_abandoned * 2")
    result = work_out_case(case_of(tmp_path, more=counted))
    case = case_of(tmp_path, more=counted)
    lost = given(case, {"calls": 900.0, "handling": 180.0, "redial": 0.6})["desk_abandoned"]
    desk = next(each for each in result.lines if each.name == "desk")
    assert desk.amount == pytest.approx(2 * lost)
    assert "desk" in desk.calculation["en"]


def test_minutes_taken_for_seconds_are_noticed(tmp_path):
    result = work_out_case(case_of(tmp_path, more=LINE.replace('"handling"', '"handling / 60"')))
    [note] = [each for each in result.notes if "staffing.desk" in each["en"]]
    assert "Times are in seconds: check the unit" in note["en"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("profile = [1, 2, 4, 3, 0]", "profile = [0, 0]", "not all are 0"),
        ("service_level = 0.8", "service_level = 1.0", "target below 1"),
        ("service_level = 0.8", "service_level = 80", "Did you mean 0.8?"),
        ('calls = "calls"', 'calls = "desk"', "Nothing is called 'desk'"),
        ("patience_seconds = 240", 'redial = "0.5"', "Give a patience"),
        ("desk * 40 * 21", "desk_abandonned * 40", "Did you mean 'desk_abandoned'"),
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
