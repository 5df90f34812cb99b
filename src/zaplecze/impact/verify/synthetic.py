"""One or few units with the change: a mixture of the others that moved as they did before."""

import warnings
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.verify.groups import periods
from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.result import Floats, Guess, Placebo, PreTrend

FEWEST_OTHERS = 10
"""With fewer other units chance alone makes every twentieth look treated."""

_DRAWS = 100


@dataclass(frozen=True)
class Synthetic:
    """``effect`` by synthetic difference-in-differences, ``control`` by the synthetic control.

    ``without`` is the treated units' mean course without the change, ``weights`` what each other
    unit adds to it, ``misfit`` how far it missed the treated before the change
    and ``dip`` how far it missed them just before it, in standard errors; ``past_error`` is the
    error in the middle of the time before.
    """

    effect: Guess
    control: float
    without: Floats
    weights: dict[str, float]
    misfit: float
    dip: float
    past_error: float | None
    placebo: Placebo
    pretrend: PreTrend


def synthetic(found: Panel, seed: int) -> Synthetic:
    """Synthetic difference-in-differences (Arkhangelsky et al. 2021) with placebo errors.

    Every other unit in turn (or draws of as many as were treated) is called treated; the scatter
    of those effects is the error. FOUND is complete. The estimator is diff-diff's.
    """
    before, after = periods(found)
    rate, treated = found.rate, found.treated
    fitted = _fit(rate, treated, before, after)
    drawn, times = _placebos(rate, treated, before, after, seed)
    others = len(drawn)
    error = float(np.sqrt(((drawn - drawn.mean()) ** 2).sum() / max(others - 1, 1)))
    share = float((1 + (np.abs(drawn) >= abs(fitted.effect) - 1e-12).sum()) / (1 + others))
    free = float(max(int((~treated).sum()) - 1, 2))
    weights = {
        str(name): float(weight)
        for name, weight in zip(np.array(found.names)[~treated], fitted.weights, strict=True)
        if weight > 0.001
    }
    gap = rate[treated][:, before].mean(axis=0) - fitted.weights @ rate[~treated][:, before]
    time = None if times is None else Guess(times[0], float(times[1].std(ddof=1)), free)
    return Synthetic(
        effect=Guess(fitted.effect, error, free),
        control=_control(rate, treated, before, after),
        without=fitted.weights @ rate[~treated] + fitted.lag,
        weights=dict(sorted(weights.items(), key=lambda item: -item[1])),
        misfit=float(np.sqrt(((gap - gap.mean()) ** 2).mean())),
        dip=_dip(gap),
        past_error=None if time is None else time.error,
        placebo=_placebo(time, share, others),
        pretrend=_drift(rate, treated, before, fitted.weights, found.go_live),
    )


@dataclass(frozen=True)
class _Fitted:
    effect: float
    weights: Floats
    lag: float


def _fit(
    rate: Floats,
    treated: NDArray[np.bool_],
    before: NDArray[np.int64],
    after: NDArray[np.int64],
) -> _Fitted:
    """Weights of units and periods, and the effect; the solver is diff-diff's.

    Its estimator class would fit twenty diagnostics more for each of our placebos.
    """
    from diff_diff import utils

    ours, others = rate[treated].mean(axis=0), rate[~treated].T
    noise = float(np.diff(others[before], axis=0).std(ddof=1)) or 1.0
    precise = 1e-5 * noise
    with warnings.catch_warnings():
        # The solver warns where its last digits have not settled.
        warnings.simplefilter("ignore")
        weights = utils.compute_sdid_unit_weights(
            others[before],
            ours[before],
            (int(treated.sum()) * len(after)) ** 0.25 * noise,
            min_decrease=precise,
        )
        ages = utils.compute_time_weights(
            others[before], others[after], 1e-6 * noise, min_decrease=precise
        )
    gap = ours - others @ weights
    lag = float(gap[before] @ ages)
    return _Fitted(float(gap[after].mean() - lag), np.asarray(weights, np.float64), lag)


def _placebos(
    rate: Floats,
    treated: NDArray[np.bool_],
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    seed: int,
) -> tuple[Floats, tuple[float, Floats] | None]:
    """Effects of those without the change; and, where the time before suffices, in its middle."""
    others, count = rate[~treated], int(treated.sum())
    middle = len(before) // 2
    halves = (before[:middle], before[middle:]) if middle >= 3 else None
    in_time = None if halves is None else _fit(rate, treated, *halves).effect
    generator = np.random.default_rng(seed)
    effects, in_middle = [], []
    for draw in range(len(others) if count == 1 else _DRAWS):
        chosen = [draw] if count == 1 else generator.permutation(len(others))[:count]
        called = np.zeros(len(others), bool)
        called[chosen] = True
        effects.append(_fit(others, called, before, after).effect)
        if halves is not None:
            in_middle.append(_fit(others, called, *halves).effect)
    if in_time is None:
        return np.array(effects), None
    return np.array(effects), (in_time, np.array(in_middle))


def _placebo(time: Guess | None, share: float, draws: int) -> Placebo:
    from zaplecze.impact.verify.looks import Reading

    found = Placebo(unit_p_value=share, draws=draws)
    if time is None:
        return found
    bounds = time.interval(Reading("once").critical(time.dof, 1.0))
    return replace(found, time=time.estimate, time_interval=bounds, time_p_value=time.p_value)


def _drift(
    rate: Floats,
    treated: NDArray[np.bool_],
    before: NDArray[np.int64],
    weights: Floats,
    periods_before: int,
) -> PreTrend:
    """The slope of treated minus mixture before, against the same of every other unit."""
    time = before - before.mean()
    ours = (rate[treated][:, before].mean(axis=0) - weights @ rate[~treated][:, before]) @ time
    others = rate[~treated][:, before]
    slopes = (others - others.mean(axis=0)) @ time / (time @ time)
    slope = float(ours / (time @ time))
    share = (1 + (np.abs(slopes) >= abs(slope)).sum()) / (1 + len(slopes))
    return PreTrend(float(share), slope, None, periods_before)


def _dip(gap: Floats) -> float:
    """How far the last eighth of GAP stands from the rest of it, in standard errors."""
    last = max(1, len(gap) // 8)
    if len(gap) - last < 4:
        return 0.0
    rest = gap[:-last]
    error = float(rest.std(ddof=1)) * np.sqrt(1 / last + 1 / len(rest))
    return float((gap[-last:].mean() - rest.mean()) / error) if error > 0 else 0.0


def _control(
    rate: Floats,
    treated: NDArray[np.bool_],
    before: NDArray[np.int64],
    after: NDArray[np.int64],
) -> float:
    """The effect against the synthetic control of Abadie et al. (2010): weights without a shift."""
    from scipy import optimize

    target, donors = rate[treated][:, before].mean(axis=0), rate[~treated][:, before]
    scale = float(np.abs(target).mean()) or 1.0
    # Weights are not negative; a heavy row makes them add up to one.
    system = np.vstack([donors.T / scale, np.full(len(donors), 1e3)])
    weights = optimize.nnls(system, np.r_[target / scale, 1e3], maxiter=50 * len(donors))[0]
    seen, mixed = rate[treated][:, after].mean(axis=0), weights @ rate[~treated][:, after]
    return float((seen - mixed).mean())
