"""A small canvas for figures: SVG with presentation attributes and classes, no style attributes.

Colours are those of the light tokens, so that a figure reads on paper as it is; a stylesheet
recolours the classes ``z-…`` (fill) and ``zs-…`` (stroke) in the dark. Positions are in pixels.
"""

from dataclasses import dataclass, field
from html import unescape
from typing import Literal
from xml.sax.saxutils import quoteattr

from zaplecze.process.svg import readable, shorten, text_width
from zaplecze.process.svg import words as escape

Ink = Literal["ink", "soft", "line", "wash", "grey", "good", "bad", "accent", "paper"]
Anchor = Literal["start", "middle", "end"]

LIGHT: dict[Ink, str] = {
    "ink": "#1b1b1a",
    "soft": "#55534e",
    "line": "#d9d6ce",
    "wash": "#f1efe9",
    "grey": "#8a8780",
    "good": "#0072b2",
    "bad": "#d55e00",
    "accent": "#0f5257",
    "paper": "#fbfaf7",
}
"""The light tokens of ``static/tokens.css``, by the names that classes carry."""

FONT_SIZE = 14
LINE = 18
"""Distance of two lines of text."""


@dataclass
class Canvas:
    """A drawing WIDTH pixels wide that grows downwards as things are added.

    Around one that stands by itself is a ``margin`` of paper.
    """

    width: float
    margin: float = 0.0
    _shapes: list[str] = field(default_factory=list)

    def rect(
        self, x: float, y: float, width: float, height: float, ink: Ink, *, hatched: bool = False
    ) -> None:
        """A filled bar, or a striped one."""
        x, width = (x + width, -width) if width < 0 else (x, width)
        if hatched:
            self._shapes.append(
                f'<path class="zs-{ink}" d="{_stripes(x, y, width, height)}" fill="none" '
                f'stroke="{LIGHT[ink]}" stroke-width="1.5"/>'
            )
            return
        self._shapes.append(
            f'<rect class="z-{ink}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" '
            f'height="{_n(height)}" fill="{LIGHT[ink]}"/>'
        )

    def frame(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        """The outline of a bar."""
        x, width = (x + width, -width) if width < 0 else (x, width)
        self._shapes.append(
            f'<rect class="z-paper zs-{ink}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" '
            f'height="{_n(height)}" fill="{LIGHT["paper"]}" stroke="{LIGHT[ink]}" '
            'stroke-width="1.5"/>'
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        ink: Ink,
        *,
        width: float = 1,
        dashed: bool = False,
    ) -> None:
        """A straight line."""
        dash = ' stroke-dasharray="3 3"' if dashed else ""
        self._shapes.append(
            f'<line class="zs-{ink}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" '
            f'stroke="{LIGHT[ink]}" stroke-width="{_n(width)}"{dash}/>'
        )

    def curve(
        self, points: list[tuple[float, float]], ink: Ink, *, width: float = 1, dashed: bool = False
    ) -> None:
        """A line through POINTS."""
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        self._shapes.append(
            f'<path class="zs-{ink}" d="{_path(points)}" fill="none" stroke="{LIGHT[ink]}" '
            f'stroke-width="{_n(width)}" stroke-linejoin="round"{dash}/>'
        )

    def area(self, outline: list[tuple[float, float]], ink: Ink) -> None:
        """What lies inside OUTLINE."""
        self._shapes.append(f'<path class="z-{ink}" d="{_path(outline)}Z" fill="{LIGHT[ink]}"/>')

    def dot(self, x: float, y: float, ink: Ink, *, hollow: bool = False) -> None:
        """An estimate; a hollow one has nothing held equal."""
        fill: Ink = "paper" if hollow else ink
        self._shapes.append(
            f'<circle class="z-{fill} zs-{ink}" cx="{_n(x)}" cy="{_n(y)}" r="5" '
            f'fill="{LIGHT[fill]}" stroke="{LIGHT[ink]}" stroke-width="2"/>'
        )

    def whisker(
        self, low: float, high: float, y: float, ink: Ink = "ink", *, open_ends: str = ""
    ) -> None:
        """An interval from LOW to HIGH; ``open_ends`` (of "<", ">") go on beyond the picture."""
        # A margin of paper keeps it readable where it crosses a bar.
        self.line(low - 1.5, y, high + 1.5, y, "paper", width=4.5)
        self.line(low, y, high, y, ink, width=1.5)
        for x, side in ((low, "<"), (high, ">")):
            if side not in open_ends:
                self.line(x, y - 5, x, y + 5, ink, width=1.5)
                continue
            inwards = 5 if side == "<" else -5
            self._shapes.append(
                f'<path class="zs-{ink}" d="M{_n(x + inwards)} {_n(y - 5)}L{_n(x)} {_n(y)}'
                f'L{_n(x + inwards)} {_n(y + 5)}" fill="none" stroke="{LIGHT[ink]}" '
                'stroke-width="1.5"/>'
            )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        ink: Ink = "ink",
        anchor: Anchor = "start",
        strong: bool = False,
        over: bool = False,
    ) -> None:
        """WORDS on the baseline Y; ``over`` lines they stand on paper, so that none runs through them."""
        if over:
            room = text_width(words, FONT_SIZE)
            left = x - {"start": 0.0, "middle": room / 2, "end": room}[anchor]
            self.rect(left, y - FONT_SIZE + 1, room, FONT_SIZE + 3, "paper")
        weight = ' font-weight="600"' if strong else ""
        self._shapes.append(
            f'<text class="z-{ink}" x="{_n(x)}" y="{_n(y)}" fill="{LIGHT[ink]}" '
            f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def to_svg(self, height: float, label: str) -> str:
        """The drawing as a document that says what it shows in LABEL."""
        wide, tall = self.width + 2 * self.margin, height + 2 * self.margin
        start = _n(-self.margin) if self.margin else "0"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="z-figure" role="img" '
            f"aria-label={quoteattr(readable(label))} "
            f'viewBox="{start} {start} {_n(wide)} {_n(tall)}" '
            f'width="{_n(wide)}" height="{_n(tall)}" '
            f'font-family="IBM Plex Sans, sans-serif" font-size="{FONT_SIZE}">'
            f"<title>{escape(label)}</title>{self._paper(wide, tall)}{''.join(self._shapes)}</svg>"
        )

    def _paper(self, wide: float, tall: float) -> str:
        """What a drawing that stands by itself stands on."""
        if not self.margin:
            return ""
        start = _n(-self.margin)
        return (
            f'<rect class="z-paper" x="{start}" y="{start}" width="{_n(wide)}" height="{_n(tall)}" '
            f'fill="{LIGHT["paper"]}"/>'
        )


