"""BPMN files: what is understood, what is refused and how it is named."""

import pytest
from tests.process.conformance.models import HEAD, TAIL, bpmn

from zaplecze.errors import InputError
from zaplecze.process.conformance import read_bpmn
from zaplecze.process.conformance.net import build_net
from zaplecze.process.conformance.procedure import KINDS
from zaplecze.process.conformance.states import state_graph

LINE = "startEvent s; task a Check; endEvent e", "s>a a>e"


def refusal(path, nodes="", flows="", **parts):
    bpmn(path, nodes, flows, **parts)
    with pytest.raises(InputError) as caught:
        state_graph(build_net(read_bpmn(path), ()))
    return str(caught.value)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "claims.bpmn"


def test_a_drawing_becomes_elements_and_flows(file):
    procedure = read_bpmn(bpmn(file, *LINE))
    assert procedure.name == "Claims"
    assert [(e.kind, e.name, e.line) for e in procedure.elements] == [
        ("start", "", 4),
        ("task", "Check", 5),
        ("end", "", 6),
    ]
    assert [(f.source, f.target) for f in procedure.flows] == [("s", "a"), ("a", "e")]


@pytest.mark.parametrize("tag", [tag for tag, kind in KINDS.items() if kind == "task"])
def test_every_kind_of_task_is_a_step(file, tag):
    procedure = read_bpmn(bpmn(file, f"startEvent s; {tag} a Check; endEvent e", "s>a a>e"))
    assert [step.name for step in build_net(procedure, ()).steps] == ["Check"]


def test_a_name_broken_over_lines_is_one_name(file):
    text = bpmn(file, *LINE).read_text().replace("Check", "Check&#10;  claim")
    file.write_text(text)
    assert read_bpmn(file).by_id["a"].name == "Check claim"


def test_lanes_say_who_does_a_step_the_innermost_one(file):
    lanes = (
        '<laneSet id="l"><lane id="l1" name="Office"><flowNodeRef>s</flowNodeRef>'
        '<flowNodeRef>a</flowNodeRef><childLaneSet id="c"><lane id="l2" name="Claims desk">'
        "<flowNodeRef> a </flowNodeRef></lane></childLaneSet></lane></laneSet>\n"
    )
    procedure = read_bpmn(bpmn(file, *LINE, head=HEAD + lanes))
    assert [e.lane for e in procedure.elements] == ["Office", "Claims desk", ""]


def test_what_has_no_bearing_is_left_out_and_messages_are_counted(file):
    extra = (
        '<documentation>text</documentation><extensionElements><x:y xmlns:x="z"><x:a/></x:y>'
        '</extensionElements><dataObject id="d"/><textAnnotation id="t"><text>n</text>'
        "</textAnnotation>\n"
    )
    pools = (
        '</process><collaboration id="c"><participant id="q" processRef="p"/>'
        '<messageFlow id="m" sourceRef="q" targetRef="a"/></collaboration></definitions>'
    )
    procedure = read_bpmn(bpmn(file, *LINE, head=HEAD + extra, tail=pools))
    assert len(procedure.elements) == 3
    assert [str(note) for note in procedure.notes] == [
        "1 message between pools is not a step of this procedure: left out."
    ]


def test_a_subprocess_without_content_is_a_step(file):
    procedure = read_bpmn(bpmn(file, "startEvent s; subProcess a Check; endEvent e", "s>a a>e"))
    assert procedure.by_id["a"].kind == "task"


@pytest.mark.parametrize(
    ("nodes", "flows", "words"),
    [
        ("startEvent s; boundaryEvent b Late; endEvent e", "s>e", "Line 5, <boundaryEvent> 'Late' (id b)"),
        ("startEvent s; complexGateway g; endEvent e", "s>g g>e", "Line 5, <complexGateway> (id g)"),
        ("startEvent s; transaction t Pay; endEvent e", "s>t t>e", "Line 5, <transaction> 'Pay' (id t)"),
        ("startEvent s; task a; endEvent e", "s>a a>e", "task (id a, line 5): without a name"),
        ("startEvent s; task a Check", "s>a", "The procedure: there is no end"),
        ("task a Check; endEvent e", "a>e", "The procedure: there is no start"),
        ("task a Check; task b Pay", "a>b b>a", "there is no end"),
        ("startEvent s; task a Check; task b Pay; endEvent e", "s>a a>e", "task 'Pay' (id b, line 6): no way leads here"),
        ("startEvent s; task a Check; task b Pay; endEvent e", "s>a s>b a>e", "task 'Pay' (id b, line 6): no flow leads on"),
        ("startEvent s; task a Check; endEvent e", "s>a a>e e>a", "end event (id e, line 6): a flow leads out of it"),
        ("startEvent s; task a Check; endEvent e", "s>a a>e a>s", "start event (id s, line 4): a flow leads into it"),
        ("startEvent s; task a Check; endEvent e", "s>a a>e a>zz", "there is no element 'zz'"),
        ("startEvent s; task a Check; task a Pay; endEvent e", "s>a a>e", "This id is given twice"),
        ("", "", "There is no process with steps here"),
    ],
)  # fmt: skip
def test_what_is_not_understood_or_hangs_loose_is_named_with_id_and_line(file, nodes, flows, words):
    message = refusal(file, nodes, flows)
    assert message.startswith(f"{file}: ")
    assert words in message


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ('<endEvent id="e"><errorEventDefinition/></endEvent>', "<errorEventDefinition> (id e)"),
        (
            '<endEvent id="e"/><subProcess id="x" name="Late" triggeredByEvent="true"/>',
            "<subProcess> 'Late' (id x): A subprocess that an event sets off",
        ),
        (
            '<endEvent id="e"/><subProcess id="x"><multiInstanceLoopCharacteristics/></subProcess>',
            "runs several times at once",
        ),
    ],
)
def test_behaviour_that_is_not_understood_is_refused(file, inside, words):
    assert words in refusal(file, "startEvent s", "s>e", tail=inside + TAIL)


