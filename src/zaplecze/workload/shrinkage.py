"""Paid time in which nobody can take a call, built from its parts."""

import math
from dataclasses import asdict, dataclass

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.workload.demand import fraction

_TOO_MUCH = 0.95


@dataclass(frozen=True)
class Shrinkage:
    """Shares of paid time: ``leave``, ``sickness`` and ``training`` away from the workplace.

    ``breaks`` and ``meetings`` are shares of the time at the workplace. ``other`` is a share of the
    whole that somebody knows without its parts.
    """

    leave: float = 0.0
    sickness: float = 0.0
    training: float = 0.0
    breaks: float = 0.0
    meetings: float = 0.0
    other: float = 0.0

    def __post_init__(self) -> None:
        """Raise `InputError` for shares that cannot be."""
        names = {
            "leave": N_("leave"), "sickness": N_("sickness"), "training": N_("training"),
            "breaks": N_("breaks"), "meetings": N_("meetings"), "other": N_("shrinkage"),
        }  # fmt: skip
        for key, value in asdict(self).items():
            fraction(names[key], value)
        if self.total > _TOO_MUCH:
            raise InputError(
                say(
                    N_(
                        "Shrinkage of {value} leaves next to nobody at work. Give shares of paid time."
                    ),
                    value=f"{self.total:.2f}",
                )
            )

    @property
    def total(self) -> float:
        """The share of paid time that is lost: away first, then what is lost of the rest."""
        away = self.leave + self.sickness + self.training
        inside = self.breaks + self.meetings
        return 1 - (1 - min(away, 1.0)) * (1 - min(inside, 1.0)) * (1 - self.other)

    def heads(self, agents: float) -> int:
        """Whole people to employ so that AGENTS are at work."""
        # Guards against 80.00000000000001 people.
        return math.ceil(round(agents / (1 - self.total), 9))
