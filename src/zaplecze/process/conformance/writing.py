"""BPMN 2.0 files, written with a drawing, so that any editor shows them as they are meant."""

import xml.etree.ElementTree as ET
from pathlib import Path

from zaplecze.process.conformance.diagram import Bounds, Diagram, draw
from zaplecze.process.conformance.procedure import Element, Procedure
from zaplecze.process.conformance.reading import BPMN

_DI = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC = "http://www.omg.org/spec/DD/20100524/DC"
_LINE = "http://www.omg.org/spec/DD/20100524/DI"
_PREFIXES = {"bpmn": BPMN, "bpmndi": _DI, "dc": _DC, "di": _LINE}


def write_bpmn(procedure: Procedure, path: Path) -> None:
    """Write PROCEDURE to the file PATH as BPMN 2.0 with diagram interchange."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(to_bpmn(procedure))


def to_bpmn(procedure: Procedure) -> bytes:
    """PROCEDURE as the bytes of a BPMN 2.0 file."""
    for prefix, space in _PREFIXES.items():
        ET.register_namespace(prefix, space)
    root = ET.Element(
        f"{{{BPMN}}}definitions",
        {"id": "definitions", "targetNamespace": "https://zaplecze.example/bpmn"},
    )
    process = _add(root, BPMN, "process", id="procedure", name=procedure.name, isExecutable="false")
    _lanes(procedure, process)
    _content(procedure, "", process)
    _diagram(procedure, draw(procedure), root)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _lanes(procedure: Procedure, process: ET.Element) -> None:
    names = dict.fromkeys(e.lane for e in procedure.elements if e.lane)
    if not names:
        return
    lanes = _add(process, BPMN, "laneSet", id="lanes")
    for number, name in enumerate(names, 1):
        lane = _add(lanes, BPMN, "lane", id=f"lane_{number}", name=name)
        for element in procedure.elements:
            if element.lane == name:
                _add(lane, BPMN, "flowNodeRef").text = element.id


def _content(procedure: Procedure, scope: str, parent: ET.Element) -> None:
    inside = procedure.inside(scope)
    for element in inside:
        node = _element(procedure, element, parent)
        if element.kind == "subprocess":
            _content(procedure, element.id, node)
    here = {element.id for element in inside}
    for flow in procedure.flows:
        if flow.source in here:
            _add(parent, BPMN, "sequenceFlow", id=flow.id, name=flow.name, sourceRef=flow.source,
                 targetRef=flow.target)  # fmt: skip


def _element(procedure: Procedure, element: Element, parent: ET.Element) -> ET.Element:
    node = _add(parent, BPMN, element.tag, id=element.id, name=element.name)
    for flow in procedure.incoming[element.id]:
        _add(node, BPMN, "incoming").text = flow.id
    for flow in procedure.outgoing[element.id]:
        _add(node, BPMN, "outgoing").text = flow.id
    if element.kind == "terminate":
        _add(node, BPMN, "terminateEventDefinition", id=f"{element.id}_terminates")
    if element.repeats != "no":
        before = "true" if element.repeats == "any number" else "false"
        _add(node, BPMN, "standardLoopCharacteristics", testBefore=before)
    return node


def _diagram(procedure: Procedure, diagram: Diagram, root: ET.Element) -> None:
    picture = _add(root, _DI, "BPMNDiagram", id="diagram")
    plane = _add(picture, _DI, "BPMNPlane", id="plane", bpmnElement="procedure")
    for element in procedure.elements:
        shape = _add(plane, _DI, "BPMNShape", id=f"{element.id}_shape", bpmnElement=element.id)
        if element.kind == "exclusive" and element.tag == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        if element.kind == "subprocess":
            shape.set("isExpanded", "true")
        _bounds(shape, diagram.bounds[element.id])
    for flow in procedure.flows:
        edge = _add(plane, _DI, "BPMNEdge", id=f"{flow.id}_edge", bpmnElement=flow.id)
        for x, y in diagram.ways[flow.id]:
            _add(edge, _LINE, "waypoint", x=f"{x:.0f}", y=f"{y:.0f}")


def _bounds(shape: ET.Element, box: Bounds) -> None:
    _add(shape, _DC, "Bounds", x=f"{box.x:.0f}", y=f"{box.y:.0f}", width=f"{box.width:.0f}",
         height=f"{box.height:.0f}")  # fmt: skip


def _add(parent: ET.Element, space: str, tag: str, **values: str) -> ET.Element:
    given = {key: value for key, value in values.items() if value}
    return ET.SubElement(parent, f"{{{space}}}{tag}", given)
