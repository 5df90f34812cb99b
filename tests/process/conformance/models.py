"""Random procedures and small drawn ones."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from hypothesis import strategies as st

from zaplecze.process.conformance.blocks import to_procedure
from zaplecze.process.conformance.procedure import Element, Flow, Procedure
from zaplecze.process.conformance.trees import NOTHING, Tree, leaf

LETTERS = "abcd"
TAGS = {
    "task": "task",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
    "inclusive": "inclusiveGateway",
}

leaves = st.one_of(st.sampled_from(LETTERS).map(leaf), st.just(NOTHING))
trees = st.recursive(
    leaves,
    lambda below: st.builds(
        Tree,
        st.sampled_from(["sequence", "choice", "parallel", "loop"]),
        st.lists(below, min_size=2, max_size=3).map(tuple),
    ),
    max_leaves=6,
)
traces = st.lists(st.sampled_from([*LETTERS, "x"]), max_size=6)


def drawn(tree: Tree) -> Procedure:
    """TREE as a procedure."""
    return to_procedure(tree, "Test")


def with_inclusive(procedure: Procedure) -> Procedure:
    """PROCEDURE with inclusive gateways where it had parallel ones."""
    changed = (
        replace(e, kind="inclusive", tag="inclusiveGateway") if e.kind == "parallel" else e
        for e in procedure.elements
    )
    return replace(procedure, elements=tuple(changed))


def inside_a_subprocess(procedure: Procedure) -> Procedure:
    """PROCEDURE as the content of a subprocess, between tasks a and b."""
    inner = tuple(replace(element, scope="sub") for element in procedure.elements)
    around = (
        Element("begin", "start", "startEvent"),
        Element("first", "task", "task", "a"),
        Element("sub", "subprocess", "subProcess", "Inside"),
        Element("last", "task", "task", "b"),
        Element("over", "end", "endEvent"),
    )
    chain = ["begin", "first", "sub", "last", "over"]
    flows = tuple(
        Flow(f"outer_{i}", source, target) for i, (source, target) in enumerate(pairwise(chain))
    )
    return Procedure("Test", (*around, *inner), (*flows, *procedure.flows))


procedures = st.one_of(
    trees.map(drawn),
    trees.map(drawn).map(with_inclusive),
    trees.map(drawn).map(inside_a_subprocess),
)

HEAD = (
    '<?xml version="1.0"?>\n<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'targetNamespace="t">\n<process id="p" name="Claims">\n'
)
TAIL = "</process>\n</definitions>\n"


def bpmn(path: Path, nodes: str, flows: str, *, head: str = HEAD, tail: str = TAIL) -> Path:
    """A BPMN file at PATH. NODES: "tag id name; …". FLOWS: "a>b b>c …"."""
    lines = []
    for node in filter(None, (part.strip() for part in nodes.split(";"))):
        tag, identity, *name = node.split(maxsplit=2)
        lines.append(f'<{tag} id="{identity}" name="{name[0] if name else ""}"/>')
    for i, flow in enumerate(flows.split()):
        source, target = flow.split(">")
        lines.append(f'<sequenceFlow id="f{i}" sourceRef="{source}" targetRef="{target}"/>')
    path.write_text(head + "\n".join(lines) + "\n" + tail, encoding="utf-8")
    return path


@st.composite
def tangles(draw):
    """A chain of elements with further flows between any of them: mostly no blocks, often faulty."""
    kinds = draw(
        st.lists(
            st.sampled_from(["task", "task", "exclusive", "exclusive", "parallel", "inclusive"]),
            min_size=2,
            max_size=7,
        )
    )
    inner = [
        Element(f"n{i}", kind, TAGS[kind], draw(st.sampled_from(LETTERS)) if kind == "task" else "")
        for i, kind in enumerate(kinds)
    ]
    elements = [Element("s", "start", "startEvent"), *inner, Element("e", "end", "endEvent")]
    pairs = dict.fromkeys(pairwise(element.id for element in elements))
    ends = st.sampled_from(inner).map(lambda element: element.id)
    for source, target in draw(st.lists(st.tuples(ends, ends | st.just("e")), max_size=4)):
        if source != target:
            pairs[source, target] = None
    flows = tuple(Flow(f"f{i}", *pair) for i, pair in enumerate(pairs))
    return Procedure("Tangle", tuple(elements), flows)
