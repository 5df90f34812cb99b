import itertools
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.eventlog.desk import LONG, Desk, ask, at, refusals, trail

from zaplecze.errors import InputError

WIDE = """
name = "Test"
[sources.orders]
file = "orders.csv"
[case]
source = "orders"
key = "id"
[[events]]
source = "orders"
[events.activities]
Sold = "sold"
Packed = { start = "packed", end = "sent", resource = "who" }
Billed = "billed"
"""


def test_a_wide_table_has_an_event_for_every_time_that_is_there(desk):
    desk.write(
        "orders.csv",
        "id,sold,packed,sent,who,billed\n"
        "7,2024-05-01,2024-05-03 10:00,2024-05-03 12:00,Ann,2024-05-02\n"
        "8,2024-05-01,,,,\n",
    )
    log = desk.build(WIDE)
    assert trail(log, 'case_id, name, start, "end"') == [
        ("7", "Sold", at("2024-05-01"), at("2024-05-01")),
        ("7", "Billed", at("2024-05-02"), at("2024-05-02")),
        ("7", "Packed", at("2024-05-03 10:00"), at("2024-05-03 12:00")),
        ("8", "Sold", at("2024-05-01"), at("2024-05-01")),
    ]
    assert log.activities == ["Sold", "Packed", "Billed"]
    assert ask(log, "SELECT name FROM resources") == [("Ann",)]
    assert log.info.refused == []


def test_a_refused_row_of_the_case_table_gives_no_events_and_is_listed_once(desk):
    desk.write(
        "orders.csv",
        "id,sold,packed,sent,who,billed\n"
        "7,2024-05-01,2024-05-03,,Ann,2024-05-02\n"
        "7,2024-05-01,2024-05-03,,Ann,2024-05-02\n"
        "7,2024-06-01,never,,Ann,2024-06-02\n"
        ",2024-07-01,2024-07-01,,Bob,2024-07-02\n",
    )
    log = desk.build(WIDE)
    assert [row[1:] for row in trail(log)] == [
        ("Sold", at("2024-05-01")), ("Billed", at("2024-05-02")), ("Packed", at("2024-05-03")),
    ]  # fmt: skip
    assert refusals(log) == [
        ("orders", 2, "duplicate", "id", "7", "7"),
        ("orders", 3, "duplicate_key", "id", "7", "7"),
        ("orders", 4, "no_case", "id", None, None),
    ]


def test_rows_of_a_log_that_is_its_own_table_of_cases_are_events_and_not_repetitions(desk):
    desk.write(
        "log.csv", "case,activity,time,town\nA,x,2024-05-01,Lviv\nA,y,2024-05-02,Lviv\n"
        "A,z,2024-05-03,Kyiv\n",
    )  # fmt: skip
    log = desk.build(LONG.replace("[case]", '[case]\nsource = "log"') + "[attributes.town]\n")
    assert [row[1] for row in trail(log)] == ["x", "y", "z"]
    assert refusals(log) == [("log", 3, "duplicate_key", "town", "Kyiv", "A")]


def test_ties_keep_the_order_of_the_workspace_then_of_the_file(desk):
    desk.write(
        "orders.csv", "id,sold,packed,sent,who,billed\n7,2024-05-01,2024-05-01,,,2024-05-01\n"
    )
    desk.write("log.csv", "id,what,when\n7,second,2024-05-01\n7,first,2024-05-01\n")
    log = desk.build(
        WIDE.replace("[case]", '[sources.log]\nfile = "log.csv"\n[case]')
        + '[[events]]\nsource = "log"\nactivity = "what"\ntime = "when"\n'
    )
    assert [name for (name,) in trail(log, "name")] == [
        "Sold", "Packed", "Billed", "second", "first",
    ]  # fmt: skip


