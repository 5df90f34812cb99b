"""Days that a file of counts holds twice."""

import datetime as dt

import duckdb

from zaplecze.errors import InputError
from zaplecze.impact.watch.families import Kind
from zaplecze.language import N_, Text, date, say, say_plural

_EPOCH = dt.date(1970, 1, 1)
_MOSTLY_A_DAY = 0.9


def without_repeats(connection: duckdb.DuckDBPyConnection, kind: Kind | None) -> list[Text]:
    """Take rows out of ``z_rows`` that say the same day again, where a row is a day; a sentence about it.

    KIND is what the values were said to be; what was said to be no count is left as it is, and so are
    answers of yes and no. Raises `InputError` where whole numbers stand for nearly all days once, and for some
    several that differ: they are not taken for single values in silence.
    """
    keys = "day, level"
    (rows, days, said, clocks, binary, whole) = connection.execute(
        f"SELECT count(*), count(DISTINCT ({keys})), count(DISTINCT ({keys}, value, weight)), "
        "bool_or(clock), bool_and(value IN (0, 1)), bool_and(value >= 0 AND value = round(value)) "
        "FROM z_rows"
    ).fetchall()[0]
    if kind not in (None, "count") or clocks or binary or rows == days:
        return []
    if said == days:
        connection.execute("CREATE OR REPLACE TABLE z_rows AS SELECT DISTINCT * FROM z_rows")
        return [
            say_plural(
                N_("{count} row says again what another row says of the same day, and does not count twice."),
                N_("{count} rows say again what another row says of the same day, and do not count twice."),
                rows - days,
            )
        ]  # fmt: skip
    if not whole or days < _MOSTLY_A_DAY * rows:
        return []
    (first,) = connection.execute(
        f"SELECT min(day) FROM (SELECT day FROM z_rows GROUP BY {keys} HAVING count(*) > 1)"
    ).fetchall()[0]
    raise InputError(
        say(
            N_(
                "Nearly every day has one row, and {day} has several that differ. Add them up, or remove "
                "what is wrong; name with --segment what they belong to, or say --kind mean where every "
                "row is a value of its own."
            ),
            day=date(_EPOCH + dt.timedelta(days=int(first))),
        )
    )
