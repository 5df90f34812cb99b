"""The slides: the message as title, native charts with the numbers of the findings, every word said."""

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from tests.report.hostile import HOSTILE, hostile
from tests.report.proposals import proposal

from zaplecze.impact.finding import Findings
from zaplecze.language import LANGUAGES, Language, Text
from zaplecze.process import ProcessGraph
from zaplecze.report import headline
from zaplecze.report.document import document
from zaplecze.report.proposal import Proposal, without_findings
from zaplecze.report.slides import deck
from zaplecze.report.words import own_cost

Deck = Callable[[Language], bytes]

pytestmark = pytest.mark.long


@pytest.fixture(scope="session")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Proposal:
    return proposal(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="session")
def slides_of(findings: Findings, graph: ProcessGraph, proposed: Proposal) -> Deck:
    """The deck of the public orders with a case, made once for each language."""
    return cache(lambda language: made(findings, graph, language, proposed))


def made(
    findings: Findings, graph: ProcessGraph, language: Language, proposed: Proposal | None
) -> bytes:
    content = document(findings, graph, language, proposed)
    return deck(content, findings, graph, proposed)


def read(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def charts(content: bytes) -> dict[str, Any]:
    """The charts of a deck by the title of their slide."""
    return {
        slide.shapes.title.text: shape.chart
        for slide in read(content).slides
        for shape in slide.shapes
        if shape.has_chart
    }


def words(slide: Any) -> str:
    frames = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    cells = [
        cell.text
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    return "\n".join([*frames, *cells])


def plain(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_slide_answers_the_three_questions_of_the_board(
    slides_of: Deck, findings: Findings, proposed: Proposal, language: Language
) -> None:
    first = read(slides_of(language)).slides[0]
    assert plain(first.shapes.title.text) == plain(headline(findings)[language])
    told = plain(words(first))
    content = document(findings, ProcessGraph(Text.same(""), 0, 0), language, proposed)
    for answer in (content.proposed, content.received):
        assert plain(answer.question) in told
        assert plain(answer.message) in told
        assert plain(answer.figure) in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_says_its_message_whence_its_filters_its_number_and_its_method(
    slides_of: Deck, language: Language
) -> None:
    filters = {"en": "No filter", "pl": "Bez filtra", "uk": "Без фільтра"}[language]
    slides = read(slides_of(language)).slides
    assert len(slides) >= 12
    for slide in slides:
        assert len(slide.shapes.title.text) > 5
        assert filters in words(slide)
        assert slide.element.xpath('.//a:fld[@type="slidenum"]')
        assert slide.has_notes_slide
        assert slide.notes_slide.notes_text_frame.text


def test_filters_in_force_stand_on_every_slide(findings: Findings, graph: ProcessGraph) -> None:
    filtered = replace(graph, filters=[Text.same("region is North")])
    for slide in read(made(findings, filtered, "en", None)).slides:
        assert "Filter: region is North" in words(slide)


def test_loss_is_a_waterfall_of_stacked_columns_up_to_the_total(
    slides_of: Deck, findings: Findings
) -> None:
    assert findings.total is not None
    chart = next(c for title, c in charts(slides_of("en")).items() if "makes up" in title)
    below, steps, total = (list(series.values) for series in chart.plots[0].series)
    own = sorted(
        (own_cost(lever) for lever in findings.levers if own_cost(lever) > 0), reverse=True
    )
    unit = 1000.0 if findings.total.per_year >= 1e4 else 1.0
    assert [value for value in steps if value is not None] == pytest.approx([v / unit for v in own])
    assert total[-1] == pytest.approx(sum(own) / unit)
    for k, start in enumerate(below[:-1]):
        assert start == pytest.approx(sum(own[:k]) / unit)
    assert chart.plots[0].overlap == 100


def test_the_cash_flow_is_columns_with_its_sum_as_a_line(
    slides_of: Deck, proposed: Proposal
) -> None:
    result = proposed.result
    chart = next(c for c in charts(slides_of("en")).values() if len(list(c.plots)) == 2)
    columns, line = chart.plots
    net = [
        sum(v or 0.0 for v in month)
        for month in zip(*(s.values for s in columns.series), strict=True)
    ]
    assert result.tracking is not None
    assert sum(net) * 1000 == pytest.approx(sum(result.tracking.expected_net), rel=1e-6) or sum(
        net
    ) == pytest.approx(sum(result.tracking.expected_net), rel=1e-6)
    assert [s.name for s in columns.series] == ["actual", "expected"]
    assert len(list(line.series)) == 1


def test_actual_is_solid_plan_outlined_and_expectation_hatched(slides_of: Deck) -> None:
    flow = next(c for c in charts(slides_of("en")).values() if len(list(c.plots)) == 2)
    actual, expected = flow.plots[0].series
    assert str(actual.format.fill.fore_color.rgb) == "1B1B1A"
    assert expected._element.xpath("./c:spPr/a:pattFill")
    tracked = next(c for title, c in charts(slides_of("en")).items() if title.startswith("Up to"))
    planned, came = tracked.plots[0].series
    assert str(planned.format.fill.fore_color.rgb) == "FBFAF7"
    assert str(came.format.fill.fore_color.rgb) == "1B1B1A"


def test_planned_and_actual_are_those_of_the_case(slides_of: Deck, proposed: Proposal) -> None:
    tracked = proposed.result.tracking
    assert tracked is not None
    chart = next(c for title, c in charts(slides_of("en")).items() if title.startswith("Up to"))
    planned, came = chart.plots[0].series
    assert list(planned.values) == pytest.approx([line.planned for line in tracked.lines])
    assert list(came.values) == pytest.approx([line.actual for line in tracked.lines])


def test_a_tornado_lies_around_the_plan_and_says_present_values(
    slides_of: Deck, proposed: Proposal
) -> None:
    result = proposed.result
    chart = next(c for title, c in charts(slides_of("en")).items() if "moves the result" in title)
    worse, better = chart.plots[0].series
    scale = 1000.0 if max(abs(s.npv_high) for s in result.tornado) >= 1e4 else 1.0
    for swing, low, high in zip(result.tornado, worse.values, better.values, strict=True):
        ends = sorted((swing.npv_low, swing.npv_high))
        assert low * scale + result.plan.npv == pytest.approx(ends[0])
        assert high * scale + result.plan.npv == pytest.approx(ends[1])


def test_the_range_holds_all_draws_between_its_ends(slides_of: Deck, proposed: Proposal) -> None:
    simulation = proposed.result.simulation
    assert simulation is not None
    chart = next(c for title, c in charts(slides_of("en")).items() if "simulated futures" in title)
    shares = sum(value or 0.0 for series in chart.plots[0].series for value in series.values)
    assert shares == pytest.approx(sum(simulation.histogram[1]) / simulation.draws)


def test_charts_have_no_gridlines_no_legend_and_a_worksheet_to_edit(slides_of: Deck) -> None:
    found = charts(slides_of("en"))
    assert len(found) >= 7
    for chart in found.values():
        assert not chart.has_legend
        assert not chart.value_axis.has_major_gridlines
        assert chart.part.chart_workbook.xlsx_part.blob.startswith(b"PK")


def test_effects_of_one_unit_share_a_scale_with_zero_on_it(slides_of: Deck) -> None:
    scales = {
        (chart.value_axis.minimum_scale, chart.value_axis.maximum_scale)
        for title, chart in charts(slides_of("en")).items()
        if "Review score" in title and "makes up" not in title
    }
    assert len(scales) == 1
    low, high = scales.pop()
    assert low <= 0 <= high


@pytest.mark.parametrize("language", LANGUAGES)
def test_charts_tables_and_steps_say_what_they_show(slides_of: Deck, language: Language) -> None:
    for slide in read(slides_of(language)).slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert len(shape._element.xpath(".//p:cNvPr/@descr")[0]) > 5


def test_numbers_lead_to_the_slide_with_their_definition(slides_of: Deck) -> None:
    deck_ = read(slides_of("en"))
    found = 0
    for slide in deck_.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text.startswith("["):
                number = shape.text_frame.text.strip("[]")
                target = shape.click_action.target_slide
                assert any(row.startswith(number) for row in words(target).split("\n"))
                found += 1
    assert found >= 8


def test_words_stay_on_the_slide(slides_of: Deck) -> None:
    for language in LANGUAGES:
        deck_ = read(slides_of(language))
        for slide in deck_.slides:
            for shape in slide.shapes:
                assert shape.left >= 0
                assert shape.left + shape.width <= deck_.slide_width
                assert shape.top + shape.height <= deck_.slide_height


def test_no_letter_is_smaller_than_nine_points(slides_of: Deck) -> None:
    for slide in read(slides_of("uk")).slides:
        sizes = [int(size) for size in slide.element.xpath(".//a:rPr/@sz")]
        assert min(sizes) >= 900


def test_the_file_says_its_title_language_and_the_date_of_the_findings(
    slides_of: Deck, findings: Findings
) -> None:
    properties = read(slides_of("pl")).core_properties
    assert properties.language == "pl-PL"
    assert "Olist" in properties.title
    made_on = dt.datetime.fromisoformat(findings.workspace.created).replace(tzinfo=None)
    assert abs(properties.created - made_on) < dt.timedelta(days=1)


@pytest.mark.long
def test_equal_findings_give_equal_bytes(
    slides_of: Deck, findings: Findings, graph: ProcessGraph, proposed: Proposal
) -> None:
    assert made(findings, graph, "en", proposed) == slides_of("en")
    with zipfile.ZipFile(io.BytesIO(slides_of("en"))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_without_case_prices_or_harm_slides_say_what_to_bring(
    nothing: Findings, service: Findings, graph: ProcessGraph
) -> None:
    empty = ProcessGraph(Text.same(""), 0, 0)
    assert "--case" in told(made(nothing, empty, "en", None))
    assert "[outcomes]" in told(made(nothing, empty, "en", None))
    assert "No outcome has a price yet" in told(made(service, graph, "en", None))


def test_a_case_makes_slides_of_itself_alone(proposed: Proposal) -> None:
    findings = without_findings(proposed.result, "en", "1")
    content = made(findings, ProcessGraph(Text.same(""), 0, 0), "en", proposed)
    assert read(content).slides[0].shapes.title.text.startswith("Answers in a week")
    assert len(charts(content)) >= 4


def test_names_from_the_data_are_words_and_nothing_else(
    findings: Findings, graph: ProcessGraph
) -> None:
    content = made(hostile(findings), graph, "en", None)
    assert HOSTILE.split("<")[0][:5] in told(content)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_opens_every_slide(slides_of: Deck, tmp_path: Path, language: Language) -> None:
    from pypdf import PdfReader

    file = tmp_path / "deck.pptx"
    file.write_bytes(slides_of(language))
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pages = PdfReader(tmp_path / "deck.pdf").pages
    slides = read(slides_of(language)).slides
    assert len(pages) == len(slides)
    for page, slide in zip(pages, slides, strict=True):
        drawn = "".join(page.extract_text().split())
        assert "".join(slide.shapes.title.text.split())[:25] in drawn


def told(content: bytes) -> str:
    return "\n".join(_told(content))


def _told(content: bytes) -> Iterator[str]:
    for slide in read(content).slides:
        yield words(slide)


def test_the_spider_is_a_native_chart_of_its_lines(slides_of: Deck, proposed: Proposal) -> None:
    legs = proposed.result.spider
    assert legs
    shown = next(c for t, c in charts(slides_of("en")).items() if "nothing moves it more" in t)
    drawn = {each.name: list(each.values) for each in shown.plots[0].series}
    for leg in legs[:8]:
        ratio = {round(a / b, 6) for a, b in zip(leg.npv, drawn[leg.label["en"]], strict=True)}
        assert len(ratio) == 1
