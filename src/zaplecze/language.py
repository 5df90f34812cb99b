"""Texts, numbers and dates in the three languages in which people work with Zaplecze."""

import datetime as dt
import decimal
import functools
import gettext
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

Language = Literal["en", "pl", "uk"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_MOST_DIGITS = 400
"""As many as any number that a computer holds has before and behind its point."""

LOCALE = Path(__file__).parent / "locale"

_MORE_DIGITS = 4
"""So many more decimals than asked for tell the ends of an interval apart."""

_FOR_ZERO = 2
"""So many of them are spent on an end next to zero."""

_RAREST = 0.001
"""No smaller chance is written as a number."""


def N_(message: str) -> str:  # noqa: N802 - the name by which extraction finds messages
    """Mark MESSAGE for translation and return it unchanged."""
    return message


@functools.cache
def translations(language: Language) -> gettext.NullTranslations:
    """The message catalogue of LANGUAGE; English is the language of the source."""
    return gettext.translation("zaplecze", LOCALE, [language], fallback=True)


class Text(dict[Language, str]):
    """The same words in every language: ``text["pl"]``; ``str(text)`` is English."""

    def __str__(self) -> str:
        return self["en"]

    @classmethod
    def same(cls, words: str) -> "Text":
        """Words that are alike in every language: a name, a code."""
        return cls((language, words) for language in LANGUAGES)

    @classmethod
    def of(cls, words: "str | Mapping[Language, str]") -> "Text":
        """A text from a plain string or from a table by language; English fills what is missing."""
        if isinstance(words, str):
            return cls.same(words)
        fallback = words.get("en") or next(iter(words.values()))
        return cls((language, words.get(language, fallback)) for language in LANGUAGES)


def say(message: str, **values: "Text | str | int") -> Text:
    """MESSAGE (marked by ``N_``) in every language, its ``{placeholders}`` filled.

    A value that is a `Text` is filled in its own language; strings and integers as they are.
    """
    return Text(
        (
            language,
            translations(language)
            .gettext(message)
            .format_map({k: v[language] if isinstance(v, Text) else v for k, v in values.items()}),
        )
        for language in LANGUAGES
    )


def say_plural(one: str, other: str, count: int, **values: "Text | str | int") -> Text:
    """Like `say`, choosing the plural form that COUNT asks for; ``{count}`` is formatted."""
    filled = {"count": number(count), **values}
    return Text(
        (
            language,
            translations(language)
            .ngettext(one, other, count)
            .format_map({k: v[language] if isinstance(v, Text) else v for k, v in filled.items()}),
        )
        for language in LANGUAGES
    )


def number(value: float, digits: int = 0, *, signed: bool = False) -> Text:
    """VALUE with DIGITS decimals and each language's separators; ``signed`` shows a plus too."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    # Rounded first, so that nothing reads "-0.00" or "+0.00".
    rounded = round(value, digits) + 0.0
    pattern = f"+{pattern};−{pattern}" if signed and rounded else f"{pattern};−{pattern}"
    return Text((lang, _applied(pattern, rounded, lang)) for lang in LANGUAGES)


@functools.lru_cache(maxsize=10_000)
def _applied(pattern: str, value: float, language: Language) -> str:
    """A report says each of its numbers many times over."""
    with decimal.localcontext(prec=_MOST_DIGITS):
        return str(_number_pattern(pattern).apply(value, _locale(language)))


@functools.cache
def _number_pattern(pattern: str) -> Any:
    from babel.numbers import parse_pattern

    return parse_pattern(pattern)


@functools.cache
def _locale(language: Language) -> Any:
    from babel import Locale

    return Locale.parse(language)


def percent(share: float, digits: int = 1, *, signed: bool = False) -> Text:
    """A fraction as a percentage: 0.0768 is "7.7 %" with a non-breaking space."""
    amount = number(share * 100, digits, signed=signed)
    return Text((lang, f"{words}\N{NO-BREAK SPACE}%") for lang, words in amount.items())


def chance(share: float, digits: int = 0) -> Text:
    """How often something came about, as a percentage: 0 % is never and 100 % is always.

    What is nearer to them than DIGITS tell is written with one, or as "less than 0.1 %".
    """
    if 0 < share < _RAREST:
        return say(N_("less than {share}"), share=percent(_RAREST))
    if 1 - _RAREST < share < 1:
        return say(N_("more than {share}"), share=percent(1 - _RAREST))
    told = round(share, digits + 2)
    return percent(share, digits if told == share or 0 < told < 1 else max(digits, 1))


def percents(shares: Sequence[float], digits: int = 0) -> list[Text]:
    """The parts of one whole as percentages that add up, in writing, to what they add up to.

    Every part is rounded down, and what is then missing goes to those with the largest remainders
    (Hare and Niemeyer's method), so that no part is further than one unit of the last digit from
    its own value.
    """
    step = 10.0 ** -(digits + 2)
    # Rounded to nine digits first: 0.29 / 0.01 is a little less than 29.
    units = [round(share / step, 9) for share in shares]
    whole = [math.floor(unit) for unit in units]
    missing = round(sum(units)) - sum(whole)
    remainders = sorted(range(len(units)), key=lambda k: whole[k] - units[k])
    for k in remainders[:missing]:
        whole[k] += 1
    return [percent(unit * step, digits) for unit in whole]


def decimals(uncertainty: float, most: int = 4) -> int:
    """Decimals that show UNCERTAINTY with one leading figure, two where that is a 1; at MOST so many.

    Half the width of an interval is the uncertainty of its estimate.
    """
    if not uncertainty > 0 or not math.isfinite(uncertainty):
        return 2
    leading = math.floor(math.log10(uncertainty))
    shown = -leading + int(uncertainty / 10.0**leading < 1.5)
    return min(max(shown, 0), most)


def ends(
    low: float, high: float, write: Callable[[float, int], Text] = number, digits: int = 0
) -> tuple[Text, Text]:
    """LOW and HIGH as WRITE puts them with DIGITS decimals, or with as many more as they need.

    The two must not read alike. Neither must read as zero where two more decimals show that it is
    not: on which side of zero an interval ends is what it is for.
    """
    shown = range(digits, digits + _MORE_DIGITS + 1)
    written = [(write(low, decimals), write(high, decimals)) for decimals in shown]
    apart = [pair for pair in written if low == high or pair[0] != pair[1]]
    zeros = {write(0.0, decimals)["en"] for decimals in shown}
    clear = [
        pair
        for pair in apart[: _FOR_ZERO + 1]
        if (low == 0 or pair[0]["en"] not in zeros) and (high == 0 or pair[1]["en"] not in zeros)
    ]
    return (clear or apart or written)[0]


def money(amount: float, currency: str, digits: int = 0) -> Text:
    """AMOUNT with its ISO code, the code first in English and last in Polish and Ukrainian."""
    figure = number(amount, digits)
    return Text(
        (
            lang,
            f"{currency}\N{NO-BREAK SPACE}{words}"
            if lang == "en"
            else f"{words}\N{NO-BREAK SPACE}{currency}",
        )
        for lang, words in figure.items()
    )


def rounded_money(amount: float, currency: str, figures: int = 3) -> Text:
    """AMOUNT rounded to the three leading FIGURES that an estimate can carry."""
    if amount == 0:
        return money(0, currency)
    place = math.floor(math.log10(abs(amount))) - figures + 1
    scale = 10.0 ** max(place, 0)
    return money(round(amount / scale) * scale, currency)


def money_ends(low: float, high: float, currency: str) -> tuple[Text, Text]:
    """LOW and HIGH rounded like any estimate, or to as many more figures as tell them apart."""
    return ends(low, high, lambda amount, more: rounded_money(amount, currency, 3 + more))


def date(day: dt.date | dt.datetime) -> Text:
    """A day as it is written in a sentence: 3 May 2026."""
    from babel.dates import format_date

    # The locale's own Ukrainian pattern ends in "р.", which would double the dot of a sentence.
    patterns = {"en": "d MMMM y", "pl": "d MMMM y", "uk": "d MMMM y 'року'"}
    return Text((lang, format_date(day, format=patterns[lang], locale=lang)) for lang in LANGUAGES)


def joined(items: "list[Text]") -> Text:
    """ITEMS as an enumeration: "a, b and c"."""
    from babel.lists import format_list

    # British English has no comma before "and".
    locales = {"en": "en_GB", "pl": "pl", "uk": "uk"}
    return Text(
        (lang, format_list([item[lang] for item in items], locale=locales[lang]) if items else "")
        for lang in LANGUAGES
    )


def duration(seconds: float, more: int = 0) -> Text:
    """A length of time in the largest unit that leaves at least one and a half of it.

    MORE are decimals beyond the usual ones, for `ends`.
    """
    size = abs(seconds)
    if size >= 1.5 * 86_400:
        return _days(seconds / 86_400, more)
    if size >= 1.5 * 3_600:
        return say(N_("{n} h"), n=_short(seconds / 3_600, more))
    if size >= 90:
        return say(N_("{n} min"), n=number(seconds / 60, more))
    return say(N_("{n} s"), n=number(seconds, more))


def _days(days: float, more: int) -> Text:
    if _is_whole(days) and not more:
        return say_plural(N_("{n} day"), N_("{n} days"), abs(round(days)), n=number(days))
    # Polish and Ukrainian decimals ask for a case of their own.
    return say(N_("{n} days"), n=_short(days, more))


def _short(value: float, more: int) -> Text:
    """One decimal where it says something: 1.5, but 24 and not 24.0."""
    return number(value, (0 if _is_whole(value) else 1) + more)


def _is_whole(value: float) -> bool:
    return abs(value) >= 100 or round(value, 1) % 1 == 0
