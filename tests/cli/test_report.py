"""`zaplecze report`: the pack of findings, of a workspace file, of a case; what is wrong is said."""

import json
from pathlib import Path

import pytest
from pptx import Presentation
from tests.money.case.sample import case_of, file_of
from tests.money.case.test_tracking import ACTUALS
from tests.report.orders import orders, way
from tests.web.sample import EVENTS, WORKSPACE

from zaplecze import chain
from zaplecze.cli import main
from zaplecze.money.case import freeze, work_out_case

pytestmark = pytest.mark.long

ALL = {"report.html", "report.pdf", "report.pptx", "findings.xlsx"}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """What a run would have made of the public orders."""
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / chain.FINDINGS).write_text(orders().to_json(), encoding="utf-8")
    (folder / chain.GRAPH).write_text(json.dumps(way().to_dict()), encoding="utf-8")
    return folder


def titles(file: Path) -> list[str]:
    return [slide.shapes.title.text for slide in Presentation(str(file)).slides]


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_findings_become_the_whole_pack_beside_them(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(results)]) == 0
    assert files(results) >= ALL
    assert "case.xlsx" not in files(results)
    assert "report.pptx" in capsys.readouterr().err


def test_one_format_in_another_language_goes_where_it_is_wanted(
    results: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pack"
    asked = ["report", str(results), "--format", "pptx", "--language", "pl", "--out", str(out)]
    assert main(asked) == 0
    assert files(out) == {"report.pptx"}
    assert "Olist" in Presentation(str(out / "report.pptx")).core_properties.title
    assert any("Definicje" in title for title in titles(out / "report.pptx"))


def test_a_case_is_held_against_its_frozen_version(results: Path, tmp_path: Path) -> None:
    approved = case_of(tmp_path)
    kept = freeze(approved, work_out_case(approved), "board, May", "2026-05-02", None)
    (tmp_path / "frozen.json").write_text(kept.to_json(), encoding="utf-8")
    case = file_of(tmp_path, more=ACTUALS)
    given = ["--case", str(case), "--plan", str(tmp_path / "frozen.json")]
    assert main(["report", str(results), *given, "--format", "html,pptx,xlsx"]) == 0
    assert files(results) >= {"report.html", "report.pptx", "findings.xlsx", "case.xlsx"}
    page = (results / "report.html").read_text(encoding="utf-8")
    assert "board, May" in page
    assert any(title.startswith("Up to") for title in titles(results / "report.pptx"))


def test_a_case_makes_a_pack_of_itself_alone(tmp_path: Path) -> None:
    out = tmp_path / "pack"
    case = file_of(tmp_path)
    assert main(["report", str(case), "--out", str(out), "--format", "pptx,xlsx"]) == 0
    assert files(out) == {"report.pptx", "case.xlsx"}
    assert titles(out / "report.pptx")[0].startswith("Answers in a week")


def test_a_case_brings_the_findings_that_it_names(results: Path, tmp_path: Path) -> None:
    case = file_of(tmp_path, ('currency = "EUR"', 'currency = "EUR"\nfindings = "results"'))
    out = tmp_path / "pack"
    assert main(["report", str(case), "--out", str(out), "--format", "pptx"]) == 0
    assert any("makes up" in title for title in titles(out / "report.pptx"))


def test_a_workspace_is_worked_out_first(tmp_path: Path) -> None:
    (tmp_path / "zaplecze.toml").write_text(WORKSPACE, encoding="utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    out = tmp_path / "out"
    assert main(["report", str(tmp_path / "zaplecze.toml"), "--out", str(out)]) == 0
    assert files(out) >= {*ALL, "findings.json", "log"}


def test_a_workspace_names_its_case(tmp_path: Path) -> None:
    case_of(tmp_path)
    named = file_of(tmp_path).name
    (tmp_path / "zaplecze.toml").write_text(f'business_case = "{named}"\n{WORKSPACE}', "utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, encoding="utf-8")
    out = tmp_path / "out"
    asked = ["report", str(tmp_path / "zaplecze.toml"), "--out", str(out), "--format", "pptx"]
    assert main(asked) == 0
    assert any("simulated futures" in title for title in titles(out / "report.pptx"))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["--format", "docx"], "--format docx"),
        (["--format", ","], "nothing is named"),
        (["--plan", "frozen.json"], "--case"),
    ],
)
def test_what_cannot_be_done_is_said(
    results: Path, asked: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(results), *asked]) == 2
    assert told in capsys.readouterr().err
    assert not files(results) & ALL


def test_a_folder_without_findings_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path)]) == 2
    assert "zaplecze run" in capsys.readouterr().err