@dataclass(frozen=True)
class Scale:
    """Where values lie between the pixels LEFT and RIGHT."""

    low: float
    high: float
    left: float
    right: float

    def __call__(self, value: float) -> float:
        """The pixel of VALUE, kept inside."""
        inside = min(max(value, self.low), self.high)
        span = self.high - self.low or 1.0
        return self.left + (inside - self.low) / span * (self.right - self.left)

    def open_ends(self, low: float, high: float) -> str:
        """The sides on which an interval goes on beyond the scale, as `Canvas.whisker` wants."""
        slack = 1e-9 * (self.high - self.low)
        return ("<" if low < self.low - slack else "") + (">" if high > self.high + slack else "")


def accessible_name(svg: str) -> str:
    """What a figure of this module says to somebody who cannot see it."""
    return unescape(svg.partition("<title>")[2].partition("</title>")[0])


def wrap(words: str, width: float, lines: int) -> list[str]:
    """WORDS broken into at most LINES lines of WIDTH pixels; the last one ends in … if cut."""
    done: list[str] = []
    line = ""
    pieces = words.split(" ")
    for position, piece in enumerate(pieces):
        longer = f"{line} {piece}" if line else piece
        if text_width(longer, FONT_SIZE) <= width or not line:
            line = longer
            continue
        if len(done) == lines - 1:
            rest = " ".join([line, *pieces[position:]])
            return [*done, shorten(rest, width, FONT_SIZE)]
        done.append(line)
        line = piece
    return [*done, shorten(line, width, FONT_SIZE)]


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _stripes(x: float, y: float, width: float, height: float) -> str:
    """Diagonals every five pixels inside a box, each cut where it leaves the box."""
    strokes = []
    offset = 5.0
    while offset < width + height:
        x1, y1 = x + min(offset, width), y + max(0.0, offset - width)
        x2, y2 = x + max(0.0, offset - height), y + min(offset, height)
        strokes.append(f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}")
        offset += 5.0
    return "".join(strokes)


def _n(value: float) -> str:
    """A coordinate with one decimal at most, so that equal input draws equal bytes."""
    return f"{value:.1f}".removesuffix(".0")
