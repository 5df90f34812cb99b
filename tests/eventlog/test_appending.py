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

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eventlog.desk import LONG, Desk, ask, at, refusals, trail

from zaplecze.errors import InputError
from zaplecze.eventlog import append, build, neighbours, open_log
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
    kept = {"cases", "events", "start", "end", "activities", "departments", "attributes", "outcomes"}
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


@settings(deadline=None, max_examples=15)
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
