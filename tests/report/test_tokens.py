"""Every pair of text and ground can be read by weak eyes, in the light and in the dark."""

import re
from pathlib import Path

import pytest

from zaplecze import report
from zaplecze.report.figures.svg import LIGHT

STATIC = Path(report.__file__).parent / "static"
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)",
        (STATIC / "tokens.css").read_text(),
    )
}
THEMES = {"light": 0, "dark": 1}
TEXTS = ("ink", "soft", "accent", "good-text", "bad-text")
MARKS = ("good", "bad", "grey")


def luminance(code: str) -> float:
    parts = [int(code[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_of_black_and_white_is_as_defined() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "wash"])
@pytest.mark.parametrize("text", TEXTS)
def test_text_stands_out_from_its_ground(theme: str, ground: str, text: str) -> None:
    k = THEMES[theme]
    assert contrast(TOKENS[text][k], TOKENS[ground][k]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_paper_on_the_accent_can_be_read(theme: str) -> None:
    k = THEMES[theme]
    assert contrast(TOKENS["paper"][k], TOKENS["accent"][k]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mark", MARKS)
def test_marks_stand_out_from_paper(theme: str, mark: str) -> None:
    k = THEMES[theme]
    assert contrast(TOKENS[mark][k], TOKENS["paper"][k]) >= 3


def test_figures_are_drawn_in_the_light_tokens() -> None:
    assert {name: TOKENS[name][0] for name in LIGHT} == LIGHT


def test_good_and_bad_are_the_agreed_blue_and_vermilion() -> None:
    assert TOKENS["good"][0] == "#0072b2"
    assert TOKENS["bad"][0] == "#d55e00"


def test_every_class_of_a_figure_is_recoloured() -> None:
    style = (STATIC / "report.css").read_text()
    for name in LIGHT:
        assert f".z-{name} {{ fill: var(--{name}); }}" in style
        assert f".zs-{name} {{ stroke: var(--{name}); }}" in style


def test_the_style_sheets_use_no_token_that_does_not_exist() -> None:
    defined = set(re.findall(r"--([a-z0-9-]+):", (STATIC / "tokens.css").read_text()))
    for sheet in STATIC.glob("*.css"):
        used = set(re.findall(r"var\(--([a-z0-9-]+)", sheet.read_text()))
        assert used <= defined, sheet.name
