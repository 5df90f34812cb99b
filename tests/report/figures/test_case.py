from dataclasses import replace
from xml.etree import ElementTree

import pytest
from tests.money.case.sample import case_of
from tests.money.case.test_tracking import ACTUALS

from zaplecze.language import LANGUAGES, say
from zaplecze.money.case import work_out_case
from zaplecze.report.figures.case import case_figures, flow_columns
from zaplecze.report.figures.svg import accessible_name
from zaplecze.report.figures.tornado import (
    swing_words,
    tornado_figure,
    tornado_heading,
    tornado_unit,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_drawn_and_says_its_message(tmp_path, language):
    figures = case_figures(work_out_case(case_of(tmp_path)), language)
    assert set(figures) == {"cash-flow", "tornado", "range", "spider"}
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_paid_at_the_start_is_called_so(tmp_path, language):
    result = work_out_case(case_of(tmp_path))
    first, second = flow_columns(result)[:2]
    assert first.is_start
    assert first.net == result.cash_flow.net[0] != 0
    assert first.name[language] == say("start")[language]
    assert not second.is_start
    assert say("start")[language] in case_figures(result, language)["cash-flow"]


def test_bars_with_both_ends_on_one_side_of_the_plan_are_explained(tmp_path):
    result = work_out_case(case_of(tmp_path))
    plain = result.tornado[-1]
    assert "one side" not in tornado_heading(result).what["en"]
    better = replace(plain, npv_low=result.plan.npv + 1_000, npv_high=result.plan.npv + 3_000)
    uneven = replace(result, tornado=[*result.tornado[:-1], better])
    assert better.label["en"] in tornado_heading(uneven).what["en"].partition("one side")[2]
    worse_end, better_end = swing_words(better, uneven, tornado_unit(uneven))
    assert worse_end["en"] == ""
    assert "…" in better_end["en"]


def test_far_from_zero_the_tornado_leaves_zero_out(tmp_path):
    result = work_out_case(case_of(tmp_path))
    far = replace(
        result,
        plan=replace(result.plan, npv=1e6),
        tornado=[replace(s, npv_low=1e6 - 900, npv_high=1e6 + 900) for s in result.tornado],
    )
    assert ">0</text>" in tornado_figure(result, "en")
    assert ">0</text>" not in tornado_figure(far, "en")
