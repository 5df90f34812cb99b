"""A plan for the mean misses its target: how often, and how many agents keep a promise."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.workload.demand import Demand, fraction, positive
from zaplecze.workload.erlang import Floats
from zaplecze.workload.limits import most_calls
from zaplecze.workload.queue import Queue, queue
from zaplecze.workload.redials import with_repeats
from zaplecze.workload.staffing import Target, agents_needed

_DRAWS = 2_000


@dataclass(frozen=True)
class Risk:
    """A plan under uncertain volumes.

    ``met_probability`` is the chance that an interval meets its target, ``expected_service_level``
    the mean over intervals, ``planned_service_level`` what the plan promises if the mean comes;
    ``agents_for_confidence`` meet the target with the chance ``confidence``.
    """

    agents: float
    target: Target
    deviation: float
    planned_service_level: float
    expected_service_level: float
    met_probability: float
    confidence: float
    agents_for_confidence: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def risk(
    demand: Demand, target: Target, agents: float, deviation: float, confidence: float = 0.8
) -> Risk:
    """How a plan of AGENTS fares when volumes scatter around the mean.

    DEVIATION is the standard deviation of the volume as a share of its mean, beyond the chance by
    which single calls come; volumes follow a gamma distribution (Jongbloed and Koole 2001). An
    overloaded interval without abandonment counts as 0. Raises `InputError` for what cannot be.
    """
    positive(N_("agents"), agents)
    positive(N_("calls"), demand.calls)
    fraction(N_("the deviation of volumes"), deviation)
    fraction(N_("the confidence"), confidence)
    if confidence == 1:
        raise InputError(say(N_("No number of agents is enough for sure. Give a chance below 1.")))
    # It takes half a second to load.
    from scipy.stats import gamma

    volumes = gamma(1 / deviation**2, scale=deviation**2) if deviation else None
    shares = (np.arange(_DRAWS) + 0.5) / _DRAWS
    factors = volumes.ppf(shares) if volumes else np.ones(1)
    levels = _level(demand, target, agents, factors)
    most = _bearable(demand, target, agents)
    met = float(volumes.cdf(most)) if volumes else float(most >= 1)
    high = float(volumes.ppf(confidence)) if volumes else 1.0
    return Risk(
        agents=agents,
        target=target,
        deviation=deviation,
        planned_service_level=float(_level(demand, target, agents, np.ones(1))[0]),
        expected_service_level=float(levels.mean()),
        met_probability=met,
        confidence=confidence,
        agents_for_confidence=int(
            agents_needed(replace(demand, calls=demand.calls * high), target)
        ),
    )


def _level(demand: Demand, target: Target, agents: float, factors: Floats) -> Floats:
    line = _line(demand, agents, factors)
    return np.asarray(line.service_level(target.within_seconds, target.definition))


def _bearable(demand: Demand, target: Target, agents: float) -> float:
    """The largest multiple of the mean volume with which AGENTS still meet TARGET."""
    most = float(most_calls(demand, target, agents))
    lost = 0.0
    if demand.patience_seconds is not None and np.isfinite(most):
        rate = most / demand.per_seconds
        line = queue(rate, demand.aht_seconds, agents, demand.patience_seconds)
        lost = float(line.abandon_probability)
    first = most * (1 - demand.redial * lost - demand.reconnect * (1 - lost))
    return first / demand.calls


def _line(demand: Demand, agents: float, factors: Floats) -> Queue:
    return with_repeats(
        demand.calls_per_second * factors, demand.aht_seconds, agents,
        demand.patience_seconds, demand.redial, demand.reconnect,
    )  # fmt: skip
