"""What a log says about its cases, as arrays: when each step was done, what came of it."""

import hashlib
from collections.abc import Set
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats, collected, numbers, seconds
from zaplecze.impact.deviating import Deviating, read_deviations
from zaplecze.impact.finding import OutcomeKind
from zaplecze.impact.handling import Handling, read_handling
from zaplecze.impact.occurrences import StepTimes, step_times
from zaplecze.language import Text
from zaplecze.process.ends import end_steps
from zaplecze.workspace import Workspace

RARE_STEP = 0.01
"""Steps in fewer than this share of the cases say too little to adjust for."""


FEWEST_DAYS = 28
"""A log that covers fewer days says nothing about a year."""


@dataclass(frozen=True)
class Column:
    """A fact known about every case; missing is NaN. A category's values index ``levels``.

    The last level stands for ``folded`` rare ones, where there are too many to tell them apart.
    """

    name: str
    label: Text
    values: Floats
    levels: tuple[str, ...] = ()
    folded: int = 0

    @property
    def categorical(self) -> bool:
        """Whether the values are codes of categories."""
        return bool(self.levels)

    @cached_property
    def mark(self) -> bytes:
        """The same of columns that say the same of every case, and of no others."""
        told = hashlib.blake2b(repr((self.name, self.levels)).encode(), digest_size=16)
        told.update(np.ascontiguousarray(self.values).data)
        return told.digest()


@dataclass(frozen=True)
class OutcomeFacts:
    """One outcome over all cases: its values and when each became known (NaN when unknown)."""

    name: str
    kind: OutcomeKind
    values: Floats
    time: Floats


@dataclass(frozen=True)
class Facts:
    """All that the effects are estimated from; every array has one entry a case."""

    start: Floats
    end: Floats
    customer: NDArray[np.int64]
    attributes: dict[str, Column]
    outcomes: dict[str, OutcomeFacts]
    due: dict[str, Floats]
    steps: list[StepTimes]
    handling: Handling = field(default_factory=Handling)
    deviations: list[Deviating] = field(default_factory=list)

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

    @cached_property
    def observed_until(self) -> float:
        """The last instant that the log knows of; NaN where it knows none."""
        instants = [self.end, *(outcome.time for outcome in self.outcomes.values())]
        known = np.concatenate([times[~np.isnan(times)] for times in instants])
        return float(known.max()) if len(known) else np.nan

    def exposed_per_year(self, exposed: NDArray[np.bool_]) -> float | None:
        """EXPOSED cases among those that started in the latest year.

        Scaled up from less than a year, but not from less than four weeks: then it is None. All of
        them where the data say no times.
        """
        if 0 < self.days < FEWEST_DAYS:
            return None
        if self.days >= 365:
            return float((exposed & (self.start > np.nanmax(self.start) - 365 * 86_400)).sum())
        return float(exposed.sum() * (365 / max(self.days, 1.0) if self.days else 1.0))


def load_facts(log: EventLog, workspace: Workspace) -> Facts:
    """Read the cases and the times of their steps from LOG.

    Steps come in the order in which they usually happen.
    """
    cases = collected(log.cases.sort("case"))
    keys = numbers(cases, "case").astype(np.int64)
    customer = workspace.case.customer
    start, end = seconds(cases, "start"), seconds(cases, "end")
    return Facts(
        start=start,
        end=end,
        customer=customer_codes(cases, customer) if customer else np.arange(len(keys)),
        attributes={
            name: _attribute(cases, name, kind, workspace)
            for name, kind in log.info.attributes.items()
        },
        outcomes=_outcomes(cases, workspace, log, end - start, end),
        due={
            name.removeprefix("due."): seconds(cases, name)
            for name in cases.column_names
            if name.startswith("due.")
        },
        steps=_steps(log, keys, workspace),
        handling=read_handling(log, keys, workspace) if log.info.events else Handling(),
        deviations=read_deviations(log, keys, workspace),
    )


def _outcomes(
    cases: pa.Table, workspace: Workspace, log: EventLog, took: Floats, end: Floats
) -> dict[str, OutcomeFacts]:
    """The outcomes of WORKSPACE in its order: those joined to the cases, and what they TOOK."""
    found = {}
    for name, outcome in workspace.outcomes.items():
        if outcome.is_throughput:
            whole = np.where(_finished(log, workspace), took, np.nan)
            found[name] = OutcomeFacts(name, outcome.kind, whole, end)
        elif name in log.info.outcomes:
            time = seconds(cases, f"{name}.time")
            found[name] = OutcomeFacts(name, outcome.kind, numbers(cases, name), time)
    return found


def _finished(log: EventLog, workspace: Workspace) -> NDArray[np.bool_]:
    """Which cases are finished: how long the others will take is not known."""
    ends = [step.activity for step in end_steps(log, workspace)]
    codes = [code for code, name in enumerate(log.activities) if name in ends]
    table = log.connection.execute(
        "SELECT list_contains($ends, v.activities[-1]) AS finished FROM cases c "
        'LEFT JOIN variants v ON v.variant = c.variant ORDER BY c."case"',
        {"ends": codes},
    ).to_arrow_table()
    return np.asarray(numbers(table, "finished") == 1, dtype=np.bool_)


def _steps(log: EventLog, keys: NDArray[np.int64], workspace: Workspace) -> list[StepTimes]:
    if not log.info.events:
        return []
    return step_times(log, keys, states=any(events.states for events in workspace.events))


def customer_codes(table: pa.Table, name: str) -> NDArray[np.int64]:
    """Codes of a text column; a missing value is a customer of its own."""
    column = table.column(name).combine_chunks().dictionary_encode()
    codes = np.asarray(column.indices.to_numpy(zero_copy_only=False), dtype=np.float64)
    missing = np.isnan(codes)
    codes[missing] = len(column.dictionary) + np.arange(missing.sum())
    return codes.astype(np.int64)


def _attribute(table: pa.Table, name: str, kind: str, workspace: Workspace) -> Column:
    label = workspace.attribute_label(name)
    if kind == "number":
        return Column(name, label, numbers(table, name))
    if kind == "time":
        return Column(name, label, seconds(table, name))
    column = table.column(name).cast(pa.string()).combine_chunks().dictionary_encode()
    codes = np.asarray(column.indices.to_numpy(zero_copy_only=False), dtype=np.float64)
    asked_for = {
        value
        for lever in workspace.levers.values()
        if lever.attribute == name
        for value in lever.values or []
    }
    return _category(name, label, codes, column.dictionary.to_pylist(), asked_for)


MOST_LEVELS = 100
"""A category with more levels keeps the most frequent ones; the rest share one."""


def _category(
    name: str, label: Text, codes: Floats, names: list[str], asked_for: Set[str]
) -> Column:
    """Codes of NAMES, the most frequent first; those that are ASKED FOR are kept however rare."""
    known = ~np.isnan(codes)
    counts = np.bincount(codes[known].astype(np.int64), minlength=len(names))
    order = sorted(range(len(names)), key=lambda code: (-counts[code], names[code]))
    rare = order[MOST_LEVELS:]
    kept = order[:MOST_LEVELS] + [code for code in rare if names[code] in asked_for]
    rank = np.full(len(names), len(kept), dtype=np.float64)
    rank[kept] = np.arange(len(kept))
    renumbered = np.full(len(codes), np.nan)
    renumbered[known] = rank[codes[known].astype(np.int64)]
    levels, folded = tuple(names[code] for code in kept), len(names) - len(kept)
    return Column(name, label, renumbered, (*levels, "…") if folded else levels, folded)
