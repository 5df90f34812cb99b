"""The flow of a log as a picture: cases in progress, and below them what came in and went out."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from zaplecze.language import N_, Language, Text, date, number, say
from zaplecze.process.flow import Flow, FlowPeriod
from zaplecze.process.shapes import INK, MUTED, PAPER
from zaplecze.process.svg import element, plain, text_width, words, wrap_all

WIDTH = 960.0
IN, OUT = "#8a8780", "#0f5257"
LINE = "#d9d6ce"

_MARGIN = 24.0
_TITLE, _SMALL = 20.0, 13.0
_PANEL_HEIGHT, _PANEL_SPACE = 190.0, 56.0


def flow_svg(flow: Flow, language: Language) -> str:
    """A picture of FLOW, `WIDTH` pixels wide; its title says what the lines show.

    Colours are presentation attributes with classes, as in the map.
    """
    canvas = _Canvas()
    y = canvas.lines(_message(flow)[language], _MARGIN + _TITLE, _TITLE, INK, strong=True)
    for text in _notes(flow):
        y = canvas.lines(text[language], y, _SMALL, MUTED)
    if flow.periods:
        y = _in_progress(canvas, flow, language, y + 24)
        y = _in_and_out(canvas, flow, language, y + _PANEL_SPACE)
    return canvas.to_svg(y + _MARGIN, f"{_message(flow)[language]} {_numbers(flow)[language]}")


@dataclass
class _Canvas:
    """Shapes of a picture, from top to bottom."""

    shapes: list[str] = field(default_factory=list)

    def lines(
        self, text: str, y: float, size: float, colour: str, *, strong: bool = False
    ) -> float:
        """TEXT on as many lines as it needs from baseline Y; returns the next baseline."""
        for line in wrap_all(text, WIDTH - 2 * _MARGIN, size):
            self.text(line, _MARGIN, y, size, colour, strong=strong)
            y += size * 1.45
        return y

    def text(
        self, text: str, x: float, y: float, size: float = _SMALL, colour: str = MUTED,
        anchor: str = "start", *, strong: bool = False,
    ) -> None:  # fmt: skip
        attributes: dict[str, str | float] = {
            "class": "ink" if colour == INK else "muted", "x": x, "y": y, "fill": colour,
            "font-size": size, "text-anchor": anchor,
        }  # fmt: skip
        if strong:
            attributes["font-weight"] = "600"
        self.shapes.append(element("text", attributes, words(text)))

    def path(
        self, points: Sequence[tuple[float, float]], colour: str, name: str, *, dashed: bool = False
    ) -> None:
        attributes: dict[str, str | float] = {
            "class": name, "d": "M" + "L".join(f"{plain(x)} {plain(y)}" for x, y in points),
            "fill": "none", "stroke": colour, "stroke-width": 2, "stroke-linejoin": "round",
        }  # fmt: skip
        if dashed:
            attributes["stroke-dasharray"] = "5 4"
        self.shapes.append(element("path", attributes))

    def rule(self, y: float, left: float, right: float) -> None:
        self.shapes.append(
            element(
                "line",
                {"class": "outline", "x1": left, "x2": right, "y1": y, "y2": y, "stroke": LINE},
            )
        )

    def to_svg(self, height: float, label: str) -> str:
        """The whole as a document that says what it shows in LABEL."""
        size = {"width": WIDTH, "height": height}
        background = element("rect", {"class": "paper", "x": 0, "y": 0, **size, "fill": PAPER})
        return element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-label": label,
                "viewBox": f"0 0 {plain(WIDTH)} {plain(height)}", **size,
                "font-family": "'IBM Plex Sans', sans-serif",
            },
            element("title", {}, words(label)), background, *self.shapes,
        )  # fmt: skip


@dataclass(frozen=True)
class _Panel:
    """Where periods and numbers lie."""

    top: float
    left: float
    right: float
    highest: float
    periods: int

    def x(self, position: float) -> float:
        """The pixel of a period; a half is its middle."""
        return self.left + position / max(self.periods, 1) * (self.right - self.left)

    def y(self, value: float) -> float:
        """The pixel of a number."""
        return self.top + _PANEL_HEIGHT * (1 - value / self.highest)


def _in_progress(canvas: _Canvas, flow: Flow, language: Language, top: float) -> float:
    """Cases in progress at the end of each period."""
    label = _said(_NAMES, language)[0]
    values = [period.in_progress for period in flow.periods]
    panel = _axes(canvas, flow, language, top, max(values))
    points = [(panel.x(k + 1), panel.y(value)) for k, value in enumerate(values)]
    canvas.path([(panel.x(0), panel.y(0)), *points], INK, "flow")
    canvas.text(label, panel.right + 8, points[-1][1] + 4, colour=INK)
    return top + _PANEL_HEIGHT


def _in_and_out(canvas: _Canvas, flow: Flow, language: Language, top: float) -> float:
    """Cases that came in and were finished in each period."""
    _, came, went = _said(_NAMES, language)
    highest = max(max(p.arrivals, p.completions) for p in flow.periods)
    panel = _axes(canvas, flow, language, top, highest)
    labels = []
    for text, colour, of, dashed in (
        (came, IN, _arrivals, True),
        (went, OUT, _completions, False),
    ):
        # Periods that the log covers in part would look like a fall.
        points = [
            (panel.x(k + 0.5), panel.y(of(period)))
            for k, period in enumerate(flow.periods)
            if period.whole
        ]
        if points:
            canvas.path(points, colour, "flow", dashed=dashed)
            labels.append((points[-1][1] + 4, text, colour))
    for y, text, colour in _apart(labels):
        canvas.text(text, panel.right + 8, y, colour=colour if colour == OUT else MUTED)
    return top + _PANEL_HEIGHT + 24


_NAMES = (N_("in progress"), N_("came in"), N_("finished"))


def _said(messages: Sequence[str], language: Language) -> list[str]:
    return [say(message)[language] for message in messages]


def _arrivals(period: FlowPeriod) -> int:
    return period.arrivals


def _completions(period: FlowPeriod) -> int:
    return period.completions


def _apart(labels: list[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """LABELS moved so far that they do not lie on one another."""
    if len(labels) < 2:
        return labels
    upper, lower = sorted(labels)
    gap = max(0.0, 16.0 - (lower[0] - upper[0])) / 2
    return [(upper[0] - gap, *upper[1:]), (lower[0] + gap, *lower[1:])]


def _axes(canvas: _Canvas, flow: Flow, language: Language, top: float, highest: float) -> _Panel:
    """Zero, some rules with their numbers, the days below; room at the right for any label."""
    step = _nice(max(highest, 1) / 3)
    ticks = [step * k for k in range(math.ceil(max(highest, 1) / step) + 1)]
    names = [number(tick)[language] for tick in ticks]
    # The same in both panels, so that a day lies below itself.
    left = _MARGIN + max(text_width(name, _SMALL) for name in ("000,000", *names)) + 8
    right = WIDTH - _MARGIN - max(text_width(n, _SMALL) for n in _said(_NAMES, language)) - 8
    panel = _Panel(top, left, right, ticks[-1], len(flow.periods))
    for tick, name in zip(ticks, names, strict=True):
        canvas.rule(panel.y(tick), left, right)
        canvas.text(name, left - 8, panel.y(tick) + 4, anchor="end")
    _dates(canvas, flow, language, panel)
    return panel


def _dates(canvas: _Canvas, flow: Flow, language: Language, panel: _Panel) -> None:
    """The first day of some periods, as many as have room."""
    room = 150.0
    every = max(1, math.ceil(len(flow.periods) * room / (panel.right - panel.left)))
    for k in range(0, len(flow.periods), every):
        text = date(dt.date.fromisoformat(flow.periods[k].starts))[language]
        if panel.x(k) + text_width(text, _SMALL) <= panel.right + 40:
            canvas.text(text, panel.x(k), panel.top + _PANEL_HEIGHT + 20)


def _nice(value: float) -> float:
    """The least of 1, 2, 5, 10, 20, 50 … that is not below VALUE."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * k for k in (1, 2, 5, 10) if power * k >= value * (1 - 1e-9))


def _message(flow: Flow) -> Text:
    """What the picture shows, in a sentence."""
    peak = max(flow.periods, key=lambda period: period.in_progress, default=None)
    if peak is None:
        return say(N_("There are no cases in progress."))
    message = N_("Most cases in progress at once: {most}, on {day}. Open at the end: {open}.")
    if flow.unit == "week":
        message = N_(
            "Most cases in progress at once: {most}, in the week from {day}. Open at the end: {open}."
        )
    return say(
        message,
        most=number(peak.in_progress),
        day=date(dt.date.fromisoformat(peak.starts)),
        open=number(flow.open),
    )


def _notes(flow: Flow) -> list[Text]:
    """What is shown: unit, period, filters and how many cases."""
    message = N_("Cases by day; {finished} finished, {open} open.")
    if flow.unit == "week":
        message = N_("Cases by week, from Monday; {finished} finished, {open} open.")
    return [say(message, **_counts(flow)), *flow.filters]


def _numbers(flow: Flow) -> Text:
    return say(N_("{finished} cases are finished and {open} open."), **_counts(flow))


def _counts(flow: Flow) -> dict[str, Text]:
    return {"finished": number(flow.finished), "open": number(flow.open)}
