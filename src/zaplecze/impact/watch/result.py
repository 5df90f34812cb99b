"""What a watch found: alarms, the measures that were watched, and those that could not be."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from zaplecze.impact.watch.families import Kind
from zaplecze.impact.watch.seasons import Period
from zaplecze.language import Text

Unit = Literal["number", "rate", "share", "value", "seconds"]
"""What values are shown as; a ``rate`` is a count for one unit of exposure."""

Interval = tuple[float, float]
Day = dt.date


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    estimate: float
    interval: Interval


@dataclass(frozen=True)
class SegmentShift:
    """The segment that moved more than the rest: expected values before and since, and elsewhere.

    ``p_value`` is adjusted (Holm) for all ``tested`` segments of the alarm.
    """

    attribute: str
    attribute_label: Text
    level: str
    before: float
    after: float
    rest_before: float
    rest_after: float
    p_value: float
    tested: int


@dataclass(frozen=True)
class Cost:
    """What a change costs in a year if it lasts; negative where it saves.

    ``interval`` joins the ends of the change's interval with the ends of the price's range.
    """

    per_year: float
    interval: Interval
    currency: str
    basis: Literal["measured", "assumed"]
    formula: Text


@dataclass(frozen=True)
class Alarm:
    """A measure left what was usual.

    ``raised`` is the first day after the period that gave the alarm; ``since`` when the change most
    likely began, with the 95 % interval ``since_interval``. ``before`` is what would be expected
    without the change, over the same days as ``after``, what is expected with it; of a trend
    ``after`` is its end. ``relative`` is after / before − 1, null where before is not positive.
    ``current`` is false when a later alarm of the same measure took its place; ``lasting`` is false
    when, in hindsight, the interval of the change holds no change. ``verdict`` is null where
    neither way is better. ``expected_without`` has a value a period from ``since`` on.
    ``may_be_season``: there are no two years of history, and a season would explain it as well.
    """

    id: str
    measure: str
    label: Text
    kind: Kind
    unit: Unit
    period: Period
    form: Literal["shift", "trend"]
    direction: Literal["up", "down"]
    verdict: Literal["better", "worse"] | None
    raised: Day
    since: Day
    since_interval: tuple[Day, Day]
    until: Day
    before: Estimate
    after: Estimate
    change: Estimate
    relative: Estimate | None
    current: bool
    lasting: bool
    segment: SegmentShift | None
    segments_tested: int
    cost: Cost | None
    expected_without: list[float]
    sentence: Text
    segment_sentence: Text
    cost_sentence: Text
    may_be_season: bool = False


@dataclass(frozen=True)
class Detectable:
    """The smallest change that ``weeks`` weeks show in ``power`` of all cases."""

    change: float
    relative: float | None
    weeks: int
    power: float


@dataclass(frozen=True)
class Point:
    """One period: its first day, the value (null where not known), and what the model expects."""

    day: Day
    value: float | None
    expected: float


@dataclass(frozen=True)
class Watched:
    """A measure that was watched, period by period from ``first`` to ``last``.

    ``observations`` are the rows behind it; ``false_alarms_per_year`` its part of the board's;
    ``level`` what is expected of a period at present; ``correlation`` that of neighbouring periods'
    slow variation; ``season`` what is allowed for.
    """

    measure: str
    label: Text
    kind: Kind
    unit: Unit
    period: Period
    first: Day
    last: Day
    periods: int
    judged: int
    observations: int
    level: float
    correlation: float
    season: list[Literal["weekday", "year", "holidays"]]
    false_alarms_per_year: float
    detectable: Detectable | None
    notes: list[Text]
    points: list[Point] = field(repr=False)


@dataclass(frozen=True)
class Unwatched:
    """A measure that could not be watched, and why; the sentence says what to bring."""

    measure: str
    label: Text
    reason: Text


@dataclass(frozen=True)
class Watch:
    """The board: alarms (the latest first), measures watched and not watched, how it was done."""

    name: Text
    created: str
    false_alarms_per_year: float
    country: str | None
    alarms: list[Alarm]
    watched: list[Watched]
    unwatched: list[Unwatched]
    notes: list[Text]
    method: Text
    sentence: Text

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; days as ``YYYY-MM-DD``, texts by language."""
        document: dict[str, Any] = _plain(asdict(self))
        return document


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value
