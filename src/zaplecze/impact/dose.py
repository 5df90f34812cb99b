"""Dose and response: the effect by size, each size against cases without, and of each unit more."""

from itertools import pairwise
from typing import Literal

import numpy as np

from zaplecze.impact.arrays import Floats
from zaplecze.impact.comparison import Comparison
from zaplecze.impact.facts import OutcomeFacts
from zaplecze.impact.finding import Dose, PerUnit
from zaplecze.impact.lever import FEWEST_EXPOSED, Lever
from zaplecze.impact.units import estimate_in_words, range_in_words
from zaplecze.language import N_, Text, number, say, say_plural

DAYS = [0.0, 1.0, 3.0, 7.0, np.inf]
HOURS = [0.0, 4.0, 12.0, 24.0, np.inf]
TIMES = [0.0, 1.0, 2.0, np.inf]

Unit = Literal["hours", "days", "times"]


def dose_response(among: Comparison, lever: Lever, outcome: Floats) -> list[Dose]:
    """Effects of bands of the lever's amount, estimated together; none for what has no amount.

    OUTCOME is what is left over of the outcome in the comparison AMONG. Bands with few cases are
    joined to the one below.
    """
    unit = unit_of(among, lever)
    if unit is None:
        return []
    rows = among.rows
    amount = _in_unit(lever, unit)
    edges = _edges(amount[rows], {"days": DAYS, "hours": HOURS, "times": TIMES}[unit])
    if len(edges) < 3:
        return []
    bands = [(amount > low) & (amount <= high) for low, high in pairwise(edges)]
    left = among.bands_left_over(
        [band.astype(np.float64) for band in bands], lever.name.id, lever.exposed
    )
    return [
        Dose(
            low=float(low),
            high=float(high) if np.isfinite(high) else float(np.nanmax(amount[rows])),
            unit=unit,
            label=_label(low, high, unit),
            n=int(band[rows].sum()),
            effect=among.effect(slope),
            overlap=min(float(rest.var() / band[rows].var()), 1.0),
        )
        for (low, high), band, rest, slope in zip(
            pairwise(edges), bands, left, among.slopes(outcome, left), strict=True
        )
    ]


def per_unit(
    among: Comparison, lever: Lever, outcome: OutcomeFacts, felt: Floats, words: Text, currency: str
) -> PerUnit | None:
    """The effect on OUTCOME (called WORDS) of each hour, day or time more; None without amounts.

    FELT is what is left over of the outcome. Cases without the lever count as none of it.
    """
    unit = unit_of(among, lever)
    if unit is None:
        return None
    amount = np.where(lever.exposed == 0, 0.0, _in_unit(lever, unit))
    if np.isnan(amount[among.rows]).any() or len(np.unique(amount[among.rows])) < 3:
        return None
    [slope] = among.slopes(felt, [among.left_over(f"{lever.name.id} amount", amount)])
    effect = among.effect(slope)
    message = {
        "hours": N_("Each hour more goes with {amount} of “{outcome}” (95 % interval {range})."),
        "days": N_("Each day more goes with {amount} of “{outcome}” (95 % interval {range})."),
        "times": N_("Each time more goes with {amount} of “{outcome}” (95 % interval {range})."),
    }[unit]
    sentence = say(
        message,
        amount=estimate_in_words(effect.estimate, effect.interval, outcome.kind, currency),
        outcome=words,
        range=range_in_words(effect.interval, outcome.kind, currency),
    )
    return PerUnit(unit, effect, sentence)


def unit_of(among: Comparison, lever: Lever) -> Unit | None:
    """What the amounts of LEVER are counted in: days where half of them are a day or longer."""
    if lever.unit != "hours":
        return lever.unit
    return "days" if np.nanmedian(lever.amount[among.rows]) >= 24 else "hours"


def _in_unit(lever: Lever, unit: Unit) -> Floats:
    return lever.amount / 24 if unit == "days" else lever.amount


def _edges(amount: Floats, edges: list[float]) -> list[float]:
    kept = [edges[0]]
    for low_index in range(1, len(edges)):
        within = int(((amount > kept[-1]) & (amount <= edges[low_index])).sum())
        if within >= FEWEST_EXPOSED:
            kept.append(edges[low_index])
    if len(kept) > 1:
        kept[-1] = edges[-1]
    return kept


def _label(low: float, high: float, unit: Unit) -> Text:
    start, end = number(low), number(high) if np.isfinite(high) else Text.same("")
    if unit == "times":
        return _times(low, high)
    if unit == "days":
        if low == 0:
            return say_plural(N_("up to {high} day"), N_("up to {high} days"), int(high), high=end)
        if not np.isfinite(high):
            return say_plural(
                N_("more than {low} day"), N_("more than {low} days"), int(low), low=start
            )
        return say_plural(
            N_("{low}–{high} day"), N_("{low}–{high} days"), int(high), low=start, high=end
        )
    if low == 0:
        return say(N_("up to {high} h"), high=end)
    if not np.isfinite(high):
        return say(N_("more than {low} h"), low=start)
    return say(N_("{low}–{high} h"), low=start, high=end)


def _times(low: float, high: float) -> Text:
    if not np.isfinite(high):
        return say_plural(
            N_("more than {low} time"), N_("more than {low} times"), int(low), low=number(low)
        )
    if high == low + 1:
        return say_plural(N_("{high} time"), N_("{high} times"), int(high), high=number(high))
    return say_plural(
        N_("{low}–{high} time"), N_("{low}–{high} times"), int(high),
        low=number(low + 1), high=number(high),
    )  # fmt: skip
