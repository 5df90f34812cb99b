"""Failure demand: contacts that would not have come without the delays of back-office work."""

from zaplecze.impact.demand.analysis import demand_of, failure_demand
from zaplecze.impact.demand.contacts import (
    Contacts,
    FileContacts,
    OutcomeContacts,
    ReturnContacts,
    StepContacts,
)
from zaplecze.impact.demand.named import Demand, as_findings, avoidable, demands
from zaplecze.impact.demand.result import Curve, DepartmentDemand, FailureDemand, StepDemand

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
    "demand_of",
    "demands",
    "failure_demand",
]
