"""What happened, seen from the work: the process graph, its variants and its steps."""

from zaplecze.process.graph import Activity, Edge, ProcessGraph, Terminal, graph
from zaplecze.process.map import map_svg
from zaplecze.process.measures import MEASURES, Measure, Spread
from zaplecze.process.simplify import sensible_shares
from zaplecze.process.steps import OnTime, StepFacts, Steps, steps
from zaplecze.process.variants import Variant, Variants, variants

__all__ = [
    "MEASURES",
    "Activity",
    "Edge",
    "Measure",
    "OnTime",
    "ProcessGraph",
    "Spread",
    "StepFacts",
    "Steps",
    "Terminal",
    "Variant",
    "Variants",
    "graph",
    "map_svg",
    "sensible_shares",
    "steps",
    "variants",
]
