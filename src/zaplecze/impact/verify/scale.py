"""Durations and sums of money with a long tail: compared on the logarithm, told in per cent and units.

Logarithms turn a tail of few large values into a course that scatters evenly. Their difference is the
logarithm of a ratio of geometric means; that ratio is that of the means, too, where the change leaves alone
how values scatter around their mean in proportion to it.
"""

import math
from dataclasses import replace
from typing import Literal

import numpy as np

from zaplecze.errors import InputError
from zaplecze.impact.verify.course import bounded_exp
from zaplecze.impact.verify.methods import Found
from zaplecze.impact.verify.panel import Panel
from zaplecze.impact.verify.reading import Rows
from zaplecze.impact.verify.result import Family, Floats, Interval, Series
from zaplecze.language import N_, say

Scale = Literal["natural", "logarithm", "auto"]

SKEWED = 1.0
"""From this skewness on a tail is long: that of an exponential waiting time is 2, of a bell 0."""

EVENED = 0.5
"""The logarithm must leave less than this share of the skewness to be worth its detour."""


def on_the_logarithm(rows: Rows, scale: Scale, family: Family) -> Rows | None:
    """ROWS with the logarithm of the outcome (for each unit of the offset); None where SCALE is natural.

    "auto" takes it where all values are above 0, their tail is long and the logarithm evens it. Raises
    `InputError` where the logarithm is asked for and a value has none, or where counts are.
    """
    if scale == "natural":
        return None
    values = rows.outcome if rows.offset is None else rows.outcome / rows.offset
    there = ~np.isnan(values)
    if scale == "auto" and (family != "gaussian" or not _evens(values[there])):
        return None
    if family != "gaussian":
        raise InputError(
            say(N_("--scale logarithm is for measurements; counts have it already. Leave it out."))
        )
    if (bad := there & ~(values > 0)).any():
        raise InputError(
            say(
                N_(
                    "{file}, row {row}: the outcome is {value}, which has no logarithm. Take --scale "
                    "natural, or leave out what did not take place."
                ),
                file=rows.file,
                row=int(bad.argmax()) + 2,
                value=f"{values[bad.argmax()]:g}",
            )
        )
    with np.errstate(invalid="ignore"):
        return replace(rows, outcome=np.log(values), offset=None)


def _evens(values: Floats) -> bool:
    if len(values) < 3 or not (values > 0).all():
        return False
    before, after = _skewness(values), _skewness(np.log(values))
    return before >= SKEWED and abs(after) <= EVENED * before


def _skewness(values: Floats) -> float:
    spread = float(values.std())
    return float((((values - values.mean()) / spread) ** 3).mean()) if spread > 0 else 0.0


def told_in_units(answer: Found, compared: Panel, natural: Panel) -> Found:
    """ANSWER, found on the logarithm, with its levels as NATURAL has them, of the units COMPARED."""
    rate = {name: natural.rate[k] for k, name in enumerate(natural.names)}
    after, before = [], []
    for name, start in zip(compared.names, compared.starts, strict=True):
        known = rate.get(name, natural.rate[0])[: compared.calendar.size]
        if start < compared.never:
            after.append(known[start:])
            before.append(known[:start])
    base = float(np.nanmean(np.concatenate(before)))
    seen = float(np.nanmean(np.concatenate(after)))
    series, details = answer.series, answer.details
    if (control := details.get("synthetic_control")) is not None:
        details = {**details, "synthetic_control": seen * (1 - bounded_exp(-control))}
    return replace(
        answer,
        logarithm=True,
        seen=seen,
        base=base,
        details=details,
        swing=None if answer.swing is None else base * math.expm1(answer.swing),
        method_text=say(N_("{method}, on the logarithm"), method=answer.method_text),
        caveats=[*answer.caveats, say(CAVEAT)],
        series=lambda critical: _back(series(critical), of_effects=answer.method == "staggered"),
    )


CAVEAT = N_(
    "Compared on the logarithm, because few values are very large: the effect is a ratio of geometric "
    "means. It is that of the means where the change leaves alone how values scatter in proportion."
)


def in_per_cent(ratio: float | None, interval: Interval | None) -> tuple[float, Interval] | None:
    """A RATIO with its INTERVAL as relative changes."""
    if ratio is None or interval is None:
        return None
    return ratio - 1, (interval[0] - 1, interval[1] - 1)


def _back(drawn: Series, *, of_effects: bool) -> Series:
    """DRAWN on the logarithm, as geometric means, or where it holds effects in per cent."""

    def value(one: float | None) -> float | None:
        if one is None:
            return None
        return 100 * (bounded_exp(one) - 1) if of_effects else bounded_exp(one)

    return replace(
        drawn,
        observed=[value(each) for each in drawn.observed],
        counterfactual=[value(each) for each in drawn.counterfactual],
        low=[value(each) for each in drawn.low],
        high=[value(each) for each in drawn.high],
    )
