"""How much room words take on a slide, so that nothing is cut and nothing runs over."""

from collections.abc import Sequence

from zaplecze.process.svg import text_width

POINTS = 72
"""Points in an inch."""

ARIAL = 0.94
"""Widths of Arial, bold at the most, to those of IBM Plex Sans that are known."""

LEADING = 1.2
"""Distance of two lines, in sizes of type."""


def line_count(words: str, width: float, size: float) -> int:
    """Lines that WORDS take on WIDTH inches at SIZE points; paragraphs end at line ends."""
    return sum(_wrapped(paragraph, width * POINTS / ARIAL, size) for paragraph in words.split("\n"))


def height(words: str, width: float, size: float) -> float:
    """Inches that WORDS take."""
    return line_count(words, width, size) * size * LEADING / POINTS


def largest(words: str, width: float, room: float, sizes: Sequence[float]) -> float:
    """The first of SIZES at which WORDS fit into ROOM inches of height; else the last."""
    return next((size for size in sizes if height(words, width, size) <= room), sizes[-1])


def unbroken(words: str, width: float, sizes: Sequence[float]) -> list[float]:
    """Those of SIZES at which no word of WORDS is wider than WIDTH inches; else the last."""
    room = width * POINTS / ARIAL
    whole = [size for size in sizes if all(text_width(w, size) <= room for w in words.split())]
    return whole or [sizes[-1]]


def _wrapped(words: str, width: float, size: float) -> int:
    lines, used = 1, 0.0
    space = text_width(" ", size)
    for word in words.split(" "):
        long = text_width(word, size)
        if used and used + space + long > width:
            lines, used = lines + 1, long
        else:
            used += long + (space if used else 0.0)
    return lines
