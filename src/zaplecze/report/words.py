"""Numbers in words: effects in the unit of their outcome, intervals, money and its range, dates.

Nothing here is more exact than its interval deserves: the digits follow the interval's width.
"""

import datetime as dt
import math
from zoneinfo import ZoneInfo

from zaplecze.impact import methods
from zaplecze.impact.finding import Estimate, Finding, Interval, LeverTotal, Money, Summary
from zaplecze.language import (
    LANGUAGES,
    N_,
    Text,
    date,
    decimals,
    duration,
    ends,
    money,
    number,
    percent,
    say,
    translations,
)

SMALL_SAMPLE = 50
"""Estimates from fewer cases than this are drawn grey and said to be small."""

METHODS = (
    *methods.METHODS.values(),
    *methods.INTERACTIVE.values(),
    N_("difference of means, errors clustered by customer"),
)

VERDICTS = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "cannot tell": N_("Cannot tell"),
    "not comparable": N_("Not comparable"),
}

TOGETHER = N_("Together, shared harm counted once")

BASES = {"measured": N_("measured"), "assumed": N_("assumed")}


def level(finding: Finding, value: float) -> Text:
    """A mean of the outcome: 4.28 stars, 12.3 % of the cases, 1.42 contacts."""
    if finding.outcome_kind == "yes_no":
        return percent(value)
    if finding.outcome_kind == "duration":
        return duration(value)
    return number(value, 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0)


def difference(finding: Finding, estimate: Estimate, digits: int | None = None) -> Text:
    """An estimated difference with its sign, in the unit of the outcome."""
    return _with_unit(finding, _figure(finding, estimate.estimate, estimate, digits))


def size(finding: Finding, estimate: Estimate, at: float | None = None) -> Text:
    """An estimated difference, or a bound of its interval AT, without its sign."""
    value = abs(estimate.estimate if at is None else at) * factor(finding)
    return _with_unit(finding, number(value, digits_of(finding, estimate)))


def difference_range(finding: Finding, estimate: Estimate, digits: int | None = None) -> Text:
    """The interval of a difference in words: "−2.13 to −1.97"."""
    shown = digits_of(finding, estimate) if digits is None else digits
    low, high = (bound * factor(finding) for bound in estimate.interval)
    return _with_unit(finding, between(*ends(low, high, _signed, shown)))


def digits_of(finding: Finding, estimate: Estimate) -> int:
    """The decimals that the interval of ESTIMATE can carry."""
    low, high = estimate.interval
    if low == high and finding.outcome_kind == "yes_no":
        # It always happens, or never: no scatter tells the digits.
        return 0
    return decimals((high - low) / 2 * factor(finding))


def factor(finding: Finding) -> float:
    """Shares of cases are written as percentage points, seconds as minutes, hours or days."""
    if finding.outcome_kind == "duration":
        return 1 / _time_unit(finding)[0]
    return 100 if finding.outcome_kind == "yes_no" else 1


def _time_unit(finding: Finding) -> tuple[float, str]:
    """The unit, in seconds and in words, that suits how long it usually takes."""
    usual = max(abs(mean) for mean in finding.means)
    if usual >= 2 * 86_400:
        return 86_400.0, N_("{n} days")
    if usual >= 2 * 3_600:
        return 3_600.0, N_("{n} h")
    return 60.0, N_("{n} min")


def between(low: Text, high: Text) -> Text:
    """From LOW to HIGH, in words, so that a minus is never taken for a dash."""
    return say(N_("{low} to {high}"), low=low, high=high)


def share_range(interval: Interval, digits: int = 0) -> Text:
    """A range of shares: "55–66 %"."""
    low, high = ends(interval[0] * 100, interval[1] * 100, digits=digits)
    return Text((lang, f"{low[lang]}–{high[lang]}\N{NO-BREAK SPACE}%") for lang in LANGUAGES)


def cost(amount: Money) -> Text:
    """The money of a year, rounded to what its range can carry."""
    return money(_rounded(amount.per_year, amount), amount.currency)


