"""What a procedure allows: every construct of BPMN that is understood, by example."""

import pytest
from tests.process.conformance.models import HEAD, bpmn
from tests.process.conformance.test_alignments import aligned

from zaplecze.process.conformance import read_bpmn


@pytest.fixture
def costs(tmp_path):
    """The costs of traces, each a text of one-letter activities."""

    def find(nodes, flows, log, **parts):
        procedure = read_bpmn(bpmn(tmp_path / "p.bpmn", nodes, flows, **parts))
        return [aligned(procedure, [list(t) for t in log], way)[1].lowest.tolist()
                for way in ("graph", "search")]  # fmt: skip

    def same_both_ways(*arguments, **parts):
        by_graph, by_search = find(*arguments, **parts)
        assert by_graph == by_search
        return by_graph

    return same_both_ways


CHAIN = "startEvent s; task a a; task b b; endEvent e", "s>a a>b b>e"


def test_each_missing_step_and_each_event_too_many_costs_one(costs):
    assert costs(*CHAIN, ["ab", "a", "", "ba", "abb", "xaxbx", "bb"]) == [0, 1, 2, 2, 1, 3, 2]


def test_an_exclusive_gateway_goes_one_way(costs):
    nodes = "startEvent s; exclusiveGateway x; task a a; task b b; endEvent e; endEvent f"
    assert costs(nodes, "s>x x>a x>b a>e b>f", ["a", "b", "ab", ""]) == [0, 0, 1, 1]


def test_an_event_based_gateway_goes_one_way(costs):
    nodes = (
        "startEvent s; eventBasedGateway x; intermediateCatchEvent i; intermediateCatchEvent k; "
        "task a a; task b b; endEvent e"
    )
    flows = "s>x x>i x>k i>a k>b a>e b>e"
    assert costs(nodes, flows, ["a", "b", "ab"]) == [0, 0, 1]


def test_a_parallel_gateway_goes_all_ways_in_any_order(costs):
    nodes = (
        "startEvent s; parallelGateway p; task a a; task b b; parallelGateway j; task c c; "
        "endEvent e"
    )
    flows = "s>p p>a p>b a>j b>j j>c c>e"
    assert costs(nodes, flows, ["abc", "bac", "acb", "c"]) == [0, 0, 2, 2]


def test_an_inclusive_gateway_goes_any_ways_and_waits_for_those_taken(costs):
    nodes = (
        "startEvent s; inclusiveGateway p; task a a; task b b; inclusiveGateway j; task c c; "
        "endEvent e"
    )
    flows = "s>p p>a p>b a>j b>j j>c c>e"
    assert costs(nodes, flows, ["ac", "bc", "abc", "bac", "acb", "c"]) == [0, 0, 0, 0, 1, 1]


def test_an_inclusive_gateway_does_not_wait_for_what_can_no_longer_come(costs):
    nodes = (
        "startEvent s; parallelGateway p; task a a; exclusiveGateway x; task b b; task d d; "
        "inclusiveGateway j; task c c; endEvent e; endEvent f"
    )
    flows = "s>p p>a p>x x>b x>d a>j b>j d>f j>c c>e"
    assert costs(nodes, flows, ["abc", "adc", "dac", "acd", "acb"]) == [0, 0, 0, 0, 2]


def test_several_flows_out_of_a_task_are_all_taken(costs):
    nodes = "startEvent s; task a a; task b b; task c c; endEvent e"
    assert costs(nodes, "s>a a>b a>c b>e c>e", ["abc", "acb", "ab"]) == [0, 0, 1]


def test_one_of_several_start_events_begins(costs):
    nodes = "startEvent s; startEvent t; task a a; task b b; endEvent e"
    assert costs(nodes, "s>a t>b a>b b>e", ["ab", "b", "a"]) == [0, 0, 1]


def test_without_start_and_end_events_what_nothing_leads_to_begins(costs):
    assert costs("task a a; task b b", "a>b", ["ab", "b"]) == [0, 1]
    assert costs("task a a; task b b", "", ["ab", "ba", "b"]) == [0, 0, 1]


