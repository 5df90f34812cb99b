"""People who call again: after hanging up (redial), after an answer that did not help (reconnect)."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.workload.demand import Demand, positive
from zaplecze.workload.erlang import Floats
from zaplecze.workload.queue import Definition, Queue, queue
from zaplecze.workload.roots import rising_root

LIMIT = N_(
    "Calls again are counted as if they came long after the first call. Where people redial within "
    "a handling time or two, the service level is up to 5 points worse than shown here."
)

_STEPS_AN_HOUR = 60
_MOST_HOURS, _STEADY = 336, 1e-13


def with_repeats(
    calls_per_second: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    patience_seconds: ArrayLike | None,
    redial: ArrayLike = 0.0,
    reconnect: ArrayLike = 0.0,
) -> Queue:
    """The steady state with everybody who calls again; its ``calls_per_second`` counts them.

    The fixed point λ_T = λ + p λ_T P(Ab) + q λ_T (1 − P(Ab)) of Ding, Remerova, van der Mei and
    Zwart (2015), with Erlang A at λ_T; the calls that are left over grow with λ_T, so that there is
    one. Shares are below 1. For its limit see `LIMIT`.
    """
    first, p, q = (np.asarray(v, dtype=np.float64) for v in (calls_per_second, redial, reconnect))
    if patience_seconds is None:
        return queue(first / (1 - q), aht_seconds, agents)
    if not (p.any() or q.any()):
        return queue(first, aht_seconds, agents, patience_seconds)
    first, seconds, staff, patience, p, q = np.broadcast_arrays(
        first, aht_seconds, agents, patience_seconds, p, q
    )
    given = [each.ravel() for each in (seconds, staff, patience, first, p, q)]

    def surplus(total: Floats, places: NDArray[np.intp]) -> Floats:
        *line, first, p, q = (each[places] for each in given)
        lost = queue(total, *line).abandon_probability
        return np.asarray(total * (1 - p * lost - q * (1 - lost)) - first)

    low, high = first / (1 - np.minimum(p, q)), first / (1 - np.maximum(p, q))
    total = rising_root(surplus, low.ravel(), high.ravel()).reshape(first.shape)
    return queue(total, aht_seconds, agents, patience_seconds)


@dataclass(frozen=True)
class Moment:
    """An hour (or the end state) after a change of staffing; calls are per hour."""

    attempts: float
    answered: float
    abandon_probability: float
    service_level: float


@dataclass(frozen=True)
class Path:
    """From one staffing to another: before, hour by hour, and where it ends.

    ``attempts_change``, ``answered_change`` and ``agents_change`` compare the end with the
    beginning; ``wave`` is the most calls answered in an hour, as a change.
    """

    agents_before: float
    agents_after: float
    within_seconds: float
    definition: Definition
    redial_delay_seconds: float
    before: Moment
    hours: list[Moment]
    after: Moment
    attempts_change: float
    answered_change: float
    agents_change: float
    wave: float
    caveat: Text

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; shares as fractions, calls per hour."""
        return asdict(self)


def path(
    demand: Demand,
    *,
    agents_before: float,
    agents_after: float,
    within_seconds: float,
    hours: int = 12,
    redial_delay_seconds: float = 7200.0,
    definition: Definition = "offered",
) -> Path:
    """What happens hour by hour after AGENTS_BEFORE become AGENTS_AFTER: a wave, then fewer repeats.

    Those who will call again wait REDIAL_DELAY_SECONDS on average. The line is taken to be in its
    steady state at the calls of the moment, and the pool of those who will call again flows as
    dO/dt = pool of new ones − O / delay. Raises `InputError` for a line without patience, or
    for numbers that cannot be.
    """
    positive(N_("agents"), agents_before)
    positive(N_("agents"), agents_after)
    positive(N_("the time until people call again"), redial_delay_seconds)
    positive(N_("hours"), hours)
    positive(N_("calls"), demand.calls)
    if hours > _MOST_HOURS:
        raise InputError(
            say(
                N_("Hours to follow: {hours}. Calls are not alike for so long. Give {most} at most."),
                hours=hours, most=_MOST_HOURS,
            )
        )  # fmt: skip
    if demand.patience_seconds is None:
        raise InputError(
            say(N_("The path needs callers who hang up. Give their mean patience in seconds."))
        )
    repeats = (demand.redial, demand.reconnect)
    given = (demand.aht_seconds, agents_before, demand.patience_seconds)
    start = with_repeats(demand.calls_per_second, *given, *repeats)
    given = (demand.aht_seconds, agents_after, demand.patience_seconds)
    end = with_repeats(demand.calls_per_second, *given, *repeats)
    rates = _rates(demand, agents_after, float(start.calls_per_second), hours, redial_delay_seconds)
    line = queue(rates, demand.aht_seconds, agents_after, demand.patience_seconds)
    by_hour = [
        _moment(
            line, within_seconds, definition, slice(h * _STEPS_AN_HOUR, (h + 1) * _STEPS_AN_HOUR)
        )
        for h in range(hours)
    ]
    before = _moment(start, within_seconds, definition)
    after = _moment(end, within_seconds, definition)
    return Path(
        agents_before=agents_before,
        agents_after=agents_after,
        within_seconds=within_seconds,
        definition=definition,
        redial_delay_seconds=redial_delay_seconds,
        before=before,
        hours=by_hour,
        after=after,
        attempts_change=_change(before.attempts, after.attempts),
        answered_change=_change(before.answered, after.answered),
        agents_change=agents_after / agents_before - 1,
        wave=_change(before.answered, max(moment.answered for moment in by_hour)),
        caveat=say(LIMIT),
    )


def _rates(demand: Demand, agents: float, rate: float, hours: int, delay_seconds: float) -> Floats:
    """Calls a second in the middle of every minute, from the steady state with RATE calls on."""
    step = 3600 / _STEPS_AN_HOUR
    pool = (rate - demand.calls_per_second) * delay_seconds
    kept = float(np.exp(-step / delay_seconds))
    rates = np.empty(hours * _STEPS_AN_HOUR)
    for position in range(len(rates)):
        rates[position] = demand.calls_per_second + pool / delay_seconds
        if position and abs(rates[position] / rates[position - 1] - 1) < _STEADY:
            rates[position:] = rates[position]
            break
        line = queue(rates[position], demand.aht_seconds, agents, demand.patience_seconds)
        lost = float(line.abandon_probability)
        new = rates[position] * (demand.redial * lost + demand.reconnect * (1 - lost))
        # Exact for a step in which new ones come evenly, so that short delays do no harm.
        pool = pool * kept + new * delay_seconds * (1 - kept)
    return rates


def _moment(
    line: Queue, within_seconds: float, definition: Definition, part: slice | None = None
) -> Moment:
    def mean(values: Floats) -> float:
        return float(np.mean(values if part is None else values[part]))

    calls = line.calls_per_second
    level = line.service_level(within_seconds, definition)
    return Moment(
        attempts=3600 * mean(calls),
        answered=3600 * mean(calls * (1 - line.abandon_probability)),
        abandon_probability=mean(calls * line.abandon_probability) / max(mean(calls), 1e-300),
        service_level=mean(calls * level) / max(mean(calls), 1e-300),
    )


def _change(before: float, after: float) -> float:
    return after / before - 1 if before else 0.0
