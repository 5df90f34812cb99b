"""Sheets of workbooks."""

import pytest
import xlsxwriter
from tests.eventlog.desk import LONG, at, refusals, trail

from zaplecze.errors import InputError


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
