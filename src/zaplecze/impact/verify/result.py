"""What a verification says: the estimate, the checks that it passed or not, and the verdict."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from zaplecze.language import Text

Floats = NDArray[np.float64]
Interval = tuple[float, float]
Method = Literal["did", "staggered", "its", "sdid"]
Family = Literal["gaussian", "poisson", "negative-binomial"]
Better = Literal["lower", "higher"]
Verdict = Literal["worked", "did not", "cannot tell", "not comparable"]


CHECK_LEVEL = 0.025
"""A course fails a check at this level: of two, one course in twenty that is as it should be."""


@dataclass(frozen=True)
class Guess:
    """An estimate with its standard error and the degrees of freedom of that error."""

    estimate: float
    error: float
    dof: float

    def interval(self, critical: float) -> Interval:
        """CRITICAL errors to both sides."""
        return self.estimate - critical * self.error, self.estimate + critical * self.error

    @property
    def p_value(self) -> float:
        """Two-sided, of nothing."""
        from scipy import stats

        if not self.error > 0:
            return 1.0
        return float(2 * stats.t.sf(abs(self.estimate / self.error), self.dof))


@dataclass(frozen=True)
class PreTrend:
    """Did the course before the change already go apart (groups), or bend (one series)?

    ``slope`` is the difference of slopes a period between treated and other units (did, sdid), the
    last lead (staggered) or the bend of the series (its); ``passed`` is None where nobody can tell.
    """

    p_value: float | None
    slope: float | None
    passed: bool | None
    periods: int


@dataclass(frozen=True)
class Placebo:
    """What comes out where nothing was changed.

    ``time``: the same method on the time before, as if the change had come in its middle;
    ``unit_p_value``: how often a unit without the change moves as much as the treated ones did.
    """

    time: float | None = None
    time_interval: Interval | None = None
    time_p_value: float | None = None
    unit_p_value: float | None = None
    draws: int = 0
    passed: bool | None = None


@dataclass(frozen=True)
class Detectable:
    """The smallest effect that shows in 8 of 10 cases, from the time before the change alone.

    ``effects`` holds it by number of periods after the change; ``worth`` is the effect that a
    person wants to see and ``periods_needed`` how long that takes (None: longer than was tried).
    """

    effect: float
    periods: int
    power: float
    effects: dict[int, float]
    worth: float | None
    periods_needed: int | None
    cases_a_period: float | None
    sentence: Text


@dataclass(frozen=True)
class RegressionToTheMean:
    """The treated were bad before: how much of an improvement would have come anyway.

    ``gap`` is how far they stood from the others (or the last periods from the course before) in
    standard deviations; ``estimate`` is the effect with the baseline held equal.
    """

    gap: float
    estimate: float | None
    interval: Interval | None
    accounted_for: bool
    sentence: Text


@dataclass(frozen=True)
class Series:
    """What was seen and what would have been without the change, for the picture.

    ``times`` are labels, ``go_live`` is the position of the first period with the change;
    ``low`` and ``high`` bound the counterfactual and are missing before the change.
    """

    times: list[str]
    observed: list[float | None]
    counterfactual: list[float | None]
    low: list[float | None]
    high: list[float | None]
    go_live: int


@dataclass(frozen=True)
class Verification:
    """Did the change help? Estimate, interval, checks, verdict and sentence.

    ``estimate`` is the mean effect in units of the outcome over the periods with the change;
    ``ratio`` is what was seen divided by what would have been seen without the change. The
    ``sentence`` begins with the ``headline`` and goes on with what it rests on.
    """

    method: Method
    method_text: Text
    reason: Text
    outcome: str
    better: Better
    estimate: float | None
    interval: Interval | None
    p_value: float | None
    ratio: float | None
    ratio_interval: Interval | None
    reading: str
    units: int
    treated: int
    periods_before: int
    periods_after: int
    pretrend: PreTrend
    placebo: Placebo
    detectable: Detectable | None
    regression_to_the_mean: RegressionToTheMean | None
    verdict: Verdict
    headline: Text
    sentence: Text
    caveats: list[Text]
    series: Series
    details: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; texts in three languages."""
        return {key: _plain(value) for key, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    """VALUE with everything in it that JSON does not know turned into what it knows."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
