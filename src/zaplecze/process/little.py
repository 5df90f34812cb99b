"""Little's law as a check: does the time that finished cases took explain the work in progress."""

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from zaplecze.language import N_, Text, duration, number, say

Verdict = Literal["holds", "growing", "shrinking", "open cases"]

TOLERANCE = 0.1
"""So far the product of arrivals and time may lie from the work in progress."""

_DAY = 86_400.0


@dataclass(frozen=True)
class Little:
    """In a steady flow L = λ · W (Little 1961): cases in progress = arrivals a day × days in it.

    ``in_progress`` is the mean over time, ``arrivals_per_day`` and ``completions_per_day`` are over
    the same time, ``throughput_seconds`` is the mean of finished cases, ``expected`` is λ · W.
    """

    in_progress: float
    arrivals_per_day: float
    completions_per_day: float
    throughput_seconds: float
    expected: float
    verdict: Verdict

    @classmethod
    def of(
        cls,
        start: NDArray[np.int64],
        end: NDArray[np.int64],
        done: NDArray[np.bool_],
        at: int,
    ) -> Self | None:
        """From the instants (microseconds) of all cases up to AT; None where none is finished."""
        whole = (at - int(start.min())) / 1e6
        if not done.any() or whole <= 0:
            return None
        seconds = (np.where(done, end, at) - start) / 1e6
        in_progress = float(seconds.sum() / whole)
        arrivals, completions = len(start) / whole * _DAY, float(done.sum()) / whole * _DAY
        mean = float(seconds[done].mean())
        expected = arrivals * mean / _DAY
        return cls(
            in_progress, arrivals, completions, mean, expected,
            _verdict(in_progress, expected, arrivals, completions),
        )  # fmt: skip

    @property
    def ratio(self) -> float | None:
        """Cases in progress for each that the law expects."""
        return self.in_progress / self.expected if self.expected else None

    @property
    def sentence(self) -> Text:
        """What the check says, in words."""
        return say(
            _SENTENCES[self.verdict],
            in_progress=number(self.in_progress, 1),
            arrivals=number(self.arrivals_per_day, 1),
            completions=number(self.completions_per_day, 1),
            time=duration(self.throughput_seconds),
            expected=number(self.expected, 1),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {"ratio": self.ratio, "sentence": self.sentence}


def _verdict(in_progress: float, expected: float, arrivals: float, completions: float) -> Verdict:
    if abs(in_progress - expected) <= TOLERANCE * max(in_progress, expected):
        return "holds"
    if completions < arrivals * (1 - TOLERANCE):
        return "growing"
    return "open cases" if in_progress > expected else "shrinking"


_SENTENCES: dict[Verdict, str] = {
    "holds": N_(
        "The figures fit each other: {arrivals} cases a day come in and take {time} on average, "
        "which makes {expected} in progress; there are {in_progress}."
    ),
    "growing": N_(
        "More comes in than goes out: {arrivals} cases a day against {completions}. The {time} that "
        "finished cases took would make {expected} in progress; there are {in_progress}. New cases "
        "will take longer than finished ones did, or some are never finished."
    ),
    "shrinking": N_(
        "The {time} that finished cases took would make {expected} in progress; there are only "
        "{in_progress}. The flow was not steady over this time."
    ),
    "open cases": N_(
        "The {time} that finished cases took would make {expected} in progress; there are "
        "{in_progress}. A few cases stay open for very long, or are finished without a trace."
    ),
}
