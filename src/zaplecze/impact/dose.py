"""Dose and response: the effect by size of the delay, each size against cases without delay."""

from itertools import pairwise

import numpy as np

from zaplecze.impact.arrays import Floats
from zaplecze.impact.comparison import Comparison
from zaplecze.impact.finding import Dose
from zaplecze.impact.lever import FEWEST_EXPOSED, Lever
from zaplecze.language import N_, Text, number, say, say_plural

DAYS = [0.0, 1.0, 3.0, 7.0, np.inf]
HOURS = [0.0, 4.0, 12.0, 24.0, np.inf]


def dose_response(among: Comparison, lever: Lever, outcome: Floats) -> list[Dose]:
    """Effects of bands of the lever's amount, estimated together; none for what is not a delay.

    OUTCOME is what is left over of the outcome in the comparison AMONG. Bands with few cases are
    joined to the one below.
    """
    if lever.name.kind not in ("late", "promise", "slow"):
        return []
    rows = among.rows
    in_days = bool(np.nanmedian(lever.amount[rows]) >= 24)
    amount = lever.amount / 24 if in_days else lever.amount
    edges = _edges(amount[rows], DAYS if in_days else HOURS)
    if len(edges) < 3:
        return []
    bands = [(amount > low) & (amount <= high) for low, high in pairwise(edges)]
    left = [
        among.band_left_over(
            f"{lever.name.id} {k}", band.astype(np.float64), lever.name.id, lever.exposed
        )
        for k, band in enumerate(bands)
    ]
    return [
        Dose(
            low=float(low),
            high=float(high) if np.isfinite(high) else float(np.nanmax(amount[rows])),
            unit="days" if in_days else "hours",
            label=_label(low, high, in_days),
            n=int(band[rows].sum()),
            effect=among.effect(slope),
        )
        for (low, high), band, slope in zip(
            pairwise(edges), bands, among.slopes(outcome, left), strict=True
        )
    ]


def _edges(amount: Floats, edges: list[float]) -> list[float]:
    kept = [edges[0]]
    for low_index in range(1, len(edges)):
        within = int(((amount > kept[-1]) & (amount <= edges[low_index])).sum())
        if within >= FEWEST_EXPOSED:
            kept.append(edges[low_index])
    if len(kept) > 1:
        kept[-1] = edges[-1]
    return kept


def _label(low: float, high: float, in_days: bool) -> Text:
    start, end = number(low), number(high) if np.isfinite(high) else Text.same("")
    if in_days:
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
