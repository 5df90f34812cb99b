"""What a run says to a person: findings on stdout, what was left out and why on stderr."""

from dataclasses import replace

import pytest
from tests.report.helpdesk import helpdesk
from tests.report.orders import orders

from zaplecze.cli import console
from zaplecze.cli.findings import print_findings
from zaplecze.language import LANGUAGES, Text


@pytest.fixture(params=LANGUAGES)
def language(request):
    console.choose_language(request.param)
    yield request.param
    console.choose_language(None)


def test_warnings_and_refusals_are_told_with_reason_and_count(language, capsys):
    found = orders()
    print_findings(found)
    told = capsys.readouterr().err
    assert found.workspace.warnings[0][language] in told
    assert found.refused[0].reason[language] in told
    rows = [line for line in told.splitlines() if line.startswith(("orders, ", "reviews, "))]
    assert len(rows) == 2
    assert "114" in rows[1]


def test_where_nothing_was_left_out_nothing_is_told(language, capsys):
    print_findings(helpdesk())
    assert capsys.readouterr().err == ""


def test_the_table_says_whose_the_late_cases_are_and_the_message_of_the_report(capsys):
    console.choose_language("en")
    print_findings(orders())
    console.choose_language(None)
    said = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "In this sample of 15,641 orders, “Delivery: later than promised” is associated" in said
    assert "Carrier 74 %, Seller 22 %, Finance 4 %" in said
    assert "counted twice" not in said


def test_what_is_refused_alike_for_several_outcomes_is_told_once(capsys):
    console.choose_language("en")
    found = orders()
    [first, *_] = found.refused
    other = replace(found.findings[0], outcome="calls", outcome_label=Text.same("calls"))
    twice = [first, replace(first, outcome="calls")]
    print_findings(replace(found, findings=[*found.findings, other], refused=twice))
    console.choose_language(None)
    told = capsys.readouterr().err
    assert told.count(first.reason["en"]) == 1
    assert "and calls" in told
