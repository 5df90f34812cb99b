"""The pack lands in its folder, every file in the language asked for."""

from pathlib import Path

import pytest

from zaplecze.impact.finding import Findings
from zaplecze.language import LANGUAGES, Language
from zaplecze.process import ProcessGraph
from zaplecze.report import headline, write


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_four_files_are_written(
    findings: Findings, graph: ProcessGraph, tmp_path: Path, language: Language
) -> None:
    folder = tmp_path / "new" / "pack"
    paths = write(findings, graph, folder, language)
    assert [path.name for path in paths] == [
        "report.html", "report.pdf", "findings.xlsx", "process.svg",
    ]  # fmt: skip
    assert {path.name for path in folder.iterdir()} == {path.name for path in paths}
    assert paths[0].read_text(encoding="utf-8").startswith("<!doctype html>")
    assert f'lang="{language}"' in paths[0].read_text(encoding="utf-8")
    assert headline(findings)[language].split(" ")[0] in paths[0].read_text(encoding="utf-8")
    assert paths[1].read_bytes().startswith(b"%PDF-")
    assert paths[2].read_bytes().startswith(b"PK")
    assert paths[3].read_text(encoding="utf-8").startswith("<svg")