def test_a_file_out_of_order_is_put_in_order(imported):
    log = imported(
        "case,activity,time\nB,late,2024-05-02\nA,late,2024-05-03\nB,early,2024-05-01\n"
        "A,early,2024-05-02\n"
    )
    assert [row[:2] for row in trail(log)] == [
        ("B", "early"), ("B", "late"), ("A", "early"), ("A", "late"),
    ]  # fmt: skip
    assert ask(log, 'SELECT "case", position FROM events') == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_a_department_comes_from_the_row_then_from_the_step(desk):
    desk.write(
        "log.csv",
        "case,activity,time,team\nA,sell,2024-05-01,Shop\nA,pack,2024-05-02,\nA,bill,2024-05-03,\n",
    )
    log = desk.build(LONG + 'department = "team"\n[steps.pack]\ndepartment = "Warehouse"\n')
    names = [
        None if code is None else log.departments[code] for (code,) in trail(log, "department")
    ]
    assert names == ["Shop", "Warehouse", None]


def test_a_block_may_name_one_department_for_all_its_events(desk):
    desk.write("log.csv", "case,activity,time\nA,sell,2024-05-01\n")
    log = desk.build(LONG + 'department = "Shop"\n[departments.Shop]\n')
    assert log.departments == ["Shop"]


def test_a_department_that_is_neither_column_nor_known_is_told(desk):
    desk.write("log.csv", "case,activity,time,team\nA,sell,2024-05-01,x\n")
    with pytest.raises(
        InputError,
        match=r"\[\[events\]\] no\. 1, department: .*\(log\.csv\).*'teem'.*Did you mean 'team'",
    ):
        desk.build(LONG + 'department = "teem"\n')


def test_codes_number_only_what_events_use(imported):
    log = imported(
        "case,activity,time,who\nA,ghost,never,Nobody\nB,x,2024-05-01,Ann\nC,x,2024-05-01,Bob\n",
        'resource = "who"\n',
    )
    assert log.activities == ["x"]
    assert ask(log, "FROM resources") == [(0, "Ann"), (1, "Bob")]
    assert ask(log, 'SELECT "case", case_id FROM cases') == [(0, "B"), (1, "C")]


def test_event_attributes_stay_with_their_event(imported):
    log = imported(
        "case,activity,time,pages,tone\nA,x,2024-05-02,3,kind\nA,y,2024-05-01,,rude\n",
        'attributes = ["pages", "tone"]\n',
    )
    assert trail(log, "name, pages, tone") == [("y", None, "rude"), ("x", 3.0, "kind")]


def test_an_event_attribute_with_a_name_of_the_log_is_told(imported):
    with pytest.raises(
        InputError, match=r"\[\[events\]\] no\. 1, attributes: the name 'position' is taken"
    ):
        imported("case,activity,time,position\nA,x,2024-05-02,3\n", 'attributes = ["position"]\n')


def test_starts_and_completions_become_one_event_first_in_first_out(imported):
    log = imported(
        "case,activity,time,state\n"
        "A,check,2024-05-01 10:00,start\n"
        "A,check,2024-05-01 11:00,start\n"
        "A,check,2024-05-01 12:00,complete\n"
        "A,check,2024-05-01 13:00,COMPLETE\n"
        "A,bill,2024-05-01 09:00,complete\n"
        "A,bill,2024-05-01 14:00,start\n"
        "A,bill,2024-05-01 15:00,complete\n"
        "A,bill,2024-05-01 16:00,start\n"
        "A,bill,2024-05-01 16:30,suspend\n"
        "B,bill,2024-05-01 17:00,\n",
        'lifecycle = "state"\n',
    )
    assert [(n, s.hour, e.hour) for n, s, e in trail(log, 'name, start, "end"')] == [
        ("bill", 9, 9),
        ("check", 10, 12),
        ("check", 11, 13),
        ("bill", 14, 15),
        ("bill", 16, 16),
        ("bill", 17, 17),
    ]
    assert refusals(log) == [("log", 9, "other_transition", "state", "suspend", "A")]


