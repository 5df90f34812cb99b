"""How a log and a written procedure agree: fitness, deviations and variants, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from zaplecze.language import Text

Kind = Literal["skipped", "inserted"]
MoveKind = Literal["agrees", "skipped", "inserted"]


@dataclass(frozen=True)
class Place:
    """Where in cases something deviates: between which activities; None: at the start, at the end."""

    after: str | None
    before: str | None
    events: int


@dataclass(frozen=True)
class Contrast:
    """A figure of the cases with a deviation and of all others: a comparison, not an effect.

    Times are medians in seconds, outcomes means of those known; None where nothing is known.
    """

    with_it: float | None
    without_it: float | None
    cases_with: int
    cases_without: int


@dataclass(frozen=True)
class Deviation:
    """One way to deviate: a step that is missing, or an activity that has no place where it is.

    ``events``: how often. ``departments``: how often by department, that of the lane or of the step
    where it is missing. ``throughput_seconds``: from start to end of the case; ``wait_seconds``: all
    waits of the case together. Of rare deviations nothing is compared, and these are None.
    """

    kind: Kind
    activity: str
    label: Text
    cases: int
    events: int
    departments: dict[str, int]
    places: list[Place]
    throughput_seconds: Contrast | None
    wait_seconds: Contrast | None
    outcomes: dict[str, Contrast]
    sentences: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "places": [dict(vars(place)) for place in self.places],
            "throughput_seconds": self.throughput_seconds and vars(self.throughput_seconds),
            "wait_seconds": self.wait_seconds and vars(self.wait_seconds),
            "outcomes": {name: vars(contrast) for name, contrast in self.outcomes.items()},
        }


@dataclass(frozen=True)
class VariantFit:
    """A variant and how well it follows the procedure.

    ``cost`` and ``fitness`` are None, and ``moves`` empty, where only bounds are known. ``moves``
    are pairs of kind and activity: "agrees", "inserted" or "skipped".
    """

    activities: list[str]
    cases: int
    cost: int | None
    cost_bounds: tuple[int, int]
    fitness: float | None
    fitness_bounds: tuple[float, float]
    moves: list[tuple[MoveKind, str]]


@dataclass(frozen=True)
class Conformance:
    """How the cases of a log follow a procedure.

    ``cases``: those with events; ``idle_cases``: those without any, which are not compared.
    ``fitness``: the mean over cases of 1 − cost / (events + steps of the shortest run), None where
    some variants have bounds only (``bounded_cases``); then ``fitness_bounds`` tell.
    """

    procedure: str
    cases: int
    idle_cases: int
    fitting_cases: int
    bounded_cases: int
    fitness: float | None
    fitness_bounds: tuple[float, float]
    deviations: list[Deviation]
    variants: Sequence[VariantFit] = field(repr=False)
    notes: list[Text] = field(default_factory=list)
    filters: list[Text] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process conformance --json``: plain values."""
        return vars(self) | {
            "deviations": [deviation.to_dict() for deviation in self.deviations],
            "variants": list(self._variants()),
        }

    def _variants(self) -> Iterator[dict[str, Any]]:
        return (dict(vars(variant)) for variant in self.variants)
