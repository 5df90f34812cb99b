"""``zaplecze log``: what goes in, what comes out, what is told."""

import errno
import json
import os
import re

import openpyxl
import pyarrow.csv
import pytest

from zaplecze.cli import main

ROWS = """Nr;What;When
1;call;2024-05-01 10:00
1;answer;2024-05-01 12:00
2;call;yesterday
2;call
"""

COLUMNS = ["--case", "Nr", "--activity", "What", "--time", "When"]


@pytest.fixture
def visits(tmp_path):
    path = tmp_path / "visits.csv"
    path.write_text(ROWS)
    return path


@pytest.fixture
def store(visits, tmp_path, capsys):
    assert run_import(visits, tmp_path / "store") == 0
    capsys.readouterr()
    return tmp_path / "store"


def run_import(file, store, *more):
    return main(["log", "import", str(file), *COLUMNS, "--out", str(store), *more])


def test_an_import_says_what_it_read_and_what_it_refused(visits, tmp_path, capsys):
    assert run_import(visits, tmp_path / "store") == 0
    told = capsys.readouterr().out
    assert "Rows read from log (visits.csv)  4" in told
    assert "2 refusals" in told
    assert "yesterday" in told


def test_json_is_one_document_and_nothing_else(visits, tmp_path, capsys):
    assert run_import(visits, tmp_path / "store", "--json") == 0
    imported = json.loads(capsys.readouterr().out)
    assert (imported["cases"], imported["events"]) == (1, 2)
    assert imported["rows_read"] == {"log": 4}
    assert [(each["reason"], each["rows"]) for each in imported["refused"]] == [
        ("malformed_row", 1), ("unreadable_time", 1),
    ]  # fmt: skip
    assert set(imported["refused"][0]["sentence"]) == {"en", "pl", "uk"}
    assert main(["log", "info", str(tmp_path / "store"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "1 case and 2 events" in told.pop("portrait")[0]["sentences"][0]["en"]
    assert told == imported


def test_a_workspace_file_is_imported_with_its_data_elsewhere(visits, tmp_path, capsys):
    workspace = tmp_path / "files" / "zaplecze.toml"
    workspace.parent.mkdir()
    workspace.write_text(
        'name = "Visits"\n[sources.log]\nfile = "visits.csv"\n[case]\nkey = "Nr"\n'
        '[[events]]\nsource = "log"\nactivity = "What"\ntime = "When"\n[steps.Anser]\n'
    )
    arguments = ["log", "import", str(workspace), "--data", str(visits.parent)]
    assert main([*arguments, "--out", str(tmp_path / "store")]) == 0
    told = capsys.readouterr()
    assert "Visits" in told.out
    assert "The step 'Anser' never occurs in the log. Did you mean 'answer'?" in told.err


def test_refused_rows_are_listed(store, capsys):
    assert main(["log", "refused", str(store)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split()[:6] == ["log", "(visits.csv)", "3", "When", "yesterday", "2"]
    assert "2;call" in lines[3]


def test_refused_rows_as_json(store, capsys):
    assert main(["log", "refused", str(store), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["refused"] == [
        {"source": "log", "row": 3, "reason": "unreadable_time", "column": "When",
         "value": "yesterday", "case_id": "2"},
        {"source": "log", "row": 4, "reason": "malformed_row", "column": None,
         "value": "2;call", "case_id": None},
    ]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("ending", ["xes.gz", "csv", "parquet"])
def test_what_is_exported_is_imported_again_without_any_option(store, tmp_path, capsys, ending):
    assert main(["log", "info", str(store), "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    file = tmp_path / "exported" / f"log.{ending}"
    assert main(["log", "export", str(store), "--out", str(file)]) == 0
    assert f"The log is in {file}." in capsys.readouterr().err
    again = ["log", "import", str(file), "--out", str(tmp_path / "again"), "--json"]
    assert main(again) == 0
    after = json.loads(capsys.readouterr().out)
    same = ("cases", "events", "start", "end", "activities", "departments", "attributes")
    assert {key: after[key] for key in same} == {key: before[key] for key in same}


@pytest.mark.long
def test_a_long_list_is_cut_and_says_so(visits, tmp_path, capsys):
    visits.write_text(ROWS + "3;call;2024-05-01 10:00\n" * 900 + "3;;2024-05-01\n" * 600)
    assert run_import(visits, tmp_path / "store") == 0
    capsys.readouterr()
    assert main(["log", "refused", str(tmp_path / "store")]) == 0
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 502
    assert "Shown: 500 of 602." in told.err


@pytest.mark.parametrize("command", ["info", "refused"])
def test_a_folder_without_a_log_is_told(command, tmp_path, capsys):
    assert main(["log", command, str(tmp_path)]) == 2
    assert "there is no event log here" in capsys.readouterr().err


def test_a_folder_is_no_file_of_events(visits, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(visits.parent)
    assert run_import(".", tmp_path / "store") == 2
    assert ".: this is a folder. Name one file of events in it" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


def test_a_store_in_a_folder_of_the_user_is_refused_and_the_folder_stays(visits, tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    assert run_import(visits, tmp_path / "mine") == 2
    assert "other things lie here already (diary.txt)" in capsys.readouterr().err
    assert (tmp_path / "mine" / "diary.txt").read_text() == "dear"


@pytest.mark.parametrize("out", [".", "visits.csv", "visits.csv/store", "/proc/store"])
def test_a_place_that_cannot_take_a_log_is_bad_input(visits, out, capsys, monkeypatch):
    monkeypatch.chdir(visits.parent)
    assert run_import(visits, out) == 2
    assert re.search("--out|Choose another place", capsys.readouterr().err)
    assert visits.read_text() == ROWS
    assert sorted(path.name for path in visits.parent.iterdir()) == ["visits.csv"]


def test_a_map_that_cannot_be_written_is_bad_input(store, capsys):
    assert main(["process", "map", str(store), "--out", "/proc/map.svg"]) == 2
    assert "/proc: cannot write there" in capsys.readouterr().err


def test_a_broken_description_of_a_log_is_bad_input(store, capsys):
    (store / "log.json").write_text("{")
    assert main(["log", "info", str(store)]) == 2
    assert "this event log is damaged: log.json cannot be read" in capsys.readouterr().err


def test_columns_that_are_not_named_are_asked_for(visits, tmp_path, capsys):
    arguments = ["log", "import", str(visits), "--case", "Nr", "--out", str(tmp_path / "store")]
    assert main(arguments) == 2
    assert "Give --activity --time" in capsys.readouterr().err


def test_a_missing_file_is_told(tmp_path, capsys):
    assert run_import(tmp_path / "none.csv", tmp_path / "store") == 2
    assert "There is no file 'none.csv'" in capsys.readouterr().err


@pytest.mark.long
def test_rows_are_added_to_a_log(visits, store, tmp_path, capsys):
    new = tmp_path / "later" / "visits.csv"
    new.parent.mkdir()
    new.write_text("Nr;What;When\n1;call;2024-05-01 10:00\n2;call;2024-05-03 10:00\n")
    columns = ["--case", "Nr", "--activity", "What", "--time", "When"]
    assert main(["log", "append", str(store), str(new), *columns, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["cases"], document["events"]) == (2, 3)
    assert document["rows_read"] == {"log": 4, "log+1": 2}
    assert document["files"]["log+1"] == "visits.csv"
    assert [each["reason"] for each in document["refused"] if each["source"] == "log+1"] == [
        "duplicate"
    ]


def test_the_zone_of_times_without_one_can_be_given(visits, tmp_path, capsys):
    zone = ["--time-zone", "Europe/Warsaw", "--json"]
    assert run_import(visits, tmp_path / "store", *zone) == 0
    assert json.loads(capsys.readouterr().out)["start"] == "2024-05-01T08:00:00Z"
    assert run_import(visits, tmp_path / "store", "--time-zone", "Warsaw") == 2
    assert "there is no time zone 'Warsaw'" in capsys.readouterr().err


@pytest.fixture
def files_of_events(store, tmp_path):
    """By ending, the same log as a file."""
    for ending in ("csv", "parquet", "xes.gz"):
        assert main(["log", "export", str(store), "--out", str(tmp_path / f"log.{ending}")]) == 0
    with pyarrow.csv.open_csv(tmp_path / "log.csv") as rows:
        table = rows.read_all()
    book = openpyxl.Workbook()
    book.active.append(table.column_names)
    for row in table.to_pylist():
        book.active.append([each and str(each) for each in row.values()])
    book.save(tmp_path / "log.xlsx")
    return tmp_path


@pytest.mark.long
@pytest.mark.parametrize("ending", ["csv", "parquet", "xes.gz", "xlsx"])
def test_a_file_of_events_is_described_without_a_store(files_of_events, capsys, ending):
    capsys.readouterr()
    columns = ["--case", "case:concept:name", "--activity", "concept:name"]
    columns += ["--time", "time:timestamp"]
    given = columns if ending == "xlsx" else []
    assert main(["log", "info", str(files_of_events / f"log.{ending}"), "--json", *given]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["cases"], told["events"], told["activities"]) == (1, 2, ["call", "answer"])
    assert told["portrait"]


def test_a_file_is_told_with_its_warnings_once(visits, capsys):
    visits.write_text("Nr;What;When\n1;call;31.01.2024 10:00\n1;answer;01.02.2024 10:00\n")
    columns = ["--case", "Nr", "--activity", "What", "--time", "When"]
    assert main(["log", "info", str(visits), *columns]) == 0
    told = capsys.readouterr()
    assert told.err.count("are read as %d.%m.%Y %H:%M") == 1
    assert "1 case and 2 events" in told.out


@pytest.mark.long
def test_a_file_of_one_format_becomes_one_of_another(visits, tmp_path, capsys):
    columns = ["--case", "Nr", "--activity", "What", "--time", "When"]
    out = tmp_path / "visits.xes"
    assert main(["log", "export", str(visits), *columns, "--out", str(out)]) == 0
    assert main(["log", "info", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == 2


def test_what_a_file_would_lose_is_listed_before_it_is_imported(visits, capsys):
    columns = ["--case", "Nr", "--activity", "What", "--time", "When"]
    assert main(["log", "refused", str(visits), *columns, "--json"]) == 0
    reasons = [each["reason"] for each in json.loads(capsys.readouterr().out)["refused"]]
    assert reasons == ["unreadable_time", "malformed_row"]


@pytest.mark.parametrize("command", [["info"], ["export", "--out", "log.xes"]])
def test_a_file_whose_columns_are_not_named_asks_for_them(visits, command, capsys, monkeypatch):
    monkeypatch.chdir(visits.parent)
    assert main(["log", command[0], str(visits), *command[1:]]) == 2
    assert "Give --case --activity --time" in capsys.readouterr().err


def test_a_file_is_named_once_in_what_is_told_of_it(visits, tmp_path, capsys):
    visits.write_text("")
    assert run_import(visits, tmp_path / "store") == 2
    assert capsys.readouterr().err == "The file 'visits.csv' is empty. Export it again.\n"


def test_a_full_disk_is_told_as_such(visits, tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("zaplecze.eventlog.build", full)
    assert run_import(visits, tmp_path / "store") == 2
    assert "no room left on the disk" in capsys.readouterr().err


def test_without_refused_rows_that_is_said(store, capsys):
    rows = "Nr,What,When\n1,call,2024-05-01 10:00\n"
    whole = store.parent / "whole.csv"
    whole.write_text(rows)
    assert main(["log", "refused", str(whole), *COLUMNS]) == 0
    told = capsys.readouterr()
    assert told.err == "No row was refused.\n"
    assert not told.out
