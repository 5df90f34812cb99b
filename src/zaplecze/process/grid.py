"""What a layered drawing is made of: items in rows, joined to items of the neighbouring rows."""

from dataclasses import dataclass, field


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
