"""When each step of the cases was done, first and last, and when it was gone back to."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats, collected, numbers, scattered, seconds
from zaplecze.process.grouping import by_code
from zaplecze.process.stream import Part, mapped

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class StepTimes:
    """One activity over ``cases``; times in seconds since 1970, NaN where it did not happen.

    Kept are only the cases ``rows`` (places, in order) in which it was done; what is asked for is a
    new array over all cases. ``position`` is where in a case it usually stands;
    ``returned`` holds the case (its place) and ``returned_at`` the time of every later round.
    """

    activity: str
    cases: int
    position: float
    rows: Rows = field(repr=False)
    first_began: Floats = field(repr=False)
    first_done: Floats = field(repr=False)
    last_done: Floats = field(repr=False)
    times: NDArray[np.int32] = field(repr=False)
    returned: Rows = field(repr=False)
    returned_at: Floats = field(repr=False)

    @property
    def began(self) -> Floats:
        """When the work could first begin."""
        return scattered(self.cases, self.rows, self.first_began)

    @property
    def done(self) -> Floats:
        """When it was done for the first time."""
        return scattered(self.cases, self.rows, self.first_done)

    @property
    def finished(self) -> Floats:
        """When it was done for the last time."""
        return scattered(self.cases, self.rows, self.last_done)

    @property
    def rounds(self) -> Floats:
        """How often it was taken up."""
        rounds = np.zeros(self.cases)
        rounds[self.rows] = self.times
        return rounds

    @property
    def happened(self) -> NDArray[np.bool_]:
        """The cases in which the step was done at least once."""
        happened = np.zeros(self.cases, dtype=bool)
        happened[self.rows] = True
        return happened

    @property
    def second_round(self) -> Floats:
        """When the step was first gone back to; NaN where it was not."""
        first = np.full(self.cases, np.nan)
        # Written backwards, so that the earliest of a case stands at last.
        first[self.returned[::-1]] = self.returned_at[::-1]
        return first

    def rounds_before(self, instant: Floats) -> Floats:
        """How many rounds had begun before INSTANT (seconds, one a case; NaN is never)."""
        earlier = self.returned_at < instant[self.returned]
        again = np.bincount(self.returned[earlier], minlength=self.cases)
        return np.asarray((self.began < instant) + again, dtype=np.float64)


def step_times(log: EventLog, keys: Rows, *, states: bool) -> list[StepTimes]:
    """Every activity of LOG over the cases KEYS (sorted), in the order of the process.

    In a log of STATES, rows of one state that follow each other directly are one round: they carry
    on rather than go back.
    """
    on_a_cluster = log.events.implementation.is_spark_like()
    steps = _grouped(log, keys, states) if on_a_cluster else _in_memory(log, keys, states)
    return sorted(steps, key=lambda step: (step.position, step.activity))


def _in_memory(log: EventLog, keys: Rows, states: bool) -> list[StepTimes]:
    """By arrays, some cases at a time: an engine's groups would take three times as long."""
    if not log.info.events:
        return []
    columns = "activity", "next_activity", "began", "ended"
    pieces = list(mapped(log, lambda part: _piece_of(part, keys, states), *columns))

    def joined(code: int) -> StepTimes:
        return _joined(pieces, code, log.activities[code], len(keys))

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(joined, range(len(log.activities))))


Piece = dict[str, NDArray[Any]]


def _piece_of(part: Part, keys: Rows, states: bool) -> tuple[Piece, Piece]:
    """The cases of PART that have each step with its times, and every later round; by step."""
    local = np.repeat(np.arange(len(part.first)), np.diff(part.first, append=len(part)))
    rows = np.searchsorted(keys, part["case"][part.first])
    cells = _Cells.of(part["activity"], local)
    first = cells.order[cells.first]
    # Events of a case stand in the order in which they began.
    began = part["began"][first] / 1e6
    taken_up, end, where, cell = _taken_up(part, local, cells, states)
    at = end / 1e6
    # Where the step opens the case nothing came before its first round.
    is_first = cells.is_first(cell) & (part["activity"][part.first][where] != taken_up)
    began[cell[is_first]] = np.fmin(began[cell[is_first]], at[is_first])
    again = np.flatnonzero(~is_first)
    again = again[by_code(taken_up[again])]
    ended = part["ended"][cells.order]
    done = {
        "code": part["activity"][first],
        "row": rows[local[first]],
        "position": first - part.first[local[first]],
        "began": began,
        "done": np.minimum.reduceat(ended, cells.first) / 1e6,
        "finished": np.maximum.reduceat(ended, cells.first) / 1e6,
        "rounds": (1 + np.bincount(cell[again], minlength=len(first))).astype(np.int32),
    }
    return done, {"code": taken_up[again], "row": rows[where[again]], "at": at[again]}


