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
    Odds,
    Part,
    Refused,
    Robustness,
    Summary,
)
from zaplecze.impact.table import COLUMNS, Exposure, LeverFacts, lever_facts, levers

__all__ = [
    "COLUMNS",
    "Analysis",
    "Benchmark",
    "Dose",
    "Effect",
    "Estimate",
    "Exposure",
    "Finding",
    "Findings",
    "Input",
    "LeverFacts",
    "LeverName",
    "LeverTotal",
    "Money",
    "Odds",
    "Part",
    "Refused",
    "Robustness",
    "Summary",
    "analyse",
    "lever_facts",
    "levers",
]
