"""Rows that are odd and right, and rows that are odd and wrong."""

import pytest
from tests.eventlog.desk import LONG, ask, at, refusals, trail

from zaplecze.errors import InputError
from zaplecze.eventlog import build, workspace_for

HEADER = "case,activity,time\n"


@pytest.mark.parametrize("ending", ["csv", "xes"])
def test_identifiers_keep_their_text(desk, ending):
    """Leading zeros are no padding, and NA is the initials of somebody."""
    ids = ["00123", "123", "1e3", "1000", "NA", "null", "NaN", "0x1A", "+7", "1.0"]
    if ending == "csv":
        path = desk.write("log.csv", HEADER + "".join(f"{i},00{i},2024-05-01\n" for i in ids))
        workspace = workspace_for(path, case="case", activity="activity", time="time")
    else:
        path = desk.write("log.xes", "<log>" + "".join(trace(i) for i in ids) + "</log>")
        workspace = workspace_for(path)
    log = build(workspace, desk.data, desk.store)
    assert [row[:2] for row in trail(log)] == [(i, "00" + i) for i in ids]


def trace(case):
    return (
        f'<trace><string key="concept:name" value="{case}"/><event>'
        f'<string key="concept:name" value="00{case}"/>'
        '<date key="time:timestamp" value="2024-05-01T00:00:00Z"/></event></trace>'
    )


def test_times_that_are_not_in_the_form_of_the_others_are_refused(imported):
    rows = [f"A,x,2024-05-{day:02} 10:00" for day in range(1, 10)]
    log = imported(HEADER + "\n".join([*rows, "A,x,10.05.2024 10:00", "A,x,05/11/2024"]))
    assert [row[1:5] for row in refusals(log)] == [
        (10, "unreadable_time", "time", "10.05.2024 10:00"),
        (11, "unreadable_time", "time", "05/11/2024"),
    ]


def test_times_of_three_iso_forms_are_read(imported):
    times = ["2024-05-01", "2024-05-01T12:00:00+02:00", "2024-05-01 11:00:00.5"]
    log = imported(HEADER + "".join(f"A,x,{time}\n" for time in times))
    found = [start for _, _, start in trail(log)]
    assert found == [at("2024-05-01"), at("2024-05-01 10:00"), at("2024-05-01 11:00:00.500")]


def test_ten_thousand_activities_are_kept_apart(imported):
    rows = "".join(f"{n % 100},step {n},2024-05-01 10:00\n" for n in range(10_000))
    log = imported(HEADER + rows)
    assert len(log.activities) == 10_000
    assert log.activities[9_999] == "step 9999"


def test_more_activities_than_there_are_codes_are_refused(imported):
    rows = "".join(f"A,step {n},2024-05-01 10:00\n" for n in range(65_536))
    with pytest.raises(InputError, match="chosen as 'activity' has 65536 different values"):
        imported(HEADER + rows)


@pytest.mark.long
def test_a_case_of_many_events_stays_in_one_piece(desk, monkeypatch):
    monkeypatch.setattr("zaplecze.eventlog.neighbours.EVENTS_A_PART", 1_000)
    rows = "".join(f"A,x,2024-05-01 10:00:{n % 60:02}\n" for n in range(50_000))
    desk.write("log.csv", f"{HEADER}{rows}B,y,2024-05-01\n")
    log = desk.build()
    assert ask(log, "SELECT events, rework FROM cases") == [(50_000, 49_999), (1, 0)]
    assert ask(log, 'SELECT max(position), sum(wait_seconds) FROM events WHERE "case" = 0') == [
        (49_999, 59.0)
    ]


def test_events_without_a_name_are_refused(imported):
    log = imported(HEADER + "A,x,2024-05-01\nA,,2024-05-02\nA, ,2024-05-03\nA,\u00a0,2024-05-04\n")
    assert [row[1:5] for row in refusals(log)] == [
        (2, "no_activity", "activity", None),
        (3, "no_activity", "activity", " "),
        (4, "no_activity", "activity", "\u00a0"),
    ]
    assert log.activities == ["x"]


def test_events_whose_case_is_only_blanks_are_refused(imported):
    log = imported(HEADER + "A,x,2024-05-01\n  ,x,2024-05-02\n\u00a0,x,2024-05-03\n")
    assert [row[1:5] for row in refusals(log)] == [
        (2, "no_case", "case", "  "),
        (3, "no_case", "case", "\u00a0"),
    ]
    assert [row[0] for row in trail(log)] == ["A"]


def test_rows_of_the_cases_own_table_whose_key_is_only_blanks_are_refused(desk):
    desk.write("log.csv", HEADER + "A,x,2024-05-01\n  ,x,2024-05-02\n")
    desk.write("cases.csv", "case,town\nA,Lviv\n  ,Kyiv\n")
    table = '[sources.cases]\nfile = "cases.csv"\n[case]\nsource = "cases"'
    log = desk.build(LONG.replace("[case]", table) + "[attributes.town]\n")
    assert [row[:5] for row in refusals(log)] == [
        ("cases", 2, "no_case", "case", "  "),
        ("log", 2, "no_case", "case", "  "),
    ]


def test_names_of_blanks_are_nobodys(imported):
    rows = "A,x,2024-05-01, \nA,y,2024-05-02,Ann\n"
    log = imported("case,activity,time,who\n" + rows, 'resource = "who"\n')
    assert ask(log, "SELECT name FROM resources") == [("Ann",)]
    assert log.info.refused == []


def test_events_of_the_same_instant_keep_the_order_of_the_file(imported):
    rows = [("A", name, "2024-05-01 10:00") for name in "zyxw"]
    log = imported(HEADER + "\n".join(",".join(row) for row in rows))
    assert [name for _, name, _ in trail(log)] == list("zyxw")


def test_steps_that_end_before_they_start_are_refused(imported):
    rows = "A,x,2024-05-02,2024-05-01\nA,y,2024-05-02,2024-05-03\n"
    log = imported("case,activity,time,end\n" + rows, 'end = "end"\n')
    assert [row[1:3] for row in refusals(log)] == [(1, "end_before_start")]


def test_times_without_a_zone_are_clock_times_of_the_zone_that_is_given(desk):
    path = desk.write("log.csv", HEADER + "A,x,2024-07-01 10:00\nA,y,2024-07-01T10:00:00Z\n")
    columns = {"case": "case", "activity": "activity", "time": "time"}
    log = build(workspace_for(path, time_zone="Europe/Kyiv", **columns), desk.data, desk.store)
    assert [start.hour for _, _, start in trail(log)] == [7, 10]
    assert log.info.time_zone == "Europe/Kyiv"
    with pytest.raises(InputError, match="there is no time zone 'Europe/Kiev2'"):
        workspace_for(path, time_zone="Europe/Kiev2", **columns)
