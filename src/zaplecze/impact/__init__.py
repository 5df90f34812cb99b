"""What back-office work does to customers."""

from zaplecze.impact.analysis import Analysis, analyse
from zaplecze.impact.finding import (
    Benchmark,
    Dose,
    Effect,
    Estimate,
    Finding,
    Findings,
    Input,
    LeverName,
    LeverTotal,
    Money,
    Part,
    Refused,
    Robustness,
    Summary,
)

__all__ = [
    "Analysis",
    "Benchmark",
    "Dose",
    "Effect",
    "Estimate",
    "Finding",
    "Findings",
    "Input",
    "LeverName",
    "LeverTotal",
    "Money",
    "Part",
    "Refused",
    "Robustness",
    "Summary",
    "analyse",
]
