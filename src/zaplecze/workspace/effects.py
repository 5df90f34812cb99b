"""The tables ``[log]``, ``[procedure]`` and ``[impact]``: what effects are estimated from, and how."""

from typing import Literal, Self

from pydantic import Field, model_validator

from zaplecze.language import N_, say
from zaplecze.workspace.values import FaultError, Table

Learner = Literal["lightgbm", "scikit-learn"]
Model = Literal["partially linear", "interactive"]


class MeasuredEffort(Table):
    """Attributes of events that hold what the work of an event took, as a system measured it."""

    minutes: str | None = None
    clicks: str | None = None
    screens: str | None = None
    systems: str | None = None


class LogTable(Table):
    """Which attributes of events say in what, by which group of people and how work was done."""

    application: str | None = None
    resource_group: str | None = None
    effort: MeasuredEffort = MeasuredEffort()


class ProcedureFile(Table):
    """The written procedure, a BPMN file; its path is seen from the workspace file."""

    file: str


class Impact(Table):
    """What is held equal, who learns it, and how sure a finding must be.

    ``adjust_for`` names all columns that are held equal, ``not_for`` those that are not.
    """

    adjust_for: list[str] | None = None
    not_for: list[str] = []
    learner: Learner = "lightgbm"
    model: Model = "partially linear"
    false_discovery_rate: float = Field(default=0.05, gt=0, lt=1)
    dependence: Literal["positive", "any"] = "positive"

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if self.adjust_for is not None and self.not_for:
            raise FaultError(
                say(N_("There are both 'adjust_for' and 'not_for'. Remove one of them."))
            )
        return self

    def holds(self, column: str) -> bool:
        """Whether COLUMN may be held equal."""
        return column not in self.not_for and (self.adjust_for is None or column in self.adjust_for)
