"""The spider: every line within the drawing, its label beside it, none over another."""

import itertools
from xml.etree import ElementTree

import pytest
from tests.money.case.sample import case_of

from zaplecze.language import LANGUAGES
from zaplecze.money.case import work_out_case
from zaplecze.report.figures.spider import spider_figure
from zaplecze.report.figures.svg import LINE, accessible_name

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_has_its_label_and_none_lies_over_another(tmp_path, language):
    result = work_out_case(case_of(tmp_path))
    drawing = spider_figure(result, language)
    root = ElementTree.fromstring(drawing)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    texts = list(root.iter(f"{SVG}text"))
    for text in texts:
        assert 0 <= float(text.attrib["x"]) <= width
        assert 0 < float(text.attrib["y"]) < height
    assert len(list(root.iter(f"{SVG}path"))) == len(result.spider)
    right = max(float(text.attrib["x"]) for text in texts)
    labels = sorted(float(t.attrib["y"]) for t in texts if float(t.attrib["x"]) == right)
    assert len(labels) >= len(result.spider)
    assert all(after - before >= LINE - 0.1 for before, after in itertools.pairwise(labels))
    for leg in result.spider:
        assert leg.label[language] in accessible_name(drawing)


def test_on_a_phone_lines_carry_numbers_that_are_explained_below(tmp_path):
    result = work_out_case(case_of(tmp_path))
    root = ElementTree.fromstring(spider_figure(result, "uk", 320, headed=False))
    texts = [str(text.text) for text in root.iter(f"{SVG}text")]
    for k, leg in enumerate(result.spider, 1):
        assert str(k) in texts
        assert any(text.startswith(f"{k}  {leg.label['uk'].split()[0]}") for text in texts)
    assert not any(text.endswith("…") for text in texts)


def test_the_steepest_line_carries_the_message(tmp_path):
    result = work_out_case(case_of(tmp_path))
    drawing = spider_figure(result, "en")
    assert result.spider[0].label["en"] in accessible_name(drawing).partition(";")[0]
    assert drawing.count('class="zs-accent"') == 1
