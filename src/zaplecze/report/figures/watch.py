"""The picture of an alarm: what was usual, what is now, and since when."""

import datetime as dt
import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from zaplecze.impact.watch import Alarm, Point, Watch, Watched, words
from zaplecze.impact.watch.result import Unit
from zaplecze.language import N_, Language, Text, date, say
from zaplecze.process.svg import text_width
from zaplecze.report.figures.rows import WIDE
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink, Scale, wrap

_PLOT_HEIGHT = 240.0
_RIGHT = 150.0
_LEFT = 76.0
_MARGIN = 16.0
_WEEK = 7
_DAYS_DRAWN_SINGLY = 120
_PERIODS_BEFORE = {"day": 364, "week": 104, "month": 60}


def alarm_figure(
    watch: Watch, alarm: Alarm, language: Language, width: int = WIDE, *, headed: bool = True
) -> str:
    """The measure of ALARM over time, WIDTH pixels wide.

    Dots are values (means of seven days where days are many), the grey dashes what would be
    expected without the change, the coloured line what is; the washed band is the interval of its
    beginning. Counts and shares start at zero. Unless ``headed``, message and subtitle are left to
    what stands around it.
    """
    watched = next(w for w in watch.watched if w.measure == alarm.measure)
    shown = _shown(watched, alarm)
    canvas = Canvas(width)
    top = _headings(canvas, watched, alarm, language) if headed else float(LINE)
    x = Scale(0, max((shown[-1].day - shown[0].day).days, 1), _LEFT, width - _RIGHT)
    y = _vertical(shown, alarm, watched, top)
    bottom = top + _PLOT_HEIGHT
    _band(canvas, shown, alarm, x, top, bottom, language)
    _axes(canvas, shown, watched, x, y, bottom, language)
    _values(canvas, shown, watched, x, y)
    _lines(canvas, shown, watched, alarm, x, y)
    _labels(canvas, watched, alarm, x, y, language)
    return canvas.to_svg(bottom + LINE + 12, alarm.sentence[language])


def _shown(watched: Watched, alarm: Alarm) -> list[Point]:
    """The periods of the alarm and enough before it to see what was usual; a little after it."""
    before = _PERIODS_BEFORE[watched.period]
    first = next(i for i, point in enumerate(watched.points) if point.day >= alarm.since)
    last = first + len(alarm.expected_without)
    return watched.points[max(first - before, 0) : last]


def _headings(canvas: Canvas, watched: Watched, alarm: Alarm, language: Language) -> float:
    """The message, and below it what is drawn; the pixel where the plot begins."""
    canvas.margin = _MARGIN
    y = float(LINE)
    for line in wrap(alarm.sentence[language], canvas.width, 4):
        canvas.text(0, y, line, strong=True)
        y += LINE
    for line in wrap(subtitle(watched, alarm)[language], canvas.width, 2):
        canvas.text(0, y, line, ink="soft")
        y += LINE
    return y + LINE


@dataclass(frozen=True)
class AlarmCourse:
    """The measure of an alarm as it is drawn: days, and what stands on each, in ``unit``.

    ``before`` is what was expected until the change, ``after`` what is since, ``without`` what would
    be; each is None on the other days. ``unit`` is None where values carry none.
    """

    alarm: Alarm
    days: list[dt.date]
    seen: list[float | None]
    before: list[float | None]
    without: list[float | None]
    after: list[float | None]
    unit: Text | None

    def seen_values(self) -> list[float]:
        """What was seen, where something was."""
        return [value for value in self.seen if value is not None]

    def ends(self) -> tuple[Text, Text]:
        """What was usual, and what is since."""
        usual, now = _levels(self.alarm)
        return say(N_("{n} usual"), n=usual), say(N_("{n} since"), n=now)


def alarm_course(watch: Watch, alarm: Alarm) -> AlarmCourse:
    """The numbers behind the picture of ALARM, means of seven days where days are many."""
    watched = next(w for w in watch.watched if w.measure == alarm.measure)
    shown = _shown(watched, alarm)
    size = _size(shown, watched)
    whole, unit = _shown_unit(watched, alarm, shown)
    without = {point.day: point.expected for point in _without(shown, alarm)}
    chunks = [shown[at : at + size] for at in range(0, len(shown), size)]

    def means(values: Iterable[list[float]]) -> list[float | None]:
        return [sum(each) / len(each) / whole if each else None for each in values]

    return AlarmCourse(
        alarm,
        [chunk[0].day for chunk in chunks],
        means([p.value for p in chunk if p.value is not None] for chunk in chunks),
        means([p.expected for p in chunk if p.day < alarm.since] for chunk in chunks),
        means([without[p.day] for p in chunk if p.day in without] for chunk in chunks),
        means([p.expected for p in chunk if p.day >= alarm.since] for chunk in chunks),
        unit,
    )


