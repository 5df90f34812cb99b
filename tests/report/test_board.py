"""Page and PDF with a business case: three answers first, every figure with its definition."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.report.proposals import proposal
from tests.report.test_page import Outline

from zaplecze.impact.finding import Findings
from zaplecze.language import LANGUAGES, Language, Text, say
from zaplecze.process import ProcessGraph
from zaplecze.report.document import Document, document
from zaplecze.report.figures.tracking import CAUSES
from zaplecze.report.page import rendered
from zaplecze.report.pdf import printed
from zaplecze.report.proposal import Proposal, without_findings


@pytest.fixture(scope="session")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    return proposal(tmp_path_factory.mktemp("case"))


@pytest.fixture(params=LANGUAGES)
def content(
    findings: Findings, graph: ProcessGraph, proposed: Proposal, request: pytest.FixtureRequest
) -> Document:
    language: Language = request.param
    return document(findings, graph, language, proposed)


def words(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_page_with_a_case_hangs_together(content: Document) -> None:
    outline = Outline(rendered(content))
    assert outline.open == []
    assert len(outline.all("id")) == len(set(outline.all("id")))
    targets = set(outline.all("id"))
    assert all(link[1:] in targets for link in outline.all("href"))
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)


def test_every_figure_has_a_number_whose_definition_inputs_and_rows_are_there(
    content: Document,
) -> None:
    assert content.case is not None
    shown = [*content.effects, *content.splits, *content.case.pictures, *content.case.came]
    assert content.money is not None
    keys = [picture.ref for picture in (content.money, *shown)]
    keys += [view.ref for view in content.levers]
    assert len(keys) >= 8
    by_number = {entry.number: entry for entry in content.references}
    links = Outline(rendered(content)).all("href")
    for key in keys:
        entry = by_number[content.numbers[key]]
        assert entry.key == key
        assert all((entry.title, entry.definition, entry.inputs, entry.rows))
        assert f"#{entry.anchor}" in links


def test_what_was_approved_is_held_against_its_frozen_version(
    content: Document, proposed: Proposal
) -> None:
    assert any("board, January" in line for line in content.received.details)
    tracked = proposed.result.tracking
    assert tracked is not None
    assert content.case is not None
    [came] = content.case.came
    assert len(came.table.rows) == len(tracked.lines)
    [evidence] = content.case.came_tables
    # Three months, and why a line is expected anew.
    assert len(evidence.rows) == 4
    assert evidence.rows[0][5] == say(CAUSES["price"])[content.language]
    assert any("Two teams joined late" in cell for cell in evidence.rows[-1])


@pytest.mark.long
def test_the_pdf_holds_the_case_and_says_the_filters_on_every_page(
    findings: Findings, graph: ProcessGraph, proposed: Proposal
) -> None:
    filtered = replace(graph, filters=[Text.same("region is North")])
    content = document(findings, filtered, "en", proposed)
    pages = PdfReader(io.BytesIO(printed(content, findings.workspace))).pages
    told = [words(page.extract_text()) for page in pages]
    assert words(content.proposed.figure) in told[0]
    assert words(content.received.figure) in told[0]
    assert all("Filter: region is North" in page for page in told)
    whole = " ".join(told)
    assert content.case is not None
    for picture in (*content.case.pictures, *content.case.came):
        assert words(picture.message) in whole
    assert "Definitions, inputs and rows" in whole


def test_the_usual_way_stands_before_the_harm(content: Document) -> None:
    page = rendered(content)
    order = [page.index(f'<section id="{key}"') for key in ("board", "process", "levers", "case", "came", "method", "references")]  # fmt: skip
    assert order == sorted(order)
    assert content.blueprint is not None
    assert len(content.blueprint.table.rows) >= 3


def test_a_case_alone_says_nothing_of_work_that_was_not_looked_at(proposed: Proposal) -> None:
    empty = ProcessGraph(Text.same(""), 0, 0)
    findings = without_findings(proposed.result, "en", "1")
    content = document(findings, empty, "en", proposed)
    outline = Outline(rendered(content))
    targets = set(outline.all("id"))
    assert {"board", "case", "references"} <= targets
    assert not targets & {"process", "method", "refused", "data"}
    assert all(link[1:] in targets for link in outline.all("href"))
    assert not any("0 cases" in fact.value for fact in content.facts)
    pages = PdfReader(io.BytesIO(printed(content, findings.workspace))).pages
    assert content.labels["refused"] not in " ".join(page.extract_text() for page in pages)


def test_without_a_case_the_page_says_what_to_bring(
    findings: Findings, graph: ProcessGraph, tmp_path: Path
) -> None:
    content = document(findings, graph, "en")
    assert content.case is None
    assert "--case" in " ".join(content.proposed.details)
    approved = document(findings, graph, "en", proposal(tmp_path, came=False))
    assert "[[actuals]]" in " ".join(approved.received.details)
    assert approved.case is not None
    assert approved.case.came == []
