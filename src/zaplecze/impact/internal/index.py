"""One index from several parts: weights, intervals, and what other weights would have given.

A composite indicator as the OECD and JRC handbook (2008) has it: parts are brought to one scale with
fixed ends, so that they can be compared over time; a weighted arithmetic mean joins them; the
geometric mean and random weights show how much hangs on that choice. Every part is a mean of values
from 0 to 1, so the error of the index follows from how far each cluster of cases pulls it (the delta
method, with clusters); the interval is Wilson's at the number of independent observations that this
error is worth (Korn and Graubard 1998), which stays inside the scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.finding import Interval
from zaplecze.impact.linear import pulled
from zaplecze.workspace import ServicePart

Ints = NDArray[np.int64]

FEWEST: dict[ServicePart, int] = {
    "takeover": 30,
    "right_first_time": 30,
    "promises": 30,
    "survey": 10,
}
"""With fewer observations a part says too little to count."""

FEWEST_CLUSTERS = 10
"""Errors cannot be told from fewer independent cases or customers."""

DRAWS = 4000


@dataclass(frozen=True)
class Observations:
    """Values from 0 to 1 of one part: of which department, which cluster, and when.

    Clusters of answers are people, numbered beyond those of cases.
    """

    department: Ints
    value: Floats
    cluster: Ints
    at: Ints

    def of(self, department: int) -> "Observations":
        """Those of one DEPARTMENT."""
        own = self.department == department
        return Observations(self.department[own], self.value[own], self.cluster[own], self.at[own])

    def __len__(self) -> int:
        return len(self.value)

    @property
    def tells(self) -> int:
        """How many independent clusters there are."""
        return int(np.count_nonzero(np.bincount(self.cluster)))


Parts = Mapping[ServicePart, Observations]


@dataclass(frozen=True)
class Mean:
    """A weighted mean of parts, from 0 to 1, with its standard error and how much that is worth."""

    value: float
    error: float
    clusters: int

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval at the effective number of observations."""
        return wilson(self.value, self.error, self.clusters)


def counting(parts: Parts, weights: Mapping[ServicePart, float]) -> dict[ServicePart, float]:
    """The weights of those PARTS of which enough is known, adding up to 1; none where none counts."""
    enough = {
        part: weights[part]
        for part, seen in parts.items()
        if len(seen) >= FEWEST[part] and seen.tells >= FEWEST_CLUSTERS and weights[part] > 0
    }
    total = sum(enough.values())
    return {part: weight / total for part, weight in enough.items()}


def joined(parts: Parts, shares: Mapping[ServicePart, float]) -> Mean:
    """The mean of PARTS weighted by SHARES, which add up to 1."""
    value, pulls, clusters = 0.0, [], []
    for part, share in shares.items():
        seen = parts[part]
        mean = float(seen.value.mean())
        value += share * mean
        pulls.append(share * (seen.value - mean) / len(seen))
        clusters.append(seen.cluster)
    names, pulling = pulled(np.concatenate(pulls)[:, None], np.concatenate(clusters))
    return Mean(value, float(np.sqrt((pulling**2).sum())), len(names))


def geometric(parts: Parts, shares: Mapping[ServicePart, float]) -> float:
    """The weighted geometric mean of PARTS: 0 where one of them is 0."""
    means = np.array([parts[part].value.mean() for part in shares])
    if (means <= 0).any():
        return 0.0
    return float(np.exp(np.array(list(shares.values())) @ np.log(means)))


def wilson(value: float, error: float, clusters: int) -> Interval:
    """Wilson's 95 % interval around a mean of values from 0 to 1 with this clustered ERROR.

    Where nothing varies, every cluster counts as one observation.
    """
    from scipy.stats import t

    z = float(t.ppf(0.975, max(clusters - 1, 1)))
    n = value * (1 - value) / error**2 if error > 0 else float(clusters)
    centre = (value + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(value * (1 - value) / n + z**2 / (4 * n**2))
    return max(float(centre - half), 0.0), min(float(centre + half), 1.0)


def ranks(
    means: Sequence[Mapping[ServicePart, float]], errors: Sequence[float], seed: int
) -> list[tuple[int, int]]:
    """Between which ranks (1 the best) each department lies in 95 of 100 draws.

    Each draw takes other weights (evenly from all that add up to 1, the same for all departments)
    and another sample (normal, with the ERRORS of the indices). MEANS are those of the parts that
    count for each department.
    """
    random = np.random.default_rng(seed)
    known = sorted({part for each in means for part in each})
    weights = random.dirichlet(np.ones(len(known)), DRAWS)
    drawn = np.empty((DRAWS, len(means)))
    for k, (each, error) in enumerate(zip(means, errors, strict=True)):
        columns = [known.index(part) for part in each]
        own = weights[:, columns] / weights[:, columns].sum(axis=1, keepdims=True)
        drawn[:, k] = own @ np.array(list(each.values())) + error * random.normal(size=DRAWS)
    placed = (-drawn).argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(placed, (0.025, 0.975), axis=0, method="closest_observation")
    return [(int(a), int(b)) for a, b in zip(low, high, strict=True)]
