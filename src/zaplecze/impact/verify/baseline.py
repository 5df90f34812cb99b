"""Regression to the mean: were the treated chosen because they were bad, and what is left then."""

from dataclasses import replace

import numpy as np

from zaplecze.impact.verify import groups, interrupted, synthetic
from zaplecze.impact.verify.course import bounded_exp
from zaplecze.impact.verify.interrupted import Change
from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.result import Better, Family, Guess, RegressionToTheMean
from zaplecze.impact.verify.words import figure
from zaplecze.language import N_, Text, number, percent, say, say_plural

# Treated units that stood half a standard deviation worse, where what chance undoes of that is
# a seventh of the effect or more.
_BAD_START = 0.5
_PART_OF_EFFECT = 0.15
_BAD_STRETCH = 2.5
_STRETCH_LEVEL = 0.05


def held_equal(
    found: Panel, plain: Guess, scatter: groups.Noise | None, better: Better
) -> tuple[Guess | None, RegressionToTheMean | None]:
    """The effect with the baseline held equal where the treated were bad before."""
    apart = _bad_start(found, plain, scatter, better)
    if apart is None:
        return None, None
    held = groups.level_held_equal(found)
    if held is None:
        return None, _unaccounted(apart)
    bounds = held.interval(1.96)
    half = (bounds[1] - bounds[0]) / 2
    return held, RegressionToTheMean(
        apart,
        held.estimate,
        bounds,
        accounted_for=True,
        sentence=say(
            N_(
                "The treated units were worse than the others before ({gap} standard deviations), "
                "so that part of an improvement would have come anyway. The effect is therefore "
                "taken among units of equal baseline: {effect} instead of {plain}."
            ),
            gap=number(apart, 1),
            effect=_told(found, held.estimate, half),
            plain=_told(found, plain.estimate, half),
        ),
    )


def _told(found: Panel, effect: float, half: float) -> Text:
    if found.logarithm:
        return percent(bounded_exp(effect) - 1, 1, signed=True)
    return figure(effect, half, signed=True)


def warned(
    found: Panel, plain: Guess, scatter: groups.Noise | None, better: Better
) -> RegressionToTheMean | None:
    first = found.go_live
    early = replace(found, starts=np.where(found.treated, first, found.never), mixed=None)
    apart = _bad_start(early, plain, scatter, better)
    return None if apart is None else _unaccounted(apart)


def _bad_start(
    found: Panel, plain: Guess, scatter: groups.Noise | None, better: Better
) -> float | None:
    """By how many standard deviations the treated were worse, where that can matter."""
    apart, undone = groups.gap(found, scatter)
    worse = apart if better == "lower" else -apart
    matters = abs(undone) >= _PART_OF_EFFECT * abs(plain.estimate)
    return worse if worse >= _BAD_START and matters else None


def _unaccounted(apart: float) -> RegressionToTheMean:
    return RegressionToTheMean(
        apart,
        None,
        None,
        accounted_for=False,
        sentence=say(
            N_(
                "The treated units were worse than the others before ({gap} standard deviations). "
                "Part of an improvement would have come anyway, and the data cannot tell how much: "
                "bring units that were as bad and were left as they are."
            ),
            gap=number(apart, 1),
        ),
    )


def after_a_dip(
    found: Panel,
    fitted: interrupted.Interrupted,
    past: interrupted.Before,
    family: Family,
    change: Change,
    better: Better,
) -> tuple[Guess, RegressionToTheMean | None]:
    """The effect without the bad stretch just before the change, where there was one."""
    stretch = interrupted.dip(past)
    if stretch is None:
        return fitted.effect, None
    guess, last = stretch
    bad = guess.estimate > 0 if better == "lower" else guess.estimate < 0
    if not bad or guess.p_value >= _STRETCH_LEVEL:
        return fitted.effect, None
    end = len(past.outcome)
    left_out = frozenset(range(end - last, end))
    again = interrupted.interrupted(found, family, change, left_out).effect
    return again, RegressionToTheMean(
        guess.estimate / guess.error if guess.error else 0.0,
        again.estimate,
        again.interval(1.96),
        accounted_for=True,
        sentence=say_plural(
            N_(
                "The change followed an unusually bad period, from which things would have got "
                "better anyway. That period is left out of the comparison."
            ),
            N_(
                "The change followed {count} unusually bad periods, from which things would have "
                "got better anyway. Those periods are left out of the comparison."
            ),
            last,
        ),
    )


def dipped(fitted: synthetic.Synthetic, better: Better) -> RegressionToTheMean | None:
    bad = fitted.dip if better == "lower" else -fitted.dip
    if bad < _BAD_STRETCH:
        return None
    return RegressionToTheMean(
        bad,
        None,
        None,
        accounted_for=False,
        sentence=say(
            N_(
                "Just before the change the treated units were unusually bad, compared with the "
                "others. Part of an improvement would have come anyway: bring more periods after "
                "the change, or units that were as bad and were left as they are."
            )
        ),
    )
