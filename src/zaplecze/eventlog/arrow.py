"""Columns of the store as arrays, without what is not needed for that.

Where pandas is installed, pyarrow and DuckDB load it as soon as a value of Python's crosses over
to them, and pyarrow also to hand over an array as NumPy's: a third of a second for every command.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def integers(column: pa.Array | pa.ChunkedArray, missing: int = -1) -> Ints:
    """COLUMN of whole numbers or times, with MISSING where it has nothing; not to be written to."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    values = column.cast(pa.int64())
    if values.null_count:
        values = pc.fill_null(values, _array(np.array([missing]), pa.int64())[0])
    return np.asarray(np.from_dlpack(values))


def floats(column: pa.Array) -> NDArray[np.float64]:
    """COLUMN of numbers, NaN where it has nothing; not to be written to."""
    if column.null_count:
        column = pc.fill_null(column, _array(np.array([np.nan]), pa.float64())[0])
    return np.asarray(np.from_dlpack(column))


def taken(data: pa.RecordBatch | pa.ChunkedArray, places: Ints) -> Any:
    """The rows or values of DATA at PLACES, in their order."""
    return data.take(_array(places, pa.int64()))


def _array(values: NDArray[Any], kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])
