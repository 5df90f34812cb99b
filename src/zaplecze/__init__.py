"""Zaplecze: from back-office work, through what customers feel and do, to money and proof.

The names that a notebook needs; each is found where the rooms keep it, when it is first used.
"""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
    from zaplecze.chain import find, run
    from zaplecze.eventlog.appending import append
    from zaplecze.eventlog.export import export
    from zaplecze.eventlog.store import open_log
    from zaplecze.eventlog.temporary import read
    from zaplecze.impact.verify import verify
    from zaplecze.impact.watch import watch
    from zaplecze.process.batches import batches
    from zaplecze.process.conformance import compare, discover, read_bpmn, write_bpmn
    from zaplecze.process.filtered import filtered
    from zaplecze.process.flow import flow
    from zaplecze.process.graph import graph
    from zaplecze.process.handovers import handovers
    from zaplecze.process.map import map_svg
    from zaplecze.process.objects.view import objects
    from zaplecze.process.steps import steps
    from zaplecze.process.trend import trend
    from zaplecze.process.variants import variants
    from zaplecze.workspace import load

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "append",
    "batches",
    "compare",
    "discover",
    "export",
    "filtered",
    "find",
    "flow",
    "graph",
    "handovers",
    "load",
    "map_svg",
    "objects",
    "open_log",
    "read",
    "read_bpmn",
    "run",
    "steps",
    "trend",
    "variants",
    "verify",
    "watch",
    "write_bpmn",
]

on_demand(__name__, {
    "chain": ("find", "run"),
    "eventlog": ("append", "export", "open_log", "read"),
    "impact.verify": ("verify",),
    "impact.watch": ("watch",),
    "process": (
        "batches", "filtered", "flow", "graph", "handovers", "map_svg", "objects", "steps", "trend",
        "variants",
    ),
    "process.conformance": ("compare", "discover", "read_bpmn", "write_bpmn"),
    "workspace": ("load",),
})  # fmt: skip
