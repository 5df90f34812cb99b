"""The workspace file: where a company's data lie and what they mean.

An analyst writes one TOML file, by convention ``zaplecze.toml``; `load` reads and checks it.
Every key is documented in ``docs/workspace.md``.
"""

from zaplecze.workspace.contacts import CONTACTS, Contacts
from zaplecze.workspace.effects import Impact, Learner, LogTable, Model, ProcedureFile
from zaplecze.workspace.explain import table_header
from zaplecze.workspace.followed import Change, WatchTable
from zaplecze.workspace.hours import Calendar, Span, WeekHours
from zaplecze.workspace.internal import (
    InternalService,
    InternalSurvey,
    ServicePart,
    ServiceWeights,
)
from zaplecze.workspace.load import load, load_rules, load_table
from zaplecze.workspace.model import (
    RESERVED_NAMES,
    Aggregate,
    Attribute,
    CaseTable,
    Department,
    Due,
    Events,
    Joined,
    Lever,
    Moment,
    Outcome,
    Price,
    Source,
    Step,
    Workspace,
)
from zaplecze.workspace.quantity import Basis, Quantity
from zaplecze.workspace.rules import Rule
from zaplecze.workspace.values import Label, Name, Table

__all__ = [
    "CONTACTS",
    "RESERVED_NAMES",
    "Aggregate",
    "Attribute",
    "Basis",
    "Calendar",
    "CaseTable",
    "Change",
    "Contacts",
    "Department",
    "Due",
    "Events",
    "Impact",
    "InternalService",
    "InternalSurvey",
    "Joined",
    "Label",
    "Learner",
    "Lever",
    "LogTable",
    "Model",
    "Moment",
    "Name",
    "Outcome",
    "Price",
    "ProcedureFile",
    "Quantity",
    "Rule",
    "ServicePart",
    "ServiceWeights",
    "Source",
    "Span",
    "Step",
    "Table",
    "WatchTable",
    "WeekHours",
    "Workspace",
    "load",
    "load_rules",
    "load_table",
    "table_header",
]
