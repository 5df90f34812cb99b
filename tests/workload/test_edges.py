"""What nobody means, answered in words: sizes beyond sense, empty pasts, words with two meanings."""

import datetime as dt
import math

import numpy as np
import pyarrow as pa
import pytest

from zaplecze.errors import InputError
from zaplecze.workload import (
    Demand,
    Load,
    Target,
    Volumes,
    deferred,
    deflect,
    forecast,
    path,
    plan,
    profile,
    read_lines,
    read_loads,
    read_records,
    read_volumes,
    service,
)

ROWS = {
    "at": ["2026-03-02 09:00:00", "2026-03-02 09:20:00"],
    "wait": [0.0, 30.0],
    "end": ["ok", "gone"],
    "talk": [120.0, None],
}


def read(*, answered=("ok",), form=None, **changes):
    return read_records(
        pa.table(ROWS | changes), time="at", wait="wait", outcome="end", answered=answered,
        abandoned=["gone"], handling="talk", time_format=form,
    )  # fmt: skip


def volumes(times, calls):
    return read_volumes(pa.table({"at": times, "n": calls}), time="at", calls="n")


CALLS = Demand(600, 3600, 300, 120, 0.7)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Demand(1e300, 3600, 300), "too large to be meant"),
        (lambda: Demand(1e12, 1e-3, 1e12), "the work of all calls"),
        (lambda: service(CALLS, 1e13, 20), "too large to be meant"),
        (lambda: path(CALLS, agents_before=40, agents_after=50, within_seconds=20, hours=10_000), "336 at most"),
        (lambda: path(Demand(0, 3600, 300, 120), agents_before=4, agents_after=5, within_seconds=20), "above zero"),
        (lambda: deflect(CALLS, Target(), open_hours_per_week=200), "hours of a week (168)"),
        (lambda: deflect(CALLS, Target(), day=[Load("", "8", 0, 300)]), "no calls in any interval"),
        (lambda: profile(read(), within_seconds=math.nan), "the time to answer"),
        (lambda: read(wait=[-1.0, -1.0]), "none is left"),
        (lambda: read(wait=[1e300, 1.0]), "row 2, column 'wait'"),
        (lambda: read(answered=("ok", "gone")), "'gone' cannot mean both"),
        (lambda: read(form="%Q"), "--time-format: the form '%Q'"),
        (lambda: profile(read(at=["0001-01-01 09:00:00", "9999-12-31 09:00:00"])), "longer than any"),
        (lambda: volumes(["0001-01-01 09:00", "9999-12-31 09:00"], [1, 1]), "longer than any"),
        (lambda: volumes(["2026-01-01 09:00", "2026-03-31 09:00"], [0, 0]), "no calls in the past"),
        (lambda: forecast(Volumes(dt.date(2026, 1, 5), np.ones((40, 24)), 3600), coverage=1.0), "like 0.9"),
        (lambda: read_loads(pa.table({"calls": [1, -3], "aht": [60, 60]})), "row 3, column 'calls'"),
        (lambda: read_loads(pa.table({"calls": [1, 3], "aht": [60, 0]})), "row 3, column 'aht'"),
    ],
)  # fmt: skip
def test_what_nobody_means_is_refused_in_words(make, words):
    with pytest.raises(InputError) as refused:
        make()
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("aht = 300\ncalls = nan", "'calls' = 'nan' does not fit"),
        ("aht = 300\ncalls = 10\nagents = nan", "'agents' = 'nan' does not fit"),
        ("aht = 300\ncalls = 10\nagents = 0", "[lines.first]: 0 is not possible (agents)"),
        ("aht = 300\ncalls = 10\nminimum = 2.7", "'minimum' = '2.7' does not fit"),
        ("aht = 300\ncalls = -1", "[lines.first]: -1 is not possible (calls)"),
    ],
)
def test_faults_in_a_file_of_lines_name_the_file_and_the_line(tmp_path, table, words):
    file = tmp_path / "lines.toml"
    file.write_text(f"[lines.first]\n{table}\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_lines(file)
    assert words in str(refused.value)
    assert str(file) in str(refused.value)


def test_what_is_left_of_deferred_work_is_what_came_less_what_was_done():
    random = np.random.default_rng(1)
    came, people = random.integers(0, 30, 60), random.integers(0, 4, 60)
    found = deferred(came.tolist(), 3600, 2, people.tolist(), interval_seconds=28_800)
    assert found.left == pytest.approx(np.cumsum(came) - np.cumsum(found.done))
    assert found.left[-1] == pytest.approx(found.unfinished)


def test_no_handling_time_is_needed_where_nobody_calls():
    rows = {"calls": ["0", "60", "0"], "aht": [None, "300", "0"]}
    loads = read_loads(pa.table(rows))
    assert [each.aht_seconds for each in loads] == [0.0, 300.0, 0.0]
    found = plan(loads, Demand(0, 1800, 1, 120, 0.7), Target(minimum_agents=2))
    assert [each.agents for each in found.intervals][::2] == [2, 2]
    assert [each.service_level for each in found.intervals][::2] == [None, None]
    busy = plan(loads[1:2], Demand(0, 1800, 1, 120, 0.7), Target(minimum_agents=2))
    assert found.intervals[1] == busy.intervals[0]
    assert found.service_level == busy.service_level
    later = deflect(Demand(60, 1800, 300, 120), Target(), day=loads, shares=[0.1])
    assert later.days


@pytest.mark.parametrize(("calls", "aht"), [("3", None), ("0", "-5"), ("0", "x"), ("3", "0")])
def test_any_other_handling_time_is_refused_by_its_row(calls, aht):
    with pytest.raises(InputError, match="row 3, column 'aht'"):
        read_loads(pa.table({"calls": ["1", calls], "aht": ["60", aht]}))


def test_where_nobody_hangs_up_redials_are_not_told_twice():
    told = [each["en"] for each in service(Demand(60, 3600, 300, redial=0.7), 8, 20).caveats]
    assert told == ["Nobody hangs up without patience, so nobody redials. Give a patience."]
    both = service(Demand(60, 3600, 300, redial=0.7, reconnect=0.1), 8, 20).caveats
    assert len(both) == 2