def test_a_loop_through_gateways(costs):
    nodes = "startEvent s; exclusiveGateway x; task a a; exclusiveGateway y; task b b; endEvent e"
    assert costs(nodes, "s>x x>a a>y y>e y>b b>x", ["a", "aba", "ababa", "ab", "aa"]) == [0, 0, 0, 1, 1]  # fmt: skip


def test_branches_at_once_may_lead_to_one_end_event(costs):
    nodes = "startEvent s; parallelGateway g; task a a; task b b; endEvent e"
    assert costs(nodes, "s>g g>a g>b g>e a>e b>e", ["ab", "ba", "a"]) == [0, 0, 1]


LOOPS = [
    ("<standardLoopCharacteristics/>", [1, 0, 0]),
    ('<standardLoopCharacteristics testBefore="true"/>', [0, 0, 0]),
    ("<multiInstanceLoopCharacteristics/>", [1, 0, 0]),
]


@pytest.mark.parametrize(("marker", "wanted"), LOOPS)
def test_a_task_that_is_repeated(costs, marker, wanted):
    task = f'{HEAD}<task id="a" name="a">{marker}</task>\n'
    assert costs("startEvent s; endEvent e", "s>a a>e", ["", "a", "aaa"], head=task) == wanted


def subprocess(content, marker=""):
    return f'{HEAD}<subProcess id="p" name="P">{marker}{content}</subProcess>\n'


INSIDE = (
    '<startEvent id="si"/><parallelGateway id="g"/><task id="a" name="a"/><task id="b" name="b"/>'
    '<endEvent id="e1"/><endEvent id="e2"/><sequenceFlow id="i1" sourceRef="si" targetRef="g"/>'
    '<sequenceFlow id="i2" sourceRef="g" targetRef="a"/><sequenceFlow id="i3" sourceRef="g" '
    'targetRef="b"/><sequenceFlow id="i4" sourceRef="a" targetRef="e1"/>'
    '<sequenceFlow id="i5" sourceRef="b" targetRef="e2"/>'
)
AROUND = "startEvent s; task c c; endEvent e", "s>p p>c c>e"


def test_a_subprocess_is_over_when_nothing_in_it_is_under_way(costs):
    found = costs(*AROUND, ["abc", "bac", "acb", "c"], head=subprocess(INSIDE))
    assert found == [0, 0, 2, 2]


def test_a_subprocess_that_is_repeated(costs):
    head = subprocess(INSIDE, '<multiInstanceLoopCharacteristics isSequential="true"/>')
    assert costs(*AROUND, ["abc", "abbac", "abac"], head=head) == [0, 0, 1]


def test_a_terminate_event_ends_its_subprocess_and_no_more(costs):
    ends_all = INSIDE.replace('<endEvent id="e1"/>', '<endEvent id="e1"><terminateEventDefinition/></endEvent>')  # fmt: skip
    found = costs(*AROUND, ["abc", "bac", "ac", "bc", "a"], head=subprocess(ends_all))
    # The event may come as soon as a is done, or after b.
    assert found == [0, 0, 0, 1, 1]


def test_a_terminate_event_at_the_top_ends_everything(costs):
    nodes = "startEvent s; parallelGateway g; task a a; task b b; endEvent e"
    head = HEAD + '<endEvent id="t"><terminateEventDefinition/></endEvent>\n'
    found = costs(nodes, "s>g g>a g>b a>t b>e", ["ab", "ba", "a", "b"], head=head)
    assert found == [0, 0, 0, 1]


def test_of_equal_alignments_the_earliest_events_agree(tmp_path):
    procedure = read_bpmn(bpmn(tmp_path / "p.bpmn", *CHAIN))
    for way in ("graph", "search"):
        _, found = aligned(procedure, [list("aab")], way)
        assert found.lowest.tolist() == [1]
    _, found = aligned(procedure, [list("aab")])
    assert (found.step < 0).tolist() == [False, True, False]
