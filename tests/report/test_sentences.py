"""What the report says about a finding, and what it takes care not to say."""

from dataclasses import replace

import pytest

from zaplecze.impact.finding import Findings, Odds, Verdict
from zaplecze.language import LANGUAGES, Text
from zaplecze.report import levers, sentences

CLAIMS = ("cause", "drive", "prove", "due to", "because of")


def test_a_finding_says_exposure_levels_effect_interval_and_money(findings: Findings) -> None:
    assert str(sentences.finding_sentence(findings.findings[0])) == (
        "“Delivery” came later than promised in 1,152 of 15,063 orders (7.6\N{NO-BREAK SPACE}%). "
        "“Review score” averages 2.17 there and 4.28 elsewhere. "
        "Among orders alike in what was known before, the difference is −2.05 "
        "(95 % interval −2.13 to −1.97). "
        "At the assumed prices this costs BRL\N{NO-BREAK SPACE}23,000–59,000 a year (90 % range)."
    )


def test_what_later_levers_hold_is_said_to_be_counted_with_them(findings: Findings) -> None:
    slow, hand_over = findings.findings[1:3]
    assert "what remains of it cannot be told from zero" in str(sentences.finding_sentence(slow))
    words = str(sentences.finding_sentence(hand_over))
    assert "about BRL\N{NO-BREAK SPACE}2,900 of it remains" in words
    assert "the total counts the rest with them" in words


def test_more_of_its_own_than_in_all_is_not_called_a_part(findings: Findings) -> None:
    hand_over = findings.findings[2]
    assert hand_over.money is not None
    more = replace(hand_over.money, per_year=hand_over.money.per_year * 1.1)
    assert "later levers" not in str(sentences.finding_sentence(replace(hand_over, own=more)))


def test_odds_of_a_better_rating_stand_beside_the_difference_and_come_back_from_json(
    findings: Findings,
) -> None:
    words = Text.same("The odds of a better rating are 0.08 times those of comparable cases.")
    late = replace(findings.findings[0], odds=Odds(0.08, (0.07, 0.09), 15_012, "odds", words))
    told = replace(findings, findings=[late, *findings.findings[1:]])
    difference, beside, *_ = sentences.how_sure(late)
    assert str(difference).startswith("The raw difference is")
    assert beside == words
    assert levers.how_sure(told.levers[0], told)[0] == words
    assert Findings.from_json(told.to_json()).findings[0].odds == late.odds


def test_a_lever_is_titled_by_what_it_costs_on_its_two_worst_outcomes(
    service: Findings,
) -> None:
    rework = service.levers[0]
    assert len(rework.findings) == 2
    title = str(levers.lever_title(rework, service))
    # Spending, of which nothing can be told, is not in the title.
    assert title == "Contract check: done more than once – “Complaint” 8 pp higher"


def test_a_finding_that_cannot_tell_says_why_and_names_no_money(findings: Findings) -> None:
    words = str(sentences.finding_sentence(findings.findings[4]))
    assert "cannot tell" in words
    assert "Only 12 cases with it" in words
    assert "BRL" not in words


def test_shares_of_cases_differ_in_percentage_points(service: Findings) -> None:
    words = str(sentences.finding_sentence(service.findings[0]))
    assert "12.3\N{NO-BREAK SPACE}% of them" in words
    assert "+8 pp (95 % interval +6 to +11 pp)" in words


def test_cases_that_differ_too_much_are_not_compared(service: Findings) -> None:
    words = str(sentences.finding_sentence(service.findings[3]))
    assert "differ too much beforehand" in words
    assert "the difference is" not in words


def test_no_sentence_claims_a_cause(findings: Findings, service: Findings) -> None:
    for finding in (*findings.findings, *service.findings):
        told = [sentences.finding_title(finding), sentences.finding_sentence(finding)]
        told += [*sentences.how_sure(finding), *sentences.who_and_where(finding)]
        for text in told:
            assert not any(claim in str(text).lower() for claim in CLAIMS), str(text)


@pytest.mark.parametrize("kind", ["late", "promise", "slow", "rework", "exception", "attribute"])
@pytest.mark.parametrize("verdict", ["yes", "no", "cannot tell", "not comparable"])
def test_every_kind_and_verdict_has_title_sentence_and_next_step(
    findings: Findings, kind: str, verdict: Verdict
) -> None:
    first = findings.findings[0]
    finding = replace(first, lever=replace(first.lever, kind=kind), verdict=verdict)
    for language in LANGUAGES:
        assert sentences.finding_title(finding)[language]
        assert "1" in sentences.finding_sentence(finding)[language]
        assert all(step[language] for step in sentences.next_steps(finding))


def test_no_harm_is_told_by_how_much_of_it_the_interval_leaves(findings: Findings) -> None:
    approval = findings.findings[3]
    assert str(sentences.finding_title(approval)).endswith("“Review score” at most 0.07 lower")
    [step] = sentences.next_steps(approval)
    assert "an effect of at most 0.07 on “Review score”" in str(step)
    assert approval.effect is not None
    better = replace(approval, effect=replace(approval.effect, interval=(0.02, 0.09)))
    assert str(sentences.finding_title(better)).endswith("“Review score” not worse")
    assert "no harm to “Review score”" in str(sentences.next_steps(better)[0])


def test_a_log_too_short_for_a_year_names_no_cases_a_year(findings: Findings) -> None:
    short = replace(findings.findings[0], exposed_per_year=None)
    lines = [str(line) for line in sentences.who_and_where(short)]
    assert not any("latest year" in line for line in lines)
    assert any(
        "1,021 orders in the latest year" in str(line)
        for line in sentences.who_and_where(findings.findings[0])
    )


def test_a_broken_promise_sends_to_the_department_with_most_late_cases(
    findings: Findings,
) -> None:
    late = findings.findings[0]
    assert "“Carrier”" in str(sentences.next_steps(late)[0])
    seller_first = [replace(part, share=0.9 - 0.4 * k) for k, part in enumerate(late.parts[::-1])]
    assert "“Finance”" in str(sentences.next_steps(replace(late, parts=seller_first))[0])
