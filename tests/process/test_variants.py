"""Variants: their counts, shares and order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st
from tests.process.conftest import Event
from tests.process.test_graph import with_fixture

from zaplecze.process import variants

random_traces = st.lists(
    st.lists(st.sampled_from(["b", "a", "a b", "ą", "Z"]), min_size=1, max_size=4),
    min_size=1,
    max_size=15,
)


@with_fixture
@given(traces=random_traces)
def test_most_cases_come_first_and_ties_in_the_order_of_the_names(make_log, traces):
    log = make_log(
        Event(str(case), name, time)
        for case, trace in enumerate(traces)
        for time, name in enumerate(trace)
    )
    counts = Counter(tuple(trace) for trace in traces)
    wanted = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    found = variants(log)
    assert [(tuple(v.activities), v.cases) for v in found] == wanted
    assert sum(v.share for v in found) == 1 or abs(sum(v.share for v in found) - 1) < 1e-9


def test_the_document_has_cases_and_shares(make_log):
    log = make_log([Event("1", "A", 0), Event("2", "A", 0), Event("3", "B", 0)], idle=["4"])
    assert variants(log).to_dict() == {
        "cases": 4,
        "filters": [],
        "variants": [
            {"activities": ["A"], "cases": 2, "share": 0.5},
            {"activities": ["B"], "cases": 1, "share": 0.25},
        ],
    }


def test_the_most_frequent_ones_can_be_had_without_the_rest(make_log):
    log = make_log([Event("1", "A", 0), Event("2", "A", 0), Event("3", "B", 0)])
    found = variants(log)
    assert len(found) == 2
    assert [variant.activities for variant in found.top(1)] == [["A"]]
