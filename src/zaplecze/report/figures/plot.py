"""A panel of a figure: two scales with round lines, and what is drawn between them."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from zaplecze.language import Language, Text, number
from zaplecze.process.placing import isotonic
from zaplecze.report.figures.svg import LINE, Canvas, Ink, Scale, wrap

HEIGHT = 190.0
_LEFT, _LABEL_GAP = 64.0, 8.0
_MARGIN = 16.0


@dataclass(frozen=True)
class Panel:
    """Positions from ``x.low`` to ``x.high`` over values from zero; drawn on a canvas."""

    canvas: Canvas
    x: Scale
    y: Scale
    language: Language

    @classmethod
    def under(
        cls,
        canvas: Canvas,
        top: float,
        *,
        last: float,
        highest: float,
        right: float,
        language: Language,
        height: float = HEIGHT,
    ) -> "Panel":
        """A panel from pixel TOP on for positions 0 to LAST, with RIGHT pixels left for labels."""
        x = Scale(0.0, max(last, 1e-9), _LEFT, canvas.width - right)
        return cls(canvas, x, Scale(0.0, highest * 1.05 or 1.0, top + height, top), language)

    @property
    def bottom(self) -> float:
        """The pixel of zero."""
        return self.y.left

    def grid(self, *, per_cent: bool = False) -> None:
        """Round lines with their values on the left."""
        step = _step(self.y.high)
        for k in range(int(self.y.high / step) + 1):
            value = k * step
            self.canvas.line(
                self.x.left, self.y(value), self.x.right, self.y(value), "line" if k else "grey"
            )
            shown = 100 * value if per_cent else value
            digits = 0 if (100 * step if per_cent else step) >= 1 else 1
            words = number(shown, digits)[self.language] + (
                "\N{NO-BREAK SPACE}%" if per_cent else ""
            )
            self.canvas.text(
                self.x.left - _LABEL_GAP, self.y(value) + 5, words, ink="soft", anchor="end"
            )

    def below(self, labels: Sequence[tuple[float, str]], *, centred: bool = True) -> None:
        """Words under positions."""
        for position, words in labels:
            self.canvas.text(
                self.x(position), self.bottom + LINE, words, ink="soft",
                anchor="middle" if centred else "start",
            )  # fmt: skip

    def course(
        self,
        points: Sequence[tuple[float, float]],
        ink: Ink,
        *,
        width: float = 2,
        dashed: bool = False,
    ) -> None:
        """A line through POINTS."""
        if len(points) > 1:
            drawn = [(self.x(at), self.y(value)) for at, value in points]
            self.canvas.curve(drawn, ink, width=width, dashed=dashed)

    def stairs(self, values: Sequence[float], ink: Ink, *, width: float = 2) -> None:
        """VALUES as steps, one for each position."""
        self.course(
            [(k + d, value) for k, value in enumerate(values) for d in (0, 1)], ink, width=width
        )

    def columns(self, values: Sequence[float], ink: Ink) -> None:
        """VALUES as columns without gaps."""
        outline = [(self.x(k + d), self.y(v)) for k, v in enumerate(values) for d in (0, 1)]
        zero = self.y(0)
        self.canvas.area([(self.x(0), zero), *outline, (self.x(len(values)), zero)], ink)

    def band(self, rows: Sequence[tuple[float, float, float]], ink: Ink = "wash") -> None:
        """What lies between low and high; ROWS are position, low, high."""
        upper = [(self.x(at), self.y(high)) for at, _, high in rows]
        lower = [(self.x(at), self.y(low)) for at, low, _ in reversed(rows)]
        if rows:
            self.canvas.area([*upper, *lower], ink)

    def at_end(self, labels: Sequence[tuple[float, str, Ink]]) -> None:
        """Words beside the right end of lines, given with their values, never over each other."""
        room = self.canvas.width - self.x.right - _LABEL_GAP
        told = [
            (self.y(value), wrap(words, room, 2), ink)
            for value, words, ink in sorted(labels, reverse=True)
        ]
        # How far each is below the first when they stand directly under each other.
        below = list(itertools.accumulate((len(lines) * LINE for _, lines, _ in told), initial=0))
        wanted = [
            y - len(lines) * LINE / 2 - down
            for (y, lines, _), down in zip(told, below, strict=False)
        ]
        tops = isotonic(wanted, [float(len(lines)) for _, lines, _ in told])
        for (_, lines, ink), top, down in zip(told, tops, below, strict=False):
            for k, line in enumerate(lines):
                baseline = top + down + (k + 1) * LINE - 4
                self.canvas.text(self.x.right + _LABEL_GAP, baseline, line, ink=ink)


@dataclass(frozen=True)
class Heading:
    """What a figure says, and below it what is drawn, in which unit."""

    message: Text
    what: Text

    def drawn(self, canvas: Canvas, language: Language) -> float:
        """On CANVAS, where nothing around it says it; the pixel below."""
        return headings(canvas, self.message[language], [self.what[language]])


def headings(canvas: Canvas, message: str, notes: Sequence[str]) -> float:
    """The message and below it what is drawn; returns the pixel below them.

    A drawing with its own message stands by itself: it gets a margin.
    """
    canvas.margin = _MARGIN
    y = float(LINE)
    for line in wrap(message, canvas.width, 4):
        canvas.text(0, y, line, strong=True)
        y += LINE
    for note in notes:
        for line in wrap(note, canvas.width, 3):
            canvas.text(0, y, line, ink="soft")
            y += LINE
    return y + LINE / 2


def round_marks(last: float, most: int) -> list[float]:
    """Round numbers from zero up to LAST, at most MOST steps apart; days in weeks where they are many."""
    return _marks(last, most, (7, 14, 28, 56, 91, 182, 364) if last > 3 * most else ())


def hour_marks(last: float, most: int) -> list[float]:
    """Hours from zero up to LAST as a clock divides a day, at most MOST steps apart."""
    return _marks(last, most, (1, 2, 3, 4, 6, 12, 24))


def _marks(last: float, most: int, steps: Sequence[float]) -> list[float]:
    fitting = [step for step in steps if step * most >= last]
    step = fitting[0] if fitting else _step(last * 5 / most)
    return [k * step for k in range(int(last / step + 1e-9) + 1)]


def every(names: Sequence[str], most: int) -> list[tuple[float, str]]:
    """Positions and words of so many NAMES that at most MOST are shown, evenly."""
    step = max(1, math.ceil(len(names) / most))
    return [(float(k), names[k]) for k in range(0, len(names), step)]


def _step(high: float) -> float:
    raw = high / 5 or 1.0
    size = 10.0 ** math.floor(math.log10(raw))
    return next(k * size for k in (1, 2, 5, 10) if k * size >= raw * (1 - 1e-9))
