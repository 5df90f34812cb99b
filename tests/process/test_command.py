"""The command group ``process``, called as from a shell."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from tests.eventlog.desk import Desk
from tests.eventlog.object_logs import written
from tests.process.conftest import Event

from zaplecze.cli import main
from zaplecze.process import graph, map_svg, sensible_shares, simplified, steps, variants


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
            Event("2", "Order", 0, department="Shop"),
        ]
    )


FILE = (
    "order,step,at\n1,Order,2026-01-05 08:00\n1,Ship,2026-01-05 10:00\n2,Order,2026-01-05 09:00\n"
)
COLUMNS = ["--case", "order", "--activity", "step", "--time", "at"]


@pytest.mark.parametrize("command", ["graph", "variants", "steps"])
def test_json_is_the_document_of_the_library(log, command, capsys):
    assert main(["process", command, str(log.folder), "--json"]) == 0
    library = {"graph": graph, "variants": variants, "steps": steps}[command]
    assert json.loads(capsys.readouterr().out) == library(log).to_dict()


@pytest.mark.parametrize("command", ["graph", "variants", "steps"])
def test_a_filter_that_leaves_no_case_says_so_with_the_days_of_the_log(log, command, capsys):
    assert main(["process", command, str(log.folder), "--since", "2030-01-01"]) == 0
    said = capsys.readouterr().out
    assert "No case is left. The whole log goes from 5 January 2026 to 5 January 2026." in said


def test_a_long_way_is_cut_for_a_person_and_whole_in_json(make_log, capsys):
    log = make_log([Event("1", f"S{n:02}", n) for n in range(32)])
    assert main(["process", "variants", str(log.folder)]) == 0
    table = capsys.readouterr().out
    assert "S29 … and 2 more steps" in table
    assert "S30" not in table
    assert main(["process", "variants", str(log.folder), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["variants"][0]["activities"]) == 32


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("graph", ["Order", "Ship", "2 h"]),
        ("variants", ["Order → Ship", "50.0"]),
        ("steps", ["Order", "Ship", "Shop", "Wait before the step"]),
    ],
)
def test_a_person_gets_a_table(log, command, words, capsys):
    assert main(["process", command, str(log.folder)]) == 0
    table = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert all(word in table for word in words)


def test_the_map_goes_to_stdout_or_to_a_file(log, tmp_path, capsys):
    assert main(["process", "map", str(log.folder)]) == 0
    printed = capsys.readouterr().out
    file = tmp_path / "new" / "map.svg"
    assert main(["process", "map", str(log.folder), "--out", str(file)]) == 0
    assert file.read_text(encoding="utf-8").strip() == printed.strip()
    assert str(file) in capsys.readouterr().err
    found = graph(log)
    activities, paths = sensible_shares(found)
    assert printed.strip() == map_svg(found, "en", activities=activities, paths=paths)


def test_the_map_as_json_says_which_shares_it_shows(log, capsys):
    options = ["--json", "--activities", "0.5", "--paths", "0", "--measure", "median"]
    assert main(["--language", "pl", "process", "map", str(log.folder), *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["activities"], document["paths"], document["measure"]) == (0.5, 0, "median")
    ET.fromstring(document["svg"])


@pytest.mark.long
def test_the_graph_shows_what_the_map_with_the_same_shares_draws(log, capsys):
    shares = ["--activities", "0.5", "--paths", "0"]
    assert main(["process", "graph", str(log.folder), *shares, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == simplified(graph(log), 0.5, 0.0).to_dict()
    assert [each["name"] for each in document["activities"]] == ["Order"]
    assert main(["process", "graph", str(log.folder), *shares]) == 0
    assert "Shown: 1 of 2 steps (66.7" in capsys.readouterr().out
    assert main(["process", "graph", str(log.folder), "--paths", "2"]) == 2
    assert "--paths 2.0: this is no share" in capsys.readouterr().err


def test_a_file_of_events_will_do(tmp_path, capsys):
    file = tmp_path / "log.csv"
    file.write_text(FILE)
    assert main(["process", "graph", str(file), *COLUMNS, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["cases"], document["events"]) == (2, 3)
    assert document["edges"][0]["wait_seconds"]["median"] == 7_200
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_run_wrote_will_do(log, tmp_path, capsys):
    (tmp_path / "log").symlink_to(log.folder)
    assert main(["process", "graph", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 2


def test_the_workspace_gives_names(log, tmp_path, capsys):
    file = tmp_path / "zaplecze.toml"
    file.write_text(
        'name = "Shop"\n[sources.log]\nfile = "log.csv"\n[case]\nkey = "order"\nsource = "log"\n'
        '[steps.Ship]\nlabel = { en = "Shipping", pl = "Wysyłka" }\n'
        '[departments.Stock]\nlabel = { en = "Warehouse", pl = "Magazyn" }\n'
    )
    options = [str(log.folder), "--workspace", str(file)]
    assert main(["--language", "pl", "process", "steps", *options]) == 0
    table = capsys.readouterr().out
    assert "Wysyłka" in table
    assert "Magazyn" in table
    assert main(["--language", "pl", "process", "variants", *options]) == 0
    assert "Order → Wysyłka" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["graph", "nowhere"], "nowhere: there is no event log here"),
        (["map", "nowhere", "--paths", "1.5"], "--paths 1.5: this is no share"),
        (["map", "nowhere", "--measure", "mode"], "'mode' is none of 'count', 'cases', 'median'"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(arguments, complaint, capsys):
    assert main(["process", *arguments]) == 2
    captured = capsys.readouterr()
    assert complaint in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("command", ["handovers", "batches", "trend", "flow"])
def test_json_of_passages_and_flow_is_the_document_of_the_library(log, command, capsys):
    from zaplecze import process

    assert main(["process", command, str(log.folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == getattr(process, command)(log).to_dict()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("handovers", ["Shop", "Stock", "2 h"]),
        ("batches", ["Work done in batches"]),
        ("trend", ["Steps in the latest whole weeks"]),
        ("flow", ["Finished cases", "Throughput time, median"]),
    ],
)
def test_a_person_gets_tables_of_passages_and_flow(make_log, command, words, capsys):
    log = make_log(
        [
            Event("1", "Order", 0, department="Shop", resource="Ann"),
            Event("1", "Ship", 7_200, department="Stock", resource="Ben"),
        ]
    )
    assert main(["process", command, str(log.folder)]) == 0
    table = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert all(word in table for word in words)


def test_a_picture_of_the_flow_goes_to_a_file(log, tmp_path, capsys):
    file = tmp_path / "new" / "flow.svg"
    assert main(["process", "flow", str(log.folder), "--out", str(file), "--by", "day"]) == 0
    ET.fromstring(file.read_text(encoding="utf-8"))
    assert str(file) in capsys.readouterr().err


@pytest.mark.parametrize("command", ["map", "flow", "discover"])
def test_a_folder_is_no_file_to_write(log, command, tmp_path, capsys):
    assert main(["process", command, str(log.folder), "--out", str(tmp_path)]) == 2
    assert f"{tmp_path}: this is a folder. Give the name of a file." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "cases", "said"),
    [
        (["--having", "Ship"], 1, "Only cases with the step: Ship."),
        (["--lacking", "Ship"], 1, "Only cases without the step: Ship."),
        (["--starts", "Order", "--ends", "Order"], 1, "Only cases that start with Order and end"),
        (["--directly", "Order > Ship"], 1, "comes directly after “Order”"),
        (["--directly", "Order>Ship"], 1, "comes directly after “Order”"),
        (["--variant", "Order > Ship"], 1, "exactly this way: Order → Ship."),
        (["--variant", "Order>Ship", "--variant", "Order"], 2, "exactly one of these ways: Order"),
        (["--never-directly", "Order > Ship"], 1, "never comes directly after “Order”"),
        (["--later", "Order > Ship"], 1, "comes some time after “Order”"),
        (["--never-later", "Ship > Order"], 2, "never comes after “Ship”"),
        (["--frequent", "1"], 1, "ways: 1"),
        (["--worked-by", "Stock"], 1, "worked on by: Stock"),
        (["--since", "2026-01-05", "--until", "2026-01-05"], 2, "started in this period"),
        (["--until", "2026-01-04", "--when", "within"], 0, "started and ended in this period"),
        (["--only", "Order"], 2, "Only these steps: Order."),
        (["--hide", "Order"], 1, "Left out: Order."),
    ],
)
def test_options_choose_cases_and_steps_and_are_named(log, options, cases, said, capsys):
    assert main(["process", "graph", str(log.folder), *options, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert said in document["filters"][0]["en"]
    assert document["cases"] == cases
    assert main(["process", "variants", str(log.folder), *options]) == 0
    assert said in capsys.readouterr().out


@pytest.mark.long
@pytest.mark.parametrize("command", ["graph", "variants", "steps"])
def test_every_question_and_the_map_name_the_filters_in_force(log, command, capsys):
    options, said = ["--having", "Ship"], "Only cases with the step: Ship."
    assert main(["process", command, str(log.folder), *options, "--json"]) == 0
    assert said in json.loads(capsys.readouterr().out)["filters"][0]["en"]
    assert main(["process", command, str(log.folder), *options]) == 0
    assert said in capsys.readouterr().out
    assert main(["process", "map", str(log.folder), *options]) == 0
    assert said in " ".join(ET.fromstring(capsys.readouterr().out).itertext())


def test_attributes_choose_cases_and_values_of_one_are_alternatives(make_log, capsys):
    facts = {
        "region": ("category", {"1": "north", "2": "south", "3": "east"}),
        "price": ("number", {"1": 10.0, "2": 20.0, "3": 30.0}),
    }
    log = make_log([Event(name, "A", 0) for name in "123"], facts=facts)
    for where, cases in (
        (["region=north", "region=south"], 2),
        (["region=north", "price>=15"], 0),
        (["price>=15", "price<=25"], 1),
    ):
        options = [word for text in where for word in ("--where", text)]
        assert main(["process", "graph", str(log.folder), *options, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["cases"] == cases


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--where", "region"], "--where region: write NAME=VALUE"),
        (["--where", "price>=high"], "--where price>=high: 'high' is no number."),
        (["--since", "5.1.2026"], "--since 5.1.2026: this is no day."),
        (["--since", "2026-01-06", "--until", "2026-01-05"], "Exchange the two days."),
        (["--directly", "Order"], "--directly Order: write two steps"),
        (["--directly", "Order>"], "--directly Order>: write two steps"),
        (["--variant", "Order >  > Ship"], "write the steps of the whole way"),
        (["--variant", "Order > Shop"], "There is no step 'Shop' in the log."),
        (["--having", "Shop"], "There is no step 'Shop' in the log. Did you mean 'Ship'?"),
    ],
)
def test_a_filter_that_cannot_be_used_is_refused_by_name(log, options, complaint, capsys):
    assert main(["process", "graph", str(log.folder), *options]) == 2
    captured = capsys.readouterr()
    assert complaint in captured.err
    assert captured.out == ""


def test_an_instant_without_a_zone_is_refused(log, capsys):
    assert main(["process", "flow", str(log.folder), "--at", "2026-01-31"]) == 2
    assert "--at 2026-01-31: write an instant with its zone" in capsys.readouterr().err


@pytest.mark.long
def test_one_type_of_objects_of_an_object_centric_file_is_chosen_as_the_cases(tmp_path, capsys):
    path = written(Desk(tmp_path), "log.sqlite")
    assert main(["process", "graph", str(path)]) == 2
    assert "order (2) and item (3)" in capsys.readouterr().err
    assert main(["process", "graph", str(path), "--object-type", "item", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == 2


@pytest.mark.long
def test_questions_of_a_stored_log_do_without_pandas(log):
    asked = [
        "graph",
        "map",
        "variants",
        "steps",
        "handovers",
        "batches",
        "trend",
        "flow",
        "discover",
    ]
    code = (
        "import sys; from zaplecze.cli import main; "
        f"codes = [main(['process', each, {str(log.folder)!r}, '--json']) for each in {asked}]; "
        "print(*codes, 'pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 " * len(asked) + "False"


def test_of_very_many_steps_a_person_sees_the_most_frequent(make_log, capsys):
    log = make_log(
        [Event(str(n), f"S{n:02}", 0) for n in range(40)]
        + [Event("x", "S39", 0, department="Desk")]
    )
    for command in ("steps", "trend"):
        assert main(["process", command, str(log.folder)]) == 0
        told = capsys.readouterr()
        assert "Shown: 30 of 40" in told.err
    assert main(["process", "steps", str(log.folder)]) == 0
    table = capsys.readouterr().out
    assert "S39" in table
    assert "S38" not in table


def test_of_many_departments_a_person_sees_the_first(make_log, capsys):
    log = make_log([Event(str(n), "Call", 0, department=f"Desk {n}") for n in range(8)])
    assert main(["process", "steps", str(log.folder)]) == 0
    assert "Desk 0, Desk 1, Desk 2, Desk 3, Desk 4 and 3 more" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "option"), [("handovers", "--department"), ("batches", "--resource")]
)
def test_what_a_log_cannot_tell_is_said(make_log, command, option, capsys):
    log = make_log([Event("1", "Order", 0), Event("1", "Ship", 60)])
    assert main(["process", command, str(log.folder)]) == 0
    told = capsys.readouterr()
    assert option in told.err
    assert not told.out


def test_hand_overs_begin_with_how_many_cases_they_concern(log, capsys):
    assert main(["process", "handovers", str(log.folder)]) == 0
    told = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    assert "departments: 1 of 2; comes straight back: 0" in told
    assert "at hand-overs: 100.0 %" in told
