"""``zaplecze workload``: how many people the calls take, and what they give."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaplecze.cli import console
from zaplecze.cli.calls import (
    Away,
    Calls,
    PictureOption,
    Promise,
    WithinOption,
    print_pairs,
    service_rows,
    tell_all,
    whole_intervals,
)
from zaplecze.cli.options import JsonOption, gathered
from zaplecze.errors import InputError
from zaplecze.language import N_, Text, chance, money, number, percent, say

if TYPE_CHECKING:
    from zaplecze.workload import Deflection, Risk, Staffing
    from zaplecze.workload import Path as Course

app = typer.Typer(rich_markup_mode=None)

AgentsOption = Annotated[float, typer.Option(help=N_("Agents at work; fractions are allowed."))]


@app.callback()
def workload() -> None:
    """How many people the work takes."""


@app.command()
@gathered
def service(
    coming: Calls,
    agents: AgentsOption,
    within: WithinOption = 20.0,
    as_json: JsonOption = False,
) -> None:
    """What a number of agents gives: waits, queue, who hangs up, service level by definition."""
    from zaplecze.workload import service as served

    found = served(coming.demand(), agents, within)
    if as_json:
        console.print_json(found.to_dict())
        return
    print_pairs(say(N_("What {n} agents give"), n=_plain(agents)), service_rows(found))
    tell_all(found.caveats)


@app.command()
@gathered
def agents(
    coming: Calls,
    promise: Promise,
    away: Away,
    deviation: Annotated[
        float,
        typer.Option(help=N_("Standard deviation of volumes as a share of the mean: 0.08.")),
    ] = 0.0,
    confidence: Annotated[
        float,
        typer.Option(help=N_("Chance with which the target is to be met where volumes scatter.")),
    ] = 0.8,
    as_json: JsonOption = False,
) -> None:
    """The fewest agents for a target, and the people to employ; how often a plan for the mean fails."""
    from zaplecze.workload import agents_for, risk

    demand, target = coming.demand(), promise.chosen()
    found = agents_for(demand, target, away.chosen())
    scatters = deviation and found.service is not None
    risky = risk(demand, target, found.agents, deviation, confidence) if scatters else None
    if as_json:
        document = found.to_dict()
        console.print_json(document | ({"risk": risky.to_dict()} if risky else {}))
        return
    print_pairs(say(N_("What the target takes")), _staffing_rows(found, risky))
    if found.service is None:
        return
    print_pairs(
        say(N_("What {n} agents give"), n=number(found.agents)), service_rows(found.service)
    )
    tell_all(found.service.caveats)


@app.command()
@gathered
def redials(
    coming: Calls,
    agents_before: Annotated[float, typer.Option(help=N_("Agents before the change."))],
    agents_after: Annotated[float, typer.Option(help=N_("Agents after the change."))],
    within: WithinOption = 20.0,
    hours: Annotated[int, typer.Option(help=N_("Hours to follow."))] = 12,
    delay: Annotated[
        float, typer.Option(help=N_("Mean seconds until somebody calls again."))
    ] = 7200.0,
    out: PictureOption = None,
    as_json: JsonOption = False,
) -> None:
    """What happens hour by hour after a change of staffing: first a wave, then fewer repeats."""
    from zaplecze.workload import path

    if hours < 1:
        raise InputError(say(N_("--hours {value}: give 1 or more."), value=hours))
    found = path(
        coming.demand(),
        agents_before=agents_before,
        agents_after=agents_after,
        within_seconds=within,
        hours=hours,
        redial_delay_seconds=delay,
    )
    if out is not None:
        from zaplecze.report.figures.workload import path_figure

        console.write_picture(path_figure(found, console.language()), out)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_path(found)


@app.command()
@gathered
def deflection(
    coming: Calls,
    promise: Promise,
    away: Away,
    share: Annotated[
        list[float] | None,
        typer.Option(help=N_("Share of calls that go; may be given several times. 0.1 and 0.15.")),
    ] = None,
    relative_aht: Annotated[
        list[float] | None,
        typer.Option(
            help=N_("Their handling time as a part of the mean; several times. 0.6 and 1.")
        ),
    ] = None,
    open_hours: Annotated[
        float, typer.Option(help=N_("Hours a week in which calls come so."))
    ] = 40.0,
    cost_per_head: Annotated[
        float | None, typer.Option(help=N_("What a person costs in a year, everything included."))
    ] = None,
    currency: Annotated[str, typer.Option(help=N_("Currency of the cost, like PLN."))] = "EUR",
    day: Annotated[
        Path | None,
        typer.Option(
            help=N_("Intervals of a day or week, as 'workload day' reads them; --per long.")
        ),
    ] = None,
    shift: Annotated[
        float | None, typer.Option(help=N_("Hours of a shift: people by shifts over that day."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """What fewer calls save: agents, people, hours and money, by which calls go."""
    from zaplecze.workload import Shifts, deflect, read_loads

    if shift is not None and day is None:
        raise InputError(say(N_("--shift needs the intervals of a day. Give them with --day.")))
    found = deflect(
        coming.demand(),
        promise.chosen(),
        shares=share or (0.10, 0.15),
        relative_ahts=relative_aht or (0.6, 1.0),
        shrinkage=away.chosen(),
        open_hours_per_week=open_hours,
        cost_per_head=cost_per_head,
        day=read_loads(day) if day else (),
        shifts=None if shift is None else Shifts(whole_intervals(shift * 3600, coming.per)),
    )
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_savings(found, currency)


def _plain(value: float) -> Text:
    return number(value, 0 if float(value).is_integer() else 1)


def _staffing_rows(found: "Staffing", risky: "Risk | None") -> list[tuple[Text, Text]]:
    from zaplecze.workload.service import NAMES
    from zaplecze.workload.staffing import named_reason

    target = found.target
    rows = [
        (
            say(
                N_("Target within {n} s, {definition}"),
                n=number(target.within_seconds), definition=say(NAMES[target.definition]),
            ),
            percent(target.service_level, 0),
        ),
        (say(N_("Agents at work")), number(found.agents)),
        (say(N_("Just enough, in fractions")), number(found.exact_agents, 2)),
        (say(N_("What decides")), named_reason(found)),
        (say(N_("Shrinkage")), percent(found.shrinkage)),
        (say(N_("People to employ")), number(found.heads)),
    ]  # fmt: skip
    if risky is not None:
        rows += [
            (say(N_("Chance that the target is met")), chance(risky.met_probability)),
            (say(N_("Service level on average")), percent(risky.expected_service_level)),
            (
                say(
                    N_("Agents with whom it is met in {n} of cases"), n=percent(risky.confidence, 0)
                ),
                number(risky.agents_for_confidence),
            ),
        ]
    return rows


def _print_path(found: "Course") -> None:
    from zaplecze.workload.service import NAMES

    moments = [
        (say(N_("before")), found.before),
        *((number(k + 1), moment) for k, moment in enumerate(found.hours)),
        (say(N_("in the end")), found.after),
    ]
    level = say(
        N_("Answered within {n} s, {definition}"),
        n=number(found.within_seconds), definition=say(NAMES[found.definition]),
    )  # fmt: skip
    console.print_table(
        say(N_("Calls an hour after the change")),
        [
            (say(N_("Hour")), "left"), (say(N_("Attempts")), "right"), (say(N_("Answered")), "right"),
            (say(N_("Hang up")), "right"), (level, "right"),
        ],
        [
            [
                console.said(text)
                for text in (
                    name, number(each.attempts), number(each.answered),
                    percent(each.abandon_probability), percent(each.service_level),
                )
            ]
            for name, each in moments
        ],
    )  # fmt: skip
    console.tell(found.caveat)


def _print_savings(found: "Deflection", currency: str) -> None:
    headings = (
        N_("Calls gone"), N_("Their handling time"), N_("Agents"), N_("Saved"), N_("Exactly"),
        N_("People"), N_("Hours freed a week"), N_("Money a year"), N_("In words"),
    )  # fmt: skip
    console.print_table(
        say(N_("What fewer calls save")),
        [(say(words), "left" if k in (0, 8) else "right") for k, words in enumerate(headings)],
        [
            [
                console.said(text)
                for text in (
                    percent(each.share, 0),
                    percent(each.relative_aht, 0),
                    Text.same(f"{each.agents_before} → {each.agents_after}"),
                    percent(each.agents_saved_share),
                    number(each.exact_saved, 2),
                    Text.same(f"{each.heads_before} → {each.heads_after}"),
                    number(each.hours_freed_per_week),
                    Text.same("–")
                    if each.cost_saved_per_year is None
                    else money(each.cost_saved_per_year, currency),
                    each.sentence,
                )
            ]
            for each in found.savings
        ],
    )
    if found.days:
        _print_days(found)
    console.tell(
        say(
            N_(
                "Hours freed are no money by themselves: money is counted only for whole posts that go."
            )
        )
    )
    tell_all(found.caveats)


def _print_days(found: "Deflection") -> None:
    headings = (
        N_("Calls gone"), N_("Their handling time"), N_("Agent hours"), N_("Saved"),
        N_("People in shifts"), N_("Saved"),
    )  # fmt: skip
    console.print_table(
        say(N_("Over the intervals of the day")),
        [(say(words), "left" if k == 0 else "right") for k, words in enumerate(headings)],
        [
            [
                console.said(percent(each.share, 0)),
                console.said(percent(each.relative_aht, 0)),
                " → ".join(
                    console.said(number(hours, 1))
                    for hours in (each.hours_before, each.hours_after)
                ),
                console.said(percent(each.hours_saved_share)),
                "–"
                if each.people_before is None
                else f"{each.people_before} → {each.people_after}",
                "–"
                if each.people_saved_share is None
                else console.said(percent(each.people_saved_share)),
            ]
            for each in found.days
        ],
    )
