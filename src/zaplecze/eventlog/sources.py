"""The sources of a workspace, each read into a table of the same name."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from os.path import normpath
from pathlib import Path
from typing import Literal

import duckdb

from zaplecze.errors import InputError
from zaplecze.eventlog import casting, database, faults, ocel, separated, workbook, xes
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.given import GivenFile
from zaplecze.eventlog.marks import columns_with_comma
from zaplecze.eventlog.sql import ident, literal, literals
from zaplecze.language import N_, Text, joined, say
from zaplecze.progress import Progress
from zaplecze.workspace import Joined, Source, Workspace

# As the attributes of events: all columns that are nothing else.
ALL = ["*"]

# What DuckDB calls by these names while it reads files.
_TAKEN = ("reject_errors", "reject_scans")

Format = Literal["separated", "xes", "ocel", "workbook", "parquet"]

_PACKABLE: dict[str, Format] = {
    ".csv": "separated",
    ".txt": "separated",
    ".tsv": "separated",
    ".tab": "separated",
    ".xes": "xes",
    ".json": "ocel",
    ".jsonocel": "ocel",
    ".xml": "ocel",
    ".xmlocel": "ocel",
}
_WHOLE: dict[str, Format] = {
    ".xlsx": "workbook",
    ".xlsm": "workbook",
    ".xlsb": "workbook",
    ".xls": "workbook",
    ".ods": "workbook",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".sqlite": "ocel",
}


@dataclass(frozen=True)
class Loaded:
    """A source that was read: its columns and how many rows it has, those refused not counted.

    ``known`` are the names of all its columns, also of those that nothing asks for; ``file`` is
    where the rows come from, for people to read; ``delimiter`` and ``encoding`` are how separated
    values were written; ``given`` is the source where nobody wrote a
    workspace. Where the rows are only a part of the source's,
    ``kinds`` says what its columns hold, going by the whole.
    """

    name: str
    file: str
    columns: dict[str, Column]
    known: list[str]
    rows: int
    rejects: list[tuple[int, str, str]] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    kinds: dict[str, str] | None = None
    given: GivenFile | None = None
    delimiter: str | None = None
    encoding: str | None = None

    @property
    def is_part(self) -> bool:
        """Are these some of the rows only, so that their shares say nothing about the whole?"""
        return self.kinds is not None

    @property
    def sql(self) -> str:
        """The table, under the name ``s`` by which `Column` calls it."""
        return f"{ident(self.name)} AS s"

    def column(self, name: str, *where: str | int) -> Column:
        """The column NAME, which the workspace names at the key WHERE."""
        if name not in self.columns:
            place = faults.place_of(*where)
            raise faults.missing_column(place, name, self.name, self.file, self.known)
        return self.columns[name]

    def row_number(self, row_id: int) -> int:
        """The data row of the file that is the row ROW_ID of the table; rejected rows count too."""
        number = row_id + 1
        for rejected in sorted(row for row, *_ in self.rejects if row):
            number += rejected <= number
        return number


def load_all(
    connection: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    data: Path,
    scratch: Path,
    progress: Progress,
) -> dict[str, Loaded]:
    """Read every source; files first, then queries over them in the order of the workspace."""
    wanted = wanted_columns(workspace)
    files = {n: s for n, s in workspace.sources.items() if s.file is not None}
    queries = {n: s for n, s in workspace.sources.items() if s.file is None}
    _check_names(workspace)
    loaded = {}
    for done, (name, source) in enumerate({**files, **queries}.items()):
        progress(say(N_("Reading {source}"), source=name), 0.5 * done / len(workspace.sources))
        zone = source.time_zone or workspace.time_zone
        _check_time_format(connection, name, source)
        read, warnings = _load(connection, name, source, data, scratch, wanted, zone)
        described = connection.execute(f"DESCRIBE {ident(name)}").fetchall()
        columns = {
            column: Column(column, kind, zone, source.time_format, source.decimal)
            for column, kind, *_ in described
        }
        if isinstance(source, GivenFile) and read.delimiter:
            if source.guessed:
                warnings.append(_guessed(source))
            if source.settles_decimal:
                columns = _with_marks(connection, name, source, columns, warnings)
        rows = connection.execute(f"SELECT count(*) FROM {ident(name)}").fetchall()[0][0]
        loaded[name] = Loaded(
            name, source.file or "SQL", columns, read.columns, rows, read.rejects, warnings,
            given=source if isinstance(source, GivenFile) else None,
            delimiter=read.delimiter, encoding=read.encoding,
        )  # fmt: skip
    return loaded


def _guessed(given: GivenFile) -> Text:
    return say(
        N_(
            "{file}: the file is not in UTF-8 and is read as {encoding}, which fits its letters. If "
            "they look wrong, add {option}."
        ),
        file=given.title, encoding=given.encoding, option=given.option("encoding", "…"),
    )  # fmt: skip


def _with_marks(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    given: GivenFile,
    columns: dict[str, Column],
    warnings: list[Text],
) -> dict[str, Column]:
    """COLUMNS with the decimal mark that the numbers of a file have; a comma is told in WARNINGS."""
    found = columns_with_comma(connection, name, columns.values())
    if not found:
        return columns
    warnings.append(
        say(
            N_("{file}: numbers are read with a decimal comma, in {columns}."),
            file=given.title,
            columns=joined([say(N_("'{name}'"), name=column) for column in found]),
        )
    )
    return {each: replace(column, decimal=",") for each, column in columns.items()}


def _check_names(workspace: Workspace) -> None:
    """Sources are tables, whose names are equal where they differ in capitals only."""
    taken = set(_TAKEN)
    for name in workspace.sources:
        if name.casefold() in taken:
            raise InputError(
                say(
                    N_("[sources.{source}]: this name is taken. Give the source another one."),
                    source=name,
                )
            )
        taken.add(name.casefold())


def format_of(path: Path) -> Format | None:
    """What PATH holds, going by its name; texts may be packed with gzip."""
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return _PACKABLE.get(Path(path.stem).suffix.lower())
    return (_PACKABLE | _WHOLE).get(suffix)


def is_object_centric(path: Path) -> bool:
    """Is PATH a log of events that belong to several objects (OCEL)?

    That is told by its name, and for separated values by the names of its columns.
    """
    found = format_of(path)
    return found == "ocel" or (found == "separated" and ocel.is_flat(path))


def _load(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    source: Source,
    data: Path,
    scratch: Path,
    wanted: set[str] | None,
    zone: str,
) -> tuple[separated.Read, list[Text]]:
    if source.sql is not None and source.database is not None:
        database.load(connection, name, source.sql, source.database, data)
    elif source.sql is not None:
        _query(connection, name, source.sql)
    else:
        path = path_of(name, str(source.file), data)
        found = format_of(path)
        if _wants_objects(source) and is_object_centric(path):
            found = "ocel"
        elif source.object_type is not None:
            raise _no_objects(name, path)
        match found:
            case "separated":
                return separated.load(connection, name, source, path, scratch, wanted), []
            case "xes":
                read, warnings = xes.load(connection, name, path)
                _make_missing_null(connection, name, source)
                return read, warnings
            case "ocel":
                read, warnings = ocel.load(connection, name, source, path, zone)
                _make_missing_null(connection, name, source)
                return read, warnings
            case "workbook":
                workbook.load(connection, name, path, source.sheet, source.columns)
            case "parquet":
                names = _parquet(connection, name, path, wanted)
                _make_missing_null(connection, name, source)
                return separated.Read(names), []
            case None:
                raise _unknown_format(name, path)
    _make_missing_null(connection, name, source)
    described = connection.execute(f"DESCRIBE {ident(name)}").fetchall()
    return separated.Read([column for column, *_ in described]), []


def _wants_objects(source: Source) -> bool:
    """Is the file meant as an object-centric one, if it is one? A table can be read as a plain one."""
    if isinstance(source, GivenFile):
        return source.object_centric
    return source.object_type is not None or format_of(Path(str(source.file))) == "ocel"


def path_of(name: str, file: str, data: Path) -> Path:
    """Where the file lies; never outside the data folder, whoever wrote the workspace."""
    path = Path(normpath(data / file))
    if not path.is_relative_to(normpath(data)):
        raise InputError(
            say(
                N_(
                    "[sources.{source}]: the file '{file}' lies outside the data folder '{folder}'. "
                    "Move it there, or give with --data a folder that holds all files."
                ),
                source=name, file=file, folder=str(data),
            )
        )  # fmt: skip
    if not path.is_file():
        raise faults.missing_file(name, path)
    if path.stat().st_size == 0:
        raise faults.empty(name, path.name)
    return path


def _unknown_format(name: str, path: Path) -> InputError:
    return InputError(
        say(
            N_(
                "[sources.{source}]: files like '{file}' cannot be read. "
                "Use .csv, .tsv, .txt, .xes, .jsonocel, .xmlocel (each also as .gz), .sqlite (OCEL), "
                ".parquet or .xlsx."
            ),
            source=name, file=path.name,
        )
    )  # fmt: skip


def _no_objects(name: str, path: Path) -> InputError:
    return InputError(
        say(
            N_(
                "[sources.{source}]: '{file}' is no object-centric log, so there is no object type "
                "to choose. Leave the object type out, or name an OCEL file."
            ),
            source=name, file=path.name,
        )
    )  # fmt: skip


def _parquet(
    connection: duckdb.DuckDBPyConnection, name: str, path: Path, wanted: set[str] | None
) -> list[str]:
    """Read PATH into the table NAME and return the names of all its columns."""
    try:
        rows = f"read_parquet({literal(str(path))})"
        names = [row[0] for row in connection.execute(f"DESCRIBE FROM {rows}").fetchall()]
        kept = [ident(column) for column in names if wanted is None or column in wanted]
        connection.execute(
            f"CREATE TABLE {ident(name)} AS SELECT {', '.join(kept) or '1'} FROM {rows}"
        )
        return names
    except duckdb.Error as error:
        raise faults.unreadable(name, path.name, error) from None


def _query(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    try:
        # The line break keeps a comment at the query's end from swallowing the bracket.
        connection.execute(
            f"CREATE TABLE {ident(name)} AS SELECT * FROM ({query.strip().rstrip(';')}\n) AS query"
        )
    except duckdb.Error as error:
        raise faults.failed_query(name, error) from None


def _make_missing_null(connection: duckdb.DuckDBPyConnection, name: str, source: Source) -> None:
    """Texts that mean "missing" become null; files of separated values do so while reading."""
    for column, kind, *_ in connection.execute(f"DESCRIBE {ident(name)}").fetchall():
        if kind == "VARCHAR" and source.missing:
            connection.execute(
                f"UPDATE {ident(name)} SET {ident(column)} = NULL "
                f"WHERE {ident(column)} IN {literals(source.missing)}"
            )


def _check_time_format(connection: duckdb.DuckDBPyConnection, name: str, source: Source) -> None:
    if source.time_format is None:
        return
    for form in casting.forms(source.time_format):
        try:
            if form is not None:
                connection.execute(f"SELECT try_strptime('', {literal(form)})")
        except duckdb.Error as error:
            raise _unusable_format(name, source, form or "", faults.gist(error)) from None


def _unusable_format(name: str, source: Source, form: str, error: str) -> InputError:
    if isinstance(source, GivenFile):
        return InputError(
            say(
                N_(
                    "{option}: the form '{format}' cannot be used: {error}. Write one like "
                    "'%d.%m.%Y %H:%M:%S'."
                ),
                option=source.name_of("time_format"), format=form, error=error,
            )
        )  # fmt: skip
    return InputError(
        say(
            N_(
                "[sources.{source}]: time_format = '{format}' cannot be used: {error}. "
                "Write one like '%d.%m.%Y %H:%M:%S'."
            ),
            source=name, format=form, error=error,
        )
    )  # fmt: skip


def wanted_columns(workspace: Workspace) -> set[str] | None:
    """Columns that the workspace names anywhere; None, that is all, where any may be used."""
    if any(block.attributes == ALL for block in workspace.events) or any(
        s.sql is not None and s.database is None for s in workspace.sources.values()
    ):
        return None
    names: list[str | None] = [workspace.case.key]
    for block in workspace.events:
        names += [block.case, block.activity, block.time, block.end, block.resource]
        names += [block.department, block.id, block.lifecycle, *block.attributes]
        for moment in block.activities.values():
            names += [moment.start, moment.end, moment.resource, moment.department]
    due = [step.due for step in workspace.steps.values() if step.due]
    for each in [*due, *workspace.attributes.values(), *workspace.outcomes.values()]:
        names += _named(each)
    # An attribute that names no column has its own name in the source.
    names += list(workspace.attributes)
    names += [outcome.time for outcome in workspace.outcomes.values()]
    if survey := workspace.internal_service.survey:
        names += survey.columns
    for kind in workspace.contacts.values():
        names += kind.columns
    return {name for name in names if name is not None}


def _named(joined: Joined) -> Iterable[str | None]:
    yield joined.column
    if isinstance(joined.on, str):
        yield joined.on
    elif joined.on is not None:
        yield from (*joined.on, *joined.on.values())
