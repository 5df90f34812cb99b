"""Which decimal mark do the numbers of a file have, where nobody says?"""

from collections.abc import Iterable
from dataclasses import replace

import duckdb

from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.sql import ident

_FEW_ROWS = 1_000

# Three digits after a lone comma may as well be thousands: "1,234".
_PLAINLY_COMMA = "(^|[^0-9])[0-9]*,([0-9]{1,2}|[0-9]{4,}) *$"
_PLAINLY_POINT = r"^ *[+-]?[0-9]+\.[0-9]+ *$"


def columns_with_comma(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Iterable[Column]
) -> list[str]:
    """Names of those text COLUMNS of TABLE whose values are all numbers, with a decimal comma.

    None where another column has a decimal point: nobody writes one file with two marks.
    """
    texts = [column for column in columns if column.type == "VARCHAR"]
    few = f"(FROM {ident(table)} LIMIT {_FEW_ROWS}) s"
    if any(_all_numbers(connection, few, each, ".", _PLAINLY_POINT) for each in texts):
        return []
    whole = f"{ident(table)} s"
    return [
        each.name
        for each in texts
        # A few rows nearly always settle it.
        if _all_numbers(connection, few, each, ",", ",")
        and _all_numbers(connection, whole, each, ",", _PLAINLY_COMMA)
    ]


def _all_numbers(
    connection: duckdb.DuckDBPyConnection, rows: str, column: Column, mark: str, form: str
) -> bool:
    """Are all values of COLUMN numbers with this decimal MARK, at least one of them in this FORM?"""
    read = casting.number(replace(column, decimal=mark))
    values, numbers, formed = connection.execute(
        f"SELECT count({column.sql}), count({read}), "
        f"count_if(regexp_matches({column.sql}, '{form}')) FROM {rows}"
    ).fetchall()[0]
    return bool(values == numbers and formed)
