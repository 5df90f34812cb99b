"""How work moves between departments: what passes on, how long it lies, and what comes straight back."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.language import Text
from zaplecze.process.filtered import filters_of
from zaplecze.process.measures import Spread
from zaplecze.process.stream import Part, parts
from zaplecze.workspace import Workspace

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Handover:
    """Work passes from department ``source`` to ``target``: ``count`` times, in ``cases`` cases.

    ``wait_seconds`` is from the end of the last event there to the start of the first one here.
    """

    source: str
    target: str
    source_label: Text
    target_label: Text
    count: int
    cases: int
    wait_seconds: Spread


@dataclass(frozen=True)
class PingPong:
    """Work goes from ``department`` to ``partner`` and straight back.

    ``away_seconds`` is from the end of the last event before to the start of the first one after:
    how long the department waits for its work to come back.
    """

    department: str
    partner: str
    department_label: Text
    partner_label: Text
    count: int
    cases: int
    away_seconds: Spread


@dataclass(frozen=True)
class Handovers:
    """All hand-overs of a log, and those that come straight back; most frequent first.

    ``cases`` are all cases of the log, ``cases_with`` those with a hand-over, ``cases_back`` those
    with work that comes straight back. ``share_of_waits`` is the share of all waits between events
    that lies at hand-overs; None where nobody waits or no department is known.
    """

    cases: int
    cases_with: int
    cases_back: int
    share_of_waits: float | None
    handovers: list[Handover] = field(default_factory=list)
    ping_pong: list[PingPong] = field(default_factory=list)
    filters: list[Text] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process handovers --json``: plain values."""
        return vars(self) | {
            "handovers": [
                vars(each) | {"wait_seconds": each.wait_seconds.to_dict()}
                for each in self.handovers
            ],
            "ping_pong": [
                vars(each) | {"away_seconds": each.away_seconds.to_dict()}
                for each in self.ping_pong
            ],
        }


def handovers(log: EventLog, workspace: Workspace | None = None) -> Handovers:
    """The hand-overs of LOG: an event of one department directly after one of another.

    Events of which nobody knows the department are neither handed over nor do they hand over. All
    events of one department in a row are one stay; a stay between two stays of the same other
    department is work that came straight back. One pass over the events, exact.
    """
    size = max(len(log.departments), 1)
    moves, returns, waited, known = _Passages(size), _Passages(size), 0.0, False
    if log.departments:
        for part in parts(log, "department", "began", "ended"):
            stays = _Stays.of(part)
            moves.add(*stays.handed_over())
            returns.add(*stays.straight_back())
            waited += _waits(part)
            known |= bool((part["department"] >= 0).any())
    handed = float(sum(wait.sum() for wait in moves.seconds))
    name = log.departments
    label = workspace.department_label if workspace else Text.same
    return Handovers(
        log.info.cases,
        len(moves.cases()),
        len(returns.cases()),
        handed / waited if known and waited > 0 else None,
        [
            Handover(name[a], name[b], label(name[a]), label(name[b]), count, cases, wait)
            for a, b, count, cases, wait in moves.figures(name)
        ],
        [
            PingPong(name[a], name[b], label(name[a]), label(name[b]), count, cases, away)
            for a, b, count, cases, away in returns.figures(name)
        ],
        filters_of(log, workspace),
    )


@dataclass(frozen=True)
class _Stays:
    """Stays of work in departments, in order; ``first`` and ``last`` are their events in the part."""

    part: Part
    case: Ints
    department: Ints
    first: Ints
    last: Ints

    @classmethod
    def of(cls, part: Part) -> "_Stays":
        case, department = part["case"], part["department"]
        new = np.ones(len(part), dtype=bool)
        new[1:] = (np.diff(case) != 0) | (np.diff(department) != 0)
        first = np.flatnonzero(new)
        last = np.append(first[1:], len(part)) - 1
        return cls(part, case[first], department[first], first, last)

    def handed_over(self) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
        """Case, from where, to where and the wait in seconds of every hand-over."""
        at = self._handing_over()
        return (
            self.case[at],
            self.department[at],
            self.department[at + 1],
            self._between(at, at + 1),
        )

    def straight_back(self) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
        """Case, who gave away, to whom, and how long it was away."""
        at = self._handing_over()
        at = at[:-1][np.diff(at) == 1]
        at = at[self.department[at] == self.department[at + 2]]
        return (
            self.case[at],
            self.department[at],
            self.department[at + 1],
            self._between(at, at + 2),
        )

    def _handing_over(self) -> Ints:
        """The stays after which the same case goes on in another known department."""
        known = self.department >= 0
        together = self.case[:-1] == self.case[1:]
        return np.flatnonzero(together & known[:-1] & known[1:])

    def _between(self, before: Ints, after: Ints) -> NDArray[np.float64]:
        began, ended = self.part["began"], self.part["ended"]
        return (began[self.first[after]] - ended[self.last[before]]) / 1e6


class _Passages:
    """Passages between pairs of departments, gathered part by part."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._cases: list[Ints] = []
        self._pairs: list[Ints] = []
        self.seconds: list[NDArray[np.float64]] = []

    def add(self, case: Ints, source: Ints, target: Ints, seconds: NDArray[np.float64]) -> None:
        self._cases.append(case)
        self._pairs.append(source * self._size + target)
        self.seconds.append(seconds)

    def cases(self) -> Ints:
        """The cases with any passage."""
        return np.unique(np.concatenate([np.empty(0, np.int64), *self._cases]))

    def figures(self, names: list[str]) -> list[tuple[int, int, int, int, Spread]]:
        """Source, target, count, cases and time of every pair; most frequent first, then by name."""
        if not self._pairs:
            return []
        pairs, cases = np.concatenate(self._pairs), np.concatenate(self._cases)
        spreads = Spread.by_code(pairs, np.concatenate(self.seconds))
        # Cases come in order, so a case with two passages of a pair has them side by side.
        order = np.argsort(pairs, kind="stable")
        pairs, cases = pairs[order], cases[order]
        new = (np.diff(pairs, prepend=-1) != 0) | (np.diff(cases, prepend=-1) != 0)
        found, counts = np.unique(pairs, return_counts=True)
        _, distinct = np.unique(pairs[new], return_counts=True)
        figures = [
            (*divmod(pair, self._size), count, in_cases, spreads[pair])
            for pair, count, in_cases in zip(
                found.tolist(), counts.tolist(), distinct.tolist(), strict=True
            )
        ]
        return sorted(figures, key=lambda row: (-row[2], names[row[0]], names[row[1]]))


def _waits(part: Part) -> float:
    """All the waits between events of one case, in seconds."""
    together = part["case"][:-1] == part["case"][1:]
    return float((part["began"][1:] - part["ended"][:-1])[together].sum() / 1e6)
