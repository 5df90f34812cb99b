"""Cuts: ways to divide the activities of a log into blocks, from its directly-follows graph.

Definitions of Leemans, Fahland and van der Aalst, "Discovering block-structured process models from
event logs" (2013).
"""

from collections.abc import Callable
from dataclasses import dataclass

from zaplecze.process.conformance.follows import Follows, components
from zaplecze.process.conformance.trees import Operator


@dataclass(frozen=True)
class Cut:
    """The groups of activities that an operator joins; of a loop, the first is what is done."""

    operator: Operator
    groups: tuple[frozenset[int], ...]


def find_cut(follows: Follows) -> Cut | None:
    """The first cut that FOLLOWS allows: choice, sequence, parallel, loop."""
    finders: list[tuple[Operator, Callable[[Follows], list[frozenset[int]]]]] = [
        ("choice", _choice),
        ("sequence", _sequence),
        ("parallel", _parallel),
        ("loop", _loop),
    ]
    for operator, find in finders:
        groups = find(follows)
        if len(groups) > 1:
            return Cut(operator, tuple(groups))
    return None


def _choice(follows: Follows) -> list[frozenset[int]]:
    """Groups between which nothing ever follows."""
    return components(follows.activities, follows.pairs)


def _sequence(follows: Follows) -> list[frozenset[int]]:
    """Groups from each of which there is a way to all later ones, and no way back."""
    reach = _reachable(follows)
    alike = [
        (a, b)
        for a in follows.activities
        for b in follows.activities
        if a < b and (b in reach[a]) == (a in reach[b])
    ]
    groups = components(follows.activities, alike)
    # Joined groups may have become equal to others: on until nothing changes.
    while len(groups) > 1:
        links = []
        for i, one in enumerate(groups):
            for other in groups[i + 1 :]:
                ahead = any(b in reach[a] for a in one for b in other)
                back = any(a in reach[b] for a in one for b in other)
                if ahead == back:
                    links.append((min(one), min(other)))
        if not links:
            break
        held = [(min(group), item) for group in groups for item in group]
        groups = components(follows.activities, held + links)
    # A group with more behind it comes earlier.
    return sorted(groups, key=lambda group: -len(set().union(*(reach[a] for a in group)) - group))


def _parallel(follows: Follows) -> list[frozenset[int]]:
    """Groups any two activities of which follow each other both ways; each can start and end."""
    pairs = follows.pairs
    dependent = [
        (a, b)
        for a in follows.activities
        for b in follows.activities
        if a < b and not ((a, b) in pairs and (b, a) in pairs)
    ]
    groups = components(follows.activities, dependent)
    whole = [g for g in groups if g & follows.starts.keys() and g & follows.ends.keys()]
    rest = [g for g in groups if g not in whole]
    if not whole or not rest:
        return whole
    joined = whole[0].union(*rest)
    return [joined, *whole[1:]]


def _loop(follows: Follows) -> list[frozenset[int]]:
    """What is done, with all starts and ends, and groups that lead from its ends to its starts."""
    starts, ends = frozenset(follows.starts), frozenset(follows.ends)
    done = starts | ends
    inner = [(a, b) for a, b in follows.pairs if a not in done and b not in done]
    groups = components(follows.activities - done, inner)
    again: list[frozenset[int]] = []
    for group in groups:
        if _leads_back(follows, group, starts, ends):
            again.append(group)
        else:
            done |= group
    return [done, *again] if again else [follows.activities]


def _leads_back(
    follows: Follows, group: frozenset[int], starts: frozenset[int], ends: frozenset[int]
) -> bool:
    """Is GROUP entered from every end and only there, and left to every start and only there?"""
    pairs = follows.pairs
    for a, b in pairs:
        if b in group and a not in group and a not in ends:
            return False
        if a in group and b not in group and b not in starts:
            return False
    entered = {b for a, b in pairs if b in group and a in ends}
    left = {a for a, b in pairs if a in group and b in starts}
    return (
        bool(entered)
        and bool(left)
        and all((end, a) in pairs for a in entered for end in ends)
        and all((a, start) in pairs for a in left for start in starts)
    )


def _reachable(follows: Follows) -> dict[int, set[int]]:
    """The activities to which a way leads from each, in one step or more."""
    ahead = follows.ahead()
    reach = {}
    for activity in follows.activities:
        seen: set[int] = set()
        waiting = [activity]
        while waiting:
            for after in ahead[waiting.pop()] - seen:
                seen.add(after)
                waiting.append(after)
        reach[activity] = seen
    return reach
