"""Rows that are added to a stored log, beside an import of all rows together."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eventlog.desk import LONG, Desk, ask, at, refusals, trail

from zaplecze.errors import InputError
from zaplecze.eventlog import append, build, export, neighbours, open_log, workspace_for
from zaplecze.workspace import load

ROWS = "case,activity,time\nA,x,2024-05-01\nB,y,2024-05-02\n"
TABLES = ("events", "cases", "variants", "resources")


def added(desk, rows, toml=LONG, name="log.csv"):
    """ROWS added to the log of the desk, from a folder of their own."""
    folder = desk.data.parent / "new"
    folder.mkdir(exist_ok=True)
    for file, content in ({name: rows} if isinstance(rows, str) else rows).items():
        (folder / file).write_text(content)
    path = folder / "zaplecze.toml"
    path.write_text(toml, encoding="utf-8")
    return append(load(path), folder, desk.store)


def contents(log):
    """Everything that analyses read."""
    found = {table: ask(log, f"FROM {table}") for table in TABLES}
    types = {table: ask(log, f"DESCRIBE {table}") for table in TABLES}
    facts = log.info.to_dict()
    kept = {
        "cases",
        "events",
        "start",
        "end",
        "activities",
        "departments",
        "attributes",
        "outcomes",
    }
    return found, types, {key: facts[key] for key in kept}


FULL = (
    LONG
    + """end = "end"
