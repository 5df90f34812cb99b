"""A file or a table as columns of numbers, times and names; what cannot be read is named."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.eventlog import casting
from zaplecze.eventlog.plain import ROWS, PlainTable
from zaplecze.impact.verify.moments import carried_zone, is_never, local_moment, moment
from zaplecze.impact.verify.result import Floats
from zaplecze.language import N_, say

Times = NDArray[Any]
"""Either int64 (numbered periods) or datetime64[s]."""

_PLAIN_TIME = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?"
_NO_TIME = -(2**62)
_MOSTLY = 0.5
_STATUS = {"0": 0, "1": 1, "false": 0, "true": 1}


@dataclass(frozen=True)
class Rows:
    """The file as it is, one entry a row; missing numbers are NaN.

    ``starts`` is each row's time of going live (None without a column for it; NaT or 0 for never),
    ``status`` is 1 where the row's unit works in the new way at the row's time; ``go_live`` is the
    time for all where somebody gave a time and not a column. ``repeated`` rows of a file say in every
    column what another says, where that is no usual thing in it.
    """

    file: str
    times: Times
    outcome: Floats
    units: NDArray[np.int64] | None
    names: list[str]
    offset: Floats | None
    starts: Times | None
    status: Floats | None
    go_live: Any
    repeated: int = 0


def read(
    table: Any,
    *,
    outcome: str,
    time: str,
    unit: str | None,
    offset: str | None,
    treated_from: str | None,
    time_zone: str | None,
) -> Rows:
    """The columns of TABLE: a path to CSV, Parquet or Excel, or any table that speaks Arrow.

    TREATED_FROM is the name of a column with times or 0 and 1, or a time. Raises `InputError` that names
    file, row, column and value.
    """
    with _Source(table) as source:
        names, units = source.names(unit) if unit else ([""], None)
        times = source.times(time, time_zone)
        status, starts, go_live = None, None, None
        if treated_from is not None and treated_from in source.kinds:
            status = source.status(treated_from)
            if status is None:
                starts = source.times(treated_from, time_zone, numbered=times.dtype.kind == "i")
        elif treated_from is not None:
            go_live = _go_live(treated_from, source.file)
        return Rows(
            file=source.file,
            times=times,
            outcome=source.numbers(outcome),
            units=units,
            names=names,
            offset=source.numbers(offset) if offset else None,
            starts=starts,
            status=status,
            go_live=go_live,
            repeated=source.repeated() if isinstance(table, str | Path) else 0,
        )


def _go_live(words: str, file: str) -> Any:
    found = moment(words)
    if found is None:
        raise InputError(
            say(
                N_(
                    "'{value}' is neither a column of {file} nor a time. Give a column with the "
                    "times of going live or with 0 and 1, or a date like 2026-05-03."
                ),
                value=words, file=file,
            )
        )  # fmt: skip
    return found


class _Source(PlainTable):
    """The rows of periods and units."""

    def numbers(self, name: str) -> Floats:
        """The column as numbers; a decimal comma is understood where every value has it."""
        unread = []
        for decimal in (".", ","):
            column = self.column(name, decimal)
            read = casting.number(column)
            bad = self.first_where(name, f"{column.sql} IS NOT NULL AND ({read}) IS NULL")
            if bad is None:
                return self.array(f"coalesce(({read})::DOUBLE, 'nan'::DOUBLE)")
            unread.append(bad)
        row, value = unread[0]
        raise InputError(
            say(
                N_(
                    "{file}, row {row}, column '{column}': '{value}' is no number. "
                    "Mend it, or leave the field empty where nothing was measured."
                ),
                file=self.file, row=row, column=name, value=value or "",
            )
        )  # fmt: skip

    def repeated(self) -> int:
        """How many rows repeat another; none where most do, as in a file without a name for each case."""
        rows, distinct = self.fetched(
            f"SELECT (SELECT count(*) FROM {ROWS}), (SELECT count(*) FROM (SELECT DISTINCT * FROM {ROWS}))"
        )[0]
        return int(rows - distinct) if distinct > _MOSTLY * rows else 0

    def names(self, name: str) -> tuple[list[str], NDArray[np.int64]]:
        """The names in alphabetical order and each row's position among them."""
        column = self.column(name)
        if bad := self.first_where(name, f"{column.sql} IS NULL"):
            raise InputError(
                say(
                    N_("{file}, row {row}, column '{column}': the unit is missing. Name it."),
                    file=self.file, row=bad[0], column=name,
                )
            )  # fmt: skip
        text = casting.text(column)
        names = [
            row[0] for row in self.fetched(f"SELECT DISTINCT {text} AS t FROM {ROWS} ORDER BY t")
        ]
        return names, self.array(f"dense_rank() OVER (ORDER BY {text}) - 1").astype(np.int64)

    def status(self, name: str) -> Floats | None:
        """The column as 0 and 1 (yes and no); None where it holds anything else."""
        values = self._texts(name)
        if any(value is None for value in values) or set(values) - set(_STATUS):
            return None
        return np.array([_STATUS[str(value)] for value in values], dtype=np.float64)

    def times(self, name: str, time_zone: str | None, numbered: bool | None = None) -> Times:
        """The column as numbers of periods or as clock times, on the clock of TIME_ZONE where it is given.

        NUMBERED is None for the time itself; for times of going live it says which kind the
        time is, and "never" may stand there (0 or NaT).
        """
        going_live = numbered is not None
        if (known := self._clock_times(name, numbered)) is not None:
            return known
        texts = self._texts(name)
        distinct = sorted({text for text in texts if text is not None})
        if not going_live and None in texts:
            raise self._no_time(name, texts.index(None) + 2, "")
        self._check_zones(name, distinct, time_zone)
        read = {text: local_moment(text, time_zone) for text in distinct}
        if going_live:
            read = {text: None if is_never(text) else when for text, when in read.items()}
        for text, when in read.items():
            wrong = when is not None and numbered is not None and numbered != isinstance(when, int)
            if (when is None and not (going_live and is_never(text))) or wrong:
                raise self._no_time(name, texts.index(text) + 2, text)
        kinds = {isinstance(when, int) for when in read.values() if when is not None}
        if len(kinds) > 1:
            odd = next(text for text, when in read.items() if isinstance(when, int))
            raise self._no_time(name, texts.index(odd) + 2, odd)
        integers = numbered if numbered is not None else kinds == {True}
        never: Any = 0 if integers else np.datetime64("NaT")
        found = [never if text is None else read[text] for text in texts]
        found = [never if when is None else when for when in found]
        return np.array(found, dtype=np.int64 if integers else "datetime64[s]")

    def _clock_times(self, name: str, numbered: bool | None) -> Times | None:
        """A column that holds nothing but days and times without zone, read by the engine."""
        column = self.column(name)
        if numbered or column.type == "TIMESTAMP WITH TIME ZONE":
            return None
        text, empty = casting.text(column), "'NaT'" if numbered is False else "NULL"
        odd = (
            f"{column.sql} IS NULL AND {empty} IS NULL OR {column.sql} IS NOT NULL AND "
            f"(NOT regexp_full_match({text}, '{_PLAIN_TIME}') OR TRY_CAST({text} AS TIMESTAMP) IS NULL)"
        )
        if self.fetched(f"SELECT 1 FROM {ROWS} WHERE {odd} LIMIT 1"):
            return None
        seconds = f"epoch(TRY_CAST({text} AS TIMESTAMP))::BIGINT"
        found = self.array(f"coalesce({seconds}, {_NO_TIME})").astype(np.int64)
        times: Times = found.astype("datetime64[s]")
        times[found == _NO_TIME] = np.datetime64("NaT")
        return times

    def _check_zones(self, name: str, distinct: list[str], time_zone: str | None) -> None:
        offsets = {carried_zone(text) for text in distinct if not is_never(text)}
        if None in offsets and len(offsets) > 1:
            raise InputError(
                say(
                    N_(
                        "{file}, column '{column}': some times carry a time zone and others do "
                        "not, so that they cannot be put in order. Export all of them alike."
                    ),
                    file=self.file, column=name,
                )
            )  # fmt: skip
        if len(offsets) > 1 and time_zone is None:
            raise InputError(
                say(
                    N_(
                        "{file}, column '{column}': the times are of several time zones "
                        "({zones}). Say on whose calendar days are counted, for example with "
                        "--time-zone Europe/Warsaw."
                    ),
                    file=self.file, column=name, zones=", ".join(sorted(map(str, offsets))[:6]),
                )
            )  # fmt: skip

    def _no_time(self, name: str, row: int, value: str) -> InputError:
        return InputError(
            say(
                N_(
                    "{file}, row {row}, column '{column}': '{value}' is no time like the others. "
                    "Write days as 2026-05-03, months as 2026-05, weeks as 2026-W18, or number "
                    "the periods."
                ),
                file=self.file, row=row, column=name, value=value,
            )
        )  # fmt: skip

    def _texts(self, name: str) -> list[str | None]:
        column = self.column(name)
        # Programs that know no missing whole numbers write 2007 as 2007.0.
        return [
            None if text is None else re.sub(r"^(-?\d+)\.0+$", r"\1", text.strip())
            for text in self.values(casting.text(column))
        ]
