"""The first two steps of a layered drawing: which arcs run back, and which row each node is in."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

Pair = tuple[int, int]


@dataclass(frozen=True)
class Link:
    """A line between two different nodes; ``weight`` says how much it matters."""

    source: int
    target: int
    weight: float


def backward_links(size: int, links: Sequence[Link], spine: Sequence[int]) -> list[bool]:
    """For each of LINKS whether it runs against the main flow.

    Links are taken in the order of their weight, those along SPINE first; one that would close a
    circle with those before it runs back.
    """
    along = set(itertools.pairwise(spine))
    order = sorted(
        range(len(links)),
        key=lambda i: (
            (links[i].source, links[i].target) not in along,
            -links[i].weight,
            links[i].source,
            links[i].target,
        ),
    )
    # Bit v of reach[u]: there is a way from u to v.
    reach = [1 << node for node in range(size)]
    back = [False] * len(links)
    for index in order:
        source, target = links[index].source, links[index].target
        if reach[target] >> source & 1:
            back[index] = True
        elif not reach[source] >> target & 1:
            beyond = reach[target]
            reach = [r | beyond if r >> source & 1 else r for r in reach]
    return back


def rows(
    size: int, links: Sequence[Link], back: Sequence[bool], first: int, last: int
) -> list[int]:
    """The row of each node: links run downwards by one row at least and are short in sum.

    FIRST is alone in row 0 and LAST in the lowest row.
    """
    down = [
        Link(link.target, link.source, link.weight) if against else link
        for link, against in zip(links, back, strict=True)
    ]
    above: list[list[Link]] = [[] for _ in range(size)]
    below: list[list[Link]] = [[] for _ in range(size)]
    for link in down:
        above[link.target].append(link)
        below[link.source].append(link)
    row = _longest_paths(size, above, below, first)
    row[last] = max(row[node] for node in range(size) if node != last) + 1
    for _ in range(size):
        if not _shorten(row, above, below, (first, last)):
            break
    return row


def _longest_paths(
    size: int, above: list[list[Link]], below: list[list[Link]], first: int
) -> list[int]:
    row = [0 if node == first else 1 for node in range(size)]
    missing = [len(links) for links in above]
    ready = [node for node in range(size) if not missing[node]]
    while ready:
        node = ready.pop()
        for link in below[node]:
            row[link.target] = max(row[link.target], row[node] + 1)
            missing[link.target] -= 1
            if not missing[link.target]:
                ready.append(link.target)
    return row


def _shorten(row: list[int], above: list[list[Link]], below: list[list[Link]], fixed: Pair) -> bool:
    """Move nodes, one at a time, to where their links are shortest; whether any moved."""
    moved = False
    for node in sorted(range(len(row)), key=lambda n: (-row[n], n)):
        if node in fixed:
            continue
        highest = max((row[link.source] + 1 for link in above[node]), default=1)
        lowest = min((row[link.target] - 1 for link in below[node]), default=row[fixed[1]] - 1)
        pull = sum(link.weight for link in below[node]) - sum(link.weight for link in above[node])
        best = lowest if pull > 0 else highest if pull < 0 else row[node]
        if best != row[node]:
            row[node] = best
            moved = True
    return moved
