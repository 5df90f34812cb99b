"""Does the work follow the written procedure, and where not?

A procedure is a BPMN drawing, or a few rules. Cases are aligned with the drawing at the least cost,
rules are checked case by case, and a drawing can be found in the log itself.
"""

from zaplecze.process.conformance.comparison import compare
from zaplecze.process.conformance.discovery import discover
from zaplecze.process.conformance.procedure import Element, Flow, Procedure
from zaplecze.process.conformance.reading import read_bpmn
from zaplecze.process.conformance.result import (
    Conformance,
    Contrast,
    Contrasts,
    Deviation,
    Place,
    VariantFit,
)
from zaplecze.process.conformance.rules import RuleCheck, Violation, check_rules
from zaplecze.process.conformance.writing import to_bpmn, write_bpmn

__all__ = [
    "Conformance",
    "Contrast",
    "Contrasts",
    "Deviation",
    "Element",
    "Flow",
    "Place",
    "Procedure",
    "RuleCheck",
    "VariantFit",
    "Violation",
    "check_rules",
    "compare",
    "discover",
    "read_bpmn",
    "to_bpmn",
    "write_bpmn",
]
