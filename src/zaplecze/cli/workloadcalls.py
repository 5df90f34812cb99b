"""``zaplecze workload profile / forecast``: what call records show, and what will come."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaplecze.cli import console
from zaplecze.cli.calls import PictureOption, WithinOption, seconds_text, tell_all
from zaplecze.cli.options import JsonOption
from zaplecze.cli.workload import app
from zaplecze.language import N_, Text, number, percent, say

if TYPE_CHECKING:
    from zaplecze.workload import Forecast, Profile

RecordsArgument = Annotated[
    Path, typer.Argument(help=N_("CSV, Excel or Parquet: a row for each call."))
]
TimeOption = Annotated[
    str,
    typer.Option(
        metavar="COL|DAY+CLOCK",
        help=N_("Column of the time of a call, or of its day and its clock time."),
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        help=N_("How times are written, like '%d.%m.%Y %H:%M'; otherwise as 2026-05-03 09:30.")
    ),
]
IntervalOption = Annotated[int, typer.Option(help=N_("Seconds of an interval of the day."))]

_DAYS_SHOWN = 28


@app.command()
def profile(
    file: RecordsArgument,
    time: TimeOption,
    wait: Annotated[str, typer.Option(help=N_("Column of seconds in the queue."))],
    outcome: Annotated[str, typer.Option(help=N_("Column of how the call ended."))],
    handling: Annotated[str, typer.Option(help=N_("Column of seconds with an agent."))],
    answered: Annotated[
        list[str], typer.Option(help=N_("Word for an answered call; several times."))
    ],
    abandoned: Annotated[
        list[str], typer.Option(help=N_("Word for a caller who hung up; several times."))
    ],
    kind: Annotated[str | None, typer.Option(help=N_("Column of the kind of call."))] = None,
    time_format: FormatOption = None,
    per: IntervalOption = 1800,
    within: WithinOption = 20.0,
    out: PictureOption = None,
    loads: Annotated[
        Path | None,
        typer.Option(help=N_("CSV file for the mean week, as 'workload day' reads it.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What call records show: calls by time of day, handling times, patience, how many hung up."""
    from zaplecze.workload import profile as shown
    from zaplecze.workload import read_records

    records = read_records(
        file, time=time, wait=wait, outcome=outcome, answered=answered, abandoned=abandoned,
        handling=handling, kind=kind, time_format=time_format,
    )  # fmt: skip
    found = shown(records, per, within)
    if out is not None:
        from zaplecze.report.figures.workload import profile_figure

        console.write_picture(profile_figure(found, console.language()), out)
    if loads is not None:
        _write_loads(found, loads)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_profile(found)


@app.command()
def forecast(
    file: Annotated[
        Path,
        typer.Argument(help=N_("CSV, Excel or Parquet: a row for each call or each interval.")),
    ],
    time: TimeOption,
    calls: Annotated[
        str | None,
        typer.Option(help=N_("Column of calls, where a row is an interval and not a call.")),
    ] = None,
    days: Annotated[int, typer.Option(help=N_("Days to foretell."))] = 14,
    country: Annotated[
        str | None, typer.Option(help=N_("Whose public holidays count, like PL or UA."))
    ] = None,
    coverage: Annotated[
        float, typer.Option(help=N_("Share of cases that is to lie between low and high."))
    ] = 0.9,
    time_format: FormatOption = None,
    per: IntervalOption = 1800,
    out: PictureOption = None,
    as_json: JsonOption = False,
) -> None:
    """How many calls will come by day and interval, with bounds, tried on the past first."""
    from zaplecze.workload import forecast as foretold
    from zaplecze.workload import read_volumes

    past = read_volumes(file, time=time, calls=calls, interval_seconds=per, time_format=time_format)
    found = foretold(past, days, country=country, coverage=coverage)
    if out is not None:
        from zaplecze.report.figures.workload import forecast_figure

        console.write_picture(forecast_figure(found, console.language()), out)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_forecast(found)


