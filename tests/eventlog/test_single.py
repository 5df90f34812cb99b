"""One file, or one table in memory, without a workspace."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.eventlog.desk import ask, at

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog, build, read, workspace_for

NAMED = {"case": "case", "activity": "activity", "time": "time"}


@pytest.fixture
def taken(desk):
    """Import these rows of case, activity and time, written in an encoding, with further options."""

    def run(*rows: str, written: str = "utf-8", **options: str) -> EventLog:
        text = "\n".join(["case;activity;time;hours", *rows])
        path = desk.write("log.csv", text.encode(written))
        return build(workspace_for(path, **NAMED | options), desk.data, desk.store)

    return run


def test_encoding_time_format_and_decimal_are_options(taken):
    log = taken(
        "1;żółć;01/02/2024;1,5",
        written="cp1250", encoding="cp1250", time_format="%d/%m/%Y", decimal=",",
    )  # fmt: skip
    assert log.activities == ["żółć"]
    assert ask(log, "SELECT start, hours FROM events") == [(at("2024-02-01"), 1.5)]


@pytest.mark.parametrize(
    ("written", "activity"),
    [
        ("cp1250", "Przyjęcie zgłoszenia, żądanie części"),
        ("cp1250", "Rückfrage für Käufer"),
        ("cp1251", "Прийняття заявки, перевірка їжі"),
        ("iso-8859-2", "Przyjęcie zgłoszenia, wysłanie części"),
        ("cp1252", "Réception très tôt après Noël"),
        ("utf-16", "Żądanie, «перевірка»"),
    ],
)
def test_an_encoding_is_found_by_the_letters_and_told(taken, written, activity):
    log = taken(f"1;{activity};2024-02-01;1", written=written)
    assert log.activities == [activity]
    assert log.info.read_as["log"]["encoding"] == written
    told = [text["en"] for text in log.info.warnings]
    assert any(f"is read as {written}" in text for text in told) == (written != "utf-16")


def test_letters_of_no_known_encoding_are_asked_about(taken):
    with pytest.raises(InputError, match="is not in the encoding 'utf-8'"):
        taken("1;Przyjęcie części;2024-02-01;1", written="cp852")


def test_a_stray_byte_among_others_of_utf_8_refuses_its_row_only(desk):
    rows = "case,activity,time\n1,Zgłoś,2024-02-01\n" + "2,Żądaj,2024-02-01\n" * 9
    path = desk.write("log.csv", rows.encode() + b"3,\xb3,2024-02-01\n")
    log = build(workspace_for(path, **NAMED), desk.data, desk.store)
    assert sorted(log.activities) == ["Zgłoś", "Żądaj"]
    assert [row.reason for row in log.info.refused] == ["bad_encoding"]


def test_a_point_that_is_given_stays_a_point(taken):
    log = taken("1;a;2024-02-01;1,5", "1;b;2024-02-02;2,5", decimal=".")
    assert ask(log, "SELECT hours FROM events ORDER BY start") == [("1,5",), ("2,5",)]


def test_who_names_no_columns_is_told_them(desk):
    path = desk.write("log.csv", b"Case ID,Activity,Complete Timestamp\n1,a,2024-02-01\n")
    with pytest.raises(InputError, match="which are: Case ID, Activity, Complete Timestamp"):
        workspace_for(path)


def test_a_decimal_comma_is_found_and_told(taken):
    log = taken(
        "1;a;2024-02-01;1,5", "1;b;2024-02-02;", "1;c;2024-02-03;1.234,50", "1;d;2024-02-04;7"
    )
    assert ask(log, "SELECT hours FROM events") == [(1.5,), (None,), (1234.5,), (7.0,)]
    assert log.info.read_as["log"]["decimal"] == ","
    (warning,) = log.info.warnings
    assert warning["en"] == "log.csv: numbers are read with a decimal comma, in 'hours'."


@pytest.mark.parametrize(
    "values", [["1,234", "5,678"], ["1,5", "none"], ["1,2,3", "4,5"], ["1", "2"]]
)
def test_what_may_be_something_else_than_a_decimal_comma_is_left_as_it_is(taken, values):
    log = taken(*(f"1;a;2024-02-0{n};{value}" for n, value in enumerate(values, 1)))
    assert log.info.read_as["log"]["decimal"] == "."
    assert not log.info.warnings


def test_a_file_with_a_decimal_point_has_no_decimal_comma(desk):
    rows = ["case;activity;time;hours;codes", "1;a;2024-02-01;1.5;1,5"]
    path = desk.write("log.csv", "\n".join(rows))
    log = build(workspace_for(path, **NAMED), desk.data, desk.store)
    assert ask(log, "SELECT hours, codes FROM events") == [(1.5, "1,5")]


def test_utf_16_is_known_by_its_mark(desk):
    path = desk.write("log.csv", "case,activity,time\n1,дзвінок,2024-05-01\n".encode("utf-16"))
    assert build(workspace_for(path, **NAMED), desk.data, desk.store).activities == ["дзвінок"]


def test_days_after_the_twelfth_settle_the_form_of_the_times(taken):
    log = taken("1;a;02/01/2024;1", "1;b;13/02/2024;2")
    assert ask(log, "SELECT start FROM events") == [(at("2024-01-02"),), (at("2024-02-13"),)]
    (warning,) = log.info.warnings
    assert "'time' are read as %d/%m/%Y" in warning["en"]
    assert "--time-format" in warning["en"]


@pytest.mark.parametrize("mark", [".", "/", "-"])
def test_times_that_may_be_read_in_two_ways_are_asked_about(taken, mark):
    with pytest.raises(InputError, match='add --time-format "%d'):
        taken(f"1;a;02{mark}01{mark}2024;1", f"1;b;03{mark}02{mark}2024;2")


def test_every_column_that_may_be_read_in_two_ways_is_named(desk):
    path = desk.write("log.csv", "case;activity;time;done\n1;a;02/01/2024;03/01/2024 10:00\n")
    with pytest.raises(InputError) as told:
        build(workspace_for(path, **NAMED, end="done"), desk.data, desk.store)
    words = str(told.value)
    assert "stands first in the times of 'time' and 'done', for example '02/01/2024'" in words
    assert 'day, add --time-format "%d/%m/%Y|%d/%m/%Y %H:%M"; where it is the month' in words
    log = build(
        workspace_for(path, **NAMED, end="done", time_format="%m/%d/%Y|%m/%d/%Y %H:%M"),
        desk.data, desk.store,
    )  # fmt: skip
    assert ask(log, 'SELECT start, "end" FROM events') == [
        (at("2024-02-01"), at("2024-03-01 10:00"))
    ]


def test_a_column_that_settles_the_order_of_day_and_month_settles_it_for_the_others(desk):
    path = desk.write("log.csv", "case;activity;time;done\n1;a;02/01/2024;13/01/2024\n")
    log = build(workspace_for(path, **NAMED, end="done"), desk.data, desk.store)
    assert ask(log, "SELECT start FROM events") == [(at("2024-01-02"),)]
    assert len(log.info.warnings) == 2


MIXED = [f"{n};a;2024-05-{n:02};1" for n in range(1, 8)]


def test_times_in_several_forms_are_counted_by_form_with_the_option_that_reads_them(taken):
    rows = [*MIXED, "8;a;13.05.2024 10:00;1", "9;a;05/14/2024;1", "10;a;05/15/2024;1"]
    with pytest.raises(InputError) as told:
        taken(*rows)
    words = str(told.value)
    assert "'2024-05-01' (iso): 7; '05/14/2024' (%m/%d/%Y): 2; '13.05.2024 10:00' (" in words
    assert "3 of 10 would be refused" in words
    form = "iso|%m/%d/%Y|%d.%m.%Y %H:%M"
    assert f'add --time-format "{form}"' in words
    log = taken(*rows, time_format=form)
    assert (log.info.events, log.info.refused) == (10, [])
    assert ask(log, "SELECT max(start) FROM events") == [(at("2024-05-15"),)]


def test_a_few_times_in_another_form_are_refused_and_told(taken):
    log = taken(*MIXED, "8;a;03.05.2024;1")
    (warning,) = log.info.warnings
    assert "1 of 8 were refused. To read them all, add --time-format" in warning["en"]
    assert "whether the day or the month stands first" in warning["en"]
    (refused,) = log.info.refused
    assert (refused.reason, refused.rows) == ("unreadable_time", 1)


def test_a_form_that_was_chosen_is_kept_to_and_others_are_told(taken):
    log = taken(*MIXED[:2], "8;a;13.05.2024;1", time_format="%Y-%m-%d")
    assert log.info.events == 2
    assert '--time-format "%Y-%m-%d|%d.%m.%Y"' in log.info.warnings[0]["en"]


def test_two_forms_of_which_none_is_iso_are_told_apart(taken):
    with pytest.raises(InputError, match=r"in several ways: '13.05.2024' .*: 1; '14/05/2024' "):
        taken("1;a;13.05.2024;1", "2;a;14/05/2024;1")


def test_a_form_that_is_none_is_told_with_its_option(taken):
    with pytest.raises(InputError, match=r"^--time-format: the form '%Q' cannot be used"):
        taken("1;a;2024-05-01;1", time_format="iso|%Q")


def test_a_wrong_encoding_is_told_with_the_option(taken):
    with pytest.raises(InputError, match=r"^log\.csv: .* Add --encoding \"cp1250\""):
        taken("1;żółć;2024-05-01;1", written="cp1250", encoding="utf-8")
    with pytest.raises(InputError, match=r"^log\.csv: there is no encoding 'cp12500'"):
        taken("1;a;2024-05-01;1", encoding="cp12500")


def test_a_decimal_mark_is_a_point_or_a_comma(desk):
    with pytest.raises(InputError, match="--decimal: ';' is no decimal mark"):
        workspace_for(desk.data / "log.csv", **NAMED, decimal=";")


def test_a_column_that_is_not_there_is_told_with_its_option_and_all_columns(desk):
    path = desk.data / "log.parquet"
    pq.write_table(pa.table({"case": ["1"], "step": ["a"], "time": ["2024-05-01"], "x": [1]}), path)
    with pytest.raises(InputError, match=r"^--activity: log\.parquet .*: case, step, time, x\.$"):
        build(workspace_for(path, **NAMED), desk.data, desk.store)
    with pytest.raises(InputError, match=r"^--activity: .* Did you mean 'step'\?$"):
        build(workspace_for(path, **NAMED | {"activity": "stepp"}), desk.data, desk.store)


def test_a_workspace_too_lists_all_columns_of_a_parquet_file(desk):
    pq.write_table(pa.table({"case": ["1"], "time": ["2024-05-01"], "x": [1]}), desk.data / "l.pq")
    toml = (
        '[sources.log]\nfile = "l.pq"\n[case]\nkey = "case"\n'
        '[[events]]\nsource = "log"\nactivity = "what"\ntime = "time"\n'
    )
    with pytest.raises(InputError, match=r"Its columns are: case, time, x\."):
        desk.build('name = "Test"\n' + toml)


def test_a_table_in_memory_is_told_about_by_its_arguments():
    table = pa.table({"case": ["1"], "what": ["a"], "time": ["13.02.2024"]})
    with pytest.raises(InputError, match=r"^table: .* Give activity time with"):
        read(table, case="case")
    with pytest.raises(InputError, match=r"^activity: table has no column 'whatt'"):
        read(table, case="case", activity="whatt", time="time")
    log = read(table, case="case", activity="what", time="time")
    assert ask(log, "SELECT start FROM events") == [(at("2024-02-13"),)]
    assert 'add time_format="…"' in log.info.warnings[0]["en"]


def test_the_only_type_of_objects_is_taken(desk):
    document = {
        "objectTypes": [{"name": "order", "attributes": []}],
        "eventTypes": [{"name": "pay", "attributes": []}],
        "objects": [{"id": "o1", "type": "order", "attributes": []}],
        "events": [
            {
                "id": "e1", "type": "pay", "time": "2024-05-01T00:00:00Z", "attributes": [],
                "relationships": [{"objectId": "o1", "qualifier": ""}],
            }
        ],
    }  # fmt: skip
    path = desk.write("log.jsonocel", json.dumps(document))
    log = build(workspace_for(path), desk.data, desk.store)
    assert (log.activities, ask(log, "SELECT case_id FROM cases")) == (["pay"], [("o1",)])


def test_how_a_source_was_read_is_stored(taken):
    log = taken("1;a;13.02.2024;1,5", decimal=",", time_zone="Europe/Kyiv")
    assert log.info.read_as == {
        "log": {
            "delimiter": ";", "encoding": "utf-8", "decimal": ",", "time_format": "%d.%m.%Y",
            "time_zone": "Europe/Kyiv",
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "log.parquet",
            "no",
            "it is damaged, cut off, or not of the format .* The reader says: .*Parquet",
        ),
        (
            "log.xlsx",
            "no",
            "it is damaged, cut off, or not of the format .* The reader says: .*Zip",
        ),
        ("log.csv.gz", "no", "cannot be unpacked: it is damaged"),
        ("log.xes", "<log><trace>", "it is cut off in line 1"),
        ("log.csv", "", "is empty"),
        ("log.csv", "case,activity,time\n", "There is no row in log.csv"),
        ("log.pdf", "x", "Files like 'log.pdf' cannot be read"),
    ],
)
def test_faults_of_one_file_name_the_file_and_not_a_source(desk, name, content, words):
    path = desk.write(name, content)
    with pytest.raises(InputError, match=words) as told:
        build(workspace_for(path, **NAMED), desk.data, desk.store)
    for sentence in told.value.text.values():
        assert "sources" not in sentence
        assert sentence.split(". ")[0].count(name) == 1


def test_a_log_is_shown_in_one_line(taken):
    log = taken("1;a;2024-05-01;1", "1;b;2024-05-02;1")
    assert repr(log) == str(log)
    assert repr(log).startswith(
        "EventLog('log', cases=1, events=2, activities=2, start=2024-05-01T"
    )
    assert "\n" not in repr(log)


def test_events_with_a_name_come_once_and_starts_are_paired_with_completions(desk):
    path = desk.write(
        "log.csv",
        "case,activity,time,nr,phase\n"
        "1,pack,2024-05-01 08:00,a,start\n"
        "1,pack,2024-05-01 09:00,b,complete\n"
        "1,pack,2024-05-01 09:00,b,complete\n",
    )
    log = build(
        workspace_for(path, **NAMED, event_id="nr", lifecycle="phase"), desk.data, desk.store
    )
    assert ask(log, 'SELECT start, "end" FROM events') == [
        (at("2024-05-01 08:00"), at("2024-05-01 09:00"))
    ]
    assert [(row.reason, row.rows) for row in log.info.refused] == [("duplicate", 1)]


@pytest.mark.parametrize("role", ["event_id", "lifecycle"])
def test_a_role_of_a_column_that_is_not_there_is_named_as_the_option(desk, role):
    path = desk.write("log.csv", "case,activity,time\n1,pack,2024-05-01\n")
    with pytest.raises(InputError, match=f"--{role.replace('_', '-')}.*'nr'"):
        build(workspace_for(path, **NAMED, **{role: "nr"}), desk.data, desk.store)
