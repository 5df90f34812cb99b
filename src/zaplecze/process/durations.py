"""Waits and times in the step over all events, by edge and by step: how many, and how they vary.

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
from zaplecze.process.grouping import Gathered, Groups, Ints
from zaplecze.process.measures import Spread
from zaplecze.process.spreads import spreads
from zaplecze.process.stream import each_batch

Floats = NDArray[np.float64]

_WAITS = ("activity", "next_activity", "wait_seconds")


@dataclass(frozen=True)
class Measured:
    """How many lengths of time there are, and how they vary."""

    count: int
    seconds: Spread


def waits_by_edge(log: EventLog) -> dict[tuple[int, int], Measured]:
    """The waits between two events of LOG that follow each other, by the codes of their steps."""
    if log.cluster is not None:
        found = spreads(_followed(log), ["activity", "next_activity"], "wait_seconds")
        return {(a, b): Measured(*each) for (a, b), each in found.items()}
    size = len(log.activities)

    def of(batch: pa.RecordBatch) -> Groups:
        source, target, wait = _waits(batch, size)
        return Groups.of(source * (size + 1) + target, wait)

    edges = Gathered(log.info.events)
    for piece in each_batch(log, of, *_WAITS):
        edges.add(piece)
    return {divmod(edge, size + 1): each for edge, each in _measured(edges, size).items()}


def waits_and_services(log: EventLog) -> tuple[dict[int, Measured], dict[int, Measured]]:
    """By the code of the step: the waits before it, and the times in it."""
    if log.cluster is not None:
        return (
            _by_step(spreads(_followed(log), ["next_activity"], "wait_seconds")),
            _by_step(spreads(log.cluster.service_times(log.folder), ["activity"], "seconds")),
        )
    size = len(log.activities)

    def of(batch: pa.RecordBatch) -> tuple[Groups, Groups]:
        source, target, wait = _waits(batch, size)
        began, ended = (integers(batch.column(name)) for name in ("start", "end"))
        return Groups.of(target, wait), Groups.of(source, (ended - began) / 1e6)

    waits, services = Gathered(log.info.events), Gathered(log.info.events)
    for wait, service in each_batch(log, of, *_WAITS, "start", "end"):
        waits.add(wait)
        services.add(service)
    return _measured(waits, size), _measured(services, size)


def _by_step(found: dict[tuple[int, ...], tuple[int, Spread]]) -> dict[int, Measured]:
    return {code: Measured(*each) for (code,), each in found.items()}


def _followed(log: EventLog) -> nw.LazyFrame[Any]:
    followed = log.events.filter(~nw.col("next_activity").is_null())
    return followed.select("activity", "next_activity", "wait_seconds")


def _waits(batch: pa.RecordBatch, size: int) -> tuple[Ints, Ints, Floats]:
    """Activity, the next one (SIZE where there is none) and the wait between, of events in BATCH."""
    activity, following, wait = (batch.column(name) for name in _WAITS)
    return integers(activity), integers(following, size), floats(wait)


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