def test_times_are_those_of_the_source_or_of_the_workspace(desk):
    desk.write("log.csv", "case,activity,time\nA,x,2024-07-01 12:00:00\n")
    toml = LONG.replace("[sources", 'time_zone = "Europe/Warsaw"\n[sources')
    assert trail(desk.build(toml))[0][2] == at("2024-07-01 10:00")
    toml = toml.replace('"log.csv"', '"log.csv"\ntime_zone = "Asia/Tokyo"')
    assert trail(desk.build(toml))[0][2] == at("2024-07-01 03:00")


def test_dates_in_another_format_are_told_with_the_right_one(imported):
    with pytest.raises(InputError) as error:
        imported("case,activity,time\nA,x,31.05.2024 12:30\nA,y,01.06.2024 09:15\n")
    assert "'31.05.2024 12:30'" in str(error.value)
    assert 'time_format = "%d.%m.%Y %H:%M"' in str(error.value)


def test_what_cannot_be_a_date_is_told_with_a_sample(imported):
    with pytest.raises(InputError, match="column 'time' cannot be read as times, for example 'x'"):
        imported("case,activity,time\nA,x,x\n")


def test_a_missing_column_is_told_with_the_closest_one(imported):
    with pytest.raises(
        InputError, match=r"\[\[events\]\] no\. 1, time: .*no column 'time'.*mean 'Time'"
    ):
        imported("case,activity,Time\nA,x,2024-05-01\n")


def test_a_missing_column_is_told_with_those_that_are_there(imported):
    with pytest.raises(InputError, match=r"no column 'case'. Its columns are: q, activity, time"):
        imported("q,activity,time\nA,x,2024-05-01\n")


def test_a_log_in_which_nothing_is_left_is_told_with_the_reasons(imported):
    with pytest.raises(InputError) as error:
        imported("case,activity,time\n,x,2024-05-01\nA,x,\nB,x,2024-05-02,more\n,y,2024-05-02\n")
    lines = str(error.value).splitlines()
    assert lines[0].startswith("No case is left")
    assert lines[1:4] == [
        "  2 × The row does not say which case it belongs to.",
        "  1 × The row does not have the columns or quotation marks that it should.",
        "  1 × The row does not say when it happened.",
    ]


@pytest.mark.parametrize("content", ["case,activity,time\n", "case,activity,time\n\n\n"])
def test_a_file_of_column_names_only_is_told(imported, content):
    with pytest.raises(
        InputError, match=r"\[sources\.log\]: there is no row in log\.csv, only the"
    ):
        imported(content)


@pytest.mark.parametrize(
    ("rows", "extra", "message"),
    [
        ("A,x,2024-05-03,2024-05-01\nB,x,2024-05-02,2024-05-01\nC,x,2024-05-02,2024-05-02\n",
         'end = "end"', r"no\. 1: in log\.csv no step ends after it starts, and 2 end before, for "
         "example in row 1, where the column 'end' has '2024-05-01'.*exchanged"),
        ("A,x,2024-05-03,go\nB,x,2024-05-02,halt\n", 'lifecycle = "end"',
         "every one of 2 rows of .*neither the start nor the completion.*'end' has 'go'"),
        ("A,,2024-05-03,\nB,,2024-05-02,\n", "", "every one of 2 rows .*what was done"),
    ],
)  # fmt: skip
def test_rows_that_are_all_refused_for_one_reason_stop_the_import(imported, rows, extra, message):
    with pytest.raises(InputError, match=message):
        imported("case,activity,time,end\n" + rows, extra + "\n")


def test_exchanged_columns_of_a_wide_table_are_asked_about(desk):
    row = "{},2024-05-01,2024-05-03,2024-05-02,,\n"
    desk.write("orders.csv", "id,sold,packed,sent,who,billed\n" + row.format(7) + row.format(8))
    with pytest.raises(InputError, match=r"\[events\.activities\] no\. 1, Packed: .*exchanged"):
        desk.build(WIDE)


def test_a_single_end_before_its_start_is_a_slip(imported):
    log = imported(
        "case,activity,time,end\nA,x,2024-05-03,2024-05-01\nB,x,2024-05-02,\n", 'end = "end"\n'
    )
    assert [row[1:3] for row in refusals(log)] == [(1, "end_before_start")]


