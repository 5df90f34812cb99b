import gzip
import sqlite3
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from tests.eventlog.desk import LONG, ask, at, refusals, trail

from zaplecze.errors import InputError
from zaplecze.eventlog import build, workspace_for
from zaplecze.workspace import load

ROWS = "case,activity,time\nA,start,2024-05-01 10:00:00\nA,stop,2024-05-01 11:00:00\nB,start,2024-05-02 10:00:00\n"
EXPECTED = [
    ("A", "start", at("2024-05-01 10:00")),
    ("A", "stop", at("2024-05-01 11:00")),
    ("B", "start", at("2024-05-02 10:00")),
]


def from_file(name):
    return LONG.replace("log.csv", name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(desk, delimiter):
    desk.write("log.csv", ROWS.replace(",", delimiter))
    assert trail(desk.build()) == EXPECTED


def test_a_delimiter_inside_quoted_names_does_not_mislead(desk):
    desk.write("log.csv", '"case","activity","time","a;b;c;d;e"\nA,start,2024-05-01,x\n')
    assert desk.build().info.events == 1


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(desk, line_end):
    desk.write("log.csv", ROWS.replace("\n", line_end))
    assert trail(desk.build()) == EXPECTED


def test_line_ends_of_two_kinds_in_one_file_are_read(desk):
    desk.write("log.csv", ROWS.replace("\n", "\r\n", 2))
    assert trail(desk.build()) == EXPECTED


def test_a_byte_order_mark_is_not_part_of_the_first_name(desk):
    desk.write("log.csv", b"\xef\xbb\xbf" + ROWS.encode())
    assert trail(desk.build()) == EXPECTED


def test_packed_text_is_unpacked(desk):
    desk.write("log.txt.gz", gzip.compress(ROWS.replace(",", "\t").encode()))
    assert trail(desk.build(from_file("log.txt.gz"))) == EXPECTED


@pytest.mark.parametrize(
    ("encoding", "activity"),
    [
        ("cp1250", "Wysyłka łóżek"),
        ("cp1251", "Підтвердження заявки"),
        ("iso-8859-2", "Zażółć gęślą jaźń"),
        ("utf-16", "Wysyłka"),
        ("latin-1", "Aprovação"),
    ],
)
def test_other_encodings_are_read(desk, encoding, activity):
    desk.write("log.csv", ROWS.replace("start", activity).encode(encoding))
    log = desk.build(LONG.replace('"log.csv"', f'"log.csv"\nencoding = "{encoding}"'))
    assert log.activities == [activity, "stop"]


def test_values_that_mean_missing_are_missing_also_when_quoted(desk):
    desk.write("log.csv", ROWS + 'NULL,start,2024-05-02\n"?",start,2024-05-02\nC,start,?\n')
    log = desk.build(LONG.replace('"log.csv"', '"log.csv"\nmissing = ["", "?", "NULL"]'))
    assert [row[1:3] for row in refusals(log)] == [(4, "no_case"), (5, "no_case"), (6, "no_time")]


def test_of_equal_column_names_the_second_is_called_name_1(desk):
    desk.write("log.csv", "case,activity,time,activity\nA,wrong,2024-05-01,right\n")
    log = desk.build(LONG.replace('activity = "activity"', 'activity = "activity.1"'))
    assert log.activities == ["right"]


def test_a_file_without_a_header_gets_its_names_from_the_workspace(desk):
    desk.write("log.csv", ROWS.partition("\n")[2])
    names = 'columns = ["case", "activity", "time"]'
    assert trail(desk.build(LONG.replace('"log.csv"', f'"log.csv"\n{names}'))) == EXPECTED


def test_malformed_rows_are_refused_with_their_number_and_their_text(desk):
    desk.write(
        "log.csv",
        "case,activity,time\nA,start,2024-05-01\nB,start\nC,start,2024-05-01,more\n"
        'D,"st"art,2024-05-01\nE,"two\nlines",2024-05-01\nF,start,soon\n',
    )
    log = desk.build()
    assert refusals(log) == [
        ("log", 2, "malformed_row", None, "B,start", None),
        ("log", 3, "malformed_row", None, "C,start,2024-05-01,more", None),
        ("log", 4, "malformed_row", None, 'D,"st"art,2024-05-01', None),
        ("log", 6, "unreadable_time", "time", "soon", "F"),
    ]
    assert log.info.rows_read == {"log": 6}
    assert [row[:2] for row in trail(log)] == [("A", "start"), ("E", "two\nlines")]


def test_blank_lines_are_no_rows(desk):
    desk.write("log.csv", ROWS.replace("\nB", "\n\n\nB") + "\nC,stop\nD,start,never\n")
    log = desk.build()
    assert [row[1:3] for row in refusals(log)] == [(4, "malformed_row"), (5, "unreadable_time")]
    assert log.info.rows_read == {"log": 5}


def test_a_quotation_mark_that_never_closes_stops_the_import(desk):
    desk.write("log.csv", ROWS + 'C,"start,2024-05-03\n' + ROWS.partition("\n")[2])
    with pytest.raises(InputError, match=r"row 4, a quotation mark is opened and not closed"):
        desk.build()


def test_a_row_outside_the_encoding_is_refused(desk):
    rows = "".join(f"A,step {n},2024-05-01\n" for n in range(9))
    desk.write("log.csv", b"case,activity,time\n" + rows.encode() + b"B,Wysy\xb3ka,2024-05-01\n")
    assert [row[1:3] for row in refusals(desk.build())] == [(10, "bad_encoding")]


def test_a_file_in_the_wrong_encoding_is_told_with_a_remedy(desk):
    desk.write("log.csv", ROWS.replace("start", "Wysyłka").encode("cp1250"))
    with pytest.raises(InputError, match=r"log\.csv' is not in the encoding 'utf-8'.*cp1250"):
        desk.build()


def test_names_of_columns_in_the_wrong_encoding_are_told_with_a_remedy(desk):
    desk.write("log.csv", ROWS.replace("activity", "czynność").encode("cp1250"))
    with pytest.raises(InputError, match="is not in the encoding 'utf-8'"):
        desk.build()


def test_an_unknown_encoding_is_told(desk):
    desk.write("log.csv", ROWS)
    with pytest.raises(InputError, match="there is no encoding 'klingon'"):
        desk.build(LONG.replace('"log.csv"', '"log.csv"\nencoding = "klingon"'))


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_told(desk, content):
    desk.write("log.csv", content)
    with pytest.raises(InputError, match=r"the file 'log\.csv' is empty"):
        desk.build()


def test_a_damaged_archive_is_told(desk):
    desk.write("log.csv.gz", gzip.compress(ROWS.encode() * 2000)[:-40])
    with pytest.raises(InputError, match=r"'log\.csv\.gz' cannot be read"):
        desk.build(from_file("log.csv.gz"))


def test_a_missing_file_is_told_with_the_closest_one(desk):
    desk.write("logs.csv", ROWS)
    with pytest.raises(
        InputError, match=r"no file 'log\.csv' in '.*data'. Did you mean 'logs\.csv'"
    ):
        desk.build()


def test_a_missing_file_is_told_with_those_that_are_there(desk):
    desk.write("orders.parquet", b"")
    with pytest.raises(InputError, match=r"The files there are: orders\.parquet"):
        desk.build()


def test_a_file_outside_the_data_folder_is_not_read(desk):
    (desk.data.parent / "secret.csv").write_text(ROWS)
    with pytest.raises(InputError, match="lies outside the data folder"):
        desk.build(from_file("../secret.csv"))


def test_a_query_reaches_no_file_outside_the_data_folder(desk):
    outside = desk.data.parent / "secret.csv"
    outside.write_text(ROWS)
    toml = LONG.replace('file = "log.csv"', f"sql = \"SELECT * FROM read_csv('{outside}')\"")
    with pytest.raises(InputError, match="Permission Error"):
        desk.build(toml)


def test_an_unknown_kind_of_file_is_told(desk):
    desk.write("log.docx", b"x")
    with pytest.raises(InputError, match=r"files like 'log\.docx' cannot be read"):
        desk.build(from_file("log.docx"))


def test_parquet_keeps_its_types(desk):
    duckdb.sql(
        "SELECT 17 AS case, 'start' AS activity, TIMESTAMPTZ '2024-05-01 10:00:00+02' AS time"
    ).write_parquet(str(desk.data / "log.parquet"))
    assert trail(desk.build(from_file("log.parquet"))) == [("17", "start", at("2024-05-01 08:00"))]


def sheet(path, name, rows):
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"})
    other, page = book.add_worksheet("Notes"), book.add_worksheet(name)
    other.write(0, 0, "nothing here")
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if value is not None:
                page.write(i, j, value)
    book.close()


def test_a_sheet_is_read_with_its_numbers_and_dates(desk):
    sheet(
        desk.data / "log.xlsx",
        "Log",
        [
            ["case", "activity", "time"],
            [1001, "start", at("2024-05-01 10:00")],
            [None, None, None],
            [1001, "stop", at("2024-05-01 11:00")],
            [None, "stop", at("2024-05-01 11:00")],
        ],
    )
    log = desk.build(LONG.replace('"log.csv"', '"log.xlsx"\nsheet = "Log"'))
    assert [row[:2] for row in trail(log)] == [("1001", "start"), ("1001", "stop")]
    assert [row[1:3] for row in refusals(log)] == [(2, "no_case"), (4, "no_case")]


def test_a_missing_sheet_is_told_with_those_that_are_there(desk):
    sheet(desk.data / "log.xlsx", "Log", [["case"]])
    with pytest.raises(InputError, match=r"no sheet 'Data'\. Its sheets are: Notes, Log"):
        desk.build(LONG.replace('"log.csv"', '"log.xlsx"\nsheet = "Data"'))


def test_a_query_over_other_sources_sees_texts_and_keeps_its_own_types(desk):
    desk.write("days.csv", "case,day,clock\nA,240501,10:00\nB,240502,11:30\n")
    log = desk.build(
        LONG.replace(
            '[sources.log]\nfile = "log.csv"',
            '[sources.days]\nfile = "days.csv"\n[sources.log]\nsql = """\n'
            "SELECT \"case\", 'call' AS activity, strptime(day || clock, '%y%m%d%H:%M') AS time\n"
            'FROM days -- a comment at the end"""',
        )
    )
    assert trail(log) == [
        ("A", "call", at("2024-05-01 10:00")),
        ("B", "call", at("2024-05-02 11:30")),
    ]


def test_a_failing_query_is_told_with_the_reason(desk):
    desk.write("log.csv", ROWS)
    toml = LONG + '[sources.more]\nsql = "SELECT * FROM lok"\n'
    with pytest.raises(
        InputError, match=r"\[sources\.more\]: the SQL query fails: .*lok.*\"log\""
    ) as e:
        desk.build(toml)
    assert "LINE" not in str(e.value)


def database(desk, url, query="SELECT * FROM log"):
    desk_toml = LONG.replace('file = "log.csv"', f'database = "{url}"\nsql = "{query}"')
    return desk.build(desk_toml)


def test_sqlite_is_read_whatever_is_in_its_columns(desk):
    with sqlite3.connect(desk.data / "crm.db") as crm:
        crm.execute('CREATE TABLE log ("case" INTEGER, activity TEXT, time TEXT)')
        crm.executemany(
            "INSERT INTO log VALUES (?, ?, ?)",
            [(n, "start", "2024-05-01") for n in range(3000)] + [("A7", "start", "2024-05-02")],
        )
    log = database(desk, "sqlite:///crm.db")
    assert log.info.cases == 3001
    assert trail(log)[-1] == ("A7", "start", at("2024-05-02 00:00"))


def test_duckdb_is_read(desk):
    with duckdb.connect(str(desk.data / "crm.duckdb")) as crm:
        crm.execute("CREATE TABLE log AS SELECT 'A' AS \"case\", 'x' AS activity, now() AS time")
    assert database(desk, "duckdb:///crm.duckdb").info.events == 1


@pytest.mark.parametrize("url", ["sqlite:///none.db", "duckdb:///none.duckdb", "sqlite:///../x.db"])
def test_a_missing_database_file_is_told(desk, url):
    with pytest.raises(InputError, match="there is no file"):
        database(desk, url)


def test_a_query_that_a_database_refuses_is_told(desk):
    sqlite3.connect(desk.data / "crm.db").close()
    with pytest.raises(InputError, match="the SQL query fails: no such table: log"):
        database(desk, "sqlite:///crm.db")


def test_an_unreachable_database_is_told_without_its_password(desk):
    pytest.importorskip("adbc_driver_postgresql")
    with pytest.raises(InputError, match="cannot be reached") as error:
        database(desk, "postgresql://ann:secret@127.0.0.1:1/crm")
    assert "secret" not in str(error.value)


def test_an_unknown_kind_of_database_is_told(desk):
    with pytest.raises(InputError, match="is of an unknown kind"):
        database(desk, "oracle://host/x")


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="org:group" value="UNKNOWN"/></global>
  <string key="author" value="nobody"><string key="inside" value="x"/></string>
  <trace>
    <string key="concept:name" value="A&amp;B"/><float key="amount" value="12.5"/>
    <event>
      <string key="concept:name" value="start"/>
      <date key="time:timestamp" value="2024-05-01T10:00:00.000+02:00"/>
      <string key="org:group" value="Sales"><string key="deep" value="y"/></string>
    </event>
    <event>
      <string key="concept:name" value="stop"/>
      <date key="time:timestamp" value="2024-05-01T09:30:00Z"/>
      <int key="pages" value="3"/>
    </event>
  </trace>
  <trace><string key="concept:name" value="empty"/></trace>
</log>
"""


def xes_log(desk, content, name="log.xes"):
    path = desk.write(name, content)
    return build(workspace_for(path, department="org:group"), desk.data, desk.store)


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_xes_needs_no_columns_named(desk, name):
    content = XES.encode()
    log = xes_log(desk, gzip.compress(content) if name.endswith(".gz") else content, name)
    assert trail(log) == [
        ("A&B", "start", at("2024-05-01 08:00")),
        ("A&B", "stop", at("2024-05-01 09:30")),
    ]
    assert ask(log, "SELECT department FROM events ORDER BY position") == [(0,), (None,)]


def test_xes_tells_what_it_leaves_out(desk):
    log = xes_log(desk, XES)
    assert refusals(log) == [("log", None, "case_without_events", None, None, "empty")]
    assert log.info.warnings[0]["en"].endswith("1 attribute inside another attribute was left out.")


def test_attributes_of_traces_and_events_are_columns(desk):
    desk.write("log.xes", XES)
    log = desk.build(
        """
name = "Test"
[sources.log]
file = "log.xes"
[case]
key = "case:concept:name"
[[events]]
source = "log"
activity = "concept:name"
time = "time:timestamp"
attributes = ["pages"]
[attributes.amount]
column = "case:amount"
"""
    )
    assert ask(log, "SELECT pages FROM events ORDER BY position") == [(None,), (3.0,)]
    assert ask(log, "SELECT amount FROM cases") == [(12.5,)]


@pytest.mark.parametrize("content", [XES[:700], "<log>&nothing;</log>", "case,activity\n"])
def test_broken_xes_is_told(desk, content):
    with pytest.raises(InputError, match=r"'log\.xes' cannot be read"):
        xes_log(desk, content)


def test_one_file_without_named_columns_is_told_which_options_to_give(tmp_path):
    with pytest.raises(InputError, match="Give --case --time with the names"):
        workspace_for(Path("log.csv"), activity="activity")


def test_a_column_that_nothing_names_is_not_checked(desk):
    desk.write("log.csv", ROWS.replace("\nA,stop", "\nA,\xa0stop"))
    assert load(Path(desk.write("zaplecze.toml", LONG))).sources["log"].file == "log.csv"
    assert desk.build().info.events == 3


def test_column_names_that_differ_in_capitals_only_are_told_apart(desk):
    desk.write("log.csv", "case,activity,time,Case\nA,x,2024-05-01,B\n")
    log = desk.build(LONG.replace('key = "case"', 'key = "Case.1"'))
    assert trail(log) == [("B", "x", at("2024-05-01"))]


def test_source_names_that_differ_in_capitals_only_are_told(desk):
    desk.write("log.csv", ROWS)
    with pytest.raises(InputError, match=r"\[sources\.LOG\]: this name is taken"):
        desk.build(LONG + '[sources.LOG]\nfile = "log.csv"\n')


def test_values_that_mean_missing_are_missing_in_every_kind_of_source(desk):
    desk.write("log.xes", XES.replace("Sales", "EMPTY"))
    toml = LONG.replace('"log.csv"', '"log.xes"\nmissing = ["EMPTY"]')
    toml = toml.replace('"case"', '"case:concept:name"').replace('"activity"', '"concept:name"')
    log = desk.build(toml.replace('"time"', '"time:timestamp"') + 'department = "org:group"\n')
    assert log.departments == []
