"""How many agents a service level takes, and how many people have to be employed for that."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.workload.demand import Demand, fraction, not_negative, positive
from zaplecze.workload.erlang import Floats
from zaplecze.workload.queue import Definition, Queue
from zaplecze.workload.redials import with_repeats
from zaplecze.workload.service import Service, service
from zaplecze.workload.shrinkage import Shrinkage

_DOUBLINGS = 60
_BISECTIONS = 60


@dataclass(frozen=True)
class Target:
    """The share to be answered in time, by a definition; and what else has to hold.

    ``maximum_occupancy`` keeps agents from having no breath between calls; ``minimum_agents`` are
    there even without calls.
    """

    service_level: float = 0.8
    within_seconds: float = 20.0
    definition: Definition = "offered"
    maximum_occupancy: float = 1.0
    minimum_agents: int = 0

    def __post_init__(self) -> None:
        """Raise `InputError` for what cannot be."""
        fraction(N_("the service level"), self.service_level)
        fraction(N_("the maximum occupancy"), self.maximum_occupancy)
        positive(N_("the maximum occupancy"), self.maximum_occupancy)
        not_negative(N_("the time to answer"), self.within_seconds)
        not_negative(N_("the minimum of agents"), self.minimum_agents)
        if self.service_level == 1:
            raise InputError(
                say(N_("No number of agents answers every call in time. Give a target below 1."))
            )


@dataclass(frozen=True)
class Staffing:
    """The fewest whole agents that meet a target, what they give, and the people to employ.

    ``exact_agents`` is where the target is just met with fractions of an agent; ``reason`` says
    what decided: the service level, the occupancy or the minimum; or that there are no calls, and
    so no ``service``. ``positions`` is agents ÷ (1 − shrinkage) and ``heads`` that in whole people.
    """

    agents: int
    exact_agents: float
    heads: int
    positions: float
    shrinkage: float
    target: Target
    reason: str
    service: Service | None

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def agents_for(
    demand: Demand, target: Target | None = None, shrinkage: Shrinkage | None = None
) -> Staffing:
    """The fewest agents with which DEMAND is served as TARGET asks, and heads with SHRINKAGE.

    Without calls those are the minimum of agents. Raises `InputError` where numbers cannot be.
    """
    target, shrinkage = target or Target(), shrinkage or Shrinkage()
    found = int(agents_needed(demand, target))
    return Staffing(
        agents=found,
        exact_agents=float(exact_agents(demand, target)),
        heads=shrinkage.heads(found),
        positions=found / (1 - shrinkage.total),
        shrinkage=shrinkage.total,
        target=target,
        reason=_reason(demand, target, found),
        service=service(demand, found, target.within_seconds) if demand.calls else None,
    )


def _reason(demand: Demand, target: Target, found: int) -> str:
    """Which of the conditions asks for the FOUND agents."""
    if not demand.calls:
        return "no calls"
    without = replace(target, maximum_occupancy=1.0, minimum_agents=0)
    if without == target or int(agents_needed(demand, without)) == found:
        return "service level"
    busy = int(agents_needed(demand, replace(target, minimum_agents=0)))
    return "occupancy" if busy == found else "minimum"


def agents_needed(
    demand: Demand,
    target: Target,
    calls: ArrayLike | None = None,
    aht: ArrayLike | None = None,
    redial: ArrayLike | None = None,
    reconnect: ArrayLike | None = None,
) -> Floats:
    """The fewest whole agents for each of CALLS (a period of the demand's length), AHT seconds and
    shares that call again.

    Without them for the demand itself; an array of the same shape, `Target.minimum_agents` where
    there are no calls.
    """
    return _least(demand, target, calls, aht, redial, reconnect, whole=True)


def exact_agents(
    demand: Demand, target: Target, calls: ArrayLike | None = None, aht: ArrayLike | None = None
) -> Floats:
    """As `agents_needed`, with fractions of an agent: where the target is just met."""
    return _least(demand, target, calls, aht, None, None, whole=False)


def _least(
    demand: Demand,
    target: Target,
    calls: ArrayLike | None,
    aht: ArrayLike | None,
    redial: ArrayLike | None,
    reconnect: ArrayLike | None,
    *,
    whole: bool,
) -> Floats:
    given, handling, again, unsolved = np.broadcast_arrays(
        np.asarray(demand.calls if calls is None else calls, dtype=np.float64),
        np.asarray(demand.aht_seconds if aht is None else aht, dtype=np.float64),
        np.asarray(demand.redial if redial is None else redial, dtype=np.float64),
        np.asarray(demand.reconnect if reconnect is None else reconnect, dtype=np.float64),
    )
    result = np.full(given.shape, float(target.minimum_agents))
    busy = (given > 0) & (handling > 0)
    if busy.any():
        rate, seconds = given[busy] / demand.per_seconds, handling[busy]

        def line(agents: Floats) -> Queue:
            patience = demand.patience_seconds
            return with_repeats(rate, seconds, agents, patience, again[busy], unsolved[busy])

        load = rate * seconds
        # Where nobody hangs up, agents who are fewer than the load never meet anything.
        known = np.floor(load) if demand.patience_seconds is None else np.zeros_like(load)
        found = _search(_is_met(line, target), known, load, whole=whole)
        result[busy] = np.maximum(found, target.minimum_agents)
    return result


def _is_met(line: Callable[[Floats], Queue], target: Target) -> Callable[[Floats], Any]:
    def met(agents: Floats) -> Any:
        served = line(agents)
        level = served.service_level(target.within_seconds, target.definition)
        good = (level >= target.service_level) & ~np.asarray(served.overloaded, dtype=bool)
        return good & (served.occupancy <= target.maximum_occupancy)

    return met


def _search(met: Callable[[Floats], Any], low: Floats, load: Floats, *, whole: bool) -> Floats:
    """The least agents above LOW for which MET holds; more agents never make it worse."""
    step = np.maximum(np.ceil(np.sqrt(load)), 1.0)
    high = np.ceil(load) + step
    for _ in range(_DOUBLINGS):
        good = met(high)
        if good.all():
            break
        low, high = np.where(good, low, high), np.where(good, high, high + step)
        step = 2 * step
    for _ in range(_BISECTIONS):
        if (high - low <= (1.0 if whole else 1e-7 * high)).all():
            break
        middle = np.floor((low + high) / 2) if whole else (low + high) / 2
        good = met(np.maximum(middle, _LEAST))
        low, high = np.where(good, low, middle), np.where(good, middle, high)
    return high


_LEAST = 1e-6


def named_reason(staffing: Staffing) -> Text:
    """What decided the number of agents, in words."""
    if staffing.reason == "occupancy":
        return say(N_("the maximum occupancy"))
    if staffing.reason == "no calls":
        return say(N_("no calls: only the minimum of agents"))
    if staffing.reason == "minimum":
        return say(N_("the minimum of agents"))
    return say(N_("the service level"))
