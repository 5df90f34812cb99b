"""What `zaplecze impact effects` says besides the figures: reasons, doubts, sizes, what was held equal."""

from dataclasses import replace

import pytest
from tests.report.orders import orders

from zaplecze.cli import console
from zaplecze.cli.evidence import print_evidence
from zaplecze.language import LANGUAGES, Text


@pytest.fixture(params=LANGUAGES)
def language(request):
    console.choose_language(request.param)
    yield request.param
    console.choose_language(None)


def test_whatever_cannot_be_told_says_why(language, capsys):
    found = orders()
    reason = Text.same("Only 3 cases with it.")
    unknown = replace(found.findings[0], verdict="cannot tell", effect=None, reason=reason)
    print_evidence(replace(found, findings=[unknown]))
    assert "Only 3 cases with it." in capsys.readouterr().out


def test_what_was_held_equal_goes_by_the_names_with_which_it_can_be_chosen(language, capsys):
    found = orders()
    print_evidence(found)
    told = capsys.readouterr().out
    for finding in found.findings:
        if finding.effect is not None:
            assert ", ".join(finding.effect.adjusted_for) in told


def test_total_and_direct_effect_stand_side_by_side_with_what_could_overturn_them(capsys):
    console.choose_language("en")
    found = orders()
    [first, *_] = [f for f in found.findings if f.verdict == "yes"]
    direct = replace(first.effect, estimate=-0.25, interval=(-0.35, -0.15))
    print_evidence(replace(found, findings=[replace(first, direct_effect=direct)]))
    console.choose_language(None)
    told = capsys.readouterr().out
    assert "−0.25 (−0.35 to −0.15)" in told
    assert first.robustness.sentence["en"] in told


def test_sizes_show_how_much_is_left_to_compare_and_parts_of_a_promise_add_up(capsys):
    console.choose_language("en")
    found = orders()
    [promise, *_] = [f for f in found.findings if f.parts]
    dose = [replace(each, overlap=0.83) for each in promise.dose]
    print_evidence(replace(found, findings=[replace(promise, dose=dose)]))
    console.choose_language(None)
    told = capsys.readouterr().out
    assert told.count("83\N{NO-BREAK SPACE}%") == len(dose) > 0
    for part in promise.parts:
        assert part.department_label["en"] in told


def test_what_is_to_bear_in_mind_is_said_once(language, capsys):
    found = orders()
    print_evidence(found)
    told = capsys.readouterr().out
    for finding in found.findings:
        for caveat in finding.caveats:
            assert told.count(caveat[language]) == 1
