import numpy as np
import pytest
from tests.impact.small import HOUR, facts_of, workspace_of

from zaplecze.impact.levers import find_levers


def levers_of(facts, steps):
    return {lever.name.id: lever for lever in find_levers(facts, workspace_of(steps))}


def column(lever, name):
    return next(c.values for c in lever.before if c.name == name)


def test_lateness_is_judged_on_the_first_time_a_step_is_done():
    facts = facts_of({"Call back": [10, 30, 10]}, again={"Call back": [(0, 500), (2, 700)]})
    found = levers_of(facts, {"Call back": {"target_hours": 24}})
    assert found["late:Call back"].exposed.tolist() == [0, 1, 0]
    assert found["rework:Call back"].exposed.tolist() == [1, 0, 1]
    assert found["late:Call back"].amount[1] == pytest.approx(6)


def test_a_repetition_after_the_step_is_no_part_of_what_was_known_before_it():
    facts = facts_of(
        {"A": [1, 1, 1, 1], "B": [5, 40, 5, 40]},
        again={"A": [(1, 50), (2, 3)]},
    )
    late = levers_of(facts, {"B": {"target_hours": 24}})["late:B"]
    # In case 2 A was done again after B had begun, in case 1 after B was done.
    assert {c.name for c in late.before if c.name.startswith("A")} == set()


def test_a_repetition_before_the_step_is_known_to_it():
    facts = facts_of({"A": [1, 1, 1, 1], "B": [5, 6, 40, 7]}, again={"A": [(2, 0.5)]})
    late = levers_of(facts, {"B": {"target_hours": 24}})["late:B"]
    assert column(late, "A repeated").tolist() == [1, 1, 2, 1]


def test_what_is_gone_back_to_after_later_steps_knows_of_them():
    facts = facts_of({"A": [1, 1, 1, 1], "B": [5, 40, 6, 30]}, again={"A": [(1, 50), (3, 45)]})
    found = levers_of(facts, {"B": {"target_hours": 24}})
    rework = found["rework:A"]
    assert "B took" in {c.name for c in rework.before}
    assert rework.comes_after(found["late:B"])
    assert found["late:B"].comes_after(rework) is False


def test_delays_come_in_the_order_of_the_process_whatever_their_deadlines():
    facts = facts_of({"A": [30, 1], "B": [31, 90]}, due={"B": [10, 10]})
    found = levers_of(facts, {"A": {"target_hours": 24}, "B": {"due": {"column": "x"}}})
    assert found["late:B"].comes_after(found["late:A"]) is None


def test_those_without_the_repetition_get_waiting_times_of_those_with_it():
    again = [(case, 1 + 10) for case in range(50)]
    facts = facts_of({"Check": np.full(200, 1.0)}, again={"Check": again})
    since = levers_of(facts, {})["rework:Check"].since / HOUR
    assert since == pytest.approx(np.full(200, 11.0))


def test_an_exception_is_matched_from_the_stage_at_which_it_arises():
    correction = np.where(np.arange(200) < 50, 60.0, np.nan)
    facts = facts_of({"Invoice": np.full(200, 48.0), "Correction": correction})
    since = levers_of(facts, {"Correction": {"exception": True}})["exception:Correction"].since
    assert since / HOUR == pytest.approx(np.full(200, 48.0))


def test_a_promise_that_was_never_kept_is_overdue():
    facts = facts_of({"Delivery": [10, 30, np.nan]}, due={"Delivery": [20, 20, 20]})
    [late] = levers_of(facts, {"Delivery": {"due": {"column": "x", "promised": True}}}).values()
    assert np.isnan(late.exposed[2])
    assert (late.overdue / HOUR).tolist()[2] == 20
    assert np.isnan(late.overdue[:2]).all()
