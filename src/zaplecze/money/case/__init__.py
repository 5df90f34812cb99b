"""Business cases: one TOML file in, cash flow, range, what moves it, and what became of it out."""

from pathlib import Path

from zaplecze.errors import InputError
from zaplecze.language import N_, say
from zaplecze.money.case.budgets import Budget, BudgetReport, budget_report, read_budgets
from zaplecze.money.case.frozen import Differences, Frozen, compare, freeze, read_frozen
from zaplecze.money.case.measured import read_findings
from zaplecze.money.case.model import Case
from zaplecze.money.case.result import CaseResult
from zaplecze.money.case.working import work_out_case
from zaplecze.workspace import load_table


def load_case(path: Path) -> Case:
    """Read and check the case file at PATH.

    Raises `InputError` naming file, table, key, value and remedy, for every fault at once.
    """
    if not path.exists():
        raise InputError(
            say(N_("{file}: there is no such file. Give the path of a case file."), file=str(path))
        )
    return load_table(path, Case)


__all__ = [
    "Budget",
    "BudgetReport",
    "Case",
    "CaseResult",
    "Differences",
    "Frozen",
    "budget_report",
    "compare",
    "freeze",
    "load_case",
    "read_budgets",
    "read_findings",
    "read_frozen",
    "work_out_case",
]
