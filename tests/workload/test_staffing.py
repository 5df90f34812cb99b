"""Agents for a target, people to employ, plans for a day, shifts, and what chance does to them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaplecze.errors import InputError
from zaplecze.workload import (
    Demand,
    Load,
    Shrinkage,
    Target,
    agents_for,
    agents_needed,
    cover,
    plan,
    risk,
    service,
)


@pytest.mark.long
@settings(max_examples=15)
@given(
    st.floats(0.2, 300),
    st.floats(0.3, 0.99),
    st.floats(0, 120),
    st.sampled_from([None, 30.0, 300.0]),
    st.sampled_from(["offered", "virtual"]),
)
def test_the_agents_found_are_the_fewest_that_meet_the_target(load, level, within, patience, name):
    demand = Demand(load * 10, 3000, 300, patience)
    found = agents_for(demand, Target(level, within, name)).agents
    assert service(demand, found, within).service_level[name] >= level
    if found > 1:
        fewer = service(demand, found - 1, within)
        assert fewer.service_level[name] < level or fewer.overloaded


def test_exact_agents_lie_within_the_last_whole_agent():
    found = agents_for(Demand(600, 3600, 300), Target(0.9, 60))
    assert found.agents - 1 < found.exact_agents <= found.agents
    level = service(Demand(600, 3600, 300), found.exact_agents, 60).service_level["offered"]
    assert level == pytest.approx(0.9, abs=1e-6)


def test_occupancy_and_minimum_decide_where_they_ask_for_more():
    demand = Demand(6000, 3600, 300)
    busy = agents_for(demand, Target(0.8, 20, maximum_occupancy=0.85))
    assert busy.reason == "occupancy"
    assert busy.service.occupancy <= 0.85
    assert agents_for(Demand(1, 3600, 60), Target(minimum_agents=2)).reason == "minimum"
    assert agents_for(demand, Target(0.8, 20)).reason == "service level"


def test_without_calls_only_the_minimum_is_needed():
    nobody = agents_for(Demand(0, 3600, 300), Target(0.9, 60))
    assert (nobody.agents, nobody.heads, nobody.reason) == (0, 0, "no calls")
    assert nobody.service is None
    some = agents_for(Demand(0, 3600, 300), Target(0.9, 60, minimum_agents=2), Shrinkage(0.3))
    assert (some.agents, some.exact_agents, some.heads) == (2, 2.0, 3)
    row = plan([Load("", "8", 0, 0)], Demand(1, 3600, 300), Target(0.9, 60, minimum_agents=2))
    assert row.intervals[0].agents == some.agents


def test_shrinkage_is_built_from_its_parts_in_their_order():
    parts = Shrinkage(leave=0.10, sickness=0.05, training=0.05, breaks=0.10, meetings=0.05)
    assert parts.total == pytest.approx(1 - 0.80 * 0.85)
    # 56 / 0.7 is 80.00000000000001 to a computer.
    assert Shrinkage(other=0.3).heads(56) == 80
    assert Shrinkage(other=0.3).heads(57) == 82


def test_redials_ask_for_more_agents_than_the_first_calls():
    plain = agents_for(Demand(600, 3600, 300, 120), Target(0.9, 60)).agents
    again = agents_for(Demand(600, 3600, 300, 120, 0.7, 0.1), Target(0.9, 60)).agents
    assert again > plain


def test_a_plan_for_the_mean_misses_its_target_when_volumes_scatter():
    demand, target = Demand(600, 3600, 300), Target(0.9, 60)
    found = risk(demand, target, 56, 0.08)
    assert found.planned_service_level == pytest.approx(0.907, abs=5e-4)
    assert found.expected_service_level == pytest.approx(0.78, abs=0.005)
    assert found.met_probability == pytest.approx(0.52, abs=0.015)
    safe = risk(demand, target, found.agents_for_confidence, 0.08)
    assert safe.met_probability >= 0.8
    assert risk(demand, target, found.agents_for_confidence - 1, 0.08).met_probability < 0.8
    assert risk(demand, target, 56, 0.0).met_probability == 1.0


def test_intervals_without_calls_get_the_minimum_and_no_service_level():
    loads = [Load("", "08:00", 0, 300), Load("", "08:30", 60, 300)]
    found = plan(loads, Demand(0, 1800, 1), Target(0.8, 20, minimum_agents=1))
    assert [each.agents for each in found.intervals] == [1, 14]
    assert found.intervals[0].service_level is None
    assert found.service_level == found.intervals[1].service_level
    assert found.agent_hours == 7.5


def test_handling_times_may_differ_by_interval():
    loads = [Load("", "a", 60, 300), Load("", "b", 60, 150)]
    found = plan(loads, Demand(0, 1800, 1), Target())
    expected = [int(agents_needed(Demand(60, 1800, aht), Target())) for aht in (300, 150)]
    assert [each.agents for each in found.intervals] == expected


def test_shifts_cover_every_interval_with_the_fewest_people():
    needed = np.array([[1.0, 2.0, 2.0, 1.0]])
    found = cover(needed, shift_intervals=2)
    assert found.people == 3
    assert found.proven
    assert (np.array(found.present) >= needed).all()


def test_a_week_needs_days_off_and_breaks_leave_a_gap_that_others_fill():
    week = np.full((7, 8), 4.0)
    found = cover(week, shift_intervals=8, days_a_week=5)
    # 28 days of work a week, five a person.
    assert found.people == 6
    with_break = cover(week, shift_intervals=5, break_after=2, break_intervals=1)
    assert with_break.people > 6
    assert (np.array(with_break.present) >= week).all()


def test_a_shift_longer_than_the_day_is_refused_in_words():
    with pytest.raises(InputError, match="does not fit into a day"):
        cover(np.ones((1, 4)), shift_intervals=5)


def test_intervals_that_only_a_break_can_reach_are_told():
    with pytest.raises(InputError, match="No shifts cover all intervals"):
        cover(np.ones((1, 3)), shift_intervals=3, break_after=1, break_intervals=1)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Demand(10, 3600, 0), "above zero"),
        (lambda: Demand(-1, 3600, 300), "zero or more"),
        (lambda: Demand(10, 3600, 300, 60, redial=1), "calls never end"),
        (lambda: Demand(10, 3600, 300, 60, redial=70), "Did you mean 0.7"),
        (lambda: Target(90), "Did you mean 0.9"),
        (lambda: Target(1.0), "below 1"),
        (lambda: Target(float("nan")), "no share"),
        (lambda: Shrinkage(leave=0.99), "next to nobody"),
        (lambda: service(Demand(0, 3600, 300), 5, 20), "There are no calls"),
        (lambda: service(Demand(10, 3600, 300), 0, 20), "above zero"),
        (lambda: plan([], Demand(0, 1800, 1), Target()), "no intervals"),
    ],
)
def test_what_cannot_be_is_refused_with_its_remedy(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_an_overloaded_line_is_called_so_and_its_waits_are_not_known():
    found = service(Demand(600, 3600, 300), 45, 20)
    assert found.overloaded
    assert found.asa_seconds is None
    assert found.wait_p90_seconds is None
    assert found.queue_length is None
    assert found.answered == pytest.approx(540)
    assert "Overloaded" in str(found.caveats[0])


@pytest.mark.parametrize(
    ("demand", "within"),
    [
        (Demand(600, 3600, 5), 20),
        (Demand(600, 3600, 300, 2), 20),
        (Demand(600, 60 * 60, 18000), 20),
        (Demand(600, 30, 300), 20),
        (Demand(600, 3600, 300), 0.5),
    ],
)
def test_minutes_taken_for_seconds_are_warned_about(demand, within):
    assert any("check the unit" in str(text) for text in demand.warnings(within))


def test_usual_lines_are_not_warned_about():
    assert Demand(600, 3600, 300, 120).warnings(20) == []