def _shown_unit(watched: Watched, alarm: Alarm, shown: list[Point]) -> tuple[float, Text | None]:
    """Lengths of time in the largest unit of which there are several."""
    if watched.unit != "seconds":
        return 1.0, None
    longest = max(alarm.before.estimate, alarm.after.estimate)
    units = ((86_400.0, N_("days")), (3_600.0, N_("hours")), (60.0, N_("minutes")))
    return next(
        ((size, say(name)) for size, name in units if longest >= 2 * size),
        (1.0, say(N_("seconds"))),
    )


def subtitle(watched: Watched, alarm: Alarm) -> Text:
    """What is drawn."""
    periods = {
        "day": N_("{measure}, by day"),
        "week": N_("{measure}, by week"),
        "month": N_("{measure}, by month"),
    }
    drawn = periods[watched.period]
    if _by_week(watched, alarm):
        drawn = N_("{measure}, means of seven days")
    return say(drawn, measure=watched.label)


def _by_week(watched: Watched, alarm: Alarm) -> bool:
    return _size(_shown(watched, alarm), watched) > 1


def _vertical(shown: list[Point], alarm: Alarm, watched: Watched, top: float) -> Scale:
    """Values over pixels, upwards; from zero unless that would hide a mean's change."""
    size = _size(shown, watched)
    values = [v for _, v in _averaged(shown, size)]
    values += [e for _, e in _averaged(shown, size, expected=True)]
    values += [e for _, e in _averaged(_without(shown, alarm), size, expected=True)]
    low, high = min(values), max(values)
    if watched.unit != "value":
        low = 0.0
    air = 0.06 * ((high - low) or 1.0)
    low = low if watched.unit != "value" else low - air
    return Scale(low, high + air, top + _PLOT_HEIGHT, top)


def _size(shown: list[Point], watched: Watched) -> int:
    """Periods to a dot: seven days where days are many."""
    return _WEEK if watched.period == "day" and len(shown) > _DAYS_DRAWN_SINGLY else 1


def _without(shown: list[Point], alarm: Alarm) -> list[Point]:
    """The periods of the change with what would be expected without it."""
    inside = [point for point in shown if point.day >= alarm.since]
    return [
        Point(point.day, point.value, value)
        for point, value in zip(inside, alarm.expected_without, strict=False)
    ]


def _averaged(
    shown: list[Point], size: int, *, expected: bool = False
) -> list[tuple[float, float]]:
    """Days from the first of the periods, and means of SIZE values."""
    start = shown[0].day
    pairs: list[tuple[float, float]] = []
    for at in range(0, len(shown), size):
        chunk = [p for p in shown[at : at + size] if p.value is not None]
        # A rest of a few days would show its weekdays, not its level.
        if chunk and (2 * len(chunk) > size or not pairs):
            day = sum((p.day - start).days for p in chunk) / len(chunk)
            parts = [p.expected if expected else p.value or 0.0 for p in chunk]
            pairs.append((day, sum(parts) / len(parts)))
    return pairs


def _band(
    canvas: Canvas,
    shown: list[Point],
    alarm: Alarm,
    x: Scale,
    top: float,
    bottom: float,
    language: Language,
) -> None:
    """When the change may have begun, and when the alarm was raised."""
    start = shown[0].day
    low, high = ((day - start).days for day in alarm.since_interval)
    left, right = x(low), x(high)
    canvas.rect(left - 1, top, max(right - left, 2.0) + 1, bottom - top, "wash")
    raised = x((alarm.raised - start).days)
    canvas.line(raised, top, raised, bottom, "grey", dashed=True)
    canvas.text(raised, top - 5, say(N_("alarm"))[language], ink="soft", anchor="middle")


