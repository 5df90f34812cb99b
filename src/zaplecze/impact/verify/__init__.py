"""Did a change help? Before against after, with what did not change, and four verdicts."""

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
