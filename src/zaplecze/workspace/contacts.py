"""The tables ``[contacts.NAME]``: what customers do when work is late, and what it costs each time."""

from typing import Self

from pydantic import Field, model_validator

from zaplecze.language import N_, Text, say
from zaplecze.workspace.quantity import Quantity
from zaplecze.workspace.values import FaultError, Label, Table

CONTACTS = "contacts:"
"""The id of a kind of contacts begins with it."""


class Contacts(Table):
    """One kind of contacts: steps of the log, an outcome, later cases, or rows of a source.

    ``time`` and either ``case`` or ``customer`` are columns of the source. Cases are followed for
    ``within_days``, and no longer once the outcome ``departure`` says that the customer has left.
    """

    label: Label | None = None
    steps: list[str] = []
    outcome: str | None = None
    at_most: float | None = None
    returns: bool = False
    source: str | None = None
    time: str | None = None
    case: str | None = None
    customer: str | None = None
    within_days: float | None = Field(default=None, gt=0)
    departure: str | None = None
    price: Quantity | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [self.steps, self.outcome, self.returns, self.source]
        if sum(bool(each) for each in given) != 1:
            raise FaultError(
                say(
                    N_(
                        "What is a contact? Give one of the keys 'steps', 'outcome', 'returns' and "
                        "'source'."
                    )
                )
            )
        if self.outcome is not None and self.price is not None:
            raise FaultError(
                say(N_("An outcome has its own price. Remove this one.")), ("price",), {}
            )
        if self.at_most is not None and self.outcome is None:
            raise FaultError(say(N_("'at_most' belongs to an outcome. Remove it.")))
        named = [each for each in (self.time, self.case, self.customer) if each is not None]
        if self.source is None and named:
            raise FaultError(
                say(N_("'time', 'case' and 'customer' are columns of a source. Remove them."))
            )
        if self.source is not None and (self.time is None or len(named) != 2):
            raise FaultError(
                say(
                    N_(
                        "A source of contacts needs the key 'time', and either 'case' or 'customer' "
                        "for whose they are."
                    )
                )
            )
        return self

    @property
    def columns(self) -> list[str | None]:
        """The columns of its source that it names."""
        return [self.time, self.case, self.customer]


def priced_twice() -> Text:
    """That an outcome and contacts of one source both have a price."""
    return say(
        N_(
            "An outcome of the same source has a price already: these contacts would be counted "
            "twice. Remove one of the two prices."
        )
    )
