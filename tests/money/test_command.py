import json

import pytest
from tests.money.case.sample import SMALL, file_of

from zaplecze.cli import main
from zaplecze.money.formulas import FORMULAS


def said(capsys, *arguments):
    code = main(["money", *arguments])
    caught = capsys.readouterr()
    return code, caught.out, caught.err


def document(capsys, *arguments):
    code, out, err = said(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def test_npv_prints_what_the_contract_names(capsys):
    found = document(capsys, "npv", "--rate", "0.1", "--flows", "-100,230,-132")
    contract = {"npv", "irr", "irr_unique", "mirr", "payback_periods", "discounted_payback_periods"}
    assert contract <= set(found)
    assert found["irr_unique"] is False
    assert found["irr_roots"] == pytest.approx([0.1, 0.2])


def test_npv_discounts_the_first_flow_when_told_so(capsys):
    found = document(capsys, "npv", "--rate", "0.1", "--excel", "--flows", "-10000,3000,4200,6800")
    assert found["npv"] == pytest.approx(1188.44, abs=5e-3)


def test_a_person_is_told_that_the_rate_is_not_unique(capsys):
    code, out, err = said(capsys, "npv", "--rate", "0.1", "--flows", "-100,230,-132")
    assert code == 0
    assert "not unique" in out
    assert "10.00" in err.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["npv", "--rate", "10", "--flows", "-1,2"], "write 0.1 for 10 %"),
        (["npv", "--rate", "0.1", "--flows", "-1,two"], "'two' is no amount"),
        (["npv", "--rate", "0.1", "--flows", "5"], "at least two amounts"),
        (
            ["npv", "--rate", "0.1", "--flows", "-1,2", "--dates", "2026-02-30,2026-03-01"],
            "'2026-02-30' is no day",
        ),
        (
            ["npv", "--rate", "0.1", "--flows", "-1,2", "--dates", "2026-02-03,2026-01-01"],
            "out of order",
        ),
        (
            ["complaint", "--minutes", "5", "--hourly-cost", "6", "--solve", "minutes"],
            "belong together",
        ),
        (["formula", "complant"], "Did you mean 'complaint'?"),
        (["formula", "complaint", "--input", "minutes"], "write NAME=VALUE"),
        (["case", "nothing.toml"], "there is no such file"),
    ],
)
def test_what_can_be_mended_ends_with_2_and_a_sentence(capsys, arguments, message):
    code, out, err = said(capsys, *arguments)
    assert code == 2
    assert message in err
    assert out == ""


@pytest.mark.long
@pytest.mark.parametrize("name", FORMULAS)
def test_every_formula_has_a_command_that_shows_what_it_needs(capsys, name):
    code, out, _ = said(capsys, name)
    assert code == 0
    assert all(need.name in out for need in FORMULAS[name].inputs)
    assert document(capsys, "formula", name) == document(capsys, name)


def test_a_command_and_its_formula_say_the_same(capsys):
    one = document(capsys, "process", "--minutes", "4", "--steps", "3", "--volume", "12000")
    other = document(
        capsys,
        "formula",
        "process",
        "--input",
        "minutes=4",
        "--input",
        "steps=3",
        "--input",
        "volume=12000",
    )
    assert one == other
    assert one["value"] == pytest.approx(20.41, abs=5e-3)


def test_defaults_that_count_are_told(capsys):
    _, _, err = said(capsys, "process", "--minutes", "4", "--volume", "12000")
    assert "'paid_hours' was not given: 168 is assumed." in err


def test_a_case_is_written_with_its_figures(capsys, tmp_path):
    out = tmp_path / "out"
    found = document(capsys, "case", str(file_of(tmp_path)), "--out", str(out))
    assert json.loads((out / "case.json").read_text(encoding="utf-8")) == found
    assert {each.name for each in out.iterdir()} == {
        "case.json", "cash-flow.svg", "tornado.svg", "range.svg", "spider.svg",
    }  # fmt: skip


def test_a_case_is_told_in_three_languages(capsys, tmp_path):
    file = file_of(tmp_path)
    told = set()
    for language in ("en", "pl", "uk"):
        assert main(["--language", language, "money", "case", str(file)]) == 0
        told.add(capsys.readouterr().out)
    assert len(told) == 3


def test_a_frozen_case_is_never_written_over_and_can_be_compared(capsys, tmp_path):
    file, kept = file_of(tmp_path), tmp_path / "board.json"
    assert (
        said(capsys, "freeze", str(file), str(kept), "--version", "board", "--on", "2026-01-01")[0]
        == 0
    )
    before = kept.read_bytes()
    code, _, err = said(capsys, "freeze", str(file), str(kept))
    assert (code, kept.read_bytes()) == (2, before)
    assert "frozen already" in err
    file.write_text(SMALL.replace("value = 1200", "value = 1300"), encoding="utf-8")
    found = document(capsys, "diff", str(kept), str(file))
    assert [each["key"] for each in found["assumptions"]] == ["assumptions.complaints.value"]
    assert {each["key"] for each in found["results"]} >= {"npv"}
    assert said(capsys, "case", str(file), "--plan", str(kept))[0] == 0


def test_budgets_are_read_from_a_table(capsys, tmp_path):
    file = tmp_path / "budget.csv"
    file.write_text(
        "department,line,side,plan,actual\nIT,alerts,back office,10,12\n", encoding="utf-8"
    )
    assert document(capsys, "budget", str(file))["total"]["variance"] == 2
    code, out, _ = said(capsys, "budget", str(file))
    assert code == 0
    assert "Back office" in out
