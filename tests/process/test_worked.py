"""Minutes, clicks, screens and systems of work, where the log has them."""

import json

import pytest

from zaplecze.cli import main
from zaplecze.errors import InputError, WorkspaceError
from zaplecze.eventlog import build
from zaplecze.process import steps
from zaplecze.workspace import load

TOML = """
name = "Test"
[sources.log]
file = "log.csv"
[case]
key = "case"
[[events]]
source = "log"
activity = "step"
time = "at"
department = "team"
attributes = ["handling", "clicks", "note"]
[log.effort]
minutes = "handling"
clicks = "clicks"
[steps.Check]
minutes = { amount = 16, low = 10, high = 25 }
[steps.Pay]
minutes = 8
[departments.Finance]
hourly_cost = { amount = 60, basis = "measured" }
""".replace("minutes = 8", "minutes = { amount = 8 }")


@pytest.fixture
def folder(tmp_path):
    rows = ["case,step,at,team,handling,clicks,note"]
    for case in range(40):
        day = f"2026-01-{1 + case % 28:02}"
        rows.append(f"{case},Check,{day} 08:00,Finance,{12 if case % 2 else 8},{5 + case % 3},x")
        rows.append(f"{case},Check,{day} 09:00,Finance,2,,x")
        rows.append(f"{case},Pay,{day} 10:00,Finance,{5 if case < 3 else ''},,x")
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "zaplecze.toml").write_text(TOML)
    return tmp_path


def made(folder, toml=TOML):
    (folder / "zaplecze.toml").write_text(toml)
    workspace = load(folder / "zaplecze.toml")
    return build(workspace, folder, folder / "log"), workspace


def test_what_was_measured_is_told_by_step_and_by_case(folder):
    found = steps(*made(folder))
    check = next(step for step in found if step.activity == "Check")
    minutes, clicks = check.worked["minutes"], check.worked["clicks"]
    assert (minutes.events, minutes.mean, minutes.median, minutes.total) == (80, 6, 5, 480)
    assert minutes.per_case == 12
    assert (clicks.events, clicks.per_case) == (40, pytest.approx(5.975))
    by_kind = {each.kind: each for each in found.worked_per_case}
    assert (by_kind["minutes"].cases, by_kind["minutes"].total) == (40, 495)
    assert by_kind["minutes"].median == 14


def test_measured_minutes_take_the_place_of_assumed_ones(folder):
    check, _ = steps(*made(folder)).steps
    effort = check.effort
    assert (effort.minutes.amount, effort.minutes.basis, effort.assumed_minutes) == (
        6,
        "measured",
        16,
    )
    assert effort.minutes.low < 6 < effort.minutes.high
    assert effort.hours_per_year.amount == pytest.approx(effort.events_per_year * 6 / 60)
    assert effort.cost_per_year.amount == pytest.approx(effort.hours_per_year.amount * 60)
    assert effort.cost_per_year.basis == "measured"


@pytest.mark.long
def test_a_few_measurements_do_not_replace_what_is_assumed(folder):
    _, pay = steps(*made(folder)).steps
    assert pay.worked["minutes"].events == 3
    assert (pay.effort.minutes.amount, pay.effort.minutes.basis) == (8, "assumed")
    alone = TOML.replace("[steps.Pay]\nminutes = { amount = 8 }\n", "")
    _, pay = steps(*made(folder, alone)).steps
    assert (pay.effort.minutes.amount, pay.effort.minutes.basis) == (5, "measured")


@pytest.mark.long
def test_less_than_nothing_does_not_count_and_is_told(folder, capsys):
    text = (folder / "log.csv").read_text().replace("Finance,8,5,x", "Finance,-8,5,x", 1)
    (folder / "log.csv").write_text(text)
    log, workspace = made(folder)
    assert steps(log, workspace).steps[0].worked["minutes"].ignored == 1
    options = ["--workspace", str(folder / "zaplecze.toml")]
    assert main(["--language", "en", "process", "steps", str(log.folder), *options]) == 0
    said = capsys.readouterr()
    assert "Values below zero that do not count: 1." in said.err
    assert "measured" in said.out
    assert "assumed" in said.out


def test_the_document_has_it(folder, capsys):
    log, _ = made(folder)
    options = ["--workspace", str(folder / "zaplecze.toml"), "--json"]
    assert main(["process", "steps", str(log.folder), *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["steps"][0]["worked"]["minutes"]["events"] == 80
    assert [each["kind"] for each in document["worked_per_case"]] == ["minutes", "clicks"]


def test_an_attribute_of_words_is_told(folder):
    log, workspace = made(folder, TOML.replace('clicks = "clicks"', 'clicks = "note"'))
    with pytest.raises(InputError, match=r'\[log\.effort\], clicks = "note": the values'):
        steps(log, workspace)


def test_an_attribute_that_the_workspace_does_not_read_is_told(folder):
    with pytest.raises(WorkspaceError, match="Did you mean 'handling'"):
        made(folder, TOML.replace('minutes = "handling"', 'minutes = "handlin"'))


def test_a_log_that_was_imported_without_it_is_told(folder):
    log, _ = made(folder, TOML.replace("[log.effort]", "[was]").split("[was]")[0])
    (folder / "zaplecze.toml").write_text(
        TOML.replace('attributes = ["handling", ', 'attributes = ["later", "handling", ').replace(
            'minutes = "handling"', 'minutes = "later"'
        )
    )
    with pytest.raises(InputError, match="have no such attribute"):
        steps(log, load(folder / "zaplecze.toml"))
