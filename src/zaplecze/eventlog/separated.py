"""Files of separated values: CSV and its relatives, packed or not, in any encoding.

The first row names the columns unless the workspace does; of equal names the second becomes
``name.1``, the third ``name.2``. Every value is read as text. Rows that do not fit are refused,
not lost: DuckDB lists them beside the table.
"""

import codecs
import csv
import gzip
import io
import shutil
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import faults
from zaplecze.eventlog.given import GivenFile
from zaplecze.eventlog.sql import ident, literal
from zaplecze.language import N_, say
from zaplecze.workspace import Source

DELIMITERS = ",;\t|"

# With more rows than this share outside the encoding, the encoding itself must be wrong.
_WRONG_ENCODING_SHARE = 0.2


@dataclass(frozen=True)
class Read:
    """What a file held: all its columns, and the rows that did not fit (row, reason, text).

    ``delimiter`` and ``encoding`` are how its values were written, where they are separated.
    """

    columns: list[str]
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    delimiter: str | None = None
    encoding: str | None = None


def load(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    path: Path,
    scratch: Path,
    wanted: set[str] | None,
) -> Read:
    """Read PATH into the table NAME, as text, and say which rows did not fit.

    WANTED names the columns that are needed; None means all of them.
    """
    plain = _in_utf8(name, source, path, scratch)
    columns, options = form(name, source, path, plain)
    try:
        _read(connection, name, plain, columns, options, wanted)
    except duckdb.Error:
        # Line ends of several kinds in one file stop DuckDB; made alike, they do not.
        plain = _copied(name, plain, scratch, "utf-8", None)
        try:
            _read(connection, name, plain, columns, options, wanted)
        except duckdb.Error as error:
            raise faults.unreadable(name, path.name, error) from None
    return Read(
        columns,
        _rejects(connection, name, source, path, plain),
        delimiter_of(name, source, path, plain),
        encoding_of(source.encoding, path),
    )


def form(name: str, source: Source, path: Path, plain: Path) -> tuple[list[str], str]:
    """The columns of PATH, and with which options DuckDB reads it; PLAIN is the same in UTF-8."""
    header, delimiter = _header(name, source, path, plain)
    columns = source.columns or unique(header)
    return columns, _options(source, columns, delimiter)


def delimiter_of(name: str, source: Source, path: Path, plain: Path) -> str:
    """The mark that parts the values of PATH; PLAIN is the same in UTF-8."""
    return _header(name, source, path, plain)[1]


def unique(names: list[str]) -> list[str]:
    """NAMES with ``.1``, ``.2``… behind those that were there before; empty ones get a number.

    Names that differ in capitals only are equal, as they are in SQL.
    """
    taken: set[str] = set()
    result = []
    for number, name in enumerate(names, 1):
        base = name.strip() or f"column{number}"
        free, count = base, 0
        while free.casefold() in taken:
            count += 1
            free = f"{base}.{count}"
        taken.add(free.casefold())
        result.append(free)
    return result


def encoding_of(declared: str, path: Path) -> str:
    """The encoding of PATH: DECLARED, or instead of UTF-8 the UTF-16 that its first bytes mark."""
    if declared.casefold() not in ("utf-8", "utf8"):
        return declared
    try:
        with open_bytes(path) as lines:
            mark = lines.read(2)
    except (OSError, EOFError, zlib.error):
        # Whoever reads on will tell.
        return declared
    return "utf-16" if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else declared


def _in_utf8(name: str, source: Source, path: Path, scratch: Path) -> Path:
    """PATH itself, or a copy of it in UTF-8 where it is in another encoding.

    Bytes that the encoding does not know pass as they are; they are not UTF-8 then, and so the
    row that holds them is refused by the reader.
    """
    try:
        encoding = codecs.lookup(encoding_of(source.encoding, path)).name
    except LookupError:
        if isinstance(source, GivenFile):
            raise InputError(
                say(
                    N_(
                        "{file}: there is no encoding '{encoding}'. Write one like {option}, "
                        "'cp1251' or 'iso-8859-2'."
                    ),
                    file=source.title, encoding=source.encoding,
                    option=source.option("encoding", "cp1250"),
                )
            ) from None  # fmt: skip
        raise InputError(
            say(
                N_(
                    "[sources.{source}]: there is no encoding '{encoding}'. "
                    "Write one like 'utf-8', 'cp1250', 'cp1251' or 'iso-8859-2'."
                ),
                source=name, encoding=source.encoding,
            )
        ) from None  # fmt: skip
    if encoding in ("utf-8", "utf-8-sig", "ascii"):
        # DuckDB would take a torn archive for a short file; Python unpacks it or fails.
        return _unpacked(name, path, scratch) if _is_packed(path) else path
    return _copied(name, path, scratch, encoding, "")


def _unpacked(name: str, path: Path, scratch: Path) -> Path:
    copy = _free(scratch)
    try:
        with open_bytes(path) as old, copy.open("wb") as new:
            shutil.copyfileobj(old, new, 1 << 20)
    except (OSError, EOFError, zlib.error) as error:
        raise faults.unreadable(name, path.name, error) from None
    return copy


def _free(scratch: Path) -> Path:
    return scratch / f"{len(list(scratch.iterdir()))}.csv"


