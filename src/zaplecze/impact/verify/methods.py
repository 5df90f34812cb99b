"""Each method's answer in one form: the effect, its checks, its doubts and its picture."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.verify import baseline, curves, groups, interrupted, rollout, synthetic
from zaplecze.impact.verify.course import Course, bounded_exp
from zaplecze.impact.verify.groups import FEWEST_UNITS
from zaplecze.impact.verify.interrupted import FEWEST_BEFORE, Change
from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.power import Error
from zaplecze.impact.verify.result import (
    CHECK_LEVEL,
    Better,
    Family,
    Guess,
    Interval,
    Method,
    Placebo,
    PreTrend,
    RegressionToTheMean,
    Series,
)
from zaplecze.impact.verify.words import series_method
from zaplecze.language import N_, Text, number, say, say_plural

_FEWEST_TO_JUDGE = 3
_SERIES = Callable[[float], Series]


@dataclass(frozen=True)
class Found:
    """What a method found, before anybody judges it.

    ``effect`` is in units of the outcome, or the logarithm of a ratio where ``logarithm`` says so;
    ``seen`` is the treated's mean with the change; ``swing`` is how far one period usually stands
    from the course; ``doubts`` forbid a verdict; ``series`` draws for a critical value.
    """

    method: Method
    method_text: Text
    basis: Text
    effect: Guess
    logarithm: bool
    seen: float
    swing: float | None
    error: Error | None
    base: float | None
    pretrend: PreTrend
    placebo: Placebo
    regression_to_the_mean: RegressionToTheMean | None
    series: _SERIES
    before: int
    after: int
    doubts: list[Text] = field(default_factory=list)
    caveats: list[Text] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def in_units(self, effect: float) -> float:
        """An effect in units of the outcome: what was seen minus what would have been."""
        return self.seen * (1 - bounded_exp(-effect)) if self.logarithm else effect

    def ratio(self, effect: float) -> float | None:
        """What was seen divided by what would have been; None where that makes no sense."""
        if self.logarithm:
            return bounded_exp(effect)
        without = self.seen - effect
        return self.seen / without if without > 0 and self.seen >= 0 else None

    @property
    def checked(self) -> "Found":
        """The same, its checks passed or not."""
        placebo, pretrend = self.placebo, self.pretrend
        if placebo.time_p_value is not None:
            placebo = replace(placebo, passed=placebo.time_p_value >= CHECK_LEVEL)
        if pretrend.p_value is not None:
            pretrend = replace(pretrend, passed=pretrend.p_value >= CHECK_LEVEL)
        return replace(self, placebo=placebo, pretrend=pretrend)


def did(found: Panel, better: Better, seed: int) -> Found:
    """Difference-in-differences of one date."""
    before, after = groups.periods(found)
    rate, treated = found.rate, found.treated
    plain = groups.difference(found)
    scatter = groups.noise(rate[:, before], treated)
    ours, theirs = int(treated.sum()), int((~treated).sum())
    doubts = _too_short(len(before))
    if min(ours, theirs) < FEWEST_UNITS:
        doubts.append(_few_units(ours, theirs, mixable=theirs >= synthetic.FEWEST_OTHERS))
    balanced, mean = baseline.held_equal(found, plain, scatter, better)
    effect = plain if balanced is None else balanced
    return Found(
        method="did",
        method_text=say(
            N_(
                "difference-in-differences, one change per unit, errors clustered by unit "
                "with small-sample degrees of freedom"
            )
        ),
        basis=say(N_("This holds if all units would have moved alike without the change.")),
        effect=effect,
        logarithm=False,
        seen=float(rate[treated][:, after].mean()),
        swing=scatter.swing if scatter else None,
        error=_after(scatter, ours, theirs, len(before)),
        base=None,
        pretrend=groups.pre_trend(found),
        placebo=groups.placebo(found, seed),
        regression_to_the_mean=mean,
        series=lambda critical: curves.parallel(found, effect, critical),
        before=len(before),
        after=len(after),
        doubts=doubts,
        details={"two_way": _guess(plain)},
    )


def staggered(found: Panel, better: Better) -> Found:
    """Callaway and Sant'Anna's effects of a change that comes in steps."""
    fitted = rollout.rollout(found)
    ours, theirs = int(found.treated.sum()), int((~found.treated).sum())
    first = found.go_live
    scatter = groups.noise(found.rate[:, :first], found.treated) if theirs else None
    doubts = [] if ours >= FEWEST_UNITS else [_few_units(ours, theirs, mixable=False)]
    mean = None
    if theirs >= 2:
        mean = baseline.warned(found, fitted.effect, scatter, better)
    seen = [rate[start:].mean() for rate, start in zip(found.rate, found.starts, strict=True)
            if start < found.never]  # fmt: skip
    return Found(
        method="staggered",
        method_text=say(
            N_("staggered difference-in-differences of Callaway and Sant'Anna, clustered by unit")
        ),
        basis=say(
            N_("This holds if units with and without the change would have moved alike without it.")
        ),
        effect=fitted.effect,
        logarithm=False,
        seen=float(np.mean(seen)),
        swing=scatter.swing if scatter else None,
        # Every period is held against the last one before the change, and against that alone.
        error=_after(scatter, ours, max(theirs, 1), 1),
        base=None,
        pretrend=fitted.pretrend,
        placebo=Placebo(),
        regression_to_the_mean=mean,
        series=lambda critical: curves.by_age(fitted, critical),
        before=first,
        after=max(fitted.ages) + 1,
        doubts=doubts,
        details={
            "compared_with": fitted.compared_with,
            "by_start": _guess(fitted.by_start),
            "by_age": _guess(fitted.by_age),
            "ages": {age: _guess(guess) for age, guess in fitted.ages.items()},
        },
    )


def its(found: Panel, family: Family, change: Change, better: Better) -> Found:
    """Interrupted time series of one unit."""
    fitted = interrupted.interrupted(found, family, change)
    past = interrupted.before(found, family, fitted)
    counted = family != "gaussian"
    base = float(past.outcome[-max(len(past.outcome) // 4, 1) :].mean()) if counted else None
    effect, mean = baseline.after_a_dip(found, fitted, past, family, change, better)
    known = interrupted.known_before(found, family)
    observed = found.outcome[0] if counted else found.rate[0]
    size = found.calendar.size - found.go_live
    doubts = []
    if len(past.outcome) < FEWEST_BEFORE:
        doubts.append(
            say(
                N_(
                    "There are only {n} periods before the change; bring at least {fewest}, "
                    "better a whole year."
                ),
                n=number(len(past.outcome)),
                fewest=number(FEWEST_BEFORE),
            )
        )
    return Found(
        method="its",
        method_text=series_method(family, fitted.seasonal),
        basis=say(
            N_(
                "This holds if the course before would have gone on, and if nothing else happened "
                "at the same time."
            )
        ),
        effect=effect,
        logarithm=counted,
        seen=float(observed[found.go_live :].mean()),
        swing=_swing(fitted, counted),
        error=_its_error(found, known, change),
        base=base,
        pretrend=interrupted.bend(past),
        placebo=interrupted.placebo(past, change),
        regression_to_the_mean=mean,
        series=lambda critical: curves.course_of(found, observed, fitted, critical, counted),
        before=len(past.outcome),
        after=size,
        doubts=doubts,
        caveats=_its_caveats(found, fitted),
        details=_its_details(fitted, change),
    )


def sdid(found: Panel, better: Better, seed: int) -> Found:
    """Synthetic difference-in-differences for one or few units."""
    before, after = groups.periods(found)
    fitted = synthetic.synthetic(found, seed)
    rate, treated = found.rate, found.treated
    scatter = groups.noise(rate[:, before], treated)
    ours, theirs = int(treated.sum()), int((~treated).sum())
    doubts = _too_short(len(before) - 1)
    if theirs < synthetic.FEWEST_OTHERS:
        doubts.append(
            say_plural(
                N_("There is only {count} unit to compare with; bring at least {fewest}."),
                N_("There are only {count} units to compare with; bring at least {fewest}."),
                theirs,
                fewest=number(synthetic.FEWEST_OTHERS),
            )
        )
    return Found(
        method="sdid",
        method_text=say(
            N_("synthetic difference-in-differences, errors from placebos in the other units")
        ),
        basis=say(
            N_(
                "This holds if the mixture of other units that moved alike before would have gone "
                "on to do so."
            )
        ),
        effect=fitted.effect,
        logarithm=False,
        seen=float(rate[treated][:, after].mean()),
        swing=scatter.swing if scatter else None,
        error=_mixed_after(_after(scatter, ours, theirs, len(before)), fitted, len(before)),
        base=None,
        pretrend=fitted.pretrend,
        placebo=fitted.placebo,
        regression_to_the_mean=baseline.dipped(fitted, better),
        series=lambda critical: curves.mixture(found, fitted, critical),
        before=len(before),
        after=len(after),
        doubts=doubts,
        details={
            "synthetic_control": fitted.control,
            "two_way": groups.difference(found).estimate,
            "weights": fitted.weights,
            "misfit": fitted.misfit,
        },
    )


def planned(
    found: Panel, family: Family, flags: NDArray[np.bool_]
) -> tuple[Error | None, float | None]:
    """For a change that has not come, to units with FLAGS: the error to expect and the usual count."""
    treated, others = int(flags.sum()), int((~flags).sum())
    if others > 0 and treated > 0:
        scatter = groups.noise(found.rate, flags)
        error = _after(scatter, treated, others, found.calendar.size)
        return error, None
    past = interrupted.before(found, family)
    known = interrupted.known_before(found, family, planned=True)
    base = float(past.outcome.mean()) if family != "gaussian" else None
    return _its_error(found, known, "both"), base


def _its_error(found: Panel, known: Course | None, change: Change) -> Error | None:
    if known is None:
        return None

    def error(periods: int) -> tuple[float, float, float]:
        sensible = change if periods >= 8 else "level"
        return interrupted.error_after(found, known, periods, sensible)

    return error


def _after(scatter: groups.Noise | None, ours: int, theirs: int, before: int) -> Error | None:
    if scatter is None:
        return None
    return lambda periods: groups.error_after(scatter, ours, theirs, before, periods)


def _mixed_after(error: Error | None, fitted: synthetic.Synthetic, before: int) -> Error | None:
    """A mixture scatters less than plain units do: as much less as it did before the change."""
    if error is None or fitted.past_error is None:
        return error
    plain = error(before - before // 2)[0]
    less = fitted.past_error / plain if plain > 0 else 1.0

    def scaled(periods: int) -> tuple[float, float, float]:
        found, dof, doubt = error(periods)
        return less * found, dof, doubt

    return scaled


def _too_short(before: int) -> list[Text]:
    if before >= _FEWEST_TO_JUDGE:
        return []
    return [
        say(
            N_(
                "There are too few periods before the change to see whether the units moved alike "
                "then. Bring at least {fewest}, better as many as after it."
            ),
            fewest=number(_FEWEST_TO_JUDGE + 1),
        )
    ]


def _few_units(ours: int, theirs: int, *, mixable: bool) -> Text:
    if mixable and ours < FEWEST_UNITS:
        return say(
            N_(
                "Units with the change: {ours}, without it: {theirs}. With fewer than {fewest} on a side "
                "chance cannot be told from effect. Compare them with --method sdid, or bring more."
            ),
            ours=number(ours),
            theirs=number(theirs),
            fewest=number(FEWEST_UNITS),
        )
    return say(
        N_(
            "Units with the change: {ours}, without it: {theirs}. With fewer than {fewest} on a side "
            "chance cannot be told from effect. Bring more; where few units changed, all at one time, "
            "ten others suffice."
        ),
        ours=number(ours),
        theirs=number(theirs),
        fewest=number(FEWEST_UNITS),
    )


def _its_caveats(found: Panel, fitted: interrupted.Interrupted) -> list[Text]:
    caveats = []
    if not fitted.seasonal:
        caveats.append(
            say(
                N_(
                    "No season could be held equal: that takes dates and at least a year and a "
                    "half. What comes every year at this time looks like an effect."
                )
            )
        )
    if fitted.memory_left < 0.01:
        caveats.append(
            say(
                N_(
                    "The errors remember each other longer than from one period to the next; the "
                    "interval may be too narrow."
                )
            )
        )
    return caveats


def _its_details(fitted: interrupted.Interrupted, change: Change) -> dict[str, Any]:
    return {
        "change": change,
        "level": _guess(fitted.level),
        "slope": None if fitted.slope is None else _guess(fitted.slope),
        "memory": fitted.course.memory,
        "dispersion": fitted.course.scale / (1 - fitted.course.memory**2),
        "clumping": fitted.course.clumping,
        "seasonal": fitted.seasonal,
    }


def _swing(fitted: interrupted.Interrupted, counted: bool) -> float:
    found = fitted.course
    deviation = math.sqrt(found.scale)
    if not counted:
        return deviation
    mean = float(found.mean.mean())
    return deviation * math.sqrt(mean * (1 + found.clumping * mean))


def _guess(guess: Guess) -> dict[str, Any]:
    bounds: Interval = guess.interval(1.96)
    return {"estimate": guess.estimate, "error": guess.error, "interval": bounds}
