"""Procedures found in logs, and written so that they read back as they were."""

import xml.etree.ElementTree as ET
from collections import Counter
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.process.conformance import oracle
from tests.process.conformance.models import drawn, procedures, trees
from tests.process.conformance.test_alignments import aligned
from tests.process.conftest import Event

from zaplecze.errors import InputError
from zaplecze.process.conformance import discover, read_bpmn, write_bpmn
from zaplecze.process.conformance.diagram import draw
from zaplecze.process.conformance.inductive import MOST_ACTIVITIES, mine
from zaplecze.process.conformance.trees import NOTHING, block, leaf

logs = st.lists(st.lists(st.integers(0, 4), max_size=7).map(tuple), min_size=1, max_size=8)
NAMES = "abcde"
A, B, C, D = map(leaf, "abcd")


def mined(*traces, noise=0.0):
    """The tree of traces given as words, each optionally with a count: "ab*3"."""
    log = Counter()
    for word in traces:
        word, _, count = word.partition("*")
        log[tuple(NAMES.index(letter) for letter in word)] += int(count or 1)
    return mine(log, NAMES, noise)


@given(log=logs)
def test_without_noise_every_case_follows_what_is_found(log):
    procedure = drawn(mine(Counter(log), NAMES, 0.0))
    words = [[NAMES[code] for code in trace] for trace in log]
    assert aligned(procedure, words)[1].lowest.tolist() == [0] * len(log)


@given(log=logs, noise=st.floats(0, 1))
def test_with_noise_what_is_found_can_be_followed(log, noise):
    procedure = drawn(mine(Counter(log), NAMES, noise))
    assert oracle.optimal_cost(procedure, []) >= 0
    assert {step.name for step in procedure.elements if step.kind == "task"} <= set(NAMES)


@pytest.mark.parametrize(
    ("traces", "tree"),
    [
        (["abc"], block("sequence", A, B, C)),
        (["a", "b"], block("choice", A, B)),
        (["ab", "ba"], block("parallel", A, B)),
        (["abc", "acb"], block("sequence", A, block("parallel", B, C))),
        (["aba", "ababa", "a"], block("loop", A, B)),
        (["ab", "a"], block("sequence", A, block("choice", NOTHING, B))),
        (["a", "aa"], block("loop", A, NOTHING)),
        (["", ""], NOTHING),
    ],
)
def test_blocks_are_found(traces, tree):
    assert mined(*traces) == tree


def test_a_rare_way_is_left_out_where_it_hides_the_usual_one():
    traces = ["abcd*100", "dcba"]
    assert mined(*traces, noise=0.2) == block("sequence", A, B, C, D)
    assert mined(*traces) != block("sequence", A, B, C, D)


def test_a_rare_omission_is_left_out():
    assert mined("ab*100", "a", noise=0.2) == block("sequence", A, B)


def test_too_many_activities_are_refused():
    names = [str(i) for i in range(MOST_ACTIVITIES + 1)]
    with pytest.raises(InputError, match="has 201 activities; a model is drawn of 200 at most"):
        mine(Counter([tuple(range(len(names)))]), names, 0.0)


def test_many_activities_without_any_order_are_no_trouble():
    names = [str(i) for i in range(60)]
    log = Counter([tuple(range(len(names))), tuple(reversed(range(len(names))))])
    assert set(mine(log, names, 0.0).activities()) == set(names)


def test_the_procedure_of_a_log_bears_its_name(make_log):
    found = discover(make_log([Event("1", "A", 0), Event("1", "B", 1)]))
    assert found.name == "Test"
    assert [e.name for e in found.elements if e.kind == "task"] == ["A", "B"]


def test_a_log_without_events_has_no_procedure(make_log):
    with pytest.raises(InputError, match="The log has no events"):
        discover(make_log([], idle=["1"]))


@given(procedure=procedures)
def test_what_is_written_reads_back_as_it_was(tmp_path_factory, procedure):
    file = tmp_path_factory.mktemp("bpmn") / "p.bpmn"
    write_bpmn(procedure, file)
    again = read_bpmn(file)
    assert plain(again) == plain(procedure)
    assert set(again.flows) == set(procedure.flows)
    assert again.name == procedure.name


def plain(procedure):
    return {(e.id, e.kind, e.tag, e.name, e.scope, e.lane, e.repeats) for e in procedure.elements}


@given(procedure=procedures)
def test_boxes_do_not_overlap_and_ways_begin_and_end_at_their_elements(procedure):
    diagram = draw(procedure)
    elements = procedure.elements
    for i, one in enumerate(elements):
        for other in elements[i + 1 :]:
            if one.scope == other.scope:
                assert not overlap(diagram.bounds[one.id], diagram.bounds[other.id])
        if one.scope:
            assert inside(diagram.bounds[one.id], diagram.bounds[one.scope])
    for flow in procedure.flows:
        way = diagram.ways[flow.id]
        assert touches(way[0], diagram.bounds[flow.source])
        assert touches(way[-1], diagram.bounds[flow.target])


@given(tree=trees)
def test_no_two_ways_run_on_top_of_each_other_where_they_turn(tree):
    seen = []
    for flow, way in draw(drawn(tree)).ways.items():
        for (x, y), (after_x, after_y) in pairwise(way):
            if x == after_x:
                seen.append((flow, round(x, 3), *sorted((y, after_y))))
    for (one, x, top, bottom), (other, z, begin, end) in combinations(seen, 2):
        assert one == other or x != z or top > end or begin > bottom


def overlap(a, b):
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height  # fmt: skip


def inside(a, b):
    return b.x <= a.x and b.y <= a.y and a.x + a.width <= b.x + b.width and a.y + a.height <= b.y + b.height  # fmt: skip


def touches(point, box):
    x, y = point
    return box.x - 1 <= x <= box.x + box.width + 1 and box.y - 1 <= y <= box.y + box.height + 1


@given(tree=trees)
@settings(max_examples=20)
def test_the_same_procedure_is_written_the_same(tmp_path_factory, tree):
    folder = tmp_path_factory.mktemp("bpmn")
    for name in "ab":
        write_bpmn(drawn(tree), folder / name)
    assert (folder / "a").read_bytes() == (folder / "b").read_bytes()


def test_every_element_and_flow_has_a_place_in_the_drawing(tmp_path):
    write_bpmn(drawn(block("loop", block("parallel", A, B), C)), tmp_path / "p.bpmn")
    root = ET.parse(tmp_path / "p.bpmn").getroot()
    space = "{http://www.omg.org/spec/BPMN/20100524/DI}"
    shown = {node.get("bpmnElement") for node in root.iter() if node.tag.startswith(space)}
    drawn_ids = {e.get("id") for e in root.find("{*}process") if e.get("id")}
    assert drawn_ids < shown
