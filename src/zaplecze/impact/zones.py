"""Time zones in files that come without a workspace."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zaplecze.errors import InputError
from zaplecze.language import N_, say

CARRIED = r"\d:\d\d(?::\d\d(?:\.\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)$"
"""The zone that a written time carries behind its clock time, for Python and for DuckDB."""


def time_zone(name: str) -> ZoneInfo:
    """The time zone NAME; raises `InputError` where there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(
            say(
                N_("--time-zone: there is no time zone '{name}'. Write one like Europe/Warsaw or UTC."),
                name=name,
            )
        ) from None  # fmt: skip
