"""The cost formulas, each defined once: `FORMULAS` by id, `work_out` with numbers or ranges."""

from zaplecze.money.formulas import customers, people, service
from zaplecze.money.formulas.definition import UNITS, Formula, Needed, Step
from zaplecze.money.formulas.working import Given, Worked, find, read_given, solve, work_out

FORMULAS: dict[str, Formula] = {
    formula.id: formula
    for formula in (
        service.COMPLAINT,
        service.CONTACT,
        service.PROCESS,
        service.CLICKS,
        people.TURNOVER,
        people.RECRUITMENT,
        people.WORKSTATION,
        people.TRAINING,
        customers.CHURN,
        customers.UPSELL,
        customers.CROSS_SELL,
        customers.REFERRAL,
        customers.PROPENSITY,
        customers.OVERLAP,
    )
}

__all__ = [
    "FORMULAS",
    "UNITS",
    "Formula",
    "Given",
    "Needed",
    "Step",
    "Worked",
    "find",
    "read_given",
    "solve",
    "work_out",
]
