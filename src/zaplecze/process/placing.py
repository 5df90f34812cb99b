"""The fourth step of a layered drawing: how far left or right everything lies."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from zaplecze.process.grid import Grid

SWEEPS = 60


@dataclass(frozen=True)
class Extent:
    """How far an item reaches to the left and right of its line, with the space it keeps free."""

    left: float
    right: float


@dataclass(frozen=True)
class Pull:
    """Item ``other`` wants this item to lie ``offset`` to the right of it."""

    other: int
    offset: float
    weight: float


@dataclass(frozen=True)
class Chain:
    """The bends of one line from top to bottom, and where it leaves and reaches its boxes.

    An end is a box and how far to the right of its middle the line touches it.
    """

    bends: Sequence[int]
    upper: tuple[int, float]
    lower: tuple[int, float]


def place(
    grid: Grid,
    rows: Sequence[Sequence[int]],
    spine: set[int],
    extents: Sequence[Extent],
    pulls: Sequence[Sequence[Pull]],
    chains: Sequence[Chain],
) -> list[float]:
    """The x of every item: the spine at 0, the order kept, nothing overlapping, lines short.

    Row by row the sum of squared pulls is made as small as it can be (isotonic regression), up and
    down in turns; then every one of CHAINS, the bends of one line, is drawn straight where there
    is room.
    """
    x = [0.0] * len(grid.row)
    for row in rows:
        _set(x, row, [0.0] * len(row), [1.0] * len(row), spine, extents)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted, weights = wishes(x, row, pulls)
            _set(x, row, wanted, weights, spine, extents)
    straighten(x, rows, spine, extents, chains)
    return x


TOWARDS_SPINE = 0.02
"""What pulls everything to the middle a little, so that no part drifts away."""


def wishes(
    x: Sequence[float], row: Sequence[int], pulls: Sequence[Sequence[Pull]]
) -> tuple[list[float], list[float]]:
    """Where the items of ROW want to lie and how much."""
    weights = [sum(pull.weight for pull in pulls[item]) + TOWARDS_SPINE for item in row]
    wishes = [
        sum((x[pull.other] + pull.offset) * pull.weight for pull in pulls[item]) / weight
        for item, weight in zip(row, weights, strict=True)
    ]
    return wishes, weights


def _set(
    x: list[float],
    row: Sequence[int],
    wishes: Sequence[float],
    weights: Sequence[float],
    spine: set[int],
    extents: Sequence[Extent],
) -> None:
    """Move the items of ROW as near to WISHES as their order and size allow, the spine to 0."""
    middle = next(position for position, item in enumerate(row) if item in spine)
    x[row[middle]] = 0.0
    for side in (1, -1):
        near, reach = row[middle], 0.0
        reaches, wanted, pull = [], [], []
        position = middle + side
        while 0 <= position < len(row):
            item = row[position]
            reach += _distance(extents, near, item, side)
            reaches.append(reach)
            wanted.append(side * wishes[position] - reach)
            pull.append(weights[position])
            near, position = item, position + side
        for step, value in enumerate(isotonic(wanted, pull)):
            x[row[middle + side * (step + 1)]] = side * (max(value, 0.0) + reaches[step])


def _distance(extents: Sequence[Extent], near: int, far: int, side: int) -> float:
    if side == 1:
        return extents[near].right + extents[far].left
    return extents[near].left + extents[far].right


def isotonic(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The nearest values that never fall, by pooling neighbours that violate the order."""
    pools: list[tuple[float, float, int]] = []
    for value, weight in zip(values, weights, strict=True):
        mean, total, size = value, weight, 1
        while pools and pools[-1][0] > mean:
            other, other_total, other_size = pools.pop()
            mean = (mean * total + other * other_total) / (total + other_total)
            total, size = total + other_total, size + other_size
        pools.append((mean, total, size))
    return [mean for mean, _, size in pools for _ in range(size)]


def straighten(
    x: list[float],
    rows: Sequence[Sequence[int]],
    spine: set[int],
    extents: Sequence[Extent],
    chains: Sequence[Chain],
    walls: "Room | None" = None,
) -> None:
    """Move the bends of a line above each other where their neighbours, and WALLS, leave room."""
    room = _room(x, rows, extents, walls)
    for _ in range(2):
        for chain in chains:
            ends = [
                (abs(x[box]), x[box] + offset)
                for box, offset in (chain.upper, chain.lower)
                if box not in spine
            ]
            for run in _runs([item for item in chain.bends if item not in spine], room):
                mean = sum(x[item] for item in run) / len(run)
                low = max(room(item)[0] for item in run)
                high = min(room(item)[1] for item in run)
                # Straight into the box that lies further out, so that the bend is at the other.
                fitting = [end for end in sorted(ends, reverse=True) if low <= end[1] <= high]
                best = fitting[0][1] if fitting else min(max(mean, low), high)
                for item in run:
                    x[item] = best


Room = Callable[[int], tuple[float, float]]


def _room(
    x: Sequence[float],
    rows: Sequence[Sequence[int]],
    extents: Sequence[Extent],
    walls: Room | None,
) -> Room:
    """How far left and right an item could lie where its neighbours are now."""
    left = {b: a for row in rows for a, b in itertools.pairwise(row)}
    right = {a: b for row in rows for a, b in itertools.pairwise(row)}

    def room(item: int) -> tuple[float, float]:
        low, high = walls(item) if walls else (-math.inf, math.inf)
        if item in left:
            low = max(low, x[left[item]] + _distance(extents, left[item], item, 1))
        if item in right:
            high = min(high, x[right[item]] - _distance(extents, item, right[item], 1))
        return low, high

    return room


def _runs(chain: Sequence[int], room: Room) -> Iterator[list[int]]:
    """CHAIN cut into the longest pieces, from the top, that fit above each other."""
    run: list[int] = []
    low, high = -math.inf, math.inf
    for item in chain:
        item_low, item_high = room(item)
        if run and max(low, item_low) > min(high, item_high):
            yield run
            run, low, high = [], -math.inf, math.inf
        run.append(item)
        low, high = max(low, item_low), min(high, item_high)
    if run:
        yield run
