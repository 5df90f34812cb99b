"""Options of ``zaplecze workload`` that several commands take: what comes, what is promised, who is away."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze.cli import console
from zaplecze.errors import InputError
from zaplecze.language import N_, Text, number, percent, say

if TYPE_CHECKING:
    from zaplecze.workload import Demand, Service, Shrinkage, Target

WithinOption = Annotated[
    float, typer.Option(help=N_("Seconds within which a call is to be answered."))
]
PictureOption = Annotated[Path | None, typer.Option(help=N_("SVG file for the picture."))]


@dataclass(frozen=True, kw_only=True)
class Callers:
    """How callers behave, whatever their number."""

    patience: Annotated[
        float | None,
        typer.Option(
            help=N_("Mean seconds until a waiting caller hangs up; without it nobody does.")
        ),
    ] = None
    redial: Annotated[
        float, typer.Option(help=N_("Share of those who hang up that call again: 0.7."))
    ] = 0.0
    reconnect: Annotated[
        float, typer.Option(help=N_("Share of those answered that have to call again: 0.1."))
    ] = 0.0


@dataclass(frozen=True, kw_only=True)
class Calls:
    """What comes to a line."""

    calls: Annotated[float, typer.Option(help=N_("Calls in the period, calls again not counted."))]
    aht: Annotated[
        float, typer.Option(help=N_("Mean seconds that a call takes, wrap-up included."))
    ]
    per: Annotated[
        float, typer.Option(help=N_("Seconds of the period: 1800 for half an hour."))
    ] = 3600.0
    callers: Callers

    def demand(self) -> "Demand":
        """The library's form; raises `InputError` for what cannot be."""
        from zaplecze.workload import Demand

        who = self.callers
        return Demand(self.calls, self.per, self.aht, who.patience, who.redial, who.reconnect)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """The share to be answered in time, and what else has to hold."""

    target: Annotated[float, typer.Option(help=N_("Share to be answered in time: 0.8."))] = 0.8
    within: WithinOption = 20.0
    definition: Annotated[
        Literal["offered", "answered", "without_short_abandons", "virtual"],
        typer.Option(help=N_("What the share is a share of.")),
    ] = "offered"
    max_occupancy: Annotated[
        float, typer.Option(help=N_("Largest share of their time that agents are with callers."))
    ] = 1.0
    minimum: Annotated[int, typer.Option(help=N_("Agents who are there in any case."))] = 0

    def chosen(self) -> "Target":
        """The library's form; raises `InputError` for what cannot be."""
        from zaplecze.workload import Target

        return Target(self.target, self.within, self.definition, self.max_occupancy, self.minimum)


@dataclass(frozen=True, kw_only=True)
class Away:
    """Paid time in which nobody takes calls."""

    shrinkage: Annotated[
        float,
        typer.Option(help=N_("Share of paid time without calls, where its parts are not known.")),
    ] = 0.0
    leave: Annotated[float, typer.Option(help=N_("Share of paid time on leave."))] = 0.0
    sickness: Annotated[float, typer.Option(help=N_("Share of paid time off sick."))] = 0.0
    training: Annotated[float, typer.Option(help=N_("Share of paid time in training."))] = 0.0
    breaks: Annotated[float, typer.Option(help=N_("Share of the time at work in breaks."))] = 0.0
    meetings: Annotated[float, typer.Option(help=N_("Share of the time at work in meetings."))] = (
        0.0
    )

    def chosen(self) -> "Shrinkage":
        """The library's form; raises `InputError` for what cannot be."""
        from zaplecze.workload import Shrinkage

        return Shrinkage(
            self.leave, self.sickness, self.training, self.breaks, self.meetings, self.shrinkage
        )


def print_pairs(title: Text, rows: list[tuple[Text, Text]]) -> None:
    """A table of names and figures."""
    console.print_table(
        title,
        [(say(N_("What")), "left"), (say(N_("Figure")), "right")],
        [[console.said(name), console.said(value)] for name, value in rows],
    )


def seconds_text(value: float | None) -> Text:
    """SECONDS with a decimal where they are few; a dash where the queue grows without end."""
    if value is None:
        return Text.same("–")
    return say(N_("{n} s"), n=number(value, 1 if value < 100 else 0))


def whole_intervals(seconds: float, per_seconds: float) -> int:
    """SECONDS in intervals; raises `InputError` where they are not a whole number of them."""
    length = seconds / per_seconds
    if not (length.is_integer() and length >= 0):
        raise InputError(
            say(
                N_(
                    "Shifts and breaks are counted in intervals of {minutes} min. Give whole multiples."
                ),
                minutes=number(per_seconds / 60),
            )
        )
    return int(length)


def service_rows(found: "Service") -> list[tuple[Text, Text]]:
    """What a number of agents gives, for a table."""
    from zaplecze.workload.service import NAMES

    rows = [
        (say(N_("Load, in agents busy all the time")), number(found.load_erlangs, 2)),
        (say(N_("Calls, calls again included")), number(found.attempts, 0)),
        (say(N_("Calls answered")), number(found.answered, 0)),
        (say(N_("Occupancy")), percent(found.occupancy)),
        (say(N_("Wait at all")), percent(found.wait_probability)),
        (say(N_("Hang up")), percent(found.abandon_probability)),
        (say(N_("Mean wait of all calls")), seconds_text(found.asa_seconds)),
        (say(N_("Mean wait of answered calls (ASA)")), seconds_text(found.answered_wait_seconds)),
        (say(N_("Half of all calls wait at most")), seconds_text(found.wait_p50_seconds)),
        (say(N_("90 % of all calls wait at most")), seconds_text(found.wait_p90_seconds)),
        (say(N_("95 % of all calls wait at most")), seconds_text(found.wait_p95_seconds)),
        (
            say(N_("Callers in the queue")),
            Text.same("–") if found.queue_length is None else number(found.queue_length, 1),
        ),
    ]
    for definition, level in found.service_level.items():
        name = say(
            N_("Answered within {n} s, {definition}"),
            n=number(found.within_seconds),
            definition=say(NAMES[definition]),
        )
        rows.append((name, percent(level)))
    return rows


def tell_all(caveats: list[Text]) -> None:
    """Every caveat on stderr."""
    for caveat in caveats:
        console.tell(caveat)
