import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
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

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zaplecze.placing.os.replace", fail)
    with pytest.raises(InputError, match="No space left on device"):
        desk.build()
    assert open_log(desk.store).info.cases == 2
    assert left_over(desk) == ["data", "store"]


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
    assert len(left_over(desk)) == 3
    desk.build().close()
    assert left_over(desk) == ["data", "store"]


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_whenever_an_import_is_killed_a_whole_log_is_there(desk, seed):
    desk.write("log.csv", ROWS)
    desk.build().close()
    program = (
        "import sys; from pathlib import Path\n"
        "from zaplecze.eventlog import build\n"
        "from zaplecze.workspace import load\n"
        "data, store = map(Path, sys.argv[1:])\n"
        "workspace = load(data / 'zaplecze.toml')\n"
        "print('ready', flush=True)\n"
        "while True: build(workspace, data, store).close()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, desk.data, desk.store], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout.readline() == b"ready\n"
        time.sleep(random.Random(seed).uniform(0.1, 0.8))
        os.kill(child.pid, signal.SIGKILL)
    log = open_log(desk.store)
    assert [row[:2] for row in trail(log)] == [("A", "x"), ("B", "y")]
    desk.build().close()
    assert left_over(desk) == ["data", "store"]


KEPT = {
    "a user's files": {"notes.txt": "mine"},
    "a log.json of others": {"log.json": '{"level": "debug"}'},
    "a broken log.json": {"log.json": "{"},
    "hidden files": {".git/HEAD": "ref"},
}


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_a_folder_that_holds_something_else_is_never_replaced(desk, kept):
    desk.write("log.csv", ROWS)
    for name, content in kept.items():
        (desk.store / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.store / name).write_text(content)
    first = next(iter(kept)).partition("/")[0]
    with pytest.raises(InputError, match=f"store: other things lie here already .{first}"):
        desk.build()
    assert {name: (desk.store / name).read_text() for name in kept} == kept


@pytest.mark.parametrize("name", ["notes.txt", "events/mine.parquet", "cases/more/x"])
def test_a_log_to_which_a_user_has_added_files_is_not_replaced(desk, name):
    desk.write("log.csv", ROWS)
    desk.build().close()
    (desk.store / name).parent.mkdir(exist_ok=True)
    (desk.store / name).write_text("mine")
    with pytest.raises(InputError, match=r"other things lie here already"):
        desk.build()
    assert (desk.store / name).read_text() == "mine"


def test_an_empty_folder_and_one_that_was_only_looked_at_are_used(desk):
    desk.write("log.csv", ROWS)
    desk.store.mkdir()
    (desk.store / ".DS_Store").write_text("icons")
    assert desk.build().info.cases == 2
    (desk.store / ".DS_Store").write_text("icons")
    assert desk.build().info.cases == 2


def test_a_file_is_not_replaced_by_a_log(desk):
    desk.write("log.csv", ROWS)
    desk.store.write_text("mine")
    with pytest.raises(InputError, match="this is a file, and a folder is needed"):
        desk.build()
    assert desk.store.read_text() == "mine"


def test_the_folder_in_which_one_works_is_not_replaced(desk, monkeypatch):
    desk.write("log.csv", ROWS)
    desk.store.mkdir()
    monkeypatch.chdir(desk.store)
    desk.store = Path()
    with pytest.raises(InputError, match="you are working in this folder"):
        desk.build()
    assert os.listdir() == []


@pytest.mark.parametrize("place", ["data/log.csv/deeper", "/proc/store"])
def test_a_place_that_cannot_be_written_is_told(desk, place):
    desk.write("log.csv", ROWS)
    desk.store = desk.data.parent / place
    with pytest.raises(InputError, match=r"cannot write there .* Choose another place"):
        desk.build()


def test_a_link_to_a_folder_stays_a_link(desk):
    desk.write("log.csv", ROWS)
    elsewhere = desk.data.parent / "elsewhere"
    elsewhere.mkdir()
    desk.store.symlink_to(elsewhere)
    assert desk.build().info.cases == 2
    assert desk.store.is_symlink()
    assert (elsewhere / "log.json").is_file()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"schema": 1}', '{"schema": 1, "refused": 5}', b"\xff\xfe"]
)
def test_a_broken_description_of_a_log_is_told(desk, content):
    desk.write("log.csv", ROWS)
    desk.build().close()
    broken = content if isinstance(content, bytes) else content.encode()
    (desk.store / "log.json").write_bytes(broken)
    with pytest.raises(InputError, match=r"damaged|another version"):
        open_log(desk.store)


@pytest.mark.parametrize("file", ["variants.parquet", "cases/part-0000.parquet"])
def test_a_log_without_one_of_its_files_is_told(desk, file):
    desk.write("log.csv", ROWS)
    desk.build().close()
    (desk.store / file).unlink()
    with pytest.raises(InputError, match=r"damaged: .*\.parquet cannot be read \(No such file"):
        open_log(desk.store)


def test_a_log_with_a_broken_table_is_told(desk):
    desk.write("log.csv", ROWS)
    desk.build().close()
    (desk.store / "cases" / "part-0000.parquet").write_text("no parquet")
    with pytest.raises(InputError, match="this event log is damaged"):
        ask(open_log(desk.store), "FROM cases")


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
    monkeypatch.setattr("zaplecze.eventlog.neighbours.EVENTS_A_PART", 100)
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


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_other_columns_of_one_file_are_kept(desk, ending):
    lines = (
        "case,activity,time,found,case:city,Resource,note\n"
        "A,call,2024-05-01,5,Kyiv,Ann,x\nA,end,2024-05-02,7,Kyiv,Bob,y\n"
    )
    path = desk.write("log.csv", lines)
    if ending == "parquet":
        path = desk.data / "log.parquet"
        pq.write_table(pa_csv.read_csv(desk.data / "log.csv"), path)
    workspace = workspace_for(path, case="case", activity="activity", time="time")
    log = build(workspace, desk.data, desk.store)
    assert ask(log, "SELECT found, note FROM events") == [(5.0, "x"), (7.0, "y")]
    assert ask(log, "SELECT city FROM cases") == [("Kyiv",)]
    (warning,) = log.info.warnings
    assert "'Resource'" in warning["en"]
    assert '--resource "Resource"' in warning["en"]
    assert refusals(log) == []
