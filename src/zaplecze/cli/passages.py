"""``zaplecze process handovers``, ``batches`` and ``trend``: how work moves, piles up and changes."""

from typing import TYPE_CHECKING

from zaplecze.cli import console
from zaplecze.cli.console import ROWS_SHOWN, duration, said
from zaplecze.cli.logs import LogSource
from zaplecze.cli.options import JsonOption, gathered
from zaplecze.cli.process import app
from zaplecze.language import N_, number, percent, say

if TYPE_CHECKING:
    from zaplecze.process import Handovers, StepTrend

_WEEKS_SHOWN = 8


@app.command()
@gathered
def handovers(source: LogSource, as_json: JsonOption = False) -> None:
    """How work passes between departments, how long it lies then, and what comes straight back."""
    from zaplecze import process

    with source.opened() as (stored, described):
        found = process.handovers(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_filters(found.filters)
    if not stored.departments:
        console.tell(
            say(
                N_(
                    "No event says which department it belongs to, so hand-overs cannot be seen. "
                    "Read the log with --department and the column that says it."
                )
            )
        )
        return
    _print_sums(found)
    _print_handovers(found)
    if found.ping_pong:
        _print_returns(found)


@app.command()
@gathered
def batches(source: LogSource, as_json: JsonOption = False) -> None:
    """Work done in batches: one person or tool finishes a step of several cases in one minute."""
    from zaplecze import process

    with source.opened() as (stored, described):
        found = process.batches(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_filters(found.filters)
    if not found.steps:
        console.tell(
            say(
                N_(
                    "No event says both who did it and at what time of day, so batches cannot be "
                    "seen. Read the log with --resource and the column that says who."
                )
            )
        )
        return
    console.print_table(
        say(N_("Work done in batches, largest share first")),
        [
            (say(N_("Step")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("In batches")), "right"),
            (say(N_("Batches")), "right"),
            (say(N_("Largest batch")), "right"),
        ],
        [
            [
                said(step.label),
                said(number(step.events)),
                said(percent(step.share)),
                said(number(step.batches)),
                said(number(step.largest)),
            ]
            for step in found.steps[:ROWS_SHOWN]
        ],
    )
    console.tell_of_more(len(found.steps), ROWS_SHOWN)


@app.command()
@gathered
def trend(source: LogSource, as_json: JsonOption = False) -> None:
    """Steps from week to week: how often, after what wait, done on time or not."""
    from zaplecze import process

    with source.opened() as (stored, described):
        found = process.trend(stored, described)
    if as_json:
        console.print_json(found.to_dict())
        return
    console.print_filters(found.filters)
    console.print_table(
        say(N_("Steps in the latest whole weeks")),
        [
            (say(N_("Step")), "left"),
            (say(N_("Week from")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Median wait")), "right"),
            (say(N_("Done on time")), "right"),
        ],
        [row for step in found.steps[:ROWS_SHOWN] for row in _weeks(step)],
    )
    console.tell_of_more(len(found.steps), ROWS_SHOWN)


def _print_sums(found: "Handovers") -> None:
    print(
        said(
            say(
                N_(
                    "Cases in which work passes between departments: {with_it} of {cases}; comes "
                    "straight back: {back}. Share of all waits that lies at hand-overs: {share}."
                ),
                with_it=number(found.cases_with),
                cases=number(found.cases),
                back=number(found.cases_back),
                share="–" if found.share_of_waits is None else percent(found.share_of_waits),
            )
        )
    )


def _print_handovers(found: "Handovers") -> None:
    console.print_table(
        say(N_("Hand-overs, most frequent first")),
        [
            (say(N_("From department")), "left"),
            (say(N_("To department")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Cases")), "right"),
            (say(N_("Median wait")), "right"),
            (say(N_("95 % wait at most")), "right"),
        ],
        [
            [
                said(each.source_label),
                said(each.target_label),
                said(number(each.count)),
                said(number(each.cases)),
                duration(each.wait_seconds.median),
                duration(each.wait_seconds.p95),
            ]
            for each in found.handovers[:ROWS_SHOWN]
        ],
    )
    console.tell_of_more(len(found.handovers), ROWS_SHOWN)


def _print_returns(found: "Handovers") -> None:
    console.print_table(
        say(N_("Work that comes straight back")),
        [
            (say(N_("Department")), "left"),
            (say(N_("Back from")), "left"),
            (say(N_("How often")), "right"),
            (say(N_("Cases")), "right"),
            (say(N_("Median time away")), "right"),
        ],
        [
            [
                said(each.department_label),
                said(each.partner_label),
                said(number(each.count)),
                said(number(each.cases)),
                duration(each.away_seconds.median),
            ]
            for each in found.ping_pong[:ROWS_SHOWN]
        ],
    )
    console.tell_of_more(len(found.ping_pong), ROWS_SHOWN)


def _weeks(step: "StepTrend") -> list[list[str]]:
    return [
        [
            said(step.label),
            week.starts,
            said(number(week.events)),
            duration(week.wait_seconds.median),
            said(percent(week.on_time.share)) if week.on_time else "–",
        ]
        for week in [each for each in step.weeks if each.whole][-_WEEKS_SHOWN:]
    ]
