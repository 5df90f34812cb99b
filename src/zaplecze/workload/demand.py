"""What comes to a line, checked once: calls, handling time, patience, and who calls again."""

import math
from dataclasses import dataclass

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, duration, number, say

_SHORTEST_AHT, _LONGEST_AHT = 10.0, 4 * 3600.0
_SHORTEST_PATIENCE, _LONGEST_PATIENCE = 5.0, 4 * 3600.0
LARGEST = 1e12
"""No amount or time of a line is larger."""


@dataclass(frozen=True)
class Demand:
    """Calls of people who have not called before, in a period, and how they behave.

    ``redial`` is the share of those who hang up that call again later, ``reconnect`` the share of
    those answered that have to call again. Without ``patience_seconds`` (a mean) nobody hangs up.
    """

    calls: float
    per_seconds: float
    aht_seconds: float
    patience_seconds: float | None = None
    redial: float = 0.0
    reconnect: float = 0.0

    def __post_init__(self) -> None:
        """Raise `InputError` for what cannot be, naming the value and the remedy."""
        not_negative(N_("calls"), self.calls)
        for name, value in (
            (N_("the length of the period"), self.per_seconds),
            (N_("the handling time"), self.aht_seconds),
            (N_("patience"), self.patience_seconds),
        ):
            if value is not None:
                positive(name, value)
        _check_size(N_("the work of all calls"), self.load_erlangs)
        for name, share in (
            (N_("the share that redials"), self.redial),
            (N_("the share that has to call again"), self.reconnect),
        ):
            fraction(name, share)
            if share == 1:
                raise InputError(
                    say(
                        N_("If all call again, calls never end ({name}). Give less than 1."),
                        name=say(name),
                    )
                )

    @property
    def calls_per_second(self) -> float:
        """Calls of people who have not called before."""
        return self.calls / self.per_seconds

    @property
    def load_erlangs(self) -> float:
        """Their work, in agents who would be busy with it all the time."""
        return self.calls_per_second * self.aht_seconds

    def warnings(self, within_seconds: float | None = None) -> list[Text]:
        """What may be minutes taken for seconds, or the reverse."""
        found = []
        if not _SHORTEST_AHT <= self.aht_seconds <= _LONGEST_AHT:
            found.append(_unlikely(N_("the handling time"), self.aht_seconds))
        patience = self.patience_seconds
        if patience is not None and not _SHORTEST_PATIENCE <= patience <= _LONGEST_PATIENCE:
            found.append(_unlikely(N_("patience"), patience))
        if within_seconds is not None and (
            0 < within_seconds < 2 or within_seconds > max(4 * self.aht_seconds, 1800)
        ):
            found.append(_unlikely(N_("the time to answer"), within_seconds))
        if self.per_seconds < self.aht_seconds / 4 or self.per_seconds < 60:
            found.append(_unlikely(N_("the length of the period"), self.per_seconds))
        return found


def fraction(name: str, value: float) -> None:
    """Raise `InputError` unless VALUE of what NAME (marked) says is a share from 0 to 1."""
    if math.isfinite(value) and 0 <= value <= 1:
        return
    if 2 <= value <= 100:
        remedy = say(N_("Did you mean {value}?"), value=f"{value / 100:g}")
    else:
        remedy = say(N_("Write 0.8 for 80 per cent."))
    raise InputError(
        say(
            N_("{value} is no share between 0 and 1 ({name}). {remedy}"),
            name=say(name),
            value=f"{value:g}",
            remedy=remedy,
        )
    )


def positive(name: str, value: float) -> None:
    """Raise `InputError` unless VALUE of what NAME (marked) says is a number above zero."""
    if not (math.isfinite(value) and value > 0):
        raise InputError(
            say(
                N_("{value} is not possible ({name}). Give a number above zero."),
                name=say(name),
                value=f"{value:g}",
            )
        )
    _check_size(name, value)


def not_negative(name: str, value: float) -> None:
    """Raise `InputError` unless VALUE of what NAME (marked) says is zero or more."""
    if not (math.isfinite(value) and value >= 0):
        raise InputError(
            say(
                N_("{value} is not possible ({name}). Give zero or more."),
                name=say(name),
                value=f"{value:g}",
            )
        )
    _check_size(name, value)


def _check_size(name: str, value: float) -> None:
    if value > LARGEST:
        raise InputError(
            say(
                N_("{value} is too large to be meant ({name}). Check the unit and the number."),
                name=say(name),
                value=f"{value:g}",
            )
        )


def _unlikely(name: str, seconds: float) -> Text:
    whole = seconds >= 10 or float(seconds).is_integer()
    return say(
        N_("{seconds} s is unusual: {name}. Times are in seconds: check the unit.")
        if seconds < 60
        else N_("{seconds} s ({length}) is unusual: {name}. Times are in seconds: check the unit."),
        name=say(name),
        seconds=number(seconds, 0 if whole else 2),
        length=duration(seconds),
    )
