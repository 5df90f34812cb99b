"""Native charts that can be edited: no gridlines, no legend, scenario by fill, numbers on the bars."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_PATTERN
from pptx.oxml.ns import qn
from pptx.util import Pt

from zaplecze.language import Language
from zaplecze.process.svg import readable
from zaplecze.report.figures.svg import LIGHT, Ink
from zaplecze.report.officenumbers import in_language
from zaplecze.report.slides.layout import FONT, Box, Sheet, colour, describe

Fill = Literal["solid", "outline", "hatch", "none"]
"""Actual solid, planned outlined, expected or assumed hatched; none holds others up."""

_SIZE = 12


@dataclass(frozen=True)
class Series:
    """Numbers of one kind: how they are filled, and whether they are written on the bars.

    ``inks`` are of single bars; ``words`` stand on them instead of the numbers. ``spreads`` are the
    lower and upper ends of whiskers.
    """

    name: str
    values: Sequence[float | None]
    ink: Ink = "ink"
    fill: Fill = "solid"
    labelled: bool = True
    inks: Sequence[Ink] | None = None
    words: Sequence[str] | None = None
    spreads: Sequence[tuple[float, float] | None] | None = None


@dataclass(frozen=True)
class Look:
    """How a chart is drawn: LOW and HIGH are the ends of its scale, where others share it.

    ``format`` is of the numbers on its bars, see `number_format`.
    """

    language: Language
    format: str = "#,##0;−#,##0"
    low: float | None = None
    high: float | None = None
    gap: int = 45
    overlap: int = 0
    every: int = 1
    stacked: bool = False
    size: float = _SIZE


def number_format(largest: float) -> str:
    """The format of all numbers of a chart: one decimal where the LARGEST has few digits."""
    pattern = "#,##0" if abs(largest) >= 100 else "#,##0.0"
    return f"{pattern};−{pattern}"


def columns(
    sheet: Sheet, box: Box, names: Sequence[str], series: Sequence[Series], look: Look, alt: str
) -> Any:
    """Standing bars."""
    kind = XL_CHART_TYPE.COLUMN_STACKED if look.stacked else XL_CHART_TYPE.COLUMN_CLUSTERED
    return _chart(sheet, box, kind, names, series, look, alt)


def bars(
    sheet: Sheet, box: Box, names: Sequence[str], series: Sequence[Series], look: Look, alt: str
) -> Any:
    """Lying bars, the first one on top."""
    kind = XL_CHART_TYPE.BAR_STACKED if look.stacked else XL_CHART_TYPE.BAR_CLUSTERED
    chart = _chart(sheet, box, kind, names, series, look, alt)
    chart.category_axis.reverse_order = True
    return chart


def as_line(chart: Any, ink: Ink) -> None:
    """Turn the last series of CHART into a line over the columns, on the same scale."""
    plot = chart._chartSpace.chart.plotArea
    standing = plot.find(qn("c:barChart"))
    moved = standing.findall(qn("c:ser"))[-1]
    standing.remove(moved)
    for name in ("c:invertIfNegative", "c:spPr"):
        for element in moved.findall(qn(name)):
            moved.remove(element)
    line = plot.makeelement(qn("c:lineChart"), {})
    for name, value in (("c:grouping", "standard"), ("c:varyColors", "0")):
        line.append(line.makeelement(qn(name), {"val": value}))
    after = moved.find(qn("c:tx"))
    after.addnext(_stroke(moved, ink))
    after.getnext().addnext(_marker(moved))
    line.append(moved)
    moved.append(moved.makeelement(qn("c:smooth"), {"val": "0"}))
    line.append(line.makeelement(qn("c:marker"), {"val": "1"}))
    for axis in standing.findall(qn("c:axId")):
        line.append(copy.deepcopy(axis))
    standing.addnext(line)


def _chart(
    sheet: Sheet,
    box: Box,
    kind: Any,
    names: Sequence[str],
    series: Sequence[Series],
    look: Look,
    alt: str,
) -> Any:
    data = CategoryChartData()
    data.categories = [readable(name) for name in names]
    for each in series:
        data.add_series(readable(each.name), each.values)
    place = sheet.text(box, [])
    frame = sheet.slide.shapes.add_chart(
        kind, place.left, place.top, place.width, place.height, data
    )
    place._element.getparent().remove(place._element)
    describe(frame, alt)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.name = Pt(look.size), FONT
    chart.font.color.rgb = colour("ink")
    _axes(chart, look)
    plot = chart.plots[0]
    plot.gap_width = look.gap
    plot.overlap = 100 if look.stacked else look.overlap
    plot.vary_by_categories = False
    for drawn, each in zip(plot.series, series, strict=True):
        _dress(drawn, each, look)
    return chart


def _axes(chart: Any, look: Look) -> None:
    value, category = chart.value_axis, chart.category_axis
    value.has_major_gridlines = value.has_minor_gridlines = False
    value.visible = False
    if look.low is not None:
        value.minimum_scale = look.low
    if look.high is not None:
        value.maximum_scale = look.high
    category.has_major_gridlines = False
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    category.major_tick_mark = category.minor_tick_mark = XL_TICK_MARK.NONE
    category.format.line.color.rgb = colour("grey")
    # Words lie flat; where they would overlap, some are left out.
    category.tick_labels.font.size = Pt(look.size)
    category._element.txPr.bodyPr.set("rot", "0")
    category._element.txPr.bodyPr.set("vert", "horz")
    if look.every > 1:
        axis = category._element
        for name in ("c:tickLblSkip", "c:tickMarkSkip"):
            element = axis.makeelement(qn(name), {"val": str(look.every)})
            axis.find(qn("c:noMultiLvlLbl")).addprevious(element)


def _dress(drawn: Any, series: Series, look: Look) -> None:
    drawn.invert_if_negative = False
    _paint(drawn.format, series.ink, series.fill)
    for position, ink in enumerate(series.inks or ()):
        if ink != series.ink:
            _paint(drawn.points[position].format, ink, series.fill)
    if series.words is not None:
        for position, words in enumerate(series.words):
            if words:
                _write(drawn.points[position].data_label, words, look)
    elif series.labelled:
        labels = drawn.data_labels
        labels.show_value = True
        labels.number_format = in_language(look.format, look.language)
        labels.number_format_is_linked = False
        labels.font.size, labels.font.name = Pt(look.size), FONT
        labels.font.color.rgb = colour("ink")
        labels.position = (
            XL_LABEL_POSITION.CENTER if look.stacked else XL_LABEL_POSITION.OUTSIDE_END
        )
        _on_paper(labels)
    if series.spreads is not None:
        _whiskers(drawn, series)


def _on_paper(labels: Any) -> None:
    """Numbers stand on paper, so that neither stripes nor lines cross them."""
    element = labels._element
    shape = element.makeelement(qn("c:spPr"), {})
    fill = shape.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": LIGHT["paper"].lstrip("#").upper()}))
    shape.append(fill)
    element.find(qn("c:numFmt")).addnext(shape)


def _write(label: Any, words: str, look: Look) -> None:
    frame = label.text_frame
    frame.text = readable(words)
    font = frame.paragraphs[0].runs[0].font
    font.size, font.name = Pt(look.size), FONT
    font.color.rgb = colour("ink")
    label.position = XL_LABEL_POSITION.OUTSIDE_END


def _paint(format_: Any, ink: Ink, fill: Fill) -> None:
    if fill == "none":
        format_.fill.background()
        format_.line.fill.background()
        return
    if fill == "hatch":
        format_.fill.patterned()
        format_.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        format_.fill.fore_color.rgb = colour(ink)
        format_.fill.back_color.rgb = colour("paper")
    else:
        format_.fill.solid()
        format_.fill.fore_color.rgb = colour("paper" if fill == "outline" else ink)
    format_.line.color.rgb, format_.line.width = colour(ink), Pt(1.25)


def _whiskers(drawn: Any, series: Series) -> None:
    """Intervals as bars of error whose lengths are those of SERIES."""
    element = drawn._element
    error = element.makeelement(qn("c:errBars"), {})
    for name, value in (("c:errBarType", "both"), ("c:errValType", "cust"), ("c:noEndCap", "0")):
        error.append(error.makeelement(qn(name), {"val": value}))
    for name, side in (("c:plus", 1), ("c:minus", 0)):
        error.append(_lengths(error, name, series, side))
    error.append(_stroke(error, "ink", 1.25))
    element.find(qn("c:cat")).addprevious(error)


def _lengths(parent: Any, name: str, series: Series, side: int) -> Any:
    spreads = series.spreads or ()
    holder = parent.makeelement(qn(name), {})
    numbers = holder.makeelement(qn("c:numLit"), {})
    code = numbers.makeelement(qn("c:formatCode"), {})
    code.text = "General"
    numbers.append(code)
    numbers.append(numbers.makeelement(qn("c:ptCount"), {"val": str(len(spreads))}))
    for position, (value, spread) in enumerate(zip(series.values, spreads, strict=True)):
        point = numbers.makeelement(qn("c:pt"), {"idx": str(position)})
        length = point.makeelement(qn("c:v"), {})
        length.text = "0" if value is None or spread is None else repr(abs(spread[side] - value))
        point.append(length)
        numbers.append(point)
    holder.append(numbers)
    return holder


def _stroke(parent: Any, ink: Ink, width: float = 2.25) -> Any:
    shape = parent.makeelement(qn("c:spPr"), {})
    line = shape.makeelement(qn("a:ln"), {"w": str(int(width * 12700)), "cap": "rnd"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": LIGHT[ink].lstrip("#").upper()}))
    line.append(fill)
    shape.append(line)
    return shape


def _marker(parent: Any) -> Any:
    marker = parent.makeelement(qn("c:marker"), {})
    marker.append(marker.makeelement(qn("c:symbol"), {"val": "none"}))
    return marker
