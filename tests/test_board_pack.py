"""From the files of public data sets to slides in one command."""

from pathlib import Path

import pytest
from pptx import Presentation
from tests.conftest import ROOT

from zaplecze.cli import main

EXAMPLES = ROOT / "examples"
PACK = {"report.html", "report.pdf", "report.pptx", "findings.xlsx", "case.xlsx", "findings.json"}


@pytest.mark.long
@pytest.mark.parametrize(
    ("data", "language"), [("olist", "pl"), ("call-centre-anonymous-bank", "uk")]
)
def test_data_and_the_case_that_they_name_become_slides(
    shared_data: Path, tmp_path: Path, data: str, language: str
) -> None:
    asked = ["report", str(EXAMPLES / f"{data}.toml"), "--data", str(shared_data / data)]
    asked += ["--out", str(tmp_path / "out")]
    assert main([*asked, "--language", language]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} >= PACK
    slides = Presentation(str(tmp_path / "out" / "report.pptx")).slides
    charts = [shape for slide in slides for shape in slide.shapes if shape.has_chart]
    # Cash flow, what moves it and its range, beside what the findings show.
    assert len(charts) >= 4
