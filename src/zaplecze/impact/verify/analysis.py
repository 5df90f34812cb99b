"""From a table to a verdict: choose the method, estimate, check, judge."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from zaplecze.errors import InputError
from zaplecze.impact.verify import methods
from zaplecze.impact.verify.calendar import Period
from zaplecze.impact.verify.groups import FEWEST_UNITS
from zaplecze.impact.verify.interrupted import Change, default_change
from zaplecze.impact.verify.looks import Reading, e_value
from zaplecze.impact.verify.methods import Found
from zaplecze.impact.verify.panel import Panel, complete, panel, together
from zaplecze.impact.verify.power import Error, detectable
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
from zaplecze.impact.verify.verdicts import Result, judge
from zaplecze.impact.verify.verdicts import together as said
from zaplecze.language import N_, Text, say

_USUAL_WAIT = 13


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
    for; with it and without TREATED_FROM the answer says how long one must wait to see it.
    READING is "once", "any" (looked at again and again) or "2/5" (the second of five planned
    looks). TIME_ZONE is where days are counted when times carry several zones. SEED is for drawn
    placebos. Raises `InputError` for what a user can mend.
    """
    look = _reading(reading)
    _check_options(worth, time_zone, treated_from)
    rows = read(
        table,
        outcome=outcome,
        time=time,
        unit=unit,
        offset=offset,
        treated_from=None if treated_from is None else str(treated_from),
        time_zone=time_zone,
    )
    counts = family != "gaussian"
    found = panel(rows, treated_units=treated_units, by=by, counts=counts)
    direction: Better = better or "lower"
    if treated_from is None:
        return _plan(found, outcome, direction, family, worth, treated_units, look)
    found = _without_early(found)
    chosen, reason = _method(found, method, unit)
    _check_family(chosen, family)
    if chosen == "its":
        kept = found.only(found.treated) if found.treated.any() else found
        found = together(kept, counts)
        kind = change or default_change(found.never - found.go_live)
        answer = methods.its(found, family, kind, direction)
    else:
        found = complete(found)
        _check_sides(found, chosen)
        match chosen:
            case "did":
                answer = methods.did(found, direction, seed)
            case "staggered":
                answer = methods.staggered(found, direction)
            case _:
                answer = methods.sdid(found, direction, seed)
    caveats = found.notes if better else [*found.notes, _assumed_direction(outcome)]
    return _conclude(found, answer.checked, reason, outcome, direction, worth, look, caveats)


def _conclude(
    found: Panel,
    answer: Found,
    reason: Text,
    outcome: str,
    better: Better,
    worth: float | None,
    look: Reading,
    caveats: list[Text],
) -> Verification:
    waiting = _detectable(found, answer.error, answer.after, answer.base, worth, better)
    scale = _scale(answer, worth, better)
    error = answer.effect.error
    critical = look.critical(answer.effect.dof, scale / error if error > 0 else 1.0)
    low, high = answer.effect.interval(critical)
    bounds = (answer.in_units(low), answer.in_units(high))
    estimate = answer.in_units(answer.effect.estimate)
    margin = worth if worth is not None else answer.swing
    result = Result(outcome, better, estimate, bounds, margin, worth is not None)
    verdict, sentences = judge(result, answer, waiting)
    details = answer.details
    if look.kind == "any":
        details = {**details, "e_value": e_value(answer.effect.estimate, error, scale)}
    return Verification(
        method=answer.method,
        method_text=answer.method_text,
        reason=reason,
        outcome=outcome,
        better=better,
        estimate=estimate,
        interval=bounds,
        p_value=answer.effect.p_value,
        ratio=answer.ratio(answer.effect.estimate),
        ratio_interval=_ratios(answer, (low, high)),
        reading=str(look),
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
        caveats=[*answer.caveats, *caveats],
        series=answer.series(critical),
        details=details,
    )


def _ratios(answer: Found, interval: Interval) -> Interval | None:
    low, high = (answer.ratio(bound) for bound in interval)
    return None if low is None or high is None else (low, high)


def _scale(answer: Found, worth: float | None, better: Better) -> float:
    """The effect for which a reading at any time is sharpest, from the time before alone."""
    if worth is not None and not answer.logarithm:
        return worth
    if worth is not None and answer.base:
        return (
            abs(np.log(max(1 - worth / answer.base, 0.05)))
            if better == "lower"
            else float(np.log1p(worth / answer.base))
        )
    if answer.error is None:
        return answer.effect.error
    return 2.8 * answer.error(_USUAL_WAIT)[0]


def _detectable(
    found: Panel,
    error: Error | None,
    after: int,
    base: float | None,
    worth: float | None,
    better: Better,
) -> Detectable | None:
    if error is None:
        return None
    return detectable(
        error,
        after,
        kind=found.calendar.kind,
        worth=worth,
        cases=found.cases_a_period,
        base=base,
        better=better,
    )


