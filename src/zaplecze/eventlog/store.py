"""The event log on disk: a folder of Parquet files and a small ``log.json``.

==================  ==============================================================================
``events/*.parquet``  one row an event, sorted by case and time: ``case`` (uint32), ``activity``
                      (uint16, index into `EventLog.activities`), ``resource`` (uint32 or null),
                      ``department`` (uint16 or null), ``start``, ``end`` (UTC, microseconds;
                      equal where the source has one time), ``position`` in the case from 0,
                      ``next_activity`` (null at the last event), ``wait_seconds`` from this
                      event's end to the next one's start (null at the last), event attributes
``cases/*.parquet``   one row a case: ``case``, ``case_id``, ``variant``, ``start``, ``end``,
                      ``events``, ``rework`` (events that repeat an activity of the case),
                      ``handovers`` (changes of department), the case attributes, for every step
                      with a due time ``due.<activity>``, and for every outcome ``<outcome>`` and
                      ``<outcome>.time``
``variants.parquet``  ``variant``, ``activities`` (list of uint16), ``cases``; most cases first
``resources.parquet`` ``resource``, ``name``
``refused.parquet``   every row that was not used: ``source``, ``row``, ``reason``, ``column``,
                      ``value``, ``case_id``
``objects/*.parquet`` the objects of an object-centric log, as `zaplecze.eventlog.ocel.keeping`
                      describes them; missing in other logs
``log.json``          what `LogInfo` holds
==================  ==============================================================================

All times are timestamps in UTC that carry no zone. ``due.<activity>`` is the last instant at
which the step is still in time: it is late when it ends after that.
"""

import errno
import json
import os
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import duckdb
import narwhals as nw

from zaplecze import placing
from zaplecze.errors import InputError
from zaplecze.eventlog.engine import Cluster, in_force
from zaplecze.eventlog.faults import gist
from zaplecze.eventlog.sql import literal
from zaplecze.language import N_, Text, say

SCHEMA_VERSION = 1

_INFO = "log.json"
_FILES = {
    "events": "events/part-*.parquet",
    "cases": "cases/part-*.parquet",
    "variants": "variants.parquet",
    "resources": "resources.parquet",
    "refused": "refused.parquet",
}
_OBJECTS = "objects/*.parquet"


@dataclass(frozen=True)
class RefusedRows:
    """How many rows of a source were refused for one reason."""

    source: str
    reason: str
    rows: int


@dataclass(frozen=True)
class LogInfo:
    """What a log holds, without reading it. Times are ISO 8601 in UTC.

    ``files`` says for every source that is a file which one it is; ``read_as`` its
    ``delimiter`` and ``encoding`` (of separated values), ``decimal``, ``time_format`` (none: ISO 8601)
    and ``time_zone``; ``objects`` how many objects of each type are kept beside the cases.
    """

    name: Text
    time_zone: str
    cases: int
    events: int
    start: str | None
    end: str | None
    activities: list[str]
    departments: list[str]
    attributes: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    rows_read: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    read_as: dict[str, dict[str, str | None]] = field(default_factory=dict)
    refused: list[RefusedRows] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    objects: dict[str, int] = field(default_factory=dict)
    schema: int = SCHEMA_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as they stand in ``log.json``."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        restored = {
            "name": Text.of(values["name"]),
            "refused": [RefusedRows(**row) for row in values["refused"]],
            "warnings": [Text.of(words) for words in values.get("warnings", [])],
        }
        return cls(**values | restored)


