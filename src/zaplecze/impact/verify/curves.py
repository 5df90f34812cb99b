"""What was seen beside what would have been without the change, for the picture."""

import numpy as np

from zaplecze.impact.verify import groups, interrupted, rollout, synthetic
from zaplecze.impact.verify.course import bounded_exp
from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.result import Floats, Guess, Series


def parallel(found: Panel, effect: Guess, critical: float) -> Series:
    """The treated against what the others' course makes of their own level."""
    before, _ = groups.periods(found)
    treated = found.rate[found.treated].mean(axis=0)
    others = found.rate[~found.treated].mean(axis=0)
    without = others + treated[before].mean() - others[before].mean()
    after = np.arange(len(treated)) >= found.go_live
    # The mean distance after the change is the effect, also where the baseline is held equal.
    without[after] += (treated - without)[after].mean() - effect.estimate
    return _band(found, treated, without, critical * effect.error)


def mixture(found: Panel, fitted: synthetic.Synthetic, critical: float) -> Series:
    treated = found.rate[found.treated].mean(axis=0)
    return _band(found, treated, fitted.without, critical * fitted.effect.error)


def course_of(
    found: Panel,
    observed: Floats,
    fitted: interrupted.Interrupted,
    critical: float,
    counted: bool,
) -> Series:
    offset = np.ones(len(observed)) if found.offset is None else found.offset[0]

    def value(predictor: float, k: int) -> float:
        return float(bounded_exp(predictor) * offset[k]) if counted else predictor

    bounds = [guess.interval(critical) for guess in fitted.counterfactual]
    size, start = len(observed), found.go_live
    return Series(
        times=[found.calendar.label(k) for k in range(size)],
        observed=[float(v) for v in observed],
        counterfactual=[value(g.estimate, k) for k, g in enumerate(fitted.counterfactual)],
        low=[value(b[0], k) if k >= start else None for k, b in enumerate(bounds)],
        high=[value(b[1], k) if k >= start else None for k, b in enumerate(bounds)],
        go_live=start,
    )


def by_age(fitted: rollout.Rollout, critical: float) -> Series:
    """Effects by the number of periods since the change, against none."""
    ages = sorted(fitted.ages)
    return Series(
        times=[f"{age:+d}".replace("-", "−") if age else "0" for age in ages],
        observed=[fitted.ages[age].estimate for age in ages],
        counterfactual=[0.0 for _ in ages],
        low=[-critical * fitted.ages[age].error if age >= 0 else None for age in ages],
        high=[critical * fitted.ages[age].error if age >= 0 else None for age in ages],
        go_live=sum(age < 0 for age in ages),
    )


def _band(found: Panel, observed: Floats, without: Floats, half: float) -> Series:
    size = found.calendar.size
    after = [k >= found.go_live for k in range(size)]
    return Series(
        times=[found.calendar.label(k) for k in range(size)],
        observed=[float(v) for v in observed],
        counterfactual=[float(v) for v in without],
        low=[float(without[k] - half) if after[k] else None for k in range(size)],
        high=[float(without[k] + half) if after[k] else None for k in range(size)],
        go_live=found.go_live,
    )
