"""Native charts of lines: courses over time, and a result over its inputs, with names at their ends."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from zaplecze.process.svg import readable
from zaplecze.report.figures.svg import Ink
from zaplecze.report.slides.fitting import height
from zaplecze.report.slides.layout import FONT, Box, Line, Sheet, colour, describe

_LEFT, _TOP, _BELOW = 0.7, 0.12, 0.4
_GAP = 0.12
_SIZE = 12
_TICKS = 5
_LABELS_BELOW = 8


@dataclass(frozen=True)
class Course:
    """A line: its VALUES, one for each name below, and what stands at its end."""

    name: str
    values: Sequence[float | None]
    ink: Ink = "ink"
    width: float = 2.25
    dashed: bool = False
    label: str = ""
    strong: bool = False


@dataclass(frozen=True)
class _Range:
    """From where to where values are drawn, and the distance of two numbers beside the axis."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, courses: Sequence[Course], *, from_zero: bool) -> "_Range":
        values = [v for each in courses for v in each.values if v is not None and math.isfinite(v)]
        low, high = min(values), max(values)
        low = min(low, 0.0) if from_zero else low
        rough = (high - low) / _TICKS or 1.0
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))
        return cls(math.floor(low / step) * step, math.ceil(high / step) * step, step)


def lines(
    sheet: Sheet,
    box: Box,
    names: Sequence[str] | Sequence[dt.date],
    courses: Sequence[Course],
    *,
    labels: float,
    format_: str | None,
    from_zero: bool = False,
    alt: str,
) -> Any:
    """COURSES over NAMES in BOX, with LABELS inches on the right for what stands at their ends.

    FORMAT_ is of the numbers on the left; None leaves them out.
    """
    data = CategoryChartData()
    data.categories = [n if isinstance(n, dt.date) else readable(n) for n in names]
    for each in courses:
        data.add_series(readable(each.name), each.values)
    chart = _drawn(sheet, box, XL_CHART_TYPE.LINE, data, courses, labels, format_, from_zero, alt)
    _name_below(chart.category_axis, names)
    return chart


def curves(
    sheet: Sheet,
    box: Box,
    times: Sequence[float],
    courses: Sequence[Course],
    *,
    step: float,
    labels: float,
    format_: str,
    alt: str,
) -> Any:
    """COURSES over TIMES from zero on, numbered every STEP; the rest as in `lines`."""
    data = XyChartData()
    for each in courses:
        series = data.add_series(readable(each.name))
        for time, value in zip(times, each.values, strict=True):
            series.add_data_point(time, value)
    kind = XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS
    chart = _drawn(sheet, box, kind, data, courses, labels, format_, True, alt)
    below = chart.category_axis
    below.minimum_scale, below.maximum_scale, below.major_unit = 0, times[-1], step
    below.has_major_gridlines = False
    below.major_tick_mark = XL_TICK_MARK.NONE
    below.tick_labels.font.size, below.tick_labels.font.color.rgb = Pt(_SIZE), colour("soft")
    below.format.line.color.rgb = colour("grey")
    return chart


def _drawn(
    sheet: Sheet,
    box: Box,
    kind: Any,
    data: Any,
    courses: Sequence[Course],
    labels: float,
    format_: str | None,
    from_zero: bool,
    alt: str,
) -> Any:
    """A chart of KIND with the lines of COURSES, named at their ends."""
    drawn = box._replace(width=box.width - labels)
    frame = sheet.slide.shapes.add_chart(kind, *(Inches(value) for value in drawn), data)
    describe(frame, alt)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    chart.font.size, chart.font.name = Pt(_SIZE), FONT
    chart.font.color.rgb = colour("ink")
    reach = _Range.over(courses, from_zero=from_zero)
    left = 0.1 if format_ is None else _LEFT
    plot = Box(
        drawn.left + left, drawn.top + _TOP, drawn.width - left - _GAP, drawn.height - _TOP - _BELOW
    )
    _lay_out(chart, drawn, plot)
    _axes(chart, reach, format_)
    for shown, each in zip(chart.plots[0].series, courses, strict=True):
        _dress(shown, each)
    _write_ends(sheet, plot, reach, courses, labels)
    return chart


