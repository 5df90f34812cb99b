from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eventlog.desk import at

from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column

CONNECTION = duckdb.connect()
CONNECTION.execute("SET TimeZone = 'UTC'")


def read(expression, value, kind="VARCHAR", time_zone="UTC", **how):
    """VALUE as EXPRESSION (a function of `casting`) reads it from a column of type KIND."""
    column = Column("value", kind, time_zone, **how)
    query = f"SELECT {expression(column)} FROM (SELECT ?::{kind} AS value) s"
    return CONNECTION.execute(query, [value]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("17", 17.0),
        (" 17 ", 17.0),
        ("-3.25", -3.25),
        ("+4", 4.0),
        (".5", 0.5),
        ("2.", 2.0),
        ("1e3", 1000.0),
        ("1 234.5", 1234.5),
        ("1\u00a0234.5", 1234.5),
        ("1,234.50", 1234.5),
        ("1,234,567.8", 1234567.8),
    ],
)
def test_numbers_with_a_decimal_point(written, number):
    assert read(casting.number, written) == number


@pytest.mark.parametrize(
    "written", ["1,5", "1,234", "12 zł", "", "abc", "nan", "inf", "1.2.3", "0x10", "1,23.5", "--1"]
)
def test_what_is_no_number_with_a_decimal_point(written):
    assert read(casting.number, written) is None


@pytest.mark.parametrize(
    ("written", "number"),
    [("1,5", 1.5), ("17", 17.0), ("1.234,50", 1234.5), ("1 234,5", 1234.5), ("-0,75", -0.75)],
)
def test_numbers_with_a_decimal_comma(written, number):
    assert read(casting.number, written, decimal=",") == number


@pytest.mark.parametrize("written", ["1.5", "1.234", "1,2,3", "1.23,5"])
def test_what_is_no_number_with_a_decimal_comma(written):
    assert read(casting.number, written, decimal=",") is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_python_writes_is_read_back(value):
    assert read(casting.number, repr(value)) == value


def test_a_number_of_the_source_is_not_read_through_text():
    assert read(casting.number, 0.1, "DOUBLE") == 0.1
    assert read(casting.number, "12.50", "DECIMAL(9, 2)") == 12.5
    assert read(casting.number, float("nan"), "DOUBLE") is None


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (17.0, "DOUBLE", "17"),
        (17.5, "DOUBLE", "17.5"),
        (17, "BIGINT", "17"),
        (True, "BOOLEAN", "true"),
    ],
)
def test_keys_read_alike_from_text_and_numbers(value, kind, words):
    assert read(casting.text, value, kind) == words


@pytest.mark.parametrize(
    "written",
    [
        "2012-10-09 14:50:17",
        "2012-10-09T14:50:17",
        "2012/10/09 14:50:17.000",
        "2012-10-09T14:50:17Z",
        "2012-10-09 14:50:17 UTC",
        "2012-10-09T16:50:17+02:00",
        "2012-10-09T16:50:17.000+0200",
        "2012-10-09 16:50:17+02",
        "2012-10-09T11:50:17-03:00",
        "2012-10-09 11:50:17-03",
    ],
)
def test_iso_times_of_every_make(written):
    assert read(casting.time, written) == at("2012-10-09 14:50:17")


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("2012-10-09", "2012-10-09 00:00"),
        ("2012-10-09 4:05", "2012-10-09 04:05"),
        ("2012-1-9 4:05", "2012-01-09 04:05"),
        ("2012-10-09 14:50+01", "2012-10-09 13:50"),
        ("2012-1-9 4:50-03:00", "2012-01-09 07:50"),
        ("2012-10-09 14:50:17.123456", "2012-10-09 14:50:17.123456"),
    ],
)
def test_iso_times_of_every_length(written, time):
    assert read(casting.time, written) == at(time)


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "09.10.2012 14:50", "2012-13-01", "2012-02-30", "epoch", "infinity", "17",
     "now", "2012-10-09 25:00:00"],
)  # fmt: skip
def test_what_is_no_iso_time(written):
    assert read(casting.time, written) is None


