"""A business case that belongs to a report: uncertain, with a frozen version and what came of it."""

from pathlib import Path

from tests.money.case.sample import case_of
from tests.money.case.test_tracking import ACTUALS

from zaplecze.money.case import freeze, work_out_case
from zaplecze.report.proposal import Proposal


def proposal(folder: Path, *, came: bool = True) -> Proposal:
    """The small case, approved in January; CAME adds what it brought."""
    approved = case_of(folder)
    frozen = freeze(approved, work_out_case(approved), "board, January", "2026-01-15", "approved")
    case = case_of(folder, more=ACTUALS) if came else approved
    return Proposal(case, work_out_case(case, None, frozen.monthly), frozen)
