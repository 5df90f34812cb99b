"""Amounts of outcomes in words carry as many digits as their intervals do."""

from zaplecze.impact.units import estimate_in_words, range_in_words


def test_what_always_happens_has_no_digits_that_nobody_measured():
    assert estimate_in_words(1.0, (1.0, 1.0), "yes_no", "PLN")["en"] == "+100 pp"
    assert range_in_words((1.0, 1.0), "yes_no", "PLN")["en"] == "+100 pp to +100 pp"


def test_a_narrow_interval_brings_out_more_digits():
    assert estimate_in_words(0.123, (0.073, 0.173), "yes_no", "PLN")["en"] == "+12 pp"
    assert estimate_in_words(0.1234, (0.1184, 0.1284), "yes_no", "PLN")["en"] == "+12.3 pp"
