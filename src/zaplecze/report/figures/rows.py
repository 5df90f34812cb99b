"""Rows of a figure: a label, a drawing on a shared scale from zero, and the number in words.

Wide, the three stand side by side, on paper in one line where they can; narrow (a phone), the words
stand above the drawing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Self

from zaplecze.process.svg import text_width
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink, Scale, wrap

WIDE = 640
PAPER = 840
NARROW = 320
HALF = 400
_WIDE_FROM = 560

Draw = Callable[[Canvas, Scale, float], None]
"""Draws one row's bar or interval: canvas, scale, and the pixel of the row's middle."""

BAR = 16
_STRIP = 26
_WIDEST_NUMBERS = 0.38


@dataclass(frozen=True)
class _Shares:
    """How a wide figure divides its width, and the pixels between its rows.

    ``labels`` are the shares from which short and long labels choose; mostly the same, so that
    scales are too.
    """

    labels: tuple[float, ...]
    numbers: float
    gap: float


_ON_SCREEN, _ON_PAPER = _Shares((0.34,), 0.25, 16), _Shares((0.28, 0.42), 0.22, 9)
_BESIDE = 8.0
"""Pixels between words that stand beside each other in one line."""


@dataclass(frozen=True)
class Row:
    """One row: what it is, a second line in small ink, the number, its range, and the drawing."""

    label: str
    note: str
    value: str
    detail: str
    draw: Draw
    ink: Ink = "ink"

    def words(self) -> str:
        """The row for somebody who cannot see it."""
        label = f"{self.label} ({self.note})" if self.note else self.label
        value = f"{self.value} ({self.detail})" if self.detail else self.value
        return f"{label}: {value}"


@dataclass
class Rows:
    """A figure of rows over a scale from LOW to HIGH that always holds zero.

    ``ends`` says in words what lies left and right of zero.
    """

    width: int
    low: float
    high: float
    ends: tuple[str, str] = ("", "")
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def over(cls, width: int, values: Iterable[float], ends: tuple[str, str] = ("", "")) -> Self:
        """Rows on a scale that holds VALUES and zero, with a little air at the ends."""
        reached = [0.0, *values]
        low, high = min(reached), max(reached)
        air = 0.03 * (high - low) or 1.0
        return cls(width, low - air if low < 0 else 0.0, high + air if high > 0 else 0.0, ends)

    def to_svg(self, head: Callable[[Canvas], float] | None = None) -> str:
        """The drawing; HEAD draws what stands above it and says where it ends."""
        canvas = Canvas(self.width)
        top = head(canvas) if head is not None else 0.0
        drawn = self._wide if self.width >= _WIDE_FROM else self._narrow
        bottom = drawn(canvas, top)
        return canvas.to_svg(bottom, "; ".join(row.words() for row in self.rows))

    def _wide(self, canvas: Canvas, top: float) -> float:
        if self.width >= PAPER and self._fits_lines():
            return self._in_lines(canvas, top)
        shares = _ON_PAPER if self.width >= PAPER else _ON_SCREEN
        label_width = self._labels_width(shares.labels)
        numbers = self.width - self._numbers_width(shares.numbers)
        scale = Scale(self.low, self.high, label_width + 16, numbers - 20)
        lefts = [_left(row, label_width) for row in self.rows]
        heights = [
            LINE * max(len(left), 1 + bool(row.detail))
            for row, left in zip(self.rows, lefts, strict=True)
        ]
        bottom = top + 4.0 + sum(heights) + shares.gap * (len(heights) - 1)
        canvas.line(scale(0), top, scale(0), bottom + 6, "grey")
        y = top + 4.0
        for row, left, height in zip(self.rows, lefts, heights, strict=True):
            middle = y + height / 2
            _column(canvas, 0, middle, left)
            right = [(row.value, row.ink, True), (row.detail, "soft", False)]
            _column(canvas, numbers, middle, [line for line in right if line[0]])
            row.draw(canvas, scale, middle)
            y += height + shares.gap
        return self._axis(canvas, scale, bottom + 6)

    def _fits_lines(self) -> bool:
        """Whether each row has room for all its words in one line."""
        labels = [text_width(row.label, FONT_SIZE) + _beside(row.note) for row in self.rows]
        numbers = [_beside(row.detail) for row in self.rows]
        return (
            max(labels, default=0.0) <= _ON_PAPER.labels[-1] * self.width
            and self._values_width() + max(numbers, default=0.0) <= _ON_PAPER.numbers * self.width
        )

    def _in_lines(self, canvas: Canvas, top: float) -> float:
        """Each row in one line, all on the same scale as in other figures of such rows."""
        numbers = (1 - _ON_PAPER.numbers) * self.width
        scale = Scale(self.low, self.high, _ON_PAPER.labels[-1] * self.width + 16, numbers - 20)
        pitch = LINE + _ON_PAPER.gap
        bottom = top + 4.0 + len(self.rows) * pitch - _ON_PAPER.gap
        canvas.line(scale(0), top, scale(0), bottom + 6, "grey")
        details = numbers + self._values_width() + _BESIDE
        for k, row in enumerate(self.rows):
            middle = top + 4.0 + k * pitch + LINE / 2
            notes = text_width(row.label, FONT_SIZE) + _BESIDE
            _column(canvas, 0, middle, [(row.label, row.ink, False)])
            _column(canvas, notes, middle, [(row.note, "soft", False)])
            _column(canvas, numbers, middle, [(row.value, row.ink, True)])
            _column(canvas, details, middle, [(row.detail, "soft", False)])
            row.draw(canvas, scale, middle)
        return self._axis(canvas, scale, bottom + 6)

    def _values_width(self) -> float:
        """Room for the widest number; strong letters are wider than others."""
        return 1.08 * max((text_width(row.value, FONT_SIZE) for row in self.rows), default=0.0)

    def _labels_width(self, shares: tuple[float, ...]) -> float:
        """The first of SHARES that holds the longest label, else the last."""
        words = [words for row in self.rows for words in (row.label, row.note)]
        longest = max((text_width(line, FONT_SIZE) for line in words), default=0.0)
        widths = [share * self.width for share in shares]
        return next((width for width in widths if width >= longest), widths[-1])

    def _numbers_width(self, least: float) -> float:
        """Room for the longest number or range, and for the LEAST share of the width."""
        words = [words for row in self.rows for words in (row.value, row.detail)]
        longest = max((text_width(line, FONT_SIZE) for line in words), default=0.0)
        return min(max(longest, least * self.width), _WIDEST_NUMBERS * self.width)

    def _narrow(self, canvas: Canvas, top: float) -> float:
        scale = Scale(self.low, self.high, 8, self.width - 8)
        y = top
        for row in self.rows:
            number = f"{row.value} ({row.detail})" if row.detail else row.value
            lines = _left(row, self.width) + [
                (w, row.ink, True) for w in wrap(number, self.width, 2)
            ]
            _column(canvas, 0, y + len(lines) * LINE / 2, lines)
            y += len(lines) * LINE
            canvas.line(scale(0), y, scale(0), y + _STRIP, "grey")
            row.draw(canvas, scale, y + _STRIP / 2)
            y += _STRIP + 12
        return self._axis(canvas, scale, y - 12)

    def _axis(self, canvas: Canvas, scale: Scale, y: float) -> float:
        """Zero, and what lies on its sides; the figure's height."""
        zero, baseline = scale(0), y + LINE
        canvas.text(zero, baseline, "0", ink="soft", anchor="middle")
        left, right = self.ends
        if left and zero - scale.left > text_width(left, FONT_SIZE) + 16:
            canvas.text(zero - 16, baseline, left, ink="soft", anchor="end")
        if right and scale.right - zero > text_width(right, FONT_SIZE) + 16:
            canvas.text(zero + 16, baseline, right, ink="soft")
        return baseline + 6


_Line = tuple[str, Ink, bool]
"""Words, their ink, and whether they are strong."""


def _beside(words: str) -> float:
    """The pixels that WORDS take beside others."""
    return _BESIDE + text_width(words, FONT_SIZE) if words else 0.0


def _left(row: Row, width: float) -> list[_Line]:
    """What a row is, in at most three lines, and its note in at most two."""
    label: list[_Line] = [(line, row.ink, False) for line in wrap(row.label, width, 3)]
    note: list[_Line] = [(line, "soft", False) for line in wrap(row.note, width, 2) if line]
    return label + note


def _column(canvas: Canvas, x: float, middle: float, lines: list[_Line]) -> None:
    """LINES below each other around MIDDLE."""
    baseline = middle - len(lines) * LINE / 2 + LINE - 5
    for words, ink, strong in lines:
        if words:
            canvas.text(x, baseline, words, ink=ink, strong=strong)
        baseline += LINE
