import json
import os
import signal
import subprocess
import sys

import pytest
from tests.eventlog.desk import LONG, ask, at, refusals, trail

from zaplecze.errors import InputError
from zaplecze.eventlog import build, importer, open_log, workspace_for

ROWS = "case,activity,time\nA,x,2024-05-01\nB,y,2024-05-02\n"


def left_over(desk):
    return sorted(path.name for path in desk.store.parent.iterdir())


def test_a_new_log_takes_the_place_of_the_old_one(desk):
    desk.write("log.csv", ROWS)
    desk.build().close()
    desk.write("log.csv", ROWS + "C,z,2024-05-03\n")
    assert desk.build().info.cases == 3
    assert left_over(desk) == ["data", "store"]


def test_a_failure_in_the_middle_leaves_the_old_log(desk, monkeypatch):
    desk.write("log.csv", ROWS)
    desk.build().close()

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(importer, "write_refused", fail)
    with pytest.raises(OSError, match="disk full"):
        desk.build()
    log = open_log(desk.store)
    assert [row[:2] for row in trail(log)] == [("A", "x"), ("B", "y")]
    assert left_over(desk) == ["data", "store"]


def test_a_mistake_in_the_input_leaves_the_old_log(desk):
    desk.write("log.csv", ROWS)
    desk.build().close()
    desk.write("log.csv", "case,activity\nA,x\n")
    with pytest.raises(InputError):
        desk.build()
    assert open_log(desk.store).info.cases == 2


def test_a_failed_exchange_puts_the_old_log_back(desk, monkeypatch):
    desk.write("log.csv", ROWS)
    desk.build().close()
    rename = importer.Path.rename

    def fail_for_the_new_one(self, target):
        if self.name == "store" and self != desk.store:
            raise OSError("no more space")
        return rename(self, target)

    monkeypatch.setattr(importer.Path, "rename", fail_for_the_new_one)
    with pytest.raises(OSError, match="no more space"):
        desk.build()
    assert open_log(desk.store).info.cases == 2


def test_a_killed_import_leaves_the_old_log(desk):
    desk.write("log.csv", ROWS)
    desk.build().close()
    program = (
        "import sys; from pathlib import Path\n"
        "from zaplecze.eventlog import importer\n"
        "from zaplecze.workspace import load\n"
        "def stop(*_): print('writing', flush=True); sys.stdin.read()\n"
        "importer.write_refused = stop\n"
        "data, store = map(Path, sys.argv[1:])\n"
        "importer.build(load(data / 'zaplecze.toml'), data, store)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, desk.data, desk.store],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout.readline() == b"writing\n"
        os.kill(child.pid, signal.SIGKILL)
    assert open_log(desk.store).info.cases == 2


def test_folders_on_the_way_to_the_store_are_made(desk):
    desk.write("log.csv", ROWS)
    desk.store = desk.store / "deep" / "log"
    assert desk.build().info.cases == 2


def test_the_log_says_what_it_holds(desk):
    desk.write("log.csv", ROWS)
    stored = json.loads((desk.build().folder / "log.json").read_text())
    assert stored["name"] == {"en": "Test", "pl": "Test", "uk": "Test"}
    assert (stored["start"], stored["end"]) == ("2024-05-01T00:00:00Z", "2024-05-02T00:00:00Z")
    assert (stored["cases"], stored["events"]) == (2, 2)


def test_the_stored_types_are_those_that_are_documented(desk):
    desk.write("log.csv", ROWS)
    log = desk.build()
    types = {name: kind for name, kind, *_ in ask(log, "DESCRIBE events")}
    assert types == {
        "case": "UINTEGER", "activity": "USMALLINT", "resource": "UINTEGER",
        "department": "USMALLINT", "start": "TIMESTAMP", "end": "TIMESTAMP",
        "position": "UINTEGER", "next_activity": "USMALLINT", "wait_seconds": "DOUBLE",
    }  # fmt: skip
    types = {name: kind for name, kind, *_ in ask(log, "DESCRIBE variants")}
    assert types == {"variant": "UINTEGER", "activities": "USMALLINT[]", "cases": "BIGINT"}


def test_an_empty_log_has_the_same_types(desk):
    desk.write("log.csv", ROWS)
    full = ask(desk.build(), "DESCRIBE events")
    toml = LONG[: LONG.index("[[events]]")].replace("[case]", '[case]\nsource = "log"')
    assert ask(desk.build(toml), "DESCRIBE events") == full


def test_variants_are_ordered_by_how_common_they_are(desk):
    rows = [("A", "xy"), ("B", "yx"), ("C", "xy"), ("D", "x")]
    lines = [
        f"{case},{activity},2024-05-01 1{n}:00"
        for case, way in rows
        for n, activity in enumerate(way)
    ]
    desk.write("log.csv", "\n".join(["case,activity,time", *lines]))
    assert ask(desk.build(), "FROM variants") == [(0, [0, 1], 2), (1, [0], 1), (2, [1, 0], 1)]


def test_a_log_of_several_parts_is_that_of_one_part(desk, monkeypatch):
    lines = [
        f"C{n % 7},step {n * n % 5},2024-05-{n % 28 + 1:02} {n % 24:02}:00:00" for n in range(300)
    ]
    desk.write("log.csv", "\n".join(["case,activity,time", *lines]))
    whole = desk.build()
    tables = [ask(whole, f"FROM {table}") for table in ("events", "cases", "variants")]
    whole.close()
    monkeypatch.setattr("zaplecze.eventlog.neighbours._EVENTS_A_PART", 100)
    parts = desk.build()
    assert [ask(parts, f"FROM {table}") for table in ("events", "cases", "variants")] == tables
    assert len(list((desk.store / "events").iterdir())) > 1
    split = ask(
        parts,
        'SELECT "case" FROM read_parquet('
        f"'{desk.store}/events/*.parquet', filename = true) GROUP BY 1 "
        "HAVING count(DISTINCT filename) > 1",
    )
    assert split == []


def test_one_file_is_imported_by_naming_its_columns(desk):
    path = desk.write("visits.csv", "Nr;What;When;Until;Who\n1;call;2024-05-01;2024-05-02;Ann\n")
    workspace = workspace_for(
        path, case="Nr", activity="What", time="When", end="Until", resource="Who"
    )
    log = build(workspace, desk.data, desk.store)
    assert trail(log, 'case_id, name, "end"') == [("1", "call", at("2024-05-02"))]
    assert log.info.name["en"] == "visits"
    assert refusals(log) == []


def test_progress_goes_from_nothing_to_all(desk):
    desk.write("log.csv", ROWS)
    desk.build().close()
    steps = []
    workspace = workspace_for(desk.data / "log.csv", case="case", activity="activity", time="time")
    build(workspace, desk.data, desk.store, lambda stage, done: steps.append((str(stage), done)))
    shares = [done for _, done in steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
