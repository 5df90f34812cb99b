"""What a number of agents gives the callers: every figure of one line, each by its definition."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.workload.demand import Demand, not_negative, positive
from zaplecze.workload.queue import DEFINITIONS, Definition, Queue
from zaplecze.workload.redials import LIMIT, with_repeats

NAMES: dict[Definition, str] = {
    "offered": N_("of all calls"),
    "answered": N_("of answered calls"),
    "without_short_abandons": N_("of calls without those that hang up soon"),
    "virtual": N_("for callers who never hang up"),
}
"""How each definition of the service level is named; it is never shown without."""


@dataclass(frozen=True)
class Service:
    """A line in its steady state. Times are in seconds, shares fractions.

    ``attempts`` are all calls of the period, calls again included; ``load_erlangs`` is their work.
    ``asa_seconds`` is the mean wait of all calls until answered or given up,
    ``answered_wait_seconds`` that of the answered only. Waits are None where ``overloaded``: more
    comes in than is done and nobody hangs up, so that the queue grows without end.
    """

    agents: float
    within_seconds: float
    load_erlangs: float
    occupancy: float
    wait_probability: float
    abandon_probability: float
    asa_seconds: float | None
    answered_wait_seconds: float | None
    wait_p50_seconds: float | None
    wait_p90_seconds: float | None
    wait_p95_seconds: float | None
    queue_length: float | None
    service_level: dict[Definition, float]
    attempts: float
    answered: float
    overloaded: bool
    caveats: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; each service level under the name of its definition."""
        return asdict(self)


def service(demand: Demand, agents: float, within_seconds: float) -> Service:
    """What AGENTS (fractions allowed) give DEMAND, and the shares answered WITHIN_SECONDS.

    Raises `InputError` where there are no calls or numbers cannot be.
    """
    positive(N_("agents"), agents)
    not_negative(N_("the time to answer"), within_seconds)
    if demand.calls == 0:
        raise InputError(
            say(
                N_(
                    "There are no calls, and so no service level. Give a number of calls above zero."
                )
            )
        )
    line = with_repeats(
        demand.calls_per_second, demand.aht_seconds, agents,
        demand.patience_seconds, demand.redial, demand.reconnect,
    )  # fmt: skip
    overloaded = bool(line.overloaded)
    attempts = float(line.calls_per_second) * demand.per_seconds
    answered_share = 1 - float(line.abandon_probability)
    if overloaded:
        answered_share = agents / float(line.load_erlangs)
    return Service(
        agents=agents,
        within_seconds=within_seconds,
        load_erlangs=float(line.load_erlangs),
        occupancy=float(line.occupancy),
        wait_probability=float(line.wait_probability),
        abandon_probability=float(line.abandon_probability),
        asa_seconds=_finite(line.wait_seconds),
        answered_wait_seconds=_finite(line.answered_wait_seconds),
        wait_p50_seconds=_finite(line.wait_quantile(0.5)),
        wait_p90_seconds=_finite(line.wait_quantile(0.9)),
        wait_p95_seconds=_finite(line.wait_quantile(0.95)),
        queue_length=_finite(line.queue_length),
        service_level={d: float(line.service_level(within_seconds, d)) for d in DEFINITIONS},
        attempts=attempts,
        answered=attempts * answered_share,
        overloaded=overloaded,
        caveats=_caveats(demand, line, within_seconds),
    )


def _finite(value: Any) -> float | None:
    return float(value) if math.isfinite(value) else None


def _caveats(demand: Demand, line: Queue, within_seconds: float) -> list[Text]:
    found = demand.warnings(within_seconds)
    if line.overloaded:
        found.append(
            say(
                N_(
                    "Overloaded: more work comes in than these agents can do, and nobody hangs up. "
                    "The queue grows without end. Add agents, or give the callers' patience."
                )
            )
        )
    if demand.reconnect or (demand.redial and demand.patience_seconds is not None):
        found.append(say(LIMIT))
    if demand.redial and demand.patience_seconds is None:
        found.append(
            say(N_("Nobody hangs up without patience, so nobody redials. Give a patience."))
        )
    return found
