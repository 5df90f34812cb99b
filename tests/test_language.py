"""Texts, numbers, money, dates and lengths of time in three languages."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaplecze.language import (
    LANGUAGES,
    Text,
    chance,
    date,
    duration,
    ends,
    joined,
    money,
    money_ends,
    number,
    percent,
    percents,
    rounded_money,
    say,
    say_plural,
)


def spoken(text: Text) -> tuple[str, ...]:
    """TEXT in English, Polish and Ukrainian, with ordinary spaces."""
    return tuple(text[language].replace("\N{NO-BREAK SPACE}", " ") for language in LANGUAGES)


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (0.0, 0, "0 %"),
        (0.00012, 0, "less than 0.1 %"),
        (0.00012, 1, "less than 0.1 %"),
        (0.003, 0, "0.3 %"),
        (0.0301, 0, "3 %"),
        (0.01, 1, "1.0 %"),
        (0.998, 0, "99.8 %"),
        (0.99988, 0, "more than 99.9 %"),
        (1.0, 0, "100 %"),
    ],
)
def test_only_never_is_0_percent_and_only_always_100(share, digits, text):
    assert spoken(chance(share, digits))[0] == text


def test_what_hardly_ever_comes_about_is_told_in_every_language():
    assert spoken(chance(0.0001)) == ("less than 0.1 %", "mniej niż 0,1 %", "менше ніж 0,1 %")
    assert spoken(chance(0.9999)) == ("more than 99.9 %", "ponad 99,9 %", "понад 99,9 %")


def test_a_plain_string_is_alike_in_every_language():
    assert spoken(Text.of("Logistics")) == ("Logistics",) * 3
    assert str(Text.of("Logistics")) == "Logistics"


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ({"en": "late", "pl": "za późno"}, ("late", "za późno", "late")),
        ({"pl": "za późno"}, ("za późno",) * 3),
    ],
)
def test_english_fills_a_language_that_is_missing_and_any_other_fills_english(table, text):
    assert spoken(Text.of(table)) == text


def test_a_text_inside_a_sentence_speaks_the_language_of_the_sentence():
    text = say("{n} h", n=number(1234.5, 1))
    assert spoken(text) == ("1,234.5 h", "1 234,5 h", "1 234,5 год")


def test_what_fills_a_sentence_is_not_filled_again():
    assert say("{n} h", n="{n}")["en"] == "{n} h"


def test_a_sentence_without_translation_stays_english():
    assert spoken(say("No catalogue has this {x}.", x=1)) == ("No catalogue has this 1.",) * 3


def test_plurals_without_translation_follow_english_and_format_the_count():
    assert say_plural("{count} dog", "{count} dogs", 1)["en"] == "1 dog"
    assert say_plural("{count} dog", "{count} dogs", 1200)["en"] == "1,200 dogs"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (number(1234567.891, 2), ("1,234,567.89", "1 234 567,89", "1 234 567,89")),
        (number(-3.26, 1), ("−3.3", "−3,3", "−3,3")),
        (number(3.2, 1, signed=True), ("+3.2", "+3,2", "+3,2")),
        (number(-3.2, 1, signed=True), ("−3.2", "−3,2", "−3,2")),
        (number(-0.001, 1), ("0.0", "0,0", "0,0")),
        (percent(0.0768), ("7.7 %", "7,7 %", "7,7 %")),
        (percent(-0.5, 0, signed=True), ("−50 %",) * 3),
        (money(-1234.5, "PLN", 2), ("PLN −1,234.50", "−1 234,50 PLN", "−1 234,50 PLN")),
        (rounded_money(-98_765, "EUR"), ("EUR −98,800", "−98 800 EUR", "−98 800 EUR")),
        (rounded_money(123, "EUR"), ("EUR 123", "123 EUR", "123 EUR")),
        (rounded_money(0, "EUR"), ("EUR 0", "0 EUR", "0 EUR")),
        (date(dt.date(2026, 5, 3)), ("3 May 2026", "3 maja 2026", "3 травня 2026 року")),
        (joined([Text.same(name) for name in "abc"]), ("a, b and c", "a, b i c", "a, b і c")),
        (joined([Text.same("a")]), ("a",) * 3),
        (joined([]), ("",) * 3),
    ],
)
def test_figures_follow_each_language(text, words):
    assert spoken(text) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, ("0 s", "0 s", "0 с")),
        (89, ("89 s", "89 s", "89 с")),
        (90, ("2 min", "2 min", "2 хв")),
        (5_400, ("1.5 h", "1,5 h", "1,5 год")),
        (36 * 3_600 - 1, ("36 h", "36 h", "36 год")),
        (1.5 * 86_400, ("1.5 days", "1,5 dnia", "1,5 дня")),
        (21 * 86_400, ("21 days", "21 dni", "21 день")),
        (-22 * 86_400, ("−22 days", "−22 dni", "−22 дні")),
        (123.4 * 86_400, ("123 days", "123 dni", "123 дні")),
    ],
)
def test_a_length_of_time_is_told_in_a_unit_that_fits(seconds, words):
    assert spoken(duration(seconds)) == words


@given(st.floats(-1e12, 1e12), st.integers(0, 4))
def test_no_number_reads_as_minus_zero(value, digits):
    for words in number(value, digits).values():
        assert words.strip("−0.,") or not words.startswith("−")


@given(st.floats(1e3, 1e12))
def test_rounded_money_keeps_three_figures_and_errs_by_half_a_percent_at_most(amount):
    shown = float(
        rounded_money(amount, "EUR")["en"].removeprefix("EUR\N{NO-BREAK SPACE}").replace(",", "")
    )
    assert shown == pytest.approx(amount, rel=0.005)
    assert len(str(int(shown)).rstrip("0")) <= 3


@pytest.mark.parametrize(
    ("shares", "digits", "written"),
    [
        ([0.7790, 0.1457, 0.0754], 0, ["78 %", "15 %", "7 %"]),
        ([1 / 3, 1 / 3, 1 / 3], 0, ["34 %", "33 %", "33 %"]),
        ([0.2863, 0.7137], 1, ["28.6 %", "71.4 %"]),
        ([1.018, -0.018, 0.0], 0, ["102 %", "−2 %", "0 %"]),
        ([0.29, 0.71], 0, ["29 %", "71 %"]),
    ],
)
def test_shares_of_a_whole_add_up_by_largest_remainders(shares, digits, written):
    assert [spoken(text)[0] for text in percents(shares, digits)] == written


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.integers(0, 2))
def test_shares_of_a_whole_add_up_and_stay_within_one_unit_of_the_last_digit(weights, digits):
    whole = sum(weights) or 1.0
    shares = [weight / whole for weight in weights]
    shown = [
        float(str(text).removesuffix("\N{NO-BREAK SPACE}%")) for text in percents(shares, digits)
    ]
    assert sum(shown) == pytest.approx(round(100 * sum(shares), digits))
    assert all(
        abs(a - 100 * b) < 1.000001 * 10**-digits for a, b in zip(shown, shares, strict=True)
    )


def signed(value, digits):
    return number(value, digits, signed=True)


@pytest.mark.parametrize(
    ("interval", "written"),
    [
        ((-0.42, -0.05), ("−0.4", "−0.1")),
        ((-0.0942, -0.0863), ("−0.094", "−0.086")),
        ((-0.41, 0.004), ("−0.410", "+0.004")),
        ((-0.41, 1e-9), ("−0.4", "0.0")),
        ((0.0, 2.0), ("0.0", "+2.0")),
        ((0.5, 0.5), ("+0.5", "+0.5")),
    ],
)
def test_the_ends_of_an_interval_read_apart_and_show_their_side_of_zero(interval, written):
    assert tuple(str(text) for text in ends(*interval, signed, 1)) == written


def test_ends_of_money_and_time_read_apart():
    assert [spoken(t)[1] for t in money_ends(1_234_000, 1_234_400, "PLN")] == [
        "1 234 000 PLN",
        "1 234 400 PLN",
    ]
    assert [spoken(t)[0] for t in ends(5_000, 5_003, duration)] == ["83.3 min", "83.4 min"]


def test_a_signed_zero_has_no_sign():
    assert spoken(number(0.004, 2, signed=True)) == ("0.00", "0,00", "0,00")
