"""What a log says about its cases, as arrays: when each step was done, what came of it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.language import Text
from zaplecze.workspace import Workspace

Floats = NDArray[np.float64]

RARE_STEP = 0.01
"""Steps in fewer than this share of the cases say too little to adjust for."""


@dataclass(frozen=True)
class Column:
    """A fact known about every case; missing is NaN. A category's values index ``levels``."""

    name: str
    label: Text
    values: Floats
    levels: tuple[str, ...] = ()

    @property
    def categorical(self) -> bool:
        """Whether the values are codes of categories."""
        return bool(self.levels)


@dataclass(frozen=True)
class StepTimes:
    """One activity over all cases; times in seconds since 1970, NaN where it did not happen."""

    activity: str
    began: Floats
    done: Floats
    count: Floats
    position: float

    @property
    def happened(self) -> NDArray[np.bool_]:
        """The cases in which the step was done at least once."""
        return self.count > 0


@dataclass(frozen=True)
class OutcomeFacts:
    """One outcome over all cases: its values and when each became known (NaN when unknown)."""

    name: str
    values: Floats
    time: Floats


@dataclass(frozen=True)
class Facts:
    """All that the effects are estimated from; every array has one entry a case."""

    start: Floats
    customer: NDArray[np.int64]
    attributes: dict[str, Column]
    outcomes: dict[str, OutcomeFacts]
    due: dict[str, Floats]
    steps: list[StepTimes]

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return len(self.start)

    @cached_property
    def by_activity(self) -> dict[str, StepTimes]:
        """The steps by name."""
        return {step.activity: step for step in self.steps}

    @cached_property
    def days(self) -> float:
        """From the start of the first case to that of the last; 0 where the data say no times."""
        known = self.start[~np.isnan(self.start)]
        return float((known.max() - known.min()) / 86_400) if len(known) else 0.0

    def exposed_per_year(self, exposed: NDArray[np.bool_]) -> float:
        """EXPOSED cases among those that started in the latest year.

        Scaled up from less than a year; all of them where the data say no times.
        """
        if self.days >= 365:
            return float((exposed & (self.start > np.nanmax(self.start) - 365 * 86_400)).sum())
        return float(exposed.sum() * (365 / max(self.days, 1.0) if self.days else 1.0))


def load_facts(log: EventLog, workspace: Workspace) -> Facts:
    """Read the cases and the times of their steps from LOG.

    Steps come in the order in which they usually happen.
    """
    cases = _arrow(log.cases.sort("case"))
    keys = _numbers(cases, "case").astype(np.int64)
    steps = _steps(log, keys) if log.info.events else []
    start = _seconds(cases, "start")
    customer = workspace.case.customer
    return Facts(
        start=start,
        customer=_codes(cases, customer) if customer else np.arange(len(keys)),
        attributes={
            name: _attribute(cases, name, kind, workspace.attribute_label(name))
            for name, kind in log.info.attributes.items()
        },
        outcomes={
            name: OutcomeFacts(name, _numbers(cases, name), _seconds(cases, f"{name}.time"))
            for name in log.info.outcomes
        },
        due={
            name.removeprefix("due."): _seconds(cases, name)
            for name in cases.column_names
            if name.startswith("due.")
        },
        steps=sorted(steps, key=lambda step: (step.position, step.activity)),
    )


def _steps(log: EventLog, keys: NDArray[np.int64]) -> list[StepTimes]:
    done = _arrow(
        log.events.group_by("case", "activity").agg(
            nw.len().alias("count"),
            nw.col("start").min(),
            nw.col("end").max(),
            nw.col("position").min(),
        )
    )
    # The step may begin when the event before its first occurrence has ended.
    before = _arrow(
        log.events.filter(~nw.col("next_activity").is_null())
        .group_by("case", "next_activity")
        .agg(nw.col("end").min())
    )
    rows = np.searchsorted(keys, _numbers(done, "case").astype(np.int64))
    codes = _numbers(done, "activity").astype(np.int64)
    rows_before = np.searchsorted(keys, _numbers(before, "case").astype(np.int64))
    codes_before = _numbers(before, "next_activity").astype(np.int64)
    ends, starts, ends_before = (
        _seconds(done, "end"),
        _seconds(done, "start"),
        _seconds(before, "end"),
    )
    counts, positions = _numbers(done, "count"), _numbers(done, "position")
    found = []
    for code, activity in enumerate(log.activities):
        mine, preceding = codes == code, codes_before == code
        at = rows[mine]
        began = _scatter(len(keys), at, starts[mine])
        began[rows_before[preceding]] = np.fmin(
            began[rows_before[preceding]], ends_before[preceding]
        )
        found.append(
            StepTimes(
                activity,
                began,
                _scatter(len(keys), at, ends[mine]),
                np.nan_to_num(_scatter(len(keys), at, counts[mine])),
                float(np.median(positions[mine])) if mine.any() else np.inf,
            )
        )
    return found


def _scatter(size: int, rows: NDArray[np.int64], values: Floats) -> Floats:
    column = np.full(size, np.nan)
    column[rows] = values
    return column


def _arrow(frame: nw.LazyFrame[Any]) -> pa.Table:
    table = frame.collect("pyarrow").to_native()
    assert isinstance(table, pa.Table)
    return table


def _numbers(table: pa.Table, name: str) -> Floats:
    column = table.column(name).cast(pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _seconds(table: pa.Table, name: str) -> Floats:
    """A timestamp column as seconds since 1970."""
    if name not in table.column_names or pa.types.is_null(table.column(name).type):
        return np.full(table.num_rows, np.nan)
    column = table.column(name).cast(pa.timestamp("us", "UTC")).cast(pa.int64()).cast(pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64) / 1e6


def _codes(table: pa.Table, name: str) -> NDArray[np.int64]:
    """Codes of a text column; a missing value is a customer of its own."""
    column = table.column(name).combine_chunks().dictionary_encode()
    codes = np.asarray(column.indices.to_numpy(zero_copy_only=False), dtype=np.float64)
    missing = np.isnan(codes)
    codes[missing] = len(column.dictionary) + np.arange(missing.sum())
    return codes.astype(np.int64)


def _attribute(table: pa.Table, name: str, kind: str, label: Text) -> Column:
    if kind == "number":
        return Column(name, label, _numbers(table, name))
    if kind == "time":
        return Column(name, label, _seconds(table, name))
    column = table.column(name).cast(pa.string()).combine_chunks().dictionary_encode()
    codes = np.asarray(column.indices.to_numpy(zero_copy_only=False), dtype=np.float64)
    levels, grouped = _by_frequency(codes, column.dictionary.to_pylist())
    return Column(name, label, grouped, levels)


MOST_LEVELS = 100
"""A category with more levels keeps the most frequent ones; the rest share one."""


def _by_frequency(codes: Floats, names: list[str]) -> tuple[tuple[str, ...], Floats]:
    """Levels and codes, the most frequent first."""
    known = ~np.isnan(codes)
    counts = np.bincount(codes[known].astype(np.int64), minlength=len(names))
    order = sorted(range(len(names)), key=lambda code: (-counts[code], names[code]))
    rank = np.empty(len(names))
    rank[order] = np.minimum(np.arange(len(names)), MOST_LEVELS)
    renumbered = np.full(len(codes), np.nan)
    renumbered[known] = rank[codes[known].astype(np.int64)]
    kept = [names[code] for code in order[:MOST_LEVELS]]
    return (*kept, "…") if len(names) > MOST_LEVELS else tuple(kept), renumbered
