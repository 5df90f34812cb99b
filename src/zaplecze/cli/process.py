"""``zaplecze process``: what really happens, as figures and as a map."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze.cli import console
from zaplecze.cli.console import ROWS_SHOWN, duration, said
from zaplecze.cli.logs import LogSource
from zaplecze.cli.measured import print_measured
from zaplecze.cli.options import JsonOption, check_share, gathered
from zaplecze.language import N_, Text, number, percent, rounded_money, say, say_plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zaplecze.process import Effort, StepFacts
    from zaplecze.workspace import Workspace

_STEPS_SHOWN = 30
_DEPARTMENTS_SHOWN = 5

app = typer.Typer(rich_markup_mode=None)


@app.callback()
def process() -> None:
    """Show what happens: map, graph, variants, steps, hand-overs, flow."""


@app.command()
@gathered
def graph(
    *,
    activities: Annotated[
        float | None,
        typer.Option(help=N_("Share of the steps to show, 0 to 1; otherwise all.")),
    ] = None,
    paths: Annotated[
        float | None,
        typer.Option(help=N_("Share of the paths to show, 0 to 1; otherwise all.")),
    ] = None,
    source: LogSource,
    as_json: JsonOption = False,
) -> None:
    """Which step follows which, how often and after what wait."""
    from zaplecze import process

    _check_shares(activities, paths)
    with source.opened() as (stored, described):
        found = process.graph(stored, described)
    if activities is not None or paths is not None:
        found = process.simplified(
            found, 1.0 if activities is None else activities, 1.0 if paths is None else paths
        )
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_filters(found.filters)
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
                said(labels[edge.source]),
                said(labels[edge.target]),
                said(number(edge.count)),
                said(number(edge.cases)),
                duration(edge.wait_seconds.median),
                duration(edge.wait_seconds.p95),
            ]
            for edge in found.edges[:ROWS_SHOWN]
        ],
    )
    console.tell_of_more(len(found.edges), ROWS_SHOWN)


@app.command()
@gathered
def variants(source: LogSource, as_json: JsonOption = False) -> None:
    """The ways that cases take, most frequent first."""
    from zaplecze import process

    with source.opened() as (stored, described):
        found = process.variants(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_filters(found.filters)
    console.print_table(
        say(N_("Ways through the process, most frequent first")),
        [
            (say(N_("Cases")), "right"),
            (say(N_("Share")), "right"),
            (say(N_("Steps")), "left"),
        ],
        [
            [
                said(number(variant.cases)),
                said(percent(variant.share)),
                _way(variant.activities, described),
            ]
            for variant in found.top(ROWS_SHOWN)
        ],
    )
    console.tell_of_more(len(found), ROWS_SHOWN)


@app.command()
@gathered
def steps(source: LogSource, as_json: JsonOption = False) -> None:
    """What each step is like: waits, time in it, rework, departments, done on time or not."""
    from zaplecze import process
    from zaplecze.process import MEASURES

    with source.opened() as (stored, described):
        found = process.steps(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_filters(found.filters)
    often = sorted(found.steps, key=lambda step: -step.events)[:ROWS_SHOWN]
    shown = [step for step in found if step in often]
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
        [_step_row(step, described) for step in shown],
    )
    console.tell_of_more(len(found.steps), ROWS_SHOWN)
    _print_work(shown)
    print_measured(found)
    console.print_table(
        say(N_("What the figures mean")),
        [(Text.same(""), "left"), (Text.same(""), "left")],
        [[said(measure.name), said(measure.formula)] for measure in MEASURES],
    )


@app.command("map")
@gathered
def map_(
    *,
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
        Literal["count", "cases", "median", "mean", "p95", "total"],
        typer.Option(help=N_("What the lines show.")),
    ] = "count",
    lanes: Annotated[
        bool, typer.Option("--lanes", help=N_("Put the steps into lanes by department."))
    ] = False,
    source: LogSource,
    as_json: JsonOption = False,
) -> None:
    """Draw the process as a map (SVG)."""
    from zaplecze import process

    _check_shares(activities, paths)
    with source.opened() as (stored, described):
        found = process.graph(stored, described)
    sensible = process.sensible_shares(found)
    shares = {
        "activities": sensible[0] if activities is None else activities,
        "paths": sensible[1] if paths is None else paths,
    }
    picture = process.map_svg(found, console.language(), **shares, measure=measure, lanes=lanes)
    if out is not None:
        console.write_picture(picture, out)
    if as_json:
        filters = found.filters
        console.print_json({**shares, "measure": measure, "filters": filters, "svg": picture})
    elif out is None:
        print(picture)


def _check_shares(activities: float | None, paths: float | None) -> None:
    for option, share in (("--activities", activities), ("--paths", paths)):
        check_share(option, share)


def departments_in_short(names: "Iterable[str]", workspace: "Workspace | None") -> str:
    """The first of NAMES, those that did most, and how many more there are."""
    labels = [said(workspace.department_label(name)) if workspace else name for name in names]
    shown, more = ", ".join(labels[:_DEPARTMENTS_SHOWN]), len(labels) - _DEPARTMENTS_SHOWN
    if more <= 0:
        return shown
    return said(say(N_("{names} and {count} more"), names=shown, count=number(more)))


def _way(activities: list[str], workspace: "Workspace | None") -> str:
    """The steps of a way; of a long one the first, and how many more there are."""
    labels = [
        said(workspace.step_label(name)) if workspace else name
        for name in activities[:_STEPS_SHOWN]
    ]
    shown, more = " → ".join(labels), len(activities) - len(labels)
    if not more:
        return shown
    rest = say_plural(N_("… and {count} more step"), N_("… and {count} more steps"), more)
    return f"{shown} {said(rest)}"


def _step_row(step: "StepFacts", workspace: "Workspace | None") -> list[str]:
    return [
        said(step.label),
        said(number(step.events)),
        said(number(step.cases)),
        duration(step.wait_seconds.median),
        duration(step.wait_seconds.p95),
        # A source with one time an event says nothing about the time in a step.
        duration(step.service_seconds.median if step.service_seconds.total else None),
        said(number(step.rework_cases)),
        said(percent(step.on_time.share)) if step.on_time else "–",
        departments_in_short(step.departments, workspace),
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
                (say(N_("Minutes each")), "right"),
                (say(N_("Basis")), "left"),
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
        said(step.label),
        duration(wait.median if wait else None),
        duration(wait.p95 if wait else None),
        duration(service.median if service and service.total else None),
    ]


def _effort_row(step: "StepFacts", effort: "Effort") -> list[str]:
    hours, cost = effort.hours_per_year, effort.cost_per_year
    basis = {"measured": say(N_("measured")), "assumed": say(N_("assumed"))}
    shown = [
        said(step.label),
        said(number(effort.events_per_year)),
        said(number(effort.minutes.amount, 1)),
        said(basis[effort.minutes.basis]),
        said(number(hours.amount)),
        f"{said(number(hours.low))}–{said(number(hours.high))}",
    ]
    if cost is None:
        return [*shown, "–", ""]
    low, high = (said(rounded_money(each, effort.currency)) for each in (cost.low, cost.high))
    return [*shown, said(rounded_money(cost.amount, effort.currency)), f"{low} – {high}"]