def test_a_condition_on_the_way_out_of_a_task_is_refused(file):
    bpmn(file, *LINE)
    file.write_text(
        file.read_text().replace(
            'targetRef="e"/>',
            'targetRef="e"><conditionExpression>x</conditionExpression></sequenceFlow>',
        )
    )
    with pytest.raises(
        InputError, match=r"task 'Check' \(id a, line 5\): the flow f1 .* condition"
    ):
        read_bpmn(file)


@pytest.mark.parametrize(
    ("nodes", "flows", "words"),
    [
        # An exclusive choice that a parallel gateway waits for in vain.
        (
            "startEvent s; exclusiveGateway x; task a A; task b B; parallelGateway j Both; endEvent e",
            "s>x x>a x>b a>j b>j j>e",
            "It can get stuck. Where this is reached, nothing can follow: parallel gateway 'Both'",
        ),
        # Round and round without a way out.
        (
            "startEvent s; exclusiveGateway x; task a A; task b B; exclusiveGateway y; endEvent e",
            "s>x x>e x>y y>a a>b b>y",
            "It can never end",
        ),
        # Two branches at once, joined as if there were one.
        (
            "startEvent s; parallelGateway p; task a A; task b B; exclusiveGateway x; task c C; endEvent e",
            "s>p p>a p>b a>x b>x x>c c>e",
            "it can be reached a second time while the first is still under way",
        ),
        # A circle in which nothing is done.
        (
            "startEvent s; exclusiveGateway x; exclusiveGateway y; task a A; endEvent e",
            "s>x x>y y>x a>e",
            "no way leads here",
        ),
    ],
)  # fmt: skip
def test_a_procedure_that_cannot_be_followed_to_its_end_is_refused(file, nodes, flows, words):
    assert words in refusal(file, nodes, flows)


def test_a_circle_of_gateways_alone_is_refused(file):
    nodes = "startEvent s; exclusiveGateway x; intermediateCatchEvent i; intermediateCatchEvent k"
    message = refusal(file, nodes + "; endEvent e; task a A", "s>x x>i i>k k>x s>a a>e")
    assert "goes round in a circle without any step" in message


def test_entities_are_not_unfolded(file):
    lol = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
    text = bpmn(file, *LINE).read_text().replace("\n<def", "\n" + lol + "<def", 1)
    file.write_text(text.replace("Check", "&b;"))
    with pytest.raises(InputError, match="Line 2: a document type declaration"):
        read_bpmn(file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "Line 1 is no valid XML"),
        ("<definitions>", "begins with <definitions>"),
        ("<html/>", "This is no BPMN 2.0: it begins with <html>"),
        (HEAD + '<task id="a" name="A"', "is no valid XML"),
        (HEAD.replace("Claims", "A") + '<task id="a" name="A"/></process><process id="q" name="B">'
         '<task id="b" name="B"/>' + TAIL, "several processes: A and B"),
    ],
)  # fmt: skip
def test_files_that_are_no_single_procedure_are_refused(file, content, words):
    file.write_text(content)
    with pytest.raises(InputError) as caught:
        read_bpmn(file)
    assert words in str(caught.value)


def test_a_drawing_larger_than_anybody_draws_is_refused(file):
    nested = "".join(f'<subProcess id="p{i}">' for i in range(3_000)) + "</subProcess>" * 3_000
    assert "too large for a procedure" in refusal(file, head=HEAD + nested)
    many = "; ".join(f"task t{i} T" for i in range(2_001))
    assert "too large for a procedure" in refusal(file, many)


def test_a_flow_whose_id_is_given_twice_is_refused(file):
    twice = '<sequenceFlow id="f0" sourceRef="s" targetRef="e"/>'
    assert "This id is given twice" in refusal(file, *LINE, tail=twice + TAIL)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.bpmn: This file cannot be read"):
        read_bpmn(tmp_path / "nowhere.bpmn")


def test_every_cut_of_a_file_is_refused_or_read_and_never_a_fault_of_ours(file):
    whole = bpmn(file, *LINE).read_bytes()
    for length in range(0, len(whole) - 1, 7):
        file.write_bytes(whole[:length])
        with pytest.raises(InputError):
            read_bpmn(file)
