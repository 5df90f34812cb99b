"""How lengths of time vary within groups, on a cluster: in two narrow passes.

A cluster would have to send all values of a group to one worker to find its median. Counting the
values in some hundred classes a group needs no such thing, and tells in which class each quantile
lies; the values of these few classes are then looked at themselves, so that the result is exact.
"""

from collections.abc import Sequence
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.process.measures import Spread

QUANTILES = (0.5, 0.95)

_CODES = 1 << 16
_CLASSES = 1 << 17
"""Twice the fourth root of the longest time there is, in microseconds."""

Ints = NDArray[np.int64]


def spreads(
    frame: nw.LazyFrame[Any], by: Sequence[str], column: str
) -> dict[tuple[int, ...], tuple[int, Spread]]:
    """How often COLUMN (seconds) is measured in every group of FRAME, and how it varies in it.

    BY are one or two columns of codes. Means and totals differ between engines by rounding; medians
    and 95th percentiles are exact, interpolated between neighbours.
    """
    value = nw.col(column)
    measured = frame.filter(~value.is_null()).select(*by, column)
    rows = (
        measured.group_by(*by)
        .agg(nw.len().alias("count"), value.mean().alias("mean"), value.sum().alias("total"))
        .collect("pyarrow")
        .rows(named=True)
    )
    found = quantiles(measured, by, column)
    spread = {}
    for row in rows:
        codes = tuple(row[name] for name in by)
        median, p95 = found[codes]
        spread[codes] = row["count"], Spread.of_row(row | {"median": median, "p95": p95})
    return spread


def quantiles(
    measured: nw.LazyFrame[Any], by: Sequence[str], column: str
) -> dict[tuple[int, ...], tuple[float, ...]]:
    """The `QUANTILES` of COLUMN in every group of MEASURED, which has no nulls; exact.

    A class is the fourth root of the microseconds, cut to a whole number: roots are rounded in the
    same way by every processor, so that a value has the same class whenever it is asked.
    """
    value = nw.col(column)
    root = (value.abs() * 1e6).sqrt().sqrt().floor().cast(nw.Int64)
    group: nw.Expr = nw.lit(0)
    for name in by:
        group = group * _CODES + nw.col(name).cast(nw.Int64)
    signed = nw.when(value < 0).then(-root).otherwise(root)
    classed = measured.select(
        (group * _CLASSES + (signed + _CLASSES // 2)).alias("class"), value.alias("value")
    )
    counts = _Counts.of(classed.group_by("class").agg(nw.len().alias("count")))
    wanted = counts.classes_of_quantiles()
    few = classed.filter(nw.col("class").is_in([int(each) for each in wanted]))
    values = _arrow(few.group_by("class", "value").agg(nw.len().alias("count")))
    return {_codes(group, len(by)): found for group, found in counts.quantiles(values).items()}


def _codes(group: int, number: int) -> tuple[int, ...]:
    codes: list[int] = []
    for _ in range(number):
        group, code = divmod(group, _CODES)
        codes.insert(0, code)
    return tuple(codes)


class _Counts:
    """How many values each class has; classes in order, so that those of a group lie together."""

    def __init__(self, classes: Ints, counts: Ints) -> None:
        order = np.argsort(classes)
        self._classes, self._counts = classes[order], counts[order]
        groups = self._classes // _CLASSES
        self._groups, self._first = np.unique(groups, return_index=True)
        self._sizes = np.add.reduceat(self._counts, self._first) if len(groups) else groups
        self._before = np.cumsum(self._counts) - self._counts
        self._start = self._before[self._first]

    @classmethod
    def of(cls, frame: nw.LazyFrame[Any]) -> "_Counts":
        table = _arrow(frame)
        return cls(_integers(table, "class"), _integers(table, "count"))

    def classes_of_quantiles(self) -> Ints:
        """The classes that hold the values next to the quantiles."""
        return np.unique(self._classes[self._class_at(self._neighbours()[0])])

    def quantiles(self, values: pa.Table) -> dict[int, tuple[float, ...]]:
        """The quantiles by group, from the VALUES of the classes that hold them."""
        classes, counts = _integers(values, "class"), _integers(values, "count")
        value = np.asarray(values.column("value").to_numpy(), dtype=np.float64)
        order = np.lexsort((value, classes))
        classes, counts, value = classes[order], counts[order], value[order]
        # Where each value ends among all values of all groups, in order.
        inside = np.cumsum(counts)
        first = np.searchsorted(classes, classes)
        before_class = self._before[np.searchsorted(self._classes, classes)]
        ends = before_class + inside - (inside - counts)[first]
        at, share = self._neighbours()
        low, high = (value[np.searchsorted(ends, each, side="right")] for each in at)
        found = low + (high - low) * share
        return {
            int(group): tuple(map(float, each))
            for group, each in zip(self._groups, found, strict=True)
        }

    def _neighbours(self) -> tuple[Ints, NDArray[np.float64]]:
        """Places of the values below and above each quantile, and the share of the way between.

        Places are counted through all groups; shape (2, groups, quantiles) and (groups, quantiles).
        """
        exact = (self._sizes[:, None] - 1) * np.array(QUANTILES)
        low = np.floor(exact).astype(np.int64)
        places = np.stack([low, np.ceil(exact).astype(np.int64)]) + self._start[:, None]
        return places, exact - low

    def _class_at(self, places: Ints) -> Ints:
        return np.searchsorted(self._before, places, side="right") - 1


def _arrow(frame: nw.LazyFrame[Any]) -> pa.Table:
    table = frame.collect("pyarrow").to_native()
    assert isinstance(table, pa.Table)
    return table


def _integers(table: pa.Table, name: str) -> Ints:
    return np.asarray(table.column(name).to_numpy(), dtype=np.int64)