def _copied(name: str, path: Path, scratch: Path, encoding: str, newline: str | None) -> Path:
    """A copy of PATH, unpacked and in UTF-8; with NEWLINE None its line ends are made alike."""
    copy = _free(scratch)
    try:
        with (
            io.TextIOWrapper(open_bytes(path), encoding, "surrogateescape", newline) as old,
            copy.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as new,
        ):
            shutil.copyfileobj(old, new, 1 << 20)
    except (UnicodeError, OSError, EOFError, zlib.error) as error:
        raise faults.unreadable(name, path.name, error) from None
    return copy


def _is_packed(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def open_bytes(path: Path) -> io.BufferedReader | gzip.GzipFile:
    """PATH for reading, unpacked."""
    return gzip.open(path) if _is_packed(path) else path.open("rb")


def _header(name: str, source: Source, path: Path, plain: Path) -> tuple[list[str], str]:
    """The values of the first row and the delimiter."""
    sample = _beginning(plain, "strict")
    if sample is None:
        sample = _beginning(plain, "replace") or ""
        if "\ufffd" in sample.partition("\n")[0]:
            raise wrong_encoding(name, source, path)
    if not sample.strip():
        raise faults.empty(name, path.name)
    delimiter = source.delimiter or sniffed(sample)
    return next(csv.reader(io.StringIO(sample.lstrip("\n")), delimiter=delimiter)), delimiter


def _beginning(plain: Path, errors: str) -> str | None:
    """The first lines of a file; None where a byte among them is not UTF-8."""
    try:
        with plain.open(encoding="utf-8-sig", errors=errors) as lines:
            return lines.read(1 << 16)
    except UnicodeDecodeError:
        return None


def sniffed(sample: str) -> str:
    """The delimiter that parts the first row into most values."""
    first = sample.lstrip("\n").partition("\n")[0]

    def values(mark: str) -> int:
        try:
            return len(next(csv.reader([first], delimiter=mark, strict=True)))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=values)


def _options(source: Source, columns: list[str], delimiter: str) -> str:
    types = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
    missing = ", ".join(literal(value) for value in source.missing)
    return (
        f"auto_detect = false, delim = {literal(delimiter)}, quote = '\"', escape = '\"', "
        f"header = {str(source.columns is None).lower()}, columns = {{{types}}}, "
        f"store_rejects = true, rejects_limit = 0, nullstr = [{missing}]"
    )


def _read(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    path: Path,
    columns: list[str],
    options: str,
    wanted: set[str] | None,
) -> None:
    connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    kept = [ident(column) for column in columns if wanted is None or column in wanted]
    connection.execute(
        f"CREATE TABLE {ident(name)} AS SELECT {', '.join(kept) or '1'} "
        f"FROM read_csv({literal(str(path))}, {options})"
    )


def _rejects(
    connection: duckdb.DuckDBPyConnection, name: str, source: Source, path: Path, plain: Path
) -> list[tuple[int, str, str]]:
    """Rows that the reader refused, numbered as data rows of the file."""
    found = connection.execute(
        "SELECT line, min(byte_position), arg_min(error_type::VARCHAR, column_idx), "
        "bool_or(error_type::VARCHAR = 'INVALID ENCODING'), any_value(csv_line[:1000]), "
        "bool_or(error_type::VARCHAR = 'UNQUOTED VALUE' AND contains(csv_line, chr(10))) "
        "FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    if not found:
        return []
    blank = _blank_lines(plain)
    above = 0 if source.columns else 1
    rows = []
    for line, byte, _, encoding, value, unclosed in found:
        row = line - above - sum(position < byte for position in blank)
        if unclosed and not encoding:
            raise _unclosed_quote(name, path, row)
        rows.append((row, "bad_encoding" if encoding else "malformed_row", value))
    outside = sum(reason == "bad_encoding" for _, reason, _ in rows)
    kept = connection.execute(f"SELECT count(*) FROM {ident(name)}").fetchall()[0][0]
    if outside > _WRONG_ENCODING_SHARE * (kept + len(rows)):
        raise wrong_encoding(name, source, path)
    return rows


def _blank_lines(path: Path) -> list[int]:
    """Where lines without anything stand: DuckDB skips them but counts them."""
    positions, position = [], 0
    with open_bytes(path) as lines:
        for line in lines:
            if not line.strip(b"\r\n"):
                positions.append(position)
            position += len(line)
    return positions


def wrong_encoding(name: str, source: Source, path: Path) -> InputError:
    """The file is not in the encoding that the workspace says, or in UTF-8 when it says none."""
    if isinstance(source, GivenFile):
        return InputError(
            say(
                N_(
                    "{file}: the file is not in the encoding '{encoding}'. Add {option} (Polish "
                    "Windows), 'cp1251' (Ukrainian Windows) or 'latin-1', or save it as UTF-8."
                ),
                file=source.title, encoding=source.encoding,
                option=source.option("encoding", "cp1250"),
            )
        )  # fmt: skip
    return InputError(
        say(
            N_(
                "[sources.{source}]: the file '{file}' is not in the encoding '{encoding}'. Add "
                "encoding = \"…\" to the source, for example 'cp1250' (Polish Windows), 'cp1251' "
                "(Ukrainian Windows) or 'latin-1', or save the file as UTF-8."
            ),
            source=name, file=path.name, encoding=source.encoding,
        )
    )  # fmt: skip


def _unclosed_quote(name: str, path: Path, row: int) -> InputError:
    return InputError(
        say(
            N_(
                "[sources.{source}]: in '{file}', row {row}, a quotation mark is opened and not "
                "closed, so that the rows after it cannot be told apart. Close it, or write a "
                "mark that belongs to the text twice."
            ),
            source=name, file=path.name, row=row,
        )
    )  # fmt: skip
