"""A procedure as a token game: places, and transitions that move tokens between them.

A marking is an integer, one bit a place: a place holds one token at most. What BPMN asks of
markings beyond a Petri net (an inclusive gateway waits for those that can still come, a subprocess
ends when nothing is left in it, a terminate event clears) stands as conditions on transitions.
Source: BPMN 2.0.2 (OMG formal/2013-12-09), chapter 13.
"""

import functools
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.process.conformance.procedure import Element, Procedure
from zaplecze.process.conformance.reducing import reduced
from zaplecze.process.conformance.transitions import BEGIN, SILENT, Transition


@dataclass(frozen=True)
class _Join:
    """An inclusive gateway that waits: its places, and which of them each place can still reach."""

    incoming: int
    reaches: Mapping[int, int]

    def waits(self, marking: int) -> bool:
        """Can a token still come to an empty place, without there being a way to a full one?"""
        full = marking & self.incoming
        for place in _bits(marking):
            reached = self.reaches.get(place, 0)
            if reached & ~full and not reached & full:
                return True
        return False


@dataclass(frozen=True)
class Net:
    """The token game of a procedure. ``steps`` are the elements that a log shows, by number."""

    procedure: Procedure
    elements: Sequence[Element]
    steps: Sequence[Element]
    transitions: Sequence[Transition]
    place_of: Sequence[Element | None]
    joins: Sequence[_Join]

    @functools.cached_property
    def _by_place(self) -> dict[int, list[Transition]]:
        """Transitions by the lowest place that they take from."""
        found: dict[int, list[Transition]] = {}
        for transition in self.transitions:
            found.setdefault(transition.takes & -transition.takes, []).append(transition)
        return found

    @functools.cached_property
    def _eager(self) -> dict[int, Transition]:
        """Silent transitions with no rival for their tokens, by the lowest of their places."""
        consumers: dict[int, int] = {}
        for transition in self.transitions:
            for place in _bits(transition.takes):
                consumers[place] = consumers.get(place, 0) + 1
        return {
            t.takes & -t.takes: t
            for t in self.transitions
            if t.step == SILENT and t.is_free and all(consumers[p] == 1 for p in _bits(t.takes))
        }

    def enabled(self, marking: int) -> Iterator[Transition]:
        """The transitions that can happen at MARKING."""
        for place in _bits(marking):
            for transition in self._by_place.get(place, ()):
                if marking & transition.takes != transition.takes or marking & transition.empty:
                    continue
                if transition.join is not None:
                    join = self.joins[transition.join]
                    if marking & join.incoming != transition.takes or join.waits(marking):
                        continue
                yield transition

    def after(
        self, marking: int, transition: Transition, fired: list[Transition] | None = None
    ) -> int:
        """The marking when TRANSITION has happened at MARKING, and all that it makes inevitable.

        What happened is added to FIRED. Raises `InputError` when a place would hold two tokens.
        """
        if fired is not None:
            fired.append(transition)
        return self.settled(self._fire(marking, transition), fired)

    def settled(self, marking: int, fired: list[Transition] | None = None) -> int:
        """MARKING when every silent transition without a rival has happened.

        They commute with everything else, so that no order of steps is lost, and many markings
        become one. Raises `InputError` when they go on for ever.
        """
        for _ in range(2 * len(self.transitions) + 1):
            transition = self._inevitable(marking)
            if transition is None:
                return marking
            marking, last = self._fire(marking, transition), transition.element
            if fired is not None:
                fired.append(transition)
        raise self.fault(
            N_("{element}: from here the procedure goes round in a circle without any step."),
            self.elements[last],
        )

    def _inevitable(self, marking: int) -> Transition | None:
        for place in _bits(marking):
            transition = self._eager.get(place)
            if transition and marking & transition.takes == transition.takes:
                return transition
        return None

    def _fire(self, marking: int, transition: Transition) -> int:
        left = marking & ~transition.takes & ~transition.clears
        if left & transition.puts:
            raise self._two_tokens(left & transition.puts, transition)
        return left | transition.puts

    def _two_tokens(self, places: int, transition: Transition) -> InputError:
        element = self.place_of[next(_bits(places)).bit_length() - 1]
        return self.fault(
            N_(
                "{element}: it can be reached a second time while the first is still under way. "
                "Join branches that run at the same time with a parallel gateway first."
            ),
            element or self.elements[transition.element],
        )

    def fault(self, message: str, element: Element) -> InputError:
        """An error about the file that speaks of ELEMENT."""
        fault = say(message, element=element.described)
        return InputError(say(N_("{file}: {fault}"), file=self.procedure.file, fault=fault))