def test_the_row_of_a_message_is_that_of_the_file(imported):
    with pytest.raises(InputError, match=r"for example 'x' in row 3 of log\.csv"):
        imported("case,activity,time\nA,x\nA,x,\nA,x,x\n")


def test_a_column_with_too_many_activities_is_told(imported):
    rows = "".join(f"A,a{n},2024-05-01\n" for n in range(66_000))
    with pytest.raises(InputError, match="'activity' has 66000 different values"):
        imported("case,activity,time\n" + rows)


def test_a_step_that_never_occurs_is_warned_about(desk):
    desk.write("log.csv", "case,activity,time\nA,Delivery,2024-05-01\n")
    log = desk.build(LONG + "[steps.Delivry]\n[steps.Zap]\n")
    assert [warning["en"] for warning in log.info.warnings] == [
        "The step 'Delivry' never occurs in the log. Did you mean 'Delivery'?",
        "The step 'Zap' never occurs in the log.",
    ]


ROW = st.tuples(
    st.sampled_from(["A", "B", "C", ""]),
    st.sampled_from(["x", "y", "z", ""]),
    st.sampled_from(["2024-05-01 10:00:00", "2024-05-01 11:00:00", "2024-05-02", "", "soon"]),
    st.sampled_from(["2024-05-01 10:30:00", "2024-05-03", "", "", "later"]),
    st.sampled_from(["Sales", "Billing", ""]),
    st.booleans(),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(ROW, min_size=1, max_size=30))
def test_every_row_is_an_event_or_refused_and_neighbours_are_right(tmp_path_factory, rows):
    # One good row, so that there is a case, and times enough for the format to be plausible.
    rows = [("A", "x", "2024-05-01", "2024-05-02", "Sales", False)] * 10 + rows
    desk = Desk(tmp_path_factory.mktemp("desk"))
    lines = [",".join(row[:5]) + (",surplus" if row[5] else "") for row in rows]
    desk.write("log.csv", "\n".join(["case,activity,time,end,team", *lines]))
    log = desk.build(LONG + 'end = "end"\ndepartment = "team"\n')

    refused = {row[1] for row in refusals(log)}
    assert log.info.events + len(refused) == len(rows)
    assert log.info.rows_read == {"log": len(rows)}
    expected = naive(row for number, row in enumerate(rows, 1) if number not in refused)
    found = defaultdict(list)
    columns = 'case_id, name, start, "end", department, next_activity, wait_seconds'
    for case, name, start, end, team, following, wait in trail(log, columns):
        found[case].append(
            (
                name, start, end, None if team is None else log.departments[team],
                None if following is None else log.activities[following], wait,
            )
        )  # fmt: skip
    assert dict(found) == {case: events for case, (events, _, _) in expected.items()}
    summary = ask(log, "SELECT case_id, events, rework, handovers FROM cases")
    assert {case: rest for case, *rest in summary} == {
        case: [len(events), rework, handovers]
        for case, (events, rework, handovers) in expected.items()
    }
    sequences = dict(ask(log, "SELECT variant, activities FROM variants"))
    for case, variant in ask(log, "SELECT case_id, variant FROM cases"):
        assert [log.activities[a] for a in sequences[variant]] == [e[0] for e in expected[case][0]]


def naive(rows):
    """Events with neighbours, repetitions and hand-overs of every case, one at a time."""
    cases = defaultdict(list)
    for case, activity, start, end, team, _ in rows:
        cases[case].append((activity, at(start), at(end or start), team or None))
    result = {}
    for case, events in cases.items():
        events.sort(key=lambda event: event[1])
        neighbours = [
            (*event, after[0], (after[1] - event[2]).total_seconds())
            for event, after in itertools.pairwise(events)
        ]
        neighbours.append((*events[-1], None, None))
        teams = [event[3] for event in events]
        result[case] = (
            neighbours,
            len(events) - len({event[0] for event in events}),
            sum(a != b and None not in (a, b) for a, b in itertools.pairwise(teams)),
        )
    return result
