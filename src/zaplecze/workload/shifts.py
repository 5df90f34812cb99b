"""The fewest people whose shifts cover what a day or a week needs, by integer programming."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.workload.demand import positive
from zaplecze.workload.erlang import Floats

if TYPE_CHECKING:
    from scipy.sparse import csc_array

DAYS = 7
_GAP = 1e-6
_SECONDS = 30.0


@dataclass(frozen=True)
class Shift:
    """So many people begin at interval ``start`` on the weekdays ``days`` (0 is the first)."""

    start: int
    intervals: int
    days: list[int]
    people: int


@dataclass(frozen=True)
class Cover:
    """Shifts that cover ``needed`` (agents in each interval of each day) with ``present``.

    ``people`` is the fewest possible where ``proven``; otherwise none better was found and
    ``bound`` is what no plan can undercut.
    """

    needed: list[list[float]]
    present: list[list[int]]
    shifts: list[Shift]
    people: int
    bound: int
    proven: bool
    paid_intervals: int
    spare_share: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def cover(
    needed: Floats,
    *,
    shift_intervals: int,
    break_after: int | None = None,
    break_intervals: int = 0,
    start_every: int = 1,
    days_a_week: int = 5,
    seconds: float = _SECONDS,
) -> Cover:
    """The fewest people for NEEDED, agents by day and interval (days × intervals).

    A person works shifts of SHIFT_INTERVALS beginning at the same time on DAYS_A_WEEK days in a row
    (of seven; of fewer days all), with a break of BREAK_INTERVALS after BREAK_AFTER intervals.
    Shifts begin every START_EVERY intervals and end within the day. Solved by HiGHS (branch and
    bound) for SECONDS at most. Raises `InputError` where the shift is longer than the day.
    """
    days, intervals = needed.shape
    positive(N_("the length of a shift"), shift_intervals)
    if shift_intervals > intervals:
        raise InputError(
            say(
                N_(
                    "A shift of {shift} intervals does not fit into a day of {day}. "
                    "Give a shorter shift or a longer day."
                ),
                shift=shift_intervals, day=intervals,
            )
        )  # fmt: skip
    columns, kinds = _columns(
        days, intervals, shift_intervals, break_after, break_intervals, start_every, days_a_week
    )
    people, bound = _fewest(columns, needed, seconds)
    present = (columns @ people).astype(int).reshape(days, intervals)
    return Cover(
        needed=needed.tolist(),
        present=present.tolist(),
        shifts=[
            Shift(start, shift_intervals, worked, int(count))
            for (start, worked), count in zip(kinds, people, strict=True)
            if count
        ],
        people=int(people.sum()),
        bound=bound,
        proven=bound >= int(people.sum()),
        paid_intervals=int(sum(len(w) * c for (_, w), c in zip(kinds, people, strict=True)))
        * shift_intervals,
        spare_share=float(1 - needed.sum() / present.sum()) if present.sum() else 0.0,
    )


def _fewest(columns: "csc_array", needed: Floats, seconds: float) -> tuple[NDArray[np.int64], int]:
    """How many work in each way, and the number below which no plan can be."""
    # It takes half a second to load.
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        np.ones(columns.shape[1]),
        constraints=LinearConstraint(columns, lb=np.ceil(needed.ravel() - 1e-9)),
        integrality=np.ones(columns.shape[1]),
        bounds=Bounds(0, np.inf),
        options={"time_limit": seconds, "mip_rel_gap": _GAP},
    )
    if found.x is None:
        raise InputError(
            say(
                N_(
                    "No shifts cover all intervals: some lie where no shift or only its break can "
                    "be. Shorten the shift or the break, or let shifts begin more often."
                )
            )
        )
    bound = int(np.ceil(found.mip_dual_bound - 1e-6)) if found.mip_dual_bound else 0
    return np.round(found.x).astype(np.int64), bound


def _columns(
    days: int,
    intervals: int,
    length: int,
    break_after: int | None,
    break_length: int,
    start_every: int,
    days_a_week: int,
) -> "tuple[csc_array, list[tuple[int, list[int]]]]":
    """A column for every way to work: a one for each interval in which it is at work."""
    if days == DAYS and days_a_week < DAYS:
        weeks = [[(first + k) % DAYS for k in range(days_a_week)] for first in range(DAYS)]
    else:
        weeks = [list(range(days))]
    kinds: list[tuple[int, list[int]]] = []
    rows: list[int] = []
    positions: list[int] = []
    for start in range(0, intervals - length + 1, start_every):
        at_work = set(range(start, start + length))
        if break_after is not None:
            at_work -= set(range(start + break_after, start + break_after + break_length))
        for worked in weeks:
            cells = [day * intervals + k for day in worked for k in sorted(at_work)]
            rows += cells
            positions += [len(kinds)] * len(cells)
            kinds.append((start, sorted(worked)))
    from scipy.sparse import csc_array

    matrix = csc_array(
        (np.ones(len(rows)), (rows, positions)), shape=(days * intervals, len(kinds))
    )
    return matrix, kinds
