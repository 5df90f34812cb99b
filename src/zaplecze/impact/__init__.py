"""What back-office work does to customers."""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
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
    from zaplecze.impact.followed import Followed
    from zaplecze.impact.following import follow
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
    "Followed",
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
    "follow",
    "lever_facts",
    "levers",
]

on_demand(__name__, {
    "analysis": ("Analysis", "analyse"),
    "finding": (
        "Benchmark", "Dose", "Effect", "Estimate", "Finding", "Findings", "Input", "LeverName",
        "LeverTotal", "Money", "Odds", "Part", "Refused", "Robustness", "Summary",
    ),
    "followed": ("Followed",),
    "following": ("follow",),
    "table": ("COLUMNS", "Exposure", "LeverFacts", "lever_facts", "levers"),
})  # fmt: skip
