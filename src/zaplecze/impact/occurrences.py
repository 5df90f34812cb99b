"""When each step of the cases was done, first and last, and when it was gone back to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats, collected, numbers, scattered, seconds
from zaplecze.process.casecounts import case_counts
from zaplecze.process.grouping import by_code
from zaplecze.process.stream import Part, mapped

Rows = NDArray[np.int64]

# In a log of states: no time at which the event was taken up, for it was under way.
_CARRIED_ON = np.iinfo(np.int64).max


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
    on_a_cluster = log.cluster is not None
    steps = _grouped(log, keys, states) if on_a_cluster else _in_memory(log, keys, states)
    return sorted(steps, key=lambda step: (step.position, step.activity))


def _in_memory(log: EventLog, keys: Rows, states: bool) -> list[StepTimes]:
    """By arrays, some cases at a time: an engine's groups would take three times as long."""
    if not log.info.events:
        return []
    steps = len(log.activities)
    columns = "activity", "began", "ended"
    done, again = _Filled(case_counts(log).having), []
    for piece, later in mapped(log, lambda part: _piece_of(part, keys, steps, states), *columns):
        done.add(piece)
        again.append(later)
    return [
        _step_of(
            name, len(keys), done.table.rows(code), _one([later.rows(code) for later in again])
        )
        for code, name in enumerate(log.activities)
    ]


Piece = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class _Table:
    """Some rows by step: those of the step CODE begin at ``first[code]`` of every column."""

    first: Rows
    columns: Mapping[str, NDArray[Any]]

    @classmethod
    def of(cls, codes: Rows, steps: int, **columns: NDArray[Any]) -> Self:
        """COLUMNS whose rows stand in the order of CODES."""
        return cls(np.searchsorted(codes, np.arange(steps + 1)), columns)

    def rows(self, code: int) -> Piece:
        """The rows of one step."""
        own = slice(int(self.first[code]), int(self.first[code + 1]))
        return {name: values[own] for name, values in self.columns.items()}


class _Filled:
    """One table of all pieces, whose rows are put where they belong as they come.

    The pages of many small arrays would take longer to come by than everything else.
    """

    def __init__(self, counts: Rows) -> None:
        """For so many rows of each step."""
        self._first = np.append(0, np.cumsum(counts))
        self._next = self._first[:-1].tolist()
        self._columns: dict[str, NDArray[Any]] = {}

    @property
    def table(self) -> _Table:
        """What has been filled in."""
        return _Table(self._first, self._columns)

    def add(self, piece: _Table) -> None:
        """Take over the rows of PIECE."""
        if not self._columns:
            self._columns = {
                name: np.empty(self._first[-1], values.dtype)
                for name, values in piece.columns.items()
            }
        for code, count in enumerate(np.diff(piece.first)):
            begin = self._next[code]
            self._next[code] = begin + int(count)
            for name, values in piece.rows(code).items():
                self._columns[name][begin : begin + count] = values


def _piece_of(part: Part, keys: Rows, steps: int, states: bool) -> tuple[_Table, _Table]:
    """The cases of PART that have each step with its times, and every later round."""
    local = np.repeat(np.arange(len(part.first)), np.diff(part.first, append=len(part)))
    rows = np.searchsorted(keys, part["case"].take(part.first))
    cells = _Cells.of(part["activity"], local)
    event = cells.order.take(cells.first)
    case = local.take(event)
    since = cells.in_order(_taken_up(part, states))
    least, most = cells.range(part["ended"])
    done = _Table.of(
        part["activity"].take(event),
        steps,
        row=rows.take(case),
        position=(event - part.first.take(case)).astype(np.int32),
        # Events of a case stand in the order in which they began.
        began=np.minimum(part["began"].take(event), since.take(cells.first)) / 1e6,
        done=least / 1e6,
        finished=most / 1e6,
        rounds=cells.count(since < _CARRIED_ON),
    )
    later = since < _CARRIED_ON
    later[cells.first] = False
    again = np.flatnonzero(later)
    event = cells.order.take(again)
    row, code = rows.take(local.take(event)), part["activity"].take(event)
    return done, _Table.of(code, steps, row=row, at=since.take(again) / 1e6)


def _step_of(activity: str, cases: int, done: Piece, again: Piece) -> StepTimes:
    return StepTimes(
        activity,
        cases,
        _median(done["position"]) if len(done["row"]) else np.inf,
        done["row"],
        done["began"],
        done["done"],
        done["finished"],
        done["rounds"],
        again["row"],
        again["at"],
    )


def _median(positions: NDArray[np.int32]) -> float:
    """The median of POSITIONS, which are small, by counting them: six times as fast as sorting."""
    up_to = np.cumsum(np.bincount(positions))
    middle = np.searchsorted(up_to, [(up_to[-1] - 1) // 2, up_to[-1] // 2], side="right")
    return float(middle.mean())


def _one(pieces: Sequence[Piece]) -> Piece:
    """PIECES one after the other."""
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


@dataclass(frozen=True)
class _Cells:
    """The steps of some cases, each with its events: ``order`` has these next to each other.

    Those of a cell begin at ``first`` of the order; cells stand by step and case.
    """

    order: Rows
    first: Rows

    @classmethod
    def of(cls, code: Rows, case: Rows) -> Self:
        """From CODE and CASE of every event, which stand by case."""
        order = by_code(code)
        codes, cases = code.take(order), case.take(order)
        new = np.ones(len(order), dtype=bool)
        new[1:] = (codes[1:] != codes[:-1]) | (cases[1:] != cases[:-1])
        return cls(order, np.flatnonzero(new))

    def count(self, chosen: NDArray[np.bool_]) -> NDArray[np.int32]:
        """By cell, how many are CHOSEN, which stand in the order of the cells."""
        # Much faster than `np.add.reduceat` of what is true or false.
        so_far = np.cumsum(chosen, dtype=np.int32)
        return np.diff(so_far.take(self._last), prepend=np.int32(0))

    def in_order(self, values: Rows) -> Rows:
        """VALUES, one an event, by cell and size."""
        ordered = values.take(self.order)
        if self._falls(ordered):
            cell = np.repeat(np.arange(len(self.first)), np.diff(self.first, append=len(ordered)))
            return ordered.take(np.lexsort((ordered, cell)))
        return ordered

    def range(self, values: Rows) -> tuple[Rows, Rows]:
        """By cell, the least and the largest of VALUES, one an event."""
        ordered = self.in_order(values)
        return ordered.take(self.first), ordered.take(self._last)

    @property
    def _last(self) -> Rows:
        return np.append(self.first, len(self.order))[1:] - 1

    def _falls(self, ordered: Rows) -> bool:
        """Is there a cell whose values are not in order already? They nearly always are."""
        falls = ordered[1:] < ordered[:-1]
        falls[self.first[1:] - 1] = False
        return bool(falls.any())


def _taken_up(part: Part, states: bool) -> Rows:
    """When each event could be taken up: when the one before it ended; the first when it began.

    Those that carry on what was under way have `_CARRIED_ON`.
    """
    since = np.empty(len(part), dtype=np.int64)
    since[1:] = part["ended"][:-1]
    since[part.first] = part["began"].take(part.first)
    if states:
        same = np.zeros(len(part), dtype=bool)
        same[1:] = part["activity"][1:] == part["activity"][:-1]
        same[part.first] = False
        since[same] = _CARRIED_ON
    return since


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
