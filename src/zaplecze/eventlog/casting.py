"""Values read when they are used: texts, numbers, times and yes or no, as SQL expressions.

Every function takes a column of a source and gives an expression that is null where the value is
missing *or* cannot be read; a value that is there and gives null is refused and listed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from zaplecze.eventlog.sql import ident, literal, literals

YES = ["yes", "y", "true", "t", "1", "tak", "так", "да", "sim"]
NO = ["no", "n", "false", "f", "0", "nie", "ні", "нет", "não"]

# A name of these alone could not be seen.
_BLANKS = " \t\r\n\u00a0\u2007\u2009\u200b\u202f\u3000\ufeff"

# Several forms of one column have this between them; the forms of ISO 8601 are called "iso".
_OR = "|"
ISO_FORM = "iso"

_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"}
_NUMBERS = _WHOLE | {f"U{name}" for name in _WHOLE} | {"FLOAT", "DOUBLE"}


@dataclass(frozen=True)
class Column:
    """A column of a source as SQL sees it, with how its texts are to be read.

    ``time_format`` are the forms of its times, `forms` of them, the first that fits counts; None: ISO.
    """

    name: str
    type: str
    time_zone: str
    time_format: str | None = None
    decimal: str = "."
    table: str = "s"

    @property
    def sql(self) -> str:
        """The raw value."""
        return f"{self.table}.{ident(self.name)}"

    @property
    def is_number(self) -> bool:
        """Does the source itself say that the column holds numbers?"""
        return self.type in _NUMBERS or self.type.startswith("DECIMAL")

    @property
    def is_time(self) -> bool:
        """Does the source itself say that the column holds times?"""
        return self.type.startswith(("TIMESTAMP", "DATE"))


def text(column: Column) -> str:
    """The value as text; a whole number that was stored as 17.0 reads "17"."""
    if column.type == "VARCHAR":
        return column.sql
    if column.type in ("DOUBLE", "FLOAT"):
        whole = f"{column.sql} = trunc({column.sql}) AND abs({column.sql}) < 1e15"
        return (
            f"CASE WHEN {whole} THEN {column.sql}::BIGINT::VARCHAR ELSE {column.sql}::VARCHAR END"
        )
    return f"{column.sql}::VARCHAR"


def is_missing(text: str) -> str:
    """The condition that TEXT, an expression, names nothing: it is null or only blanks."""
    # A text that begins with a printable sign of ASCII is told in a hundredth of the time.
    begins_plainly = f"{text} BETWEEN '!' AND '~'"
    return (
        f"CASE WHEN {begins_plainly} THEN false "
        f"ELSE coalesce(trim({text}, {literal(_BLANKS)}) = '', true) END"
    )


def number(column: Column) -> str:
    """The value as a double.

    The decimal mark is the source's. The other mark groups digits only where the decimal mark is
    there too ("1.234,50"): a lone one is more likely a mistake about the file than a group.
    """
    if column.is_number or column.type == "BOOLEAN":
        read = f"{column.sql}::DOUBLE"
        return f"CASE WHEN isfinite({read}) THEN {read} END"
    raw = text(column)
    mark, group = (",", ".") if column.decimal == "," else (".", ",")
    plain = f"^ *[+-]?([0-9]+[{mark}]?[0-9]*|[{mark}][0-9]+)([eE][+-]?[0-9]+)? *$"
    grouped = f"^[+-]?[0-9]{{1,3}}([{group}]?[0-9]{{3}})*([{mark}][0-9]+)$|^[+-]?[0-9]+$"
    together = f"regexp_replace({raw}, '[ \u00a0\u202f\u2009'']', '', 'g')"
    return (
        f"CASE WHEN regexp_matches({raw}, '{plain}') "
        f"THEN TRY_CAST(replace({raw}, '{mark}', '.') AS DOUBLE) "
        f"WHEN {raw} > ':' THEN NULL "
        f"WHEN regexp_matches({together}, '{grouped}') "
        f"THEN TRY_CAST(replace(replace({together}, '{group}', ''), '{mark}', '.') AS DOUBLE) END"
    )


def time(column: Column) -> str:
    """The value as a timestamp in UTC, without a zone.

    A time that carries an offset keeps it; any other is a clock time of the column's zone. Of an
    hour that a clock shows twice the second is meant, and an hour that a clock skips is moved on,
    as ICU does.
    """
    if column.type == "TIMESTAMP WITH TIME ZONE":
        return _in_utc(column.sql)
    if column.is_time:
        return _to_utc(f"{column.sql}::TIMESTAMP", column.time_zone)
    raw = text(column)
    read = [
        _iso(raw, column.time_zone) if form is None else _strptime(raw, form, column.time_zone)
        for form in forms(column.time_format)
    ]
    return read[0] if len(read) == 1 else f"coalesce({', '.join(read)})"


def forms(time_format: str | None) -> list[str | None]:
    """The single forms of a TIME_FORMAT like ``%d.%m.%Y|iso``; None stands for those of ISO 8601."""
    parts = [part.strip() for part in (time_format or ISO_FORM).split(_OR)]
    return [None if part.lower() == ISO_FORM else part for part in parts]


def together(time_formats: Iterable[str]) -> str:
    """One format that reads all TIME_FORMATS, the earlier ones first."""
    return _OR.join(dict.fromkeys(part for each in time_formats for part in each.split(_OR)))


def _strptime(raw: str, form: str, zone: str) -> str:
    parsed = f"try_strptime({raw}, {literal(form)})"
    if "%z" in form or "%Z" in form:
        return _in_utc(parsed)
    return _to_utc(parsed, zone)


def _iso(raw: str, zone: str) -> str:
    # In ISO forms the date takes at most the first ten characters, so what follows tells.
    rest = f"substr({raw}, 11)"
    zoned = f"contains({rest}, '+') OR contains({rest}, '-') OR right({raw}, 1) IN ('Z', 'C', 'T')"
    # DuckDB wants seconds before an offset; Java, for one, leaves them out when they are zero.
    whole = rf"regexp_replace({raw}, '([T ]\d+:\d+)(Z|[+-])', '\1:00\2')"
    naive = _to_utc(f"TRY_CAST({raw} AS TIMESTAMP)", zone)
    return (
        # The usual form has no room for a zone, and is quickly recognised.
        f"CASE WHEN {raw} LIKE '____-__-_____:__:__' THEN {naive} "
        # Not "epoch", "infinity" and other words that DuckDB would take.
        f"WHEN left({raw}, 1) > '9' THEN NULL "
        f"WHEN {zoned} THEN {_in_utc(f'TRY_CAST({whole} AS TIMESTAMPTZ)')} "
        f"ELSE {naive} END"
    )


def yes_no(column: Column, yes: list[str] | None) -> str:
    """1 for one of the YES values and 0 for any other; without YES, usual words for both."""
    if yes is not None:
        return f"({text(column)} IN {literals(yes)})::DOUBLE"
    word = f"lower(trim({text(column)}))"
    return (
        f"CASE WHEN {word} IN {literals(YES)} THEN 1.0 WHEN {word} IN {literals(NO)} THEN 0.0 END"
    )


def end_of_day(time_utc: str, zone: str) -> str:
    """The last microsecond of the day of ZONE in which a UTC time lies."""
    local = f"timezone({literal(zone)}, timezone('UTC', {time_utc}))"
    midnight = f"date_trunc('day', {local}) + INTERVAL 1 DAY"
    return f"{_to_utc(midnight, zone)} - INTERVAL 1 MICROSECOND"


def _to_utc(local: str, zone: str) -> str:
    if zone == "UTC":
        return local
    return _in_utc(f"timezone({literal(zone)}, {local})")


def _in_utc(instant: str) -> str:
    # Through microseconds: ICU would take ten times as long.
    return f"make_timestamp(epoch_us({instant}))"
