"""Options that say which cases and steps of a log are looked at."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from zaplecze.errors import InputError
from zaplecze.language import N_, say

if TYPE_CHECKING:
    from zaplecze.process import Filter, Follows, Range, Values
    from zaplecze.process.filters import Condition

_WHERE = re.compile(r"(.+?)(>=|<=|=)(.+)")

Words = list[str] | None


@dataclass(frozen=True, kw_only=True)
class FilterOptions:
    """The options of a command that asks for some of the cases or steps only."""

    where: Annotated[
        Words,
        typer.Option(
            metavar="NAME=VALUE",
            help=N_("Cases with this attribute or outcome: region=north, price>=10, price<=20."),
        ),
    ] = None
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help=N_("First day of the period: 2026-01-31."))
    ] = None
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help=N_("Last day of the period."))
    ] = None
    when: Annotated[
        Literal["started", "ended", "within"],
        typer.Option(help=N_("What a case must do in the period.")),
    ] = "started"
    having: Annotated[Words, typer.Option(metavar="STEP", help=N_("Cases with this step."))] = None
    lacking: Annotated[Words, typer.Option(metavar="STEP", help=N_("Cases without this step."))] = (
        None
    )
    starts: Annotated[
        Words, typer.Option(metavar="STEP", help=N_("Cases that start with this step."))
    ] = None
    ends: Annotated[
        Words, typer.Option(metavar="STEP", help=N_("Cases that end with this step."))
    ] = None
    directly: Annotated[
        Words,
        typer.Option(metavar="A > B", help=N_("Cases in which B comes directly after A.")),
    ] = None
    never_directly: Annotated[
        Words,
        typer.Option(metavar="A > B", help=N_("Cases in which B never comes directly after A.")),
    ] = None
    later: Annotated[
        Words, typer.Option(metavar="A > B", help=N_("Cases in which B comes some time after A."))
    ] = None
    never_later: Annotated[
        Words, typer.Option(metavar="A > B", help=N_("Cases in which B never comes after A."))
    ] = None
    frequent: Annotated[
        int | None, typer.Option(min=1, help=N_("Cases on so many of the most frequent ways."))
    ] = None
    variant: Annotated[
        Words, typer.Option(metavar="A > B > C", help=N_("Cases that take exactly this way."))
    ] = None
    worked_by: Annotated[
        Words,
        typer.Option(metavar="DEPARTMENT", help=N_("Cases on which this department worked.")),
    ] = None
    only: Annotated[
        Words, typer.Option(metavar="STEP", help=N_("Show this step; the others are left out."))
    ] = None
    hide: Annotated[Words, typer.Option(metavar="STEP", help=N_("Leave this step out."))] = None

    def chosen(self) -> "Filter":
        """The filter that the options make; raises `InputError` for one that cannot be read."""
        from zaplecze.process import Filter

        conditions = (*self._of_facts(), *self._of_steps())
        return Filter(conditions, tuple(self.only) if self.only else None, tuple(self.hide or ()))

    def _of_facts(self) -> "Iterator[Condition]":
        from zaplecze.process import Period

        yield from _facts(self.where or [])
        if self.since or self.until:
            since, until = _day("--since", self.since), _day("--until", self.until)
            if since and until and since > until:
                message = N_(
                    "--since {since} is later than --until {until}. Exchange the two days."
                )
                raise InputError(say(message, since=str(since), until=str(until)))
            yield Period(since, until, self.when)

    def _of_steps(self) -> "Iterator[Condition]":
        from zaplecze.process import Departments, Endpoints, Frequent, Has, Ways

        for steps, never in ((self.having, False), (self.lacking, True)):
            if steps:
                yield Has(tuple(steps), never)
        if self.starts or self.ends:
            yield Endpoints(tuple(self.starts or ()), tuple(self.ends or ()))
        for option, pairs, near, never in (
            ("--directly", self.directly, True, False),
            ("--never-directly", self.never_directly, True, True),
            ("--later", self.later, False, False),
            ("--never-later", self.never_later, False, True),
        ):
            for pair in pairs or []:
                yield _follows(option, pair, near, never)
        if self.frequent:
            yield Frequent(self.frequent)
        if self.variant:
            yield Ways(tuple(_way(text) for text in self.variant))
        if self.worked_by:
            yield Departments(tuple(self.worked_by))


def _facts(texts: list[str]) -> "list[Values | Range]":
    """The conditions on attributes and outcomes; several values of one are alternatives."""
    from zaplecze.process import Range, Values

    values: dict[str, list[str]] = {}
    ranges: dict[str, dict[str, float]] = {}
    for text in texts:
        match = _WHERE.fullmatch(text)
        if match is None:
            message = N_("--where {text}: write NAME=VALUE, NAME>=NUMBER or NAME<=NUMBER.")
            raise InputError(say(message, text=text))
        name, sign, value = (part.strip() for part in match.groups())
        if sign == "=":
            values.setdefault(name, []).append(value)
        else:
            side = "at_least" if sign == ">=" else "at_most"
            ranges.setdefault(name, {})[side] = _number(text, value)
    found: list[Values | Range] = [Values(name, tuple(each)) for name, each in values.items()]
    return found + [Range(name, **bounds) for name, bounds in ranges.items()]


def _number(text: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        message = N_("--where {text}: '{value}' is no number.")
        raise InputError(say(message, text=text, value=value)) from None


def _day(option: str, value: str | None) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        message = N_("{option} {value}: this is no day. Write it like 2026-01-31.")
        raise InputError(say(message, option=option, value=value)) from None


def _follows(option: str, pair: str, directly: bool, never: bool) -> "Follows":
    from zaplecze.process import Follows

    parts = _steps(pair)
    if len(parts) != 2 or not all(parts):
        message = N_("{option} {value}: write two steps with > between them: A > B.")
        raise InputError(say(message, option=option, value=pair))
    return Follows(parts[0], parts[1], directly, never)


def _way(text: str) -> tuple[str, ...]:
    steps = _steps(text)
    if not all(steps):
        message = N_("--variant {value}: write the steps of the whole way in order: A > B > C.")
        raise InputError(say(message, value=text))
    return tuple(steps)


def _steps(text: str) -> list[str]:
    """What stands between the marks; where one of them has blanks, others belong to names."""
    return [part.strip() for part in text.split(" > " if " > " in text else ">")]
