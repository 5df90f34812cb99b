"""The tables ``[[changes]]`` and ``[watch]``: what is to be looked at again with every run."""

import datetime as dt
from typing import Literal, Self

from pydantic import Field, model_validator

from zaplecze.language import N_, Text, say
from zaplecze.workspace.values import FaultError, Label, Table

LONG_TAILED = ("duration", "money", "amount")
"""Kinds of outcomes of which a few may be very large, so that logarithms are compared."""


class Change(Table):
    """A change of the work: when it went live, where, and on which steps or outcome it shows.

    ``where`` names one attribute and those of its values with the change; without it all have it.
    ``worth`` is the effect hoped for: hours of a wait, percentage points of a share, otherwise in
    the outcome's unit. ``scale`` is that of waits, and of outcomes in time, money or other amounts.
    """

    label: Label
    when: dt.date
    where: dict[str, list[str]] | None = None
    steps: list[str] = []
    outcome: str | None = None
    by: Literal["week", "month"] = "week"
    method: Literal["did", "staggered", "its", "sdid"] | None = None
    worth: float | None = Field(default=None, gt=0)
    scale: Literal["natural", "logarithm", "auto"] = "natural"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.outcome is None and not self.steps:
            raise FaultError(
                say(N_("What was to get better? Add the key 'outcome' or the key 'steps'."))
            )
        if self.where is not None and (len(self.where) != 1 or not all(self.where.values())):
            raise FaultError(
                say(N_('This names one attribute and its values: {{region = ["north"]}}.')),
                ("where",),
                self.where,
            )
        return self

    @property
    def attribute(self) -> str | None:
        """The attribute whose values are the units that are compared."""
        return next(iter(self.where)) if self.where else None

    @property
    def treated(self) -> list[str] | None:
        """The values with the change; None where all have it."""
        return next(iter(self.where.values())) if self.where else None


def no_scale(outcome: str) -> Text:
    """That a change asks for the logarithm of what has no use for it."""
    return say(
        N_(
            "Logarithms are for waits, and for outcomes in time, money or other amounts; '{outcome}' is "
            "none. Remove the key."
        ),
        outcome=outcome,
    )


class WatchTable(Table):
    """Which measures every run watches, and how many false alarms a year are acceptable."""

    measures: list[str] = []
    false_alarms_per_year: float = Field(default=1.0, gt=0)
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
