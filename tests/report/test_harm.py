"""What is said of an outcome that nothing is shown to harm: an all-clear only where one is due."""

import io
from dataclasses import replace
from xml.sax.saxutils import escape

import pytest
from pptx import Presentation
from tests.report.orders import way

from zaplecze.impact.finding import Finding, Findings
from zaplecze.language import LANGUAGES, Language, Text
from zaplecze.report import harm, levers
from zaplecze.report.document import document
from zaplecze.report.figures.bars import effects_figure
from zaplecze.report.figures.rows import PAPER
from zaplecze.report.slides import deck

REASON = "The cases with it differ from those without."


def same(findings: Findings, *verdicts: str) -> list[Finding]:
    """Findings of one outcome that end in VERDICTS."""
    first = findings.findings[0]
    return [replace(first, verdict=verdict, effect=None) for verdict in verdicts]


def test_no_harm_is_shown_only_where_something_could_be_told(findings: Findings) -> None:
    said = {
        verdicts: harm.effects_message(same(findings, *verdicts))["en"].partition("”")[2]
        for verdicts in [("no", "not comparable"), ("cannot tell", "not comparable"), ("not comparable",)]
    }  # fmt: skip
    assert list(said.values()) == [
        ": no harm is shown",
        ": whether it is harmed, these data cannot tell",
        ": cases are not comparable, so harm is neither shown nor ruled out",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_told_and_what_cannot_be_compared_are_counted_apart(
    service: Findings, language: Language
) -> None:
    both = document(service, way(), language).counts
    told = [
        replace(f, verdict="cannot tell") if f.verdict == "not comparable" else f
        for f in service.findings
    ]
    neither = document(replace(service, findings=told), way(), language).counts
    word = {"en": "not comparable", "pl": "porównać", "uk": "порівняти"}[language]
    assert word in both
    assert word not in neither


def test_a_slide_without_a_chart_gives_the_reasons(service: Findings) -> None:
    told = [
        replace(f, verdict="not comparable", effect=None, reason=Text.same(REASON))
        if f.outcome == "complaint"
        else f
        for f in service.findings
    ]
    findings = replace(service, findings=told)
    content = document(findings, way(), "en")
    [slide] = [
        slide
        for slide in Presentation(io.BytesIO(deck(content, findings, way(), None))).slides
        if "neither shown nor ruled out" in slide.shapes.title.text
    ]
    shown = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert REASON in shown
    assert "Not drawn" not in shown


def test_exposed_cases_are_those_of_the_outcome_that_suffers(findings: Findings) -> None:
    lever = next(each for each in findings.levers if each.verdict == "yes")
    hurt = levers.main_finding(lever, findings)
    other = replace(
        hurt, id="other", outcome="other", n=2 * hurt.n, verdict="not comparable", effect=None
    )
    both = replace(
        findings,
        findings=[*findings.findings, other],
        levers=[replace(each, findings=[*each.findings, "other"]) if each is lever else each for each in findings.levers],
    )  # fmt: skip
    lever = next(each for each in both.levers if "other" in each.findings)

    assert levers.best_known(lever, both) is hurt


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_outcome_of_which_nothing_can_be_told_is_words_without_an_axis(
    findings: Findings, language: Language
) -> None:
    unknown = [
        replace(each, verdict="not comparable", effect=None, dose=[]) for each in findings.findings
    ]
    svg = effects_figure(replace(findings, findings=unknown), unknown[0].outcome, language, PAPER)

    assert "<line" not in svg
    assert "<circle" not in svg
    for word in unknown[0].lever.label[language].split():
        assert escape(word) in svg
