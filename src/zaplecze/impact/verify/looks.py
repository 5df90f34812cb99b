"""Looking more than once: critical values that keep the rate of false alarms."""

import functools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

Shape = Literal["obrien-fleming", "pocock"]
ALPHA = 0.05


@dataclass(frozen=True)
class Reading:
    """How often the result is looked at: once, on any day, or as number LOOK of LOOKS planned."""

    kind: Literal["once", "any", "planned"]
    look: int = 1
    looks: int = 1

    @classmethod
    def of(cls, words: str) -> "Reading | None":
        """From "once", "any" or "2/5"; None where WORDS are none of these."""
        if words in ("once", "any"):
            return cls("once" if words == "once" else "any")
        look, _, looks = words.partition("/")
        if not (look.isdecimal() and looks.isdecimal()):
            return None
        if not 1 <= int(look) <= int(looks) <= 50:
            return None
        return cls("planned", int(look), int(looks))

    def critical(self, dof: float, errors_at_scale: float) -> float:
        """How many standard errors the interval reaches to both sides.

        DOF are the degrees of freedom of the error; ERRORS_AT_SCALE is the effect for which the
        interval of ``any`` is made narrowest, in standard errors.
        """
        if self.kind == "planned":
            normal = boundaries(self.looks)[self.look - 1]
        elif self.kind == "any":
            normal = always_valid(errors_at_scale)
        else:
            normal = boundaries(1)[0]
        return student(normal, dof)

    def __str__(self) -> str:
        return f"{self.look}/{self.looks}" if self.kind == "planned" else self.kind


@functools.cache
def boundaries(
    looks: int, shape: Shape = "obrien-fleming", alpha: float = ALPHA
) -> tuple[float, ...]:
    """Two-sided critical values of z at each of LOOKS equally spaced readings.

    O'Brien and Fleming (1979) spend little of ALPHA early, Pocock (1977) the same at each reading;
    the chance that a change without effect ever crosses is ALPHA. Computed by the recursion of
    Armitage, McPherson and Rowe (1969).
    """
    from scipy import optimize

    number = np.arange(1, looks + 1)
    form = np.sqrt(looks / number) if shape == "obrien-fleming" else np.ones(looks)
    scale = optimize.brentq(lambda c: _crossing(c * form) - alpha, 1.0, 8.0, xtol=1e-7)
    return tuple(float(each) for each in scale * form)


def always_valid(errors_at_scale: float, alpha: float = ALPHA) -> float:
    """Half-width in standard errors of an interval that holds however often one looks.

    The normal mixture of Robbins (1970) with an effect of ERRORS_AT_SCALE standard errors as the
    standard deviation of what one expects: the interval is all effects whose e-value stays below
    1 / ALPHA. It must be chosen without the data after the change.
    """
    spread = max(errors_at_scale, 1e-6) ** 2
    return math.sqrt((1 + spread) / spread * (2 * math.log(1 / alpha) + math.log(1 + spread)))


def e_value(estimate: float, error: float, scale: float) -> float:
    """Evidence against no effect that may be read at any time: 20 is as rare as 5 in 100.

    SCALE is the standard deviation of the effects that one expects, in the unit of ESTIMATE.
    """
    ratio = (scale / error) ** 2
    exponent = 0.5 * (estimate / error) ** 2 * ratio / (1 + ratio)
    return math.exp(min(exponent - 0.5 * math.log1p(ratio), 700.0))


def student(normal: float, dof: float) -> float:
    """The value of Student's t with DOF that is as rare as NORMAL is for z."""
    from scipy import stats

    return float(stats.t.isf(stats.norm.sf(normal), dof))


def _crossing(critical: "np.typing.NDArray[np.float64]") -> float:
    """Chance that a standard random walk over its root crosses CRITICAL at any step."""
    from scipy import stats

    nodes, weights = _points()
    bound = critical[0]
    points, widths = nodes * bound, weights * bound
    density = stats.norm.pdf(points)
    crossed = 2 * stats.norm.sf(bound)
    for step, each in enumerate(critical[1:], 2):
        bound = each * math.sqrt(step)
        away = stats.norm.sf(bound - points) + stats.norm.sf(bound + points)
        crossed += float(np.sum(widths * density * away))
        onwards = nodes * bound
        density = stats.norm.pdf(onwards[:, None] - points) @ (widths * density)
        points, widths = onwards, weights * bound
    return float(crossed)


@functools.cache
def _points() -> "tuple[np.typing.NDArray[np.float64], np.typing.NDArray[np.float64]]":
    """Gauss-Legendre points: the integrals are exact to far more digits than are printed."""
    return np.polynomial.legendre.leggauss(161)
