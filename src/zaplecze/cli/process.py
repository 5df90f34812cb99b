"""``zaplecze process``: what really happens, as figures and as a map."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze import placing
from zaplecze.cli import console
from zaplecze.cli.filters import filterable
from zaplecze.language import N_, Text, duration, number, percent, rounded_money, say

if TYPE_CHECKING:
    from zaplecze.eventlog import EventLog
    from zaplecze.process import Effort, Filter, StepFacts
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
    """Show what happens: map, graph, variants, steps, hand-overs, flow."""


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
@filterable
def graph(
    chosen: "Filter",
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
    with _opened(log, workspace, columns, chosen) as (stored, described):
        found = process.graph(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_filters(found.filters)
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
@filterable
def variants(
    chosen: "Filter",
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
    with _opened(log, workspace, columns, chosen) as (stored, described):
        found = process.variants(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_filters(found.filters)
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
@filterable
def steps(
    chosen: "Filter",
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
    with _opened(log, workspace, columns, chosen) as (stored, described):
        found = process.steps(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_filters(found.filters)
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
    _print_work(found.steps)
    console.print_table(
        say(N_("What the figures mean")),
        [(Text.same(""), "left"), (Text.same(""), "left")],
        [[_said(measure.name), _said(measure.formula)] for measure in MEASURES],
    )


@app.command("map")
@filterable
def map_(
    chosen: "Filter",
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
    with _opened(log, workspace, columns, chosen) as (stored, described):
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
        filters = found.filters
        console.print_json({**shares, "measure": measure, "filters": filters, "svg": picture})
    elif out is None:
        print(picture)


@contextmanager
def _opened(
    log: Path, workspace: Path | None, columns: Columns, chosen: "Filter | None" = None
) -> Iterator[tuple["EventLog", "Workspace | None"]]:
    """The log at LOG, imported for the moment if it is a file, and the workspace if there is one.

    The log is as CHOSEN shows it.
    """
    import tempfile
    from dataclasses import asdict

    from zaplecze import eventlog
    from zaplecze.process import filtered
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
            shown = filtered(stored, chosen) if chosen else stored
            try:
                yield shown, described
            finally:
                shown.close()
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


def _print_work(steps: "list[StepFacts]") -> None:
    """Figures that need a calendar, or minutes of work, in the workspace."""
    if any(step.wait_working_seconds for step in steps):
        console.print_table(
            say(N_("Steps in working time")),
            [
                (say(N_("Step")), "left"),
                (say(N_("Median wait")), "right"),
                (say(N_("95 % wait at most")), "right"),
                (say(N_("Median time in it")), "right"),
            ],
            [_working_row(step) for step in steps],
        )
    worked = [(step, step.effort) for step in steps if step.effort]
    if worked:
        console.print_table(
            say(N_("Work in a year")),
            [
                (say(N_("Step")), "left"),
                (say(N_("How often")), "right"),
                (say(N_("Hours")), "right"),
                (say(N_("Range")), "left"),
                (say(N_("Cost")), "right"),
                (say(N_("Range")), "left"),
            ],
            [_effort_row(step, effort) for step, effort in worked],
        )


def _working_row(step: "StepFacts") -> list[str]:
    wait, service = step.wait_working_seconds, step.service_working_seconds
    return [
        _said(step.label),
        _time(wait.median if wait else None),
        _time(wait.p95 if wait else None),
        _time(service.median if service and service.total else None),
    ]


def _effort_row(step: "StepFacts", effort: "Effort") -> list[str]:
    hours, cost = effort.hours_per_year, effort.cost_per_year
    shown = [
        _said(step.label),
        _said(number(effort.events_per_year)),
        _said(number(hours.amount)),
        f"{_said(number(hours.low))}–{_said(number(hours.high))}",
    ]
    if cost is None:
        return [*shown, "–", ""]
    low, high = (_said(rounded_money(each, effort.currency)) for each in (cost.low, cost.high))
    return [*shown, _said(rounded_money(cost.amount, effort.currency)), f"{low} – {high}"]


def _print_filters(filters: list[Text]) -> None:
    """What is shown of the log, before the figures."""
    for words in filters:
        print(_said(words))


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
