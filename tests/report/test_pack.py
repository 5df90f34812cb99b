"""The pack lands in its folder, every file in the language asked for."""

import os
from pathlib import Path

import pytest

from zaplecze.impact.finding import Findings
from zaplecze.language import LANGUAGES, Language
from zaplecze.process import ProcessGraph
from zaplecze.report import headline, write
from zaplecze.report.pack import outdated


def test_files_that_are_older_than_their_numbers_are_found(tmp_path: Path) -> None:
    for name, age in (
        ("report.pptx", 30),
        ("case.xlsx", 20),
        ("report.html", 5),
        ("notes.txt", 90),
    ):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    findings, case = tmp_path / "findings.json", tmp_path / "case.toml"
    for source, age in ((findings, 25), (case, 10)):
        source.write_text("")
        os.utime(source, (1_000_000 - age, 1_000_000 - age))

    assert [file.name for file in outdated(tmp_path, findings)] == ["report.pptx"]
    assert [file.name for file in outdated(tmp_path, findings, case)] == [
        "report.pptx",
        "case.xlsx",
    ]


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
