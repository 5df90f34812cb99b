"""Did a change help? Before against after, with what did not change, and four verdicts."""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
    from zaplecze.impact.verify.analysis import verify
    from zaplecze.impact.verify.looks import always_valid, boundaries
    from zaplecze.impact.verify.result import (
        Detectable,
        Placebo,
        PreTrend,
        RegressionToTheMean,
        Series,
        Verification,
    )

__all__ = [
    "Detectable",
    "Placebo",
    "PreTrend",
    "RegressionToTheMean",
    "Series",
    "Verification",
    "always_valid",
    "boundaries",
    "verify",
]

on_demand(__name__, {
    "analysis": ("verify",),
    "looks": ("always_valid", "boundaries"),
    "result": (
        "Detectable", "Placebo", "PreTrend", "RegressionToTheMean", "Series", "Verification",
    ),
})  # fmt: skip
