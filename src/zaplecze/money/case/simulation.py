"""Thousands of futures of one case: what its assumptions allow for together."""

from dataclasses import dataclass

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.money.correlation import correlated
from zaplecze.money.expression import Value
from zaplecze.money.finance import NOTHING
from zaplecze.money.returns import Floats, many_rates_of_return

SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
_BARS = 40
_RANKED = 20_000
"""Draws from which contributions are taken; more would not move their second digit."""


@dataclass(frozen=True)
class Spread:
    """A result over all draws that have one (`share` of them): mean and quantiles by share."""

    mean: float
    sd: float
    quantiles: dict[str, float]
    share: float


@dataclass(frozen=True)
class Contribution:
    """How far an assumption moves the present value: Spearman's correlation, and its part of the
    sum of all of them squared."""

    assumption: str
    label: Text
    rank_correlation: float
    share: float


@dataclass(frozen=True)
class SimulationResult:
    """All draws taken together.

    ``costs`` and ``benefits`` are what all lines of a kind are worth today, before tax.
    ``histogram`` are edges and counts of the present value between its 0.5 % and 99.5 % quantiles.
    ``error`` is the standard error of the mean that comes from the number of draws alone.
    """

    draws: int
    seed: int
    method: Text
    npv: Spread
    costs: Spread
    benefits: Spread
    error: float
    irr: Spread | None
    irr_not_unique: float
    payback_months: Spread | None
    probability_positive: float
    histogram: tuple[list[float], list[int]]
    contributions: list[Contribution]


def simulate(reckoning: Reckoning) -> SimulationResult | None:
    """The case of RECKONING in as many draws as it asks for; None where nothing is uncertain.

    The same seed gives the same draws. Raises `InputError` where some draws have no result.
    """
    if not reckoning.uncertain:
        return None
    wanted = reckoning.case.simulation
    values = draw(reckoning, wanted.draws, wanted.seed)
    amounts = reckoning.amounts(values)
    flows = reckoning.net(amounts)
    flows = np.broadcast_to(flows, (wanted.draws, flows.shape[1]))
    npv = flows @ reckoning.discounts
    if not np.isfinite(npv).all():
        share = 1.0 - np.isfinite(npv).mean()
        raise InputError(
            say(
                N_(
                    "In {share} of the draws a line cannot be worked out: something it divides by "
                    "comes to zero. Keep that assumption away from zero."
                ),
                share=f"{share:.2%}",
            )
        )
    monthly, roots = many_rates_of_return(np.asarray(flows))
    yearly = annual_rate_of(monthly)
    low, high = np.quantile(npv, [0.005, 0.995])
    counts, edges = np.histogram(npv, bins=_BARS, range=(low, high if high > low else low + 1.0))
    return SimulationResult(
        draws=wanted.draws,
        seed=wanted.seed,
        method=_method(reckoning),
        npv=_spread(npv),
        costs=_spread(reckoning.present_values(amounts, costs=True)),
        benefits=_spread(reckoning.present_values(amounts, costs=False)),
        error=float(npv.std(ddof=1) / np.sqrt(wanted.draws)),
        irr=_spread(yearly) if np.isfinite(yearly).any() else None,
        irr_not_unique=float((roots > 1).mean()),
        payback_months=_paybacks(flows),
        probability_positive=float((npv > 0).mean()),
        histogram=([float(e) for e in edges], [int(c) for c in counts]),
        contributions=_contributions(reckoning, values, npv),
    )


def draw(reckoning: Reckoning, count: int, seed: int) -> dict[str, Value]:
    """COUNT draws of every uncertain assumption, correlated as the case says; numbers otherwise."""
    # Every number has a stream of its own: adding one leaves the draws of the others.
    uncertain = reckoning.uncertain
    values: dict[str, Value] = dict(reckoning.base)
    for name in uncertain:
        stream = np.random.default_rng([seed, *name.encode()])
        values[name] = reckoning.numbers[name].draws(stream, count)
    names, ranks = reckoning.case.ranks()
    together = [i for i, name in enumerate(names) if name in uncertain]
    if len(together) > 1:
        drawn = np.array([values[names[i]] for i in together])
        ordered = correlated(drawn, ranks[np.ix_(together, together)], np.random.default_rng(seed))
        values |= {names[i]: row for i, row in zip(together, ordered, strict=True)}
    return values


def annual_rate_of(monthly: Floats) -> Floats:
    """Rates a month as rates a year; see `annual_rate`."""
    with np.errstate(over="ignore"):
        return np.asarray((1.0 + monthly) ** 12 - 1.0)


def _method(reckoning: Reckoning) -> Text:
    if reckoning.case.correlations:
        return say(
            N_(
                "Random draws; correlated by rank with the method of Iman and Conover, which keeps every distribution."
            )
        )
    return say(N_("Random draws; the assumptions move independently of each other."))


def _spread(values: Floats) -> Spread:
    finite = values[np.isfinite(values)]
    quantiles = np.quantile(finite, SHARES)
    return Spread(
        mean=float(finite.mean()),
        sd=float(finite.std(ddof=1)) if len(finite) > 1 else 0.0,
        quantiles={f"{share:g}": float(q) for share, q in zip(SHARES, quantiles, strict=True)},
        share=float(len(finite) / len(values)),
    )


def _paybacks(flows: Floats) -> Spread | None:
    """Months after which the sum so far stays at zero or above, over the draws where it does."""
    running = np.cumsum(flows, axis=1)
    months = flows.shape[1] - 1
    short = running < -NOTHING * np.abs(flows).max(axis=1, keepdims=True)
    last = months - np.argmax(short[:, ::-1], axis=1)
    after = np.where(short.any(axis=1), last, -1)
    back = after < months
    if not back.any():
        return None
    rows, before = np.flatnonzero(back), after[back]
    paid = np.zeros(len(rows))
    late = before >= 0
    missing = -running[rows[late], before[late]] / flows[rows[late], before[late] + 1]
    paid[late] = before[late] + missing
    whole = np.full(len(flows), np.nan)
    whole[rows] = paid
    return _spread(whole)


def _contributions(
    reckoning: Reckoning, values: dict[str, Value], npv: Floats
) -> list[Contribution]:
    result = _ranks(npv[:_RANKED])
    found = []
    for name in reckoning.uncertain:
        drawn = values[name]
        assert isinstance(drawn, np.ndarray)
        ranked = _ranks(drawn[:_RANKED])
        # Where nothing moves there is no correlation.
        moves = np.ptp(ranked) > 0 and np.ptp(result) > 0
        found.append((name, float(np.corrcoef(ranked, result)[0, 1]) if moves else 0.0))
    whole = sum(r**2 for _, r in found) or 1.0
    listed = [
        Contribution(name, reckoning.case.assumption_label(name), r, r**2 / whole)
        for name, r in found
    ]
    return sorted(listed, key=lambda each: -each.share)


def _ranks(values: Floats) -> Floats:
    """Ranks, equal values sharing theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[place], dtype=float)
