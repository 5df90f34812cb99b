"""Working time against a count minute by minute, over clock changes, holidays and odd shifts."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaplecze.calendars import WorkingCalendar, calendar_of, holidays_of
from zaplecze.workspace import Span, Workspace

HOUR = 3_600
WARSAW = ZoneInfo("Europe/Warsaw")
DAY_SHIFT, NIGHT_SHIFT = (Span(480, 720), Span(750, 990)), (Span(1_320, 1_800),)
OFFICE = WorkingCalendar((DAY_SHIFT,) * 5 + ((), ()), "Europe/Warsaw", "PL")
NIGHTS = WorkingCalendar((NIGHT_SHIFT,) * 7, "Europe/Warsaw")
ALWAYS = WorkingCalendar(((Span(0, 1_440),),) * 7, "Europe/Kyiv")


def warsaw(*parts: int) -> np.datetime64:
    local = dt.datetime(*parts, tzinfo=WARSAW)
    return np.datetime64(local.astimezone(dt.UTC).replace(tzinfo=None), "us")


def hours(calendar: WorkingCalendar, start: np.datetime64, end: np.datetime64) -> float:
    return float(calendar.working_seconds(np.array([start]), np.array([end]))[0]) / HOUR


def minutes_worked(calendar: WorkingCalendar, start: np.datetime64, end: np.datetime64) -> int:
    """Minutes in which someone works, asked one by one what the clock shows."""
    zone, worked = ZoneInfo(calendar.zone), 0
    for instant in np.arange(start, end, np.timedelta64(1, "m")):
        local = instant.astype(dt.datetime).replace(tzinfo=dt.UTC).astimezone(zone)
        for day in (local.date(), local.date() - dt.timedelta(days=1)):
            minute = (local.date() - day).days * 1_440 + local.hour * 60 + local.minute
            open_day = calendar.is_working_day(day)
            spans = calendar.hours[day.weekday()] if open_day else ()
            worked += any(span.opens <= minute < span.closes for span in spans)
    return worked


@pytest.mark.long
@pytest.mark.parametrize("calendar", [OFFICE, ALWAYS], ids=["office", "always"])
@given(first=st.integers(0, 400_000), length=st.integers(0, 6_000))
def test_working_time_is_what_counting_minute_by_minute_gives(calendar, first, length):
    start = np.datetime64("2025-03-20T00:00", "us") + np.timedelta64(first, "m")
    end = start + np.timedelta64(length, "m")
    worked = calendar.working_seconds(np.array([start]), np.array([end]))
    assert worked[0] == 60 * minutes_worked(calendar, start, end)


def test_a_weekend_and_a_break_are_no_working_time():
    friday, monday = warsaw(2026, 2, 6, 11), warsaw(2026, 2, 9, 13)
    assert hours(OFFICE, friday, monday) == 1 + 4 + 4 + 0.5


def test_a_public_holiday_is_no_working_time():
    assert hours(OFFICE, warsaw(2026, 6, 3, 16), warsaw(2026, 6, 5, 9)) == 0.5 + 0 + 1
    assert not OFFICE.is_working_day(dt.date(2026, 6, 4))


@pytest.mark.parametrize(("day", "length"), [((2026, 3, 28), 7), ((2026, 10, 24), 9)])
def test_a_night_shift_is_as_long_as_it_really_is_when_the_clock_changes(day, length):
    assert hours(NIGHTS, warsaw(*day, 20), warsaw(*day, 20) + np.timedelta64(12, "h")) == length


def test_a_night_shift_belongs_to_the_day_it_begins_on():
    closed = WorkingCalendar(
        (NIGHT_SHIFT,) * 7, "Europe/Warsaw", closed=frozenset({dt.date(2026, 5, 5)})
    )
    assert hours(closed, warsaw(2026, 5, 5, 0), warsaw(2026, 5, 5, 12)) == 6
    assert hours(closed, warsaw(2026, 5, 5, 12), warsaw(2026, 5, 6, 12)) == 0


@pytest.mark.long
def test_shifts_whose_hours_the_clock_skips_do_not_count_twice():
    odd = WorkingCalendar(((Span(90, 150), Span(180, 240)),) * 7, "Europe/Warsaw")
    real = (warsaw(2026, 3, 29, 4) - warsaw(2026, 3, 29, 1, 30)) / np.timedelta64(1, "h")
    assert hours(odd, warsaw(2026, 3, 29, 0), warsaw(2026, 3, 29, 12)) == real == 1.5


def test_time_backwards_is_negative_and_what_is_not_known_is_not_a_number():
    start, end = warsaw(2026, 2, 6, 11), warsaw(2026, 2, 9, 13)
    assert hours(OFFICE, end, start) == -hours(OFFICE, start, end)
    unknown = np.array(["NaT", "9999-12-31", "1970-01-01"], dtype="datetime64[us]")
    assert np.isnan(OFFICE.working_seconds(unknown, start)).all()
    assert np.isnan(OFFICE.working_seconds(start, unknown)).all()


def test_microseconds_and_instants_of_any_unit_are_alike():
    start = np.array(["2026-02-06T10:00", "2026-02-07T10:00"], dtype="datetime64[s]")
    as_numbers = start.astype("datetime64[us]").astype(np.int64)
    end = np.datetime64("2026-02-09T12:00", "us")
    left, right = OFFICE.working_seconds(start, end), OFFICE.working_seconds(as_numbers, end)
    assert left.tolist() == right.tolist() == [9.5 * HOUR, 4.5 * HOUR]


@given(
    start=st.integers(0, 10**13),
    seconds=st.integers(1, 5_000_000),
    which=st.sampled_from([0, 1, 2]),
)
def test_due_is_the_first_instant_after_so_much_working_time(start, seconds, which):
    calendar = (OFFICE, NIGHTS, ALWAYS)[which]
    begin = np.array([1_760_000_000_000_000 + start])
    due = calendar.due(begin, seconds)
    assert calendar.working_seconds(begin, due)[0] == pytest.approx(seconds, abs=1e-6)
    sooner = due - np.timedelta64(1, "us")
    assert calendar.working_seconds(begin, sooner)[0] < seconds


def test_due_skips_the_weekend_and_knows_its_limits():
    friday = warsaw(2026, 2, 6, 16)
    due = OFFICE.due(
        np.array([friday, friday, "NaT", friday], "datetime64[us]"), [1_800, 3_600, 1, 1e12]
    )
    assert due[0] == warsaw(2026, 2, 6, 16, 30)
    assert due[1] == warsaw(2026, 2, 9, 8, 30)
    assert np.isnat(due[2:]).all()
    assert OFFICE.due(warsaw(2026, 2, 7, 3), 0.0) == warsaw(2026, 2, 7, 3)


def test_holidays_of_poland_follow_easter_and_the_law():
    found = holidays_of("PL", [2025, 2024])
    assert dt.date(2025, 4, 21) in found
    assert dt.date(2025, 6, 19) in found
    assert dt.date(2025, 12, 24) in found
    assert dt.date(2024, 12, 24) not in found
    assert list(found) == sorted(found)
    assert found[dt.date(2025, 1, 1)] == {
        "en": "New Year's Day",
        "pl": "Nowy Rok",
        "uk": "Новий рік",
    }


def test_ukrainian_holidays_are_working_days_under_martial_law():
    assert dt.date(2021, 8, 24) in holidays_of("UA", [2021])
    assert holidays_of("UA", [2024]) == {}


def test_a_country_without_known_holidays_is_refused_by_name():
    with pytest.raises(ValueError, match="XX"):
        holidays_of("XX", [2024])


def test_a_workspace_declares_its_calendar():
    file = {
        "name": "Test",
        "time_zone": "Europe/Warsaw",
        "sources": {"log": {"file": "log.csv"}},
        "case": {"key": "case", "source": "log"},
    }
    hours_a_week = {day: ["08:00-12:00", "12:30-16:30"] for day in ("monday", "tuesday")}
    declared = {"hours": hours_a_week, "country": "PL", "closed": [dt.date(2026, 1, 5)]}
    calendar = calendar_of(Workspace.model_validate(file | {"calendar": declared}))
    assert calendar == WorkingCalendar(
        (DAY_SHIFT,) * 2 + ((),) * 5, "Europe/Warsaw", "PL", frozenset({dt.date(2026, 1, 5)})
    )
    assert not calendar.is_working_day(dt.date(2026, 1, 5))
    assert calendar_of(Workspace.model_validate(file)) is None
    assert calendar_of(None) is None
