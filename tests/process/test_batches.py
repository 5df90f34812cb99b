"""Batches: the same person, the same step, several cases, one minute."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.process.conftest import Event
from tests.process.test_graph import with_fixture

from zaplecze.process import batches

event = st.builds(
    Event,
    case=st.sampled_from("12345"),
    activity=st.sampled_from("AB"),
    start=st.integers(30, 400).map(float),
    resource=st.sampled_from([None, "eva", "jan"]),
)


@with_fixture
@given(events=st.lists(event, min_size=1, max_size=30))
def test_batches_are_what_counting_one_by_one_gives(make_log, events):
    kinds = {
        (e.case, e.activity, e.resource, e.start // 60)
        for e in events
        if e.resource and e.start >= 60  # the first minute is midnight
    }
    wanted = defaultdict(list)
    for (activity, *_), size in Counter(kind[1:] for kind in kinds).items():
        wanted[activity].append(size)
    found = {step.activity: step for step in batches(make_log(events)).steps}
    assert set(found) == set(wanted)
    for activity, sizes in wanted.items():
        several = [size for size in sizes if size > 1]
        step = found[activity]
        assert step.events == sum(sizes)
        assert step.batched_events == sum(several)
        assert (step.batches, step.largest) == (len(several), max(several, default=0))
        assert step.to_dict()["share"] == pytest.approx(sum(several) / sum(sizes))


def test_days_without_a_time_make_no_batches(make_log):
    log = make_log([Event(str(n), "A", 86_400, resource="eva") for n in range(3)])
    assert batches(log).steps == []


def test_where_nobody_knows_who_worked_nothing_is_said(make_log):
    assert batches(make_log([Event(str(n), "A", 600) for n in range(3)])).steps == []
