"""The tables ``[[rules]]``: a procedure that is a page of text, as a few things that must hold."""

from typing import Literal, Self

from pydantic import Field, model_validator

from zaplecze.language import N_, Text, number, say
from zaplecze.workspace.values import FaultError, Label, Table

_SENTENCES = {
    "precedence": N_("'{then}' only after '{first}'"),
    "response": N_("after '{first}' always '{then}'"),
    "not_together": N_("never both '{first}' and '{then}' in one case"),
    "within": N_("'{then}' within {hours} h after '{first}'"),
    "separation": N_("'{first}' and '{then}' never by the same person in one case"),
}


class Rule(Table):
    """One thing that must hold in every case, about two activities; see ``docs/conformance.md``."""

    kind: Literal["precedence", "response", "not_together", "within", "separation"]
    first: str
    then: str
    hours: float | None = Field(default=None, gt=0)
    label: Label | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.first == self.then:
            raise FaultError(say(N_("A rule is about two different activities. Name another.")))
        if self.kind == "within" and self.hours is None:
            raise FaultError(say(N_("A rule of kind 'within' needs the key 'hours'. Add it.")))
        if self.kind != "within" and self.hours is not None:
            raise FaultError(
                say(N_("Only a rule of kind 'within' has the key 'hours'. Remove it."))
            )
        return self

    def sentence(self, first: Text, then: Text) -> Text:
        """The rule in words: its own, or made from what its activities are called."""
        if self.label is not None:
            return self.label
        hours = self.hours or 0.0
        digits = 0 if hours == round(hours) else 1
        return say(_SENTENCES[self.kind], first=first, then=then, hours=number(hours, digits))


class RuleBook(Table):
    """A file that holds nothing but rules."""

    rules: list[Rule]
