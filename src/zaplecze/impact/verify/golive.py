"""When the change came: for every unit, the first period in which it works in the new way."""

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.impact.verify.calendar import Calendar
from zaplecze.impact.verify.reading import Rows
from zaplecze.impact.verify.words import named
from zaplecze.language import N_, say


def starts(
    rows: Rows,
    units: NDArray[np.int64],
    time: Calendar,
    treated_units: list[str] | None,
) -> tuple[NDArray[np.int64], int | None]:
    """Each unit's first period with the change, and the period in whose middle it came.

    UNITS is the unit of every row. TREATED_UNITS are those with the change where its time is given for
    all; None: all of them. A unit that never changes has the period behind the last one. Raises
    `InputError` for units that are not there, several times in one unit, and units that go back.
    """
    if rows.status is not None:
        return _from_status(rows, units, time), None
    if rows.starts is not None:
        return _from_times(rows, units, time), None
    treated = _treated(rows, treated_units)
    go_live = rows.go_live
    if go_live is None:
        return np.full(len(treated), time.size), None
    if isinstance(go_live, int) != (rows.times.dtype.kind == "i"):
        raise InputError(
            say(
                N_(
                    "The go-live '{value}' is not written like the times of the data, for example "
                    "{example}. Write it like them."
                ),
                value=str(go_live), example=time.label(0),
            )
        )  # fmt: skip
    start = int(time.position(np.array([go_live]))[0])
    if start >= time.size:
        return np.full(len(treated), time.size), None
    if not time.is_first_moment(go_live):
        mixed = start
        return np.where(treated, start + 1, time.size), mixed
    return np.where(treated, start, time.size), None


def coming(rows: Rows) -> list[str]:
    """The units that a column of times says will change, in a plan."""
    if rows.starts is None or rows.units is None:
        return []
    ever = ~np.isnat(rows.starts) if rows.starts.dtype.kind == "M" else rows.starts != 0
    return [rows.names[unit] for unit in np.unique(rows.units[ever])]


def check(starts: NDArray[np.int64], time: Calendar, to_come: bool) -> None:
    """Raise `InputError` where there is nothing before the change, or nothing after one that is not TO_COME."""
    first, last, treated = time.label(0), time.label(time.size - 1), starts < time.size
    if not treated.any():
        if to_come:
            return
        raise InputError(
            say(
                N_(
                    "The change lies after the data, which end with {last}. Bring the periods "
                    "after it. To learn how long to wait, say with 'worth' which effect you hope for."
                ),
                last=last,
            )
        )
    if (starts[treated] <= 0).all():
        raise InputError(
            say(
                N_(
                    "The change lies before the data, which begin with {first}, or at their very "
                    "beginning. Bring the periods before it: without them nobody can say what "
                    "it changed."
                ),
                first=first,
            )
        )


def _treated(rows: Rows, treated_units: list[str] | None) -> NDArray[np.bool_]:
    """Which units have the change, where its time is given for all of them."""
    if treated_units is None:
        return np.ones(len(rows.names), bool)
    unknown = [name for name in treated_units if name not in rows.names]
    if unknown:
        raise InputError(
            say(
                N_("There is no unit '{unit}'. The units are: {units}."),
                unit=unknown[0], units=named(rows.names),
            )
        )  # fmt: skip
    return np.isin(np.array(rows.names), treated_units)


def _from_status(rows: Rows, units: NDArray[np.int64], time: Calendar) -> NDArray[np.int64]:
    """The first period with a 1; a unit may not go back."""
    position, on = time.position(rows.times), rows.status == 1
    starts = np.full(len(rows.names), time.size)
    np.minimum.at(starts, units[on], position[on])
    back = ~on & (position >= starts[units])
    if back.any():
        row = int(back.argmax())
        raise InputError(
            say(
                N_(
                    "{file}, row {row}: {unit} has the change from {start} on, but 0 stands at "
                    "{period}. Units that go back cannot be judged; leave such periods out."
                ),
                file=rows.file, row=row + 2, unit=rows.names[units[row]] or "–",
                start=time.label(int(starts[units[row]])),
                period=time.label(int(position[row])),
            )
        )  # fmt: skip
    return starts


def _from_times(rows: Rows, units: NDArray[np.int64], time: Calendar) -> NDArray[np.int64]:
    """Each unit's own time of going live; "never" and what lies after the data is never."""
    assert rows.starts is not None
    starts = np.full(len(rows.names), time.size)
    for unit in range(len(rows.names)):
        own = np.unique(rows.starts[units == unit])
        if len(own) > 1 and not np.isnat(own).all() if own.dtype.kind == "M" else len(own) > 1:
            raise InputError(
                say(
                    N_(
                        "{unit} has several times of going live ({times}). Give every unit one, "
                        "or none where nothing changed."
                    ),
                    unit=rows.names[unit] or "–", times=named([str(each) for each in own]),
                )
            )  # fmt: skip
        if np.isnat(own[0]) if own.dtype.kind == "M" else own[0] == 0:
            continue
        starts[unit] = min(int(time.position(own[:1])[0]), time.size)
    return starts
