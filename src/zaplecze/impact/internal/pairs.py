"""What passes between each pair of departments."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats
from zaplecze.impact.internal.parts import HOUR
from zaplecze.impact.internal.passages import Passed, Promised
from zaplecze.impact.internal.result import Passing
from zaplecze.language import Text
from zaplecze.process.measures import NOTHING_MEASURED, OnTime, Spread

Ints = NDArray[np.int64]


def pairs(
    log: EventLog,
    label: Callable[[str], Text],
    passed: Passed,
    promised: Promised,
    wait: Floats,
    takeover_hours: float | None,
) -> list[Passing]:
    """Every pair of departments of LOG between which work passes; most frequent first.

    WAIT has the seconds of every hand-over, NaN where they are not known.
    """
    names, size = log.departments, len(log.departments)
    pair = passed.giver * size + passed.receiver
    owed = np.where(promised.giver < 0, -1, promised.giver * size + promised.department)
    spreads = Spread.by_code(pair, wait)
    limit = np.inf if takeover_hours is None else takeover_hours * HOUR
    found = []
    # Hand-overs come in the order of their cases.
    for code, rows in _by_code(pair).items():
        giver, receiver = (names[k] for k in divmod(code, size))
        waited = wait[rows][~np.isnan(wait[rows])]
        agreed = takeover_hours is not None and len(waited) > 0
        settled = passed.settled[rows]
        found.append(
            Passing(
                giver=giver,
                receiver=receiver,
                giver_label=label(giver),
                receiver_label=label(receiver),
                count=len(rows),
                cases=int(np.count_nonzero(np.diff(passed.case[rows], prepend=-1))),
                wait_seconds=spreads.get(code, NOTHING_MEASURED),
                within=float((waited <= limit).mean()) if agreed else None,
                back=int(passed.back[rows].sum()),
                returned=int((passed.returned[rows] & settled).sum()),
                settled=int(settled.sum()),
                promises=_kept(promised.kept[owed == code]),
            )
        )
    return sorted(found, key=lambda each: (-each.count, each.giver, each.receiver))


def _kept(kept: NDArray[np.bool_]) -> OnTime | None:
    return OnTime(len(kept), float(kept.mean())) if len(kept) else None


def _by_code(codes: Ints) -> dict[int, Ints]:
    """The rows that have each of CODES, in order."""
    order = np.argsort(codes, kind="stable")
    found, first = np.unique(codes[order], return_index=True)
    return {
        int(code): rows
        for code, rows in zip(found, np.split(order, first[1:]), strict=True)
        if len(rows)
    }