def _axes(
    canvas: Canvas,
    shown: list[Point],
    watched: Watched,
    x: Scale,
    y: Scale,
    bottom: float,
    language: Language,
) -> None:
    step = _tick_step(y.low, y.high, watched.unit)
    for value in _ticks(y.low, y.high, step):
        canvas.line(_LEFT, y(value), x.right, y(value), "line")
        label = words.value_text(value, watched.unit, None, step)[language] if value else "0"
        canvas.text(_LEFT - 8, y(value) + 5, label, ink="soft", anchor="end")
    canvas.line(_LEFT, bottom, x.right, bottom, "grey")
    ends = [shown[0].day, shown[-1].day]
    told = [date(day)[language] for day in ends]
    if sum(text_width(words, FONT_SIZE) for words in told) > x.right - _LEFT - 16:
        told = [day.isoformat() for day in ends]
    canvas.text(_LEFT, bottom + LINE, told[0], ink="soft")
    canvas.text(x.right, bottom + LINE, told[1], ink="soft", anchor="end")


def _ticks(low: float, high: float, step: float) -> list[float]:
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step) + 1)]


def _tick_step(low: float, high: float, unit: Unit) -> float:
    """A round distance that gives three to six lines; times in whole days, hours or minutes."""
    whole = 1.0
    if unit == "seconds":
        whole = next((each for each in (86_400.0, 3_600.0, 60.0) if high >= 3 * each), 1.0)
    raw = (high - low) / 6 / whole or 1.0
    size = 10.0 ** math.floor(math.log10(raw))
    return whole * next(k * size for k in (1, 2, 5, 10) if k * size >= raw)


def _values(canvas: Canvas, shown: list[Point], watched: Watched, x: Scale, y: Scale) -> None:
    for day, value in _averaged(shown, _size(shown, watched)):
        canvas.rect(x(day) - 1.5, y(value) - 1.5, 3, 3, "grey")


def _lines(
    canvas: Canvas, shown: list[Point], watched: Watched, alarm: Alarm, x: Scale, y: Scale
) -> None:
    """What was expected before, what would be without the change, what is with it."""
    at = next(i for i, point in enumerate(shown) if point.day >= alarm.since)
    size = _size(shown, watched)
    _path(canvas, _averaged(shown[:at], size, expected=True) if at else [], x, y, "ink")
    offset = (shown[at].day - shown[0].day).days
    after = [(day + offset, v) for day, v in _averaged(shown[at:], size, expected=True)]
    usual = [(day + offset, v) for day, v in _averaged(_without(shown, alarm), size, expected=True)]
    _path(canvas, usual, x, y, "grey", dashed=True)
    _path(canvas, after, x, y, alarm_ink(alarm), width=2.5)


def _path(
    canvas: Canvas,
    points: list[tuple[float, float]],
    x: Scale,
    y: Scale,
    ink: Ink,
    *,
    width: float = 1.5,
    dashed: bool = False,
) -> None:
    for (day, value), (next_day, next_value) in itertools.pairwise(points):
        canvas.line(x(day), y(value), x(next_day), y(next_value), ink, width=width, dashed=dashed)


def alarm_ink(alarm: Alarm) -> Ink:
    """Vermilion for the worse, blue for the better, the accent where neither way is better."""
    if alarm.verdict is None:
        return "accent"
    return "good" if alarm.verdict == "better" else "bad"


def _labels(
    canvas: Canvas, watched: Watched, alarm: Alarm, x: Scale, y: Scale, language: Language
) -> None:
    """The two levels beside the ends of their lines, never over each other."""
    usual, now = _levels(alarm)
    after, before = y(alarm.after.estimate), y(alarm.before.estimate)
    gap = LINE * 1.2
    if abs(after - before) < gap:
        middle = (after + before) / 2
        up = -1 if after <= before else 1
        after, before = middle + up * gap / 2, middle - up * gap / 2
    left = x.right + 8
    canvas.text(
        left, after + 5, say(N_("{n} since"), n=now)[language], ink=alarm_ink(alarm), strong=True
    )
    canvas.text(left, before + 5, say(N_("{n} usual"), n=usual)[language], ink="soft")


def _levels(alarm: Alarm) -> tuple[Text, Text]:
    """What was usual and what is since, as exactly as its interval allows."""
    width = (alarm.after.interval[1] - alarm.after.interval[0]) / 2
    usual, now = (
        words.value_text(each.estimate, alarm.unit, None, width)
        for each in (alarm.before, alarm.after)
    )
    return usual, now
