"""What is found: contacts that would not have come without delays, by step and by department."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from zaplecze.impact.finding import Interval, LeverName, Refused, Verdict
from zaplecze.language import Text


@dataclass(frozen=True)
class StepDemand:
    """One delay: the cases that it concerns and the contacts that it brings.

    ``days`` is how long cases were followed after they became delayed, ``overdue_days`` of it while
    the delay lasted. ``came`` are the contacts in ``days``, which other delays may have brought too;
    ``expected`` those that would have come anyway. ``excess`` would not have come without this
    delay. ``a_day_overdue`` and ``a_day_after`` are what a day of each adds; ``early`` by how much a day
    the same cases differed before they were delayed (None where nobody can tell). ``means`` are the
    contacts of a case with the delay and of one without it, ``raw`` is their difference.
    """

    delay: LeverName
    cases: int
    days: float
    overdue_days: float
    came: int
    expected: float
    means: tuple[float, float]
    raw: float
    raw_interval: Interval
    excess: float
    interval: Interval
    a_day_overdue: float
    a_day_after: float
    early: float | None
    early_interval: Interval | None
    q_value: float | None
    verdict: Verdict
    reason: Text | None
    sentence: Text


@dataclass(frozen=True)
class DepartmentDemand:
    """The contacts that all delays of a department bring."""

    department: str
    label: Text
    excess: float
    interval: Interval


@dataclass(frozen=True)
class Curve:
    """Contacts per case by ``days`` since it became delayed.

    ``observed`` with ``low`` and ``high``, and ``expected`` without the delay. Of what happens once these
    are shares of the cases, other ends of following them allowed for (Aalen and Johansen).
    """

    days: list[float]
    observed: list[float]
    low: list[float]
    high: list[float]
    expected: list[float]


@dataclass(frozen=True)
class FailureDemand:
    """Contacts that would not have come without delays.

    ``cases`` are followed for ``horizon_days`` at most, together for ``followed_days``; ``delayed``
    of them become delayed; ``contacts`` came meanwhile. ``excess`` is the sum over ``steps`` that can be
    told, ``share`` its part of ``contacts``. By ``yearly`` what was counted multiplies to a year (None
    where the log is too short to say). ``refused`` are facts that may not explain contacts.
    """

    what: Text
    recurrent: bool
    cases: int
    customers: int
    delayed: int
    contacts: int
    horizon_days: float
    followed_days: float
    excess: float | None
    interval: Interval | None
    share: float | None
    share_interval: Interval | None
    excess_per_year: float | None
    yearly: float | None
    steps: list[StepDemand]
    departments: list[DepartmentDemand]
    curve: Curve | None
    verdict: Verdict
    reason: Text | None
    sentence: Text
    method: Text
    held_equal: list[Text]
    refused: list[Refused]
    caveats: list[Text]
    noun: Text

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; texts in three languages, what is not known is null."""
        return {key: _plain(value) for key, value in asdict(self).items()}


@dataclass(frozen=True)
class Demand:
    """Failure demand of one kind of contacts; ``of_outcome`` are counted as an outcome as well."""

    name: str
    label: Text
    of_outcome: bool
    found: FailureDemand

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {"found": self.found.to_dict()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
