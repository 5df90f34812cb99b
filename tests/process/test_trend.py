"""Steps from week to week."""

import json

import pytest
from hypothesis import given
from tests.process.conftest import EPOCH, Event, instant, traces_of
from tests.process.test_graph import random_logs, with_fixture
from tests.process.test_steps import described

from zaplecze.process import steps, trend

WEEK = 7 * 86_400


@pytest.mark.long
@with_fixture
@given(events=random_logs)
def test_weeks_add_up_to_the_figures_of_the_step(make_log, events):
    spread_out = [
        Event(e.case, e.activity, e.start * 5, e.finish * 5, e.department) for e in events
    ]
    log = make_log(spread_out)
    whole = {step.activity: step for step in steps(log)}
    found = trend(log).steps
    assert {step.activity for step in found} == set(whole)
    for step in found:
        facts = whole[step.activity]
        assert sum(week.events for week in step.weeks) == facts.events
        waits = sum(week.wait_seconds.total for week in step.weeks)
        assert abs(waits - facts.wait_seconds.total) < 1e-3
        for week in step.weeks:
            own = [
                e
                for trace in traces_of(spread_out).values()
                for e in trace
                if e.activity == step.activity and _monday(e.start) == week.starts
            ]
            assert week.events == len(own)


def _monday(seconds: float) -> str:
    day = instant(seconds).date()
    return day.fromordinal(day.toordinal() - day.weekday()).isoformat()


def test_a_week_begins_on_monday_and_only_whole_weeks_are_called_whole(make_log):
    assert EPOCH.weekday() == 0
    log = make_log([Event("1", "A", 60), Event("2", "A", WEEK - 1), Event("3", "A", 2 * WEEK + 5)])
    (step,) = trend(log).steps
    assert [(w.starts, w.events, w.whole) for w in step.weeks] == [
        ("2026-01-05", 2, False), ("2026-01-12", 0, True), ("2026-01-19", 1, False),
    ]  # fmt: skip


def test_the_share_in_time_is_that_of_the_week_in_which_the_step_was_done(make_log):
    log = make_log(
        [
            Event("1", "Ship", 0, 3_600),
            Event("2", "Ship", WEEK - 3_600, WEEK + 2 * 3_600),
            Event("3", "Ship", WEEK, WEEK + 60),
        ]
    )
    (step,) = trend(log, described(target_hours=2)).steps
    assert [w.on_time and w.on_time.to_dict() for w in step.weeks] == [
        {"cases": 1, "share": 1.0}, {"cases": 2, "share": 0.5},
    ]  # fmt: skip
    document = trend(log, described(target_hours=2)).to_dict()
    assert json.loads(json.dumps(document)) == document
