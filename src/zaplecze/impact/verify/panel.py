"""Units by periods: what was measured, and from when on each unit works in the new way."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.impact.verify import golive
from zaplecze.impact.verify.calendar import Calendar, Period, calendar, floored, periods_text
from zaplecze.impact.verify.reading import Rows
from zaplecze.impact.verify.result import Floats
from zaplecze.impact.verify.words import named
from zaplecze.language import N_, Text, say, say_plural


@dataclass(frozen=True)
class Panel:
    """``outcome`` and ``offset`` are units x periods, NaN where nothing was measured.

    ``starts`` is the first period with the change for each unit, ``never`` where it has none.
    ``mixed`` is the period in whose middle the change came; nothing is concluded from it. With
    ``logarithm`` the outcome is that of what was measured.
    """

    names: list[str]
    calendar: Calendar
    outcome: Floats
    offset: Floats | None
    starts: NDArray[np.int64]
    cases: Floats
    mixed: int | None
    notes: list[Text]
    logarithm: bool = False

    @property
    def never(self) -> int:
        """The start of a unit that never changes."""
        return self.calendar.size

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Which units change within the data."""
        return self.starts < self.never

    @property
    def go_live(self) -> int:
        """The first period in which any unit works in the new way."""
        return int(self.starts.min())

    @property
    def dates(self) -> int:
        """On how many different dates units change."""
        return len(np.unique(self.starts[self.treated]))

    @property
    def rate(self) -> Floats:
        """The outcome, for each unit of the offset where there is one."""
        return self.outcome if self.offset is None else self.outcome / self.offset

    @property
    def cases_a_period(self) -> float | None:
        """Rows behind one period; None where every period is one row."""
        mean = float(self.cases.sum() / self.calendar.size)
        return mean if self.cases.max() > 1 else None

    def only(self, units: NDArray[np.bool_], periods: slice | None = None) -> "Panel":
        """The panel of some UNITS and of the first periods."""
        stop = self.never if periods is None else int(periods.stop)
        return replace(
            self,
            names=[name for name, kept in zip(self.names, units, strict=True) if kept],
            calendar=replace(self.calendar, size=stop),
            outcome=self.outcome[units, :stop],
            offset=None if self.offset is None else self.offset[units, :stop],
            starts=np.minimum(self.starts[units], stop),
            cases=self.cases[units, :stop],
        )


def panel(
    rows: Rows,
    *,
    treated_units: list[str] | None,
    by: Period | None,
    counts: bool,
    to_come: bool = False,
) -> Panel:
    """ROWS in units and periods.

    TREATED_UNITS are those with the change where the time is given for all; None: all of them.
    Without any time, or with one after the data where a change may be TO_COME, no unit is treated. With BY
    the rows of a period are put together: added up for COUNTS, else their mean. Raises `InputError` for everything that makes a comparison impossible.
    """
    rows = rows if by is None else _by_period(rows, by)
    time = calendar(rows.times, by)
    units = np.zeros(len(rows.times), np.int64) if rows.units is None else rows.units
    where = units * time.size + time.position(rows.times)
    outcome, offset, cases = _cells(rows, where, len(rows.names), time, by, counts)
    _check_gaps(rows, outcome, time)
    if np.nanmax(outcome) == np.nanmin(outcome):
        raise InputError(
            say(
                N_(
                    "The outcome is {value} in every row, so that nothing can move it. Check the "
                    "column, or bring an outcome that varies."
                ),
                value=f"{np.nanmax(outcome):g}",
            )
        )
    starts, mixed = golive.starts(rows, units, time, treated_units)
    notes = [] if by is None or not np.isnan(rows.outcome).any() else [_left_out(rows)]
    if by is not None and rows.repeated:
        notes.append(_repeated(rows.repeated))
    if mixed is not None:
        notes.append(
            say(
                N_(
                    "The change came within the period {period}; nothing is concluded from that "
                    "period."
                ),
                period=time.label(mixed),
            )
        )
    found = Panel(rows.names, time, outcome, offset, starts, cases, mixed, notes)
    if rows.go_live is not None or rows.starts is not None or rows.status is not None:
        golive.check(starts, time, to_come)
    return found


def complete(found: Panel) -> Panel:
    """The panel of those units that were measured in every period; the others are named."""
    whole = np.logical_not(np.isnan(found.rate).any(axis=1))
    if whole.all():
        return found
    missing = [name for name, kept in zip(found.names, whole, strict=True) if not kept]
    note = say_plural(
        N_("{count} unit was not measured in every period and is left out: {names}."),
        N_("{count} units were not measured in every period and are left out: {names}."),
        len(missing),
        names=named(missing),
    )
    if not whole.any():
        raise InputError(
            say(
                N_(
                    "No unit was measured in every period. Bring the missing periods, for example "
                    "{unit} at {period}."
                ),
                unit=missing[0],
                period=found.calendar.label(int(np.isnan(found.rate[0]).argmax())),
            )
        )
    kept = found.only(whole)
    return replace(kept, notes=[*found.notes, note])


