"""Text columns and the lines of a CSV file from them, without a loop over rows."""

import gzip
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zaplecze.simulate.company import Integers, Truths

Column = Any
"""A `pyarrow.StringArray`."""

Table = dict[str, Column]
"""Columns of one length by name, in the order of the file."""


def number(values: Integers) -> Column:
    """Whole numbers."""
    return pc.cast(pa.array(values), pa.string())


def key(prefix: str, values: Integers) -> Column:
    """Numbers of orders or customers: O00000042."""
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(number(values), 8, "0"), "")


def choice(codes: Integers, names: Sequence[str]) -> Column:
    """The name of each code."""
    return pa.array(names).take(pa.array(codes))


def day(days: Integers) -> Column:
    """Days since 1970 as 2024-03-05."""
    return pc.cast(pa.array(days.astype("datetime64[D]")), pa.string())


def moment(seconds: Integers) -> Column:
    """Seconds since 1970 as 2024-03-05 14:30:00."""
    return pc.cast(pa.array(seconds.astype("datetime64[s]")), pa.string())


def moment_to_the_minute(seconds: Integers) -> Column:
    """Seconds since 1970 as 05.03.2024 14:30."""
    text = moment(seconds)
    date = [pc.utf8_slice_codeunits(text, *part) for part in ((8, 10), (5, 7), (0, 4))]
    return pc.binary_join_element_wise(
        pc.binary_join_element_wise(*date, "."), pc.utf8_slice_codeunits(text, 11, 16), " "
    )


def where(known: Truths, column: Column) -> Column:
    """COLUMN, empty where nothing is KNOWN."""
    return pc.if_else(pa.array(known), column, "")


def repeated(column: Column, rows: Integers) -> Column:
    """The entries of COLUMN at ROWS."""
    return column.take(pa.array(rows))


def stacked(columns: Sequence[Column]) -> Column:
    """COLUMNS one below the other."""
    return pa.concat_arrays(columns)


class LineFile:
    """A text file of delimited lines, packed when its name ends in ``.gz``.

    The same lines always give the same bytes: a packed file carries no time and no name.
    """

    def __init__(self, path: Path, delimiter: str = ",") -> None:
        self.name, self.delimiter, self.rows = path.name, delimiter, 0
        self._raw: IO[bytes] = path.open("wb")
        self._out: Any = (
            gzip.GzipFile("", "wb", 3, self._raw, mtime=0) if path.suffix == ".gz" else self._raw
        )

    def write(self, table: Table, order: Integers, more: Sequence[Sequence[str]] = ()) -> None:
        """Append the rows of TABLE in ORDER, whose positions past its end are rows of MORE."""
        if not self.rows:
            self._out.write((self.delimiter.join(table) + "\n").encode())
        *columns, last = table.values()
        last = pc.binary_join_element_wise(last, "\n", "")
        lines = pc.binary_join_element_wise(*columns, last, self.delimiter)
        extra = [self.delimiter.join(row) + "\n" for row in more]
        ordered = stacked([lines, pa.array(extra, pa.string())]).take(pa.array(order))
        # The text of a column lies in one piece in memory: no need to visit its rows.
        _, offsets, text = ordered.buffers()
        end = int(np.frombuffer(offsets, np.int32)[len(ordered)])
        self._out.write(memoryview(text)[:end])
        self.rows += len(order)

    def close(self) -> None:
        """Finish the file."""
        if self._out is not self._raw:
            self._out.close()
        self._raw.close()
