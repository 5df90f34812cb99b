"""On which side of the spine the parts of a drawing lie, and which of them further out."""

from collections.abc import Sequence
from dataclasses import dataclass

from zaplecze.process.grid import Grid


@dataclass(frozen=True)
class Part:
    """Items that hang together without the spine.

    ``top`` and ``bottom`` are the rows of the spine between which the part is fastened to it;
    ``width`` is that of its widest item.
    """

    items: list[int]
    top: int
    bottom: int
    width: float

    def encloses(self, other: "Part") -> bool:
        """Whether OTHER, on the same side, has to lie between this part and the spine.

        It has to when it is fastened to the spine in between the ends of this part.
        """
        return self.top < other.top < self.bottom or self.top < other.bottom < self.bottom


def parts_beside(grid: Grid, spine: set[int], widths: Sequence[float]) -> list[Part]:
    """The connected parts of GRID without SPINE; those that can lie nearer to it come first."""
    seen = set(spine)
    parts = []
    for item in range(len(grid.row)):
        if item in seen:
            continue
        items, fastened, waiting = [], [], [item]
        seen.add(item)
        while waiting:
            here = waiting.pop()
            items.append(here)
            for other, _ in grid.above[here] + grid.below[here]:
                if other in spine:
                    fastened.append(grid.row[other])
                elif other not in seen:
                    seen.add(other)
                    waiting.append(other)
        width = max(widths[i] for i in items)
        items.sort(key=lambda i: (grid.row[i], i))
        parts.append(Part(items, min(fastened), max(fastened), width))
    return _from_the_spine(parts)


def choose_sides(grid: Grid, parts: Sequence[Part], widths: Sequence[float]) -> list[int]:
    """The side of each part, -1 left or 1 right of the spine.

    It is the side where it has to cross fewer parts, and then the one with more room.
    """
    taken = {side: [0.0] * (max(grid.row) + 1) for side in (1, -1)}
    placed: dict[int, list[Part]] = {1: [], -1: []}
    sides = []
    for part in parts:
        costs = {
            side: (
                sum(part.encloses(other) and other.encloses(part) for other in placed[side]),
                max(taken[side][grid.row[item]] for item in part.items),
            )
            for side in (1, -1)
        }
        side = min(costs, key=costs.__getitem__)
        placed[side].append(part)
        for item in part.items:
            taken[side][grid.row[item]] += widths[item]
        sides.append(side)
    return sides


def first_rows(
    grid: Grid, spine: set[int], parts: Sequence[Part], sides: Sequence[int]
) -> list[list[int]]:
    """The items of each row: the spine, and each part on its side, later ones further out."""
    rows: list[list[int]] = [[] for _ in range(max(grid.row) + 1)]
    for item in spine:
        rows[grid.row[item]] = [item]
    for part, side in zip(parts, sides, strict=True):
        for item in part.items:
            row = rows[grid.row[item]]
            row.insert(len(row) if side == 1 else 0, item)
    return rows


def _from_the_spine(parts: list[Part]) -> list[Part]:
    """PARTS so that none comes before one that it encloses; otherwise lines before boxes."""
    left = sorted(parts, key=lambda part: (part.width, part.bottom - part.top, part.items[0]))
    ordered: list[Part] = []
    while left:
        # Two parts that enclose each other cross wherever they lie: the first one then goes first.
        free = (
            part
            for part in left
            if not any(
                part.encloses(other) and not other.encloses(part)
                for other in left
                if other is not part
            )
        )
        chosen = next(free, left[0])
        left.remove(chosen)
        ordered.append(chosen)
    return ordered
