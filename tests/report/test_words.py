"""Numbers are as exact as their intervals, and no more."""

from dataclasses import replace

import pytest

from zaplecze.impact.finding import Estimate, Findings, Money
from zaplecze.language import Text
from zaplecze.report import words

GAP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("estimate", "low", "high", "said", "interval"),
    [
        (-2.0517, -2.1312, -1.9702, "−2.05", "−2.13 to −1.97"),
        (1.1134, 0.9, 1.3, "+1.1", "+0.9 to +1.3"),
        (-12.34, -46.0, 22.0, "−12", "−46 to +22"),
        (0.0123, -0.0012, 0.0258, "+0.012", "−0.001 to +0.026"),
        (-0.0004, -0.1, 0.1, "0.00", "−0.10 to +0.10"),
    ],
)
def test_decimals_follow_the_width_of_the_interval(
    findings: Findings, estimate: float, low: float, high: float, said: str, interval: str
) -> None:
    value = Estimate(estimate, (low, high), 100, "")
    assert str(words.difference(findings.findings[0], value)) == said
    assert str(words.difference_range(findings.findings[0], value)) == interval


def test_money_and_its_range_are_rounded_alike(findings: Findings) -> None:
    money = findings.findings[0].money
    assert money is not None
    amount = replace(money, per_year=40_738.11, interval=(22_801.0, 58_912.0))
    assert words.cost(amount) == Text(
        en=f"BRL{GAP}41,000", pl=f"41{GAP}000{GAP}BRL", uk=f"41{GAP}000{GAP}BRL"
    )
    assert words.cost_range(amount)["en"] == f"BRL{GAP}23,000–59,000"
    assert words.cost_range(amount)["pl"] == f"23{GAP}000–59{GAP}000{GAP}BRL"


def test_a_range_that_reaches_below_zero_is_said_in_words() -> None:
    amount = Money(1_000.0, (-2_000.0, 4_000.0), "PLN", "assumed", [], Text.same(""))
    assert str(words.cost_range(amount)) == f"PLN{GAP}−2,000 to PLN{GAP}4,000"


def test_money_without_a_range_is_still_rounded() -> None:
    amount = Money(41_237.0, (41_237.0, 41_237.0), "PLN", "measured", [], Text.same(""))
    assert str(words.cost(amount)) == f"PLN{GAP}41,200"


def test_the_period_is_on_the_calendar_of_the_workspace(findings: Findings) -> None:
    period = words.period(findings.workspace)
    assert period is not None
    # The log ends seven minutes after midnight in UTC: in Sao Paulo that is still the 16th.
    assert "16" in period["en"].partition("–")[2]
    assert period["pl"].endswith("16 sierpnia 2018") or period["pl"].endswith("16 sie 2018")


def test_harm_is_less_of_what_is_good_and_more_of_what_is_bad(
    findings: Findings, service: Findings
) -> None:
    rating, complaint = findings.findings[0], service.findings[0]
    assert words.is_harm(rating, -0.1)
    assert not words.is_harm(rating, 0.1)
    assert words.is_harm(complaint, 0.1)
    assert not words.is_harm(complaint, -0.1)
    assert not words.is_harm(complaint, 0.0)
