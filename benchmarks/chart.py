"""Bars of seconds, a group a piece of work, on a scale of tenfolds."""

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from benchmarks.measure import Measure

WIDTH, LEFT, RIGHT, BAR, GAP, TITLE = 760, 190, 110, 16, 4, 26
OURS, OTHERS, FLOOR = "#0b5c63", "#9aa5ab", "#c9cfd3"


def bars(measures: Sequence[Measure], caption: str) -> str:
    """An SVG of MEASURES; ours are dark, and every bar says its seconds."""
    works: dict[str, list[Measure]] = {}
    for each in measures:
        works.setdefault(each.work, []).append(each)
    seconds = [each.seconds for each in measures]
    low = math.floor(math.log10(min(seconds)))
    high = math.log10(max(seconds)) + 0.05
    parts, top = [], 8.0
    for work, group in works.items():
        parts.append(f'<text x="0" y="{top + 14}" font-weight="600">{escape(work)}</text>')
        top += TITLE
        for each in group:
            share = (math.log10(each.seconds) - low) / (high - low)
            length = max(2.0, share * (WIDTH - LEFT - RIGHT))
            parts += _bar(each, top, length)
            top += BAR + GAP
        top += 10
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top:.0f}" '
        f'font-family="IBM Plex Sans, sans-serif" font-size="13" fill="#1d2529" role="img">\n'
        f"<title>{escape(caption)}</title>\n"
        f'<rect width="{WIDTH}" height="{top:.0f}" fill="#fff"/>\n{body}\n</svg>\n'
    )


def _bar(each: Measure, top: float, length: float) -> list[str]:
    colour = OURS if each.tool == "zaplecze" else FLOOR if "floor" in each.tool else OTHERS
    middle = top + BAR - 4
    return [
        f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{escape(each.tool)}</text>',
        f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>',
        f'<text x="{LEFT + length + 6:.1f}" y="{middle}">{_seconds(each.seconds)}</text>',
    ]


def _seconds(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f} s"
    return f"{value:.3g} s" if value >= 0.001 else f"{value * 1e6:.0f} µs"
