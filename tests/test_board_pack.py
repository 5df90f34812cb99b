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
    ("data", "case", "language"),
    [
        ("olist", "olist-case", "pl"),
        ("call-centre-anonymous-bank", "call-centre-case", "uk"),
    ],
)
def test_data_and_case_become_slides(
    shared_data: Path, tmp_path: Path, data: str, case: str, language: str
) -> None:
    asked = ["report", str(EXAMPLES / f"{data}.toml"), "--data", str(shared_data / data)]
    asked += ["--case", str(EXAMPLES / f"{case}.toml"), "--out", str(tmp_path / "out")]
    assert main([*asked, "--language", language]) == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} >= PACK
    slides = Presentation(str(tmp_path / "out" / "report.pptx")).slides
    charts = [shape for slide in slides for shape in slide.shapes if shape.has_chart]
    # Cash flow, what moves it and its range, beside what the findings show.
    assert len(charts) >= 4
