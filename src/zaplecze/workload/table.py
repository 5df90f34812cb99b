"""A file or a table as columns of numbers, clock times and names; what cannot be read is named."""

import duckdb
import numpy as np
from numpy.typing import NDArray

from zaplecze.errors import InputError
from zaplecze.eventlog import casting, faults
from zaplecze.eventlog.plain import ROWS, PlainTable
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, say
from zaplecze.workload.demand import LARGEST
from zaplecze.workload.erlang import Floats


class Table(PlainTable):
    """Rows about calls or volumes."""

    def has(self, name: str) -> bool:
        """Is there such a column?"""
        return name in self.kinds

    def numbers(self, name: str, *, missing: bool = False) -> Floats:
        """The column as numbers (NaN where MISSING is allowed and nothing stands there).

        Raises `InputError` naming row, column and value of the first that is none.
        """
        read = casting.number(self.column(name))
        empty = f"{ident(name)} IS NOT NULL AND" if missing else ""
        wrong = f"{empty} (({read}) IS NULL OR abs({read}) > {LARGEST})"
        self._refuse(name, wrong, N_("a number like 180 or 2.5"))
        return self.array(f"coalesce({read}, 'NaN'::DOUBLE)").astype(np.float64)

    def names(self, name: str) -> list[str]:
        """The column as text, empty where nothing stands there."""
        return self.values(f"coalesce(trim({casting.text(self.column(name))}), '')")

    def times(self, names: str, form: str | None = None) -> NDArray[np.datetime64]:
        """Clock times of one column, or of two joined by "+" (a day and a time of day), to the second.

        FORM is how they are written (strptime), for two columns with a space between. Raises
        `InputError` naming row, column and value of the first that is no time.
        """
        parts = [names] if names in self.kinds else names.split("+")
        text = " || ' ' || ".join(casting.text(self.column(part.strip())) for part in parts)
        read = (
            f"TRY_CAST({text} AS TIMESTAMP)"
            if form is None
            else f"try_strptime({text}, {literal(form)})"
        )
        if form is not None:
            self._check_form(form)
        wrong = self.fetched(
            f"SELECT rowid + 2, {text} FROM {ROWS} WHERE ({read}) IS NULL ORDER BY rowid LIMIT 1"
        )
        if wrong:
            row, value = wrong[0]
            raise self._no_time(names, int(row), value, form)
        return self.array(f"epoch({read})::BIGINT").astype(np.int64).astype("datetime64[s]")

    def not_negative(self, name: str) -> Floats:
        """The column as numbers that are zero or more.

        Raises `InputError` naming row, column and value of the first that is not.
        """
        found = self.numbers(name)
        read = casting.number(self.column(name))
        self._refuse(name, f"({read}) < 0", N_("a number that is zero or more"))
        return found

    def lengths(self, name: str, calls: str) -> Floats:
        """The column as numbers above zero; zero where the column CALLS is zero and none stands here.

        Raises `InputError` naming row, column and value of the first that is not.
        """
        length, many = (casting.number(self.column(each)) for each in (name, calls))
        told = f"coalesce(trim({casting.text(self.column(name))}), '')"
        spared = f"(({many}) = 0 AND (coalesce(({length}) = 0, false) OR {told} = ''))"
        wrong = f"({length}) IS NULL OR abs({length}) > {LARGEST}"
        self._refuse(name, f"NOT {spared} AND ({wrong})", N_("a number like 180 or 2.5"))
        self._refuse(name, f"NOT {spared} AND ({length}) <= 0", N_("a number above zero"))
        return self.array(f"coalesce({length}, 0.0)").astype(np.float64)

    def _no_time(self, names: str, row: int, value: str | None, form: str | None) -> InputError:
        """That VALUE in ROW of the columns NAMES is no time, or none that is written in FORM."""
        message = (
            N_(
                "{file}, row {row}, column '{column}': '{value}' is no time. Write it like 2026-05-03 "
                "09:30, or say how times are written with --time-format."
            )
            if form is None
            else N_(
                "{file}, row {row}, column '{column}': '{value}' is not written as --time-format "
                "'{format}' says. Correct one of them; a day and a clock time are read with a space "
                "between."
            )
        )
        return InputError(
            say(
                message, file=self.file, row=row, column=names, value=value or "", format=form or ""
            )
        )

    def _check_form(self, form: str) -> None:
        try:
            self.fetched(f"SELECT try_strptime('', {literal(form)})")
        except duckdb.Error as error:
            raise InputError(
                say(
                    N_(
                        "{option}: the form '{format}' cannot be used: {error}. Write one like "
                        "'%d.%m.%Y %H:%M:%S'."
                    ),
                    option="--time-format", format=form, error=faults.gist(error),
                )
            ) from None  # fmt: skip

    def _refuse(self, name: str, condition: str, wanted: str) -> None:
        found = self.first_where(name, condition)
        if found:
            raise InputError(
                say(
                    N_("{file}, row {row}, column '{column}': '{value}' cannot be used. Write {wanted}."),
                    file=self.file, row=found[0], column=name, value=found[1] or "",
                    wanted=say(wanted),
                )
            )  # fmt: skip
