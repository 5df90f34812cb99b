"""The log that a command looks at: where it lies, how a file of events is read, what is chosen."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaplecze.cli import console
from zaplecze.cli.filters import FilterOptions
from zaplecze.language import N_
from zaplecze.progress import Progress

if TYPE_CHECKING:
    from zaplecze.eventlog import EventLog
    from zaplecze.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Columns:
    """How one file of events is read; not needed for a stored log. The names are the library's."""

    case: Annotated[str | None, typer.Option(help=N_("Column of the case."))] = None
    activity: Annotated[str | None, typer.Option(help=N_("Column of the activity."))] = None
    time: Annotated[str | None, typer.Option(help=N_("Column of the time."))] = None
    end: Annotated[str | None, typer.Option(help=N_("Column of the end."))] = None
    resource: Annotated[str | None, typer.Option(help=N_("Column of the person or tool."))] = None
    department: Annotated[str | None, typer.Option(help=N_("Column of the department."))] = None
    event_id: Annotated[
        str | None,
        typer.Option(help=N_("Column that names each event; a repeated one is refused.")),
    ] = None
    lifecycle: Annotated[
        str | None,
        typer.Option(help=N_("Column that says whether a row starts or completes its step.")),
    ] = None
    object_type: Annotated[
        str | None,
        typer.Option(
            help=N_("In an object-centric log (OCEL): the type whose objects are the cases.")
        ),
    ] = None
    time_zone: Annotated[
        str, typer.Option(help=N_("Time zone of the times that carry none, like 'Europe/Kyiv'."))
    ] = "UTC"
    encoding: Annotated[
        str | None,
        typer.Option(help=N_("Encoding of separated values, like 'cp1250' or 'cp1251'.")),
    ] = None
    time_format: Annotated[
        str | None, typer.Option(help=N_("How times are written, like '%d.%m.%Y %H:%M'."))
    ] = None
    decimal: Annotated[
        str | None, typer.Option(help=N_("Decimal mark of numbers: a point or a comma."))
    ] = None


@dataclass(frozen=True, kw_only=True)
class LogGiven:
    """The argument LOG, and how it is read where it is one file of events."""

    log: Annotated[
        Path,
        typer.Argument(
            metavar="LOG",
            help=N_("A stored log, a folder that 'run' wrote, or one file of events."),
        ),
    ]
    columns: Columns

    @contextmanager
    def stored(self) -> Iterator["EventLog"]:
        """The whole log; a file is imported for the length of the block, and its warnings told.

        Raises `InputError` for what cannot be read.
        """
        from zaplecze import eventlog

        if self.log.is_file():
            importable = eventlog.workspace_for(self.log, **asdict(self.columns))
            with imported(importable, self.log.parent) as stored:
                tell_warnings(stored)
                yield stored
            return
        written_by_run = self.log / "log"
        within = not (self.log / "log.json").exists() and (written_by_run / "log.json").exists()
        stored = eventlog.open_log(written_by_run if within else self.log)
        try:
            yield stored
        finally:
            stored.close()


@dataclass(frozen=True, kw_only=True)
class LogSource(LogGiven):
    """The argument LOG and the options that say how it is looked at.

    A command takes it as one parameter (see `zaplecze.cli.options.gathered`).
    """

    workspace: Annotated[
        Path | None, typer.Option(help=N_("Workspace file with names, departments and targets."))
    ] = None
    filters: FilterOptions

    @contextmanager
    def opened(self) -> Iterator[tuple["EventLog", "Workspace | None"]]:
        """The log as the filters show it, and the workspace if there is one.

        It goes away with the block. Raises `InputError` for what cannot be read.
        """
        from zaplecze.process import filtered
        from zaplecze.workspace import load

        chosen = self.filters.chosen()
        described = load(self.workspace) if self.workspace else None
        with self.stored() as stored:
            shown = filtered(stored, chosen)
            try:
                yield shown, described
            finally:
                shown.close()


@contextmanager
def imported(
    workspace: "Workspace", data: Path, progress: Progress | None = None
) -> Iterator["EventLog"]:
    """The log that WORKSPACE describes, read from the folder DATA; it goes away with the block.

    Without PROGRESS the import shows a bar of its own.
    """
    from zaplecze import eventlog

    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder) / "log"
        if progress is None:
            with console.progress() as bar:
                stored = eventlog.build(workspace, data, room, bar)
        else:
            stored = eventlog.build(workspace, data, room, progress)
        try:
            yield stored
        finally:
            stored.close()


def tell_warnings(stored: "EventLog") -> None:
    """What the import found odd, on stderr."""
    for warning in stored.info.warnings:
        console.tell(warning)
