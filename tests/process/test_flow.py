"""Cases over time: finished or open, how long, how many, how old."""

import datetime as dt
import json
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.conftest import EPOCH, Event, instant
from tests.process.test_graph import with_fixture

from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES
from zaplecze.process import FLOW_MEASURES, Filter, Has, filtered, flow, flow_svg
from zaplecze.workspace import Workspace

DAY = 86_400


def declared(*ends: str, **top) -> Workspace:
    return Workspace.model_validate(
        {
            "name": "Test",
            "sources": {"log": {"file": "log.csv"}},
            "case": {"key": "case", "source": "log", "ends": list(ends)},
        }
        | top
    )


spans = st.lists(
    st.tuples(st.integers(0, 30 * DAY), st.integers(0, 20 * DAY), st.booleans()), min_size=1
)


def log_of(make_log, cases):
    """A log in which every case begins, goes on, and ends with "End" if it is finished."""
    return make_log(
        event
        for number, (start, length, finished) in enumerate(cases)
        for event in (
            Event(str(number), "Begin", start),
            Event(str(number), "End" if finished else "Work", start + length),
        )
    )


@with_fixture
@given(cases=spans)
def test_the_figures_are_what_counting_one_by_one_gives(make_log, cases):
    found = flow(log_of(make_log, [*cases, (0, 0, True)]), declared("End"), unit="day")
    cases = [*cases, (0, 0, True)]
    now = max(start + length for start, length, _ in cases)
    times = [length for _, length, finished in cases if finished]
    assert (found.cases, found.finished) == (len(cases), len(times))
    assert found.open == len(cases) - len(times)
    spread = found.throughput_seconds
    assert (spread.mean, spread.median) == pytest.approx((np.mean(times), np.median(times)))
    for period in found.periods:
        start = (dt.datetime.fromisoformat(period.starts).replace(tzinfo=dt.UTC) - EPOCH).days * DAY
        end = start + DAY
        assert period.arrivals == sum(start <= begin < end for begin, _, _ in cases)
        assert period.completions == sum(
            finished and start <= begin + length < end for begin, length, finished in cases
        )
        assert period.in_progress == sum(
            begin < end and not (finished and begin + length < end)
            for begin, length, finished in cases
        )
    ages = sorted((now - start for start, _, finished in cases if not finished), reverse=True)
    assert [each.age_seconds for each in found.aging.oldest] == ages[:20]
    assert found.aging.young + found.aging.middle + found.aging.old == found.open
    if now:
        whole = sum(times) + sum(ages)
        assert found.little.in_progress == pytest.approx(whole / now)


@pytest.mark.long
@with_fixture
@given(cases=spans)
def test_with_open_cases_time_is_the_product_limit_estimate(make_log, cases):
    cases = [*cases, (0, 0, True)]
    found = flow(log_of(make_log, cases), declared("End"))
    now = max(start + length for start, length, _ in cases)
    seen = [(length if finished else now - start, finished) for start, length, finished in cases]
    still, wanted = 1.0, None
    for time in sorted({time for time, _ in seen}):
        at_risk = sum(other >= time for other, _ in seen)
        still *= 1 - sum(finished and other == time for other, finished in seen) / at_risk
        if 1 - still >= 0.5 - 1e-12:
            wanted = time
            break
    assert found.median_with_open_seconds == wanted


def test_a_case_without_an_end_is_open_and_not_short(make_log):
    log = make_log(
        [Event("1", "Begin", 0), Event("1", "End", 5 * DAY), Event("2", "Begin", 1 * DAY)]
    )
    found = flow(log, declared("End"))
    assert (found.finished, found.open) == (1, 1)
    assert found.throughput_seconds.median == 5 * DAY
    (waiting,) = found.aging.waiting_at
    assert (waiting.activity, waiting.age_seconds.median) == ("Begin", 4 * DAY)


def test_ends_are_inferred_with_their_reason(make_log):
    finished = [
        event
        for n in range(40)
        for event in (
            Event(str(n), "Begin", n * DAY), Event(str(n), "End", n * DAY + 3_600),
        )
    ]  # fmt: skip
    log = make_log([*finished, Event("late", "Begin", 39 * DAY + 3_000)])
    found = flow(log)
    (end,) = found.ends
    assert (end.activity, end.cases) == ("End", 40)
    assert "No end is declared" in str(end.reason)
    assert found.open == 1
    (end,) = flow(log, declared("End")).ends
    assert str(end.reason) == "The workspace declares this step as an end."


