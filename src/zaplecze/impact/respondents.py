"""Who answered, as frozen results: those whose outcome is known against all customers."""

from dataclasses import dataclass

from zaplecze.language import Text

Interval = tuple[float, float]


@dataclass(frozen=True)
class Weighted:
    """A number among those who answered, the same weighted to all, and the shift between them.

    Intervals hold in 95 of 100 samples; that of the shift knows that both rest on the same people.
    ``n`` are the cases to which it is weighted.
    """

    answered: float
    answered_interval: Interval
    weighted: float
    weighted_interval: Interval
    shift: float
    shift_interval: Interval
    n: int
    sentence: Text


@dataclass(frozen=True)
class Contrast:
    """One fact among those who answered and among all: a share of them, or a mean.

    ``difference`` is that of the two in standard deviations over all; ``answer_rate`` the share of
    those with the fact who answered, None for means.
    """

    fact: str
    label: Text
    level: str | None
    answered: float
    everyone: float
    difference: float
    answer_rate: float | None


@dataclass(frozen=True)
class Respondents:
    """Who answered, of the ``cases`` in which an outcome could have been known.

    ``contrasts`` are the facts in which they differ most from all. ``level`` is the mean of the
    outcome weighted to all; None where there is a ``reason`` not to weight. ``least_chance`` is the
    lowest chance of answering (1st percentile), ``hardly`` the share of all with hardly any chance;
    ``worth`` is how many answers of even weight the weighted ones are worth (Kish 1965).
    """

    outcome: str
    outcome_label: Text
    cases: int
    answered: int
    contrasts: list[Contrast]
    least_chance: float
    hardly: float
    worth: float
    level: Weighted | None
    reason: Text | None
    method: Text
    sentence: Text

    @property
    def share(self) -> float:
        """The share of the cases whose outcome is known."""
        return self.answered / self.cases
