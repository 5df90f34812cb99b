"""A log divided along a cut: what each block of the model has to explain.

Where a trace does not follow the cut (that was found without the noise), the events in the way are
left out, as few as can be (Leemans, Fahland and van der Aalst 2014, section 3).
"""

from collections import Counter

from zaplecze.process.conformance.cuts import Cut
from zaplecze.process.conformance.follows import Log, Trace


def split(log: Log, cut: Cut) -> list[Log]:
    """A log for every group of CUT."""
    parts: list[Log] = [Counter() for _ in cut.groups]
    divide = {
        "choice": _choose,
        "sequence": _in_turn,
        "parallel": _project,
        "loop": _rounds,
    }[cut.operator]
    for trace, cases in log.items():
        for part, piece in divide(trace, cut.groups):
            parts[part][piece] += cases
    return parts


Pieces = list[tuple[int, Trace]]
Groups = tuple[frozenset[int], ...]


def _choose(trace: Trace, groups: Groups) -> Pieces:
    """The trace belongs to the group that most of its events are in."""
    counts = [sum(activity in group for activity in trace) for group in groups]
    chosen = counts.index(max(counts))
    return [(chosen, tuple(a for a in trace if a in groups[chosen]))]


def _in_turn(trace: Trace, groups: Groups) -> Pieces:
    """The trace is cut where each group's events are mostly over."""
    pieces: Pieces = []
    begin = 0
    earlier: frozenset[int] = frozenset()
    for part, group in enumerate(groups):
        end = len(trace) if part == len(groups) - 1 else _end_of(trace, begin, group, earlier)
        pieces.append((part, tuple(a for a in trace[begin:end] if a in group)))
        begin, earlier = end, earlier | group
    return pieces


def _end_of(trace: Trace, begin: int, group: frozenset[int], earlier: frozenset[int]) -> int:
    """Where GROUP's turn is best taken to end: most of its events before, fewest of others."""
    best, end, lead = 0, begin, 0
    for place in range(begin, len(trace)):
        if trace[place] in group:
            lead += 1
        elif trace[place] not in earlier:
            lead -= 1
        if lead > best:
            best, end = lead, place + 1
    return end


def _project(trace: Trace, groups: Groups) -> Pieces:
    return [(part, tuple(a for a in trace if a in group)) for part, group in enumerate(groups)]


def _rounds(trace: Trace, groups: Groups) -> Pieces:
    """Rounds of a loop: the first group and another take turns; a missing turn is an empty one."""
    pieces: Pieces = []
    last = 0
    piece: list[int] = []
    for activity in trace:
        part = next(k for k, group in enumerate(groups) if activity in group)
        if part != last:
            pieces.append((last, tuple(piece)))
            if part and last:
                pieces.append((0, ()))
            last, piece = part, []
        piece.append(activity)
    pieces.append((last, tuple(piece)))
    if last:
        pieces.append((0, ()))
    return pieces
