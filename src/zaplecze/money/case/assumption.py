"""The tables of a case file that hold the numbers it rests on."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.money.distributions import Distribution
from zaplecze.money.expression import parse
from zaplecze.money.parameters import Kind, distribution
from zaplecze.workspace import Basis, Label, Name, Table
from zaplecze.workspace.values import FaultError

Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(gt=-1, le=1)]
Taken = Literal[
    "money", "exposed", "share", "answered", "effect", "price", "avoidable", "avoidable_per_case"
]


def _calculation(value: object) -> object:
    """A number or a calculation, as text that `parse` has read."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise FaultError(
            say(N_('This must be a number or a calculation in quotes, like "orders * price".'))
        )
    try:
        return parse(str(value)).source
    except InputError as error:
        raise FaultError(error.text) from None


Calculation = Annotated[str, BeforeValidator(_calculation)]


class Assumption(Table):
    """A number on which the case rests: certain, uncertain, or taken from measured findings."""

    label: Label | None = None
    unit: Label | None = None
    value: float | None = None
    low: float | None = None
    likely: float | None = None
    high: float | None = None
    distribution: Kind | None = None
    mean: float | None = None
    sd: float | None = None
    alpha: float | None = None
    beta: float | None = None
    values: list[float] | None = None
    weights: list[float] | None = None
    finding: str | None = None
    take: Taken | None = None
    basis: Basis = "assumed"
    owner: Name | None = None
    source: Label | None = None

    @model_validator(mode="after")
    def _one_way_to_give_it(self) -> Self:
        if (self.finding is None) != (self.take is None):
            raise FaultError(
                say(N_("'finding' and 'take' belong together. Give both, or neither."))
            )
        if self.finding is None:
            self.given()
        elif self._parameters() or self.distribution:
            raise FaultError(
                say(N_("A number from a finding needs no numbers of its own. Remove them."))
            )
        return self

    def given(self) -> Distribution:
        """The distribution that the keys describe; not for one from a finding."""
        kind = self.distribution
        if kind is None:
            kind = "fixed" if self.value is not None else "pert"
        return distribution(kind, **self._parameters())

    def _parameters(self) -> dict[str, Any]:
        names = (
            "value",
            "low",
            "likely",
            "high",
            "mean",
            "sd",
            "alpha",
            "beta",
            "values",
            "weights",
        )
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}  # fmt: skip


class Correlation(Table):
    """Two assumptions that move together, by Spearman's rank correlation."""

    between: list[str]
    rank: float = Field(ge=-1, le=1)
