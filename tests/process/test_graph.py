"""The graph against a count one by one, against published figures, and in odd cases."""

import json
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.process.conftest import Event, traces_of

from zaplecze import eventlog
from zaplecze.process import ProcessGraph, graph, steps, variants
from zaplecze.workspace import Workspace

events_of_one_case = st.lists(
    st.tuples(
        st.sampled_from("ABCD"),
        # Few instants, so that events begin together.
        st.integers(0, 3) | st.integers(0, 10**6),
        st.integers(0, 5_000),
        st.sampled_from([None, "x", "y"]),
    ),
    min_size=1,
    max_size=8,
)
random_logs = st.lists(events_of_one_case, min_size=1, max_size=12).map(
    lambda cases: [
        Event(str(number), activity, start, start + length, department)
        for number, case in enumerate(cases)
        for activity, start, length, department in case
    ]
)
with_fixture = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@with_fixture
@given(events=random_logs)
def test_the_graph_is_what_counting_one_by_one_gives(make_log, events):
    traces = list(traces_of(events).values())
    waits, cases, starts, ends = defaultdict(list), defaultdict(set), Counter(), Counter()
    for number, trace in enumerate(traces):
        starts[trace[0].activity] += 1
        ends[trace[-1].activity] += 1
        for before, after in pairwise(trace):
            edge = before.activity, after.activity
            waits[edge].append(after.start - before.finish)
            cases[edge].add(number)

    found = graph(make_log(events))

    assert {(e.source, e.target): (e.count, e.cases) for e in found.edges} == {
        edge: (len(waits[edge]), len(cases[edge])) for edge in waits
    }
    for edge in found.edges:
        seconds, spread = waits[edge.source, edge.target], edge.wait_seconds
        wanted = (np.mean(seconds), np.median(seconds), np.percentile(seconds, 95), sum(seconds))
        assert (spread.mean, spread.median, spread.p95, spread.total) == pytest.approx(wanted)
    assert {a.name: (a.events, a.cases) for a in found.activities} == {
        name: (
            sum(e.activity == name for e in events),
            sum(any(e.activity == name for e in trace) for trace in traces),
        )
        for name in {e.activity for e in events}
    }
    assert {s.activity: s.cases for s in found.starts} == starts
    assert {e.activity: e.cases for e in found.ends} == ends


def test_everything_comes_most_frequent_first_and_ties_by_name(make_log):
    log = make_log(
        [
            *(Event(f"1{n}", name, t) for n in range(2) for t, name in enumerate("zb")),
            *(Event(f"2{n}", name, t) for n in range(2) for t, name in enumerate("za")),
            *(Event("3", name, t) for t, name in enumerate("cd")),
        ]
    )
    found = graph(log)
    assert [a.name for a in found.activities] == ["z", "a", "b", "c", "d"]
    assert [(e.source, e.target) for e in found.edges] == [("z", "a"), ("z", "b"), ("c", "d")]
    assert [e.activity for e in found.ends] == ["a", "b", "d"]


def test_a_department_is_that_of_most_events_and_ties_go_by_name(make_log):
    log = make_log(
        [
            Event("1", "Ship", 0, department="Stock"),
            Event("2", "Ship", 0, department="Depot"),
            Event("3", "Ship", 0),
            Event("1", "Bill", 9, department="Stock"),
            Event("2", "Bill", 9, department="Finance"),
            Event("3", "Bill", 9, department="Stock"),
            Event("1", "Close", 10),
        ]
    )
    departments = {a.name: a.department for a in graph(log).activities}
    assert departments == {"Ship": "Depot", "Bill": "Stock", "Close": None}


def test_names_targets_and_what_customers_notice_come_from_the_workspace(make_log):
    described = Workspace.model_validate(
        {
            "name": {"en": "Shop", "pl": "Sklep", "uk": "Крамниця"},
            "sources": {"log": {"file": "log.csv"}},
            "case": {"key": "order", "source": "log"},
            "steps": {
                "ship": {
                    "label": {"en": "Shipping", "pl": "Wysyłka", "uk": "Відправлення"},
                    "noticed": True,
                    "target_hours": 2,
                },
                "bill": {"due": {"column": "due"}, "department": "fin"},
            },
            "departments": {"fin": {"label": {"en": "Finance", "pl": "Finanse", "uk": "Фінанси"}}},
        }
    )
    found = graph(
        make_log([Event("1", "ship", 0, department="wh"), Event("1", "bill", 1)]), described
    )
    bill, ship = found.activities
    assert (ship.label["pl"], ship.noticed, ship.target_seconds) == ("Wysyłka", True, 7200)
    assert (ship.department, ship.has_due) == ("wh", False)
    assert (bill.department_label["uk"], bill.has_due, bill.noticed) == ("Фінанси", True, False)
    assert found.name["uk"] == "Крамниця"


def test_a_single_event_starts_and_ends_its_case_and_a_repeated_step_follows_itself(make_log):
    log = make_log([Event("1", "A", 0), *(Event("2", "A", t) for t in (0, 10, 30))])
    found = graph(log)
    (edge,) = found.edges
    assert (edge.source, edge.target, edge.count, edge.cases) == ("A", "A", 2, 1)
    assert edge.wait_seconds.mean == 15
    assert found.starts[0].cases == found.ends[0].cases == 2


def test_cases_without_events_are_cases_but_start_nowhere(make_log):
    found = graph(make_log([Event("1", "A", 0)], idle=["2", "3"]))
    assert found.cases == 3
    assert sum(start.cases for start in found.starts) == 1


@pytest.mark.parametrize("idle", [[], ["1"]])
def test_an_empty_log_has_an_empty_graph(make_log, idle):
    log = make_log([], idle=idle)
    found = graph(log)
    assert found.to_dict() | {"name": None} == {
        "name": None, "cases": len(idle), "events": 0, "activities": [], "edges": [],
        "starts": [], "ends": [], "filters": [],
    }  # fmt: skip
    assert steps(log).steps == []
    assert variants(log).to_dict() == {"cases": len(idle), "filters": [], "variants": []}


def test_a_graph_survives_json(make_log):
    log = make_log(
        [Event("1", "A", 0, 5, "d"), Event("1", "B", 9.25), Event("1", "B", 10), Event("2", "C", 1)]
    )
    found = graph(log)
    assert ProcessGraph.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.long
def test_receipt_has_the_published_counts(shared_data, tmp_path):
    file = shared_data / "receipt-coselog" / "receipt.xes.gz"
    log = eventlog.build(eventlog.workspace_for(file), file.parent, tmp_path / "log")
    found = graph(log)
    assert (found.cases, found.events, len(found.activities)) == (1_434, 8_577, 27)
    assert len(variants(log)) == 116
    assert variants(log).top(1)[0].cases == 713


@pytest.mark.long
def test_helpdesk_has_the_published_counts_and_its_edges_add_up(shared_data, tmp_path):
    file = shared_data / "helpdesk-italian" / "helpdesk.csv.gz"
    described = eventlog.workspace_for(
        file, case="Case ID", activity="Activity", time="Complete Timestamp"
    )
    found = graph(eventlog.build(described, file.parent, tmp_path / "log"))
    assert (found.cases, found.events, len(found.activities)) == (4_580, 21_348, 14)
    assert sum(edge.count for edge in found.edges) == found.events - found.cases
    assert sum(start.cases for start in found.starts) == found.cases
