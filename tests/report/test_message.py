"""The message of the report: a lever, an association, its data and prices, and a split of the late."""

from dataclasses import replace

from zaplecze.impact.finding import Findings
from zaplecze.language import LANGUAGES
from zaplecze.report import headline, message, shares, summary

GAP = "\N{NO-BREAK SPACE}"


def test_the_headline_names_lever_association_sample_price_and_split(findings: Findings) -> None:
    assert str(headline(findings)) == (
        "In this sample of 15,641 orders, “Delivery: later than promised” is associated with a "
        f"loss of about BRL{GAP}41,000 a year at assumed prices; 74{GAP}% of the late orders are "
        f"put down to “Carrier”, 22{GAP}% to “Seller”"
    )


def test_what_it_rests_on_and_what_all_levers_come_to_stand_below(findings: Findings) -> None:
    assert str(summary(findings)) == (
        "An association, with what was known before held equal (90 % range "
        f"BRL{GAP}23,000–59,000), not an experiment. All levers together, shared harm counted "
        f"once, come to about BRL{GAP}44,000 a year (BRL{GAP}25,000–62,000); some quantities or "
        "prices are assumed, not measured."
    )


def test_all_cases_are_no_sample_and_measured_prices_are_called_so(findings: Findings) -> None:
    first = findings.levers[0]
    assert first.money is not None
    measured = replace(first.money, basis="measured")
    whole = replace(
        findings,
        workspace=replace(findings.workspace, sample=False),
        levers=[replace(first, money=measured, own=measured), *findings.levers[1:]],
    )
    words = str(headline(whole))
    assert words.startswith("In the data of 15,641 orders, ")
    assert "at measured prices" in words


def test_a_lever_that_breaks_no_promise_has_no_split(findings: Findings) -> None:
    unsplit = [replace(finding, parts=[]) for finding in findings.findings]
    words = str(headline(replace(findings, findings=unsplit)))
    assert words.endswith("at assumed prices")


def test_one_lever_alone_is_not_added_up(findings: Findings) -> None:
    alone = replace(findings, findings=findings.findings[:1], levers=findings.levers[:1])
    assert "All levers" not in str(summary(alone))


def test_a_department_with_several_steps_has_the_sum_of_their_shares(findings: Findings) -> None:
    late = findings.findings[0]
    delivered, carrier, approved = late.parts
    moved = replace(
        approved,
        department=carrier.department,
        department_label=carrier.department_label,
        share=0.05,
    )
    found = replace(late, parts=[delivered, carrier, moved])
    assert str(shares.whose(found)) == f"Carrier 74{GAP}%, Seller 27{GAP}%"
    assert str(shares.whose(findings.findings[2])) == "Seller"


def test_without_prices_the_headline_counts_what_hurts(service: Findings) -> None:
    assert "2 levers go with harm" in str(headline(service))
    assert summary(service)["pl"] == ""


def test_without_harm_the_headline_says_that_none_can_be_shown(findings: Findings) -> None:
    harmless = [finding for finding in findings.findings if finding.verdict != "yes"]
    levers = [lever for lever in findings.levers if lever.verdict != "yes"]
    found = replace(findings, findings=harmless, levers=levers, total=None)
    assert "No harm" in str(headline(found))


def test_without_findings_the_headline_does_not_pretend(nothing: Findings) -> None:
    assert "not yet" in str(headline(nothing))


def test_no_language_speaks_of_cost_without_saying_at_whose_prices(findings: Findings) -> None:
    costs = {"en": "cost", "pl": "koszt", "uk": "кошту"}
    for language in LANGUAGES:
        assert costs[language] not in message.headline(findings)[language]
