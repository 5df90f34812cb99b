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
        round_of = _Round(transitions)
        round_of.leave_out_passages()
        round_of.leave_out_twins()
        if not round_of.changed:
            return transitions
        transitions = _without_idle_ones(list(dict.fromkeys(round_of.result())))


class _Round:
    """One round of reductions, of which none touches a place that another one touched."""

    def __init__(self, transitions: list[Transition]) -> None:
        self.kept = dict.fromkeys(transitions)
        self.new: list[Transition] = []
        self.touched = 0
        self.changed = False
        self.before: dict[int, list[Transition]] = {}
        self.after: dict[int, list[Transition]] = {}
        for transition in transitions:
            for place in _bits(transition.takes):
                self.after.setdefault(place, []).append(transition)
            for place in _bits(transition.puts):
                self.before.setdefault(place, []).append(transition)

    def result(self) -> list[Transition]:
        """The transitions after this round."""
        return [*self.kept, *self.new]

    def leave_out_passages(self) -> None:
        """Places that are only entered unseen: what leaves them is done from before them."""
        for place in sorted((self.before.keys() & self.after.keys()) - {BEGIN}):
            before, after = self.before[place], self.after[place]
            only_passes = (
                all(t.step == SILENT and t.is_free and t.puts == place for t in before)
                and all(t.is_free and t.takes == place for t in after)
                and not any(t.takes & place for t in before)
                and len(before) * len(after) <= len(before) + len(after)
            )
            if only_passes and self._may_change(before + after):
                # What comes after says which element it is: that is the one that people know.
                self._replace(
                    before + after,
                    [Transition(b.takes, a.puts, a.element, a.step) for b in before for a in after],
                )

    def leave_out_twins(self) -> None:
        """Places that only follow another one from which the same can be done."""
        alike: dict[_Behaviour, list[int]] = {}
        for place, after in sorted(self.after.items()):
            if all(t.is_free and t.takes == place for t in after):
                alike.setdefault(frozenset((t.step, t.puts) for t in after), []).append(place)
        for first, *twins in alike.values():
            for twin in twins:
                before = self.before.get(twin, [])
                only_follows = all(t.puts == twin and t.takes in (first, twin) for t in before)
                around = before + self.after[twin] + self.after[first]
                if before and only_follows and self._may_change(around):
                    moved = [t for t in before if t.takes != twin]
                    self._replace(
                        before + self.after[twin],
                        [Transition(t.takes, first, t.element, t.step) for t in moved],
                    )

    def _may_change(self, transitions: list[Transition]) -> bool:
        return not any((t.takes | t.puts) & self.touched for t in transitions)

    def _replace(self, old: list[Transition], new: list[Transition]) -> None:
        for transition in old:
            self.kept.pop(transition, None)
            self.touched |= transition.takes | transition.puts
        self.new += new
        self.changed = True


def _without_idle_ones(transitions: list[Transition]) -> list[Transition]:
    """Without those that change nothing unseen, where something else can happen in their stead."""
    rivals: dict[int, int] = {}
    for transition in transitions:
        rivals[transition.takes] = rivals.get(transition.takes, 0) + 1
    return [t for t in transitions if t.step != SILENT or t.takes != t.puts or rivals[t.takes] == 1]


def _bits(marking: int) -> Iterator[int]:
    while marking:
        yield marking & -marking
        marking &= marking - 1
