"""Slides of changes, alarms and internal service: charts with the numbers behind the pictures of the page."""

import io
from dataclasses import replace
from typing import Any

import pytest
from pptx import Presentation
from tests.impact.test_followed import IN_SIX, data, followed

from zaplecze.impact.finding import Findings
from zaplecze.impact.followed import Followed
from zaplecze.language import LANGUAGES, Language
from zaplecze.process import ProcessGraph
from zaplecze.report.document import document
from zaplecze.report.figures.watch import alarm_course
from zaplecze.report.page import rendered
from zaplecze.report.slides import deck

pytestmark = pytest.mark.long

__all__ = ["data"]


@pytest.fixture(scope="module")
def seen(data: Any, tmp_path_factory: pytest.TempPathFactory) -> Followed:
    more = IN_SIX + '[watch]\nmeasures = ["wait:Send"]\n[internal_service]\n'
    found = followed(data, tmp_path_factory.mktemp("log"), more)
    assert found.watch.alarms
    # An alarm that lasts is the one that has a picture.
    alarms = [replace(each, current=True, lasting=True) for each in found.watch.alarms]
    judged = [
        replace(each, index=60.0 + k, interval=(50.0, 70.0), any_weights=(40.0, 80.0))
        for k, each in enumerate(found.service.departments)
    ]
    return replace(
        found,
        watch=replace(found.watch, alarms=alarms),
        service=replace(found.service, departments=judged),
    )


def slides(
    findings: Findings, graph: ProcessGraph, seen: Followed, language: Language
) -> dict[str, Any]:
    content = document(findings, graph, language, None, seen)
    made = Presentation(io.BytesIO(deck(content, findings, graph, None, seen)))
    return {slide.shapes.title.text: slide for slide in made.slides}


def chart(slide: Any) -> Any:
    return next(shape.chart for shape in slide.shapes if shape.has_chart)


def texts(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_a_line_beside_what_would_have_been(
    findings: Findings, graph: ProcessGraph, seen: Followed, language: Language
) -> None:
    made = slides(findings, graph, seen, language)
    for change in seen.changes:
        verified = change.verification
        assert verified is not None
        title = next(t for t in made if verified.headline[language].removesuffix(".") in t)
        lines = {each.name: list(each.values) for each in chart(made[title]).plots[0].series}
        assert verified.series.observed in lines.values()
        assert verified.series.counterfactual in lines.values()


def test_an_alarm_is_what_was_seen_against_what_was_expected(
    findings: Findings, graph: ProcessGraph, seen: Followed
) -> None:
    assert seen.watch is not None
    alarm = seen.watch.alarms[0]
    made = slides(findings, graph, seen, "en")
    slide = next(s for t, s in made.items() if alarm.sentence["en"].removesuffix(".") in t)
    found = alarm_course(seen.watch, alarm)
    drawn = [list(each.values) for each in chart(slide).plots[0].series]
    assert [found.seen, found.before, found.without, found.after] == drawn
    assert all(words["en"] in texts(slide) for words in found.ends())


def test_departments_are_bars_with_their_intervals(
    findings: Findings, graph: ProcessGraph, seen: Followed
) -> None:
    assert seen.service is not None
    made = slides(findings, graph, seen, "en")
    slide = made[seen.service.sentence["en"].removesuffix(".")]
    [series] = chart(slide).plots[0].series
    assert list(series.values) == [each.index for each in seen.service.departments]
    assert series._element.xpath(".//c:errBars")


def test_their_figures_have_definitions_on_page_and_slides(
    findings: Findings, graph: ProcessGraph, seen: Followed
) -> None:
    content = document(findings, graph, "en", None, seen)
    known = {entry.key for entry in content.references}
    assert {"changes", "alarms", "service"} <= known
    page = rendered(content)
    for section in content.sections:
        for picture in section.pictures:
            assert f"#ref-{content.numbers[picture.ref]}" in page