def build_net(procedure: Procedure, seen: Iterable[str]) -> Net:
    """The token game of PROCEDURE; events whose id is in SEEN are steps that a log shows.

    Raises `InputError` when two branches out of an element lead to the same place.
    """
    net = _Builder(procedure, frozenset(seen)).net()
    # An inclusive gateway sees where tokens are: with one, every place counts.
    return net if net.joins else replace(net, transitions=reduced(list(net.transitions)))


class _Builder:
    """Gives every element its places and transitions."""

    def __init__(self, procedure: Procedure, seen: frozenset[str]) -> None:
        self.procedure = procedure
        self.elements = list(procedure.elements)
        self.number = {element.id: i for i, element in enumerate(self.elements)}
        self.target = {flow.id: flow.target for flow in procedure.flows}
        self.steps = [e for e in self.elements if e.kind == "task" or e.id in seen]
        self.step = {element.id: i for i, element in enumerate(self.steps)}
        self.place_of: list[Element | None] = [None]
        self.transitions: list[Transition] = []
        self.join_places: list[int] = []
        self.has_joins = any(
            e.kind == "inclusive" and len(procedure.incoming[e.id]) > 1 for e in self.elements
        )
        self.entry: dict[str, int] = {}
        self.flow_place: dict[str, int] = {}
        self.scope_places: dict[str, int] = {}
        # By the number of the transition: which subprocess it waits for, or clears.
        self.waiting: dict[int, str] = {}
        self.clearing: dict[int, str] = {}

    def net(self) -> Net:
        for element in self.elements:
            self._give_places(element)
        for element in self.elements:
            self._give_transitions(element)
        self._begin("", BEGIN)
        joins = [_Join(places, self._reaches(k)) for k, places in enumerate(self.join_places)]
        return Net(
            self.procedure,
            self.elements,
            self.steps,
            list(dict.fromkeys(self._with_conditions())),
            self.place_of,
            joins,
        )

    # --- places --------------------------------------------------------------------------------

    def _place(self, element: Element, scope: str) -> int:
        place = 1 << len(self.place_of)
        self.place_of.append(element)
        while scope:
            self.scope_places[scope] = self.scope_places.get(scope, 0) | place
            scope = self.procedure.by_id[scope].scope
        return place

    def _give_places(self, element: Element) -> None:
        flows = self.procedure.incoming[element.id]
        # Tokens may come to an end one after the other, on each of its flows.
        if element.kind in ("parallel", "inclusive", "end", "terminate") and len(flows) > 1:
            for flow in flows:
                self.flow_place[flow.id] = self._place(element, element.scope)
        elif element.id not in self.entry:
            self.entry[element.id] = self._entry_place(element)

    def _entry_place(self, element: Element) -> int:
        """Where a token waits for ELEMENT; behind an exclusive choice, at the choice itself.

        That leaves out markings that differ only in a choice that nobody sees. An inclusive
        gateway that waits does see it, so there it is not done.
        """
        flows = self.procedure.incoming[element.id]
        if len(flows) == 1 and not self.has_joins:
            before = self.procedure.by_id[flows[0].source]
            if before.kind == "exclusive":
                if before.id not in self.entry:
                    self.entry[before.id] = self._entry_place(before)
                return self.entry[before.id]
        return self._place(element, element.scope)

    # --- transitions ---------------------------------------------------------------------------

    def _give_transitions(self, element: Element) -> None:
        if element.kind == "start":
            return
        if element.kind == "exclusive":
            self._exclusive(element)
        elif element.kind in ("parallel", "inclusive"):
            self._gateway(element)
        elif element.kind in ("end", "terminate"):
            flows = self.procedure.incoming[element.id]
            for place in dict.fromkeys(self._into(flow.id) for flow in flows):
                self._add(element, place, 0, self._seen(element))
                if element.kind == "terminate":
                    self.clearing[len(self.transitions) - 1] = element.scope
        else:
            self._activity(element)

    def _activity(self, element: Element) -> None:
        """A task, an event on the way, or a subprocess, with its repetitions."""
        before, out = self.entry[element.id], self._out(element)
        done = out
        if element.repeats != "no":
            # Between two repetitions there is a place of its own.
            before, done = (self._place(element, element.scope) for _ in range(2))
            self._add(element, self.entry[element.id], before)
            self._add(element, done, before)
            self._add(element, done, out)
            if element.repeats == "any number":
                self._add(element, self.entry[element.id], out)
        if element.kind == "subprocess":
            running = self._place(element, element.scope)
            begin = self._place(element, element.id)
            self._add(element, before, running | begin)
            self._begin(element.id, begin)
            self._add(element, running, done)
            self.waiting[len(self.transitions) - 1] = element.id
        else:
            self._add(element, before, done, self._seen(element))

    def _exclusive(self, element: Element) -> None:
        for flow in self.procedure.outgoing[element.id]:
            place = self._into(flow.id)
            if place != self.entry[element.id]:
                self._add(element, self.entry[element.id], place)

    def _gateway(self, element: Element) -> None:
        """A parallel gateway takes and puts all tokens at once, an inclusive one any of them."""
        into = [self.flow_place[f.id] for f in self.procedure.incoming[element.id]
                if f.id in self.flow_place]  # fmt: skip
        out = [self._into(flow.id) for flow in self.procedure.outgoing[element.id]]
        if element.kind == "parallel":
            takes = self._all(element, into) if into else self.entry[element.id]
            self._add(element, takes, self._all(element, out))
            return
        before = self.entry.get(element.id)
        if before is None:
            join = len(self.join_places)
            self.join_places.append(self._all(element, into))
            before = self._place(element, element.scope) if len(out) > 1 else out[0]
            for chosen in _choices(into):
                self._add(element, chosen, before, join=join)
            if len(out) == 1:
                return
        self._all(element, out)
        for chosen in _choices(out):
            self._add(element, before, chosen)

    def _begin(self, scope: str, place: int) -> None:
        """What a token at PLACE sets off: one of the start events, or all that nothing leads to."""
        inside = self.procedure.inside(scope)
        starts = [element for element in inside if element.kind == "start"]
        for element in starts:
            self._add(element, place, self._out(element), self._seen(element))
        if not starts:
            first = [e for e in inside if not self.procedure.incoming[e.id]]
            self._add(first[0], place, self._all(first[0], [self.entry[e.id] for e in first]))

    def _out(self, element: Element) -> int:
        """A token for every flow out of ELEMENT."""
        places = [self._into(flow.id) for flow in self.procedure.outgoing[element.id]]
        return self._all(element, places)

    def _into(self, flow: str) -> int:
        """The place to which the flow with the id FLOW leads."""
        if flow in self.flow_place:
            return self.flow_place[flow]
        return self.entry[self.target[flow]]

    def _all(self, element: Element, places: list[int]) -> int:
        if len(set(places)) < len(places):
            raise InputError(
                say(
                    N_("{file}: {fault}"),
                    file=self.procedure.file,
                    fault=say(
                        N_(
                            "{element}: two of its branches lead to the same element at once. Join "
                            "them with a parallel gateway, or remove one."
                        ),
                        element=element.described,
                    ),
                )
            )
        return sum(places)

    def _seen(self, element: Element) -> int:
        return self.step.get(element.id, SILENT)

    def _add(
        self, element: Element, takes: int, puts: int, step: int = SILENT, join: int | None = None
    ) -> None:
        number = self.number[element.id]
        self.transitions.append(Transition(takes, puts, number, step, join=join))

    def _with_conditions(self) -> list[Transition]:
        """The transitions, those that look at a whole subprocess with all of its places."""
        everything = (1 << len(self.place_of)) - 1
        return [
            replace(
                transition,
                empty=self.scope_places[self.waiting[i]] if i in self.waiting else 0,
                clears=self.scope_places.get(self.clearing[i], everything)
                if i in self.clearing
                else 0,
            )
            for i, transition in enumerate(self.transitions)
        ]

    def _reaches(self, join: int) -> dict[int, int]:
        """For every place the places of the gateway JOIN that a token there can get to.

        Ways through the gateway itself do not count.
        """
        incoming = self.join_places[join]
        reaches = {place: place for place in _bits(incoming)}
        onward = [t for t in self.transitions if t.join != join]
        changed = True
        while changed:
            changed = False
            for transition in onward:
                ahead = functools.reduce(
                    int.__or__, (reaches.get(p, 0) for p in _bits(transition.puts)), 0
                )
                for place in _bits(transition.takes):
                    if ahead & ~reaches.get(place, 0):
                        reaches[place] = reaches.get(place, 0) | ahead
                        changed = True
        return reaches


def _choices(places: list[int]) -> Iterator[int]:
    """Every choice of at least one of PLACES, as a marking."""
    for size in range(1, len(places) + 1):
        for chosen in itertools.combinations(places, size):
            yield sum(chosen)


def _bits(marking: int) -> Iterator[int]:
    while marking:
        lowest = marking & -marking
        yield lowest
        marking ^= lowest
