"""A written procedure as BPMN draws it: elements, the flows between them, and who does what."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from zaplecze.language import N_, Text, say

Kind = Literal[
    "task",
    "subprocess",
    "start",
    "intermediate",
    "end",
    "terminate",
    "exclusive",
    "parallel",
    "inclusive",
]
"""What an element does to the tokens that reach it; BPMN has several names for some of these."""

KINDS: dict[str, Kind] = {
    "task": "task",
    "userTask": "task",
    "manualTask": "task",
    "serviceTask": "task",
    "sendTask": "task",
    "receiveTask": "task",
    "scriptTask": "task",
    "businessRuleTask": "task",
    # What a called procedure does inside is written elsewhere; here it is one step.
    "callActivity": "task",
    "subProcess": "subprocess",
    "startEvent": "start",
    "intermediateCatchEvent": "intermediate",
    "intermediateThrowEvent": "intermediate",
    "endEvent": "end",
    "exclusiveGateway": "exclusive",
    # Which event comes first decides; the order of steps is that of an exclusive choice.
    "eventBasedGateway": "exclusive",
    "parallelGateway": "parallel",
    "inclusiveGateway": "inclusive",
}

_NOUNS: dict[Kind, str] = {
    "task": N_("task"),
    "subprocess": N_("subprocess"),
    "start": N_("start event"),
    "intermediate": N_("intermediate event"),
    "end": N_("end event"),
    "terminate": N_("terminate end event"),
    "exclusive": N_("exclusive gateway"),
    "parallel": N_("parallel gateway"),
    "inclusive": N_("inclusive gateway"),
}


@dataclass(frozen=True)
class Element:
    """A step, an event or a gateway.

    ``scope`` is the id of the subprocess that it lies in, "" at the top. ``repeats`` says whether
    it may be done again right away: not at all, after the first time, or even no time at all.
    """

    id: str
    kind: Kind
    tag: str
    name: str = ""
    line: int = 0
    scope: str = ""
    lane: str = ""
    repeats: Literal["no", "once or more", "any number"] = "no"

    @property
    def described(self) -> Text:
        """The element as a sentence names it: its kind, name, id and line."""
        kind = say(_NOUNS[self.kind])
        if not self.name:
            return say(N_("{kind} (id {id}, line {line})"), kind=kind, id=self.id, line=self.line)
        return say(
            N_("{kind} '{name}' (id {id}, line {line})"),
            kind=kind, name=self.name, id=self.id, line=self.line,
        )  # fmt: skip


@dataclass(frozen=True)
class Flow:
    """The way from one element to the next, by their ids."""

    id: str
    source: str
    target: str
    name: str = ""


@dataclass(frozen=True)
class Procedure:
    """One process of a BPMN file: what is to be done, in which order, by whom.

    ``notes`` say what of the file has no bearing on the order of steps and was left out.
    """

    name: str
    elements: tuple[Element, ...]
    flows: tuple[Flow, ...]
    file: str = ""
    notes: tuple[Text, ...] = field(default=(), repr=False)

    @cached_property
    def by_id(self) -> dict[str, Element]:
        """Elements by their id."""
        return {element.id: element for element in self.elements}

    @cached_property
    def incoming(self) -> dict[str, tuple[Flow, ...]]:
        """The flows into each element, by its id."""
        return self._by_end({flow.id: flow.target for flow in self.flows})

    @cached_property
    def outgoing(self) -> dict[str, tuple[Flow, ...]]:
        """The flows out of each element, by its id."""
        return self._by_end({flow.id: flow.source for flow in self.flows})

    def _by_end(self, end_of: dict[str, str]) -> dict[str, tuple[Flow, ...]]:
        found: dict[str, list[Flow]] = {element.id: [] for element in self.elements}
        for flow in self.flows:
            found[end_of[flow.id]].append(flow)
        return {element: tuple(flows) for element, flows in found.items()}

    def inside(self, scope: str) -> list[Element]:
        """The elements that lie directly in the subprocess SCOPE; "" is the procedure itself."""
        return [element for element in self.elements if element.scope == scope]
