"""A change that comes to units at different times: Callaway and Sant'Anna (2021)."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.result import Guess, PreTrend


@dataclass(frozen=True)
class Rollout:
    """Effects of a staggered change.

    ``effect`` weighs every treated unit and period alike; ``by_start`` gives every unit the same
    weight, ``by_age`` every number of periods since the change; ``ages`` are those effects, with
    negative ages before the change.
    """

    effect: Guess
    by_start: Guess
    by_age: Guess
    ages: dict[int, Guess]
    pretrend: PreTrend
    compared_with: str


def rollout(found: Panel) -> Rollout:
    """Effects by group and time against units never treated, or not yet where there are none.

    FOUND is complete and no unit starts at its first period. The estimator is diff-diff's; errors
    are clustered by unit.
    """
    import pandas as pd
    from diff_diff import CallawaySantAnna

    size = found.calendar.size
    starts = np.where(found.treated, found.starts + 1, 0)
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(len(found.names)), size),
            "time": np.tile(np.arange(1, size + 1), len(found.names)),
            "start": np.repeat(starts, size),
            "outcome": found.rate.ravel(),
        }
    )
    against = "never_treated" if (~found.treated).sum() >= 2 else "not_yet_treated"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = CallawaySantAnna(control_group=against).fit(
            frame, outcome="outcome", unit="unit", time="time", first_treat="start"
        )
        by_start = fitted.aggregate("group")
        events = fitted.aggregate("event_study")
    dof = float(max(int(found.treated.sum()) - 1, 2))
    ages = {
        int(age): Guess(float(effect), float(error), dof)
        for age, effect, error, reference in zip(
            events.event_time, events.att, events.se, events.is_reference, strict=True
        )
        if not reference and np.isfinite(effect) and np.isfinite(error)
    }
    return Rollout(
        effect=Guess(float(fitted.overall_att), float(fitted.overall_se), dof),
        by_start=_overall(by_start, found, dof),
        by_age=_mean_of_ages(events, ages, dof),
        ages=ages,
        pretrend=_pre_trend(events, found),
        compared_with=against,
    )


def _overall(groups: Any, found: Panel, dof: float) -> Guess:
    """Groups by the number of their units."""
    names, effects, errors = (np.asarray(x, float) for x in (groups.label, groups.att, groups.se))
    units = np.array([(found.starts + 1 == start).sum() for start in names], float)
    share = units / units.sum()
    # Groups share their comparison units; the larger, fully dependent bound is kept.
    return Guess(float(share @ effects), float(share @ errors), dof)


def _mean_of_ages(events: Any, ages: dict[int, Guess], dof: float) -> Guess:
    after = [age for age in ages if age >= 0]
    estimate = float(np.mean([ages[age].estimate for age in after]))
    index = [list(events.vcov_index).index(age) for age in after]
    covariance = np.asarray(events.vcov)[np.ix_(index, index)]
    return Guess(estimate, float(np.sqrt(max(covariance.mean(), 0.0))), dof)


def _pre_trend(events: Any, found: Panel) -> PreTrend:
    """All effects before the change together: are they more than chance?"""
    from scipy import stats

    leads = [
        int(age)
        for age, effect, error, reference in zip(
            events.event_time, events.att, events.se, events.is_reference, strict=True
        )
        if age < 0 and not reference and np.isfinite(effect) and error > 0
    ]
    # More leads than a tenth of the units cannot be judged together; the latest say most.
    leads = leads[-max(len(found.names) // 10, 1) :]
    known = list(events.vcov_index)
    leads = [age for age in leads if age in known]
    before = found.go_live
    if not leads:
        return PreTrend(None, None, None, before)
    at = [known.index(age) for age in leads]
    effects = np.array([dict(zip(events.event_time, events.att, strict=True))[a] for a in leads])
    covariance = np.asarray(events.vcov)[np.ix_(at, at)]
    # Hotelling's: the covariance is itself learnt from the smaller group.
    free = max(2 * int(min(found.treated.sum(), max((~found.treated).sum(), 2))) - 2, 2)
    rest = max(free - len(leads) + 1, 1)
    statistic = float(effects @ np.linalg.pinv(covariance) @ effects) * rest / free / len(leads)
    share = float(stats.f.sf(statistic, len(leads), rest))
    return PreTrend(share, float(effects[-1]), None, before)
