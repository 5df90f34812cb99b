"""What a cost formula is: inputs with units, steps that calculate, words and a source.

A formula is data. The calculation, its words in three languages, the documentation and the formula
of a spreadsheet all come from the same steps.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from zaplecze.language import N_, Text, say
from zaplecze.money.expression import Expression, parse

Unit = Literal[
    "count", "share", "ratio", "seconds", "minutes", "hours", "weeks", "months", "posts",
    "money", "money_hour", "money_week", "money_month", "money_year",
]  # fmt: skip

UNITS: dict[Unit, str] = {
    "count": N_("number"),
    "share": N_("fraction, 0 to 1"),
    "ratio": N_("ratio"),
    "seconds": N_("seconds"),
    "minutes": N_("minutes"),
    "hours": N_("hours"),
    "weeks": N_("weeks"),
    "months": N_("months"),
    "posts": N_("posts"),
    "money": N_("money"),
    "money_hour": N_("money an hour"),
    "money_week": N_("money a week"),
    "money_month": N_("money a month"),
    "money_year": N_("money a year"),
}

ANY = float("inf")


@dataclass(frozen=True)
class Needed:
    """One input: its name, what it is called, its unit and what is plausible.

    Without a ``default`` it must be given; an ``optional`` one may be missing, and so are then the
    steps that need it.
    """

    name: str
    message: str
    unit: Unit
    plausible: tuple[float, float] = (0.0, ANY)
    default: float | None = None
    optional: bool = False

    @property
    def label(self) -> Text:
        """What it is called."""
        return say(self.message)


@dataclass(frozen=True)
class Step:
    """One line of the calculation, which may use the inputs and the steps above it."""

    name: str
    message: str
    unit: Unit
    source: str

    @property
    def label(self) -> Text:
        """What it is called."""
        return say(self.message)

    @cached_property
    def expression(self) -> Expression:
        """The calculation, read."""
        return parse(self.source)


@dataclass(frozen=True)
class Formula:
    """A way to price a piece of work or what customers do; `result` names its main step."""

    id: str
    title_message: str
    inputs: tuple[Needed, ...]
    steps: tuple[Step, ...]
    result: str
    source: str
    caveat_messages: tuple[str, ...] = ()

    @property
    def title(self) -> Text:
        """What it prices."""
        return say(self.title_message)

    @property
    def caveats(self) -> list[Text]:
        """What a reader must know."""
        return [say(message) for message in self.caveat_messages]

    @property
    def main(self) -> Step:
        """The step that is the result."""
        return next(step for step in self.steps if step.name == self.result)

    @property
    def labels(self) -> dict[str, Text]:
        """What inputs and steps are called, by name."""
        parts: list[Needed | Step] = [*self.inputs, *self.steps]
        return {part.name: part.label for part in parts}

    def in_words(self, step: Step) -> Text:
        """The calculation of STEP with labels for names."""
        return step.expression.in_words(self.labels)
