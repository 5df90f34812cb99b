"""``zaplecze process``: what really happens, as figures and as a map."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze import placing
from zaplecze.cli import console
from zaplecze.language import N_, Text, duration, number, percent, say

if TYPE_CHECKING:
    from zaplecze.eventlog import EventLog
    from zaplecze.process import StepFacts
    from zaplecze.workspace import Workspace

app = typer.Typer(rich_markup_mode=None)

_ROWS_SHOWN = 30

LogArgument = Annotated[
    Path,
    typer.Argument(
        metavar="LOG",
        help=N_("A stored log, a folder that 'run' wrote, or one file of events."),
    ),
]
WorkspaceOption = Annotated[
    Path | None, typer.Option(help=N_("Workspace file with names, departments and targets."))
]
CaseOption = Annotated[str | None, typer.Option(help=N_("Column of the case."))]
ActivityOption = Annotated[str | None, typer.Option(help=N_("Column of the activity."))]
TimeOption = Annotated[str | None, typer.Option(help=N_("Column of the time."))]
EndOption = Annotated[str | None, typer.Option(help=N_("Column of the end."))]
ResourceOption = Annotated[str | None, typer.Option(help=N_("Column of the person or tool."))]
DepartmentOption = Annotated[str | None, typer.Option(help=N_("Column of the department."))]
JsonOption = Annotated[bool, typer.Option("--json", help=N_("Print one JSON document."))]


@app.callback()
def process() -> None:
    """Show what happens: map, graph, variants, steps."""


@dataclass(frozen=True)
class Columns:
    """Which columns of a file are meant; not needed for a stored log."""

    case: str | None
    activity: str | None
    time: str | None
    end: str | None
    resource: str | None
    department: str | None


@app.command()
def graph(
    log: LogArgument,
    workspace: WorkspaceOption = None,
    case: CaseOption = None,
    activity: ActivityOption = None,
    time: TimeOption = None,
    end: EndOption = None,
    resource: ResourceOption = None,
    department: DepartmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which step follows which, how often and after what wait."""
    from zaplecze import process

    columns = Columns(case, activity, time, end, resource, department)
    with _opened(log, workspace, columns) as (stored, described):
        found = process.graph(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    labels = {activity.name: activity.label for activity in found.activities}
    console.print_table(
        say(N_("Paths, most frequent first")),
        [
            (say(N_("From step")), "left"),
            (say(N_("To step")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Cases")), "right"),
            (say(N_("Median wait")), "right"),
            (say(N_("95 % wait at most")), "right"),
        ],
        [
            [
                _said(labels[edge.source]),
                _said(labels[edge.target]),
                _said(number(edge.count)),
                _said(number(edge.cases)),
                _time(edge.wait_seconds.median),
                _time(edge.wait_seconds.p95),
            ]
            for edge in found.edges[:_ROWS_SHOWN]
        ],
    )
    _tell_of_more(len(found.edges))


@app.command()
def variants(
    log: LogArgument,
    workspace: WorkspaceOption = None,
    case: CaseOption = None,
    activity: ActivityOption = None,
    time: TimeOption = None,
    end: EndOption = None,
    resource: ResourceOption = None,
    department: DepartmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """The ways that cases take, most frequent first."""
    from zaplecze import process

    columns = Columns(case, activity, time, end, resource, department)
    with _opened(log, workspace, columns) as (stored, described):
        found = process.variants(stored)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_table(
        say(N_("Ways through the process, most frequent first")),
        [
            (say(N_("Cases")), "right"),
            (say(N_("Share")), "right"),
            (say(N_("Steps")), "left"),
        ],
        [
            [
                _said(number(variant.cases)),
                _said(percent(variant.share)),
                " → ".join(
                    _said(described.step_label(name)) if described else name
                    for name in variant.activities
                ),
            ]
            for variant in found.top(_ROWS_SHOWN)
        ],
    )
    _tell_of_more(len(found))


@app.command()
def steps(
    log: LogArgument,
    workspace: WorkspaceOption = None,
    case: CaseOption = None,
    activity: ActivityOption = None,
    time: TimeOption = None,
    end: EndOption = None,
    resource: ResourceOption = None,
    department: DepartmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """What each step is like: waits, time in it, rework, departments, done on time or not."""
    from zaplecze import process
    from zaplecze.process import MEASURES

    columns = Columns(case, activity, time, end, resource, department)
    with _opened(log, workspace, columns) as (stored, described):
        found = process.steps(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_table(
        say(N_("Steps, in the order in which they usually happen")),
        [
            (say(N_("Step")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Cases")), "right"),
            (say(N_("Median wait")), "right"),
            (say(N_("95 % wait at most")), "right"),
            (say(N_("Median time in it")), "right"),
            (say(N_("Cases with rework")), "right"),
            (say(N_("Done on time")), "right"),
            (say(N_("Departments")), "left"),
        ],
        [_step_row(step, described) for step in found],
    )
    console.print_table(
        say(N_("What the figures mean")),
        [(Text.same(""), "left"), (Text.same(""), "left")],
        [[_said(measure.name), _said(measure.formula)] for measure in MEASURES],
    )


@app.command("map")
def map_(
    log: LogArgument,
    out: Annotated[
        Path | None, typer.Option(help=N_("SVG file to write; otherwise it goes to stdout."))
    ] = None,
    activities: Annotated[
        float | None,
        typer.Option(help=N_("Share of the steps to show, 0 to 1; otherwise what reads well.")),
    ] = None,
    paths: Annotated[
        float | None,
        typer.Option(help=N_("Share of the paths to show, 0 to 1; otherwise what reads well.")),
    ] = None,
    measure: Annotated[
        Literal["count", "median"], typer.Option(help=N_("What the lines show."))
    ] = "count",
    workspace: WorkspaceOption = None,
    case: CaseOption = None,
    activity: ActivityOption = None,
    time: TimeOption = None,
    end: EndOption = None,
    resource: ResourceOption = None,
    department: DepartmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw the process as a map (SVG)."""
    from zaplecze import process

    for option, share in (("--activities", activities), ("--paths", paths)):
        _check_share(option, share)
    columns = Columns(case, activity, time, end, resource, department)
    with _opened(log, workspace, columns) as (stored, described):
        found = process.graph(stored, described)
    sensible = process.sensible_shares(found)
    shares = {
        "activities": sensible[0] if activities is None else activities,
        "paths": sensible[1] if paths is None else paths,
    }
    picture = process.map_svg(found, console.language(), **shares, measure=measure)
    if out is not None:
        with placing.new_file(out) as file:
            file.write_text(picture, encoding="utf-8")
        console.tell(say(N_("The map is in {file}."), file=str(out)))
    if as_json:
        console.print_json({**shares, "measure": measure, "svg": picture})
    elif out is None:
        print(picture)


@contextmanager
def _opened(
    log: Path, workspace: Path | None, columns: Columns
) -> Iterator[tuple["EventLog", "Workspace | None"]]:
    """The log at LOG, imported for the moment if it is a file, and the workspace if there is one."""
    import tempfile
    from dataclasses import asdict

    from zaplecze import eventlog
    from zaplecze.workspace import load

    described = load(workspace) if workspace else None
    with tempfile.TemporaryDirectory() as folder:
        if log.is_file():
            with console.progress() as progress:
                importable = eventlog.workspace_for(log, **asdict(columns))
                stored = eventlog.build(importable, log.parent, Path(folder) / "log", progress)
            for warning in stored.info.warnings:
                console.tell(Text.of(warning))  # type: ignore[arg-type]
        else:
            written_by_run = log / "log"
            within = not (log / "log.json").exists() and (written_by_run / "log.json").exists()
            stored = eventlog.open_log(written_by_run if within else log)
        try:
            yield stored, described
        finally:
            stored.close()


def _check_share(option: str, share: float | None) -> None:
    from zaplecze.errors import InputError

    if share is not None and not 0 <= share <= 1:
        raise InputError(
            say(
                N_("{option} {value}: this is no share. Give a number from 0 to 1."),
                option=option,
                value=str(share),
            )
        )


def _step_row(step: "StepFacts", workspace: "Workspace | None") -> list[str]:
    departments = (
        _said(workspace.department_label(name)) if workspace else name for name in step.departments
    )
    return [
        _said(step.label),
        _said(number(step.events)),
        _said(number(step.cases)),
        _time(step.wait_seconds.median),
        _time(step.wait_seconds.p95),
        # A source with one time an event says nothing about the time in a step.
        _time(step.service_seconds.median if step.service_seconds.total else None),
        _said(number(step.rework_cases)),
        _said(percent(step.on_time.share)) if step.on_time else "–",
        ", ".join(departments),
    ]


def _tell_of_more(rows: int) -> None:
    if rows > _ROWS_SHOWN:
        console.tell(
            say(
                N_("Shown: {shown} of {all}. With --json all of them are printed."),
                shown=number(_ROWS_SHOWN),
                all=number(rows),
            )
        )


def _time(seconds: float | None) -> str:
    return "–" if seconds is None else _said(duration(seconds))


def _said(text: Text) -> str:
    return text[console.language()]
