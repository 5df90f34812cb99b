"""Amounts of outcomes in words: points, percentage points, time, money."""

from zaplecze.impact.finding import Interval, OutcomeKind
from zaplecze.language import N_, Text, decimals, duration, ends, money, number, say


def in_its_unit(
    value: float,
    kind: OutcomeKind,
    currency: str,
    *,
    signed: bool = False,
    digits: int = 2,
    more: int = 0,
) -> Text:
    """A difference of an outcome of KIND; of a yes-or-no in percentage points of the cases.

    Time and money have digits of their own, and MORE of them than usual where that is asked.
    """
    if kind in ("duration", "money"):
        size = (
            duration(abs(value), more) if kind == "duration" else money(abs(value), currency, more)
        )
        mark = "\N{MINUS SIGN}" if value < 0 else "+" if signed and value > 0 else ""
        return say("{mark}{size}", mark=mark, size=size)
    if kind == "yes_no":
        return say(N_("{n} pp"), n=number(100 * value, max(digits - 1, 0), signed=signed))
    return number(value, digits, signed=signed)


def estimate_in_words(
    estimate: float, interval: Interval, kind: OutcomeKind, currency: str
) -> Text:
    """An ESTIMATE with as many digits as its INTERVAL can carry."""
    return in_its_unit(estimate, kind, currency, signed=True, digits=_digits(interval, kind))


def range_in_words(interval: Interval, kind: OutcomeKind, currency: str) -> Text:
    """From the one bound to the other."""
    usual = _digits(interval, kind)

    def written(bound: float, digits: int) -> Text:
        more = digits - usual
        return in_its_unit(bound, kind, currency, signed=True, digits=digits, more=more)

    low, high = ends(*interval, written, usual)
    return say(N_("{low} to {high}"), low=low, high=high)


def _digits(interval: Interval, kind: OutcomeKind) -> int:
    """What `in_its_unit` needs to show as many decimals as the INTERVAL can carry."""
    half = (interval[1] - interval[0]) / 2
    if kind != "yes_no":
        return decimals(half)
    # Where it always happens there is no scatter to tell the digits: a whole number of points will do.
    return decimals(100 * half) + 1 if half > 0 else 1
