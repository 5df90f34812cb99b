"""The unit in which a figure writes money: ones, thousands or millions."""

from collections.abc import Sequence
from dataclasses import dataclass

from zaplecze.language import N_, Text, number, say


@dataclass(frozen=True)
class Unit:
    """Money in ones, thousands or millions, whichever keeps labels short."""

    size: float
    name: Text

    @classmethod
    def of(cls, values: Sequence[float], currency: str) -> "Unit":
        """The unit in which the largest of VALUES has few digits."""
        largest = max((abs(value) for value in values), default=0.0)
        if largest >= 1e7:
            return cls(1e6, say(N_("{currency} million"), currency=currency))
        if largest >= 1e4:
            return cls(1e3, say(N_("{currency} thousand"), currency=currency))
        return cls(1.0, Text.same(currency))

    def words(self, value: float, more: int = 0) -> Text:
        """VALUE in this unit, with as many decimals as its size asks for, and MORE."""
        shown = value / self.size
        digits = 0 if abs(shown) >= 100 or self.size == 1 else 1
        return number(shown, digits + more)