@dataclass(frozen=True, repr=False)
class EventLog:
    """A stored log. Tables are lazy `narwhals` frames; nothing is read before use.

    They are computed by DuckDB in this process, or by ``cluster`` where there is one.
    """

    folder: Path
    info: LogInfo
    cluster: Cluster | None = field(default=None, kw_only=True, repr=False)

    def __repr__(self) -> str:
        info = self.info
        return (
            f"{type(self).__name__}({info.name['en']!r}, cases={info.cases}, events={info.events}, "
            f"activities={len(info.activities)}, start={info.start}, end={info.end}, "
            f"folder={str(self.folder)!r})"
        )

    @property
    def activities(self) -> list[str]:
        """Names of the activities, by code."""
        return self.info.activities

    @property
    def departments(self) -> list[str]:
        """Names of the departments, by code."""
        return self.info.departments

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """A private in-memory DuckDB with the views events, cases, variants, resources, refused.

        Raises `InputError` when the store's files cannot be read.
        """
        connection = duckdb.connect()
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        for view, files in _FILES.items():
            path = literal(str(self.folder / files))
            try:
                connection.execute(f"CREATE VIEW {view} AS SELECT * FROM read_parquet({path})")
            except duckdb.Error as error:
                raise damaged(self.folder, files, gist(error)) from None
        return connection

    def close(self) -> None:
        """Let go of the store's files; the log can be used again afterwards."""
        if "connection" in self.__dict__:
            self.connection.close()
            del self.__dict__["connection"]

    def table(self, view: str) -> nw.LazyFrame[Any]:
        """One of the store's tables as a lazy frame."""
        if self.cluster is not None:
            return self.cluster.table(self.folder / _FILES[view])
        return nw.from_native(self.connection.view(view))

    @property
    def events(self) -> nw.LazyFrame[Any]:
        """The events table."""
        return self.table("events")

    @property
    def cases(self) -> nw.LazyFrame[Any]:
        """The cases table."""
        return self.table("cases")


def open_log(folder: Path) -> EventLog:
    """Open the store in FOLDER, on the cluster that the environment names if it names one.

    Raises `InputError` when FOLDER holds no store, a damaged one, or one of another schema.
    """
    if not (folder / _INFO).exists():
        # A kill in the middle of an exchange may have left the store beside its place.
        placing.clear_abandoned(folder.resolve().parent)
    try:
        values = _read_info(folder)
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(
            say(
                N_("{folder}: there is no event log here. Import one with 'zaplecze log import'."),
                folder=str(folder),
            )
        ) from None
    except (OSError, ValueError) as error:
        raise damaged(folder, _INFO, str(error)) from None
    if values.get("schema") != SCHEMA_VERSION:
        raise InputError(
            say(
                N_("{folder}: this log was written by another version. Import it again."),
                folder=str(folder),
            )
        )
    for files in _FILES.values():
        if next(folder.glob(files), None) is None:
            raise damaged(folder, files, os.strerror(errno.ENOENT))
    try:
        info = LogInfo.from_dict(values)
    except (KeyError, TypeError) as error:
        raise damaged(folder, _INFO, str(error)) from None
    return EventLog(folder, info, cluster=in_force())


def is_store(folder: Path) -> bool:
    """Did Zaplecze write FOLDER, and is there nothing else in it?"""
    return _holds_info(folder) and not _foreign(folder)


def check_replaceable(folder: Path) -> None:
    """Raise `InputError` unless FOLDER is missing, empty, or a store and nothing but a store."""
    placing.check_is_folder(folder)
    if Path.cwd().is_relative_to(folder.resolve()):
        raise InputError(
            say(
                N_(
                    "{folder}: you are working in this folder, so it cannot be replaced. "
                    "Give one inside it with --out, for example --out log."
                ),
                folder=str(folder),
            )
        )
    there = placing.entries(folder)
    if there and not is_store(folder):
        raise placing.occupied(folder, _foreign(folder) if _holds_info(folder) else there)


def _read_info(folder: Path) -> dict[str, Any]:
    values = json.loads((folder / _INFO).read_text(encoding="utf-8"))
    if not isinstance(values, dict):
        raise ValueError(type(values).__name__)
    return values


def _holds_info(folder: Path) -> bool:
    """Is there a ``log.json`` that is ours, of whatever schema?"""
    try:
        return {"schema", "activities", "cases", "events"} <= _read_info(folder).keys()
    except (OSError, ValueError):
        return False


def _foreign(folder: Path) -> list[str]:
    """What lies in FOLDER and is no part of a store."""
    own = {file for files in (*_FILES.values(), _OBJECTS) for file in folder.glob(files)}
    own |= {file.parent for file in own} | {folder / _INFO}
    inside = [folder, *(path for path in own if path.is_dir() and path != folder)]
    return [
        str((part / name).relative_to(folder))
        for part in inside
        for name in placing.entries(part)
        if part / name not in own
    ]


def damaged(folder: Path, file: str, error: str) -> InputError:
    """FILE of the store in FOLDER cannot be read, for the reason ERROR."""
    return InputError(
        say(
            N_(
                "{folder}: this event log is damaged: {file} cannot be read ({error}). "
                "Delete the folder and import the log again."
            ),
            folder=str(folder), file=file, error=error,
        )
    )  # fmt: skip
