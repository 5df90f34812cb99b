"""The third step of a layered drawing: the order of everything in a row, with few crossings."""

import itertools
from collections.abc import Sequence

from zaplecze.process.grid import Grid
from zaplecze.process.sides import choose_sides, first_rows, parts_beside

SWEEPS = 16
PATIENCE = 4
"""Sweeps without any gain after which the search stops."""

TRIED_ITEMS = 6_000
"""How much may be tried out: a picture of 200 items is ordered up to 30 times, a large one once."""


def order(grid: Grid, spine: set[int], widths: Sequence[float]) -> list[list[int]]:
    """The items of each row from left to right; each row has one item of SPINE.

    What hangs together without the spine starts whole on one side of it, so that the spine is
    crossed rarely. Then come barycentres from above and below by turns, with exchanges of
    neighbours. As long as the picture is small, each part is tried on the other side as well.
    """
    parts = parts_beside(grid, spine, widths)
    sides = choose_sides(grid, parts, widths)
    best = improved(grid, first_rows(grid, spine, parts, sides))
    fewest = _cost(grid, best, spine, widths)
    for number in range(min(len(parts), TRIED_ITEMS // len(grid.row))):
        sides[number] *= -1
        rows = improved(grid, first_rows(grid, spine, parts, sides))
        cost = _cost(grid, rows, spine, widths)
        if cost < fewest:
            best, fewest = rows, cost
        else:
            sides[number] *= -1
    return best


def improved(
    grid: Grid, rows: list[list[int]], lane: Sequence[int] | None = None
) -> list[list[int]]:
    """ROWS with fewer crossings; everything stays in its LANE where there are lanes."""
    best = current = rows
    fewest, idle = crossings(grid, best), 0
    for sweep in range(SWEEPS):
        if fewest == 0 or idle == PATIENCE:
            break
        current = _swept(grid, current, lane, downwards=sweep % 2 == 0)
        current = _exchanged(grid, current, lane)
        count = crossings(grid, current)
        idle += 1
        if count < fewest - 1e-9:
            best, fewest, idle = [list(row) for row in current], count, 0
    return best


def _cost(
    grid: Grid, rows: list[list[int]], spine: set[int], widths: Sequence[float]
) -> tuple[float, float]:
    """Crossings first; where they are equal, how far the rows reach on their wider sides."""
    reach = 0.0
    for row in rows:
        middle = next(place for place, item in enumerate(row) if item in spine)
        left = sum(widths[item] for item in row[:middle])
        right = sum(widths[item] for item in row[middle + 1 :])
        reach += max(left, right)
    return round(crossings(grid, rows), 6), reach


def crossings(grid: Grid, rows: Sequence[Sequence[int]]) -> float:
    """The crossings between all rows, each counted as the product of the weights that cross."""
    return sum(_crossings_between(grid, upper, lower) for upper, lower in itertools.pairwise(rows))


def _crossings_between(grid: Grid, upper: Sequence[int], lower: Sequence[int]) -> float:
    place = {item: position for position, item in enumerate(lower)}
    size = len(lower)
    # A binary indexed tree of the weights that already end at each place.
    tree = [0.0] * (size + 1)
    total = found = 0.0
    for item in upper:
        ends = sorted((place[below], weight) for below, weight in grid.below[item])
        for position, weight in ends:
            up_to, index = 0.0, position + 1
            while index:
                up_to += tree[index]
                index &= index - 1
            found += weight * (total - up_to)
        for position, weight in ends:
            total += weight
            index = position + 1
            while index <= size:
                tree[index] += weight
                index += index & -index
    return found


def _swept(
    grid: Grid, rows: Sequence[Sequence[int]], lane: Sequence[int] | None, *, downwards: bool
) -> list[list[int]]:
    """Each row sorted by the mean place of what its items are joined to in the row before."""
    joined = grid.above if downwards else grid.below
    new = [list(row) for row in rows]
    place = {item: float(position) for row in new for position, item in enumerate(row)}
    for row in new if downwards else reversed(new):
        centre = {
            item: sum(place[other] * weight for other, weight in joined[item])
            / sum(weight for _, weight in joined[item])
            for item in row
            if joined[item]
        }
        row.sort(key=lambda item: (lane[item] if lane else 0, centre.get(item, place[item])))
        place.update((item, position) for position, item in enumerate(row))
    return new


def _exchanged(grid: Grid, rows: list[list[int]], lane: Sequence[int] | None) -> list[list[int]]:
    """Neighbours change places as long as that takes crossings away."""
    place = {item: position for row in rows for position, item in enumerate(row)}
    for row in rows:
        improved = True
        while improved:
            improved = False
            for position in range(len(row) - 1):
                left, right = row[position], row[position + 1]
                if lane and lane[left] != lane[right]:
                    continue
                if _pair(grid, place, left, right) > _pair(grid, place, right, left) + 1e-9:
                    row[position], row[position + 1] = right, left
                    place[left], place[right] = position + 1, position
                    improved = True
    return rows


def _pair(grid: Grid, place: dict[int, int], left: int, right: int) -> float:
    """The crossings of the segments of two items of a row when LEFT stands left of RIGHT."""
    return sum(
        weight * other_weight
        for joined in (grid.above, grid.below)
        for item, weight in joined[left]
        for other, other_weight in joined[right]
        if place[item] > place[other]
    )
