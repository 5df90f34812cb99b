"""How a log and a written procedure agree: fitness, deviations and variants, as plain values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from zaplecze.language import Text

Kind = Literal["skipped", "inserted"]
MoveKind = Literal["agrees", "skipped", "inserted"]


@dataclass(frozen=True)
class Contrast:
    """A figure of the cases with a deviation and of all others: a comparison, not an effect.

    Times are medians in seconds, outcomes means of those known; None where nothing is known.
    ``interval`` is that of the ``difference`` at 95 %; None where too few cases tell.
    """

    with_it: float | None
    without_it: float | None
    cases_with: int
    cases_without: int
    difference: float | None = None
    interval: tuple[float, float] | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {"interval": self.interval and list(self.interval)}


@dataclass(frozen=True)
class Contrasts:
    """How the cases with a deviation fared.

    ``throughput_seconds``: from start to end of the case; ``wait_seconds``: all waits of the case
    together.
    """

    throughput_seconds: Contrast
    wait_seconds: Contrast
    outcomes: dict[str, Contrast]

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return {
            "throughput_seconds": self.throughput_seconds.to_dict(),
            "wait_seconds": self.wait_seconds.to_dict(),
            "outcomes": {name: contrast.to_dict() for name, contrast in self.outcomes.items()},
        }


@dataclass(frozen=True)
class Place:
    """Where in cases something deviates: between which activities; None: at the start, at the end.

    ``contrasts``: the cases that deviate here beside those that do not deviate so anywhere; None of
    rare places.
    """

    after: str | None
    before: str | None
    events: int
    contrasts: Contrasts | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {"contrasts": self.contrasts and self.contrasts.to_dict()}


@dataclass(frozen=True)
class Deviation:
    """One way to deviate: a step that is missing, or an activity that has no place where it is.

    ``events``: how often. ``departments``: how often by department, that of the lane or of the step
    where it is missing. Of rare deviations nothing is compared: times are None then. What is in
    ``by_department`` are the cases that deviate there beside those that do not deviate so anywhere.
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
    by_department: dict[str, Contrasts] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "places": [place.to_dict() for place in self.places],
            "throughput_seconds": self.throughput_seconds and self.throughput_seconds.to_dict(),
            "wait_seconds": self.wait_seconds and self.wait_seconds.to_dict(),
            "outcomes": {name: contrast.to_dict() for name, contrast in self.outcomes.items()},
            "by_department": {
                name: contrasts.to_dict() for name, contrasts in self.by_department.items()
            },
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
