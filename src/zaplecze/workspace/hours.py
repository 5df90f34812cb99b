"""The table ``[calendar]``: on which days and at which hours people work."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from zaplecze.language import N_, say
from zaplecze.workspace.values import FaultError, Table

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES

_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


class Span(NamedTuple):
    """Working time without a break, in minutes after the midnight with which its day begins.

    A shift over midnight closes after more than 1,440 minutes and belongs to the day it begins on.
    """

    opens: int
    closes: int

    def __str__(self) -> str:
        """As it is written in the file."""
        times = (self.opens, self.closes - DAY_MINUTES * (self.closes > DAY_MINUTES))
        return "-".join(f"{time // 60:02}:{time % 60:02}" for time in times)


def _span(value: object) -> object:
    if isinstance(value, Span):
        return value
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    numbers = [int(part) for part in match.groups()] if match else []
    if not numbers or max(numbers[1], numbers[3]) > 59:
        raise _unreadable()
    opens, closes = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if opens >= DAY_MINUTES or closes > DAY_MINUTES or opens == closes:
        raise _unreadable()
    return Span(opens, closes if closes > opens else closes + DAY_MINUTES)


def _unreadable() -> FaultError:
    return FaultError(
        say(
            N_(
                'Write hours like "08:00-16:00"; a shift over midnight like "22:00-06:00", '
                'a whole day as "00:00-24:00".'
            )
        )
    )


def _alone(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _known_country(value: str) -> str:
    # Loaded only where a country is named.
    import holidays

    if value not in holidays.list_supported_countries(include_aliases=False):
        raise FaultError(
            say(
                N_(
                    "No public holidays are known for this country. Write its two letters, like "
                    "'PL' or 'UA', or remove the key and list the days under 'closed'."
                )
            )
        )
    return value


Country = Annotated[str, AfterValidator(_known_country)]
Spans = Annotated[list[Annotated[Span, BeforeValidator(_span)]], BeforeValidator(_alone)]


class WeekHours(Table):
    """The spans of working time of every weekday; breaks lie between them."""

    monday: Spans = []
    tuesday: Spans = []
    wednesday: Spans = []
    thursday: Spans = []
    friday: Spans = []
    saturday: Spans = []
    sunday: Spans = []

    @property
    def by_weekday(self) -> tuple[list[Span], ...]:
        """The spans from Monday to Sunday."""
        return tuple(getattr(self, day) for day in type(self).model_fields)

    @model_validator(mode="after")
    def _some_and_apart(self) -> Self:
        week = sorted(self._minutes_of_week())
        if not week:
            raise FaultError(
                say(N_('There are no working hours. Add some: monday = "08:00-16:00".'))
            )
        following = [opens for opens, _, _ in week[1:]] + [week[0][0] + WEEK_MINUTES]
        for (_, closes, day), opens_next in zip(week, following, strict=True):
            if closes > opens_next:
                raise FaultError(
                    say(N_("Two spans of working time overlap. Correct them.")),
                    (day,),
                    [str(span) for span in getattr(self, day)],
                )
        return self

    def _minutes_of_week(self) -> Iterator[tuple[int, int, str]]:
        """When each span opens and closes, in minutes after the week's beginning, and its day."""
        for number, day in enumerate(type(self).model_fields):
            for span in getattr(self, day):
                midnight = number * DAY_MINUTES
                yield midnight + span.opens, midnight + span.closes, day


class Calendar(Table):
    """Working time: hours of the week, public holidays of a country, further closed days."""

    hours: WeekHours
    country: Country | None = None
    closed: list[dt.date] = []
