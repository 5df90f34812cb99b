"""A line in its steady state: who waits, how long, who hangs up, what share is answered in time."""

import itertools
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zaplecze.workload.erlang import Floats, erlang_c, log_erlang_b, lower_ratio

Definition = Literal["offered", "answered", "without_short_abandons", "virtual"]
DEFINITIONS: tuple[Definition, ...] = get_args(Definition)

_DOUBLINGS, _BISECTIONS = 60, 60
_EXACT = 1e-12


def queue(
    calls_per_second: ArrayLike,
    aht_seconds: ArrayLike,
    agents: ArrayLike,
    patience_seconds: ArrayLike | None = None,
) -> "Queue":
    """The steady state of one line: Erlang A with PATIENCE_SECONDS (a mean), else Erlang C.

    Arguments are positive numbers or arrays that fit together; agents may be fractions. Calls come
    by chance (Poisson), handling times and patience are exponential. Sources: Erlang (1917);
    Garnett, Mandelbaum and Reiman (2002), Mandelbaum and Zeltyn (2004).
    """
    values = (calls_per_second, aht_seconds, agents)
    if patience_seconds is None:
        return Queue(*_common(*values, np.inf))
    return AbandonedQueue(*_common(*values, patience_seconds))


@dataclass(frozen=True)
class Queue:
    """Arrays of one shape; here nobody hangs up (Erlang C).

    An overloaded line has no steady state: all wait, none is answered in time, waits are infinite.
    """

    calls_per_second: Floats
    aht_seconds: Floats
    agents: Floats
    patience_seconds: Floats

    @property
    def load_erlangs(self) -> Floats:
        """Work that comes in, in agents who would be busy with it all the time."""
        return self.calls_per_second * self.aht_seconds

    @property
    def overloaded(self) -> NDArray[np.bool_]:
        """Where more work comes in than is ever done or given up."""
        return self.load_erlangs >= self.agents

    @property
    def occupancy(self) -> Floats:
        """Share of the agents' time with callers; 1 where overloaded."""
        return np.minimum(self.load_erlangs * (1 - self.abandon_probability) / self.agents, 1.0)

    @cached_property
    def wait_probability(self) -> Floats:
        """Share of calls that do not get through at once."""
        return erlang_c(self.agents, self.load_erlangs)

    @property
    def abandon_probability(self) -> Floats:
        """Share of calls that hang up before they are answered."""
        return np.zeros_like(self.agents)

    @property
    def wait_seconds(self) -> Floats:
        """Mean wait of all calls, until answered or given up."""
        spare = (self.agents - self.load_erlangs) / self.aht_seconds
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.overloaded, np.inf, self.wait_probability / spare)

    @property
    def answered_wait_seconds(self) -> Floats:
        """Mean wait of the calls that are answered (average speed of answer)."""
        return self.wait_seconds

    @property
    def queue_length(self) -> Floats:
        """Mean number of callers who wait."""
        return self.calls_per_second * self.wait_seconds

    def longer_virtually(self, seconds: ArrayLike) -> Floats:
        """Chance that somebody of endless patience would wait longer than SECONDS."""
        spare = (self.agents - self.load_erlangs) / self.aht_seconds
        waits = self.wait_probability * np.exp(-np.maximum(spare, 0.0) * np.asarray(seconds))
        return np.where(self.overloaded, 1.0, waits)

    def longer(self, seconds: ArrayLike) -> Floats:
        """Chance that a call waits longer than SECONDS for an answer or before it hangs up."""
        return self.longer_virtually(seconds)

    def served_within(self, seconds: ArrayLike) -> Floats:
        """Share of all calls that are answered within SECONDS."""
        return 1 - self.longer_virtually(seconds)

    def service_level(
        self,
        within_seconds: ArrayLike,
        definition: Definition,
        short_seconds: ArrayLike | None = None,
    ) -> Floats:
        """The service level under the DEFINITION by which it is to be named.

        ``offered``: answered in time of all calls. ``answered``: of those answered.
        ``without_short_abandons``: of all but those that hang up within SHORT_SECONDS, else within
        the target time. ``virtual``: chance that a caller who never hangs up is answered in time.
        """
        if definition == "virtual":
            return 1 - self.longer_virtually(within_seconds)
        served = self.served_within(within_seconds)
        if definition == "offered":
            return served
        if definition == "answered":
            return served / (1 - self.abandon_probability)
        short = within_seconds if short_seconds is None else short_seconds
        gone = 1 - self.longer(short) - self.served_within(short)
        return np.asarray(np.minimum(served / (1 - np.maximum(gone, 0.0)), 1.0))

    def wait_quantile(self, share: float) -> Floats:
        """The wait that SHARE of all calls do not exceed, in seconds; infinite where overloaded."""
        with np.errstate(invalid="ignore"):
            high = np.where(self.longer(0.0) > 1 - share, self.aht_seconds, 0.0)
            for _ in range(_DOUBLINGS):
                over = (self.longer(high) > 1 - share) & ~self.overloaded
                if not over.any():
                    break
                high = np.where(over, 2 * high, high)
            low = np.zeros_like(high)
            for _ in range(_BISECTIONS):
                if (high - low <= _EXACT * high).all():
                    break
                middle = (low + high) / 2
                over = self.longer(middle) > 1 - share
                low, high = np.where(over, middle, low), np.where(over, high, middle)
        return np.asarray(np.where(self.overloaded, np.inf, high))