def together(found: Panel, counts: bool) -> Panel:
    """All units as one: added up for COUNTS, else their mean; for the course of a whole."""
    if len(found.names) == 1:
        return found
    uneven = np.isnan(found.outcome).any()
    note = say(
        N_(
            "Not every unit was measured in every period; a change of who is measured looks like "
            "a change of the outcome."
        )
    )
    mean = np.nansum if counts else np.nanmean
    offset = None if found.offset is None else np.nansum(found.offset, axis=0)[None]
    outcome = mean(found.outcome, axis=0)[None]
    if found.offset is not None and not counts:
        outcome = np.nansum(found.outcome, axis=0)[None]
    return replace(
        found,
        names=[""],
        outcome=outcome,
        offset=offset,
        starts=found.starts[found.treated][:1] if found.treated.any() else found.starts[:1],
        cases=found.cases.sum(axis=0)[None],
        notes=[*found.notes, note] if uneven else found.notes,
    )


def _by_period(rows: Rows, by: Period) -> Rows:
    if rows.times.dtype.kind == "i":
        raise InputError(
            say(
                N_(
                    "--by {period} needs dates, but the periods are numbered. Leave it out, or "
                    "give the column with the dates."
                ),
                period=by,
            )
        )
    return replace(rows, times=floored(rows.times, by))


def _cells(
    rows: Rows,
    where: NDArray[np.int64],
    units: int,
    time: Calendar,
    by: Period | None,
    counts: bool,
) -> tuple[Floats, Floats | None, Floats]:
    """Outcome, offset and number of rows in every cell of units x periods."""
    size, shape = units * time.size, (units, time.size)
    there = ~np.isnan(rows.outcome)
    cases = np.bincount(where[there], minlength=size).astype(float)
    if by is None and cases.max() > 1:
        raise _duplicates(rows, where, time)
    total = np.bincount(where[there], weights=rows.outcome[there], minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = by is not None and not counts and rows.offset is None
        outcome: Floats = total / cases if mean else total.astype(np.float64)
    outcome[cases == 0] = np.nan
    offset = None
    if rows.offset is not None:
        bad = there & ~(rows.offset > 0)
        if bad.any():
            raise InputError(
                say(
                    N_(
                        "{file}, row {row}: the offset is {value}. It says how much there was to "
                        "count from and must be above 0."
                    ),
                    file=rows.file, row=int(bad.argmax()) + 2,
                    value=f"{rows.offset[bad.argmax()]:g}",
                )
            )  # fmt: skip
        total = np.bincount(where[there], weights=rows.offset[there], minlength=size)
        offset = np.where(cases == 0, np.nan, total).reshape(shape)
    return outcome.reshape(shape), offset, cases.reshape(shape)


def _duplicates(rows: Rows, where: NDArray[np.int64], time: Calendar) -> InputError:
    order = np.argsort(where, kind="stable")
    twice = order[1:][where[order][1:] == where[order][:-1]]
    row = int(twice.min())
    unit, period = divmod(int(where[row]), time.size)
    words: dict[str, str | int] = {
        "file": rows.file, "row": row + 2, "period": time.label(period),
    }  # fmt: skip
    if rows.units is None:
        return InputError(
            say(
                N_(
                    "{file}, row {row}: the period {period} is there twice. If every row is a case "
                    "say with --by week (or day, month) over which periods to put them together; "
                    "if rows belong to several units give --unit; otherwise remove one of the rows."
                ),
                **words,
            )
        )
    return InputError(
        say(
            N_(
                "{file}, row {row}: {unit} has the period {period} twice. If every row is a case "
                "say with --by week (or day, month) over which periods to put them together; "
                "otherwise remove one of the rows."
            ),
            **words,
            unit=rows.names[unit],
        )
    )


def _check_gaps(rows: Rows, outcome: Floats, time: Calendar) -> None:
    """Raise where no unit at all was measured in some period."""
    gaps = np.flatnonzero(np.isnan(outcome).all(axis=0))
    if len(gaps):
        raise InputError(
            say(
                N_(
                    "{file}: there are gaps in the series, nothing was measured in {gaps} "
                    "({periods}). Bring them, with 0 only where it was counted and there was nothing, "
                    "or take longer periods with --by."
                ),
                file=rows.file, gaps=periods_text(time.kind, len(gaps)),
                periods=named([time.label(int(gap)) for gap in gaps]),
            )
        )  # fmt: skip


def _repeated(count: int) -> Text:
    return say_plural(
        N_(
            "{count} row says in every column what another row says, and counts again. If the same case "
            "was exported twice, remove one."
        ),
        N_(
            "{count} rows say in every column what another row says, and count again. If the same cases "
            "were exported twice, remove them."
        ),
        count,
    )


def _left_out(rows: Rows) -> Text:
    count = int(np.isnan(rows.outcome).sum())
    return say_plural(
        N_("{count} row has no outcome and is left out."),
        N_("{count} rows have no outcome and are left out."),
        count,
    )
