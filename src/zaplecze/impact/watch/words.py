"""Alarms in words, in three languages."""

import math
from functools import partial
from typing import TYPE_CHECKING

from zaplecze.impact.watch.result import Cost, Day, Detectable, SegmentShift, Unit, Watched
from zaplecze.impact.watch.seasons import Period
from zaplecze.language import (
    LANGUAGES,
    N_,
    Text,
    date,
    duration,
    ends,
    money_ends,
    number,
    percent,
    rounded_money,
    say,
    say_plural,
)  # fmt: skip

if TYPE_CHECKING:
    from zaplecze.impact.watch.levels import Change
    from zaplecze.impact.watch.measures import Measure

_MANY_TIMES = 4.0
"""From here on a multiple is easier to grasp than per cent."""

PER = {
    "day": N_("{n} a day"),
    "week": N_("{n} a week"),
    "month": N_("{n} a month"),
}


def value_text(value: float, unit: Unit, period: Period | None, width: float | None = None) -> Text:
    """VALUE in its unit; WIDTH (half of an interval) decides how many digits it deserves."""
    if unit == "share":
        return percent(value, _digits(100 * (width or value / 10), 3))
    if unit == "seconds":
        return duration(value)
    if unit == "rate":
        return number(value, _digits(width or abs(value) / 30, 6))
    figure = number(value, _digits(width or abs(value) / 30, 3))
    return figure if unit == "value" or period is None else say(PER[period], n=figure)


def change_text(change: "Change", unit: Unit) -> tuple[Text, Text]:
    """How much it is, and its interval: per cent of counts and waits, points of shares and means."""
    if unit in ("number", "rate", "seconds") and change.factor.value >= _MANY_TIMES:
        factor = change.factor
        return _times(factor.value), _between(*ends(factor.low, factor.high, _times))
    if unit in ("number", "rate", "seconds"):
        value, low, high = (
            each - 1 for each in (change.factor.value, change.factor.low, change.factor.high)
        )
        written = partial(percent, signed=True)
        return written(value, 0), _between(*ends(low, high, written))
    d = change.difference
    scale = 100 if unit == "share" else 1
    digits = _digits((d.high - d.low) / 2 * scale, 3)
    figures = [
        number(d.value * scale, digits, signed=True),
        *ends(d.low * scale, d.high * scale, partial(number, signed=True), digits),
    ]
    if unit == "share":
        figures = [say(N_("{n} pp"), n=figure) for figure in figures]
    return figures[0], _between(figures[1], figures[2])


def alarm_sentence(
    measure: "Measure", period: Period, change: "Change", since: tuple[Day, Day, Day], up: bool
) -> Text:
    """What changed, since when, by how much."""
    width = (change.after.high - change.after.low) / 2
    figure, interval = change_text(change, measure.unit)
    said = {
        "measure": measure.label,
        "since": _since(*since),
        "before": value_text(change.before.value, measure.unit, period, width),
        "after": value_text(change.after.value, measure.unit, period, width),
        "change": figure,
        "range": interval,
    }
    if change.shape.trend:
        if up:
            return say(N_("{measure}: rising since {since}, to {after} instead of {before}: {change} ({range})."), **said)  # fmt: skip
        return say(N_("{measure}: falling since {since}, to {after} instead of {before}: {change} ({range})."), **said)  # fmt: skip
    if up:
        return say(N_("{measure}: higher since {since}, {after} instead of {before}: {change} ({range})."), **said)  # fmt: skip
    return say(N_("{measure}: lower since {since}, {after} instead of {before}: {change} ({range})."), **said)  # fmt: skip


def seasonal_sentence(sentence: Text) -> Text:
    """What SENTENCE says, where the time of year cannot be known yet."""
    return say(
        N_("{sentence} This may be the time of year: with less than two years of history it cannot be known, and a season would explain it as well."),
        sentence=sentence,
    )  # fmt: skip


def passed_sentence(measure: "Measure", raised: Day) -> Text:
    """An alarm behind which, in hindsight, there is nothing that lasted."""
    return say(
        N_("{measure}: the alarm of {day} has not been confirmed. What came after it holds no lasting change."),
        measure=measure.label, day=date(raised),
    )  # fmt: skip


def segment_sentence(shift: SegmentShift | None, tested: int, unit: Unit, period: Period) -> Text:
    """Where it moved most, or that it moved everywhere alike as far as one can tell."""
    if tested == 0:
        return say(N_("There are no segments to compare."))
    if shift is None:
        return say_plural(
            N_("{count} segment compared: it does not stand out from the rest."),
            N_("{count} segments compared: none stands out from the rest."),
            tested,
        )
    values = (shift.before, shift.after, shift.rest_before, shift.rest_after)
    before, after, rest_before, rest_after = (value_text(v, unit, period) for v in values)
    return say_plural(
        N_("Most in {attribute} “{level}”: {before} before, {after} since; elsewhere {rest_before} and {rest_after} ({count} segment compared, allowed for)."),
        N_("Most in {attribute} “{level}”: {before} before, {after} since; elsewhere {rest_before} and {rest_after} ({count} segments compared, allowed for)."),
        tested,
        attribute=shift.attribute_label, level=shift.level, before=before, after=after,
        rest_before=rest_before, rest_after=rest_after,
    )  # fmt: skip