def _plan(
    found: Panel,
    outcome: str,
    better: Better,
    family: Family,
    worth: float | None,
    treated_units: list[str] | None,
    look: Reading,
) -> Verification:
    """How long one must wait for a change that has not come yet."""
    treated = len(treated_units) if treated_units else 0
    others = len(found.names) - treated if treated else 0
    found = complete(found) if treated else together(found, family != "gaussian")
    error, base = methods.planned(found, family, treated, others)
    waiting = _detectable(found, error, _USUAL_WAIT, base, worth, better)
    if waiting is None:
        raise InputError(
            say(
                N_(
                    "There are too few periods to learn how the outcome scatters. Bring at least "
                    "8 for one series, or 3 for several units."
                )
            )
        )
    observed = [float(v) for v in np.nanmean(found.rate, axis=0)]
    size = found.calendar.size
    empty: list[float | None] = [None] * size
    labels = [found.calendar.label(k) for k in range(size)]
    return Verification(
        method="did" if treated else "its",
        method_text=say(N_("plan from the time before alone")),
        reason=say(N_("No time of going live is given, so this is a plan.")),
        outcome=outcome,
        better=better,
        estimate=None,
        interval=None,
        p_value=None,
        ratio=None,
        ratio_interval=None,
        reading=str(look),
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


def _method(found: Panel, wanted: Method | None, unit: str | None) -> tuple[Method, Text]:
    """The method that the shape of the data asks for, and why."""
    if wanted is not None:
        if wanted != "its" and unit is None:
            raise InputError(
                say(
                    N_(
                        "--method {method} compares units. Give --unit with the column that "
                        "names them, or take --method its."
                    ),
                    method=wanted,
                )
            )
        return wanted, say(N_("The method was asked for."))
    ours, theirs = int(found.treated.sum()), int((~found.treated).sum())
    if found.dates > 1:
        return "staggered", say(N_("Units changed at different times."))
    if theirs == 0:
        return "its", say(N_("There are no units without the change, only the time before."))
    if ours < FEWEST_UNITS:
        return "sdid", say(N_("Few units changed, at one time, and others did not."))
    return "did", say(N_("Several units changed at one time and others did not."))


def _without_early(found: Panel) -> Panel:
    """Units that changed before the data begin say nothing about before and after."""
    early = found.starts <= 0
    if not early.any():
        return found
    names = [name for name, is_early in zip(found.names, early, strict=True) if is_early]
    note = say(
        N_("Left out, since they had the change from the first period on: {names}."),
        names=", ".join(names[:10]),
    )
    kept = found.only(~early)
    return replace(kept, notes=[*found.notes, note])


def _check_sides(found: Panel, method: Method) -> None:
    ours, theirs = int(found.treated.sum()), int((~found.treated).sum())
    if ours == 0:
        raise InputError(
            say(
                N_(
                    "No unit with the change was measured in every period. Bring its missing "
                    "periods."
                )
            )
        )
    if found.dates > 1 and method in ("did", "sdid"):
        raise InputError(
            say(
                N_(
                    "The units changed at {n} different times; --method {method} takes one. Take "
                    "--method staggered, or keep the units of one time."
                ),
                n=found.dates,
                method=method,
            )
        )
    if theirs == 0 and found.dates == 1:
        raise InputError(
            say(
                N_(
                    "Every unit has the change, so that there is nothing to compare with. Bring "
                    "units without it, or take --method its."
                )
            )
        )
    if method == "sdid" and theirs < ours + 2:
        raise InputError(
            say(
                N_(
                    "Synthetic difference-in-differences is for few units among many: {ours} have "
                    "the change, {theirs} do not. Take --method did, or bring more without it."
                ),
                ours=ours,
                theirs=theirs,
            )
        )
    if method == "sdid" and (theirs < 3 or found.go_live < 3):
        raise InputError(
            say(
                N_(
                    "Synthetic difference-in-differences mixes other units by their course before. "
                    "Bring at least 3 units without the change (better 10) and 3 periods before it."
                )
            )
        )


def _check_family(method: Method, family: Family) -> None:
    if family != "gaussian" and method != "its":
        raise InputError(
            say(
                N_(
                    "--family {family} belongs to --method its. Leave it out; with --offset the "
                    "comparison is made in rates."
                ),
                family=family,
            )
        )


def _check_options(worth: float | None, time_zone: str | None, treated_from: Any) -> None:
    if worth is not None and not worth > 0:
        raise InputError(
            say(N_("--worth {value}: give the size of the effect, above 0."), value=f"{worth:g}")
        )
    if treated_from is None and worth is None:
        raise InputError(
            say(
                N_(
                    "When did the change come? Give --treated-from with a date or a column; to "
                    "plan a change that has not come, give --worth with the effect you hope for."
                )
            )
        )
    if time_zone is not None:
        try:
            ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise InputError(
                say(
                    N_("There is no time zone '{zone}'. Write one like Europe/Warsaw."),
                    zone=time_zone,
                )
            ) from None


def _reading(words: str) -> Reading:
    found = Reading.of(words)
    if found is None:
        raise InputError(
            say(
                N_(
                    "--reading {value}: write 'once', 'any' (for looking again and again) or "
                    "'2/5' (the second of five planned looks)."
                ),
                value=words,
            )
        )
    return found


def _assumed_direction(outcome: str) -> Text:
    return say(
        N_("Less of {outcome} is taken to be better; where more is, say --better higher."),
        outcome=outcome,
    )
