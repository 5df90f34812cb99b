"""What happened, seen from the work: the process graph, its variants, its steps and their passages."""

from zaplecze.process.batches import Batches, StepBatches, batches
from zaplecze.process.effort import Amount, Effort
from zaplecze.process.filtered import FilteredLog, filtered
from zaplecze.process.filters import (
    Departments,
    Endpoints,
    Filter,
    Follows,
    Frequent,
    Has,
    Period,
    Range,
    Values,
)
from zaplecze.process.graph import Activity, Edge, ProcessGraph, Terminal, graph
from zaplecze.process.handovers import Handover, Handovers, PingPong, handovers
from zaplecze.process.map import map_svg
from zaplecze.process.measures import MEASURES, Measure, Spread
from zaplecze.process.ontime import OnTime
from zaplecze.process.simplify import sensible_shares
from zaplecze.process.steps import StepFacts, Steps, steps
from zaplecze.process.trend import StepTrend, Trend, Week, trend
from zaplecze.process.variants import Variant, Variants, variants

__all__ = [
    "MEASURES",
    "Activity",
    "Amount",
    "Batches",
    "Departments",
    "Edge",
    "Effort",
    "Endpoints",
    "Filter",
    "FilteredLog",
    "Follows",
    "Frequent",
    "Handover",
    "Handovers",
    "Has",
    "Measure",
    "OnTime",
    "Period",
    "PingPong",
    "ProcessGraph",
    "Range",
    "Spread",
    "StepBatches",
    "StepFacts",
    "StepTrend",
    "Steps",
    "Terminal",
    "Trend",
    "Values",
    "Variant",
    "Variants",
    "Week",
    "batches",
    "filtered",
    "graph",
    "handovers",
    "map_svg",
    "sensible_shares",
    "steps",
    "trend",
    "variants",
]
