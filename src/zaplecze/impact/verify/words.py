"""Figures of a verification in words, no more exact than their interval deserves."""

from functools import partial

from zaplecze.impact.verify.result import Family, Interval
from zaplecze.language import N_, Text, decimals, ends, number, say

_NAMED = 5


def figure(value: float, uncertainty: float, *, signed: bool = False) -> Text:
    """VALUE with the decimals that UNCERTAINTY lets it carry."""
    return number(value, decimals(uncertainty), signed=signed)


def span(interval: Interval, *, signed: bool = True) -> Text:
    """An interval: "−6.1 to −2.0"."""
    half = (interval[1] - interval[0]) / 2
    low, high = ends(*interval, partial(number, signed=signed), decimals(half))
    return say(N_("{low} to {high}"), low=low, high=high)


def as_given(value: float) -> Text:
    """A number that a person chose, with the decimals that it was given with (four at most)."""
    return number(value, next((d for d in range(4) if round(value, d) == value), 4))


def named(names: list[str]) -> str:
    """The first few NAMES."""
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def series_method(family: Family, seasonal: bool) -> Text:
    """How an interrupted series was read."""
    if family == "gaussian":
        return say(
            N_("interrupted time series with trend, season and errors that remember each other")
            if seasonal
            else N_("interrupted time series with trend and errors that remember each other")
        )
    return say(
        N_(
            "interrupted time series of counts with trend, season, errors that remember each other "
            "and scatter beyond chance"
        )
        if seasonal
        else N_(
            "interrupted time series of counts with trend, errors that remember each other and "
            "scatter beyond chance"
        )
    )
