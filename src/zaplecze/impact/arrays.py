"""Columns of tables as plain arrays of numbers; missing is NaN."""

from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def collected(frame: nw.LazyFrame[Any]) -> pa.Table:
    """FRAME, computed."""
    table = frame.collect("pyarrow").to_native()
    assert isinstance(table, pa.Table)
    return table


def numbers(table: pa.Table, name: str) -> Floats:
    """A column as numbers."""
    column = table.column(name).cast(pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def seconds(table: pa.Table, name: str) -> Floats:
    """A timestamp column as seconds since 1970."""
    if name not in table.column_names or pa.types.is_null(table.column(name).type):
        return np.full(table.num_rows, np.nan)
    column = table.column(name).cast(pa.timestamp("us", "UTC")).cast(pa.int64()).cast(pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64) / 1e6


def scattered(size: int, rows: NDArray[np.int64], values: Floats) -> Floats:
    """VALUES at ROWS of a column of SIZE, NaN elsewhere."""
    column = np.full(size, np.nan)
    column[rows] = values
    return column
