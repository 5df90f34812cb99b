"""Optimal alignments against the naive way, on random procedures and traces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.conformance import oracle
from tests.process.conformance.models import procedures, tangles, traces

from zaplecze.errors import InputError
from zaplecze.process.conformance import alignments, search
from zaplecze.process.conformance.net import build_net
from zaplecze.process.conformance.states import state_graph


def as_traces(log, codes):
    offsets = np.cumsum([0, *(len(trace) for trace in log)])
    return alignments.Traces(np.array([codes[a] for t in log for a in t], dtype=np.int64), offsets)


def aligned(procedure, log, way="graph"):
    """Alignments of LOG, found over the state graph or by search."""
    net = build_net(procedure, ())
    names = dict.fromkeys([*(a for trace in log for a in trace), *(s.name for s in net.steps)])
    codes = {name: i for i, name in enumerate(names)}
    activity_of = [codes[step.name] for step in net.steps]
    if way == "search":
        return net, search.align(net, activity_of, as_traces(log, codes))
    return net, alignments.align(state_graph(net), activity_of, as_traces(log, codes))


def moves_of(found, net, log, variant):
    """The steps in the model's order, and the cost of the moves, after checking each event."""
    offset = sum(len(trace) for trace in log[:variant])
    skipped = [
        (int(b), net.steps[s].name)
        for v, b, s in zip(
            found.skipped_variant, found.skipped_before, found.skipped_step, strict=True
        )
        if v == variant
    ]
    run, cost = [], len(skipped)
    for place in range(len(log[variant]) + 1):
        run += [name for before, name in skipped if before == place]
        if place < len(log[variant]):
            step = found.step[offset + place]
            if step == alignments.INSERTED:
                cost += 1
            else:
                assert net.steps[step].name == log[variant][place]
                run.append(log[variant][place])
    return run, cost


@pytest.mark.parametrize("way", ["graph", "search"])
@given(procedure=procedures, log=st.lists(traces, min_size=1, max_size=4))
def test_costs_are_those_of_the_naive_search_and_the_moves_are_a_run_of_the_procedure(
    way, procedure, log
):
    net, found = aligned(procedure, log, way)
    for variant, trace in enumerate(log):
        assert found.lowest[variant] == oracle.optimal_cost(procedure, trace)
        run, cost = moves_of(found, net, log, variant)
        assert cost == found.lowest[variant] == found.highest[variant]
        assert oracle.allows(procedure, run)


@given(procedure=tangles(), log=st.lists(traces, min_size=1, max_size=2))
def test_tangles_are_refused_when_they_get_stuck_and_aligned_when_they_end(procedure, log):
    fate = oracle.fate(procedure)
    if fate == "stuck":
        with pytest.raises(InputError):
            aligned(procedure, log)
    elif fate == "ends":
        wanted = [oracle.optimal_cost(procedure, trace) for trace in log]
        for way in ("graph", "search"):
            assert aligned(procedure, log, way)[1].lowest.tolist() == wanted
