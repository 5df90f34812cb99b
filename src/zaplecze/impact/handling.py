"""How cases were handled: passed from department to department, how long, by whom and in what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.eventlog.sql import ident
from zaplecze.impact.arrays import Floats, numbers, scattered
from zaplecze.language import N_, say
from zaplecze.process.stream import Part, parts
from zaplecze.workspace import Workspace

Rows = NDArray[np.int64]
ChoiceKind = Literal["department", "group", "application"]


@dataclass(frozen=True)
class Occasions:
    """What may happen to a case several times: the case (index) and the time of each, in order."""

    rows: Rows = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)
    at: Floats = field(default_factory=lambda: np.zeros(0), repr=False)

    def counts(self, cases: int) -> Floats:
        """How often it happened to each of CASES."""
        return np.bincount(self.rows, minlength=cases).astype(np.float64)

    def times(self, cases: int, nth: int) -> Floats:
        """When it happened for the NTH time, counted from 1; NaN where it did not."""
        first = np.searchsorted(self.rows, np.arange(cases))
        place = first + nth - 1
        found = np.full(cases, np.nan)
        has = place < np.searchsorted(self.rows, np.arange(cases), side="right")
        found[has] = self.at[place[has]]
        return found


@dataclass(frozen=True)
class Choice:
    """Who did a step, or in what, the first time: codes over all cases (NaN: not known)."""

    kind: ChoiceKind
    codes: Floats = field(repr=False)
    names: tuple[str, ...]


@dataclass(frozen=True)
class Handling:
    """How all cases were handled; steps by activity, times in seconds since 1970.

    ``handed_over``: to another department; ``passed_back``: straight back to the one before.
    ``started`` and ``duration`` (seconds) are those of the first time a step was done; they are
    known for steps whose times of start and end differ in some case. ``choices`` are those of steps
    that are not always done by the same department, group or in the same application.
    """

    handed_over: Occasions = field(default_factory=Occasions)
    passed_back: Occasions = field(default_factory=Occasions)
    started: Mapping[str, Floats] = field(default_factory=dict)
    duration: Mapping[str, Floats] = field(default_factory=dict)
    choices: Mapping[str, list[Choice]] = field(default_factory=dict)


def read_handling(log: EventLog, keys: Rows, workspace: Workspace) -> Handling:
    """How the cases KEYS (sorted) of LOG were handled; one pass over the events, then the
    attributes that WORKSPACE names.

    Raises `InputError` when the events do not have such an attribute.
    """
    passed, back, firsts = [], [], []
    for part in parts(log, "activity", "department", "began", "ended"):
        rows = np.searchsorted(keys, part["case"])
        new, returned = _passages(part)
        passed.append((rows[new], part["began"][new] / 1e6))
        back.append((rows[returned], part["began"][returned] / 1e6))
        firsts.append(_first_times(part, rows, len(log.activities)))
    steps = dict(_steps(log, firsts, len(keys)))
    choices: dict[str, list[Choice]] = {
        name: [step.department] for name, step in steps.items() if len(step.department.names) > 1
    }
    for kind, attribute in _named(workspace):
        for activity, choice in _attribute(log, keys, kind, attribute):
            choices.setdefault(activity, []).append(choice)
    timed = {name: step for name, step in steps.items() if np.nanmax(step.duration) > 0}
    return Handling(
        _occasions(passed),
        _occasions(back),
        {name: step.started for name, step in timed.items()},
        {name: step.duration for name, step in timed.items()},
        choices,
    )


@dataclass(frozen=True)
class _Step:
    started: Floats
    duration: Floats
    department: Choice


def _passages(part: Part) -> tuple[Rows, Rows]:
    """The events of PART with which a department takes a case over, and those that bring it back.

    An event of one known department directly after one of another hands over; what comes from a
    department straight back to the one before it is passed back.
    """
    case, department = part["case"], part["department"]
    new = np.ones(len(part), dtype=bool)
    new[1:] = (np.diff(case) != 0) | (np.diff(department) != 0)
    first = np.flatnonzero(new)
    whose, who = case[first], department[first]
    over = np.zeros(len(first), dtype=bool)
    over[1:] = (whose[1:] == whose[:-1]) & (who[1:] >= 0) & (who[:-1] >= 0)
    back = np.zeros(len(first), dtype=bool)
    back[2:] = over[2:] & over[1:-1] & (who[2:] == who[:-2])
    return first[over], first[back]


def _first_times(part: Part, rows: Rows, activities: int) -> pa.Table:
    """Row, activity, start, length in seconds and department of the first time of every step."""
    pair = rows * activities + part["activity"]
    order = np.argsort(pair, kind="stable")
    first = order[np.diff(pair[order], prepend=-1) != 0]
    began, ended = part["began"][first], part["ended"][first]
    return pa.table(
        {
            "row": rows[first].astype(np.int32),
            "activity": part["activity"][first].astype(np.int32),
            "started": began / 1e6,
            "duration": ((ended - began) / 1e6).astype(np.float32),
            "department": part["department"][first].astype(np.int32),
        }
    )


def _steps(log: EventLog, firsts: list[pa.Table], cases: int) -> Iterator[tuple[str, _Step]]:
    if not firsts:
        return
    table = pa.concat_tables(firsts)
    activity = table.column("activity").to_numpy()
    order = np.argsort(activity, kind="stable")
    edges = np.searchsorted(activity[order], np.arange(len(log.activities) + 1))
    columns = {name: table.column(name).to_numpy()[order] for name in table.column_names}
    for code, name in enumerate(log.activities):
        among = slice(edges[code], edges[code + 1])
        if edges[code] == edges[code + 1]:
            continue
        rows = columns["row"][among]
        known = columns["department"][among] >= 0
        whose = scattered(cases, rows[known], columns["department"][among][known])
        yield (
            name,
            _Step(
                scattered(cases, rows, columns["started"][among]),
                scattered(cases, rows, columns["duration"][among]),
                _choice("department", whose, log.departments),
            ),
        )


def _choice(kind: ChoiceKind, codes: Floats, names: list[str]) -> Choice:
    """CODES of NAMES as those that occur, the most frequent first."""
    known = ~np.isnan(codes)
    counts = np.bincount(codes[known].astype(np.int64), minlength=len(names))
    order = sorted(np.flatnonzero(counts), key=lambda code: (-counts[code], names[code]))
    rank = np.full(len(names), np.nan)
    rank[order] = np.arange(len(order))
    renumbered = np.full(len(codes), np.nan)
    renumbered[known] = rank[codes[known].astype(np.int64)]
    return Choice(kind, renumbered, tuple(names[code] for code in order))


def _occasions(found: list[tuple[Rows, Floats]]) -> Occasions:
    if not found:
        return Occasions()
    return Occasions(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _named(workspace: Workspace) -> Iterator[tuple[ChoiceKind, str]]:
    """The attributes of events that WORKSPACE names, with what they say."""
    if workspace.log.resource_group is not None:
        yield "group", workspace.log.resource_group
    if workspace.log.application is not None:
        yield "application", workspace.log.application


def _attribute(
    log: EventLog, keys: Rows, kind: ChoiceKind, attribute: str
) -> Iterator[tuple[str, Choice]]:
    """By activity, the value of ATTRIBUTE the first time that it is known; where it varies."""
    known = log.events.collect_schema().names()
    if attribute not in known:
        key = "application" if kind == "application" else "resource_group"
        raise InputError(
            say(
                N_(
                    "[log] {key} = '{value}': events have no such attribute. List it under "
                    "'attributes' of [[events]], or remove the key."
                ),
                key=key,
                value=attribute,
            )
        )
    value = f"{ident(attribute)}::VARCHAR"
    table = log.connection.execute(
        f'SELECT "case", activity, arg_min({value}, "position") AS value FROM events '
        f"WHERE {value} IS NOT NULL GROUP BY ALL"
    ).to_arrow_table()
    encoded = table.column("value").combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    codes = np.asarray(encoded.indices.to_numpy(zero_copy_only=False), dtype=np.float64)
    rows = np.searchsorted(keys, numbers(table, "case").astype(np.int64))
    activity = numbers(table, "activity").astype(np.int64)
    for code in np.unique(activity):
        of_step = activity == code
        choice = _choice(kind, scattered(len(keys), rows[of_step], codes[of_step]), names)
        if len(choice.names) > 1:
            yield log.activities[code], choice
