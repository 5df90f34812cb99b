"""Every reason to refuse a row, each from a tiny file."""

import pytest
from tests.eventlog.desk import LONG, refusals

from zaplecze.eventlog import reason_text
from zaplecze.eventlog.reasons import REASONS

GOOD = "A,x,2024-05-01\n" * 10
CASES = '[sources.cases]\nfile = "cases.csv"\n[case]\nsource = "cases"\n'
OUTCOME = '[outcomes.y]\nsource = "log"\non = "case"\ncolumn = "y"\naggregate = "max"\n'

LOOK_UP = """
[sources.cases]
file = "cases.csv"
[sources.towns]
file = "towns.csv"
[attributes.size]
source = "towns"
on = { town = "town" }
"""

# reason: (row after ten good ones, columns of the log, further TOML, refused row, column, value)
LINES = {
    "malformed_row": ("A,x", "", "", 11, None, "A,x"),
    "bad_encoding": (b"A,\xb3,2024-05-01", "", "", 11, None, None),
    "no_case": (",x,2024-05-01", "", "", 11, "case", None),
    "no_activity": ("A,,2024-05-01", "", "", 11, "activity", None),
    "no_time": ("A,x,", "", "", 11, "time", None),
    "unreadable_time": ("A,x,soon", "", "", 11, "time", "soon"),
    "end_before_start": (
        "A,x,2024-05-02,2024-05-01", ",end", 'end = "end"\n', 11, "end", "2024-05-01",
    ),
    "other_transition": (
        "A,x,2024-05-02,assign", ",life", 'lifecycle = "life"\n', 11, "life", "assign",
    ),
    "duplicate": ("A,x,2024-05-02,7\nA,z,2024-05-03,7", ",id", 'id = "id"\n', 12, "id", "7"),
    "duplicate_key": ("A,x,2024-05-02,7\nA,x,2024-05-02,8", ",y", "[attributes.y]\n", 12, "y", "8"),
    "unreadable_number": (
        "A,x,2024-05-02,much", ",y", f'{OUTCOME}kind = "amount"\n', 11, "y", "much",
    ),
    "outside_scale": (
        "A,x,2024-05-02,6", ",y", f'{OUTCOME}kind = "rating"\nscale = [1, 5]\n', 11, "y", "6",
    ),
    "unknown_value": ("A,x,2024-05-02,hm", ",y", f'{OUTCOME}kind = "yes_no"\n', 11, "y", "hm"),
    "unknown_case": ("Z,x,2024-05-02", "", "cases", 11, "case", "Z"),
    "unreferenced": ("A,x,2024-05-02", "", LOOK_UP, 2, "town", "Kyiv"),
    "case_without_events": ("A,x,2024-05-02", "", "cases", 2, "case", "B"),
}  # fmt: skip


@pytest.mark.parametrize("reason", LINES)
def test_a_row_is_refused_for_the_right_reason(desk, reason):
    bad, columns, extra, row, column, value = LINES[reason]
    bad = bad if isinstance(bad, bytes) else bad.encode()
    good = GOOD.replace("\n", "," * columns.count(",") + "\n")
    desk.write("log.csv", f"case,activity,time{columns}\n{good}".encode() + bad + b"\n")
    second = "B,Lviv\n" if reason == "case_without_events" else ""
    desk.write("cases.csv", f"case,town\nA,Lviv\n{second}")
    desk.write("towns.csv", "town,size\nLviv,700\nKyiv,3000\n")
    toml = LONG.replace("[case]\n", CASES) if extra == "cases" else LONG + extra
    if reason == "unreferenced":
        toml = toml.replace("[case]\n", '[case]\nsource = "cases"\n')
    found = [each[1:5] for each in refusals(desk.build(toml))]
    if reason == "bad_encoding":
        found = [(*each[:3], None) for each in found]
    assert found == [(row, reason, column, value)]


def test_every_reason_is_tried():
    assert set(LINES) == set(REASONS)


def test_a_case_table_tells_repeated_rows_from_contradictions(desk):
    desk.write("log.csv", "case,activity,time\nA,x,2024-05-01\n")
    desk.write("cases.csv", "case,town\nA,Lviv\nA,Lviv\nA,Kyiv\n,Kyiv\n")
    log = desk.build(LONG.replace("[case]\n", CASES) + "[attributes.town]\n")
    assert refusals(log) == [
        ("cases", 2, "duplicate", "case", "A", "A"),
        ("cases", 3, "duplicate_key", "case", "A", "A"),
        ("cases", 4, "no_case", "case", None, None),
    ]


def test_the_summary_counts_what_the_list_lists(desk):
    desk.write("log.csv", "case,activity,time\n" + GOOD + "A,x,soon\nA,x,late\n,x,2024-05-01\nA\n")
    log = desk.build()
    assert [(each.source, each.reason, each.rows) for each in log.info.refused] == [
        ("log", "malformed_row", 1),
        ("log", "no_case", 1),
        ("log", "unreadable_time", 2),
    ]
    assert log.info.rows_read == {"log": 14}


def test_a_reason_of_a_newer_version_is_shown_as_it_is():
    assert str(reason_text("from_the_future")) == "from_the_future"
