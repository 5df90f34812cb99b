"""What every kind of source has in common, and queries over sources."""

from pathlib import Path

import duckdb
import pytest
from tests.eventlog.desk import LONG, ROWS, at, from_file, trail

from zaplecze.errors import InputError
from zaplecze.eventlog import workspace_for


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


def test_one_file_without_named_columns_is_told_which_options_to_give(tmp_path):
    with pytest.raises(InputError, match="Give --case --time with the names"):
        workspace_for(Path("log.csv"), activity="activity")


def test_source_names_that_differ_in_capitals_only_are_told(desk):
    desk.write("log.csv", ROWS)
    with pytest.raises(InputError, match=r"\[sources\.LOG\]: this name is taken"):
        desk.build(LONG + '[sources.LOG]\nfile = "log.csv"\n')