def test_declared_ends_that_never_occur_are_told(make_log):
    log = make_log([Event("1", "Begin", 0)])
    with pytest.raises(InputError, match=r"None of the ends .* occurs in the log: Edn"):
        flow(log, declared("Edn"))


def test_ages_count_up_to_the_instant_that_is_asked_for(make_log):
    log = make_log([Event("1", "Begin", 0), Event("2", "Begin", 0), Event("2", "End", 60)])
    found = flow(log, declared("End"), at=instant(3 * DAY))
    assert found.aging.oldest[0].age_seconds == 3 * DAY
    assert found.at == "2026-01-08T00:00:00Z"
    with pytest.raises(InputError, match="the log goes on until"):
        flow(log, declared("End"), at=instant(59))


def test_working_time_is_shown_where_there_is_a_calendar(make_log):
    hours = {"hours": dict.fromkeys(("monday", "tuesday"), "08:00-16:00")}
    log = make_log([Event("1", "Begin", 10 * 3_600), Event("1", "End", DAY + 9 * 3_600)])
    found = flow(log, declared("End", calendar=hours))
    assert found.throughput_working_seconds.median == 7 * 3_600
    assert flow(log, declared("End")).throughput_working_seconds is None


@pytest.mark.parametrize(
    ("ends", "verdict"), [(20, "holds"), (10, "growing")], ids=["all finished", "half finished"]
)
def test_littles_law_tells_a_steady_flow_from_one_that_piles_up(make_log, ends, verdict):
    log = make_log(
        Event(str(n), name, n * DAY + after)
        for n in range(20)
        for name, after in (("Begin", 0), ("End", DAY))
        if name == "Begin" or n < ends
    )
    found = flow(log, declared("End"))
    assert found.little.verdict == verdict
    assert all(found.little.sentence[language] for language in LANGUAGES)


def test_days_and_weeks_follow_each_other_without_gaps(make_log):
    log = make_log([Event("1", "Begin", 0), Event("1", "End", 200 * DAY)])
    for unit, days in (("day", 1), ("week", 7)):
        starts = [dt.date.fromisoformat(p.starts) for p in flow(log, unit=unit).periods]
        assert all((b - a).days == days for a, b in pairwise(starts))
    assert flow(log).unit == "week"


def test_a_log_without_events_has_no_flow(make_log):
    found = flow(make_log([], idle=["1", "2"]))
    assert (found.cases, found.without_events, found.periods, found.little) == (2, 2, [], None)
    ET.fromstring(flow_svg(found, "en"))


def test_the_document_is_plain_and_defines_its_measures(make_log):
    log = make_log([Event("1", "Begin", 0), Event("2", "Begin", 9), Event("2", "End", 60)])
    document = flow(log, declared("End")).to_dict()
    assert json.loads(json.dumps(document)) == document
    assert [each["id"] for each in document["measures"]] == [each.id for each in FLOW_MEASURES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_says_what_it_shows_and_stays_inside(make_log, language):
    cases = [(n * DAY, 3 * DAY, n % 3 > 0) for n in range(60)]
    log = log_of(make_log, cases)
    view = filtered(log, Filter((Has(("Begin",)),)))
    found = flow(view, declared("End"))
    picture = flow_svg(found, language)
    root = ET.fromstring(picture)
    width, height = float(root.get("width")), float(root.get("height"))
    title = root.find("{http://www.w3.org/2000/svg}title").text
    assert title == root.get("aria-label")
    assert found.filters[0][language] in picture
    assert "style=" not in picture
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(text.get("x")) <= width
        assert 0 <= float(text.get("y")) <= height
    assert flow_svg(found, language) == picture


@pytest.mark.long
def test_helpdesk_tickets_end_when_they_are_closed(shared_data, tmp_path):
    from zaplecze import eventlog

    file = shared_data / "helpdesk-italian" / "helpdesk.xes.gz"
    log = eventlog.build(eventlog.workspace_for(file), file.parent, tmp_path / "log")
    found = flow(log)
    assert [end.activity for end in found.ends] == ["Closed"]
    assert found.finished + found.open == found.cases == 4_580
    assert sum(period.completions for period in found.periods) == found.finished
    assert found.periods[-1].in_progress == found.open
