"""The command ``impact verify``, called as from a shell, and its picture."""

import json
import xml.etree.ElementTree as ET

import pyarrow.csv
import pytest
from tests.impact.verify import worlds

from zaplecze.cli import main
from zaplecze.impact.verify import verify
from zaplecze.report.figures.verification import verification_figure


@pytest.fixture(autouse=True)
def english(monkeypatch):
    for variable in ("ZAPLECZE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "weeks.csv"
    pyarrow.csv.write_csv(worlds.series(1, effect=-8), path)
    return path


OPTIONS = ["--outcome", "minutes", "--time", "week", "--treated-from", "2025-05-05"]


def test_json_is_the_document_of_the_library(file, capsys):
    command = ["impact", "verify", str(file), *OPTIONS, "--method", "its", "--json"]
    assert main(command) == 0
    printed = json.loads(capsys.readouterr().out)
    found = verify(file, outcome="minutes", time="week", treated_from="2025-05-05", method="its")
    assert printed == json.loads(json.dumps(found.to_dict()))


def test_a_person_reads_the_verdict_first(file, capsys):
    assert main(["impact", "verify", str(file), *OPTIONS]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("It worked: minutes is lower by ")
    assert "--better higher" in printed.err


def test_a_person_sees_the_synthetic_control_and_what_other_units_do(tmp_path, capsys):
    path = tmp_path / "units.csv"
    pyarrow.csv.write_csv(worlds.units(2, count=25, treated=1, size=24, start=16, effect=-15), path)
    asked = ["--outcome", "minutes", "--time", "period", "--unit", "team", "--treated-from", "from"]
    assert main(["impact", "verify", str(path), *asked]) == 0
    printed = capsys.readouterr().out
    assert "By the synthetic control" in printed
    assert "How often others move as much" in printed


def test_bad_input_is_said_on_stderr_with_code_two(file, capsys):
    options = [*OPTIONS[:-1], "2031-01-06"]
    assert main(["impact", "verify", str(file), *options]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "after the data" in printed.err


def test_units_are_named_on_the_command_line(tmp_path, capsys):
    table = worlds.units(1, effect=-6)
    pairs = zip(table["team"].to_pylist(), table["from"].to_pylist(), strict=True)
    treated = sorted({team for team, start in pairs if start > 0})
    path = tmp_path / "units.csv"
    pyarrow.csv.write_csv(table, path)
    command = ["impact", "verify", str(path), "--outcome", "minutes", "--time", "period",
               "--unit", "team", "--treated-from", "13", "--treated-units", ", ".join(treated),
               "--json"]  # fmt: skip
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["method"], found["treated"], found["verdict"]) == ("did", 10, "worked")


def test_the_picture_shows_both_courses_and_the_day_of_the_change(file, tmp_path):
    picture = tmp_path / "new" / "picture.svg"
    assert main(["impact", "verify", str(file), *OPTIONS, "--picture", str(picture)]) == 0
    drawn = ET.fromstring(picture.read_text(encoding="utf-8"))
    words = " ".join(text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text"))
    for expected in ("It worked", "change: 2025-05-05", "seen", "without the change"):
        assert expected in words
    paths = [p.get("d", "") for p in drawn.iter("{http://www.w3.org/2000/svg}path")]
    # The interval after the change, the course without it, and what was seen.
    assert [len(path.split("L")) for path in paths] == [68, 104, 104]


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "pl", "uk"])
@pytest.mark.parametrize("width", [640, 840, 320])
def test_every_method_has_its_picture(language, width):
    options = {
        "outcome": "minutes", "time": "period", "unit": "team", "treated_from": "from",
    }  # fmt: skip
    steps = verify(worlds.units(3, count=40, treated=16, steps=3, effect=-6), **options)
    few = verify(worlds.units(1, treated=10), **options)
    plan = verify(worlds.series(1), outcome="minutes", time="week", worth=5)
    for found in (steps, few, plan):
        drawn = ET.fromstring(verification_figure(found, language, width))
        assert drawn.get("width") == str(width)
        assert found.sentence[language] in (drawn.get("aria-label") or "")
