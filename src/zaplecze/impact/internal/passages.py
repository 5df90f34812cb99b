"""What departments give to each other: every hand-over of a log, and every step with a limit."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.process.ends import end_steps
from zaplecze.process.ontime import Limited, limited_steps
from zaplecze.process.stream import Part, parts
from zaplecze.workspace import Workspace

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]

NOBODY = -1
"""Where the work of a case began, or where no department is known."""


class Columns:
    """Arrays with an entry each; the class that inherits is a dataclass of arrays."""

    @classmethod
    def joined(cls, pieces: Sequence[Self]) -> Self:
        """PIECES one after the other."""
        # mypy does not know that those that inherit are dataclasses.
        kinds = {each.name: each.type for each in fields(cls)}  # type: ignore[arg-type]
        empty = {name: np.zeros(0, np.int64 if of is Ints else bool) for name, of in kinds.items()}
        arrays = ([none, *(getattr(p, name) for p in pieces)] for name, none in empty.items())
        return cls(*map(np.concatenate, arrays))


@dataclass(frozen=True)
class Passed(Columns):
    """Hand-overs; arrays have an entry each, times in microseconds since 1970, departments by code.

    All events of one department in a row are one stay. ``given`` is the end of the last event of
    the giver's, ``taken`` the beginning of the first of the receiver's. ``back``: the receiver
    passes the work straight back. ``returned``: it comes straight back, and the giver does a step
    again that it had done in this case, or one that ought not to be needed. ``settled``: it is
    known what became of it, as the case went on or is finished.
    """

    case: Ints
    giver: Ints
    receiver: Ints
    given: Ints
    taken: Ints
    back: Truths
    returned: Truths
    settled: Truths

    def __len__(self) -> int:
        return len(self.case)


@dataclass(frozen=True)
class Promised(Columns):
    """Steps with a limit, one entry a case in which the step was done; instants as in `Passed`.

    ``giver`` handed the work over to the department whose step it is.
    """

    case: Ints
    department: Ints
    giver: Ints
    ended: Ints
    kept: Truths


def passages(log: EventLog, workspace: Workspace | None) -> tuple[Passed, Promised, Truths]:
    """All hand-overs of LOG, all its steps with a limit, and of which departments starts are known.

    One pass, and one more for limits. Where the log has nothing but the completion of a department's
    events, what lies between a hand-over to it and its first event is its turnaround, work included.
    """
    timed = np.zeros(len(log.departments), dtype=bool)
    reading = _Reading.of(log, workspace)
    passed: list[Passed] = []
    done: list[_Done] = []
    for part in parts(log, "activity", "department", "began", "ended"):
        stays = _Stays.of(part)
        lasting = (part["began"] < part["ended"]) & (part["department"] >= 0)
        timed[np.unique(part["department"][lasting])] = True
        passed.append(stays.passed(reading))
        done.append(stays.done(reading.limited))
    whose = _Done.joined(done)
    promised = [whose.promised(code, limit) for code, limit in whose.own(reading).items()]
    return Passed.joined(passed), Promised.joined(promised), timed


@dataclass(frozen=True)
class _Reading:
    """How a log is read: steps are exceptions or ends by code, and limits by the code of a step.

    ``fixed`` are the steps whose limits stand from the outset, and do not count from when they could begin.
    ``states``: rows tell a state, so that a step seen again is no work done again.
    """

    exception: Truths
    ends: Truths
    limited: dict[int, Limited]
    fixed: frozenset[int]
    states: bool

    @classmethod
    def of(cls, log: EventLog, workspace: Workspace | None) -> Self:
        code = {name: number for number, name in enumerate(log.activities)}
        exception, ends = (np.zeros(max(len(code), 1), dtype=bool) for _ in range(2))
        ends[[code[step.activity] for step in end_steps(log, workspace)]] = True
        if not ends.any():
            ends[:] = True
        if workspace is None:
            return cls(exception, ends, {}, frozenset(), False)
        exception[[code[n] for n, s in workspace.steps.items() if s.exception and n in code]] = True
        limits = limited_steps(log, workspace)
        return cls(
            exception,
            ends,
            {code[name]: limited for name, limited in limits.items()},
            frozenset(code[name] for name in limits if workspace.steps[name].due is not None),
            any(block.states for block in workspace.events),
        )


@dataclass(frozen=True)
class _Done(Columns):
    """By whom each step with a limit was done last in a case."""

    case: Ints
    activity: Ints
    department: Ints
    giver: Ints

    def own(self, reading: _Reading) -> dict[int, Limited]:
        """The limits by which departments are judged: none answers for what others brought late.

        A limit that is fixed from the outset moves on by as much as the work came late: by how far the
        latest step before it of another department, that has a limit, missed its own.
        """
        return {
            code: self._moved(code, reading) if code in reading.fixed else limited
            for code, limited in reading.limited.items()
        }

    def _moved(self, code: int, reading: _Reading) -> Limited:
        limited = reading.limited[code]
        latest = np.full(len(limited.cases), np.iinfo(np.int64).min)
        late, whose = np.zeros(len(latest), dtype=np.int64), self._department(code, limited.cases)
        for other, theirs in reading.limited.items():
            if other == code:
                continue
            _, here, there = np.intersect1d(
                limited.cases, theirs.cases, assume_unique=True, return_indices=True
            )
            ended = theirs.ended[there]
            before = (ended <= limited.ended[here]) & (ended > latest[here])
            before &= self._department(other, theirs.cases)[there] != whose[here]
            here, there = here[before], there[before]
            latest[here] = theirs.ended[there]
            late[here] = np.maximum(theirs.ended[there] - theirs.limit[there], 0)
        return replace(limited, limit=limited.limit + late)

    def _department(self, code: int, cases: Ints) -> Ints:
        """Who did the step CODE in CASES; `NOBODY` where that is not known."""
        own = self.activity == code
        found = np.full(len(cases), NOBODY)
        _, here, there = np.intersect1d(
            cases, self.case[own], assume_unique=True, return_indices=True
        )
        found[here] = self.department[own][there]
        return found

    def promised(self, code: int, limited: Limited) -> Promised:
        """What is known about the step CODE, with the limits of its cases."""
        own = self.activity == code
        case = self.case[own]
        _, here, there = np.intersect1d(
            case, limited.cases, assume_unique=True, return_indices=True
        )
        department, giver = self.department[own][here], self.giver[own][here]
        known = department >= 0
        ended, kept = limited.ended[there], limited.in_time[there]
        return Promised(
            case[here][known], department[known], giver[known], ended[known], kept[known]
        )


@dataclass(frozen=True)
class _Stays:
    """Stays of work in departments; ``stay`` is that of every event, ``first`` and ``last`` events."""

    part: Part
    stay: Ints
    first: Ints
    last: Ints
    case: Ints
    department: Ints

    @classmethod
    def of(cls, part: Part) -> Self:
        case, department = part["case"], part["department"]
        new = np.ones(len(part), dtype=bool)
        new[1:] = (np.diff(case) != 0) | (np.diff(department) != 0)
        first = np.flatnonzero(new)
        last = np.append(first[1:], len(part)) - 1
        return cls(part, np.cumsum(new) - 1, first, last, case[first], department[first])

    def passed(self, reading: _Reading) -> Passed:
        """The hand-overs between known departments."""
        same = np.append(self.case[:-1] == self.case[1:], False)
        known = self.department >= 0
        at = np.flatnonzero(same[:-1] & known[:-1] & known[1:])
        third = np.minimum(at + 2, len(self.case) - 1)
        back = same[at + 1] & (self.department[third] == self.department[at])
        again = np.ones(len(self.case), dtype=bool) if reading.states else self._again(reading)
        final = reading.ends[self.part["activity"][self.last]]
        return Passed(
            self.case[at],
            self.department[at],
            self.department[at + 1],
            self.part["ended"][self.last[at]],
            self.part["began"][self.first[at + 1]],
            back,
            back & again[third],
            same[at + 1] | final[at + 1],
        )

    def done(self, limited: dict[int, Limited]) -> _Done:
        """The last event of each step with a limit in each case."""
        activity = self.part["activity"]
        at = np.flatnonzero(np.isin(activity, list(limited)))
        # The last of its case comes first when read from the end.
        pair = self.part["case"][at] * (activity.max(initial=0) + 1) + activity[at]
        _, from_end = np.unique(pair[::-1], return_index=True)
        at = at[len(at) - 1 - from_end]
        stay = self.stay[at]
        before = np.maximum(stay - 1, 0)
        came = (stay > 0) & (self.case[before] == self.case[stay])
        giver = np.where(came, self.department[before], NOBODY)
        return _Done(self.part["case"][at], activity[at], self.department[stay], giver)

    def _again(self, reading: _Reading) -> Truths:
        """The stays in which a department does a step again, or one that ought not to be needed."""
        activity = self.part["activity"]
        doers = self.part["department"].max(initial=0) + 2
        order = np.cumsum(np.diff(self.part["case"], prepend=-1) != 0)
        key = (order * doers + self.part["department"] + 1) * len(reading.exception) + activity
        _, first, member = np.unique(key, return_index=True, return_inverse=True)
        # A step twice in one stay is no return.
        events = reading.exception[activity] | (self.stay[first[member]] < self.stay)
        return np.bincount(self.stay, events, minlength=len(self.case)) > 0
