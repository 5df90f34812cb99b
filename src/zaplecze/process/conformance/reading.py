"""BPMN 2.0 files, read as a stream: what is understood becomes a procedure, the rest is refused.

Nothing is fetched and no entity is expanded: a file with a document type declaration is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.parsers import expat

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, joined, say, say_plural
from zaplecze.process.conformance.checking import check
from zaplecze.process.conformance.procedure import KINDS, Element, Flow, Procedure

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"

MOST_BYTES, MOST_ELEMENTS, MOST_NESTED = 50_000_000, 2_000, 40
"""A procedure of this size was not drawn by people; it would not fit in their heads either."""

_CONTAINERS = frozenset({"process", "subProcess"})
_WITHOUT_BEARING = frozenset(
    {
        "documentation", "extensionElements", "laneSet", "dataObject", "dataObjectReference",
        "dataStoreReference", "textAnnotation", "association", "group", "ioSpecification",
        "property", "dataInputAssociation", "dataOutputAssociation", "resourceRole", "performer",
        "humanPerformer", "potentialOwner", "auditing", "monitoring", "artifact", "incoming",
        "outgoing", "supportedInterfaceRef", "correlationSubscription",
    }
)  # fmt: skip
_MARKERS = frozenset({"standardLoopCharacteristics", "multiInstanceLoopCharacteristics"})
_EVENTS_UNDERSTOOD = frozenset(
    {
        "messageEventDefinition", "timerEventDefinition", "signalEventDefinition",
        "conditionalEventDefinition", "escalationEventDefinition", "terminateEventDefinition",
    }
)  # fmt: skip


@dataclass
class _Open:
    """A tag that is being read."""

    tag: str
    values: dict[str, str]
    line: int
    element: Element | None = None
    flow: Flow | None = None


@dataclass
class _Process:
    """What one <process> of the file holds."""

    name: str
    elements: dict[str, Element] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    flow_lines: list[int] = field(default_factory=list)
    conditional: set[str] = field(default_factory=set)
    lanes: dict[str, str] = field(default_factory=dict)


def read_bpmn(path: Path) -> Procedure:
    """The procedure that the BPMN file at PATH draws.

    Raises `InputError` naming file, element, id and line: when it is no BPMN 2.0, when it holds
    something that is not understood, when it has no start or end, or parts that hang loose.
    """
    reader = _Reader(path)
    _parse(path, reader)
    drawn = [process for process in reader.processes if process.elements]
    if not drawn:
        raise _refused(path, say(N_("There is no process with steps here. Draw one.")))
    if len(drawn) > 1:
        names = joined([Text.same(process.name) for process in drawn])
        raise _refused(
            path,
            say(
                N_("There are several processes: {names}. Save each in a file of its own."),
                names=names,
            ),
        )
    process = drawn[0]
    elements = tuple(_finished(process, element) for element in process.elements.values())
    _check_ends_of_flows(path, process)
    procedure = Procedure(
        process.name, elements, tuple(process.flows), str(path), tuple(reader.notes())
    )
    check(procedure, process.conditional)
    return procedure


def _parse(path: Path, reader: "_Reader") -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype
    reader.parser = parser
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _refused(path, say(N_("This file is too large for a procedure. Split it.")))
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise _refused(
            path,
            say(
                N_("Line {line} is no valid XML ({fault}). Save the file again as BPMN 2.0."),
                line=error.lineno,
                fault=expat.ErrorString(error.code),
            ),
        ) from None
    except OSError as error:
        raise _refused(
            path,
            say(
                N_("This file cannot be read ({error}). Check the path."),
                error=error.strerror or str(error),
            ),
        ) from None


class _Reader:
    """Follows the tags of a file and keeps what concerns the order of steps."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parser: expat.XMLParserType = expat.ParserCreate()
        self.processes: list[_Process] = []
        self._open: list[_Open] = []
        self._left_out: dict[str, int] = {}
        self._lane: list[str] = []
        self._words = ""
        # Inside an element whose content has no bearing, or that belongs to another vocabulary.
        self._skipped = 0

    def notes(self) -> Iterator[Text]:
        """What was left out, with counts."""
        if count := self._left_out.get("messageFlow", 0):
            yield say_plural(
                N_("{count} message between pools is not a step of this procedure: left out."),
                N_("{count} messages between pools are no steps of this procedure: left out."),
                count,
            )

    def doctype(self, *_: object) -> None:
        raise _refused(
            self.path,
            say(
                N_(
                    "Line {line}: a document type declaration (DOCTYPE) can hide entities, which "
                    "are not read. Remove it."
                ),
                line=self.parser.CurrentLineNumber,
            ),
        )

    def start(self, name: str, values: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if not self._open and (space, tag) != (BPMN, "definitions"):
            raise _refused(
                self.path,
                say(
                    N_("This is no BPMN 2.0: it begins with <{tag}>. Export it as BPMN 2.0."),
                    tag=tag,
                ),
            )
        self._words = ""
        if self._skipped or space != BPMN:
            self._skipped += 1
            return
        opened = _Open(tag, values, self.parser.CurrentLineNumber)
        parent = self._open[-1] if self._open else None
        self._open.append(opened)
        if tag == "process" and parent and parent.tag == "definitions":
            self.processes.append(_Process(_name(values) or values.get("id", "")))
        elif tag == "messageFlow":
            self._left_out[tag] = self._left_out.get(tag, 0) + 1
        elif tag in ("lane", "laneSet", "childLaneSet", "flowNodeRef"):
            if tag == "lane":
                self._lane.append(_name(values))
        elif parent and parent.tag in _CONTAINERS and tag not in _MARKERS:
            self._content(opened)
        elif parent and parent.element:
            self._detail(parent, opened)
        elif parent and parent.flow and tag == "conditionExpression":
            self.processes[-1].conditional.add(parent.flow.id)

    def end(self, _: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        closed = self._open.pop()
        if closed.tag == "lane":
            self._lane.pop()
        elif closed.tag == "flowNodeRef" and self.processes and self._lane:
            # A lane names its elements before its inner lanes do: the innermost one stays.
            self.processes[-1].lanes[self._words.strip()] = self._lane[-1]
        elif closed.element:
            self.processes[-1].elements[closed.element.id] = closed.element

    def text(self, words: str) -> None:
        self._words += words

    def _content(self, opened: _Open) -> None:
        """A direct part of a process or a subprocess."""
        process, tag = self.processes[-1], opened.tag
        if tag == "sequenceFlow":
            self._flow(process, opened)
        elif tag in KINDS:
            if len(process.elements) >= MOST_ELEMENTS or len(self._open) > MOST_NESTED:
                raise _refused(
                    self.path, say(N_("This file is too large for a procedure. Split it."))
                )
            if "id" not in opened.values:
                raise self._not_understood(opened, say(N_("It has no id. Add one.")))
            if opened.values["id"] in process.elements:
                raise self._not_understood(opened, say(N_("This id is given twice. Rename one.")))
            if opened.values.get("triggeredByEvent") == "true":
                raise self._not_understood(
                    opened,
                    say(
                        N_(
                            "A subprocess that an event sets off is not understood. Draw what "
                            "happens then as a branch."
                        )
                    ),
                )
            scope = next((o.element.id for o in reversed(self._open[:-1]) if o.element), "")
            opened.element = Element(
                opened.values["id"], KINDS[tag], tag, _name(opened.values), opened.line, scope
            )
            # The place in the file counts, not the end of a subprocess.
            process.elements[opened.element.id] = opened.element
        elif tag not in _WITHOUT_BEARING:
            raise self._not_understood(opened, say(_REMEDIES.get(tag, _REMEDY)))

    def _flow(self, process: _Process, opened: _Open) -> None:
        values = opened.values
        if missing := [key for key in ("sourceRef", "targetRef") if not values.get(key)]:
            raise self._not_understood(
                opened, say(N_("It lacks '{key}'. Connect it at both ends."), key=missing[0])
            )
        number = len(process.flows)
        if any(flow.id == values.get("id") for flow in process.flows):
            raise self._not_understood(opened, say(N_("This id is given twice. Rename one.")))
        opened.flow = Flow(
            values.get("id") or f"flow_{number}",
            values["sourceRef"],
            values["targetRef"],
            _name(values),
        )
        process.flows.append(opened.flow)
        process.flow_lines.append(opened.line)

    def _detail(self, parent: _Open, opened: _Open) -> None:
        """A part of a task or an event that says how it behaves."""
        element, tag = parent.element, opened.tag
        assert element is not None
        if tag == "terminateEventDefinition" and element.kind == "end":
            parent.element = replace(element, kind="terminate")
        elif tag == "standardLoopCharacteristics":
            before = opened.values.get("testBefore") == "true"
            parent.element = replace(element, repeats="any number" if before else "once or more")
        elif tag == "multiInstanceLoopCharacteristics":
            at_once = opened.values.get("isSequential") != "true"
            if element.kind == "subprocess" and at_once:
                raise self._not_understood(
                    parent,
                    say(
                        N_(
                            "A subprocess that runs several times at once is not understood. Let "
                            "it run in sequence."
                        )
                    ),
                )
            parent.element = replace(element, repeats="once or more")
        elif tag.endswith("EventDefinition") and tag not in _EVENTS_UNDERSTOOD:
            raise self._not_understood(parent, say(_REMEDY), of=tag)

    def _not_understood(self, opened: _Open, remedy: Text, of: str = "") -> InputError:
        name, place = _name(opened.values), opened.values.get("id", "–")
        tag, line = of or opened.tag, opened.line
        if name:
            fault = say(
                N_("Line {line}, <{tag}> '{name}' (id {id}): {remedy}"),
                line=line, tag=tag, name=name, id=place, remedy=remedy,
            )  # fmt: skip
        else:
            fault = say(
                N_("Line {line}, <{tag}> (id {id}): {remedy}"),
                line=line, tag=tag, id=place, remedy=remedy,
            )  # fmt: skip
        return _refused(self.path, fault)


_REMEDY = N_(
    "This is not understood. Draw it with tasks, events, subprocesses and exclusive, parallel or "
    "inclusive gateways."
)
_REMEDIES = {
    "boundaryEvent": N_(
        "An event on the edge of a task is not understood. Draw what happens then as a branch "
        "behind the task."
    )
}


def _check_ends_of_flows(path: Path, process: _Process) -> None:
    for flow, line in zip(process.flows, process.flow_lines, strict=True):
        for end in (flow.source, flow.target):
            if end not in process.elements:
                raise _refused(
                    path,
                    say(
                        N_(
                            "Line {line}, flow {id}: there is no element '{end}' in this process. "
                            "Connect the flow to one."
                        ),
                        line=line,
                        id=flow.id,
                        end=end,
                    ),
                )


def _finished(process: _Process, element: Element) -> Element:
    """ELEMENT with its lane; a subprocess drawn closed, with nothing inside, is one step."""
    kind = element.kind
    if kind == "subprocess" and all(e.scope != element.id for e in process.elements.values()):
        kind = "task"
    return replace(element, kind=kind, lane=_lane(process, element))


def _lane(process: _Process, element: Element) -> str:
    """The lane of ELEMENT, or that of the subprocess around it."""
    if element.id in process.lanes or not element.scope:
        return process.lanes.get(element.id, "")
    return _lane(process, process.elements[element.scope])


def _name(values: dict[str, str]) -> str:
    """The name on one line: drawing programs break it to fit the box."""
    return " ".join(values.get("name", "").split())


def _refused(path: Path, fault: Text) -> InputError:
    return InputError(say(N_("{file}: {fault}"), file=str(path), fault=fault))
