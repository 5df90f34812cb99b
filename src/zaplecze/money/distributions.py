"""What an uncertain number may be: distributions with their draws, quantiles and plain value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

import numpy as np

from zaplecze.language import N_, Text, say
from zaplecze.money.returns import Floats
from zaplecze.workspace.values import FaultError

Kind = Literal[
    "fixed", "triangular", "pert", "normal", "lognormal", "beta", "uniform", "discrete", "empirical"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

PERT_WEIGHT = 4.0
"""How much more the likely value of PERT counts than either end."""
TAIL = 0.05
"""``low`` and ``high`` of normal and lognormal leave this much out at either side."""
Z90 = 1.6448536269514722
_WIDEST_SPREAD = 1_000.0


class Distribution(Protocol):
    """An uncertain number: its plain value (`base`), its mean, draws and quantiles."""

    @property
    def base(self) -> float: ...
    @property
    def mean(self) -> float: ...
    def draws(self, random: np.random.Generator, count: int) -> Floats: ...
    def quantile(self, share: float) -> float: ...


@dataclass(frozen=True)
class Fixed:
    """A number that is certain."""

    value: float

    @property
    def base(self) -> float:
        """The number."""
        return self.value

    @property
    def mean(self) -> float:
        """The number."""
        return self.value

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """The number, COUNT times."""
        return np.full(count, self.value)

    def quantile(self, share: float) -> float:
        """The number."""
        return self.value


@dataclass(frozen=True)
class Triangular:
    """Straight up from LOW to LIKELY and down to HIGH."""

    low: float
    likely: float
    high: float

    @property
    def base(self) -> float:
        """The likeliest value."""
        return self.likely

    @property
    def mean(self) -> float:
        """The mean of the three."""
        return (self.low + self.likely + self.high) / 3

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """COUNT draws."""
        return random.triangular(self.low, self.likely, self.high, count)

    def quantile(self, share: float) -> float:
        """The value that SHARE of the draws stay below."""
        width, turn = self.high - self.low, (self.likely - self.low) / (self.high - self.low)
        if share < turn:
            return float(self.low + width * np.sqrt(share * turn))
        return float(self.high - width * np.sqrt((1 - share) * (1 - turn)))


@dataclass(frozen=True)
class Beta:
    """A beta distribution with shapes ALPHA and BETA, stretched from LOW to HIGH."""

    alpha: float
    beta: float
    low: float = 0.0
    high: float = 1.0
    likely: float | None = None

    @staticmethod
    def pert(low: float, likely: float, high: float) -> "Pert":
        """PERT: its mean is (low + 4 likely + high) / 6 (Malcolm et al. 1959, in its beta form)."""
        rise = PERT_WEIGHT * (likely - low) / (high - low)
        return Pert(1.0 + rise, 1.0 + PERT_WEIGHT - rise, low, high, likely)

    @property
    def base(self) -> float:
        """The likely value of PERT; the mean of a beta."""
        return self.mean if self.likely is None else self.likely

    @property
    def mean(self) -> float:
        """The mean."""
        return self.low + (self.high - self.low) * self.alpha / (self.alpha + self.beta)

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """COUNT draws."""
        return self.low + (self.high - self.low) * random.beta(self.alpha, self.beta, count)

    def quantile(self, share: float) -> float:
        """The value that SHARE of the draws stay below."""
        from scipy.special import betaincinv

        return float(self.low + (self.high - self.low) * betaincinv(self.alpha, self.beta, share))


@dataclass(frozen=True)
class Pert(Beta):
    """A beta distribution of which lowest, likely and highest value are known."""


@dataclass(frozen=True)
class Normal:
    """A bell with MEAN and standard deviation SD."""

    mean: float
    sd: float

    @property
    def base(self) -> float:
        """The mean."""
        return self.mean

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """COUNT draws."""
        return random.normal(self.mean, self.sd, count)

    def quantile(self, share: float) -> float:
        """The value that SHARE of the draws stay below."""
        from scipy.special import ndtri

        return float(self.mean + self.sd * ndtri(share))


@dataclass(frozen=True)
class Lognormal:
    """Positive and skewed: the logarithm is a bell with mean MU and deviation SIGMA."""

    mu: float
    sigma: float

    @property
    def base(self) -> float:
        """The median."""
        return float(np.exp(self.mu))

    @property
    def mean(self) -> float:
        """The mean, which is above the median."""
        return float(np.exp(self.mu + self.sigma**2 / 2))

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """COUNT draws."""
        return random.lognormal(self.mu, self.sigma, count)

    def quantile(self, share: float) -> float:
        """The value that SHARE of the draws stay below."""
        from scipy.special import ndtri

        return float(np.exp(self.mu + self.sigma * ndtri(share)))


@dataclass(frozen=True)
class Uniform:
    """Anything between LOW and HIGH alike."""

    low: float
    high: float

    @property
    def base(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    @property
    def mean(self) -> float:
        """The middle."""
        return self.base

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """COUNT draws."""
        return random.uniform(self.low, self.high, count)

    def quantile(self, share: float) -> float:
        """The value that SHARE of the draws stay below."""
        return self.low + share * (self.high - self.low)


@dataclass(frozen=True)
class Discrete:
    """One of VALUES, each with its share of the draws; measured values have equal shares.

    The plain value is the likeliest; of values with equal shares the median.
    """

    values: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def base(self) -> float:
        """The likeliest value, or the median where all are alike."""
        if max(self.shares) == min(self.shares):
            return float(np.median(self.values))
        return self.values[int(np.argmax(self.shares))]

    @property
    def mean(self) -> float:
        """The mean."""
        return float(np.dot(self.values, self.shares))

    def draws(self, random: np.random.Generator, count: int) -> Floats:
        """COUNT draws."""
        return random.choice(np.array(self.values), count, p=self.shares)

    def quantile(self, share: float) -> float:
        """The smallest value that at least SHARE of the draws do not exceed."""
        order = np.argsort(self.values)
        reached = np.cumsum(np.array(self.shares)[order])
        place = min(int(np.searchsorted(reached, share - 1e-12)), len(order) - 1)
        return self.values[int(order[place])]


def distribution(kind: Kind, **given: Any) -> Distribution:
    """The distribution of KIND with the parameters GIVEN (None: not given).

    fixed: value. triangular, pert: low, likely, high. normal: mean and sd, or low and high between
    which 90 % lie. lognormal: the same, above zero. beta: alpha, beta and, unless 0 and 1, low and
    high. uniform: low, high. discrete: values, weights. empirical: values. Raises `FaultError` that
    names the parameter and the remedy.
    """
    given = {name: value for name, value in given.items() if value is not None}
    needed, allowed = _PARAMETERS[kind]
    for name in given:
        if name not in allowed:
            raise FaultError(
                say(
                    N_("A distribution '{kind}' does not use '{name}'. Remove it; it takes: {allowed}."),
                    kind=kind, name=name, allowed=", ".join(allowed),
                ),
                (name,), given[name],
            )  # fmt: skip
    if not any(set(choice) <= set(given) for choice in needed):
        raise FaultError(
            say(
                N_("A distribution '{kind}' needs: {needed}. Add what is missing."),
                kind=kind,
                needed=" / ".join(", ".join(choice) for choice in needed),
            )
        )
    return _MAKERS[kind](given)


_ENDS = ("low", "high")
_PARAMETERS: dict[Kind, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "fixed": ((("value",),), ("value",)),
    "triangular": ((("low", "likely", "high"),), ("low", "likely", "high")),
    "pert": ((("low", "likely", "high"),), ("low", "likely", "high")),
    "normal": ((("mean", "sd"), _ENDS), ("mean", "sd", *_ENDS)),
    "lognormal": ((("mean", "sd"), _ENDS), ("mean", "sd", *_ENDS)),
    "beta": ((("alpha", "beta"),), ("alpha", "beta", *_ENDS)),
    "uniform": ((_ENDS,), _ENDS),
    "discrete": ((("values", "weights"),), ("values", "weights")),
    "empirical": ((("values",),), ("values",)),
}


def _three(given: dict[str, Any]) -> tuple[float, float, float]:
    low, likely, high = given["low"], given["likely"], given["high"]
    if not low <= likely <= high or low == high:
        raise FaultError(
            say(
                N_("'low', 'likely' and 'high' must rise: {low}, {likely}, {high} do not. Put them in order."),
                low=f"{low:g}", likely=f"{likely:g}", high=f"{high:g}",
            ),
            ("likely",), likely,
        )  # fmt: skip
    return low, likely, high


def _ordered(given: dict[str, Any]) -> tuple[float, float]:
    low, high = given["low"], given["high"]
    if not low < high:
        raise FaultError(
            say(
                N_("'low' must be less than 'high': {low} and {high} are not. Put them in order."),
                low=f"{low:g}",
                high=f"{high:g}",
            ),
            ("low",),
            low,
        )
    return low, high


def _bell(given: dict[str, Any]) -> tuple[float, float]:
    """Mean and deviation, given as such or by the ends between which 90 % lie."""
    if "mean" in given and "low" in given:
        raise FaultError(say(N_("There are both 'mean' and 'low'. Remove one pair: 'mean' with 'sd', or 'low' with 'high'.")), ("mean",), given["mean"])  # fmt: skip
    if "mean" not in given:
        low, high = _ordered(given)
        return (low + high) / 2, (high - low) / (2 * Z90)
    if not given["sd"] > 0:
        raise FaultError(_MORE_THAN_ZERO, ("sd",), given["sd"])
    return given["mean"], given["sd"]


_MORE_THAN_ZERO: Text = say(N_("This must be more than 0."))


def _triangular(given: dict[str, Any]) -> Distribution:
    return Triangular(*_three(given))


def _pert(given: dict[str, Any]) -> Distribution:
    return Beta.pert(*_three(given))


def _normal(given: dict[str, Any]) -> Distribution:
    return Normal(*_bell(given))


def _lognormal(given: dict[str, Any]) -> Distribution:
    for name in ("mean", "low"):
        if name in given and not given[name] > 0:
            raise FaultError(
                say(N_("A lognormal number is above zero. Give more than 0, or choose 'normal'.")),
                (name,),
                given[name],
            )
    if "mean" in given:
        mean, sd = _bell(given)
        if sd > _WIDEST_SPREAD * mean:
            raise FaultError(say(N_("This is more than a thousand times the mean. Correct one of the two.")), ("sd",), sd)  # fmt: skip
        sigma = float(np.sqrt(np.log1p((sd / mean) ** 2)))
        return Lognormal(float(np.log(mean)) - sigma**2 / 2, sigma)
    low, high = _ordered(given)
    middle, sigma = _bell({"low": float(np.log(low)), "high": float(np.log(high))})
    return Lognormal(middle, sigma)


def _beta(given: dict[str, Any]) -> Distribution:
    for name in ("alpha", "beta"):
        if not given[name] > 0:
            raise FaultError(_MORE_THAN_ZERO, (name,), given[name])
    low, high = _ordered({"low": 0.0, "high": 1.0} | given)
    return Beta(given["alpha"], given["beta"], low, high)


def _discrete(given: dict[str, Any]) -> Distribution:
    values, weights = _listed(given["values"]), given["weights"]
    if len(values) != len(weights) or min(weights) < 0 or sum(weights) <= 0:
        raise FaultError(
            say(N_("Every value has one weight of 0 or more, and not all are 0. Give {count} weights."), count=len(values)),
            ("weights",), list(weights),
        )  # fmt: skip
    return Discrete(values, tuple(weight / sum(weights) for weight in weights))


def _empirical(given: dict[str, Any]) -> Distribution:
    values = _listed(given["values"])
    return Discrete(values, (1.0 / len(values),) * len(values))


def _listed(values: Sequence[float]) -> tuple[float, ...]:
    if not values:
        raise FaultError(say(N_("The list is empty. Give at least one number.")), ("values",), [])
    return tuple(float(value) for value in values)


_MAKERS = {
    "fixed": lambda given: Fixed(given["value"]),
    "triangular": _triangular,
    "pert": _pert,
    "normal": _normal,
    "lognormal": _lognormal,
    "beta": _beta,
    "uniform": lambda given: Uniform(*_ordered(given)),
    "discrete": _discrete,
    "empirical": _empirical,
}
