"""Rows such as real exports have and nobody can use, in known numbers.

They come beside the good rows and never take their place, so that the truth stays whole.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from zaplecze.simulate.company import Integers
from zaplecze.simulate.draw import Stretch
from zaplecze.simulate.lines import Table

Row = dict[str, str]

NO_SUCH_ORDER = "O99999999"
"""Ten million orders do not reach this number."""


@dataclass(frozen=True)
class Dirt:
    """One kind of useless row: why it is refused, one in how many orders, how a row is spoilt.

    ``instead_of`` names a column: the spoilt row then takes the place of one that has no value
    there, because a second row for the same order would mean something else.
    """

    reason: str
    every: int
    spoil: Callable[[Row], Row]
    instead_of: str | None = None


def _twice(row: Row) -> Row:
    return row


def _without_time(row: Row) -> Row:
    return row | {"started_at": "", "finished_at": ""}


def _on_no_day(row: Row) -> Row:
    return row | {"started_at": "2025-02-30 10:00:00"}


def _not_known_when(row: Row) -> Row:
    return row | {"started_at": "n/a", "finished_at": "n/a"}


def _backwards(row: Row) -> Row:
    return row | {"started_at": row["finished_at"], "finished_at": row["started_at"]}


def _of_nothing(row: Row) -> Row:
    return row | {"activity": ""}


def _of_no_known_order(row: Row) -> Row:
    return row | {"order_id": NO_SUCH_ORDER}


def _of_no_order(row: Row) -> Row:
    return row | {"order_id": ""}


def _with_too_many_columns(row: Row) -> Row:
    return row | {"": "moved, by hand"}


def _installed_on_no_day(row: Row) -> Row:
    return row | {"equipment_shipped_at": "", "installed_at": "31.02.2025 10:00"}


def _nine_of_five(row: Row) -> Row:
    return row | {"answered_at": row["sent_at"], "satisfaction": "9"}


DIRT: dict[str, tuple[Dirt, ...]] = {
    "process_events.csv.gz": (
        Dirt("duplicate", 200, _twice),
        Dirt("no_time", 250, _without_time),
        Dirt("unreadable_time", 500, _on_no_day),
        Dirt("unreadable_time", 500, _not_known_when),
        Dirt("end_before_start", 400, _backwards),
        Dirt("unknown_case", 500, _of_no_known_order),
        Dirt("no_case", 500, _of_no_order),
        Dirt("no_activity", 1_000, _of_nothing),
        Dirt("malformed_row", 1_000, _with_too_many_columns),
    ),
    "shipping.csv": (
        Dirt("unreadable_time", 500, _installed_on_no_day),
        Dirt("unknown_case", 500, _of_no_known_order),
    ),
    "calls.csv": (
        Dirt("unknown_case", 400, _of_no_known_order),
        Dirt("no_case", 200, _of_no_order),
        Dirt("malformed_row", 1_000, _with_too_many_columns),
    ),
    "complaints.csv": (Dirt("unknown_case", 500, _of_no_known_order),),
    "surveys.csv": (Dirt("outside_scale", 300, _nine_of_five, instead_of="satisfaction"),),
}


@dataclass(frozen=True)
class Spoilt:
    """The useless rows of one file and stretch, and the good ones whose place they take."""

    rows: list[list[str]]
    replaced: Integers
    reasons: Counter[str]


def spoil(random: np.random.Generator, file: str, table: Table, stretch: Stretch) -> Spoilt:
    """Make useless rows from rows of TABLE, which is the part of FILE for STRETCH."""
    rows: list[list[str]] = []
    replaced: list[Integers] = []
    reasons: Counter[str] = Counter()
    for kind, dirt in enumerate(DIRT.get(file, ())):
        due = (stretch.first + stretch.size) // dirt.every - stretch.first // dirt.every
        picked = _pick(random, table, dirt, due)
        if dirt.instead_of:
            replaced.append(picked)
        for position in picked:
            row = dirt.spoil(
                {name: column[int(position)].as_py() for name, column in table.items()}
            )
            if dirt.reason != "duplicate" and "event_id" in row:
                row["event_id"] = f"X{kind}{row['event_id']}"
            rows.append(list(row.values()))
        reasons[dirt.reason] += len(picked)
    return Spoilt(rows, np.concatenate([*replaced, np.empty(0, np.int64)]), reasons)


def _pick(random: np.random.Generator, table: Table, dirt: Dirt, count: int) -> Integers:
    """COUNT rows of TABLE, none twice; fewer where it has not so many."""
    first = next(iter(table.values()))
    rows = np.arange(len(first))
    if dirt.instead_of:
        rows = np.flatnonzero(pc.equal(table[dirt.instead_of], "").to_numpy(zero_copy_only=False))
    return random.choice(rows, min(count, len(rows)), replace=False)
