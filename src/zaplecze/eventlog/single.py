"""A workspace for one file, when nobody wrote one."""

import csv
import io
import zlib
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from zaplecze.errors import InputError
from zaplecze.eventlog import faults
from zaplecze.eventlog.given import GivenFile
from zaplecze.eventlog.letters import likely_encoding
from zaplecze.eventlog.separated import encoding_of, open_bytes, sniffed, unique
from zaplecze.eventlog.sources import ALL, format_of, is_object_centric
from zaplecze.language import N_, Text, say
from zaplecze.workspace import (
    CaseTable,
    Events,
    Workspace,
)

CASE, ACTIVITY, TIME, START = (
    "case:concept:name", "concept:name", "time:timestamp", "start_timestamp",
)  # fmt: skip
RESOURCE, DEPARTMENT, LIFECYCLE = "org:resource", "org:group", "lifecycle:transition"

_STANDARD = {"case": CASE, "activity": ACTIVITY, "time": TIME}


def workspace_for(
    file: Path,
    *,
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    end: str | None = None,
    resource: str | None = None,
    department: str | None = None,
    event_id: str | None = None,
    lifecycle: str | None = None,
    object_type: str | None = None,
    time_zone: str = "UTC",
    encoding: str | None = None,
    time_format: str | None = None,
    decimal: str | None = None,
    in_memory: bool = False,
) -> Workspace:
    """A workspace that reads FILE, a row an event, from these columns.

    The source is called ``log`` and lies in FILE's own folder. XES says itself what its columns
    are, and so does a table with the column names of XES, as `export` writes them; for others
    `InputError` names what is missing. All other columns are kept as attributes of the events, or
    of the cases where their names begin with ``case:``. An EVENT_ID that comes again is refused;
    LIFECYCLE tells starts from completions, which are paired. A folder raises `InputError` too. OCEL
    needs an OBJECT_TYPE, whose objects become the cases; times without a zone are clock times of
    TIME_ZONE, which raises it where there is none of that name. ENCODING, TIME_FORMAT and DECIMAL,
    the mark of numbers, are as in a workspace, and are found out where they are not given. With
    IN_MEMORY, FILE holds a table of the program, and messages say so.
    """
    _check_zone(time_zone)
    _check_no_folder(file)
    likely = None if encoding or format_of(file) != "separated" else likely_encoding(file)
    given_file = GivenFile(
        file=file.name,
        encoding=encoding or likely or "utf-8",
        guessed=likely is not None,
        time_format=time_format,
        decimal="." if decimal is None else _mark(decimal),
        settles_decimal=decimal is None,
        object_type=object_type,
        in_memory=in_memory,
        object_centric=case is None and is_object_centric(file),
    )
    header = _header(file, given_file.encoding)
    standard = (
        given_file.object_centric
        or format_of(file) == "xes"
        or set(_STANDARD.values()) <= set(header)
    )
    roles = {"case": case, "activity": activity, "time": time}
    named = _named(given_file, standard, roles, header)
    used = {*named.values(), end, resource, department, event_id, lifecycle}
    block = Events(
        source="log",
        activity=named["activity"],
        time=named["time"],
        end=end,
        resource=resource,
        department=department,
        id=event_id,
        lifecycle=lifecycle,
        # A cluster deals out files of which nothing else is to be kept.
        attributes=[] if header and used.issuperset(header) else ALL,
    )
    return Workspace(
        name=Text.same(given_file.title.lstrip(".").split(".")[0]),
        time_zone=time_zone,
        sources={"log": given_file},
        case=CaseTable(key=named["case"]),
        events=[block],
    )


def _named(
    given_file: GivenFile, standard: bool, columns: dict[str, str | None], header: list[str]
) -> dict[str, str]:
    """The column of every role: the given one or, where the file is STANDARD, the one of XES."""
    named = {
        role: column or _STANDARD[role]
        for role, column in columns.items()
        if column is not None or standard
    }
    missing = [given_file.name_of(role) for role in columns if role not in named]
    if missing:
        raise faults.columns_not_said(given_file.title, " ".join(missing), header)
    return named


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(
            say(
                N_("--time-zone: there is no time zone '{name}'. Write one like Europe/Warsaw or UTC."),
                name=name,
            )
        ) from None  # fmt: skip


def _check_no_folder(file: Path) -> None:
    if file.is_dir():
        raise InputError(
            say(
                N_(
                    "{file}: this is a folder. Name one file of events in it, or the workspace "
                    "file that describes them all."
                ),
                file=str(file),
            )
        )


def _mark(decimal: str) -> Literal[".", ","]:
    match decimal:
        case "." | ",":
            return decimal
    raise InputError(
        say(N_("--decimal: '{value}' is no decimal mark. Write a point or a comma."), value=decimal)
    )


def _header(file: Path, encoding: str) -> list[str]:
    """The names of FILE's columns; none where they cannot be read, which the import will tell."""
    try:
        match format_of(file):
            case "separated":
                found = encoding_of(encoding, file)
                found = "utf-8-sig" if found.casefold() in ("utf-8", "utf8") else found
                with io.TextIOWrapper(open_bytes(file), found, "replace") as lines:
                    first = lines.readline(1 << 16)
                return unique(next(csv.reader([first], delimiter=sniffed(first)), []))
            case "parquet":
                return list(pq.read_schema(file).names)
    except (OSError, EOFError, LookupError, csv.Error, zlib.error, pa.ArrowInvalid):
        pass
    return []
