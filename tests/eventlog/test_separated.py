"""Files of separated values: delimiters, encodings, malformed rows."""

import gzip
from pathlib import Path

import pytest
from tests.eventlog.desk import LONG, ROWS, at, from_file, refusals, trail

from zaplecze.errors import InputError
from zaplecze.workspace import load

EXPECTED = [
    ("A", "start", at("2024-05-01 10:00")),
    ("A", "stop", at("2024-05-01 11:00")),
    ("B", "start", at("2024-05-02 10:00")),
]


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


def test_a_column_that_nothing_names_is_not_checked(desk):
    desk.write("log.csv", ROWS.replace("\nA,stop", "\nA,\xa0stop"))
    assert load(Path(desk.write("zaplecze.toml", LONG))).sources["log"].file == "log.csv"
    assert desk.build().info.events == 3


def test_column_names_that_differ_in_capitals_only_are_told_apart(desk):
    desk.write("log.csv", "case,activity,time,Case\nA,x,2024-05-01,B\n")
    log = desk.build(LONG.replace('key = "case"', 'key = "Case.1"'))
    assert trail(log) == [("B", "x", at("2024-05-01"))]
