"""What an uncertain number may be: distributions with their draws, quantiles and plain value."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from zaplecze.money.returns import Floats

PERT_WEIGHT = 4.0
"""How much more the likely value of PERT counts than either end."""


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

    @property
    def base(self) -> float:
        """The mean."""
        return self.mean

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
    """A beta distribution by its lowest, LIKELY and highest value."""

    likely: float = 0.5

    @classmethod
    def of(cls, low: float, likely: float, high: float) -> "Pert":
        """Its mean is (low + 4 likely + high) / 6 (Malcolm et al. 1959, in its beta form)."""
        rise = PERT_WEIGHT * (likely - low) / (high - low)
        return cls(1.0 + rise, 1.0 + PERT_WEIGHT - rise, low, high, likely)

    @property
    def base(self) -> float:
        """The likely value."""
        return self.likely


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