def cost_range(amount: Money) -> Text:
    """The range of the money of a year: "BRL 31,000–52,000"."""
    low, high = (_rounded(bound, amount) for bound in amount.interval)
    if low < 0:
        return between(money(low, amount.currency), money(high, amount.currency))
    code = amount.currency
    first, last = ends(*((low, high) if low < high else amount.interval))
    gap = "\N{NO-BREAK SPACE}"
    return Text(
        (
            lang,
            f"{code}{gap}{first[lang]}–{last[lang]}"
            if lang == "en"
            else f"{first[lang]}–{last[lang]}{gap}{code}",
        )
        for lang in LANGUAGES
    )


def own_money(finding: Finding | LeverTotal) -> Money | None:
    """The money of a finding, or of a lever, that no other one contains."""
    if finding.own is not None:
        return finding.own
    return None if finding.counted_in else finding.money


def own_cost(lever: LeverTotal) -> float:
    """The amount a year that no other lever contains."""
    own = own_money(lever)
    return own.per_year if own else 0.0


def own_part(lever: LeverTotal) -> Text:
    """The money that no other lever contains, in words; nothing where that is all of it."""
    own = own_money(lever)
    if lever.money is None or (own and own.per_year >= lever.money.per_year):
        return Text.same("")
    return cost(own) if own and own.per_year > 0 else say(N_("not clear of zero"))


def period(summary: Summary) -> Text | None:
    """The days that the log covers, on the calendar of the workspace."""
    if summary.start is None or summary.end is None:
        return None
    first, last = (local_time(moment, summary) for moment in (summary.start, summary.end))
    return Text((lang, f"{date(first)[lang]} – {date(last)[lang]}") for lang in LANGUAGES)


def day(iso: str) -> Text:
    """A day that is written as 2026-05-03."""
    return date(dt.date.fromisoformat(iso))


def days(first: str, last: str) -> Text:
    """From one day, written as 2026-05-03, to another."""
    return Text((lang, f"{day(first)[lang]} – {day(last)[lang]}") for lang in LANGUAGES)


def created(summary: Summary) -> Text:
    """The day on which the findings were made."""
    return date(local_time(summary.created, summary))


def local_time(moment: str, summary: Summary) -> dt.datetime:
    """An ISO 8601 instant on the clock of the workspace; one without zone is UTC."""
    time = dt.datetime.fromisoformat(moment)
    time = time if time.tzinfo else time.replace(tzinfo=dt.UTC)
    return time.astimezone(ZoneInfo(summary.time_zone))


def method_text(method: str) -> Text:
    """The name of a method in every language; one that is not known as it stands."""
    # What a catalogue has under no words at all is its own head.
    if not method:
        return Text.same("")
    return Text((lang, translations(lang).gettext(method)) for lang in LANGUAGES)


def is_harm(finding: Finding, difference: float) -> bool:
    """Is a DIFFERENCE of the outcome to the worse?"""
    return difference != 0 and (difference < 0) == finding.higher_is_better


def worst(finding: Finding, estimate: Estimate) -> float:
    """The bound of the interval that lies furthest on the side of harm."""
    low, high = estimate.interval
    return low if finding.higher_is_better else high


def is_small(estimate: Estimate | None, cases: float) -> bool:
    """Is there no estimate, or one from few CASES?"""
    return estimate is None or cases < SMALL_SAMPLE


def _with_unit(finding: Finding, figure: Text) -> Text:
    if finding.outcome_kind == "duration":
        return say(_time_unit(finding)[1], n=figure)
    if finding.outcome_kind != "yes_no":
        return figure
    return say(N_("{n} pp"), n=figure)


def _figure(finding: Finding, value: float, estimate: Estimate, digits: int | None) -> Text:
    shown = digits_of(finding, estimate) if digits is None else digits
    return _signed(value * factor(finding), shown)


def _signed(value: float, digits: int) -> Text:
    return number(value, digits, signed=True)


def _rounded(amount: float, of: Money) -> float:
    """AMOUNT to two figures of the half-width of its range."""
    low, high = of.interval
    width = (high - low) / 2 or abs(of.per_year) / 10 or 1.0
    step = 10.0 ** max(math.floor(math.log10(width)) - 1, 0)
    return round(amount / step) * step
