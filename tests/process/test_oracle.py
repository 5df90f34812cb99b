"""Every public log against pm4py: starts, ends, edges, waits, variants, alignments, and what we write."""

import gzip
import json

import pytest
from tests.conftest import ROOT

from zaplecze import eventlog
from zaplecze.process import conformance, graph, variants
from zaplecze.workspace import load

pytestmark = pytest.mark.oracle

XES = {
    "receipt": "receipt-coselog/receipt.xes.gz",
    "helpdesk": "helpdesk-italian/helpdesk.xes.gz",
    "volvo closed": "bpic2013-volvo-incidents/bpic2013_closed.xes.gz",
    "volvo": "bpic2013-volvo-incidents/bpic2013_incidents.xes.gz",
}
TABLES = ("servicenow-incidents-uci", "helpdesk-italian", "olist")
OBJECTS = {
    "applications": "recruiting-red.jsonocel.gz",
    "Purchase Order": "ocel20_example.jsonocel",
}
LOGS = [*XES, *TABLES, *OBJECTS]

ALIGNED = 15
"""Variants a log: pm4py takes minutes for more of them."""


@pytest.fixture(scope="module", params=LOGS)
def both(request, shared_data, tmp_path_factory):
    """The same log, ours and theirs; each reads the published file."""
    name, folder = request.param, tmp_path_factory.mktemp("log")
    if name in XES:
        ours, theirs = _from_xes(shared_data / XES[name], folder)
    elif name in OBJECTS:
        ours, theirs = _from_objects(shared_data / "ocel-examples" / OBJECTS[name], name, folder)
    else:
        data = shared_data / name
        ours = eventlog.build(load(ROOT / "examples" / f"{name}.toml"), data, folder / "log")
        theirs = _from_table(name, data)
    yield ours, theirs
    ours.close()


def _from_xes(file, folder):
    import pm4py

    ours = eventlog.build(eventlog.workspace_for(file), file.parent, folder / "log")
    return ours, pm4py.read_xes(str(file))


def _from_objects(file, kind, folder):
    import pm4py

    ours = eventlog.build(
        eventlog.workspace_for(file, object_type=kind), file.parent, folder / "log"
    )
    if file.suffix == ".gz":
        plain = folder / file.stem
        plain.write_bytes(gzip.decompress(file.read_bytes()))
        flat = pm4py.ocel_flattening(pm4py.read_ocel(str(plain)), kind)
    else:
        flat = pm4py.ocel_flattening(pm4py.read_ocel2_json(str(file)), kind)
    # Its graph sorts by itself, its variants do not.
    return ours, flat.sort_values(["case:concept:name", "time:timestamp"], kind="stable")


def _from_table(name, data):
    import pandas as pd

    if name == "servicenow-incidents-uci":
        rows = pd.read_csv(data / "incident_event_log.csv.gz", dtype=str)
        return _formatted(rows, "number", "ident_state", "sys_updated_at", format="%d/%m/%Y %H:%M")
    if name == "helpdesk-italian":
        rows = pd.read_csv(data / "helpdesk.csv.gz", dtype=str)
        return _formatted(rows, "Case ID", "Activity", "Complete Timestamp", zone="Europe/Rome")
    orders = pd.read_csv(data / "olist_orders_dataset.csv.gz", dtype=str)
    steps = load(ROOT / "examples" / "olist.toml").events[0].activities
    columns = {moment.start: step for step, moment in steps.items()}
    long = orders.melt("order_id", list(columns), "column", "at").dropna(subset="at")
    long["step"] = long["column"].map(columns)
    return _formatted(long, "order_id", "step", "at", zone="America/Sao_Paulo")


def _formatted(rows, case, activity, time, format=None, zone="UTC"):
    import pandas as pd
    import pm4py

    at = pd.to_datetime(rows[time], format=format)
    rows = rows.assign(at=at.dt.tz_localize(zone, ambiguous=False, nonexistent="shift_forward"))
    rows = rows.sort_values([case, "at"], kind="stable")
    return pm4py.format_dataframe(rows, case_id=case, activity_key=activity, timestamp_key="at")


