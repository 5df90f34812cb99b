"""How many calls a number of agents can take: the inverse of how many agents calls take."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaplecze.workload.demand import Demand
from zaplecze.workload.erlang import Floats
from zaplecze.workload.queue import Queue, queue
from zaplecze.workload.roots import Function, rising_root
from zaplecze.workload.staffing import Target

_DOUBLINGS, _LIGHT = 60, 1e-9


def most_calls(
    demand: Demand, target: Target, agents: ArrayLike, aht: ArrayLike | None = None
) -> Floats:
    """The most calls of a period that AGENTS (above zero, fractions allowed) serve as TARGET asks.

    Calls again are counted among them: which calls are first calls makes no difference to a line.
    DEMAND gives the period, patience and, unless AHT seconds are given, the handling time. Infinite
    where TARGET is met by any number of calls.
    """
    staff, handling = np.broadcast_arrays(
        np.asarray(agents, dtype=np.float64),
        np.asarray(demand.aht_seconds if aht is None else aht, dtype=np.float64),
    )
    shape, n, seconds = staff.shape, staff.ravel(), handling.ravel()
    patience = demand.patience_seconds
    load = n.copy() if patience is None else np.full(n.shape, np.inf)

    def line(at: Floats, places: NDArray[np.intp]) -> Queue:
        return queue(at / seconds[places], seconds[places], n[places], patience)

    def too_few(at: Floats, places: NDArray[np.intp]) -> Floats:
        level = line(at, places).service_level(target.within_seconds, target.definition)
        return _logit(1 - level) - _logit(1 - target.service_level)

    def too_busy(at: Floats, places: NDArray[np.intp]) -> Floats:
        return line(at, places).occupancy - target.maximum_occupancy

    if target.service_level > 0:
        load = np.minimum(load, _crossed(too_few, n))
    if target.maximum_occupancy < 1:
        load = np.minimum(load, _crossed(too_busy, n))
    return np.asarray(load / seconds * demand.per_seconds).reshape(shape)


def _crossed(excess: Function, agents: Floats) -> Floats:
    """The load from which EXCESS is above zero, sought around the number of AGENTS."""
    high = 2.0 * agents + 10.0
    short = np.arange(len(agents))
    for _ in range(_DOUBLINGS):
        short = short[excess(high[short], short) < 0]
        if not len(short):
            break
        high[short] *= 4.0
    # By its logarithm, in which a light load is a straight line.
    found = rising_root(
        lambda log, places: excess(np.exp(log), places), np.log(_LIGHT * agents), np.log(high)
    )
    load = np.exp(found)
    load[short] = np.inf
    return load


def _logit(share: ArrayLike) -> Floats:
    """The logarithm of the odds of SHARE; infinite at 0 and 1, and where rounding leads beyond."""
    within = np.clip(share, 0.0, 1.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(within) - np.log1p(-within))
