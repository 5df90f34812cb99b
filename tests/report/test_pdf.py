"""The PDF: the board's page first, tagged, the same numbers, and nothing read as markup."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader
from tests.report.conftest import Paper
from tests.report.hostile import hostile

from zaplecze.impact.finding import Findings
from zaplecze.language import LANGUAGES, Language, say
from zaplecze.process import ProcessGraph
from zaplecze.report import headline, levers, pdf
from zaplecze.report.document import document
from zaplecze.report.labels import LABELS


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_is_the_boards(paper: Paper, findings: Findings, language: Language) -> None:
    reader = read(paper(language))
    first = words(reader.pages[0].extract_text())
    assert words(headline(findings)[language]) in first
    label = findings.findings[0].lever.label[language]
    assert label in first
    assert str(len(reader.pages)) in first


def test_it_is_tagged_titled_and_says_its_language(paper: Paper) -> None:
    reader = read(paper("pl"))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "pl"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert "Zamówienia w Olist" in str(reader.metadata.title)


def test_pages_are_a4(paper: Paper) -> None:
    for sheet in read(paper("en")).pages:
        assert float(sheet.mediabox.width) == pytest.approx(595.28, abs=0.5)
        assert float(sheet.mediabox.height) == pytest.approx(841.89, abs=0.5)


@pytest.mark.long
def test_every_page_carries_name_period_date_and_number(paper: Paper) -> None:
    pages = read(paper("en")).pages
    for position, sheet in enumerate(pages, 1):
        text = words(sheet.extract_text())
        assert f"Page {position} of {len(pages)}" in text
        assert "Olist marketplace orders · 15 September 2016 – 16 August 2018" in text


@pytest.mark.long
def test_sections_follow_each_other_and_none_begins_a_page_of_its_own(paper: Paper) -> None:
    pages = [words(sheet.extract_text()) for sheet in read(paper("en")).pages]
    # The board, the process with its blueprint, the ranking, three levers with their evidence, and how
    # it was computed.
    assert len(pages) <= 7
    assert all(len(text) > 600 for text in pages)


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_never_torn_over_two_pages(
    paper: Paper, findings: Findings, language: Language
) -> None:
    titles = [words(levers.lever_title(each, findings)[language]) for each in findings.levers]
    doubt = words(say(LABELS["sure"])[language])
    # The first page has the titles alone.
    pages = [words(sheet.extract_text()) for sheet in read(paper(language)).pages][1:]
    found = [(sum(title in text for title in titles), text.count(doubt)) for text in pages]
    assert all(told == doubted for told, doubted in found)
    assert sum(told for told, _ in found) > 0


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_broken_promise_is_explained_on_one_page_with_three_pictures(
    paper: Paper, findings: Findings, graph: ProcessGraph, language: Language
) -> None:
    first = document(findings, graph, language).levers[0]
    messages = [words(shown.message) for shown in first.pictures]
    assert len(messages) == 3
    pages = [words(sheet.extract_text()) for sheet in read(paper(language)).pages]
    holding = [[text.count(message) for message in messages] for text in pages]
    # Each once in the whole report, all on the same page.
    assert sorted(holding) == sorted([[1, 1, 1], *([0, 0, 0] for _ in pages[1:])])


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_foot_of_a_page_is_one_line(
    paper: Paper, findings: Findings, graph: ProcessGraph, language: Language
) -> None:
    shown = document(findings, graph, language)
    told = " · ".join([shown.name, shown.period, shown.filters, shown.labels["as_of"]])
    for sheet in read(paper(language)).pages:
        assert any(words(told) in words(line) for line in sheet.extract_text().splitlines())


def test_only_our_typeface_is_used(paper: Paper) -> None:
    used = set()
    for sheet in read(paper("uk")).pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            used.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    assert used
    assert all("Plex" in name for name in used)


@pytest.mark.long
def test_names_from_the_data_are_not_read_as_markup(
    findings: Findings, graph: ProcessGraph
) -> None:
    marked = hostile(findings)
    text = "".join(sheet.extract_text() for sheet in read(pdf(marked, replace(graph), "en")).pages)
    assert '#eval("1")' in words(text)
    assert "$x$" in text


def test_there_is_a_report_even_with_nothing_to_say(
    nothing: Findings, service: Findings, graph: ProcessGraph
) -> None:
    empty = replace(graph, activities=[], edges=[], starts=[], ends=[])
    assert "[outcomes]" in words(read(pdf(nothing, empty, "en")).pages[0].extract_text())
    assert "No outcome has a price yet" in words(
        "".join(sheet.extract_text() for sheet in read(pdf(service, graph, "en")).pages)
    )


def test_equal_findings_give_equal_bytes(
    paper: Paper, findings: Findings, graph: ProcessGraph
) -> None:
    assert pdf(findings, graph, "en") == paper("en")