def _joined(pieces: list[tuple[Piece, Piece]], code: int, activity: str, cases: int) -> StepTimes:
    done, again = (_of_step(each, code) for each in zip(*pieces, strict=True))
    return StepTimes(
        activity,
        cases,
        float(np.median(done["position"])) if len(done["row"]) else np.inf,
        done["row"],
        done["began"],
        done["done"],
        done["finished"],
        done["rounds"],
        again["row"],
        again["at"],
    )


def _of_step(pieces: tuple[Piece, ...], code: int) -> Piece:
    """The rows of the step CODE in PIECES, one after the other."""
    own = [_of_code(piece["code"], code) for piece in pieces]
    return {
        name: np.concatenate([piece[name][each] for piece, each in zip(pieces, own, strict=True)])
        for name in pieces[0]
    }


@dataclass(frozen=True)
class _Cells:
    """The steps of some cases, each with its events: ``order`` has these next to each other.

    Those of a cell begin at ``first`` of the order; cells stand by step and case. ``number`` is the
    cell of each event.
    """

    order: Rows
    first: Rows
    number: Rows

    @classmethod
    def of(cls, code: Rows, case: Rows) -> Self:
        """From CODE and CASE of every event, which stand by case."""
        order = by_code(code)
        codes, cases = code[order], case[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (codes[1:] != codes[:-1]) | (cases[1:] != cases[:-1])
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.cumsum(new) - 1
        return cls(order, np.flatnonzero(new), number)

    def is_first(self, cells: Rows) -> NDArray[np.bool_]:
        """Is each of CELLS there for the first time?"""
        found = np.empty(len(self.first), dtype=np.int64)
        places = np.arange(len(cells))
        # Written backwards, so that the first stands at last.
        found[cells[::-1]] = places[::-1]
        return np.asarray(found[cells] == places)


def _taken_up(
    part: Part, local: Rows, cells: _Cells, states: bool
) -> tuple[Rows, Rows, Rows, Rows]:
    """Step, end of the event before, case and cell of each event that follows another.

    They stand by case and that end.
    """
    code = part["next_activity"]
    follows = code >= 0
    if states:
        follows &= code != part["activity"]
    chosen = np.flatnonzero(follows)
    case, end = local[chosen], part["ended"][chosen]
    if np.any((end[1:] < end[:-1]) & (case[1:] == case[:-1])):
        # Events that overlap.
        order = np.lexsort((end, case))
        chosen, case, end = chosen[order], case[order], end[order]
    return code[chosen], end, case, cells.number[chosen + 1]


def _of_code(codes: Rows, code: int) -> slice:
    first, last = np.searchsorted(codes, [code, code + 1])
    return slice(int(first), int(last))


def _grouped(log: EventLog, keys: Rows, states: bool) -> list[StepTimes]:
    """By the groups of an engine, as a cluster can."""
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
    of_done = _ByStep(_piece(done, "activity"), keys)
    of_taken_up = _ByStep(_piece(taken_up, "next_activity"), keys)
    return [
        _step(name, len(keys), of_done(code), of_taken_up(code))
        for code, name in enumerate(log.activities)
    ]


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
    order = by_code(columns["code"].astype(np.int64))
    return {name: values[order] for name, values in columns.items()}


def _step(activity: str, cases: int, done: Piece, taken_up: Piece) -> StepTimes:
    row, position = done["row"], done["position"]
    rows, since = taken_up["row"], taken_up["end"]
    began, opens = scattered(cases, row, done["start"]), scattered(cases, row, position) == 0
    # Where the step opens the case nothing came before its first round.
    first = (np.diff(rows, prepend=-1) > 0) & ~opens[rows]
    began[rows[first]] = np.fmin(began[rows[first]], since[first])
    again = np.bincount(rows[~first], minlength=cases)
    return StepTimes(
        activity,
        cases,
        float(np.median(position)) if len(row) else np.inf,
        row,
        began[row],
        done["done"],
        done["finished"],
        (1 + again[row]).astype(np.int32),
        rows[~first],
        since[~first],
    )


class _ByStep:
    """A table in the order of the codes, by step."""

    def __init__(self, piece: Piece, keys: Rows) -> None:
        self._piece, self._keys = piece, keys

    def __call__(self, code: int) -> Piece:
        """The rows of the step CODE; ``row`` is the place of the case in the keys."""
        own = _of_code(self._piece["code"], code)
        columns = {name: values[own] for name, values in self._piece.items()}
        return columns | {"row": np.searchsorted(self._keys, columns["case"].astype(np.int64))}