def _lay_out(chart: Any, drawn: Box, plot: Box) -> None:
    """Where the lines are drawn is ours to say, so that words beside them meet their ends."""
    area = chart._chartSpace.chart.plotArea
    for known in area.findall(qn("c:layout")):
        area.remove(known)
    layout = area.makeelement(qn("c:layout"), {})
    manual = layout.makeelement(qn("c:manualLayout"), {})
    places = {
        "c:layoutTarget": "inner",
        "c:xMode": "edge",
        "c:yMode": "edge",
        "c:x": f"{(plot.left - drawn.left) / drawn.width:.4f}",
        "c:y": f"{(plot.top - drawn.top) / drawn.height:.4f}",
        "c:w": f"{plot.width / drawn.width:.4f}",
        "c:h": f"{plot.height / drawn.height:.4f}",
    }
    for name, value in places.items():
        manual.append(manual.makeelement(qn(name), {"val": value}))
    layout.append(manual)
    area.insert(0, layout)


def _axes(chart: Any, reach: _Range, format_: str | None) -> None:
    value = chart.value_axis
    value.minimum_scale, value.maximum_scale, value.major_unit = reach.low, reach.high, reach.step
    value.has_minor_gridlines, value.has_major_gridlines = False, format_ is not None
    value.major_tick_mark = value.minor_tick_mark = XL_TICK_MARK.NONE
    value.format.line.fill.background()
    if format_ is None:
        value.visible = False
    else:
        value.major_gridlines.format.line.color.rgb = colour("line")
        value.tick_labels.number_format = format_
        value.tick_labels.number_format_is_linked = False
        value.tick_labels.font.size, value.tick_labels.font.color.rgb = Pt(_SIZE), colour("soft")
    # Lines reach from edge to edge: the first name stands below their beginning.
    _between(value._element)


def _name_below(category: Any, names: Sequence[str] | Sequence[dt.date]) -> None:
    """As many names below the lines as can be read."""
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    category.major_tick_mark = category.minor_tick_mark = XL_TICK_MARK.NONE
    category.format.line.color.rgb = colour("grey")
    category.tick_labels.font.size, category.tick_labels.font.color.rgb = Pt(_SIZE), colour("soft")
    category._element.txPr.bodyPr.set("rot", "0")
    category._element.txPr.bodyPr.set("vert", "horz")
    axis = category._element
    days = [name for name in names if isinstance(name, dt.date)]
    if days:
        category.tick_labels.number_format = "yyyy-mm"
        category.tick_labels.number_format_is_linked = False
        months = max((days[-1] - days[0]).days // 30 // _LABELS_BELOW, 1)
        for name, value in (("c:majorUnit", str(months)), ("c:majorTimeUnit", "months")):
            for known in axis.findall(qn(name)):
                axis.remove(known)
            axis.append(axis.makeelement(qn(name), {"val": value}))
        return
    skip = -(-len(names) // _LABELS_BELOW)
    if skip > 1:
        for name in ("c:tickLblSkip", "c:tickMarkSkip"):
            axis.find(qn("c:noMultiLvlLbl")).addprevious(
                axis.makeelement(qn(name), {"val": str(skip)})
            )


def _between(axis: Any) -> None:
    """Let the value AXIS stand in the middle of the first name."""
    known = axis.find(qn("c:crossBetween"))
    if known is None:
        known = axis.makeelement(qn("c:crossBetween"), {})
        axis.find(qn("c:crosses")).addnext(known)
    known.set("val", "midCat")


def _dress(shown: Any, course: Course) -> None:
    shown.smooth = False
    shown.marker.style = XL_MARKER_STYLE.NONE
    line = shown.format.line
    line.color.rgb, line.width = colour(course.ink), Pt(course.width)
    if course.dashed:
        line.dash_style = MSO_LINE.DASH


def _write_ends(
    sheet: Sheet, plot: Box, reach: _Range, courses: Sequence[Course], room: float
) -> None:
    """What COURSES are called, beside their ends and never over each other."""
    width = room - 0.1
    told = [(each, _last(each)) for each in courses if each.label]
    told.sort(key=lambda pair: -pair[1])
    heights = [height(each.label, width, _SIZE) + 0.04 for each, _ in told]
    scale = plot.height / (reach.high - reach.low)
    tops, reached = [], plot.top - 0.1
    for (_, value), taken in zip(told, heights, strict=True):
        top = max(plot.top + (reach.high - value) * scale - taken / 2, reached)
        tops.append(top)
        reached = top + taken
    # What has been pushed below the drawing goes up again.
    free = plot.top + plot.height + _BELOW
    for k in reversed(range(len(told))):
        tops[k] = min(tops[k], free - heights[k])
        free = tops[k]
    for (each, _), top, taken in zip(told, tops, heights, strict=True):
        place = Box(plot.left + plot.width + _GAP, top, width, taken)
        sheet.text(place, [Line(each.label, _SIZE, each.ink, strong=each.strong, after=0)])


def _last(course: Course) -> float:
    return next(v for v in reversed(course.values) if v is not None and math.isfinite(v))
