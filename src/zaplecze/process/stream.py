"""Events in their order, some whole cases at a time, as arrays.

Questions that look from one event to the next, or at all events of a case at once, are some numpy
operations on these arrays; as SQL they would need a sort of the log.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog, arrow
from zaplecze.process.filtered import FilteredLog

Ints = NDArray[np.int64]

_EVENTS_A_PART = 500_000

_STORED_AS = {"began": "start", "ended": "end"}


@dataclass(frozen=True)
class Part:
    """Whole cases, one after the other; arrays have an entry an event, -1 where nothing is known.

    ``began`` and ``ended`` are microseconds since 1970 in UTC; ``first`` is where each case begins.
    """

    columns: Mapping[str, Ints]
    first: Ints

    def __getitem__(self, column: str) -> Ints:
        return self.columns[column]

    def __len__(self) -> int:
        return len(self.columns["case"])


def parts(log: EventLog, *columns: str) -> Iterator[Part]:
    """The events of LOG with COLUMNS (and ``case``), in the order of case and time.

    COLUMNS are among activity, next_activity, resource, department, began and ended.
    """
    wanted = list(dict.fromkeys(("case", *columns)))
    waiting = {name: np.empty(0, dtype=np.int64) for name in wanted}
    for batch in _batches(log, [_STORED_AS.get(name, name) for name in wanted]):
        arrays = zip(wanted, batch.columns, strict=True)
        events = {name: np.append(waiting[name], arrow.integers(array)) for name, array in arrays}
        # The last case may go on in the next batch.
        cut = int(np.searchsorted(events["case"], events["case"][-1]))
        waiting = {name: values[cut:] for name, values in events.items()}
        if cut:
            yield _part({name: values[:cut] for name, values in events.items()})
    if len(waiting["case"]):
        yield _part(waiting)


def _batches(log: EventLog, columns: list[str]) -> Iterator[pa.RecordBatch]:
    kept = log.kept if isinstance(log, FilteredLog) else None
    # Straight from the files: DuckDB does not keep the order of rows that it hands out in batches.
    for path in sorted((log.folder / "events").glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_EVENTS_A_PART, columns=columns):
                events = batch.select(columns)
                if kept is not None:
                    of_cases = kept[arrow.integers(events.column("case"))]
                    events = arrow.taken(events, np.flatnonzero(of_cases))
                if events.num_rows:
                    yield events


def _part(columns: Mapping[str, Ints]) -> Part:
    return Part(columns, np.flatnonzero(np.diff(columns["case"], prepend=-1)))
