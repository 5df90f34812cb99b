"""From a table to a verdict: choose the method, estimate, check, judge."""

from dataclasses import replace
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.impact import zones
from zaplecze.impact.verify import methods
from zaplecze.impact.verify.calendar import Period
from zaplecze.impact.verify.choice import check_family, check_sides, choose, without_early
from zaplecze.impact.verify.golive import coming
from zaplecze.impact.verify.interrupted import Change, default_change
from zaplecze.impact.verify.looks import e_value
from zaplecze.impact.verify.methods import Found
from zaplecze.impact.verify.panel import Panel, complete, panel, together
from zaplecze.impact.verify.power import Error, detectable
from zaplecze.impact.verify.question import Question, question
from zaplecze.impact.verify.reading import read
from zaplecze.impact.verify.result import (
    Better,
    Detectable,
    Family,
    Interval,
    Method,
    Placebo,
    PreTrend,
    Series,
    Verification,
)
from zaplecze.impact.verify.scale import Scale, in_per_cent, on_the_logarithm, told_in_units
from zaplecze.impact.verify.verdicts import Result, judge
from zaplecze.impact.verify.verdicts import together as said
from zaplecze.language import N_, Text, say

_USUAL_WAIT = 13
_DISCERNIBLE = 0.5
"""What people notice, in standard deviations, where nobody says what would matter (Norman et al. 2003)."""


def verify(
    table: Any,
    *,
    outcome: str,
    time: str,
    unit: str | None = None,
    treated_from: Any = None,
    treated_units: list[str] | None = None,
    method: Method | None = None,
    better: Better | None = None,
    offset: str | None = None,
    family: Family = "gaussian",
    change: Change | None = None,
    by: Period | None = None,
    worth: float | None = None,
    reading: str = "once",
    time_zone: str | None = None,
    scale: Scale = "natural",
    seed: int = 0,
) -> Verification:
    """Did a change help? Compare OUTCOME before and after it, with what did not change.

    TABLE is a file (CSV, Parquet, Excel) or anything that speaks Arrow: a row per unit and period,
    or with BY a row per case. TREATED_FROM is a time, or a column with each unit's time (empty for
    never) or with 0 and 1; with a time TREATED_UNITS says whose, else all are meant. Without
    METHOD the shape of the data chooses: ``did`` (one date, five units or more on each side),
    ``staggered`` (several dates), ``sdid`` (few treated units), ``its`` (nothing to compare with).

    BETTER is the direction of an improvement (lower, unless said). FAMILY, OFFSET and CHANGE are
    those of the interrupted series. WORTH is the effect, in units of OUTCOME, that somebody hopes
    for; with it, and without TREATED_FROM or with one after the data, the answer says how long one must
    wait to see it.
    READING is "once", "any" (looked at again and again) or "2/5" (the second of five planned
    looks). TIME_ZONE is where days are counted when times carry several zones. SCALE "logarithm" is
    for outcomes with a long tail (durations, money), whose effect is then told in per cent; "auto"
    takes it where it evens the tail. SEED is for drawn placebos. Raises `InputError` for what a user can mend.
    """
    planned = treated_from is None
    asked = question(outcome, better, family, worth, reading, planned=planned)
    if time_zone is not None:
        zones.time_zone(time_zone)
    rows = read(
        table,
        outcome=outcome,
        time=time,
        unit=unit,
        offset=offset,
        treated_from=None if planned else str(treated_from),
        time_zone=time_zone,
    )
    logged = on_the_logarithm(rows, scale, asked.family)
    to_come = worth is not None
    natural = panel(rows, treated_units=treated_units, by=by, counts=asked.counts, to_come=to_come)
    found = natural
    if logged is not None:
        found = panel(logged, treated_units=treated_units, by=by, counts=False, to_come=to_come)
        found = replace(found, logarithm=True)
    if not natural.treated.any():
        return _plan(found, asked, treated_units or coming(rows), natural)
    found = without_early(found)
    chosen, reason = choose(found, method, unit)
    check_family(chosen, family)
    found, answer = _compared(found, chosen, asked, change, seed)
    if logged is not None:
        same = without_early(natural)
        answer = told_in_units(answer, found, _one(same) if chosen == "its" else same)
    return _conclude(found, answer.checked, reason, asked)


def _compared(
    found: Panel, method: Method, asked: Question, change: Change | None, seed: int
) -> tuple[Panel, Found]:
    """What METHOD finds, and the panel that it was given."""
    if method == "its":
        found = _one(found, counts=asked.counts)
        kind = change or default_change(found.never - found.go_live)
        return found, methods.its(found, asked.family, kind, asked.better)
    found = complete(found)
    check_sides(found, method)
    match method:
        case "did":
            return found, methods.did(found, asked.better, seed)
        case "staggered":
            return found, methods.staggered(found, asked.better)
        case _:
            return found, methods.sdid(found, asked.better, seed)


def _one(found: Panel, *, counts: bool = False) -> Panel:
    """All units with the change as one."""
    return together(found.only(found.treated) if found.treated.any() else found, counts)


