"""How small an effect can be seen, and how long that takes, from the time before alone."""

import math
from collections.abc import Callable

from zaplecze.impact.verify.calendar import Kind, periods_text
from zaplecze.impact.verify.looks import Reading
from zaplecze.impact.verify.result import CHECK_LEVEL, Better, Detectable
from zaplecze.impact.verify.words import as_given, figure
from zaplecze.language import N_, Text, say

POWER = 0.8

BOTH_PASSED = 1 - 2 * CHECK_LEVEL
"""How often a course as it should be passes both checks, of its trend before and in time."""

_LONGEST = 520
_TRIES = 20
Error = Callable[[int], tuple[float, float, float]]
"""The error that an effect will have after so many periods, its degrees of freedom, and how well the
error itself is known (the relative variance of what it is taken for, beyond these degrees)."""


def detectable(
    error: Error,
    after: int,
    *,
    kind: Kind,
    worth: float | None,
    cases: float | None,
    base: float | None,
    better: Better,
    look: Reading,
    scale: float,
) -> Detectable:
    """The smallest effect that shows in 8 of 10 cases after AFTER periods.

    BASE is the usual count where errors are of a logarithm, else None. WORTH, in units of the
    outcome, is the effect for which the periods needed are sought. LOOK is how often it is looked at, with
    SCALE as in `Reading.critical`: wider intervals show larger effects only.
    """

    def effect(periods: int) -> float:
        found, dof, doubt = error(periods)
        needed = look.critical(dof, scale / found if found > 0 else 1.0)
        return _in_units(_smallest(found, dof, doubt, needed), base, better)

    needed = None
    if worth is not None:
        needed = next((m for m in _tried() if effect(m) <= worth), None)
    shown = sorted({1, 2, 4, 8, 13, 26, 52, after} | ({needed} if needed else set()))
    effects = {m: effect(m) for m in shown}
    return Detectable(
        effect=effects[after],
        periods=after,
        power=POWER,
        effects=effects,
        worth=worth,
        periods_needed=needed,
        cases_a_period=cases,
        sentence=_sentence(effects[after], after, kind, worth, needed, cases),
    )


def _smallest(error: float, dof: float, doubt: float, needed: float) -> float:
    """The effect that shows beyond NEEDED errors, for an ERROR known only to a relative variance of DOUBT.

    Where the scatter before was small by luck, too little is promised; that is made good for.
    """
    from scipy import stats

    # Whoever fails a check is not told that it worked, however large the effect.
    above = stats.t.ppf(POWER / BOTH_PASSED, dof)
    times = needed + above
    for _ in range(_TRIES):
        times = needed + above * math.sqrt(1 + doubt * times**2 / (1 + needed**2 / (2 * dof)))
    return float(times * error)


def _in_units(effect: float, base: float | None, better: Better) -> float:
    if base is None:
        return effect
    capped = min(effect, 20.0)
    return base * (1 - math.exp(-capped)) if better == "lower" else base * math.expm1(capped)


def _tried() -> list[int]:
    """Numbers of periods, in steps of five in a hundred."""
    found = [1]
    while found[-1] < _LONGEST:
        found.append(max(found[-1] + 1, round(found[-1] * 1.05)))
    return found


def _sentence(
    effect: float,
    after: int,
    kind: Kind,
    worth: float | None,
    needed: int | None,
    cases: float | None,
) -> Text:
    if worth is None:
        return say(
            N_(
                "From the time before alone: with {periods} after the change, an effect of "
                "{effect} or more is seen in 8 of 10 cases."
            ),
            periods=periods_text(kind, after),
            effect=figure(effect, effect / 10),
        )
    wanted = as_given(worth)
    if needed is None:
        return say(
            N_(
                "From the time before alone: an effect of {worth} cannot be seen in 8 of 10 cases "
                "however long one waits; after {periods} it takes {effect} or more. A longer time "
                "before, or units without the change to compare with, would show less."
            ),
            worth=wanted,
            periods=periods_text(kind, after),
            effect=figure(effect, effect / 10),
        )
    if cases is None:
        return say(
            N_("To see an effect of {worth} in 8 of 10 cases you need {periods} after the change."),
            worth=wanted,
            periods=periods_text(kind, needed),
        )
    return say(
        N_(
            "With about {cases} rows a period, to see an effect of {worth} in 8 of 10 cases you "
            "need {periods} after the change."
        ),
        cases=figure(cases, cases / 10),
        worth=wanted,
        periods=periods_text(kind, needed),
    )
