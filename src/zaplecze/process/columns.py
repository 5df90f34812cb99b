"""A layered drawing in lanes: everything in a column of its own, side by side, from left to right."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zaplecze.process.grid import Grid
from zaplecze.process.ordering import improved
from zaplecze.process.placing import Chain, Extent, Pull, isotonic, straighten, wishes

SWEEPS = 100
MARGIN = 10.0
"""What is free on both sides of a lane."""


@dataclass(frozen=True)
class Lanes:
    """The lane of every box, counted from the left, and how narrow each may be at most."""

    of_box: Sequence[int]
    narrowest: Sequence[float]


def order_in_lanes(grid: Grid, lane: Sequence[int]) -> list[list[int]]:
    """The items of each row, lane after lane, and in a lane with few crossings."""
    rows: list[list[int]] = [[] for _ in range(max(grid.row) + 1)]
    for item in sorted(range(len(grid.row)), key=lambda i: (lane[i], i)):
        rows[grid.row[item]].append(item)
    return improved(grid, rows, lane)


def place_in_lanes(
    rows: Sequence[Sequence[int]],
    lane: Sequence[int],
    narrowest: Sequence[float],
    extents: Sequence[Extent],
    pulls: Sequence[Sequence[Pull]],
    chains: Sequence[Chain],
) -> tuple[list[float], list[tuple[float, float]]]:
    """The x of every item within its lane, and the sides of every lane from left to right.

    Row by row and lane by lane the sum of squared pulls is made as small as it can be.
    """
    parts = [
        list(items) for row in rows for _, items in itertools.groupby(row, key=lane.__getitem__)
    ]
    widths = list(narrowest)
    for part in parts:
        needed = sum(extents[item].left + extents[item].right for item in part)
        widths[lane[part[0]]] = max(widths[lane[part[0]]], needed)
    rights = list(itertools.accumulate(width + 2 * MARGIN for width in widths))
    sides = [
        (right - width - 2 * MARGIN, right) for right, width in zip(rights, widths, strict=True)
    ]
    x = [(sides[each][0] + sides[each][1]) / 2 for each in lane]
    for sweep in range(SWEEPS):
        for part in parts if sweep % 2 == 0 else reversed(parts):
            _set(x, part, sides[lane[part[0]]], extents, pulls)
    straighten(x, rows, set(), extents, chains, _walls(lane, sides, extents))
    return x, sides


def _set(
    x: list[float],
    part: Sequence[int],
    sides: tuple[float, float],
    extents: Sequence[Extent],
    pulls: Sequence[Sequence[Pull]],
) -> None:
    """Move the items of PART as near to where they are pulled as their order and lane allow."""
    wanted, weights = wishes(x, part, pulls)
    reaches, reach = [], sides[0] + MARGIN
    for item in part:
        reach += extents[item].left
        reaches.append(reach)
        reach += extents[item].right
    slack = max(sides[1] - MARGIN - reach, 0.0)
    found = isotonic([w - r for w, r in zip(wanted, reaches, strict=True)], weights)
    for item, value, start in zip(part, found, reaches, strict=True):
        x[item] = min(max(value, 0.0), slack) + start


def _walls(
    lane: Sequence[int], sides: Sequence[tuple[float, float]], extents: Sequence[Extent]
) -> Callable[[int], tuple[float, float]]:
    """How far left and right an item could lie in its lane if nothing else were there."""

    def walls(item: int) -> tuple[float, float]:
        left, right = sides[lane[item]]
        return left + MARGIN + extents[item].left, right - MARGIN - extents[item].right

    return walls
