"""Any number of events of an invented process, written quickly, for measuring."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

ACTIVITIES, PEOPLE, DEPARTMENTS = 30, 50, 5
EVENTS_A_CASE = 10.0
_CASES_A_PART = 250_000

COLUMNS = {
    "case": "case", "activity": "activity", "time": "start", "end": "end",
    "resource": "person", "department": "department",
}  # fmt: skip
"""What the columns of the file mean, as `zaplecze.eventlog.workspace_for` wants it."""


def write_events(folder: Path, events: int, seed: int = 1) -> Path:
    """Write about EVENTS events to a Parquet file in FOLDER, which is returned.

    Rows stand in the order of arrival, cases have text ids, and a case takes one of a few usual ways
    or wanders: about half of the cases share twenty variants, and most variants occur once.
    """
    random = np.random.default_rng(seed)
    cases = round(events / EVENTS_A_CASE)
    following = _following(random)
    names = pa.array([f"step {code:02}" for code in range(ACTIVITIES)])
    people = pa.array([f"person {code:02}" for code in range(PEOPLE)])
    departments = pa.array([f"department {code}" for code in range(DEPARTMENTS)])
    folder.mkdir(parents=True, exist_ok=True)
    file, writer = folder / "events.parquet", None
    for first in range(0, cases, _CASES_A_PART):
        count = min(_CASES_A_PART, cases - first)
        case, activity, start, end = _cases(random, following, first, count)
        person = random.integers(0, PEOPLE, len(case))
        order = np.argsort(start, kind="stable")
        ids = pa.array([f"case {number:09}" for number in range(first, first + count)])
        table = pa.table(
            {
                "case": ids.take(pa.array(case[order] - first)),
                "activity": names.take(pa.array(activity[order])),
                "person": people.take(pa.array(person[order])),
                "department": departments.take(pa.array(person[order] % DEPARTMENTS)),
                "start": pa.array(start[order], pa.timestamp("us", "UTC")),
                "end": pa.array(end[order], pa.timestamp("us", "UTC")),
            }
        )
        writer = writer or pq.ParquetWriter(file, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()
    return file


def _following(random: np.random.Generator) -> NDArray[np.float64]:
    """Cumulated chances of what follows each activity; the last column is the end of the case."""
    chances = random.dirichlet(np.full(ACTIVITIES, 0.03), ACTIVITIES)
    # Most goes forward, so that cases have an order.
    forward = np.eye(ACTIVITIES, k=1)
    forward[-1, 0] = 1
    ending = np.full((ACTIVITIES, 1), 0.01)
    ending[[6, 9, 13]] = [[0.5], [0.6], [0.9]]
    mixed = np.hstack([(0.93 * forward + 0.07 * chances) * (1 - ending), ending])
    return np.cumsum(mixed, axis=1)


def _cases(
    random: np.random.Generator, following: NDArray[np.float64], first: int, count: int
) -> tuple[NDArray[np.int64], ...]:
    """Case, activity, start and end (microseconds) of every event of some cases."""
    running, now = np.arange(first, first + count), random.integers(0, 2, count)
    clock = 1_700_000_000_000_000 + first * 3_000_000 + random.integers(0, 10**12, count)
    steps: list[tuple[NDArray[np.int64], ...]] = []
    while len(running):
        work = random.exponential(6e8, len(running)).astype(np.int64)
        steps.append((running, now, clock, clock + work))
        drawn = random.random(len(running))
        after = (drawn[:, None] > following[now]).sum(axis=1)
        wait = random.lognormal(23, 1, len(running)).astype(np.int64)
        goes_on = after < ACTIVITIES
        clock = (clock + work + wait)[goes_on]
        running, now = running[goes_on], after[goes_on]
    return tuple(np.concatenate(column) for column in zip(*steps, strict=True))
