"""Events in their order, some whole cases at a time, as arrays.

Questions that look from one event to the next, or at all events of a case at once, are some numpy
operations on these arrays; as SQL they would need a sort of the log.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog, arrow
from zaplecze.process.filtered import FilteredLog

Ints = NDArray[np.int64]
Result = TypeVar("Result")

_EVENTS_A_PART = 125_000

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
    return mapped(log, lambda part: part, *columns)


def mapped(log: EventLog, work: Callable[[Part], Result], *columns: str) -> Iterator[Result]:
    """WORK for each of the `parts`, in their order, on all processors.

    Most of what numpy does lets other threads of Python run.
    """
    wanted = list(dict.fromkeys(("case", *columns)))

    def worked(batch: pa.RecordBatch) -> Result:
        arrays = map(arrow.integers, batch.columns)
        return work(_part(dict(zip(wanted, arrays, strict=True))))

    processors = os.cpu_count() or 1
    under_way: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(processors) as threads:
        for batch in _whole_cases(_batches(log, [_STORED_AS.get(name, name) for name in wanted])):
            under_way.append(threads.submit(worked, batch))
            if len(under_way) > processors:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _whole_cases(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """BATCHES, whose first column is the case, cut anew where a case begins."""
    rest: list[pa.RecordBatch] = []
    for batch in batches:
        case = arrow.integers(batch.column(0))
        cut = int(np.searchsorted(case, case[-1]))
        # The last case may go on in the next batch.
        if cut or (rest and rest[-1].column(0)[-1] != batch.column(0)[0]):
            yield pa.concat_batches([*rest, batch.slice(0, cut)])
            rest = []
        rest.append(batch.slice(cut))
    if rest:
        yield pa.concat_batches(rest)


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
