"""Events in their order, some whole cases at a time, as arrays.

Questions that look from one event to the next, or at all events of a case at once, are some numpy
operations on these arrays; as SQL they would need a sort of the log.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog, arrow
from zaplecze.process.filtered import FilteredLog
from zaplecze.process.grouping import starts

Ints = NDArray[np.int64]
Given = TypeVar("Given")
Result = TypeVar("Result")

_EVENTS_A_PART = 125_000
_PROCESSORS = os.cpu_count() or 1
_KEPT_BYTES = 30 << 20

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

    def worked(pieces: list[pa.RecordBatch]) -> Result:
        return work(_part(wanted, pa.concat_batches(pieces)))

    with _threads() as threads:
        read = _ahead(threads, _Reader(log, wanted), _row_groups(log))
        batches = (batch for each in read for batch in each)
        yield from _ahead(threads, worked, _whole_cases(batches))


def each_batch(
    log: EventLog, work: Callable[[pa.RecordBatch], Result], *columns: str
) -> Iterator[Result]:
    """WORK for some events of LOG after the others, on all processors; a case may be cut in two.

    For what every event tells by itself, such as the wait after it; COLUMNS are those of the store.
    """
    wanted = list(dict.fromkeys(("case", *columns))) if isinstance(log, FilteredLog) else columns
    reader = _Reader(log, list(wanted))

    def worked(group: _RowGroup) -> list[Result]:
        return [work(batch) for batch in reader(group)]

    with _threads() as threads:
        for results in _ahead(threads, worked, _row_groups(log)):
            yield from results


def _threads() -> ThreadPoolExecutor:
    """A thread for each processor, in a process that keeps the memory that arrays leave.

    Linux's allocator gives blocks of some size back at once, and to come by their pages anew takes
    longer than most of what is done with them. It keeps blocks as large as the largest that was
    ever given back, up to 32 MiB; where another allocator is at work this does nothing.
    """
    np.empty(_KEPT_BYTES, dtype=np.uint8)
    return ThreadPoolExecutor(_PROCESSORS)


def _ahead(
    threads: ThreadPoolExecutor, work: Callable[[Given], Result], given: Iterable[Given]
) -> Iterator[Result]:
    """WORK for each of GIVEN in their order; a few more are begun than are asked for."""
    under_way: deque[Future[Result]] = deque()
    for each in given:
        under_way.append(threads.submit(work, each))
        if len(under_way) > _PROCESSORS:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def _whole_cases(batches: Iterator[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """BATCHES, whose first column is the case, cut anew where a case begins."""
    rest: list[pa.RecordBatch] = []
    for batch in batches:
        case = arrow.integers(batch.column(0))
        cut = int(np.searchsorted(case, case[-1]))
        # The last case may go on in the next batch.
        if cut or (rest and rest[-1].column(0)[-1] != batch.column(0)[0]):
            yield [*rest, batch.slice(0, cut)]
            rest = []
        rest.append(batch.slice(cut))
    if rest:
        yield rest


@dataclass(frozen=True)
class _RowGroup:
    """Neighbouring rows of a stored file; what the file says of itself is read once."""

    path: Path
    metadata: pq.FileMetaData
    number: int


def _row_groups(log: EventLog) -> Iterator[_RowGroup]:
    # Straight from the files: DuckDB does not keep the order of rows that it hands out in batches.
    for path in sorted((log.folder / "events").glob("*.parquet")):
        metadata = pq.read_metadata(path)
        for number in range(metadata.num_row_groups):
            yield _RowGroup(path, metadata, number)


class _Reader:
    """Reads columns of the events that a filter leaves."""

    def __init__(self, log: EventLog, wanted: list[str]) -> None:
        self._kept = log.kept if isinstance(log, FilteredLog) else None
        self._columns = [_STORED_AS.get(name, name) for name in wanted]

    def __call__(self, group: _RowGroup) -> list[pa.RecordBatch]:
        """The rows of GROUP, not too many at a time."""
        with pq.ParquetFile(group.path, metadata=group.metadata) as file:
            batches = file.iter_batches(
                _EVENTS_A_PART, row_groups=[group.number], columns=self._columns, use_threads=False
            )
            shown = (self._shown(batch) for batch in batches)
            return [batch for batch in shown if batch.num_rows]

    def _shown(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        batch = batch.select(self._columns)
        if self._kept is None:
            return batch
        return arrow.taken(batch, np.flatnonzero(self._kept[arrow.integers(batch.column("case"))]))


def _part(names: Sequence[str], batch: pa.RecordBatch) -> Part:
    columns = dict(zip(names, map(arrow.integers, batch.columns), strict=True))
    return Part(columns, starts(columns["case"]))
