"""Fewer places for the same steps: what only passes a token on, unseen, is left out of a net.

The reductions keep the order of the steps that can be seen (after Murata 1989, "Petri nets:
properties, analysis and applications", section VII): a choice that nobody sees is made when its
first step is.
"""

from collections.abc import Iterator

from zaplecze.process.conformance.transitions import BEGIN, SILENT, Transition

_Behaviour = frozenset[tuple[int, int]]


def reduced(transitions: list[Transition]) -> list[Transition]:
    """TRANSITIONS without places that only pass on, and without those that are like another one."""
    while True:
        fewer = _without_a_passage(transitions) or _without_a_twin(transitions)
        if fewer is None:
            return transitions
        transitions = list(dict.fromkeys(_without_idle_ones(fewer)))


def _without_a_passage(transitions: list[Transition]) -> list[Transition] | None:
    """Without one place that is only entered unseen: what leaves it is done from before it."""
    for place in _places(transitions):
        before = [t for t in transitions if t.puts & place]
        after = [t for t in transitions if t.takes & place]
        only_passes = (
            place != BEGIN
            and before
            and after
            and all(t.step == SILENT and t.is_free and t.puts == place for t in before)
            and all(t.is_free and t.takes == place for t in after)
            and not any(t.takes & place for t in before)
            and len(before) * len(after) <= 2 * (len(before) + len(after))
        )
        if only_passes:
            rest = [t for t in transitions if t not in before and t not in after]
            # What comes after says which element it is: that is the one that people know.
            return rest + [
                Transition(b.takes, a.puts, a.element, a.step) for b in before for a in after
            ]
    return None


def _without_a_twin(transitions: list[Transition]) -> list[Transition] | None:
    """Without one place that only follows another from which the same can be done."""
    behaviours: dict[_Behaviour, list[int]] = {}
    for place in _places(transitions):
        after = [t for t in transitions if t.takes & place]
        if after and all(t.is_free and t.takes == place for t in after):
            behaviours.setdefault(frozenset((t.step, t.puts) for t in after), []).append(place)
    for places in behaviours.values():
        for twin in places[1:]:
            first = places[0]
            before = [t for t in transitions if t.puts & twin]
            if all(t.puts == twin and t.takes in (first, twin) for t in before):
                return [_moved(t, twin, first) for t in transitions if t.takes != twin]
    return None


def _moved(transition: Transition, twin: int, first: int) -> Transition:
    if not transition.puts & twin:
        return transition
    puts = transition.puts & ~twin | first
    return Transition(transition.takes, puts, transition.element, transition.step)


def _without_idle_ones(transitions: list[Transition]) -> list[Transition]:
    """Without those that change nothing unseen, where something else can happen in their stead."""
    return [
        t
        for t in transitions
        if t.step != SILENT
        or t.takes != t.puts
        or all(other == t or other.takes != t.takes for other in transitions)
    ]


def _places(transitions: list[Transition]) -> Iterator[int]:
    """Every place that tokens come to or leave, one bit each, the lowest first."""
    left = 0
    for transition in transitions:
        left |= transition.takes | transition.puts
    while left:
        yield left & -left
        left &= left - 1