def _write_loads(found: "Profile", file: Path) -> None:
    from zaplecze.placing import new_file
    from zaplecze.workload import loads

    with new_file(file) as path, path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["day", "interval", "calls", "aht"])
        for each in loads(found):
            writer.writerow([each.day, each.interval, f"{each.calls:g}", f"{each.aht_seconds:g}"])
    console.tell(say(N_("The mean week is in {file}."), file=str(file)))


def _print_profile(found: "Profile") -> None:
    from zaplecze.workload.service import NAMES

    headings = (
        N_("Calls of"), N_("Calls"), N_("Hang up"), N_("Mean wait"), N_("Handling time, mean"),
        N_("Median"), N_("90 %"), N_("Mean patience"), N_("Half would wait"),
    )  # fmt: skip
    rows = []
    for each in (found.all, *found.kinds, *found.parts_of_day):
        handling, waiting = each.handling, each.patience
        figures = (
            Text.same(each.name) if each.name else say(N_("all calls")),
            number(each.calls), percent(each.abandoned_share), seconds_text(each.mean_wait_seconds),
            seconds_text(handling.mean_seconds if handling else None),
            seconds_text(handling.median_seconds if handling else None),
            seconds_text(handling.p90_seconds if handling else None),
            seconds_text(waiting.exponential_mean_seconds), seconds_text(waiting.median_seconds),
        )  # fmt: skip
        rows.append([console.said(text) for text in figures])
    console.print_table(
        say(N_("Calls from {first} to {last}"), first=found.first_day, last=found.last_day),
        [(say(words), "left" if k == 0 else "right") for k, words in enumerate(headings)],
        rows,
    )
    for definition, level in found.service_level.items():
        name = say(
            N_("Answered within {n} s, {definition}"),
            n=number(found.within_seconds),
            definition=next(say(words) for key, words in NAMES.items() if key == definition),
        )
        print(f"{console.said(name)}: {console.said(percent(level))}")
    if found.deviation is not None:
        words = say(
            N_("Daily volumes scatter by {share} beyond chance"), share=percent(found.deviation)
        )
        print(console.said(words))
    tell_all(found.caveats)


def _print_forecast(found: "Forecast") -> None:
    tried = found.backtest
    print(console.said(found.sentence))
    headings = (N_("Day"), N_("Holiday"), N_("Calls"), N_("From"), N_("To"))
    console.print_table(
        say(
            N_("Calls to come; {share} of days lie between"),
            share=percent(found.coverage_wanted, 0),
        ),
        [(say(words), "left" if k < 2 else "right") for k, words in enumerate(headings)],
        [
            [
                str(each.day),
                console.said(each.holiday) if each.holiday else "",
                *(
                    console.said(number(value))
                    for value in (each.total.mean, each.total.low, each.total.high)
                ),
            ]
            for each in found.days[:_DAYS_SHOWN]
        ],
    )
    console.tell_of_more(len(found.days), _DAYS_SHOWN)
    rows = [
        [
            console.said(say(N_("Error of intervals (MASE)"))),
            _two(tried.mase),
            _two(tried.naive_mase),
        ],
        [
            console.said(say(N_("Error of days (MASE)"))),
            _two(tried.day_mase),
            _two(tried.naive_day_mase),
        ],
        [
            console.said(say(N_("Intervals within the bounds"))),
            console.said(percent(tried.coverage)),
            "",
        ],
        [
            console.said(say(N_("Days within the bounds"))),
            console.said(percent(tried.day_coverage)),
            "",
        ],
    ]
    console.print_table(
        say(N_("Tried on the past, {n} weeks"), n=number(tried.weeks)),
        [
            (say(N_("What")), "left"),
            (say(N_("Forecast")), "right"),
            (say(N_("Last week repeated")), "right"),
        ],
        rows,
    )
    tell_all([found.method, *found.caveats])


def _two(value: float) -> str:
    return console.said(number(value, 2))
