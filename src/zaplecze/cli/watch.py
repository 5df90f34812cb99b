"""``zaplecze impact watch``: which measures have left what was usual."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from zaplecze.cli import console
from zaplecze.cli.logs import imported
from zaplecze.cli.options import DataOption, JsonOption, gathered
from zaplecze.errors import InputError
from zaplecze.language import N_, Text, date, number, say

if TYPE_CHECKING:
    from zaplecze.impact.watch import Alarm, Watch, Watched


@dataclass(frozen=True, kw_only=True)
class Series:
    """A file of times and values, watched without a workspace."""

    file: Annotated[
        Path | None, typer.Option(help=N_("A file of times and values instead of a workspace."))
    ] = None
    time: Annotated[str | None, typer.Option(help=N_("Column of the time."))] = None
    value: Annotated[str | None, typer.Option(help=N_("Column of the value."))] = None
    segment: Annotated[
        str | None, typer.Option(help=N_("Column that divides the rows, such as a region."))
    ] = None
    offset: Annotated[
        str | None,
        typer.Option(
            help=N_("Column of the exposure of a count, or of the number behind a share.")
        ),
    ] = None
    kind: Annotated[
        Literal["count", "share", "mean", "wait"] | None,
        typer.Option(help=N_("What the values of the file are; otherwise their form decides.")),
    ] = None
    better: Annotated[
        Literal["lower", "higher"] | None,
        typer.Option(help=N_("Which way is better for the file's values.")),
    ] = None
    time_zone: Annotated[
        str, typer.Option(help=N_("Time zone of the file's days, like Europe/Warsaw."))
    ] = "UTC"

    def named(self) -> tuple[Path, dict[str, Any]]:
        """The file, and its columns as the library names them; raises `InputError` without them."""
        if self.file is None or self.time is None or self.value is None:
            raise InputError(
                say(N_("--file needs --time and --value: the names of the columns that hold them."))
            )
        columns = dict(vars(self))
        return columns.pop("file"), columns


@gathered
def watch(
    *,
    workspace: Annotated[
        Path | None, typer.Argument(help=N_("The workspace file, zaplecze.toml; or give --file."))
    ] = None,
    data: DataOption = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(help=N_("Watch this measure only; may be given several times.")),
    ] = None,
    series: Series,
    country: Annotated[
        str | None,
        typer.Option(help=N_("Whose public holidays count, like PL; otherwise the workspace's.")),
    ] = None,
    false_alarms: Annotated[
        float, typer.Option(help=N_("False alarms a year that are acceptable, over all measures."))
    ] = 1.0,
    picture: Annotated[
        Path | None,
        typer.Option(
            help=N_("Draw the alarms to FILE.svg; several become FILE-1.svg, FILE-2.svg …")
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Early warning: which measures have left what was usual, since when, where, and what it costs."""
    import datetime as dt

    if (workspace is None) == (series.file is None):
        raise InputError(
            say(N_("Give either a workspace file, or --file with --time and --value."))
        )
    limits = {
        "now": dt.datetime.now(dt.UTC),
        "country": country,
        "false_alarms_per_year": false_alarms,
    }
    if workspace is not None:
        found = _of_workspace(workspace, data, measure or [], limits)
    else:
        found = _of_series(series, limits)
    if picture is not None:
        _draw(found, picture)
    if as_json:
        console.print_json(found.to_dict())
    else:
        _print(found)


def _of_workspace(
    workspace: Path, data: Path | None, measures: list[str], limits: dict[str, Any]
) -> "Watch":
    from zaplecze.impact.watch import watch as watch_log
    from zaplecze.workspace import load

    described = load(workspace)
    with (
        console.progress() as progress,
        imported(described, folder := data or workspace.parent, progress) as log,
    ):
        return watch_log(
            log, described, measures=measures, data=folder, progress=progress, **limits
        )


def _of_series(series: Series, limits: dict[str, Any]) -> "Watch":
    from zaplecze.impact.watch import watch_file

    file, columns = series.named()
    with console.progress() as progress:
        return watch_file(file, progress=progress, **columns, **limits)


def _draw(found: "Watch", path: Path) -> None:
    """The pictures of all alarms that lasted; without any, nothing is written and that is said."""
    from zaplecze.report.figures.watch import alarm_figure

    drawn = [alarm for alarm in found.alarms if alarm.lasting]
    if not drawn:
        console.tell(say(N_("There is no alarm to draw.")))
        return
    language = console.language()
    for position, alarm in enumerate(drawn, 1):
        name = path if len(drawn) == 1 else path.with_name(f"{path.stem}-{position}{path.suffix}")
        console.write_picture(alarm_figure(found, alarm, language), name)


def _print(found: "Watch") -> None:
    language = console.language()
    if found.alarms:
        console.print_table(
            found.sentence,
            [
                (say(N_("Raised on")), "left"),
                (say(N_("Still so")), "left"),
                (say(N_("What has changed")), "left"),
                (say(N_("Where")), "left"),
                (say(N_("In money")), "left"),
            ],
            [[cell[language] for cell in _alarm_row(alarm)] for alarm in found.alarms],
        )
    if found.watched:
        _print_watched(found)
    else:
        console.tell(found.sentence)
    _tell_notes(found)


def _print_watched(found: "Watch") -> None:
    language = console.language()
    console.print_table(
        say(N_("Measures watched")) if found.alarms else found.sentence,
        [
            (say(N_("Measure")), "left"),
            (say(N_("Watched by")), "left"),
            (say(N_("From")), "left"),
            (say(N_("To")), "left"),
            (say(N_("Level now")), "right"),
            (say(N_("Would be seen within weeks")), "right"),
        ],
        [[cell[language] for cell in _watched_row(watched)] for watched in found.watched],
    )


def _tell_notes(found: "Watch") -> None:
    """What was left out and what could not be watched, and how the rest was."""
    for note in found.notes:
        console.tell(note)
    for watched in found.watched:
        for note in watched.notes:
            console.tell(say(N_("{measure}: {note}"), measure=watched.label, note=note))
    for unwatched in found.unwatched:
        console.tell(
            say(N_("Not watched: {measure}. {reason}"), measure=unwatched.label, reason=unwatched.reason)
        )  # fmt: skip
    if found.watched:
        console.tell(found.method)


def _alarm_row(alarm: "Alarm") -> list[Text]:
    still = say(N_("yes")) if alarm.current and alarm.lasting else say(N_("no"))
    return [date(alarm.raised), still, alarm.sentence, alarm.segment_sentence, alarm.cost_sentence]


def _watched_row(watched: "Watched") -> list[Text]:
    from zaplecze.impact.watch import words

    periods = {"day": N_("day"), "week": N_("week"), "month": N_("month")}
    seen = Text.same("–")
    if watched.detectable is not None:
        seen = say(
            N_("{change} in {weeks}"),
            change=words.detectable_text(watched.detectable, watched.unit),
            weeks=number(watched.detectable.weeks),
        )
    return [
        watched.label,
        say(periods[watched.period]),
        date(watched.first),
        date(watched.last),
        words.value_text(watched.level, watched.unit, watched.period),
        seen,
    ]