resource = "who"
department = "team"
attributes = ["pages", "note"]
[attributes.amount]
aggregate = "sum"
[attributes.kind]
aggregate = "last"
[attributes.town]
aggregate = "first"
[outcomes.worst]
kind = "count"
column = "amount"
aggregate = "max"
time = "time"
"""
)
HEADER = "case,activity,time,end,who,team,pages,note,amount,kind,town"

rows = st.tuples(
    st.sampled_from(["A", "B", "00123", "NA", "ż"]),
    st.sampled_from("xyz"),
    st.integers(0, 5),
    st.integers(0, 2),
    st.sampled_from(["", "Ann", "Bob"]),
    st.sampled_from(["", "Desk", "Back"]),
    st.sampled_from(["", "1", "2.5"]),
    st.sampled_from(["", "n1", "7"]),
    st.sampled_from(["", "3", "8"]),
    st.sampled_from(["", "k1", "k2"]),
    st.sampled_from(["", "t1", "t2"]),
)


def line(row):
    case, activity, start, length, *rest = row
    times = [f"2024-05-01 10:0{start}:00", f"2024-05-01 10:0{start + length}:00"]
    return ",".join([case, activity, *times, *rest])


def as_csv(found):
    return "\n".join([HEADER, *map(line, found)]) + "\n"


# What settles the kinds of the columns.
FIRST = [("A", "x", 0, 0, "Ann", "Desk", "1", "n1", "3", "k1", "t1")]


def without_repetitions(old, new):
    """NEW without as many of each event as OLD has; what only the case keeps makes no event."""
    left, kept = Counter(row[:8] for row in old), []
    for row in new:
        if left[row[:8]] > 0:
            left[row[:8]] -= 1
        else:
            kept.append(row)
    return kept


@settings(deadline=None, max_examples=4)
@given(old=st.lists(rows, max_size=12), new=st.lists(rows, min_size=1, max_size=8))
def test_a_log_with_rows_added_is_the_log_of_all_rows(old, new):
    old = FIRST + old
    fresh = without_repetitions(old, new)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "EVENTS_A_PART", 4)
        patch.setattr("zaplecze.eventlog.appending.parts.EVENTS_A_PART", 4)
        desk = Desk(Path(folder))
        desk.write("log.csv", as_csv(old))
        desk.build(FULL).close()
        log = added(desk, as_csv(new), FULL)
        assert log.info.rows_read == {"log": len(old), "log+1": len(new)}
        repeated = [row for row in log.info.refused if row.reason == "duplicate"]
        assert sum(row.rows for row in repeated) == len(new) - len(fresh)
        found = contents(log)
        log.close()
        desk.write("log.csv", as_csv(old + fresh))
        whole = desk.build(FULL)
        assert found == contents(whole)
        whole.close()


IDS = LONG + 'id = "id"\n'


def test_an_event_with_a_known_identifier_takes_the_place_of_the_stored_one(desk):
    desk.write(
        "log.csv", "case,activity,time,id\nA,x,2024-05-01,1\nA,y,2024-05-03,2\nB,x,2024-05-01,3\n"
    )
    desk.build(IDS).close()
    log = added(desk, "case,activity,time,id\nA,x,2024-05-04,1\nB,x,2024-05-01,3\n", IDS)
    assert trail(log, "case_id, name, start, event_id") == [
        ("A", "y", at("2024-05-03"), "2"),
        ("A", "x", at("2024-05-04"), "1"),
        ("B", "x", at("2024-05-01"), "3"),
    ]
    assert refusals(log) == [("log+1", 2, "duplicate", "id", "3", "B")]


def test_a_correction_that_takes_the_last_event_of_a_case_is_refused(desk):
    desk.write("log.csv", "case,activity,time,id\nA,x,2024-05-01,1\nB,x,2024-05-01,3\n")
    desk.build(IDS).close()
    with pytest.raises(InputError, match="The case 'A' would have no events any more"):
        added(desk, "case,activity,time,id\nB,x,2024-05-04,1\n", IDS)


JOINED = """
name = "Test"
[sources.orders]
file = "orders.csv"
[sources.ratings]
file = "ratings.csv"
[case]
key = "order"
source = "orders"
[[events]]
source = "orders"
activities = { ordered = "ordered", sent = "sent" }
[steps.sent.due]
column = "promised"
[attributes.town]
[outcomes.stars]
source = "ratings"
kind = "rating"
scale = [1, 5]
column = "stars"
time = "when"
[outcomes.answers]
source = "ratings"
kind = "count"
"""
ORDERS = "order,ordered,sent,promised,town\nA,2024-05-01,,2024-05-05,Łódź\nB,2024-05-02,2024-05-03,2024-05-05,Lviv\n"
RATINGS = "order,stars,when\nB,4,2024-05-09\n"


@pytest.mark.long
def test_promises_and_outcomes_of_touched_cases_are_carried_on(desk):
    desk.write("orders.csv", ORDERS)
    desk.write("ratings.csv", RATINGS)
    desk.build(JOINED).close()
    orders = ORDERS.splitlines()[0] + "\nA,2024-05-01,2024-05-08,2024-05-07,\nC,2024-05-06,,,Lviv\n"
    ratings = "order,stars,when\nA,1,2024-05-10\nB,2,2024-05-11\n"
    log = added(desk, {"orders.csv": orders, "ratings.csv": ratings}, JOINED)
    columns = 'case_id, events, town, "due.sent", stars, "stars.time", answers'
    assert ask(log, f"SELECT {columns} FROM cases") == [
        ("A", 2, "Łódź", at("2024-05-07"), 1.0, at("2024-05-10"), 1.0),
        ("B", 2, "Lviv", at("2024-05-05"), 4.0, at("2024-05-09"), 2.0),
        ("C", 1, "Lviv", None, None, None, 0.0),
    ]
    assert refusals(log) == [("ratings+1", 2, "duplicate_key", "stars", "2", "B")]


@pytest.mark.long
def test_a_source_without_a_file_has_no_new_rows_and_that_is_told(desk):
    desk.write("orders.csv", ORDERS)
    desk.write("ratings.csv", RATINGS)
    desk.build(JOINED).close()
    log = added(desk, {"ratings.csv": "order,stars,when\nA,1,2024-05-10\n"}, JOINED)
    assert ask(log, "SELECT case_id, events, stars FROM cases") == [("A", 1, 1.0), ("B", 2, 4.0)]
    assert "there is no file 'orders.csv'" in log.info.warnings[-1]["en"]


@pytest.mark.long
def test_what_counts_different_values_cannot_be_carried_on(desk):
    toml = LONG + '[attributes.whats]\ncolumn = "activity"\naggregate = "distinct"\n'
    desk.write("log.csv", ROWS)
    desk.build(toml).close()
    assert added(desk, "case,activity,time\nC,z,2024-05-03\n", toml).info.cases == 3
    with pytest.raises(InputError, match="'distinct' cannot be carried on for the case 'A'"):
        added(desk, "case,activity,time\nA,z,2024-05-03\n", toml)


OTHER = {
    "attributes": (LONG + 'attributes = ["time"]\n', "not the same: time"),
    "case attributes": (LONG + '[attributes.time]\nkind = "category"\n', "not the same: time"),
    "lifecycles": (LONG + 'lifecycle = "activity"\n', "which starts still wait"),
}


@pytest.mark.parametrize(("toml", "match"), OTHER.values(), ids=OTHER)
def test_rows_that_bring_other_things_are_not_added(desk, toml, match):
    desk.write("log.csv", ROWS)
    desk.build().close()
    with pytest.raises(InputError, match=match):
        added(desk, ROWS, toml)
    assert open_log(desk.store).info.events == 2


def test_a_word_in_a_column_of_numbers_is_told_with_its_row(desk):
    toml = LONG + 'attributes = ["pages"]\n'
    desk.write("log.csv", "case,activity,time,pages\nA,x,2024-05-01,3\n")
    desk.build(toml).close()
    with pytest.raises(
        InputError, match=r"held only numbers so far, and row 2 of log\.csv has 'many'"
    ):
        added(desk, "case,activity,time,pages\nA,x,2024-05-02,\nA,x,2024-05-03,many\n", toml)


@pytest.mark.long
def test_files_of_events_without_touched_cases_are_not_written_again(desk, monkeypatch):
    monkeypatch.setattr(neighbours, "EVENTS_A_PART", 3)
    monkeypatch.setattr("zaplecze.eventlog.appending.parts.EVENTS_A_PART", 3)
    lines = [f"{case},x,2024-05-01 10:0{n}" for case in "ABCD" for n in range(2)]
    desk.write("log.csv", "\n".join(["case,activity,time", *lines]))
    desk.build().close()
    before = {path.name: path.stat().st_ino for path in (desk.store / "events").iterdir()}
    added(desk, "case,activity,time\nB,y,2024-05-02\nE,y,2024-05-02\n").close()
    after = {path.name: path.stat().st_ino for path in (desk.store / "events").iterdir()}
    assert len(before) == 4
    kept = {name for name in before if after[name] == before[name]}
    assert kept == {"part-0000.parquet", "part-0002.parquet"}


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2))
def test_whenever_an_addition_is_killed_a_whole_log_is_there(desk, seed):
    desk.write("log.csv", ROWS)
    desk.build().close()
    folder = desk.data.parent / "new"
    folder.mkdir()
    (folder / "log.csv").write_text("case,activity,time\nA,x,2024-05-03\n")
    (folder / "zaplecze.toml").write_text(LONG)
    program = (
        "import sys; from pathlib import Path\n"
        "from zaplecze.eventlog import append\n"
        "from zaplecze.workspace import load\n"
        "data, store = map(Path, sys.argv[1:])\n"
        "workspace = load(data / 'zaplecze.toml')\n"
        "print('ready', flush=True)\n"
        "while True: append(workspace, data, store).close()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, folder, desk.store], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout.readline() == b"ready\n"
        time.sleep(random.Random(seed).uniform(0.1, 0.8))
        os.kill(child.pid, signal.SIGKILL)
    added(desk, "case,activity,time\nA,x,2024-05-03\n").close()
    log = open_log(desk.store)
    assert [row[:2] for row in trail(log)] == [("A", "x"), ("A", "x"), ("B", "y")]
    assert sorted(path.name for path in desk.store.parent.iterdir()) == ["data", "new", "store"]


@pytest.mark.long
def test_a_real_log_cut_in_two_by_time_comes_together_again(desk, shared_data):
    whole = build(
        workspace_for(shared_data / "helpdesk-italian" / "helpdesk.xes.gz"),
        shared_data / "helpdesk-italian",
        desk.data / "whole",
    )
    table = desk.data / "all.parquet"
    export(whole, table)
    connection = duckdb.connect()
    times = f"SELECT *, file_row_number AS n FROM read_parquet('{table}', file_row_number = true)"
    for place, late in ((desk.data, "<"), (desk.data.parent / "new", ">=")):
        place.mkdir(exist_ok=True)
        connection.execute(
            f"COPY (SELECT * EXCLUDE n FROM ({times}) WHERE \"time:timestamp\" {late} '2012-06-01' "
            f"ORDER BY n) TO '{place / 'log.parquet'}' (FORMAT parquet)"
        )
    file = desk.data / "log.parquet"
    build(workspace_for(file), desk.data, desk.store).close()
    log = append(workspace_for(file), desk.data.parent / "new", desk.store)
    assert 0 < log.info.rows_read["log+1"] < log.info.events == whole.info.events
    trails = [
        ask(each, 'SELECT case_id, list(activity ORDER BY e.position), sum(wait_seconds) FROM events e '
            'JOIN cases USING ("case") GROUP BY 1 ORDER BY 1')
        for each in (log, whole)
    ]  # fmt: skip
    names = [each.activities for each in (log, whole)]
    named = [
        [(case, [own[code] for code in codes], wait) for case, codes, wait in found]
        for found, own in zip(trails, names, strict=True)
    ]
    assert named[0] == named[1]
