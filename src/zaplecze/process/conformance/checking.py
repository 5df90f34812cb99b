"""Does a drawing say a procedure at all: does it begin, end, and hang together?

Whether it can get stuck on the way is seen when it is played through; see `states`.
"""

from collections.abc import Collection, Iterator

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.process.conformance.procedure import Element, Procedure

MOST_INCLUSIVE_BRANCHES = 8
"""An inclusive gateway with n branches can go 2^n - 1 ways."""

_BEGINNINGS = frozenset({"start"})
_ENDS = frozenset({"end", "terminate"})
_GATEWAYS = frozenset({"exclusive", "parallel", "inclusive"})


def check(procedure: Procedure, conditional: Collection[str]) -> None:
    """Refuse PROCEDURE with an `InputError` that names the first fault and its element.

    CONDITIONAL are the ids of the flows that carry a condition.
    """
    for fault in _faults(procedure, conditional):
        raise InputError(say(N_("{file}: {fault}"), file=procedure.file, fault=fault))


def _faults(procedure: Procedure, conditional: Collection[str]) -> Iterator[Text]:
    for flow in procedure.flows:
        source, target = procedure.by_id[flow.source], procedure.by_id[flow.target]
        if source.scope != target.scope:
            yield say(
                N_(
                    "Flow {id} crosses the border of a subprocess: {source} → {target}. Let it "
                    "begin or end at the subprocess itself."
                ),
                id=flow.id,
                source=source.described,
                target=target.described,
            )
        if flow.id in conditional and source.kind not in _GATEWAYS:
            yield say(
                N_(
                    "{source}: the flow {id} out of it has a condition. Draw a gateway behind it "
                    "and put the conditions on the branches."
                ),
                id=flow.id,
                source=source.described,
            )
    for element in procedure.elements:
        yield from _faults_of_element(procedure, element)
    yield from _faults_of_scope(procedure, "", say(N_("The procedure")))
    for element in procedure.elements:
        if element.kind == "subprocess":
            yield from _faults_of_scope(procedure, element.id, element.described)


def _faults_of_element(procedure: Procedure, element: Element) -> Iterator[Text]:
    into, out = len(procedure.incoming[element.id]), len(procedure.outgoing[element.id])
    if element.kind == "task" and not element.name:
        yield _about(element, N_("{element}: without a name it matches no activity. Name it."))
    if element.kind in _BEGINNINGS and into:
        yield _about(
            element, N_("{element}: a flow leads into it. Let the flow go to what follows.")
        )
    if element.kind in _ENDS and out:
        yield _about(
            element,
            N_("{element}: a flow leads out of it. Remove the flow: nothing comes after an end."),
        )
    if element.kind in _GATEWAYS and (not into or not out):
        yield _about(element, N_("{element}: no flow leads in, or none leads out. Connect it."))
    if element.kind == "inclusive" and max(into, out) > MOST_INCLUSIVE_BRANCHES:
        yield say(
            N_("{element}: it has more than {most} branches. Split it into several gateways."),
            element=element.described,
            most=MOST_INCLUSIVE_BRANCHES,
        )


def _faults_of_scope(procedure: Procedure, scope: str, name: Text) -> Iterator[Text]:
    inside = procedure.inside(scope)
    has_start = any(element.kind in _BEGINNINGS for element in inside)
    has_end = any(element.kind in _ENDS for element in inside)
    if has_start and not has_end:
        yield say(N_("{scope}: there is no end. Add an end event."), scope=name)
    if has_end and not has_start:
        yield say(N_("{scope}: there is no start. Add a start event."), scope=name)
    reached = _reached(procedure, inside, has_start=has_start)
    for element in inside:
        if element.id not in reached and (has_start or has_end or reached):
            yield _about(element, N_("{element}: no way leads here. Connect or remove it."))
        if has_end and element.kind not in _ENDS and not procedure.outgoing[element.id]:
            yield _about(element, N_("{element}: no flow leads on. Connect it to an end event."))
    if not has_start and not has_end and all(procedure.outgoing[element.id] for element in inside):
        yield say(N_("{scope}: there is no end. Add an end event."), scope=name)
    if not has_start and not has_end and all(procedure.incoming[element.id] for element in inside):
        yield say(N_("{scope}: there is no start. Add a start event."), scope=name)


def _reached(procedure: Procedure, inside: list[Element], *, has_start: bool) -> set[str]:
    """The ids of the elements of a scope that a way leads to."""
    waiting = [
        element.id
        for element in inside
        if (element.kind in _BEGINNINGS if has_start else not procedure.incoming[element.id])
    ]
    reached = set(waiting)
    while waiting:
        for flow in procedure.outgoing[waiting.pop()]:
            if flow.target not in reached:
                reached.add(flow.target)
                waiting.append(flow.target)
    return reached


def _about(element: Element, message: str) -> Text:
    return say(message, element=element.described)
