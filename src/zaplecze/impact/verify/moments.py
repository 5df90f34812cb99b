"""Dates and numbers of periods as somebody writes them."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from zaplecze.impact.zones import CARRIED

Moment = np.datetime64 | int

_NEVER = ("", "0", "inf", "never", "nigdy", "ніколи", "na", "nan", "none", "null", "nat")


def moment(words: str) -> Moment | None:
    """A date or the number of a period; None where WORDS are neither."""
    words = words.strip()
    if re.fullmatch(r"-?\d{1,7}", words):
        return int(words)
    if match := re.fullmatch(r"(\d{4})[/.]?(\d{2})[/.]?(\d{2})", words):
        return _day(match[1], match[2], match[3])
    if match := re.fullmatch(r"(\d{4})-(\d{2})", words):
        return _day(match[1], match[2], "01")
    if match := re.fullmatch(r"(\d{4})-?Q([1-4])", words, re.IGNORECASE):
        return _day(match[1], str(3 * int(match[2]) - 2), "1")
    if match := re.fullmatch(r"(\d{4})-?W(\d{2})", words, re.IGNORECASE):
        return _week(int(match[1]), int(match[2]))
    if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", words):
        return _day(match[3], match[2], match[1])
    # NumPy would also take words like "today".
    if not re.match(r"\d{4}-\d{2}-\d{2}(?:[ T]\d|$)", words):
        return None
    try:
        return np.datetime64(words.replace(" ", "T"), "s")
    except ValueError:
        return None


def local_moment(text: str, time_zone: str | None) -> Moment | None:
    """Like `moment`, for a TEXT that may carry a zone: on the clock of TIME_ZONE, else on its own."""
    if carried_zone(text) is None:
        return moment(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    local = instant.astimezone(ZoneInfo(time_zone)) if time_zone else instant
    return np.datetime64(local.replace(tzinfo=None), "s")


def carried_zone(text: str) -> str | None:
    """The zone that TEXT carries behind its clock time: "Z", "+02:00"."""
    match = re.search(CARRIED, text)
    return match[1] if match else None


def is_never(text: str) -> bool:
    """Does TEXT say that a change never comes?"""
    return text.lower() in _NEVER


def _day(year: str, month: str, day: str) -> np.datetime64 | None:
    try:
        return np.datetime64(f"{int(year):04d}-{int(month):02d}-{int(day):02d}", "s")
    except ValueError:
        return None


def _week(year: int, week: int) -> np.datetime64 | None:
    try:
        return np.datetime64(date.fromisocalendar(year, week, 1), "s")
    except ValueError:
        return None
