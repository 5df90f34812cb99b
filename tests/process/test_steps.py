"""Steps: waits, time in them, rework, departments, and whether they were done on time."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from tests.process.conftest import Event, instant, traces_of
from tests.process.test_graph import random_logs, with_fixture

from zaplecze.calendars import calendar_of
from zaplecze.language import LANGUAGES
from zaplecze.process import MEASURES, Filter, Has, filtered, steps
from zaplecze.workspace import Workspace

HOUR = 3_600


OFFICE = {"hours": dict.fromkeys(("monday", "tuesday", "wednesday"), "08:00-16:00")}


def described(top=None, **step) -> Workspace:
    return Workspace.model_validate(
        {
            "name": "Test",
            "sources": {"log": {"file": "log.csv"}},
            "case": {"key": "case", "source": "log"},
            "steps": {"Ship": step},
        }
        | (top or {})
    )


@with_fixture
@given(events=random_logs)
def test_the_figures_are_what_counting_one_by_one_gives(make_log, events):
    traces = list(traces_of(events).values())
    lengths = any(e.finish > e.start for e in events)
    for step in steps(make_log(events)):
        own = [e for e in events if e.activity == step.activity]
        waits = [
            after.start - before.finish
            for trace in traces
            for before, after in pairwise(trace)
            if after.activity == step.activity
        ]
        times = [sum(e.activity == step.activity for e in trace) for trace in traces]
        assert step.events == len(own)
        assert step.cases == sum(t > 0 for t in times)
        assert step.rework_cases == sum(t > 1 for t in times)
        assert step.self_loops == sum(
            before.activity == after.activity == step.activity
            for trace in traces
            for before, after in pairwise(trace)
        )
        assert step.departments == {
            name: count for name in ("x", "y") if (count := sum(e.department == name for e in own))
        }
        for spread, values in (
            (step.service_seconds, [e.finish - e.start for e in own] if lengths else []),
            (step.wait_seconds, waits),
        ):
            assert spread.total == pytest.approx(sum(values))
            if values:
                wanted = (np.mean(values), np.median(values), np.percentile(values, 95))
                assert (spread.mean, spread.median, spread.p95) == pytest.approx(wanted)
            else:
                assert (spread.mean, spread.median, spread.p95) == (None, None, None)


def test_steps_come_in_the_order_in_which_they_usually_happen(make_log):
    log = make_log(
        Event(case, name, time)
        for case, way in (("1", "DAB"), ("2", "DAB"), ("3", "DBA"))
        for time, name in enumerate(way)
    )
    assert [step.activity for step in steps(log)] == ["D", "A", "B"]


def test_the_department_with_most_events_comes_first(make_log):
    log = make_log([Event(str(n), "A", 0, department="x" if n else "y") for n in range(3)])
    (step,) = steps(log)
    assert list(step.departments.items()) == [("x", 2), ("y", 1)]


def test_a_step_is_on_time_when_its_last_event_ends_by_the_due_time(make_log):
    log = make_log(
        [
            Event("exact", "Ship", 0, 100),
            Event("late", "Ship", 0, 101),
            Event("redone", "Ship", 0, 50),
            Event("redone", "Ship", 60, 200),
            Event("without due time", "Ship", 0, 999),
            Event("not done", "Other", 0),
        ],
        due={"Ship": {"exact": 100, "late": 100, "redone": 100, "not done": 1}},
    )
    _, ship = sorted(steps(log, described(due={"column": "due"})), key=lambda s: s.activity)
    assert ship.on_time.to_dict() == {"cases": 3, "share": pytest.approx(1 / 3)}


def test_a_target_counts_from_when_the_step_could_first_begin(make_log):
    log = make_log(
        [
            Event("in time", "Order", 0, HOUR),
            Event("in time", "Ship", 2 * HOUR, 3 * HOUR),
            Event("late", "Order", 0, HOUR),
            Event("late", "Ship", 3 * HOUR, 3 * HOUR + 1),
            Event("first step", "Ship", 0, 2 * HOUR),
            Event("overlapping", "Order", 0, 9 * HOUR),
            Event("overlapping", "Ship", HOUR, 4 * HOUR),
        ]
    )
    ship = next(s for s in steps(log, described(target_hours=2)) if s.activity == "Ship")
    assert ship.on_time.to_dict() == {"cases": 4, "share": 0.5}


def test_nothing_is_said_about_punctuality_where_nothing_is_due(make_log):
    log = make_log([Event("1", "Ship", 0)])
    assert steps(log, described()).steps[0].on_time is None
    assert steps(log, described(due={"column": "due"})).steps[0].on_time is None
    assert steps(log).steps[0].on_time is None


def test_the_document_defines_its_measures_in_every_language(make_log):
    document = steps(make_log([Event("1", "A", 0), Event("1", "B", 60)])).to_dict()
    assert json.loads(json.dumps(document)) == document
    assert document["steps"][0]["wait_seconds"]["mean"] is None
    assert document["steps"][1]["wait_seconds"] == {
        "mean": 60, "median": 60, "p95": 60, "total": 60,
    }  # fmt: skip
    assert [m["id"] for m in document["measures"]] == [m.id for m in MEASURES]
    for measure in document["measures"]:
        assert set(measure["name"]) == set(measure["formula"]) == set(LANGUAGES)
        assert measure["id"] in document["steps"][0]


@pytest.mark.long
@with_fixture
@given(events=random_logs)
def test_shares_of_time_add_up_to_the_time_from_first_start_to_last_end(make_log, events):
    found = steps(make_log(events)).steps
    whole = sum(t[-1].finish - t[0].start for t in traces_of(events).values())
    total = sum(step.wait_seconds.total + step.service_seconds.total for step in found)
    assert total == pytest.approx(whole)
    if whole:
        assert sum(step.share_of_time for step in found) == pytest.approx(1)


@pytest.mark.long
@with_fixture
@given(events=random_logs)
def test_working_time_is_that_of_the_calendar_for_every_wait_and_step(make_log, events):
    workspace = described({"calendar": OFFICE})
    calendar = calendar_of(workspace)

    def worked(start: float, end: float) -> float:
        ends = np.array([instant(at).replace(tzinfo=None) for at in (start, end)], "datetime64[us]")
        return calendar.working_seconds(ends[:1], ends[1:])[0]

    for step in steps(make_log(events), workspace):
        services = [worked(e.start, e.finish) for e in events if e.activity == step.activity]
        waits = [
            worked(before.finish, after.start)
            for trace in traces_of(events).values()
            for before, after in pairwise(trace)
            if after.activity == step.activity
        ]
        assert step.service_working_seconds.total == pytest.approx(sum(services))
        if any(e.finish > e.start for e in events):
            assert step.service_working_seconds.median == pytest.approx(np.median(services))
        assert step.wait_working_seconds.total == pytest.approx(sum(waits))
        if waits:
            assert step.wait_working_seconds.p95 == pytest.approx(np.percentile(waits, 95))


def test_times_in_steps_are_unknown_where_every_event_has_one_time(make_log):
    log = make_log([Event("1", "A", 0), Event("1", "B", 60)])
    unknown = {"mean": None, "median": None, "p95": None, "total": 0.0}
    for found in (steps(log), steps(filtered(log, Filter(only=("A",))))):
        assert all(step.to_dict()["service_seconds"] == unknown for step in found)
    assert [step.share_of_time for step in steps(log)] == [0, 1]
    (first, _) = steps(log, described({"calendar": OFFICE}))
    assert first.to_dict()["service_working_seconds"] == unknown


def test_a_step_without_length_stays_at_zero_where_others_have_one(make_log):
    log = make_log([Event("1", "A", 0), Event("1", "B", 60, 90)])
    none = {"mean": 0.0, "median": 0.0, "p95": 0.0, "total": 0.0}
    only = filtered(log, Filter(only=("A",)))
    for found in (steps(log), steps(only), steps(filtered(log, Filter((Has(("B",)),))))):
        assert found.steps[0].to_dict()["service_seconds"] == none
    only.close()


def test_without_a_calendar_nothing_is_said_about_working_time(make_log):
    (step,) = steps(make_log([Event("1", "Ship", 0)]), described())
    assert step.wait_working_seconds is None
    assert step.to_dict()["service_working_seconds"] is None


def test_people_are_counted_and_nobody_is_named(make_log):
    log = make_log(
        [Event(str(n), "A", 0, resource=who) for n, who in enumerate(["eva", "eva", "jan", None])]
    )
    (step,) = steps(log)
    assert (step.resources, step.busiest_resource_share) == (2, pytest.approx(2 / 3))
    assert "eva" not in json.dumps(step.to_dict())


def test_a_year_of_work_is_events_times_minutes_at_the_departments_cost(make_log):
    year = 365 * 24 * HOUR
    log = make_log(
        [
            Event("older", "Ship", 0, department="Stock"),
            *(Event(str(n), "Ship", 2 * year - n, department="Stock") for n in range(6)),
        ]
    )
    costs = {"departments": {"Stock": {"hourly_cost": {"amount": 50, "low": 40, "high": 60}}}}
    minutes = {"amount": 30, "low": 20, "high": 60, "basis": "measured"}
    effort = steps(log, described(costs, minutes=minutes)).steps[0].effort
    assert effort.events_per_year == 6
    assert effort.hours_per_year.to_dict() == {
        "amount": 3, "low": 2, "high": 6, "basis": "measured",
    }  # fmt: skip
    assert effort.cost_per_year.to_dict() == {
        "amount": 150, "low": 80, "high": 360, "basis": "assumed",
    }  # fmt: skip
    assert effort.currency == "EUR"


def test_a_short_log_is_scaled_up_to_a_year_and_work_without_a_price_has_no_cost(make_log):
    log = make_log([Event("1", "Ship", 0), Event("2", "Ship", 36.5 * 24 * HOUR)])
    effort = steps(log, described(minutes={"amount": 60})).steps[0].effort
    assert effort.hours_per_year.amount == pytest.approx(20)
    assert effort.cost_per_year is None