@pytest.mark.parametrize(
    ("written", "format_", "time"),
    [
        ("29/2/2016 01:16", "%d/%m/%Y %H:%M", "2016-02-29 01:16"),
        ("09.10.2012", "%d.%m.%Y", "2012-10-09 00:00"),
        ("990201 7:02:47", "%y%m%d %H:%M:%S", "1999-02-01 07:02:47"),
        ("9 Oct 2012 16:50 +0200", "%d %b %Y %H:%M %z", "2012-10-09 14:50"),
    ],
)
def test_times_in_a_given_format(written, format_, time):
    assert read(casting.time, written, time_format=format_) == at(time)


def test_a_time_in_another_format_than_the_given_one_is_not_guessed():
    assert read(casting.time, "2012-10-09 14:50", time_format="%d.%m.%Y %H:%M") is None


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2024-01-15 12:00:00", "2024-01-15 11:00"),
        ("2024-07-15 12:00:00", "2024-07-15 10:00"),
        # 31 March 2024: from 2 o'clock on it is 3 o'clock; a clock shows no 2:30.
        ("2024-03-31 01:59:59", "2024-03-31 00:59:59"),
        ("2024-03-31 02:30:00", "2024-03-31 01:30"),
        ("2024-03-31 03:00:00", "2024-03-31 01:00"),
        # 27 October 2024: at 3 o'clock it is 2 o'clock again; of two 2:30 the second is meant.
        ("2024-10-27 01:59:59", "2024-10-26 23:59:59"),
        ("2024-10-27 02:30:00", "2024-10-27 01:30"),
        ("2024-10-27 03:00:00", "2024-10-27 02:00"),
    ],
)
def test_clock_times_follow_summer_time(local, utc):
    assert read(casting.time, local, time_zone="Europe/Warsaw") == at(utc)
    assert read(casting.time, local, "TIMESTAMP", time_zone="Europe/Warsaw") == at(utc)


def test_an_offset_beats_the_zone():
    written = "2024-07-15T12:00:00+09:00"
    assert read(casting.time, written, time_zone="Europe/Warsaw") == at("2024-07-15 03:00")


@given(
    st.datetimes(at("1990-01-01"), at("2035-01-01")),
    st.sampled_from(["Europe/Warsaw", "Europe/Kyiv", "America/Sao_Paulo", "Asia/Kolkata"]),
)
def test_clock_times_agree_with_python_where_they_are_clear(local, zone):
    early, late = (local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        expected = late.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        assert read(casting.time, local.isoformat(" "), time_zone=zone) == expected


@pytest.mark.parametrize(
    ("time", "zone", "end"),
    [
        ("2017-10-18 01:59", "America/Sao_Paulo", "2017-10-18 01:59:59.999999"),
        ("2017-10-18 02:00", "America/Sao_Paulo", "2017-10-19 01:59:59.999999"),
        ("2024-03-30 23:30", "Europe/Warsaw", "2024-03-31 21:59:59.999999"),
        ("2024-10-26 22:30", "Europe/Warsaw", "2024-10-27 22:59:59.999999"),
    ],
)
def test_a_day_ends_at_the_next_local_midnight(time, zone, end):
    query = f"SELECT {casting.end_of_day('t', zone)} FROM (SELECT ?::TIMESTAMP AS t)"
    assert CONNECTION.execute(query, [at(time)]).fetchall() == [(at(end),)]


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("Yes", 1.0),
        ("TAK", 1.0),
        ("так", 1.0),
        ("1", 1.0),
        ("nie", 0.0),
        ("Ні", 0.0),
        ("perhaps", None),
    ],
)
def test_usual_words_for_yes_and_no(written, answer):
    assert read(lambda column: casting.yes_no(column, None), written) == answer


def test_given_words_for_yes_leave_everything_else_a_no():
    assert read(lambda column: casting.yes_no(column, ["HANG"]), "HANG") == 1.0
    assert read(lambda column: casting.yes_no(column, ["HANG"]), "AGENT") == 0.0
    assert read(lambda column: casting.yes_no(column, ["1"]), 1.0, "DOUBLE") == 1.0
