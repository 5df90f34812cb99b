from xml.etree import ElementTree

import pytest
from tests.money.case.sample import case_of
from tests.money.case.test_tracking import ACTUALS

from zaplecze.language import LANGUAGES
from zaplecze.money.case import work_out_case
from zaplecze.report.case import case_figures
from zaplecze.report.svg import accessible_name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_drawn_and_says_its_message(tmp_path, language):
    figures = case_figures(work_out_case(case_of(tmp_path)), language)
    assert set(figures) == {"cash-flow", "tornado", "range"}
    for drawing in figures.values():
        root = ElementTree.fromstring(drawing)
        width = float(root.attrib["width"])
        assert len(accessible_name(drawing)) > 20
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            assert 0 <= float(text.attrib["x"]) <= width


def test_what_came_is_solid_and_what_is_expected_striped(tmp_path):
    planned = case_figures(work_out_case(case_of(tmp_path)), "en")["cash-flow"]
    tracked = case_figures(work_out_case(case_of(tmp_path, more=ACTUALS)), "en")["cash-flow"]
    assert '<rect class="z-ink"' not in planned
    assert '<rect class="z-ink"' in tracked
    assert tracked.count('<path class="zs-ink"') > 0 == planned.count('<path class="zs-ink"')


def test_without_draws_there_is_neither_range_nor_tornado(tmp_path):
    case = case_of(
        tmp_path,
        ("months = 24", 'months = 24\nrisk = "tei"'),
        ("ramp_months = 3", "ramp_months = 3\nrisk_adjustment = 0.2"),
    )
    assert set(case_figures(work_out_case(case), "en")) == {"cash-flow"}