def test_edges_starts_and_ends_are_the_same(both):
    import pm4py

    ours, theirs = both
    edges, starts, ends = pm4py.discover_dfg(theirs)
    found = graph(ours)
    assert {(e.source, e.target): e.count for e in found.edges} == dict(edges)
    assert {each.activity: each.cases for each in found.starts} == dict(starts)
    assert {each.activity: each.cases for each in found.ends} == dict(ends)


def test_mean_and_median_waits_are_the_same_to_the_microsecond(both):
    import pm4py

    ours, theirs = both
    edges, _, _ = pm4py.discover_performance_dfg(theirs, perf_aggregation_key="all")
    for edge in graph(ours).edges:
        measures = edges[edge.source, edge.target]
        assert edge.wait_seconds.mean == pytest.approx(measures["mean"], rel=1e-12, abs=1e-6)
        assert edge.wait_seconds.median == pytest.approx(measures["median"], rel=1e-12, abs=1e-6)


def test_variants_are_the_same(both):
    import pm4py

    ours, theirs = both
    counted = pm4py.get_variants(theirs)
    assert {tuple(v.activities): v.cases for v in variants(ours)} == dict(counted)


def test_alignments_cost_the_same(both, tmp_path):
    import pm4py

    ours, _ = both
    conformance.write_bpmn(conformance.discover(ours, 0.2), tmp_path / "procedure.bpmn")
    fit = conformance.compare(ours, conformance.read_bpmn(tmp_path / "procedure.bpmn"))
    net = pm4py.convert_to_petri_net(pm4py.read_bpmn(str(tmp_path / "procedure.bpmn")))
    chosen = fit.variants[:ALIGNED]
    theirs = [_their_cost(variant.activities, net) for variant in chosen]
    assert [variant.cost for variant in chosen] == theirs


def _their_cost(activities, net):
    from pm4py.algo.conformance.alignments.petri_net import algorithm
    from pm4py.objects.log.obj import Event, Trace

    trace = Trace([Event({"concept:name": activity}) for activity in activities])
    return algorithm.apply_trace(trace, *net)["cost"] // 10_000


def test_events_with_a_length_follow_each_other_by_their_starts(shared_data, tmp_path):
    # pm4py orders by one time only: with the starts it finds the same, with the ends another order.
    import pm4py

    name = "call-centre-anonymous-bank"
    workspace = load(ROOT / "examples" / f"{name}.toml")
    ours = eventlog.build(workspace, shared_data / name, tmp_path / "log")
    eventlog.export(ours, tmp_path / "log.xes")
    theirs = pm4py.read_xes(str(tmp_path / "log.xes"))
    theirs["time:timestamp"] = theirs["start_timestamp"]
    edges, starts, ends = pm4py.discover_dfg(theirs)
    found = graph(ours)
    assert {(e.source, e.target): e.count for e in found.edges} == dict(edges)
    assert {each.activity: each.cases for each in found.starts} == dict(starts)
    assert {each.activity: each.cases for each in found.ends} == dict(ends)
    assert {tuple(v.activities): v.cases for v in variants(ours)} == pm4py.get_variants(theirs)
    ours.close()


def test_what_we_write_they_read_as_the_same_log(both, tmp_path):
    import pm4py

    ours, theirs = both
    eventlog.export(ours, tmp_path / "out.xes")
    read = pm4py.read_xes(str(tmp_path / "out.xes"))
    assert len(read) == ours.info.events
    assert pm4py.get_variants(read) == pm4py.get_variants(theirs)
    ends = pm4py.discover_dfg(theirs)
    assert [dict(part) for part in pm4py.discover_dfg(read)] == [dict(part) for part in ends]


def test_what_we_write_we_read_as_the_same_log(both, tmp_path):
    ours, _ = both
    eventlog.export(ours, tmp_path / "out.xes")
    file = tmp_path / "out.xes"
    again = eventlog.build(eventlog.workspace_for(file), tmp_path, tmp_path / "again")
    assert json.dumps(graph(again).to_dict()["edges"]) == json.dumps(graph(ours).to_dict()["edges"])
    again.close()
