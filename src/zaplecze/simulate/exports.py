"""The files of the simulated company, written as its orders are drawn."""

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zaplecze.simulate import tables
from zaplecze.simulate.dirt import spoil
from zaplecze.simulate.draw import Cases, Stretch
from zaplecze.simulate.lines import Column, LineFile, Table, choice, key
from zaplecze.simulate.staff import Staff

_DELIMITERS = {
    "orders.csv": ",",
    "process_events.csv.gz": ",",
    "shipping.csv": ";",
    "calls.csv": ",",
    "complaints.csv": ",",
    "surveys.csv": ",",
}
_CUSTOMERS = pa.schema(
    [
        ("customer_id", pa.string()),
        ("order_id", pa.string()),
        ("left", pa.string()),
        ("left_at", pa.timestamp("us")),
    ]
)


class Exports:
    """The files of a company in FOLDER, written stretch by stretch."""

    def __init__(self, folder: Path, staff: Staff, seed: int) -> None:
        self._staff, self._seed = staff, seed
        self._files = {
            name: LineFile(folder / name, delimiter) for name, delimiter in _DELIMITERS.items()
        }
        self._customers = pq.ParquetWriter(folder / "customers.parquet", _CUSTOMERS)
        self._customer_rows = 0
        self.dirt: dict[str, Counter[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            file.close()
        self._customers.close()

    @property
    def rows(self) -> dict[str, int]:
        """Rows of each file, useless ones included."""
        counted = {name: file.rows for name, file in self._files.items()}
        return counted | {"customers.parquet": self._customer_rows}

    def dirt_counts(self) -> dict[str, dict[str, Any]]:
        """Useless rows so far, by reason over all files and by file."""
        together: Counter[str] = sum(self.dirt.values(), Counter())
        by_file = {name: dict(counts) for name, counts in self.dirt.items() if counts}
        return {"dirt": dict(together), "dirt_by_file": by_file}

    def write(self, stretch: Stretch, cases: Cases) -> None:
        """Append the orders of STRETCH to every file."""
        random = np.random.default_rng([self._seed, stretch.number, 1])
        ids, staff = key("O", cases.orders.number), self._staff
        for name, table in (
            ("orders.csv", tables.orders(cases, ids)),
            ("process_events.csv.gz", tables.process_events(random, cases, ids, staff)),
            ("shipping.csv", tables.shipping(random, cases, ids, staff)),
            ("calls.csv", tables.calls(random, cases, ids)),
            ("complaints.csv", tables.complaints(random, cases, ids)),
            ("surveys.csv", tables.surveys(random, cases, ids)),
        ):
            self._write_with_dirt(random, name, table, stretch)
        self._write_customers(cases, ids)

    def _write_with_dirt(
        self, random: np.random.Generator, name: str, table: Table, stretch: Stretch
    ) -> None:
        spoilt = spoil(random, name, table, stretch)
        good = np.arange(len(next(iter(table.values()))))
        at = np.sort(random.integers(0, len(good) + 1, len(spoilt.rows)))
        order = np.insert(good, at, len(good) + np.arange(len(spoilt.rows)))
        order = order[~np.isin(order, spoilt.replaced)]
        self._files[name].write(table, order, spoilt.rows)
        self.dirt.setdefault(name, Counter()).update(spoilt.reasons)

    def _write_customers(self, cases: Cases, order_ids: Column) -> None:
        left = cases.response.left
        left_at = (cases.response.left_at * 1_000_000).astype("datetime64[us]")
        columns = [
            key("C", cases.orders.customer),
            order_ids,
            choice(left.astype(np.int64), ("no", "yes")),
            pa.array(left_at, mask=~left),
        ]
        self._customers.write_table(pa.table(columns, schema=_CUSTOMERS))
        self._customer_rows += len(left)