def _conclude(found: Panel, answer: Found, reason: Text, asked: Question) -> Verification:
    error = answer.effect.error
    scale = _scale(answer.error, answer.base, asked, answer.logarithm, error)
    waiting = _detectable(found, answer.error, answer.after, answer.base, asked, scale)
    critical = asked.look.critical(answer.effect.dof, scale / error if error > 0 else 1.0)
    low, high = answer.effect.interval(critical)
    bounds = (answer.in_units(low), answer.in_units(high))
    estimate = answer.in_units(answer.effect.estimate)
    half = None if answer.swing is None else _DISCERNIBLE * answer.swing
    margin = half if asked.worth is None else asked.worth
    ratios = _ratios(answer, (low, high))
    told = in_per_cent(answer.ratio(answer.effect.estimate), ratios) if found.logarithm else None
    result = Result(
        asked.outcome, asked.better, estimate, bounds, margin, asked.worth is not None, told
    )
    verdict, sentences = judge(result, answer, waiting)
    details = answer.details
    if asked.look.kind == "any":
        details = {**details, "e_value": e_value(answer.effect.estimate, error, scale)}
    return Verification(
        method=answer.method,
        method_text=answer.method_text,
        reason=reason,
        outcome=asked.outcome,
        better=asked.better,
        estimate=estimate,
        interval=bounds,
        p_value=answer.effect.p_value,
        ratio=answer.ratio(answer.effect.estimate),
        ratio_interval=ratios,
        reading=str(asked.look),
        units=len(found.names),
        treated=int(found.treated.sum()),
        periods_before=answer.before,
        periods_after=answer.after,
        pretrend=answer.pretrend,
        placebo=answer.placebo,
        detectable=waiting,
        regression_to_the_mean=answer.regression_to_the_mean,
        verdict=verdict,
        headline=sentences[0],
        sentence=said(sentences),
        caveats=[*answer.caveats, *found.notes, *asked.caveats],
        series=answer.series(critical),
        details=details,
    )


def _ratios(answer: Found, interval: Interval) -> Interval | None:
    low, high = (answer.ratio(bound) for bound in interval)
    return None if low is None or high is None else (low, high)


def _scale(
    before: Error | None, base: float | None, asked: Question, logarithm: bool, error: float
) -> float:
    """The effect for which a reading at any time is sharpest, from the time BEFORE alone.

    ERROR is that of the effect, where the time before says nothing.
    """
    worth = asked.worth
    if worth is not None and not logarithm:
        return worth
    if worth is not None and base:
        return (
            abs(np.log(max(1 - worth / base, 0.05)))
            if asked.better == "lower"
            else float(np.log1p(worth / base))
        )
    return error if before is None else 2.8 * before(_USUAL_WAIT)[0]


def _detectable(
    found: Panel,
    error: Error | None,
    after: int,
    base: float | None,
    asked: Question,
    scale: float,
) -> Detectable | None:
    if error is None:
        return None
    return detectable(
        error,
        after,
        kind=found.calendar.kind,
        worth=asked.worth,
        cases=found.cases_a_period,
        base=base,
        better=asked.better,
        look=asked.look,
        scale=scale,
    )


def _plan(found: Panel, asked: Question, treated_units: list[str], natural: Panel) -> Verification:
    """How long one must wait for a change that has not come yet to TREATED_UNITS (none: to all).

    NATURAL holds no logarithms.
    """
    last = found.calendar.label(found.never - 1)
    apart = 0 < len(treated_units) < len(found.names)
    found = complete(found) if apart else together(found, asked.counts)
    flags = np.isin(np.array(found.names), treated_units if apart else [])
    treated = int(flags.sum())
    error, base = methods.planned(found, asked.family, flags)
    if found.logarithm:
        base = float(np.nanmean(natural.rate))
    logarithm = found.logarithm or (asked.counts and base is not None)
    scale = _scale(error, base, asked, logarithm, 0.0)
    waiting = _detectable(found, error, _USUAL_WAIT, base, asked, scale)
    if waiting is None:
        raise InputError(
            say(
                N_(
                    "There are too few periods to learn how the outcome scatters. Bring at least "
                    "8 for one series, or 3 for several units."
                )
            )
        )
    observed = [float(v) for v in np.nanmean(natural.rate, axis=0)]
    size = found.calendar.size
    empty: list[float | None] = [None] * size
    labels = [found.calendar.label(k) for k in range(size)]
    return Verification(
        method="did" if treated else "its",
        method_text=say(N_("plan from the time before alone")),
        reason=say(
            N_("No change lies within the data, which end with {last}, so this is a plan."),
            last=last,
        ),
        outcome=asked.outcome,
        better=asked.better,
        estimate=None,
        interval=None,
        p_value=None,
        ratio=None,
        ratio_interval=None,
        reading=str(asked.look),
        units=len(found.names),
        treated=treated,
        periods_before=size,
        periods_after=0,
        pretrend=PreTrend(None, None, None, size),
        placebo=Placebo(),
        detectable=waiting,
        regression_to_the_mean=None,
        verdict="cannot tell",
        headline=waiting.sentence,
        sentence=waiting.sentence,
        caveats=found.notes,
        series=Series(labels, list(observed), empty, empty, empty, size),
    )
