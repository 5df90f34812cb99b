"""What departments do for each other, as frozen results."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from zaplecze.impact.finding import Interval
from zaplecze.language import Text
from zaplecze.process.measures import OnTime, Spread
from zaplecze.workspace import ServicePart

PeriodUnit = Literal["week", "month"]
CourseVerdict = Literal["better", "worse", "no change shown", "cannot tell"]


@dataclass(frozen=True)
class Passing:
    """What the receiver gets from the giver: ``count`` hand-overs in ``cases`` cases.

    ``wait_seconds`` is how long work lies until the receiver takes it over; ``within`` the share
    taken over within the time agreed, None where none is. ``back`` counts what went straight back,
    ``returned`` what the giver then did again, of ``settled`` hand-overs whose fate is known.
    ``promises`` are the receiver's steps with a limit in that work.
    """

    giver: str
    receiver: str
    giver_label: Text
    receiver_label: Text
    count: int
    cases: int
    wait_seconds: Spread
    within: float | None
    back: int
    returned: int
    settled: int
    promises: OnTime | None

    @property
    def returned_share(self) -> float | None:
        """The share of settled hand-overs that was returned."""
        return self.returned / self.settled if self.settled else None


@dataclass(frozen=True)
class Score:
    """One part of the index, from 0 to 100 with its 95 % interval; ``n`` observations.

    ``weight`` is its share in this department's index, 0 where it does not count.
    """

    part: ServicePart
    label: Text
    value: float
    interval: Interval
    n: int
    weight: float


@dataclass(frozen=True)
class Point:
    """The index in one whole period (from the day ``starts`` on); None where there is too little."""

    starts: str
    index: float | None
    interval: Interval | None


@dataclass(frozen=True)
class Course:
    """How the index went: ``change`` in points a period with its 95 % interval, and in words."""

    unit: PeriodUnit
    points: list[Point]
    change: float | None
    interval: Interval | None
    verdict: CourseVerdict
    sentence: Text


@dataclass(frozen=True)
class DepartmentService:
    """What a department does for the others.

    ``index`` (0 to 100, None with the ``reason`` where there is too little) joins ``scores`` with
    their weights; ``interval`` is its 95 % sampling interval. ``rank`` counts from the best;
    ``rank_interval`` allows for both the sample and the choice of weights. ``any_weights`` are the
    lowest and highest index that any weights would give; ``geometric`` joins the parts so that
    none makes up fully for another. Where the log has no more than completions of its events it is not
    ``timed``: then ``takeover_seconds`` are its turnaround, its own work included.
    """

    department: str
    label: Text
    received: int
    given: int
    takeover_seconds: Spread
    index: float | None
    interval: Interval | None
    scores: list[Score]
    rank: int | None
    rank_interval: tuple[int, int] | None
    any_weights: Interval | None
    geometric: float | None
    course: Course | None
    reason: Text | None
    sentence: Text
    timed: bool = True


@dataclass(frozen=True)
class InternalService:
    """The service of departments to each other; departments from the lowest index on.

    ``weights`` are those that were asked for, of parts of which anything is known, adding up to 1;
    ``company`` has the mean of each part over all departments; ``takeover_hours`` the time in which
    work ought to be taken over, None where departments are compared with each other instead;
    ``working_time`` says whether waits count working time only.
    """

    cases: int
    clusters: int
    handovers: int
    weights: dict[ServicePart, float]
    company: dict[ServicePart, float]
    takeover_hours: float | None
    working_time: bool
    departments: list[DepartmentService]
    passings: list[Passing]
    method: list[Text]
    caveats: list[Text]
    sentence: Text
    filters: list[Text] = field(default_factory=list)

    @property
    def untimed(self) -> list[Text]:
        """The departments that take work over, and of whose events no more than completions are known."""
        return [each.label for each in self.departments if not each.timed and each.received]

    def to_dict(self) -> dict[str, Any]:
        """The document of ``impact service --json``: plain values."""
        document = asdict(self)
        for plain, passing in zip(document["passings"], self.passings, strict=True):
            plain["returned_share"] = passing.returned_share
        return document
