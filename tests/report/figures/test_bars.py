"""Figures: well-formed, zero-based, in the language, without anything a style policy forbids."""

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from tests.report.building import by_lever
from tests.report.hostile import HOSTILE, hostile

from zaplecze.impact.finding import Finding, Findings
from zaplecze.language import LANGUAGES, Language
from zaplecze.report.figures import bars
from zaplecze.report.figures.rows import PAPER, Row, Rows
from zaplecze.report.figures.svg import Scale, accessible_name, wrap

SVG = "{http://www.w3.org/2000/svg}"


def drawn(findings: Findings, language: Language, width: int) -> dict[str, str]:
    first = findings.findings[0]
    made = {
        "comparison": bars.comparison_figure(first, findings, language, width),
        "effects": bars.effects_figure(findings, first.outcome, language, width),
    }
    if first.money:
        made["money"] = bars.money_figure(findings, language, width)
    if first.dose:
        made["dose"] = bars.dose_figure(first, findings, language, width)
    if first.parts:
        made["split"] = bars.split_figure(first, language, width)
    return made


def alone(finding: Finding, findings: Findings) -> Findings:
    """FINDINGS with nothing but FINDING."""
    return replace(findings, findings=[finding], levers=by_lever([finding]), total=None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [bars.WIDE, bars.NARROW])
def test_figures_are_well_formed_and_stay_inside_their_frame(
    findings: Findings, service: Findings, language: Language, width: int
) -> None:
    for source in (findings, service):
        for name, svg in drawn(source, language, width).items():
            root = ElementTree.fromstring(svg)
            assert root.get("viewBox", "").startswith(f"0 0 {width} "), name
            assert root.get("aria-label") == root.findtext(f"{SVG}title"), name
            for shape in root.iter():
                x = float(shape.get("x", shape.get("x1", "0")))
                assert 0 <= x <= width, name
                assert x + float(shape.get("width", "0")) <= width + 0.1, name


def test_figures_hold_no_style_attribute_and_no_variable(findings: Findings) -> None:
    for svg in drawn(findings, "en", bars.WIDE).values():
        assert "style=" not in svg
        assert "<style" not in svg
        assert "var(" not in svg


def test_the_accessible_name_says_every_number(findings: Findings) -> None:
    words = accessible_name(bars.dose_figure(findings.findings[0], findings, "en"))
    assert "up to 1 d (171 cases): −0.6 (−0.8 to −0.4)" in words
    assert words.count(";") == len(findings.findings[0].dose) - 1


def test_bars_begin_at_zero(findings: Findings) -> None:
    root = ElementTree.fromstring(bars.dose_figure(findings.findings[0], findings, "en"))
    axis = next(line for line in root.iter(f"{SVG}line") if line.get("class") == "zs-grey")
    drawn_bars = list(root.iter(f"{SVG}rect"))
    assert len(drawn_bars) == len(findings.findings[0].dose)
    for bar in drawn_bars:
        end = float(bar.get("x", "0")) + float(bar.get("width", "0"))
        assert end == pytest.approx(float(axis.get("x1", "0")), abs=0.2)


def test_findings_on_one_outcome_share_a_scale(findings: Findings) -> None:
    """Bars of different findings can be compared: pixels per point are the same."""
    ratios = []
    for finding in (findings.findings[0], findings.findings[2]):
        root = ElementTree.fromstring(bars.dose_figure(finding, findings, "en"))
        bar = next(root.iter(f"{SVG}rect"))
        assert finding.dose[0].effect is not None
        ratios.append(float(bar.get("width", "0")) / abs(finding.dose[0].effect.estimate))
    assert ratios[0] == pytest.approx(ratios[1], rel=0.01)


def test_a_small_sample_is_grey_and_said_to_be_small(findings: Findings) -> None:
    first = findings.findings[0]
    few = replace(first, dose=[replace(dose, n=12) for dose in first.dose])
    svg = bars.dose_figure(few, replace(findings, findings=[few]), "en")
    assert "only 12 cases" in svg
    assert "z-bad" not in svg


def test_an_interval_that_holds_zero_is_grey(findings: Findings) -> None:
    approval = findings.findings[3]
    svg = bars.comparison_figure(approval, findings, "en")
    assert "z-bad" not in svg
    assert "z-good" not in svg


def test_assumed_money_is_striped_and_measured_money_solid(findings: Findings) -> None:
    first = findings.findings[0]
    striped = bars.money_figure(alone(first, findings), "en")
    assert "<path" in striped
    assert first.money is not None
    measured = replace(first, money=replace(first.money, basis="measured"), own=None)
    solid = bars.money_figure(alone(measured, findings), "en")
    assert "<path" not in solid
    assert 'class="z-bad"' in solid


def test_only_what_no_other_finding_contains_is_filled(findings: Findings) -> None:
    svg = bars.money_figure(alone(findings.findings[1], findings), "en")
    assert "<path" not in svg
    assert 'class="z-paper zs-bad"' in svg


def test_the_shares_of_a_broken_promise_follow_each_other_to_the_whole(findings: Findings) -> None:
    root = ElementTree.fromstring(bars.split_figure(findings.findings[0], "en"))
    places = [(float(r.get("x", "")), float(r.get("width", ""))) for r in root.iter(f"{SVG}rect")]
    *pieces, whole = places
    for (x, width), (following, _) in itertools.pairwise(pieces):
        assert x + width == pytest.approx(following, abs=0.2)
    assert sum(width for _, width in pieces) == pytest.approx(whole[1], abs=0.3)


def test_names_from_the_data_cannot_become_markup(findings: Findings) -> None:
    for svg in drawn(hostile(findings), "en", bars.WIDE).values():
        root = ElementTree.fromstring(svg)
        assert not list(root.iter(f"{SVG}script"))
        assert "<script" not in svg


def test_the_hostile_name_is_really_drawn(findings: Findings) -> None:
    svg = bars.money_figure(hostile(findings), "en")
    assert HOSTILE.split(" ")[0].replace('"', "") in re.sub('&quot;|"', "", accessible_name(svg))


def test_intervals_beyond_the_scale_show_that_they_go_on() -> None:
    scale = Scale(-1.0, 1.0, 0.0, 100.0)
    assert scale(5.0) == 100.0
    assert scale.open_ends(-2.0, 0.5) == "<"
    assert scale.open_ends(-0.5, 2.0) == ">"
    assert scale.open_ends(-1.0, 1.0) == ""


def test_a_scale_always_holds_zero() -> None:
    rows = Rows.over(640, [3.0, 5.0])
    assert rows.low == 0.0
    assert rows.high > 5.0
    assert Rows.over(640, []).high == 0.0


def test_long_words_are_cut_and_say_so() -> None:
    lines = wrap("word " * 60, 200, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert wrap("x" * 400, 200, 1)[0].endswith("…")
    assert wrap("two words", 200, 3) == ["two words"]


def test_on_paper_short_words_stand_in_one_line_and_long_ones_below_each_other() -> None:
    def height(note: str) -> float:
        rows = Rows.over(PAPER, [0.0, 1.0])
        rows.rows = [
            Row("Step", note, "78 %", "76–80 %", lambda canvas, scale, y: None) for _ in range(4)
        ]
        return float(ElementTree.fromstring(rows.to_svg()).attrib["height"])

    assert height("Carrier") < 0.7 * height("Carrier " * 12)
