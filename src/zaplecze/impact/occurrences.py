"""When each step of the cases was done, first and last, and when it was gone back to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats, collected, numbers, scattered, seconds

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class StepTimes:
    """One activity over all cases; times in seconds since 1970, NaN where it did not happen.

    ``began`` is when the work could first begin, ``done`` when it was done for the first time,
    ``finished`` for the last. ``rounds`` counts how often it was taken up. ``returned`` holds the case (index) and ``returned_at`` the time of every later round, in order.
    """

    activity: str
    began: Floats
    done: Floats
    finished: Floats
    rounds: Floats
    position: float
    returned: Rows = field(repr=False)
    returned_at: Floats = field(repr=False)

    @property
    def happened(self) -> NDArray[np.bool_]:
        """The cases in which the step was done at least once."""
        return self.rounds > 0

    @property
    def second_round(self) -> Floats:
        """When the step was first gone back to; NaN where it was not."""
        first = np.full(len(self.rounds), np.nan)
        # Written backwards, so that the earliest of a case stands at last.
        first[self.returned[::-1]] = self.returned_at[::-1]
        return first

    def rounds_before(self, instant: Floats) -> Floats:
        """How many rounds had begun before INSTANT (seconds, one a case; NaN is never)."""
        earlier = self.returned_at < instant[self.returned]
        again = np.bincount(self.returned[earlier], minlength=len(self.rounds))
        return np.asarray((self.began < instant) + again, dtype=np.float64)


def step_times(log: EventLog, keys: Rows, *, states: bool) -> list[StepTimes]:
    """Every activity of LOG over the cases KEYS (sorted), in the order of the process.

    In a log of STATES, rows of one state that follow each other directly are one round: they carry
    on rather than go back.
    """
    done = _ByStep(
        log.events.group_by("case", "activity").agg(
            nw.col("start").min(),
            nw.col("end").min().alias("done"),
            nw.col("end").max().alias("finished"),
            nw.col("position").min(),
        ),
        "activity",
        keys,
    )
    # A step may begin when the event before it has ended.
    followed = log.events.filter(~nw.col("next_activity").is_null())
    if states:
        followed = followed.filter(nw.col("next_activity") != nw.col("activity"))
    taken_up = _ByStep(
        followed.select("case", "next_activity", "end").sort("case", "end"),
        "next_activity",
        keys,
    )
    steps = [
        _step(activity, len(keys), done(code), taken_up(code))
        for code, activity in enumerate(log.activities)
    ]
    return sorted(steps, key=lambda step: (step.position, step.activity))


def _step(
    activity: str, cases: int, done: Mapping[str, Floats], taken_up: Mapping[str, Floats]
) -> StepTimes:
    at = done["row"].astype(np.int64)
    position = scattered(cases, at, done["position"])
    began = scattered(cases, at, done["start"])
    rows, since = taken_up["row"].astype(np.int64), taken_up["end"]
    # Where the step opens the case nothing came before its first round.
    opens = position[rows] == 0
    first = np.zeros(len(rows), dtype=bool)
    first[np.unique(rows, return_index=True)[1]] = True
    first &= ~opens
    began[rows[first]] = np.fmin(began[rows[first]], since[first])
    rounds = np.nan_to_num(scattered(cases, at, np.ones(len(at))))
    rounds += np.bincount(rows[~first], minlength=cases)
    return StepTimes(
        activity,
        began,
        scattered(cases, at, done["done"]),
        scattered(cases, at, done["finished"]),
        rounds,
        float(np.median(done["position"])) if len(at) else np.inf,
        rows[~first],
        since[~first],
    )


class _ByStep:
    """The rows of a frame by the code of their step, as arrays."""

    def __init__(self, frame: nw.LazyFrame[Any], code: str, keys: Rows) -> None:
        table = collected(frame)
        codes = numbers(table, code).astype(np.int64)
        order = np.argsort(codes, kind="stable")
        self._codes = codes[order]
        columns = {
            name: seconds(table, name)
            if pa.types.is_timestamp(table.column(name).type)
            else numbers(table, name)
            for name in table.column_names
        }
        rows = np.searchsorted(keys, columns.pop("case").astype(np.int64))
        columns["row"] = rows.astype(np.float64)
        self._columns = {name: values[order] for name, values in columns.items()}

    def __call__(self, code: int) -> dict[str, Floats]:
        first, last = np.searchsorted(self._codes, [code, code + 1])
        return {name: values[first:last] for name, values in self._columns.items()}
