"""What the figures about steps and paths mean: the one place that defines them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

import narwhals as nw

from zaplecze.language import N_, Text, say


@dataclass(frozen=True)
class Spread:
    """How a length of time varies, in seconds; None where nothing was measured.

    ``p95`` is the exact 95th percentile, interpolated between neighbours as numpy does.
    """

    mean: float | None
    median: float | None
    p95: float | None
    total: float

    def to_dict(self) -> dict[str, float | None]:
        """Plain values by name."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(**values)

    @classmethod
    def expressions(cls, column: str) -> list[nw.Expr]:
        """What to aggregate COLUMN by, so that `of_row` understands the result."""
        value = nw.col(column)
        return [
            value.mean().alias("mean"),
            value.median().alias("median"),
            value.quantile(0.95, "linear").alias("p95"),
            value.sum().alias("total"),
        ]

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with the aggregates of `expressions`."""
        if row["mean"] is None:
            return cls(None, None, None, 0.0)
        return cls(*(float(row[key]) for key in ("mean", "median", "p95", "total")))


NOTHING_MEASURED = Spread(None, None, None, 0.0)


@dataclass(frozen=True)
class Measure:
    """A definition: what is measured, in which unit, and how it is computed, in words."""

    id: str
    unit: Literal["seconds", "cases", "share"]
    _name: str
    _formula: str

    @property
    def name(self) -> Text:
        """What people call it."""
        return say(self._name)

    @property
    def formula(self) -> Text:
        """How it is computed."""
        return say(self._formula)

    def to_dict(self) -> dict[str, Any]:
        """Plain values; texts by language."""
        return {"id": self.id, "unit": self.unit, "name": self.name, "formula": self.formula}


WAIT = Measure(
    "wait_seconds",
    "seconds",
    N_("Wait before the step"),
    N_(
        "From the end of the event before to the start of the step, for every event of the step "
        "that is not the first of its case. Events that overlap count as a negative wait."
    ),
)
SERVICE = Measure(
    "service_seconds",
    "seconds",
    N_("Time in the step"),
    N_("From start to end of the step's event; zero where the data hold one time only."),
)
REWORK = Measure(
    "rework_cases",
    "cases",
    N_("Cases with rework"),
    N_("Cases in which the step was done more than once."),
)
ON_TIME = Measure(
    "on_time",
    "share",
    N_("Done on time"),
    N_(
        "Among the cases in which the step was done and has a due time or a target: the share in "
        "which its last event ended by the due time, or within the target counted from when the "
        "step could first begin (the end of the event before, or its own start)."
    ),
)
MEASURES = (WAIT, SERVICE, REWORK, ON_TIME)
