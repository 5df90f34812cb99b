"""The third step of a layered drawing: the order of everything in a row, with few crossings."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

SWEEPS = 24


@dataclass
class Grid:
    """What lies in the rows: items by number; a segment joins items of neighbouring rows.

    ``above[i]`` and ``below[i]`` list the items that item i is joined to, with weights.
    """

    row: list[int] = field(default_factory=list)
    above: list[list[tuple[int, float]]] = field(default_factory=list)
    below: list[list[tuple[int, float]]] = field(default_factory=list)

    def add(self, row: int) -> int:
        """A new item in ROW; returns its number."""
        self.row.append(row)
        self.above.append([])
        self.below.append([])
        return len(self.row) - 1

    def join(self, upper: int, lower: int, weight: float) -> None:
        """A segment from UPPER to LOWER, which is one row further down."""
        self.below[upper].append((lower, weight))
        self.above[lower].append((upper, weight))


def order(grid: Grid, spine: set[int], widths: Sequence[float]) -> list[list[int]]:
    """The items of each row from left to right; each row has one item of SPINE.

    Barycentres from above and below by turns, then exchanges of neighbours; what is not on the
    spine starts on the side where its own part of the picture lies, so that the spine is crossed
    rarely and both sides are about equally wide.
    """
    best = current = _first_order(grid, spine, widths)
    fewest = crossings(grid, best)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        current = _exchanged(grid, _swept(grid, current, downwards=sweep % 2 == 0))
        count = crossings(grid, current)
        if count < fewest - 1e-9:
            best, fewest = current, count
    return best


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


def _first_order(grid: Grid, spine: set[int], widths: Sequence[float]) -> list[list[int]]:
    """Parts that hang together without the spine go whole to the side with more room."""
    depth = max(grid.row) + 1
    rows: list[list[int]] = [[] for _ in range(depth)]
    for item in sorted(spine, key=grid.row.__getitem__):
        rows[grid.row[item]] = [item]
    taken = {-1: [0.0] * depth, 1: [0.0] * depth}
    for part in _parts(grid, spine):
        wide = {side: max(taken[side][grid.row[item]] for item in part) for side in taken}
        side = 1 if wide[1] <= wide[-1] else -1
        for item in part:
            row = grid.row[item]
            taken[side][row] += widths[item]
            if side == 1:
                rows[row].append(item)
            else:
                rows[row].insert(0, item)
    return rows


def _parts(grid: Grid, spine: set[int]) -> list[list[int]]:
    """The connected parts of GRID without SPINE; the largest first, each in the order of rows."""
    seen = set(spine)
    parts = []
    for item in range(len(grid.row)):
        if item in seen:
            continue
        part, waiting = [], [item]
        seen.add(item)
        while waiting:
            here = waiting.pop()
            part.append(here)
            for other, _ in grid.above[here] + grid.below[here]:
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        parts.append(sorted(part, key=lambda i: (grid.row[i], i)))
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _swept(grid: Grid, rows: Sequence[Sequence[int]], *, downwards: bool) -> list[list[int]]:
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
        row.sort(key=lambda item: centre.get(item, place[item]))
        for position, item in enumerate(row):
            place[item] = position
    return new


def _exchanged(grid: Grid, rows: list[list[int]]) -> list[list[int]]:
    """Neighbours change places as long as that takes crossings away."""
    place = {item: position for row in rows for position, item in enumerate(row)}
    for row in rows:
        improved = True
        while improved:
            improved = False
            for position in range(len(row) - 1):
                left, right = row[position], row[position + 1]
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
