"""A process tree drawn as BPMN: every block between two gateways of its own."""

from zaplecze.process.conformance.procedure import Element, Flow, Kind, Procedure
from zaplecze.process.conformance.trees import Tree

_TAGS: dict[Kind, str] = {
    "start": "startEvent",
    "end": "endEvent",
    "task": "task",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
}


def to_procedure(tree: Tree, name: str) -> Procedure:
    """The procedure called NAME that allows what TREE allows."""
    drawing = _Drawing()
    start = drawing.add("start")
    last = drawing.block(tree, start)
    drawing.connect(last, drawing.add("end"))
    return Procedure(name, tuple(drawing.elements), tuple(drawing.flows))


class _Drawing:
    """Elements and flows as they are added; the same tree gives the same ids."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.flows: list[Flow] = []

    def add(self, kind: Kind, name: str = "") -> str:
        number = len(self.elements) + 1
        element = Element(f"{kind}_{number}", kind, _TAGS[kind], name)
        self.elements.append(element)
        return element.id

    def connect(self, source: str, target: str) -> None:
        self.flows.append(Flow(f"flow_{len(self.flows) + 1}", source, target))

    def block(self, tree: Tree, before: str) -> str:
        """Draw TREE behind the element BEFORE; returns its last element."""
        if tree.operator == "sequence":
            for child in tree.children:
                before = self.block(child, before)
            return before
        if tree.operator == "loop":
            return self._loop(tree, before)
        if tree.operator is not None:
            kind: Kind = "exclusive" if tree.operator == "choice" else "parallel"
            return self._branches(list(tree.children), before, kind)
        if tree.activity is None:
            return before
        task = self.add("task", tree.activity)
        self.connect(before, task)
        return task

    def _branches(self, children: list[Tree], before: str, kind: Kind) -> str:
        split, join = self.add(kind), self.add(kind)
        self.connect(before, split)
        for child in children:
            self.connect(self.block(child, split), join)
        return join

    def _loop(self, tree: Tree, before: str) -> str:
        begin = self.add("exclusive")
        self.connect(before, begin)
        done = self.block(tree.children[0], begin)
        end = self.add("exclusive")
        self.connect(done, end)
        for again in tree.children[1:]:
            self.connect(self.block(again, end), begin)
        return end
