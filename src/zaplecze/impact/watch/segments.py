"""Which part of the business moved most, and whether one did at all."""

from dataclasses import dataclass, replace

import duckdb
import numpy as np
from scipy.special import ndtr

from zaplecze.impact.watch.families import Floats, Kind
from zaplecze.impact.watch.measures import Segmentation
from zaplecze.impact.watch.result import SegmentShift
from zaplecze.impact.watch.seasons import number_of
from zaplecze.impact.watch.series import Series

MOST_LEVELS = 12
_SMALLEST_SHARE = 0.02
_SIGNIFICANT = 0.05


@dataclass(frozen=True)
class Parts:
    """Sums by period (rows) and level (columns): ``total`` of ``count``."""

    levels: list[str]
    total: Floats
    count: Floats


def segment_shift(
    connection: duckdb.DuckDBPyConnection,
    series: Series,
    start: int,
    began: int,
    end: int,
    up: bool,
) -> tuple[SegmentShift | None, int]:
    """The segment that moved most from the periods START..BEGAN to BEGAN..END, and how many tested.

    Every level of every attribute is compared with the rest of it, by the difference between their
    changes. Holm's method bounds the chance of naming any segment wrongly at 5 %, however many are
    looked at; None where no segment stands out.
    """
    found: list[tuple[float, float, SegmentShift]] = []
    for way in series.measure.segmentations:
        parts = None if way.tells_time else _parts(connection, series, way)
        if parts is None:
            continue
        before, after = slice(start, began), slice(began, end)
        for index in range(len(parts.levels)):
            tested = _contrast(series, parts, index, before, after)
            if tested is not None:
                z, shift = tested
                found.append((2 * float(ndtr(-abs(z))), z, _named(shift, way, parts.levels[index])))
    adjusted = _holm([p for p, _, _ in found])
    clear = [
        (p, abs(z), shift)
        for p, (_, z, shift) in zip(adjusted, found, strict=True)
        if p <= _SIGNIFICANT and (z > 0) == up
    ]
    if not clear:
        return None, len(found)
    p, _, best = max(clear, key=lambda each: each[1])
    if series.measure.kind == "wait":
        best = _in_medians(connection, series, best, (start, began, end))
    return _with(best, p, len(found)), len(found)


def _named(
    values: tuple[float, float, float, float], way: Segmentation, level: str
) -> SegmentShift:
    return SegmentShift(way.id, way.label, level, *values, p_value=1.0, tested=0)


def _with(shift: SegmentShift, p_value: float, tested: int) -> SegmentShift:
    return replace(shift, p_value=p_value, tested=tested)


def _in_medians(
    connection: duckdb.DuckDBPyConnection,
    series: Series,
    shift: SegmentShift,
    bounds: tuple[int, int, int],
) -> SegmentShift:
    """SHIFT with medians, as the measure itself is told, instead of means of logarithms."""
    [way] = [way for way in series.measure.segmentations if way.id == shift.attribute]
    start, began, end = (series.day_number(at) for at in bounds)
    own = "(level = $level)"
    windows = [f"day >= {start} AND day < {began}", f"day >= {began} AND day < {end}"]
    wanted = ", ".join(
        f"median(value) FILTER ({side} AND {window})"
        for side in (own, f"NOT {own}")
        for window in windows
    )
    medians = connection.execute(
        f"SELECT {wanted} FROM ({way.rows}) WHERE value IS NOT NULL AND level IS NOT NULL",
        {"level": shift.level},
    ).fetchall()[0]
    if any(median is None for median in medians):
        return shift
    before, after, rest_before, rest_after = medians
    return replace(
        shift, before=before, after=after, rest_before=rest_before, rest_after=rest_after
    )