@dataclass(frozen=True)
class AbandonedQueue(Queue):
    """A line whose callers hang up, after a time that is exponential (Erlang A)."""

    @property
    def overloaded(self) -> NDArray[np.bool_]:
        """Never: those who do not get through hang up."""
        return np.zeros_like(self.agents, dtype=bool)

    @cached_property
    def wait_probability(self) -> Floats:
        """Share of calls that do not get through at once."""
        return np.exp(self._log_waiting(0.0) - self._log_total)

    @cached_property
    def abandon_probability(self) -> Floats:
        """Share of calls that hang up before they are answered."""
        return np.exp(self._at_once[1] - self._log_total)

    @property
    def wait_seconds(self) -> Floats:
        """Mean wait of all calls, until answered or given up."""
        return self.abandon_probability * self.patience_seconds

    @property
    def answered_wait_seconds(self) -> Floats:
        """Mean wait of the calls that are answered (average speed of answer).

        The waits of the abandoned follow from differentiating the chance to abandon by the rate
        of hanging up; here they are summed numerically from the chance to wait longer.
        """
        lost = self._abandoned_wait_seconds()
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.maximum(self.wait_seconds - lost, 0.0) / (1 - self.abandon_probability)

    def longer_virtually(self, seconds: ArrayLike) -> Floats:
        """Chance that somebody of endless patience would wait longer than SECONDS."""
        return np.exp(self._log_waiting(seconds) - self._log_total)

    def longer(self, seconds: ArrayLike) -> Floats:
        """Chance that a call waits longer than SECONDS for an answer or before it hangs up."""
        return self.longer_virtually(seconds) * np.exp(-np.asarray(seconds) / self.patience_seconds)

    def served_within(self, seconds: ArrayLike) -> Floats:
        """Share of all calls that are answered within SECONDS."""
        t = np.asarray(seconds, dtype=np.float64)
        drain = self.agents / self.aht_seconds
        faded = -self.patience_seconds * np.expm1(-t / self.patience_seconds)
        exponent = self.calls_per_second * faded - drain * t
        in_time = np.exp(exponent - self._log_total) - np.exp(-self._log_total)
        log_drain = np.log(drain / self.calls_per_second)
        served = np.exp(log_drain + self._log_waiting(0.0) - self._log_total) - np.exp(
            log_drain + self._log_waiting(t) - self._log_total
        )
        return np.asarray(np.clip(1 - self.wait_probability + in_time + served, 0.0, 1.0))

    def _abandoned_wait_seconds(self) -> Floats:
        """Mean over all calls of the time that those lose who hang up: ∫ t θ e^−θt P(V > t) dt."""
        nodes, weights = _gauss()
        given = (self.calls_per_second, self.aht_seconds, self.agents, self.patience_seconds)
        line = AbandonedQueue(*(np.asarray(each)[..., np.newaxis] for each in given))
        total = np.zeros_like(self.agents)
        for start, end in itertools.pairwise(self._panels()):
            t = start[..., np.newaxis] + np.multiply.outer(end - start, (nodes + 1) / 2)
            total += (end - start) / 2 * ((t * line.longer(t)) @ weights)
        return np.asarray(total / self.patience_seconds)

    def _panels(self) -> list[Floats]:
        """Times from zero to the longest wait between which P(V > t) is smooth.

        On an overloaded line it falls within a few deviations 1/√(θnμ) of the time after which as
        many have hung up as are too many; elsewhere about as an exponential does.
        """
        end = np.maximum(self._virtual_end(), 1e-9)
        middle = self.patience_seconds * np.log(np.maximum(self.load_erlangs / self.agents, 1.0))
        spread = np.sqrt(self.patience_seconds * self.aht_seconds / self.agents)
        marks = [end * 2.0**-k for k in range(_HALVES)]
        marks += [np.clip(middle + k * spread, 0.0, end) for k in _DEVIATIONS]
        return [np.zeros_like(end), *np.sort(np.stack(marks), axis=0)]

    def _virtual_end(self) -> Floats:
        end = np.minimum(self.aht_seconds, self.patience_seconds) / 64
        for _ in range(_DOUBLINGS):
            over = self.longer(end) > _NOTHING
            if not over.any():
                break
            end = np.where(over, 2 * end, end)
        return end

    @cached_property
    def _at_once(self) -> tuple[Floats, Floats]:
        """ln g of `lower_ratio` and the logarithm of what abandons, both for the wait zero."""
        return lower_ratio(*self._shape_and_mean())

    @cached_property
    def _log_total(self) -> Floats:
        """ln(1/B(n − 1) + λ J(0)), by which everything is divided."""
        free = -log_erlang_b(self.agents - 1, self.load_erlangs)
        return np.logaddexp(free, self._log_waiting(0.0))

    def _log_waiting(self, seconds: ArrayLike) -> Floats:
        """ln(λ J(t)), where J(t) is the integral from t of exp(λ (1 − e^−θu)/θ − nμu) du."""
        t = np.asarray(seconds, dtype=np.float64)
        shape, mean = self._shape_and_mean()
        decay = t / self.patience_seconds
        if not t.any():
            return np.log(mean) + self._at_once[0]
        log_g, _ = lower_ratio(*np.broadcast_arrays(shape, mean * np.exp(-decay)))
        return np.log(mean) - mean * np.expm1(-decay) - shape * decay + log_g

    def _shape_and_mean(self) -> tuple[Floats, Floats]:
        drain = self.agents / self.aht_seconds
        return drain * self.patience_seconds, self.calls_per_second * self.patience_seconds


_NODES, _HALVES = 24, 6
_DEVIATIONS = (-8.0, -6.0, -4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0)
_NOTHING = 1e-18


@cache
def _gauss() -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(_NODES)


def _common(*values: ArrayLike) -> list[Floats]:
    """VALUES as arrays of their common shape."""
    return list(np.broadcast_arrays(*(np.asarray(v, dtype=np.float64) for v in values)))
