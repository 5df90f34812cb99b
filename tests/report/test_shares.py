"""Whose delays broke a promise: the same shares everywhere, adding up, with names that need no case."""

from dataclasses import replace

import pytest

from zaplecze.impact.finding import Estimate, Finding, Findings
from zaplecze.language import Text
from zaplecze.report import shares, tables
from zaplecze.report.figures.bars import split_figure
from zaplecze.report.pictures import comparison_message
from zaplecze.report.sentences import next_steps, who_and_where
from zaplecze.report.words import method_text

GAP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def broken(findings: Findings) -> Finding:
    """A promise of which plain rounding would give 78, 15 and 8 per cent: 101."""
    finding = findings.findings[0]
    first, *others = finding.parts
    parts = [
        replace(first, share=0.779),
        replace(others[0], share=0.1457),
        replace(others[-1], share=0.0753, step_label=Text.same("Approval")),
    ]
    departments = ("Carrier", "Seller", "Finance")
    named = [
        replace(part, department_label=Text.same(name))
        for part, name in zip(parts, departments, strict=True)
    ]
    return replace(finding, parts=named)


def test_the_shares_of_late_cases_add_up_in_every_place(broken: Finding) -> None:
    written = [f"78{GAP}%", f"15{GAP}%", f"7{GAP}%"]
    assert [str(text) for text in shares.percents_of(broken.parts)] == written
    assert [row[2] for row in tables.split_table(broken, "en").rows] == written
    drawn = split_figure(broken, "en")
    assert all(share in drawn for share in written)
    assert str(shares.whose(broken)) == f"Carrier 78{GAP}%, Seller 15{GAP}%, Finance 7{GAP}%"


def test_names_of_departments_and_steps_stand_beside_the_word_for_what_they_are(
    broken: Finding,
) -> None:
    clause = shares.split_clause(broken)
    assert clause is not None
    assert "na dział „Carrier”, 15" in clause["pl"]
    assert "на підрозділ «Carrier», 15" in clause["uk"]
    assert "na krok „" in shares.largest_share(broken)["pl"]
    assert "z działem „Carrier”" in next_steps(broken)[0]["pl"]


def test_late_steps_of_no_department_are_named_as_steps(broken: Finding) -> None:
    alone = replace(broken.parts[0], department_label=Text.same(""), share=1.0)
    lever = replace(broken.lever, department_label=Text.same(""))
    finding = replace(broken, parts=[alone], lever=lever)
    assert "na krok „" in str(shares.split_clause(finding)["pl"])
    assert str(next_steps(finding)[0]).startswith("Open the longest delays and agree")


def test_a_count_follows_the_genitive_that_the_workspace_gives(broken: Finding) -> None:
    finding = replace(broken, noun=Text(en="orders", pl="zamówień", uk="замовлень"))
    said = [line["pl"] for line in who_and_where(finding)]
    assert any("(liczba zamówień)" in line for line in said)


def test_raw_and_adjusted_that_read_alike_are_not_called_a_change(broken: Finding) -> None:
    assert broken.effect is not None
    same = Estimate(-0.0867, (-0.15, -0.03), 100, "")
    effect = replace(broken.effect, estimate=-0.0864, interval=(-0.16, -0.01))
    told = str(comparison_message(replace(broken, raw=same, effect=effect)))
    assert "−0.09, whether" in told
    assert "from −0.09 to −0.09" not in told


def test_an_estimate_without_method_has_no_words_of_the_catalogue() -> None:
    assert method_text("") == Text.same("")
