"""Early warning: which measures have left what was usual, since when, where, and what it costs."""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
    from zaplecze.impact.watch.board import watch
    from zaplecze.impact.watch.reading import watch_file
    from zaplecze.impact.watch.result import (
        Alarm,
        Cost,
        Detectable,
        Estimate,
        Point,
        SegmentShift,
        Unwatched,
        Watch,
        Watched,
    )

__all__ = [
    "Alarm",
    "Cost",
    "Detectable",
    "Estimate",
    "Point",
    "SegmentShift",
    "Unwatched",
    "Watch",
    "Watched",
    "watch",
    "watch_file",
]

on_demand(__name__, {
    "board": ("watch",),
    "reading": ("watch_file",),
    "result": (
        "Alarm", "Cost", "Detectable", "Estimate", "Point", "SegmentShift", "Unwatched", "Watch",
        "Watched",
    ),
})  # fmt: skip
