"""The figures of a business case, as SVG; here its cash flow and the range of the result.

What is planned is outlined, what is expected striped, what really came solid. Every figure carries
its message as title and, below, what is drawn in which unit.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaplecze.language import (
    N_,
    Language,
    Text,
    chance,
    money_ends,
    number,
    rounded_money,
    say,
    say_plural,
)
from zaplecze.process.svg import text_width
from zaplecze.report.figures.plot import Heading
from zaplecze.report.figures.rows import WIDE
from zaplecze.report.figures.spider import spider_figure, spider_heading
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink, Scale
from zaplecze.report.figures.tornado import tornado_figure, tornado_heading
from zaplecze.report.moneyunit import Unit
from zaplecze.report.words import day

if TYPE_CHECKING:
    from zaplecze.money.case import CaseResult

_MARGIN = 16
_HEIGHT = 220
_MONTHLY, _QUARTERLY = 18, 72
_TIP = 10


def case_figures(
    result: "CaseResult", language: Language, width: int = WIDE, *, headed: bool = True
) -> dict[str, str]:
    """The figures of RESULT by name; those that have nothing to draw are left out.

    Unless ``headed``, message and subtitle are left to what stands around them: `headings`.
    """
    drawn = {"cash-flow": cash_flow_figure(result, language, width, headed=headed)}
    if result.tornado:
        drawn["tornado"] = tornado_figure(result, language, width, headed=headed)
    if result.simulation is not None:
        drawn["range"] = range_figure(result, language, width, headed=headed)
    if result.spider:
        drawn["spider"] = spider_figure(result, language, width, headed=headed)
    return drawn


def headings(result: "CaseResult") -> dict[str, Heading]:
    """Message and subtitle of every figure of RESULT."""
    found = {"cash-flow": Heading(_cash_message(result), _cash_subtitle(result))}
    if result.tornado:
        found["tornado"] = tornado_heading(result)
    if result.simulation is not None:
        found["range"] = Heading(_range_message(result), _range_subtitle(result))
    if result.spider:
        found["spider"] = spider_heading(result)
    return found


@dataclass(frozen=True)
class FlowColumn:
    """Months put together: the date of the last one, their net cash, and what kind it is."""

    date: str
    net: float
    cumulative: float
    kind: str
    is_start: bool = False

    @property
    def name(self) -> Text:
        """The month of its last day; what is paid before the first month says so."""
        return say(N_("start")) if self.is_start else Text.same(self.date[:7])


def cash_flow_figure(
    result: "CaseResult", language: Language, width: int = WIDE, *, headed: bool = True
) -> str:
    """Net cash by month, quarter or year as columns, and the discounted sum so far as a line."""
    columns = flow_columns(result)
    values = [v for c in columns for v in (c.net, c.cumulative)]
    unit = flow_unit(result)
    canvas = Canvas(width)
    top = (
        Heading(_cash_message(result), _cash_subtitle(result)).drawn(canvas, language)
        if headed
        else 0.0
    )
    up = Scale(min(0.0, *values), max(0.0, *values), top + _HEIGHT, top + 2 * LINE)
    line_label = say(N_("discounted sum so far: {value}"), value=unit.words(columns[-1].cumulative))
    right = width - _MARGIN
    slot = (right - _MARGIN) / len(columns)
    middles = [_MARGIN + slot * (k + 0.5) for k in range(len(columns))]
    canvas.line(_MARGIN, up(0), right, up(0), "grey")
    for x, column in zip(middles, columns, strict=True):
        _draw_column(canvas, column, x, min(slot * 0.64, 40.0), up)
    canvas.curve([(x, up(c.cumulative)) for x, c in zip(middles, columns, strict=True)], "accent", width=2)  # fmt: skip
    _label_columns(canvas, columns, middles, slot, up, unit, language)
    end, falling = columns[-1], columns[-1].cumulative < columns[0].cumulative
    beside = up(end.cumulative) + 20 if falling else max(up(end.cumulative) - 14, top + 12)
    canvas.dot(middles[-1], up(end.cumulative), "accent")
    canvas.text(right, beside, line_label[language], ink="accent", anchor="end", strong=True, over=True)  # fmt: skip
    bottom = top + _HEIGHT + (3 if falling else 2) * LINE
    _label_dates(canvas, columns, middles, bottom, language)
    spoken = [
        say("{date}: {net}", date=column.name, net=unit.words(column.net))[language]
        for column in columns
    ]
    label = "; ".join([_cash_message(result)[language], *spoken, line_label[language]])
    return canvas.to_svg(bottom + 10, label)


def range_figure(
    result: "CaseResult", language: Language, width: int = WIDE, *, headed: bool = True
) -> str:
    """How often each present value came in the simulation; what is below zero in vermilion."""
    simulation = result.simulation
    assert simulation is not None
    edges, counts = simulation.histogram
    low, middle, high = (simulation.npv.quantiles[q] for q in ("0.05", "0.5", "0.95"))
    unit = range_unit(result)
    canvas = Canvas(width)
    top = (
        Heading(_range_message(result), _range_subtitle(result)).drawn(canvas, language)
        if headed
        else 0.0
    ) + LINE
    bottom = top + _HEIGHT - 2 * LINE
    scale = Scale(edges[0], edges[-1], _MARGIN, width - _MARGIN)
    most = max(counts)
    for k, count in enumerate(counts):
        left, right = scale(edges[k]), scale(edges[k + 1])
        height = count / most * (bottom - top)
        ink: Ink = "bad" if (edges[k] + edges[k + 1]) / 2 < 0 else "good"
        canvas.rect(left, bottom - height, max(right - left - 1, 0.5), height, ink)
    if edges[0] < 0 < edges[-1]:
        canvas.line(scale(0), top - 6, scale(0), bottom + 6, "ink")
    y = bottom + 18
    canvas.whisker(scale(low), scale(high), y)
    canvas.dot(scale(middle), y, "ink")
    _label_quantiles(canvas, [low, middle, high], scale, y + LINE + 4, unit, language)
    return canvas.to_svg(y + 2 * LINE + 12, _range_message(result)[language])


FIGURES = {
    "cash-flow": cash_flow_figure,
    "tornado": tornado_figure,
    "range": range_figure,
    "spider": spider_figure,
}
"""What draws each figure."""


def flow_unit(result: "CaseResult") -> Unit:
    """The unit of the cash flow."""
    return Unit.of(
        [v for c in flow_columns(result) for v in (c.net, c.cumulative)], result.currency
    )


def range_unit(result: "CaseResult") -> Unit:
    """The unit of the range."""
    return Unit.of(result.simulation.histogram[0] if result.simulation else [], result.currency)


def _cash_message(result: "CaseResult") -> Text:
    back = result.plan.discounted_payback_periods
    worth = rounded_money(result.plan.npv, result.currency)
    if back is None:
        return say_plural(
            N_("The money does not come back within {count} month: {npv} in present value"),
            N_("The money does not come back within {count} months: {npv} in present value"),
            result.months,
            npv=worth,
        )
    return say_plural(
        N_("The money is back after {count} month, discounted; in the end the case is worth {npv}"),
        N_("The money is back after {count} months, discounted; in the end the case is worth {npv}"),
        round(back),
        npv=worth,
    )  # fmt: skip


def _range_message(result: "CaseResult") -> Text:
    simulation = result.simulation
    assert simulation is not None
    quantiles = simulation.npv.quantiles
    low, high = money_ends(quantiles["0.05"], quantiles["0.95"], result.currency)
    return say(
        N_("Worth something in {share} of the simulated futures; 90 % of them lie between {low} and {high}"),
        share=chance(simulation.probability_positive),
        low=low,
        high=high,
    )  # fmt: skip


def _range_subtitle(result: "CaseResult") -> Text:
    assert result.simulation is not None
    return say(
        N_("Net present value, {unit}, in {draws} draws"),
        unit=range_unit(result).name,
        draws=number(result.simulation.draws),
    )


def _cash_subtitle(result: "CaseResult") -> Text:
    unit, period = flow_unit(result), _period(result.months)
    messages = {
        1: N_("Net cash by month, {unit}, {start} to {end}; planned outlined, actual solid, expected striped"),
        3: N_("Net cash by quarter, {unit}, {start} to {end}; planned outlined, actual solid, expected striped"),
        12: N_("Net cash by year, {unit}, {start} to {end}; planned outlined, actual solid, expected striped"),
    }  # fmt: skip
    return say(messages[period], unit=unit.name, start=day(result.start), end=day(result.end))


def _period(months: int) -> int:
    return 1 if months <= _MONTHLY else 3 if months <= _QUARTERLY else 12


def flow_columns(result: "CaseResult") -> list[FlowColumn]:
    """The start, then months put together; with evidence up to a month, what is expected after."""
    flow, tracked = result.cash_flow, result.tracking
    net = flow.net if tracked is None else tracked.expected_net
    factors = [(1.0 + result.discount_rate) ** (-month / 12) for month in range(len(net))]
    sums, so_far = [], 0.0
    for each, factor in zip(net, factors, strict=True):
        so_far += each * factor
        sums.append(so_far)
    known = -1 if tracked is None else tracked.months
    after = "planned" if tracked is None else "expected"
    period = _period(result.months)
    first_kind = "actual" if known >= 0 else after
    # Where nothing is paid at the start, it needs no column.
    columns = (
        [FlowColumn(flow.dates[0], net[0], sums[0], first_kind, is_start=True)] if net[0] else []
    )
    for first in range(1, len(net), period):
        last = min(first + period, len(net)) - 1
        kind = "actual" if last <= known else after
        columns.append(FlowColumn(flow.dates[last], sum(net[first : last + 1]), sums[last], kind))
    return columns


def _draw_column(canvas: Canvas, column: FlowColumn, x: float, width: float, up: Scale) -> None:
    top, height = up(max(column.net, 0.0)), abs(up(column.net) - up(0))
    if column.kind == "actual":
        canvas.rect(x - width / 2, top, width, height, "ink")
        return
    canvas.frame(x - width / 2, top, width, height, "ink")
    if column.kind == "expected":
        canvas.rect(x - width / 2, top, width, height, "ink", hatched=True)


def _label_columns(
    canvas: Canvas,
    columns: list[FlowColumn],
    middles: list[float],
    slot: float,
    up: Scale,
    unit: Unit,
    language: Language,
) -> None:
    """The number of every column, where they fit beside each other; else of the first alone."""
    labels = [unit.words(column.net)[language] for column in columns]
    fit = max(text_width(label, FONT_SIZE) for label in labels) + 4 <= slot
    for k, (x, column, label) in enumerate(zip(middles, columns, labels, strict=True)):
        if fit or k == 0:
            x = max(x, _MARGIN + text_width(label, FONT_SIZE) / 2)
            y = _beside(column, up)
            canvas.text(x, y, label, ink="soft", anchor="middle", over=True)


def _beside(column: FlowColumn, up: Scale) -> float:
    """The baseline of the number of COLUMN: above it, else below it where the line runs there."""
    above, below = up(max(column.net, 0.0)) - 5, up(min(column.net, 0.0)) + FONT_SIZE + 3
    free = [y for y in (above, below) if not y - FONT_SIZE - 2 < up(column.cumulative) < y + 6]
    return free[0] if free else above


def _label_dates(
    canvas: Canvas, columns: list[FlowColumn], middles: list[float], y: float, language: Language
) -> None:
    """Year and month below the columns, as many as fit."""
    room = text_width("2026-12", FONT_SIZE) + 12
    reached = float("-inf")
    for x, column in zip(middles, columns, strict=True):
        words = column.name[language]
        left = min(max(x - room / 2, _MARGIN), canvas.width - _MARGIN - room + 12)
        if left >= reached:
            canvas.text(left, y, words, ink="soft")
            reached = left + room


def _label_quantiles(
    canvas: Canvas,
    values: list[float],
    scale: Scale,
    y: float,
    unit: Unit,
    language: Language,
) -> None:
    names = (N_("5 %: {value}"), N_("half: {value}"), N_("95 %: {value}"))
    words = [
        say(name, value=unit.words(value))[language]
        for name, value in zip(names, values, strict=True)
    ]
    reached = float("-inf")
    for value, label in zip(values, words, strict=True):
        width = text_width(label, FONT_SIZE)
        left = min(max(scale(value) - width / 2, _MARGIN, reached), canvas.width - _MARGIN - width)
        canvas.text(left, y, label, ink="soft")
        reached = left + width + _TIP
