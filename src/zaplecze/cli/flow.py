"""``zaplecze process flow``: cases over time."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze.cli import console
from zaplecze.cli.console import ROWS_SHOWN, duration, said
from zaplecze.cli.logs import LogSource
from zaplecze.cli.options import JsonOption, gathered
from zaplecze.cli.process import app
from zaplecze.errors import InputError
from zaplecze.language import N_, Text, date, number, percents, say

if TYPE_CHECKING:
    from zaplecze.process import Flow
    from zaplecze.process.measures import Spread

_PERIODS_SHOWN = 12


@app.command()
@gathered
def flow(
    *,
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
    source: LogSource,
    as_json: JsonOption = False,
) -> None:
    """Cases over time: how long they take, how many are in progress, come in and go out, how old."""
    from zaplecze import process

    with source.opened() as (stored, described):
        found = process.flow(stored, described, unit=by, at=_instant(at))
    if out is not None:
        console.write_picture(process.flow_svg(found, console.language()), out)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_filters(found.filters)
    _print_cases(found)
    _print_ends(found)
    if found.doubt:
        print(said(found.doubt))
    _print_periods(found)
    _print_open(found)
    if found.little:
        print(said(found.little.sentence))


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
        [said(say(N_("Finished cases"))), said(number(found.finished))],
        [said(say(N_("Open cases"))), said(number(found.open))],
        *_quantiles(said(say(N_("Throughput time"))), found.throughput_seconds),
    ]
    if found.throughput_working_seconds:
        name = said(say(N_("Throughput time in working time")))
        rows += _quantiles(name, found.throughput_working_seconds)
    name = said(say(N_("Throughput time with open cases, median")))
    rows.append([name, duration(found.median_with_open_seconds)])
    console.print_table(
        say(N_("Cases until {at}"), at=_day(found.at) if found.at else "–"),
        [(say(N_("What")), "left"), (say(N_("Figure")), "right")],
        rows,
    )


def _quantiles(name: str, spread: "Spread") -> list[list[str]]:
    return [
        [f"{name}, {said(say(words))}", duration(value)]
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
        [[said(each.label), said(number(each.cases)), said(each.reason)] for each in found.ends],
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
                said(number(each.arrivals)),
                said(number(each.completions)),
                said(number(each.in_progress)),
                duration(each.throughput_seconds),
            ]
            for each in found.periods[-_PERIODS_SHOWN:]
        ],
    )


def _day(instant: str) -> Text:
    return date(dt.datetime.fromisoformat(instant))


def _print_open(found: "Flow") -> None:
    if not found.open:
        return
    aging = found.aging
    by_age = (
        (N_("no older than the median of finished cases"), aging.young),
        (N_("older, as finished cases may be"), aging.middle),
        (N_("older than 95 % of finished cases"), aging.old),
    )
    console.print_table(
        say(N_("Open cases by age")),
        [(say(N_("Age")), "left"), (say(N_("Cases")), "right"), (say(N_("Share")), "right")],
        [
            [said(say(words)), said(number(count)), said(share)]
            for (words, count), share in zip(
                by_age, percents([count / found.open for _, count in by_age], 1), strict=True
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
                said(each.label),
                said(number(each.cases)),
                duration(each.age_seconds.median),
                duration(each.idle_seconds.median),
            ]
            for each in aging.waiting_at[:ROWS_SHOWN]
        ],
    )
    console.tell_of_more(len(aging.waiting_at), ROWS_SHOWN)
