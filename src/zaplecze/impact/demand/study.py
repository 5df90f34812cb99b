"""What is estimated from: cases followed in time, their delays, their contacts, what is held equal.

All times are days from the start of the case.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.demand.spans import Spans

Codes = NDArray[np.int64]
Span = tuple[Floats, Floats]


@dataclass(frozen=True)
class Study:
    """Cases (one entry each), delays and contacts.

    ``followed`` is how long each case is followed and ``customer`` whose it is. ``clock``,
    ``since`` and ``until`` (delays x cases, NaN: never) are those of the delays, see `Delay`.
    ``stages`` are spans that say how far the case would be without its delays. ``held`` (cases x
    columns) is what was known at the start. ``case`` and ``time`` are the contacts. ``gone`` are cases
    that are followed no longer because the customer left or had answered. By ``weight`` a case counts in
    what is expected without delays.
    """

    followed: Floats
    customer: Codes
    clock: Floats
    since: Floats
    until: Floats
    stages: list[Span] = field(repr=False)
    held: Floats = field(repr=False)
    case: Codes = field(repr=False)
    time: Floats = field(repr=False)
    gone: NDArray[np.bool_] = field(repr=False)
    weight: Floats = field(repr=False)

    @property
    def free(self) -> Floats:
        """Until when each case tells what happens without any delay: its first clock begins to run."""
        first = np.fmin.reduce(np.vstack([self.clock, self.followed]), axis=0)
        return np.asarray(np.clip(first, 0.0, self.followed))

    @property
    def delayed(self) -> NDArray[np.bool_]:
        """Cases that become delayed while they are followed."""
        return np.asarray((self.since < self.followed).any(axis=0))

    def phases(self, delay: int) -> list[Span]:
        """Of one delay the time before it, while it lasts, and after it."""
        clock, since, until = self.clock[delay], self.since[delay], self.until[delay]
        never = np.isnan(since)
        done = np.where(never, np.nan, np.fmax(np.nan_to_num(until, nan=np.inf), since))
        return [(clock, since), (since, done), (done, np.where(never, np.nan, np.inf))]

    def delays(self, rows: NDArray[np.bool_]) -> Spans:
        """The phases of all delays, three each, in the cases ROWS."""
        pairs = [
            (low[rows], high[rows])
            for delay in range(len(self.since))
            for low, high in self.phases(delay)
        ]
        return Spans.of(pairs, np.zeros(int(rows.sum())), self.followed[rows])

    def stage_spans(self, rows: slice | NDArray[np.bool_], last: Floats) -> Spans:
        """The stages in the cases ROWS up to LAST."""
        pairs = [(low[rows], high[rows]) for low, high in self.stages]
        return Spans.of(pairs, np.zeros(len(last)), last)

    def contacts_of(self, rows: NDArray[np.bool_]) -> tuple[Codes, Floats]:
        """The contacts of the cases ROWS, which are counted anew."""
        place = np.cumsum(rows) - 1
        chosen = rows[self.case]
        return place[self.case[chosen]], self.time[chosen]
