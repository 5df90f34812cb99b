"""The commands ``process conformance`` and ``process discover``, called as from a shell."""

import json

import pytest
from tests.process.conformance.models import bpmn
from tests.process.conftest import Event

from zaplecze.cli import main
from zaplecze.process.conformance import compare, discover, read_bpmn, to_bpmn


@pytest.fixture(autouse=True)
def english(monkeypatch):
    for variable in ("ZAPLECZE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANGUAGE", "en")


@pytest.fixture
def log(make_log):
    return make_log(
        [
            Event("1", "Order", 0, department="Shop"),
            Event("1", "Ship", 7_200, department="Stock"),
            Event("2", "Ship", 0, department="Stock"),
        ]
    )


@pytest.fixture
def procedure(tmp_path):
    return bpmn(tmp_path / "p.bpmn", "startEvent s; task a Order; task b Ship; endEvent e", "s>a a>b b>e")  # fmt: skip


@pytest.fixture
def rules(tmp_path):
    file = tmp_path / "rules.toml"
    file.write_text('[[rules]]\nkind = "precedence"\nfirst = "Order"\nthen = "Ship"\n')
    return file


def test_json_is_the_document_of_the_library(log, procedure, capsys):
    assert (
        main(["process", "conformance", str(log.folder), "--bpmn", str(procedure), "--json"]) == 0
    )
    library = compare(log, read_bpmn(procedure)).to_dict()
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(library))


def test_a_person_gets_tables(log, procedure, rules, capsys):
    options = ["--bpmn", str(procedure), "--rules", str(rules)]
    assert main(["process", "conformance", str(log.folder), *options]) == 0
    captured = capsys.readouterr()
    table = captured.out.replace("\N{NO-BREAK SPACE}", " ")
    for words in (
        "1 (50.0 %)",
        "0.833",
        "is missing",
        "the start",
        "'Ship' only after 'Order'",
        "Cases that break a rule",
    ):
        assert words in table
    assert "compared as they are" in captured.err


def test_rules_of_the_workspace_and_of_the_file_are_checked_together(log, rules, tmp_path, capsys):
    file = tmp_path / "zaplecze.toml"
    file.write_text(
        'name = "T"\n[sources.s]\nfile = "a.csv"\n[case]\nkey = "k"\nsource = "s"\n'
        '[[rules]]\nkind = "response"\nfirst = "Order"\nthen = "Ship"\n'
    )
    options = ["--workspace", str(file), "--rules", str(rules), "--json"]
    assert main(["process", "conformance", str(log.folder), *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(r["kind"], r["violating"]) for r in document["rules"]] == [
        ("response", []),
        ("precedence", [{"case": "2", "violations": 1}]),
    ]


def test_a_drawing_of_the_usual_way_goes_to_stdout_or_to_a_file(log, tmp_path, capsys):
    assert main(["process", "discover", str(log.folder)]) == 0
    printed = capsys.readouterr().out
    file = tmp_path / "new" / "p.bpmn"
    assert main(["process", "discover", str(log.folder), "--out", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == printed
    assert printed == to_bpmn(discover(log)).decode()
    assert str(file) in capsys.readouterr().err
    assert main(["process", "conformance", str(log.folder), "--bpmn", str(file), "--json"]) == 0


def test_filters_choose_the_cases_that_are_compared_and_are_named(log, procedure, rules, capsys):
    options = ["--bpmn", str(procedure), "--rules", str(rules), "--having", "Order"]
    said = "Only cases with the step: Order."
    assert main(["process", "conformance", str(log.folder), *options, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["cases"], document["fitness"]) == (1, 1.0)
    assert document["rules"][0]["violating"] == []
    assert [words["en"] for words in document["filters"]] == [said]
    assert main(["process", "conformance", str(log.folder), *options]) == 0
    assert capsys.readouterr().out.startswith(said)
    assert main(["process", "conformance", str(log.folder), *options[2:], "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [words["en"] for words in document["filters"]] == [said]


def test_filters_choose_what_is_drawn(log, capsys):
    options = ["--hide", "Order", "--noise", "0", "--json"]
    assert main(["process", "discover", str(log.folder), *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["tasks"] == ["Ship"]
    assert [words["en"] for words in document["filters"]] == ["Left out: Order."]


def test_json_of_a_drawing_has_its_tasks(log, capsys):
    assert main(["process", "discover", str(log.folder), "--noise", "0", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["noise"] == 0
    assert sorted(document["tasks"]) == ["Order", "Ship"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["conformance", "LOG"], "There is no procedure to compare with. Give --bpmn"),
        (["conformance", "LOG", "--bpmn", "nowhere.bpmn"], "nowhere.bpmn: This file cannot be read"),
        (["conformance", "LOG", "--rules", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["discover", "LOG", "--noise", "2"], "--noise 2.0: this is no share"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_name(log, arguments, complaint, capsys):
    arguments = [str(log.folder) if word == "LOG" else word for word in arguments]
    assert main(["process", *arguments]) == 2
    captured = capsys.readouterr()
    assert complaint in captured.err
    assert captured.out == ""
