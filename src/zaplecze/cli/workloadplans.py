"""``zaplecze workload day / lines / deferred``: plans from files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaplecze.cli import console
from zaplecze.cli.calls import (
    Away,
    Callers,
    PictureOption,
    Promise,
    print_pairs,
    seconds_text,
    tell_all,
    whole_intervals,
)
from zaplecze.cli.options import JsonOption, gathered
from zaplecze.cli.workload import app
from zaplecze.errors import InputError
from zaplecze.language import N_, Text, number, percent, say

if TYPE_CHECKING:
    from zaplecze.workload import Backlog, Cover, Network, Plan


@app.command()
@gathered
def day(
    file: Annotated[
        Path,
        typer.Argument(help=N_("CSV, Excel or Parquet: a row for each interval, with its calls.")),
    ],
    promise: Promise,
    callers: Callers,
    away: Away,
    calls: Annotated[str, typer.Option(help=N_("Column of the calls."))] = "calls",
    aht: Annotated[
        str,
        typer.Option(
            metavar="COL|SECONDS", help=N_("Column of handling times, or seconds for all.")
        ),
    ] = "aht",
    per: Annotated[float, typer.Option(help=N_("Seconds of an interval."))] = 1800.0,
    shift: Annotated[
        float | None,
        typer.Option(help=N_("Hours of a shift; finds the fewest people that cover it.")),
    ] = None,
    shift_break: Annotated[
        float, typer.Option(help=N_("Minutes of break in the middle of a shift."))
    ] = 0.0,
    days_a_week: Annotated[int, typer.Option(help=N_("Days a week that a person works."))] = 5,
    out: PictureOption = None,
    as_json: JsonOption = False,
) -> None:
    """Agents for a day or a week, interval by interval; with --shift the people that cover it."""
    from zaplecze.workload import Demand, plan, read_loads

    loads = read_loads(file, calls=calls, aht=_number_or_column(aht))
    demand = Demand(0.0, per, 1.0, callers.patience, callers.redial, callers.reconnect)
    found = plan(loads, demand, promise.chosen(), away.chosen())
    covered = _covered(found, shift, shift_break, days_a_week) if shift is not None else None
    if out is not None:
        from zaplecze.report.figures.workload import plan_figure

        console.write_picture(plan_figure(found, console.language(), covered), out)
    if as_json:
        extra = {"shifts": covered.to_dict()} if covered else {}
        console.print_json(found.to_dict() | extra)
        return
    _print_plan(found, covered)


@app.command()
@gathered
def lines(
    file: Annotated[
        Path, typer.Argument(help=N_("TOML file with a table [lines.NAME] for each line."))
    ],
    away: Away,
    as_json: JsonOption = False,
) -> None:
    """Several lines that forward calls: what each gets, and the agents for its target."""
    from zaplecze.workload import network, read_lines

    found = network(read_lines(file), away.chosen())
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_network(found)


@app.command()
def deferred(
    file: Annotated[
        Path, typer.Argument(help=N_("CSV, Excel or Parquet: a row for each interval, in order."))
    ],
    handling: Annotated[float, typer.Option(help=N_("Seconds that an item takes."))],
    deadline: Annotated[
        int, typer.Option(help=N_("Intervals after its own in which an item is due."))
    ],
    items: Annotated[str, typer.Option(help=N_("Column of items that come in."))] = "items",
    people: Annotated[str, typer.Option(help=N_("Column of people who work on them."))] = "people",
    per: Annotated[float, typer.Option(help=N_("Seconds of an interval."))] = 28800.0,
    usable: Annotated[
        float, typer.Option(help=N_("Share of their time that people have for this work."))
    ] = 1.0,
    as_json: JsonOption = False,
) -> None:
    """Work that may wait until a deadline (complaints, mail): what is late, and how many people it takes."""
    from zaplecze.workload import deferred as worked
    from zaplecze.workload.table import Table

    with Table(file) as source:
        came, staff = source.numbers(items), source.numbers(people)
    found = worked(
        came.tolist(), handling, deadline, staff.tolist(), interval_seconds=per, usable=usable
    )
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_backlog(found)


def _number_or_column(words: str) -> str | float:
    try:
        return float(words)
    except ValueError:
        return words


def _covered(found: "Plan", hours: float, break_minutes: float, days_a_week: int) -> "Cover":
    from zaplecze.workload import cover

    length = whole_intervals(hours * 3600, found.per_seconds)
    pause = whole_intervals(break_minutes * 60, found.per_seconds)
    if not 1 <= days_a_week <= 7:
        raise InputError(say(N_("--days-a-week {value}: give 1 to 7."), value=days_a_week))
    return cover(
        found.by_day(),
        shift_intervals=length,
        break_after=length // 2 if pause else None,
        break_intervals=pause,
        days_a_week=days_a_week,
    )


def _print_plan(found: "Plan", covered: "Cover | None") -> None:
    from zaplecze.workload.service import NAMES

    level = say(
        N_("Answered within {n} s, {definition}"),
        n=number(found.within_seconds), definition=say(NAMES[found.definition]),
    )  # fmt: skip
    headings = [
        say(N_("Day")), say(N_("Interval")), say(N_("Calls")), say(N_("Handling time")),
        say(N_("Agents")), level, say(N_("Occupancy")),
    ]  # fmt: skip
    console.print_table(
        say(N_("Agents by interval")),
        [(words, "left" if k < 2 else "right") for k, words in enumerate(headings)],
        [
            [
                each.day,
                each.interval,
                *(
                    console.said(text)
                    for text in (
                        number(each.calls, 1), seconds_text(each.aht_seconds), number(each.agents),
                        _share(each.service_level), _share(each.occupancy),
                    )
                ),
            ]
            for each in found.intervals
        ],
    )  # fmt: skip
    rows = [
        (level, _share(found.service_level)),
        (say(N_("Agent hours")), number(found.agent_hours, 1)),
        (say(N_("Paid hours")), number(found.paid_hours, 1)),
        (say(N_("Agents at the peak")), number(found.peak_agents)),
    ]
    if covered:
        rows += [
            (say(N_("People whose shifts cover it")), number(covered.people)),
            (say(N_("Of their time not needed")), percent(covered.spare_share)),
        ]
    print_pairs(say(N_("All intervals together")), rows)
    tell_all(found.caveats)
    if covered and not covered.proven:
        console.tell(
            say(
                N_("Fewer than {people} people were not found; fewer than {bound} are not possible."),
                people=number(covered.people), bound=number(covered.bound),
            )
        )  # fmt: skip


def _share(value: float | None) -> Text:
    return Text.same("–") if value is None else percent(value)


def _print_network(found: "Network") -> None:
    from zaplecze.workload.service import NAMES

    headings = (
        N_("Line"), N_("Calls from outside"), N_("Forwarded to it"), N_("Agents"), N_("People"),
        N_("Occupancy"), N_("Hang up"), N_("Answered in time"),
    )  # fmt: skip
    rows = []
    for each in found.lines:
        served = each.service
        level = say(
            N_("{share} within {n} s, {definition}"),
            share=percent(served.service_level[each.target.definition]),
            n=number(each.target.within_seconds), definition=say(NAMES[each.target.definition]),
        )  # fmt: skip
        figures = (
            number(each.calls_outside), number(each.calls_forwarded), number(each.agents),
            number(each.heads), percent(served.occupancy), percent(served.abandon_probability), level,
        )  # fmt: skip
        rows.append([each.name, *(console.said(text) for text in figures)])
    console.print_table(
        say(N_("Lines")),
        [(say(words), "left" if k in (0, 7) else "right") for k, words in enumerate(headings)],
        rows,
    )
    tell_all(found.caveats)


def _print_backlog(found: "Backlog") -> None:
    needed = Text.same("–") if found.people_needed is None else number(found.people_needed, 2)
    print_pairs(
        say(N_("Work that may wait")),
        [
            (say(N_("Items that came")), number(sum(found.came))),
            (say(N_("Done")), number(sum(found.done))),
            (say(N_("Done late")), number(sum(found.late))),
            (say(N_("On time")), _share(found.on_time_share)),
            (say(N_("Still waiting at the end")), number(found.unfinished)),
            (say(N_("People with whom nothing is late")), needed),
        ],
    )
