"""The graph, its waits and the variants against pm4py, where somebody has installed it."""

import pytest

from zaplecze import eventlog
from zaplecze.process import graph, variants

pm4py = pytest.importorskip("pm4py")

LOGS = {
    "receipt": "receipt-coselog/receipt.xes.gz",
    "helpdesk": "helpdesk-italian/helpdesk.xes.gz",
    "volvo": "bpic2013-volvo-incidents/bpic2013_closed.xes.gz",
}


@pytest.fixture(scope="module", params=LOGS)
def both(request, shared_data, tmp_path_factory):
    """The same log, ours and theirs."""
    file = shared_data / LOGS[request.param]
    folder = tmp_path_factory.mktemp("log") / "log"
    ours = eventlog.build(eventlog.workspace_for(file), file.parent, folder)
    yield ours, pm4py.read_xes(str(file))
    ours.close()


def test_edges_starts_and_ends_are_the_same(both):
    ours, theirs = both
    edges, starts, ends = pm4py.discover_dfg(theirs)
    found = graph(ours)
    assert {(e.source, e.target): e.count for e in found.edges} == dict(edges)
    assert {each.activity: each.cases for each in found.starts} == dict(starts)
    assert {each.activity: each.cases for each in found.ends} == dict(ends)


def test_mean_waits_are_the_same(both):
    ours, theirs = both
    edges, _, _ = pm4py.discover_performance_dfg(theirs, perf_aggregation_key="all")
    found = graph(ours)
    for edge in found.edges:
        measures = edges[edge.source, edge.target]
        assert edge.wait_seconds.mean == pytest.approx(measures["mean"], rel=1e-9, abs=1e-6)
        assert edge.wait_seconds.median == pytest.approx(measures["median"], rel=1e-9, abs=1e-6)


def test_variants_are_the_same(both):
    ours, theirs = both
    counted = pm4py.get_variants(theirs)
    assert {tuple(v.activities): v.cases for v in variants(ours)} == dict(counted)
