"""Failure demand: contacts that would not have come without the delays of back-office work."""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
    from zaplecze.impact.demand.analysis import demand_of, failure_demand
    from zaplecze.impact.demand.contacts import (
        Contacts,
        FileContacts,
        OutcomeContacts,
        ReturnContacts,
        StepContacts,
    )
    from zaplecze.impact.demand.named import as_findings, avoidable, demand_named, demands
    from zaplecze.impact.demand.result import (
        Curve,
        Demand,
        DepartmentDemand,
        FailureDemand,
        StepDemand,
    )

__all__ = [
    "Contacts",
    "Curve",
    "Demand",
    "DepartmentDemand",
    "FailureDemand",
    "FileContacts",
    "OutcomeContacts",
    "ReturnContacts",
    "StepContacts",
    "StepDemand",
    "as_findings",
    "avoidable",
    "demand_named",
    "demand_of",
    "demands",
    "failure_demand",
]

on_demand(__name__, {
    "analysis": ("demand_of", "failure_demand"),
    "contacts": ("Contacts", "FileContacts", "OutcomeContacts", "ReturnContacts", "StepContacts"),
    "named": ("as_findings", "avoidable", "demand_named", "demands"),
    "result": ("Curve", "Demand", "DepartmentDemand", "FailureDemand", "StepDemand"),
})  # fmt: skip
