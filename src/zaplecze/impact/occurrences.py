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
from zaplecze.process.stream import Part, parts

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
    ask = _on_a_cluster if log.events.implementation.is_spark_like() else _in_memory
    done, taken_up = ask(log, keys, states)
    steps = [
        _step(activity, len(keys), done(code), taken_up(code))
        for code, activity in enumerate(log.activities)
    ]
    return sorted(steps, key=lambda step: (step.position, step.activity))


Piece = dict[str, NDArray[Any]]
Occurrences = tuple["_ByStep", "_ByStep"]
"""By step: the cases that have it with its times, and every time that it was taken up, in order."""


def _on_a_cluster(log: EventLog, keys: Rows, states: bool) -> Occurrences:
    done = log.events.group_by("case", "activity").agg(
        nw.col("start").min(),
        nw.col("end").min().alias("done"),
        nw.col("end").max().alias("finished"),
        nw.col("position").min(),
    )
    # A step may begin when the event before it has ended.
    followed = log.events.filter(~nw.col("next_activity").is_null())
    if states:
        followed = followed.filter(nw.col("next_activity") != nw.col("activity"))
    taken_up = followed.select("case", "next_activity", "end").sort("case", "end")
    return _ByStep([_piece(done, "activity")], keys), _ByStep(
        [_piece(taken_up, "next_activity")], keys
    )


def _in_memory(log: EventLog, keys: Rows, states: bool) -> Occurrences:
    """The same some cases at a time, without the groups of an engine, which take three times as long."""
    done, taken_up = [], []
    for part in parts(log, "activity", "next_activity", "began", "ended"):
        done.append(_first_and_last(part))
        taken_up.append(_taken_up(part, states))
    return _ByStep(done, keys), _ByStep(taken_up, keys)


def _first_and_last(part: Part) -> Piece:
    """Of every activity and case in PART: when first begun and done, when last, where first."""
    order = _by_code(part["activity"])
    case, code, ended = (part[name][order] for name in ("case", "activity", "ended"))
    new = np.ones(len(case), dtype=bool)
    new[1:] = (case[1:] != case[:-1]) | (code[1:] != code[:-1])
    first = np.flatnonzero(new)
    opened = np.repeat(part.first, np.diff(part.first, append=len(part)))
    return {
        "code": code[first],
        "case": case[first],
        "start": part["began"][order[first]] / 1e6,
        "done": np.minimum.reduceat(ended, first) / 1e6,
        "finished": np.maximum.reduceat(ended, first) / 1e6,
        "position": (order - opened[order])[first].astype(np.float64),
    }


def _taken_up(part: Part, states: bool) -> Piece:
    """By activity, the case and the end of every event of PART that it follows."""
    code = part["next_activity"]
    follows = code >= 0
    if states:
        follows &= code != part["activity"]
    chosen = np.flatnonzero(follows)
    case, end = part["case"][chosen], part["ended"][chosen]
    if np.any((end[1:] < end[:-1]) & (case[1:] == case[:-1])):
        # Events that overlap.
        chosen = chosen[np.lexsort((end, case))]
    chosen = chosen[_by_code(code[chosen])]
    return {"code": code[chosen], "case": part["case"][chosen], "end": part["ended"][chosen] / 1e6}


def _by_code(codes: Rows) -> Rows:
    """The order by CODES that leaves those of one code as they are; counted, as they are small."""
    return np.argsort(codes.astype(np.uint16), kind="stable")


def _piece(frame: nw.LazyFrame[Any], code: str) -> Piece:
    """FRAME with the columns ``case`` and CODE, in the order of the codes; times in seconds."""
    table = collected(frame)
    columns = {
        name: seconds(table, name)
        if pa.types.is_timestamp(table.column(name).type)
        else numbers(table, name)
        for name in table.column_names
    }
    columns["code"] = columns.pop(code)
    order = _by_code(columns["code"].astype(np.int64))
    return {name: values[order] for name, values in columns.items()}


def _step(
    activity: str, cases: int, done: Mapping[str, Any], taken_up: Mapping[str, Any]
) -> StepTimes:
    at = done["row"]
    position = scattered(cases, at, done["position"])
    began = scattered(cases, at, done["start"])
    rows, since = taken_up["row"], taken_up["end"]
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
    """Pieces of a table, each in the order of the codes, by step."""

    def __init__(self, pieces: list[Piece], keys: Rows) -> None:
        self._pieces, self._keys = pieces, keys

    def __call__(self, code: int) -> dict[str, Any]:
        """The rows of the step CODE, piece after piece; ``row`` is the place of the case in the keys."""
        found: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
        for piece in self._pieces:
            first, last = np.searchsorted(piece["code"], [code, code + 1])
            for name in piece.keys() & found.keys():
                found[name].append(piece[name][first:last])
        columns = {name: np.concatenate(values or [_NONE]) for name, values in found.items()}
        case = columns.pop("case").astype(np.int64)
        return columns | {"row": np.searchsorted(self._keys, case)}


_COLUMNS = ("case", "start", "done", "finished", "position", "end")
_NONE: Floats = np.empty(0)
