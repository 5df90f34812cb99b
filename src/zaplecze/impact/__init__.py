"""What back-office work does to customers.

Findings are read and written without the engine, which the analysis and the table of levers bring
with them: these load when they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from zaplecze.impact.analysis import Analysis, analyse
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

_LATER = {
    "analysis": ["Analysis", "analyse"],
    "table": ["COLUMNS", "Exposure", "LeverFacts", "lever_facts", "levers"],
}


def __getattr__(name: str) -> Any:
    """The names of the modules that load later."""
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
