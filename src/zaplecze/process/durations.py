"""Waits and times in the step over all events, by edge and by step: how many, and how they vary.

In this process the events are read once, on all processors, and their lengths of time are put
together by what they belong to; a cluster finds the same by the groups of its engine.
"""

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import floats, integers
from zaplecze.process.grouping import Groups, Ints, gathered
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
        source, target, wait = _waits(batch)
        return Groups.of(source * size + target, wait)

    pieces = each_batch(log, of, *_WAITS)
    return {divmod(edge, size): each for edge, each in _measured(pieces).items()}


def waits_and_services(log: EventLog) -> tuple[dict[int, Measured], dict[int, Measured]]:
    """By the code of the step: the waits before it, and the times in it."""
    if log.cluster is not None:
        waits = spreads(_followed(log), ["next_activity"], "wait_seconds")
        services = spreads(log.cluster.service_times(log.folder), ["activity"], "seconds")
        by_wait, by_service = (
            {code: Measured(*each) for (code,), each in found.items()}
            for found in (waits, services)
        )
        return by_wait, by_service

    def of(batch: pa.RecordBatch) -> tuple[Groups, Groups]:
        _, target, wait = _waits(batch)
        began, ended = (integers(batch.column(name)) for name in ("start", "end"))
        services = Groups.of(integers(batch.column("activity")), (ended - began) / 1e6)
        return Groups.of(target, wait), services

    pieces = list(each_batch(log, of, *_WAITS, "start", "end"))
    return _measured(wait for wait, _ in pieces), _measured(service for _, service in pieces)


def _followed(log: EventLog) -> nw.LazyFrame[Any]:
    followed = log.events.filter(~nw.col("next_activity").is_null())
    return followed.select("activity", "next_activity", "wait_seconds")


def _waits(batch: pa.RecordBatch) -> tuple[Ints, Ints, Floats]:
    """Activity, the next one and the wait between them, of the events in BATCH that have a next."""
    source, target = (integers(batch.column(name)) for name in _WAITS[:2])
    followed = np.flatnonzero(target >= 0)
    return source[followed], target[followed], floats(batch.column(_WAITS[2]))[followed]


def _measured(pieces: Iterable[Groups]) -> dict[int, Measured]:
    """How the lengths (seconds) vary in every group; sorted on all processors."""
    groups = gathered(pieces)

    def of(pieces: list[Floats]) -> Measured:
        seconds = np.concatenate(pieces)
        return Measured(len(seconds), Spread.of(seconds))

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return dict(zip(groups, threads.map(of, groups.values()), strict=True))
