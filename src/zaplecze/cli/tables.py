"""Tables that a terminal can hold: words wrap, numbers stay whole, and what is too wide is told row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Side = Literal["left", "right"]

_GAP = 2
_NARROWEST_WORDS = 10
"""Columns of words are not wrapped narrower than this, unless they are."""

_MOST_LINES = 4
"""A row that would take more lines is told by itself."""


@dataclass(frozen=True)
class Shape:
    """What a table holds, in the language of whoever reads it."""

    title: str
    headings: Sequence[str]
    sides: Sequence[Side]
    rows: Sequence[Sequence[str]]

    def least_width(self) -> int:
        """The narrowest terminal in which every number stays whole and words can be read."""
        columns = range(len(self.headings))
        return sum(max(self._least(k), self._heading(k)) for k in columns) + _GAP * (
            len(columns) - 1
        )

    def whole_width(self) -> int:
        """The width at which nothing wraps."""
        cells = [
            [heading, *(row[k] for row in self.rows)] for k, heading in enumerate(self.headings)
        ]
        return sum(max(_width(cell) for cell in column) + _GAP for column in cells) - _GAP

    def fits(self, width: int) -> bool:
        """Can somebody read this as a table on a terminal WIDTH letters wide?"""
        if self.least_width() > width:
            return False
        wrapped = [k for k, side in enumerate(self.sides) if side == "left"]
        others = [k for k, side in enumerate(self.sides) if side == "right"]
        taken = sum(max(self._least(k), self._heading(k)) for k in others)
        room = width - taken - _GAP * (len(self.sides) - 1)
        longest = max((sum(_width(row[k]) for k in wrapped) for row in self.rows), default=0)
        return longest <= _MOST_LINES * room

    def heading(self, column: int) -> str:
        """A heading on as many lines as make it no wider than it must be."""
        room = max(self._least(column), self._heading(column))
        lines = [""]
        for word in self.headings[column].split():
            longer = f"{lines[-1]} {word}".strip()
            lines[-1:] = [longer] if _width(longer) <= room else [*lines[-1:], word]
        return "\n".join(line for line in lines if line)

    def _least(self, column: int) -> int:
        cells = [row[column] for row in self.rows]
        whole = max((_width(line) for cell in cells for line in cell.splitlines()), default=0)
        if self.sides[column] == "right":
            return whole
        word = max((_width(word) for cell in cells for word in cell.split()), default=0)
        return max(word, min(whole, _NARROWEST_WORDS))

    def _heading(self, column: int) -> int:
        return max((_width(word) for word in self.headings[column].split()), default=0)


def drawn(shape: Shape, width: int) -> list[Any]:
    """What to print of SHAPE in a terminal WIDTH letters wide, one thing after the other."""
    from rich.text import Text

    # By itself: as the table's own it would wrap where the table is narrow.
    title = [Text(shape.title, style="italic")]
    return title + ([_table(shape, width)] if shape.fits(width) else _records(shape))


def _table(shape: Shape, width: int) -> Any:
    from rich.table import Table

    whole = shape.whole_width() <= width
    table = Table(box=None, pad_edge=False)
    for column, side in enumerate(shape.sides):
        table.add_column(
            shape.headings[column] if whole or side == "left" else shape.heading(column),
            justify=side,
            no_wrap=side == "right",
            overflow="fold",
        )
    for row in shape.rows:
        table.add_row(*row)
    return table


def _records(shape: Shape) -> list[Any]:
    """Every row by itself: what it is, and below it a line for each of its figures."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    told: list[Any] = []
    for row in shape.rows:
        record = Table.grid(padding=(0, _GAP))
        record.add_column(overflow="fold")
        record.add_column(overflow="fold")
        for heading, cell in list(zip(shape.headings, row, strict=True))[1:]:
            if cell:
                record.add_row(heading, cell)
        told += [Text(row[0], overflow="fold"), Padding(record, (0, 0, 0, _GAP))]
    return told


def _width(words: str) -> int:
    from rich.cells import cell_len

    return cell_len(words)
