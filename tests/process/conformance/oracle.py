"""The naive way: tokens on flows moved one by one, and Dijkstra over model and trace together.

Written from the BPMN standard, sharing no code with what it checks.
"""

import heapq
from collections.abc import Iterator
from itertools import combinations

from zaplecze.process.conformance.procedure import Element, Procedure

Tokens = frozenset[str]
"""Flows that hold a token, "begin", and "in:<id>" for a subprocess that is under way."""

BEGIN: Tokens = frozenset({"begin"})
DONE: Tokens = frozenset()


def moves(procedure: Procedure, tokens: Tokens) -> Iterator[tuple[str | None, Tokens]]:
    """What can happen next: the task that is done, None where nobody sees it, and the tokens."""
    if "begin" in tokens:
        yield from _begin(procedure, "", tokens - {"begin"})
    for element in procedure.elements:
        into = [flow.id for flow in procedure.incoming[element.id]]
        out = frozenset(flow.id for flow in procedure.outgoing[element.id])
        for taken, label, put in _firings(procedure, element, into, out, tokens):
            rest = tokens - taken
            assert not rest & put, "two tokens on one flow"
            if element.kind == "subprocess" and put == {"enter"}:
                running = rest | {f"in:{element.id}"}
                yield from ((None, after) for _, after in _begin(procedure, element.id, running))
            elif element.kind == "terminate":
                inside = _inside(procedure, element.scope)
                yield label, frozenset(t for t in rest if t not in inside)
            else:
                yield label, rest | put


def _firings(procedure, element: Element, into, out, tokens):
    present = [flow for flow in into if flow in tokens]
    kind = element.kind
    if kind == "task":
        yield from (({flow}, element.name, out) for flow in present)
    elif kind in ("intermediate", "end", "terminate"):
        yield from (({flow}, None, out) for flow in present)
    elif kind == "exclusive":
        yield from (({flow}, None, frozenset({way})) for flow in present for way in out)
    elif kind == "parallel" and len(present) == len(into):
        yield set(into), None, out
    elif kind == "inclusive" and present and _may_join(procedure, element, into, tokens):
        for size in range(1, len(out) + 1):
            for chosen in combinations(sorted(out), size):
                yield set(present), None, frozenset(chosen)
    elif kind == "subprocess":
        yield from (({flow}, None, frozenset({"enter"})) for flow in present)
        if f"in:{element.id}" in tokens and not tokens & _inside(procedure, element.id):
            yield {f"in:{element.id}"}, None, out


def _begin(procedure: Procedure, scope: str, rest: Tokens) -> Iterator[tuple[None, Tokens]]:
    for element in procedure.inside(scope):
        if element.kind == "start":
            yield None, rest | {flow.id for flow in procedure.outgoing[element.id]}


def _inside(procedure: Procedure, scope: str) -> frozenset[str]:
    held = set()
    for element in procedure.inside(scope):
        held |= {flow.id for flow in procedure.outgoing[element.id]} | {f"in:{element.id}"}
        if element.kind == "subprocess":
            held |= _inside(procedure, element.id)
    return frozenset(held)


def _may_join(procedure: Procedure, element: Element, into: list[str], tokens: Tokens) -> bool:
    full = {flow for flow in into if flow in tokens}
    empty = set(into) - full
    for token in tokens:
        reached = _ahead(procedure, token, element.id)
        if reached & empty and not reached & full:
            return False
    return True


def _ahead(procedure: Procedure, token: str, gateway: str) -> set[str]:
    """The flows to which ways lead from TOKEN that do not visit GATEWAY before their end."""
    target = {flow.id: flow.target for flow in procedure.flows}
    seen, waiting = {token}, [token]
    while waiting:
        flow = waiting.pop()
        element = flow[3:] if flow.startswith("in:") else target.get(flow)
        if element is None or element == gateway:
            continue
        for onward in procedure.outgoing[element]:
            if onward.id not in seen:
                seen.add(onward.id)
                waiting.append(onward.id)
    return seen


def optimal_cost(procedure: Procedure, trace: list[str]) -> int:
    """The least cost of an alignment of TRACE."""
    best = {(BEGIN, 0): 0}
    queue = [(0, 0, BEGIN, 0)]
    number = 0
    while queue:
        cost, _, tokens, place = heapq.heappop(queue)
        if best[tokens, place] < cost:
            continue
        if tokens == DONE and place == len(trace):
            return cost
        onward = [(cost + 1, tokens, place + 1)] if place < len(trace) else []
        for label, after in moves(procedure, tokens):
            onward.append((cost + (label is not None), after, place))
            if label is not None and place < len(trace) and label == trace[place]:
                onward.append((cost, after, place + 1))
        for total, after, ahead in onward:
            if total < best.get((after, ahead), 1 << 30):
                best[after, ahead] = total
                number += 1
                heapq.heappush(queue, (total, number, after, ahead))
    raise AssertionError("the procedure cannot end")


def allows(procedure: Procedure, trace: list[str]) -> bool:
    """Can PROCEDURE be followed so that exactly TRACE is seen?"""
    front = _silently(procedure, {BEGIN})
    for activity in trace:
        after = {
            t for tokens in front for label, t in moves(procedure, tokens) if label == activity
        }
        front = _silently(procedure, after)
    return DONE in front


def _silently(procedure: Procedure, start: set[Tokens]) -> set[Tokens]:
    seen, waiting = set(start), list(start)
    while waiting:
        for label, after in moves(procedure, waiting.pop()):
            if label is None and after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def fate(procedure: Procedure, most: int = 2_000) -> str:
    """Can everything that may happen still come to an end: "ends", "stuck", "two tokens", "vast"?"""
    before: dict[Tokens, set[Tokens]] = {BEGIN: set()}
    waiting = [BEGIN]
    try:
        while waiting:
            tokens = waiting.pop()
            for _, after in moves(procedure, tokens):
                if after not in before:
                    before[after] = set()
                    waiting.append(after)
                before[after].add(tokens)
            if len(before) > most:
                return "vast"
    except AssertionError:
        return "two tokens"
    good = {DONE} & before.keys()
    waiting = list(good)
    while waiting:
        for tokens in before[waiting.pop()] - good:
            good.add(tokens)
            waiting.append(tokens)
    return "ends" if good == before.keys() else "stuck"
