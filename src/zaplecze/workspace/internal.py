"""The table ``[internal_service]``: how the service of departments to each other is judged."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from zaplecze.language import N_, say
from zaplecze.workspace.values import FaultError, Table

ServicePart = Literal["takeover", "right_first_time", "promises", "survey"]


class InternalSurvey(Table):
    """Answers of colleagues about departments, a row an answer in a source.

    ``department`` is the column of whom the answer is about, ``score`` that of the answer on
    ``scale``; ``respondent`` and ``time``, where there are such columns, say who answered and when.
    """

    source: str
    department: str
    score: str
    scale: Annotated[tuple[float, float], Field(strict=False)]
    respondent: str | None = None
    time: str | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.scale[0] >= self.scale[1]:
            raise FaultError(
                say(N_("The lowest value comes first: [lowest, highest].")),
                ("scale",),
                list(self.scale),
            )
        return self

    @property
    def columns(self) -> list[str | None]:
        """The columns of its source that it names."""
        return [self.department, self.score, self.respondent, self.time]


class ServiceWeights(Table):
    """How much each part counts in the index; only their ratios matter."""

    takeover: float = Field(default=1.0, ge=0)
    right_first_time: float = Field(default=1.0, ge=0)
    promises: float = Field(default=1.0, ge=0)
    survey: float = Field(default=1.0, ge=0)

    @model_validator(mode="after")
    def _one_counts(self) -> Self:
        if not any(self.by_part.values()):
            raise FaultError(say(N_("At least one weight must be above zero.")))
        return self

    @property
    def by_part(self) -> dict[ServicePart, float]:
        """The weights by part, as they were given."""
        return {
            "takeover": self.takeover,
            "right_first_time": self.right_first_time,
            "promises": self.promises,
            "survey": self.survey,
        }


class InternalService(Table):
    """Weights, the time in which work ought to be taken over, and answers of colleagues."""

    weights: ServiceWeights = ServiceWeights()
    takeover_hours: float | None = Field(default=None, gt=0)
    survey: InternalSurvey | None = None
