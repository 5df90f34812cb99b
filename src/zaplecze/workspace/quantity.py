"""Amounts with the range in which they lie and where they come from."""

from typing import Literal, Self

from pydantic import model_validator

from zaplecze.language import N_, say
from zaplecze.workspace.values import FaultError, Label, Table

Basis = Literal["measured", "assumed"]


class Quantity(Table):
    """An amount with the range in which it lies and where it comes from."""

    amount: float
    low: float | None = None
    high: float | None = None
    basis: Basis = "assumed"
    note: Label | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.bounds[0] <= self.amount <= self.bounds[1]:
            raise FaultError(
                say(N_("The amount must lie between 'low' and 'high'. Correct the three numbers."))
            )
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Low and high; the amount itself where one is not given."""
        low = self.amount if self.low is None else self.low
        return low, self.amount if self.high is None else self.high
