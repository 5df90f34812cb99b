"""What happened, seen from the work: the process graph, its variants, its steps and their passages."""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
    from zaplecze.process.batches import Batches, StepBatches, batches
    from zaplecze.process.effort import Amount, Effort
    from zaplecze.process.ends import EndStep, end_steps
    from zaplecze.process.filtered import FilteredLog, filtered, filters_of
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
        Ways,
    )
    from zaplecze.process.flow import Aging, Flow, FlowPeriod, OpenCase, WaitingAt, flow
    from zaplecze.process.flowpicture import flow_svg
    from zaplecze.process.graph import Activity, Edge, ProcessGraph, Terminal, graph
    from zaplecze.process.handovers import Handover, Handovers, PingPong, handovers
    from zaplecze.process.little import Little
    from zaplecze.process.map import bare_map_svg, map_caption, map_svg
    from zaplecze.process.measures import FLOW_MEASURES, MEASURES, Measure, OnTime, Spread
    from zaplecze.process.objects import OBJECT_MEASURES, ObjectView, objects, objects_svg
    from zaplecze.process.portrait import Paragraph, portrait
    from zaplecze.process.simplified import simplified
    from zaplecze.process.simplify import sensible_shares
    from zaplecze.process.steps import StepFacts, Steps, steps
    from zaplecze.process.trend import StepTrend, Trend, Week, trend
    from zaplecze.process.variants import Variant, Variants, variants
    from zaplecze.process.worked import Worked, WorkedPerCase

__all__ = [
    "FLOW_MEASURES",
    "MEASURES",
    "OBJECT_MEASURES",
    "Activity",
    "Aging",
    "Amount",
    "Batches",
    "Departments",
    "Edge",
    "Effort",
    "EndStep",
    "Endpoints",
    "Filter",
    "FilteredLog",
    "Flow",
    "FlowPeriod",
    "Follows",
    "Frequent",
    "Handover",
    "Handovers",
    "Has",
    "Little",
    "Measure",
    "ObjectView",
    "OnTime",
    "OpenCase",
    "Paragraph",
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
    "WaitingAt",
    "Ways",
    "Week",
    "Worked",
    "WorkedPerCase",
    "bare_map_svg",
    "batches",
    "end_steps",
    "filtered",
    "filters_of",
    "flow",
    "flow_svg",
    "graph",
    "handovers",
    "map_caption",
    "map_svg",
    "objects",
    "objects_svg",
    "portrait",
    "sensible_shares",
    "simplified",
    "steps",
    "trend",
    "variants",
]

on_demand(__name__, {
    "batches": ("Batches", "StepBatches", "batches"),
    "effort": ("Amount", "Effort"),
    "ends": ("EndStep", "end_steps"),
    "filtered": ("FilteredLog", "filtered", "filters_of"),
    "filters": (
        "Departments", "Endpoints", "Filter", "Follows", "Frequent", "Has", "Period", "Range",
        "Values", "Ways",
    ),
    "flow": ("Aging", "Flow", "FlowPeriod", "OpenCase", "WaitingAt", "flow"),
    "flowpicture": ("flow_svg",),
    "graph": ("Activity", "Edge", "ProcessGraph", "Terminal", "graph"),
    "handovers": ("Handover", "Handovers", "PingPong", "handovers"),
    "little": ("Little",),
    "map": ("bare_map_svg", "map_caption", "map_svg"),
    "measures": ("FLOW_MEASURES", "MEASURES", "Measure", "OnTime", "Spread"),
    "objects": ("OBJECT_MEASURES", "ObjectView", "objects", "objects_svg"),
    "portrait": ("Paragraph", "portrait"),
    "simplified": ("simplified",),
    "simplify": ("sensible_shares",),
    "steps": ("StepFacts", "Steps", "steps"),
    "trend": ("StepTrend", "Trend", "Week", "trend"),
    "variants": ("Variant", "Variants", "variants"),
    "worked": ("Worked", "WorkedPerCase"),
})  # fmt: skip
