"""A day, or a week, interval by interval: agents for each, hours, and the shifts that cover them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.workload.demand import Demand
from zaplecze.workload.erlang import Floats
from zaplecze.workload.queue import Definition
from zaplecze.workload.redials import with_repeats
from zaplecze.workload.shrinkage import Shrinkage
from zaplecze.workload.staffing import Target, agents_needed


@dataclass(frozen=True)
class Load:
    """What comes in one interval: calls and their handling time in seconds.

    Where nobody calls the handling time may be zero.
    """

    day: str
    interval: str
    calls: float
    aht_seconds: float


@dataclass(frozen=True)
class Interval:
    """What one interval needs and what that gives; shares are None where there are no calls."""

    day: str
    interval: str
    calls: float
    aht_seconds: float
    load_erlangs: float
    agents: int
    service_level: float | None
    occupancy: float | None


@dataclass(frozen=True)
class Plan:
    """Agents by interval; ``service_level`` is that of all calls together, by ``definition``.

    ``heads_at_peak`` are the people to employ if the busiest interval decides; shifts say more.
    """

    intervals: list[Interval]
    per_seconds: float
    within_seconds: float
    definition: Definition
    service_level: float | None
    calls: float
    agent_hours: float
    paid_hours: float
    peak_agents: int
    heads_at_peak: int
    caveats: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    def by_day(self) -> Floats:
        """Agents as days × intervals; raises `InputError` where days have not the same intervals."""
        days = list(dict.fromkeys(each.day for each in self.intervals))
        rows = [[i.agents for i in self.intervals if i.day == day] for day in days]
        if len({len(row) for row in rows}) != 1:
            raise InputError(
                say(
                    N_(
                        "Days have different numbers of intervals. Give every day the same "
                        "intervals, with 0 calls where nobody calls."
                    )
                )
            )
        return np.asarray(rows, dtype=np.float64)


def plan(
    loads: Sequence[Load], demand: Demand, target: Target, shrinkage: Shrinkage | None = None
) -> Plan:
    """The fewest agents for every interval of LOADS, each `demand.per_seconds` long.

    DEMAND gives patience and repeats; its calls and handling time are not used. Each interval is
    taken as if it had gone on for long, which flatters intervals after a peak when calls are long
    compared with the interval. Raises `InputError` where LOADS are empty or cannot be.
    """
    if not loads:
        raise InputError(say(N_("There are no intervals. Give a row for each.")))
    for load in loads:
        length = load.aht_seconds if load.calls or load.aht_seconds else demand.aht_seconds
        replace(demand, calls=load.calls, aht_seconds=length)
    calls = np.array([load.calls for load in loads])
    aht = np.array([load.aht_seconds for load in loads])
    agents = agents_needed(demand, target, calls, aht)
    levels, occupancy, attempts = _served(demand, target, calls, aht, agents)
    hours = float(agents.sum()) * demand.per_seconds / 3600
    shrinkage = shrinkage or Shrinkage()
    return Plan(
        intervals=[
            Interval(
                load.day, load.interval, load.calls, load.aht_seconds,
                load.calls * load.aht_seconds / demand.per_seconds,
                int(number), _known(level), _known(busy),
            )
            for load, number, level, busy in zip(loads, agents, levels, occupancy, strict=True)
        ],
        per_seconds=demand.per_seconds,
        within_seconds=target.within_seconds,
        definition=target.definition,
        service_level=float(np.nansum(levels * attempts) / attempts.sum()) if calls.any() else None,
        calls=float(calls.sum()),
        agent_hours=hours,
        paid_hours=hours / (1 - shrinkage.total),
        peak_agents=int(agents.max()),
        heads_at_peak=shrinkage.heads(float(agents.max())),
        caveats=_caveats(demand, aht, calls),
    )  # fmt: skip


def _served(
    demand: Demand, target: Target, calls: Floats, aht: Floats, agents: Floats
) -> tuple[Floats, Floats, Floats]:
    """Service level, occupancy and attempts by interval; NaN (and 0) where there are no calls."""
    levels, occupancy = np.full(len(calls), np.nan), np.full(len(calls), np.nan)
    attempts = np.zeros(len(calls))
    busy = calls > 0
    if busy.any():
        line = with_repeats(
            calls[busy] / demand.per_seconds, aht[busy], agents[busy],
            demand.patience_seconds, demand.redial, demand.reconnect,
        )  # fmt: skip
        levels[busy] = line.service_level(target.within_seconds, target.definition)
        occupancy[busy] = line.occupancy
        attempts[busy] = line.calls_per_second * demand.per_seconds
    return levels, occupancy, attempts


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _caveats(demand: Demand, aht: Floats, calls: Floats) -> list[Text]:
    if not calls.any():
        return [
            say(N_("There are no calls in any interval; only the minimum of agents is planned."))
        ]
    mean = float(np.average(aht, weights=calls))
    found = replace(demand, calls=1.0, aht_seconds=mean).warnings()
    if mean > demand.per_seconds:
        found.append(
            say(
                N_(
                    "Calls are longer than the intervals: work of one reaches into the next. "
                    "Choose longer intervals."
                )
            )
        )
    return found
