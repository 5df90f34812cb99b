"""What the figures about steps and paths mean: the one place that defines them."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from zaplecze.language import N_, Text, say
from zaplecze.process.grouping import Groups


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
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """From a row with the columns mean, median, p95 and total; a mean of None is no value."""
        if row["mean"] is None:
            return cls(None, None, None, 0.0)
        return cls(*(float(row[key]) for key in ("mean", "median", "p95", "total")))

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Self:
        """From the values themselves."""
        if not len(values):
            return cls(None, None, None, 0.0)
        # NumPy sorts faster than it finds two quantiles.
        ordered = np.sort(values)
        median, p95 = (_quantile(ordered, share) for share in (0.5, 0.95))
        return cls(float(values.mean()), median, p95, float(values.sum()))

    @classmethod
    def by_code(cls, codes: NDArray[np.int64], values: NDArray[np.float64]) -> dict[int, Self]:
        """From the VALUES that have each of the CODES; those that are not a number do not count."""
        known = ~np.isnan(values)
        return {code: cls.of(own) for code, own in Groups.of(codes[known], values[known]).items()}


def _quantile(ordered: NDArray[np.float64], share: float) -> float:
    place = (len(ordered) - 1) * share
    low, high = (float(ordered[each]) for each in (math.floor(place), math.ceil(place)))
    return low + (high - low) * (place - math.floor(place))


NOTHING_MEASURED = Spread(None, None, None, 0.0)


@dataclass(frozen=True)
class OnTime:
    """The share of ``cases`` (step done, due time or target known) in which it was done in time."""

    cases: int
    share: float

    def to_dict(self) -> dict[str, float]:
        """Plain values by name."""
        return dict(vars(self))


@dataclass(frozen=True)
class Measure:
    """A definition: what is measured, in which unit, and how it is computed, in words."""

    id: str
    unit: Literal["seconds", "cases", "events", "persons", "share", "hours", "objects", "units"]
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
    N_("From start to end of the step's event; not known where the data have one time an event."),
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
WORKING_WAIT = Measure(
    "wait_working_seconds",
    "seconds",
    N_("Wait before the step in working time"),
    N_(
        "The part of the wait that lies in working hours, as the calendar of the workspace has "
        "them. Waits that begin or end outside the years of the calendar do not count."
    ),
)
WORKING_SERVICE = Measure(
    "service_working_seconds",
    "seconds",
    N_("Working time in the step"),
    N_("The part of the time in the step that lies in working hours."),
)
SHARE_OF_TIME = Measure(
    "share_of_time",
    "share",
    N_("Share of all time"),
    N_(
        "Waits before the step and time in it, as a share of the same sum over all steps, which is "
        "the time from the first start to the last event's end of every case."
    ),
)
SELF_LOOPS = Measure(
    "self_loops",
    "events",
    N_("Repeated at once"),
    N_("Events of the step that come directly after another event of the same step."),
)
RESOURCES = Measure(
    "resources",
    "persons",
    N_("People and tools"),
    N_("How many different people or tools did the step."),
)
BUSIEST = Measure(
    "busiest_resource_share",
    "share",
    N_("Share of the busiest"),
    N_("The share of the step's events that the busiest person or tool did."),
)
EFFORT = Measure(
    "effort",
    "hours",
    N_("Work in a year"),
    N_(
        "Events of the step in the latest year (scaled up from a shorter log) times the minutes of "
        "work: the mean of those that were measured, otherwise those that the workspace gives "
        "(assumed, unless it says that they are measured); the cost is that time at the department's "
        "cost of an hour. "
        "The range multiplies the lower ends and the upper ends."
    ),
)
WORKED = Measure(
    "worked",
    "units",
    N_("Measured effort"),
    N_(
        "Minutes of work, clicks, screens or systems of an event, as the attributes hold them that "
        "[log.effort] of the workspace names; values below zero do not count."
    ),
)
MEASURES = (
    WAIT,
    SERVICE,
    WORKING_WAIT,
    WORKING_SERVICE,
    SHARE_OF_TIME,
    REWORK,
    SELF_LOOPS,
    ON_TIME,
    RESOURCES,
    BUSIEST,
    EFFORT,
    WORKED,
)

THROUGHPUT = Measure(
    "throughput_seconds",
    "seconds",
    N_("Throughput time"),
    N_(
        "From the start of the first event to the end of the last one, in finished cases: those "
        "whose last event is an end step. All others are open, and have an age instead."
    ),
)
WITH_OPEN = Measure(
    "median_with_open_seconds",
    "seconds",
    N_("Throughput time with open cases"),
    N_(
        "The time by which half of all cases are finished, where an open case counts as not "
        "finished up to its age (Kaplan–Meier). Long cases are still open when a log ends, so that "
        "finished ones alone look too quick."
    ),
)
IN_PROGRESS = Measure(
    "in_progress",
    "cases",
    N_("In progress"),
    N_("Cases that have come in and are not finished, at the end of the day or week."),
)
AGE = Measure(
    "age_seconds",
    "seconds",
    N_("Age of open cases"),
    N_("From the start of the first event to the instant that is looked at."),
)
FLOW_MEASURES = (THROUGHPUT, WITH_OPEN, IN_PROGRESS, AGE)