def cost_sentence(cost: Cost | None, current: bool) -> Text:
    """What it costs or saves in a year if it lasts, or cost at that rate while it was CURRENT."""
    if cost is None:
        return say(N_("Not priced."))
    least, most = sorted(abs(bound) for bound in cost.interval)
    low, high = money_ends(least, most, cost.currency)
    said = {
        "amount": rounded_money(abs(cost.per_year), cost.currency),
        "low": low,
        "high": high,
        "formula": cost.formula,
    }
    if not current:
        return _past_cost(cost, said)
    if cost.interval[0] < 0 < cost.interval[1]:
        low, high = money_ends(*cost.interval, cost.currency)
        return say(
            N_("If it lasts, it costs between {low} and {high} a year, so that the sign is open: {formula}."),
            low=low, high=high, formula=cost.formula,
        )  # fmt: skip
    if cost.per_year < 0:
        return say(N_("If it lasts, it saves {amount} a year ({low} to {high}): {formula}."), **said)  # fmt: skip
    return say(N_("If it lasts, it costs {amount} a year ({low} to {high}): {formula}."), **said)


def _past_cost(cost: Cost, said: dict[str, Text]) -> Text:
    """At what rate it cost or saved, until the next change took its place; SAID are its figures."""
    if cost.interval[0] < 0 < cost.interval[1]:
        return say(N_("No longer so. Whether it cost or saved is open: {formula}."), formula=cost.formula)  # fmt: skip
    if cost.per_year < 0:
        return say(N_("No longer so; until the next change it saved at a rate of {amount} a year ({low} to {high}): {formula}."), **said)  # fmt: skip
    return say(N_("No longer so; until the next change it cost at a rate of {amount} a year ({low} to {high}): {formula}."), **said)  # fmt: skip


def detectable_text(found: Detectable, unit: Unit) -> Text:
    """The smallest change that would have been seen: 12 %, 1.5 pp, 0.3."""
    if unit == "share":
        return say(N_("{n} pp"), n=number(100 * found.change, _digits(100 * found.change / 5, 3)))
    if unit == "value":
        return number(found.change, _digits(found.change / 5, 3))
    return percent(found.relative or 0.0, 0)


def board_sentence(alarms: int, seasonal: int, watched: list[Watched], false_alarms: float) -> Text:
    """The whole board in a sentence; without alarms also what would have been seen.

    SEASONAL of the ALARMS may be the time of year.
    """
    if not watched:
        return say(N_("Nothing can be watched yet; below it says what each measure lacks."))
    if alarms:
        said = say_plural(N_("{count} alarm"), N_("{count} alarms"), alarms)
        if seasonal:
            said = say(
                N_("{alarms} (of which {seasonal} may be the time of year)"),
                alarms=said, seasonal=number(seasonal),
            )  # fmt: skip
        return say_plural(
            N_("{alarms}, {count} measure watched. Expected by chance alone: {rate} a year."),
            N_("{alarms}, {count} measures watched. Expected by chance alone: {rate} a year over all of them."),
            len(watched), alarms=said, rate=_rate(false_alarms),
        )  # fmt: skip
    known = [(w, w.detectable) for w in watched if w.detectable is not None]
    if not known:
        return say_plural(
            N_("No alarms, {count} measure watched."),
            N_("No alarms, {count} measures watched."),
            len(watched),
        )
    ranked = sorted(known, key=lambda each: each[1].relative or math.inf)
    (best, finest), (worst, coarsest) = ranked[0], ranked[-1]
    span = {
        "finest": detectable_text(finest, best.unit), "best": best.label,
        "coarsest": detectable_text(coarsest, worst.unit), "worst": worst.label,
        "weeks": number(finest.weeks),
    }  # fmt: skip
    if len(ranked) == 1:
        return say(
            N_("No alarms, 1 measure watched. A shift of {finest} within {weeks} weeks would have been seen in 8 of 10 cases: {best}."),
            **span,
        )  # fmt: skip
    return say_plural(
        N_("No alarms, {count} measure watched. Shifts within {weeks} weeks would have been seen in 8 of 10 cases from {finest} ({best}) to {coarsest} ({worst})."),
        N_("No alarms, {count} measures watched. Shifts within {weeks} weeks would have been seen in 8 of 10 cases from {finest} ({best}) to {coarsest} ({worst})."),
        len(watched), **span,
    )  # fmt: skip


def method_text(false_alarms: float, measures: int) -> Text:
    """How it was done and what the number of false alarms means."""
    return say_plural(
        N_("Every period is compared with a forecast from earlier ones (level, weekday, time of year, holidays); two-sided cumulative sums of the errors raise the alarm. Limits come from simulated series without change, autocorrelation included. False alarms expected: {rate} a year over {count} measure."),
        N_("Every period is compared with a forecast from earlier ones (level, weekday, time of year, holidays); two-sided cumulative sums of the errors raise the alarm. Limits come from simulated series without change, autocorrelation included. False alarms expected: {rate} a year over all {count} measures together; each has its part of them."),
        measures, rate=_rate(false_alarms),
    )  # fmt: skip


def _rate(false_alarms: float) -> Text:
    return number(false_alarms, 0 if false_alarms % 1 == 0 else 1 if false_alarms >= 0.1 else 2)


def _since(since: Day, low: Day, high: Day) -> Text:
    if low == high:
        return date(since)
    return say(
        N_("{since} (between {low} and {high})"), since=date(since), low=date(low), high=date(high)
    )


def _between(low: Text, high: Text) -> Text:
    return say(N_("{low} to {high}"), low=low, high=high)


def _times(factor: float, more: int = 0) -> Text:
    """FACTOR as a multiple: ×12."""
    figure = number(factor, (0 if factor >= 10 else 1) + more)
    return Text((language, f"×{figure[language]}") for language in LANGUAGES)


def _digits(uncertainty: float, most: int) -> int:
    """Decimals that show UNCERTAINTY with one leading figure."""
    if not uncertainty > 0:
        return 0
    return min(max(-math.floor(math.log10(uncertainty)), 0), most)
