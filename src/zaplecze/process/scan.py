"""What one reading of the events tells: waits, times in the step, and who did how much.

In this process the events are read once, on all processors, and their lengths of time are put
together by what they belong to; a cluster finds the same by the groups of its engine.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import floats, integers
from zaplecze.process.grouping import Counted, Gathered, Groups, Ints
from zaplecze.process.measures import Spread
from zaplecze.process.spreads import spreads
from zaplecze.process.stream import each_batch

Floats = NDArray[np.float64]
Pair = tuple[int, int]

_WAITS = ("activity", "next_activity", "wait_seconds")


@dataclass(frozen=True)
class Measured:
    """How many lengths of time there are, and how they vary."""

    count: int
    seconds: Spread


@dataclass(frozen=True)
class EdgeScan:
    """By the codes of two steps the waits between them; events by step and department."""

    waits: dict[Pair, Measured]
    departments: dict[Pair, int]


@dataclass(frozen=True)
class StepScan:
    """By the code of a step the waits before it and the times in it; events by step and who."""

    waits: dict[int, Measured]
    services: dict[int, Measured]
    departments: dict[Pair, int]
    resources: dict[Pair, int]


def scan_edges(log: EventLog) -> EdgeScan:
    """What the graph of LOG asks of every event."""
    if log.cluster is not None:
        found = spreads(_followed(log), ["activity", "next_activity"], "wait_seconds")
        waits = {(a, b): Measured(*each) for (a, b), each in found.items()}
        return EdgeScan(waits, events_by(log, "department"))
    size = len(log.activities)
    edges, departments = Gathered(log.info.events), list[Counted]()

    def of(batch: pa.RecordBatch) -> tuple[Groups, Counted]:
        source, target, wait = _waits(batch, size)
        return Groups.of(source * (size + 1) + target, wait), _who(batch, size, "department")

    for edge, department in each_batch(log, of, *_WAITS, "department"):
        edges.add(edge)
        departments.append(department)
    measured = _measured(edges, size)
    waits = {divmod(edge, size + 1): each for edge, each in measured.items()}
    return EdgeScan(waits, _pairs(departments, size))


def scan_steps(log: EventLog) -> StepScan:
    """What the steps of LOG ask of every event."""
    if log.cluster is not None:
        return StepScan(
            _by_step(spreads(_followed(log), ["next_activity"], "wait_seconds")),
            _by_step(spreads(log.cluster.service_times(log.folder), ["activity"], "seconds")),
            events_by(log, "department"),
            events_by(log, "resource"),
        )
    size = len(log.activities)
    waits, services = Gathered(log.info.events), Gathered(log.info.events)
    departments, resources = list[Counted](), list[Counted]()

    def of(batch: pa.RecordBatch) -> tuple[Groups, Groups, Counted, Counted]:
        source, target, wait = _waits(batch, size)
        began, ended = (integers(batch.column(name)) for name in ("start", "end"))
        return (
            Groups.of(target, wait),
            Groups.of(source, (ended - began) / 1e6),
            _who(batch, size, "department"),
            _who(batch, size, "resource"),
        )

    columns = *_WAITS, "start", "end", "department", "resource"
    for wait, service, department, resource in each_batch(log, of, *columns):
        waits.add(wait)
        services.add(service)
        departments.append(department)
        resources.append(resource)
    return StepScan(
        _measured(waits, size),
        _measured(services, size),
        _pairs(departments, size),
        _pairs(resources, size),
    )


def events_by(log: EventLog, column: str) -> dict[Pair, int]:
    """The events of LOG by the codes of their step and of COLUMN, where they have one."""
    rows = (
        log.events.filter(~nw.col(column).is_null())
        .group_by("activity", column)
        .agg(nw.len().alias("count"))
        .collect("pyarrow")
        .rows()
    )
    return {(activity, code): count for activity, code, count in rows}


def _followed(log: EventLog) -> nw.LazyFrame[Any]:
    followed = log.events.filter(~nw.col("next_activity").is_null())
    return followed.select("activity", "next_activity", "wait_seconds")


def _by_step(found: dict[tuple[int, ...], tuple[int, Spread]]) -> dict[int, Measured]:
    return {code: Measured(*each) for (code,), each in found.items()}


def _waits(batch: pa.RecordBatch, size: int) -> tuple[Ints, Ints, Floats]:
    """Activity, the next one (SIZE where there is none) and the wait between, of events in BATCH."""
    activity, following, wait = (batch.column(name) for name in _WAITS)
    return integers(activity), integers(following, size), floats(wait)


def _who(batch: pa.RecordBatch, size: int, column: str) -> Counted:
    """The events by step and COLUMN, as one code; those without a value have the codes below SIZE."""
    # Missing is -1.
    return Counted.of(
        (integers(batch.column(column)) + 1) * size + integers(batch.column("activity"))
    )


def _pairs(pieces: list[Counted], size: int) -> dict[Pair, int]:
    if not pieces:
        return {}
    found = zip(*Counted.together(pieces), strict=True)
    return {
        (int(code % size), int(code // size) - 1): int(count)
        for code, count in found
        if code >= size
    }


def _measured(lengths: Gathered, size: int) -> dict[int, Measured]:
    """How LENGTHS (seconds) vary in every group but those after which nothing follows.

    They are sorted on all processors.
    """
    groups = {code: own for code, own in lengths.items() if code % (size + 1) < size}

    def of(pieces: list[Floats]) -> Measured:
        seconds = np.concatenate(pieces)
        return Measured(len(seconds), Spread.of(seconds))

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return dict(zip(groups, threads.map(of, groups.values()), strict=True))
