"""``zaplecze process flow``: cases over time."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze.cli import console
from zaplecze.cli.filters import filterable
from zaplecze.cli.process import (
    ActivityOption,
    CaseOption,
    Columns,
    DepartmentOption,
    EndOption,
    JsonOption,
    LogArgument,
    ResourceOption,
    TimeOption,
    WorkspaceOption,
    _opened,
    _print_filters,
    _said,
    _time,
    app,
)
from zaplecze.errors import InputError
from zaplecze.language import N_, number, percent, say

if TYPE_CHECKING:
    from zaplecze.process import Filter, Flow
    from zaplecze.process.measures import Spread

_PERIODS_SHOWN = 12


@app.command()
@filterable
def flow(
    chosen: "Filter",
    log: LogArgument,
    by: Annotated[
        Literal["day", "week"] | None,
        typer.Option(help=N_("Days or weeks; otherwise weeks in a log of more than 120 days.")),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME",
            help=N_(
                "Until when open cases grow older, like 2026-01-31T16:00+01:00; otherwise the last "
                "event."
            ),
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=N_("SVG file for a picture of the flow."))
    ] = None,
    workspace: WorkspaceOption = None,
    case: CaseOption = None,
    activity: ActivityOption = None,
    time: TimeOption = None,
    end: EndOption = None,
    resource: ResourceOption = None,
    department: DepartmentOption = None,
    as_json: JsonOption = False,
) -> None:
    """Cases over time: how long they take, how many are in progress, come in and go out, how old."""
    from zaplecze import process

    columns = Columns(case, activity, time, end, resource, department)
    with _opened(log, workspace, columns, chosen) as (stored, described):
        found = process.flow(stored, described, unit=by, at=_instant(at))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(process.flow_svg(found, console.language()), encoding="utf-8")
        console.tell(say(N_("The picture is in {file}."), file=str(out)))
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_filters(found.filters)
    _print_cases(found)
    _print_ends(found)
    _print_periods(found)
    _print_open(found)
    if found.little:
        print(_said(found.little.sentence))


def _instant(value: str | None) -> dt.datetime | None:
    if value is None:
        return None
    try:
        instant = dt.datetime.fromisoformat(value)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        message = N_("--at {value}: write an instant with its zone, like 2026-01-31T16:00+01:00.")
        raise InputError(say(message, value=value))
    return instant


def _print_cases(found: "Flow") -> None:
    rows = [
        [_said(say(N_("Finished cases"))), _said(number(found.finished))],
        [_said(say(N_("Open cases"))), _said(number(found.open))],
        *_quantiles(_said(say(N_("Throughput time"))), found.throughput_seconds),
    ]
    if found.throughput_working_seconds:
        name = _said(say(N_("Throughput time in working time")))
        rows += _quantiles(name, found.throughput_working_seconds)
    name = _said(say(N_("Throughput time with open cases, median")))
    rows.append([name, _time(found.median_with_open_seconds)])
    console.print_table(
        say(N_("Cases until {at}"), at=found.at or "–"),
        [(say(N_("What")), "left"), (say(N_("Figure")), "right")],
        rows,
    )


def _quantiles(name: str, spread: "Spread") -> list[list[str]]:
    return [
        [f"{name}, {_said(say(words))}", _time(value)]
        for words, value in (
            (N_("median"), spread.median),
            (N_("mean"), spread.mean),
            (N_("95 % at most"), spread.p95),
        )
    ]


def _print_ends(found: "Flow") -> None:
    console.print_table(
        say(N_("Steps with which a case is finished")),
        [(say(N_("Step")), "left"), (say(N_("Cases")), "right"), (say(N_("Why")), "left")],
        [[_said(each.label), _said(number(each.cases)), _said(each.reason)] for each in found.ends],
    )


def _print_periods(found: "Flow") -> None:
    console.print_table(
        say(N_("The latest weeks")) if found.unit == "week" else say(N_("The latest days")),
        [
            (say(N_("From")), "left"),
            (say(N_("Came in")), "right"),
            (say(N_("Finished")), "right"),
            (say(N_("In progress at the end")), "right"),
            (say(N_("Median throughput time")), "right"),
        ],
        [
            [
                each.starts,
                _said(number(each.arrivals)),
                _said(number(each.completions)),
                _said(number(each.in_progress)),
                _time(each.throughput_seconds),
            ]
            for each in found.periods[-_PERIODS_SHOWN:]
        ],
    )


def _print_open(found: "Flow") -> None:
    if not found.open:
        return
    aging = found.aging
    console.print_table(
        say(N_("Open cases by age")),
        [(say(N_("Age")), "left"), (say(N_("Cases")), "right"), (say(N_("Share")), "right")],
        [
            [_said(say(words)), _said(number(count)), _said(percent(count / found.open))]
            for words, count in (
                (N_("no older than the median of finished cases"), aging.young),
                (N_("older, as finished cases may be"), aging.middle),
                (N_("older than 95 % of finished cases"), aging.old),
            )
        ],
    )
    console.print_table(
        say(N_("Open cases by their last step")),
        [
            (say(N_("Step")), "left"),
            (say(N_("Cases")), "right"),
            (say(N_("Median age")), "right"),
            (say(N_("Median time without any event")), "right"),
        ],
        [
            [
                _said(each.label),
                _said(number(each.cases)),
                _time(each.age_seconds.median),
                _time(each.idle_seconds.median),
            ]
            for each in aging.waiting_at
        ],
    )