def _parts(
    connection: duckdb.DuckDBPyConnection, series: Series, way: Segmentation
) -> Parts | None:
    """Sums by period and level; None where there are fewer than two levels to compare."""
    wait = series.measure.kind == "wait"
    value = "ln(greatest(value, 1))" if wait else "value"
    count = "sum(weight)::DOUBLE" if series.measure.kind in ("share", "count") else "count(*)"
    total = (series.day(len(series.numbers) - 1) - series.day(0)).days
    first = series.day_number(0)
    rows = connection.execute(
        f"SELECT day::BIGINT, level, sum({value})::DOUBLE, {count} FROM ({way.rows}) "
        f"WHERE value IS NOT NULL AND level IS NOT NULL AND day >= {first} "
        f"AND day < {first + total + 31} GROUP BY 1, 2"
    ).fetchall()
    sizes: dict[str, float] = {}
    for _, level, _, n in rows:
        sizes[level] = sizes.get(level, 0.0) + n
    all_rows = sum(sizes.values())
    levels = sorted(
        (k for k, n in sizes.items() if n >= _SMALLEST_SHARE * all_rows),
        key=lambda k: (-sizes[k], k),
    )[:MOST_LEVELS]
    if len(sizes) < 2 or not levels:
        return None
    column = {level: i for i, level in enumerate(levels)}
    sums = np.zeros((2, len(series.numbers), len(levels) + 1))
    at = number_of(series.period, np.array([row[0] for row in rows], np.int64)) - series.numbers[0]
    for position, (_, level, part, n) in zip(at, rows, strict=True):
        if 0 <= position < len(series.numbers):
            sums[:, position, column.get(level, len(levels))] += (part, n)
    sums *= series.observed.known[None, :, None]
    return Parts(levels, sums[0], sums[1])


def _contrast(
    series: Series, parts: Parts, index: int, before: slice, after: slice
) -> tuple[float, tuple[float, float, float, float]] | None:
    """The level's change minus the rest's in standard errors, and the four values.

    Counts are compared by the level's share in all of them, and rates by their logarithms: a level
    of which there is more to count from has no higher rate.
    """
    kind, rate = series.measure.kind, series.measure.exposed
    own, n = parts.total[:, index], parts.count[:, index]
    other, m = parts.total.sum(axis=1) - own, parts.count.sum(axis=1) - n
    windows = [(own, n, before), (own, n, after), (other, m, before), (other, m, after)]
    if kind == "count" and not rate:
        whole = own + other
        estimates = [_ratio(own[w], whole[w], "share") for w in (before, after)]
        signs = [-1, 1]
    else:
        estimates = [_ratio(total[w], count[w], kind) for total, count, w in windows]
        signs = [-1, 1, 1, -1]
    if any(each is None for each in estimates):
        return None
    known = [each for each in estimates if each is not None]
    difference = sum(s * e for s, (e, _) in zip(signs, known, strict=True))
    error = float(np.sqrt(sum(v for _, v in known)))
    if error <= 0:
        return None
    a, b, c, d = (_value(kind, rate, total[w], count[w]) for total, count, w in windows)
    return difference / error, (a, b, c, d)


def _value(kind: Kind, rate: bool, total: Floats, count: Floats) -> float:
    """What a window held: the number a period of counts, else the mean."""
    if kind == "count" and not rate:
        return float(total.mean())
    mean = float(total.sum() / max(count.sum(), 1e-9))
    return float(np.exp(mean)) if kind == "wait" else mean


def _ratio(total: Floats, count: Floats, kind: Kind) -> tuple[float, float] | None:
    """A ratio of sums over periods with its variance, on the model's scale; None where too few.

    The variance is that of the periods' own scatter, so that over-dispersion is in it.
    """
    seen = count > 0
    if seen.sum() < 3:
        return None
    total, count = total[seen], count[seen]
    ratio = float(total.sum() / count.sum())
    scatter = float(((total - ratio * count) ** 2).sum()) * len(total) / (len(total) - 1)
    variance = scatter / float(count.sum()) ** 2
    if kind == "count":
        return (float(np.log(ratio)), variance / ratio**2) if ratio > 0 else None
    if kind != "share":
        return ratio, variance
    p = float((total.sum() + 0.5) / (count.sum() + 1))
    least = p * (1 - p) / float(count.sum())
    return float(np.log(p / (1 - p))), max(variance, least) / (p * (1 - p)) ** 2


def _holm(p_values: list[float]) -> list[float]:
    """Holm's adjusted p-values, in the order given."""
    order = np.argsort(p_values)
    adjusted = np.ones(len(p_values))
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min((len(p_values) - rank) * p_values[index], 1.0))
        adjusted[index] = highest
    return [float(p) for p in adjusted]
