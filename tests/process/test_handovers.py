"""Hand-overs between departments, and work that comes straight back, counted one by one."""

import json
from collections import defaultdict
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from tests.process.conftest import Event, traces_of
from tests.process.test_graph import random_logs, with_fixture

from zaplecze.language import Text
from zaplecze.process import handovers


@with_fixture
@given(events=random_logs)
def test_the_figures_are_what_counting_one_by_one_gives(make_log, events):
    moves, returns = defaultdict(list), defaultdict(list)
    waits = 0.0
    for case, trace in traces_of(events).items():
        waits += sum(after.start - before.finish for before, after in pairwise(trace))
        stays = [list(stay) for _, stay in groupby(trace, key=lambda e: e.department)]
        for before, after in pairwise(stays):
            pair = before[0].department, after[0].department
            if None not in pair:
                moves[pair].append((case, after[0].start - before[-1].finish))
        for one, two, three in zip(stays, stays[1:], stays[2:], strict=False):
            names = [stay[0].department for stay in (one, two, three)]
            if None not in names and names[0] == names[2]:
                returns[names[0], names[1]].append((case, three[0].start - one[-1].finish))

    found = handovers(make_log(events))

    for rows, seconds, wanted in (
        (found.handovers, lambda row: (row.source, row.target, row.wait_seconds), moves),
        (found.ping_pong, lambda row: (row.department, row.partner, row.away_seconds), returns),
    ):
        assert len(rows) == len(wanted)
        assert [row.count for row in rows] == sorted((row.count for row in rows), reverse=True)
        for row in rows:
            source, target, spread = seconds(row)
            passages = wanted[source, target]
            assert (row.count, row.cases) == (len(passages), len({case for case, _ in passages}))
            times = [time for _, time in passages]
            assert (spread.mean, spread.p95) == pytest.approx(
                (np.mean(times), np.percentile(times, 95))
            )
    assert found.cases_with == len({case for each in moves.values() for case, _ in each})
    assert found.cases_back == len({case for each in returns.values() for case, _ in each})
    if waits > 0 and any(event.department for event in events):
        handed = sum(time for each in moves.values() for _, time in each)
        assert found.share_of_waits == pytest.approx(handed / waits)


def test_a_log_without_departments_has_no_handovers(make_log):
    found = handovers(make_log([Event("1", "A", 0), Event("1", "B", 5)]))
    assert (found.handovers, found.ping_pong, found.cases, found.cases_with) == ([], [], 1, 0)
    assert found.share_of_waits is None


def test_the_document_is_plain_and_shows_labels(make_log):
    events = [Event("1", "A", n, department=name) for n, name in enumerate("xyx")]
    document = handovers(make_log(events)).to_dict()
    assert json.loads(json.dumps(document)) == document
    assert document["ping_pong"][0]["partner_label"] == Text.same("y")
    assert document["ping_pong"][0]["away_seconds"]["mean"] == 2


@pytest.mark.long
def test_volvo_incidents_bounce_between_teams_as_often_as_the_store_counts(shared_data, tmp_path):
    from zaplecze import eventlog

    file = shared_data / "bpic2013-volvo-incidents" / "bpic2013_closed.xes.gz"
    described = eventlog.workspace_for(file, department="org:group")
    log = eventlog.build(described, file.parent, tmp_path / "log")
    found = handovers(log)
    (stored,) = log.connection.execute("SELECT sum(handovers) FROM cases").fetchall()[0]
    assert sum(row.count for row in found.handovers) == stored > 100
    assert 0 < found.cases_back < found.cases_with < found.cases == 1_487
