"""How many people the work takes: Erlang, redials, staffing, shifts, call records, forecast."""

from zaplecze.workload.day import Interval, Load, Plan, plan
from zaplecze.workload.deferred import Backlog, deferred
from zaplecze.workload.deflection import Deflection, Saving, Shifts, deflect
from zaplecze.workload.demand import Demand
from zaplecze.workload.erlang import erlang_b, erlang_c
from zaplecze.workload.files import read_lines, read_loads
from zaplecze.workload.forecast import Forecast, Volumes, forecast, read_volumes
from zaplecze.workload.limits import most_calls
from zaplecze.workload.lines import LineOfCalls, Network, network
from zaplecze.workload.profile import Profile, loads, profile
from zaplecze.workload.queue import DEFINITIONS, Definition, Queue, queue
from zaplecze.workload.records import Records, read_records
from zaplecze.workload.redials import Path, path, with_repeats
from zaplecze.workload.service import Service, service
from zaplecze.workload.shifts import Cover, cover
from zaplecze.workload.shrinkage import Shrinkage
from zaplecze.workload.staffing import Staffing, Target, agents_for, agents_needed, exact_agents
from zaplecze.workload.survival import Patience, patience
from zaplecze.workload.uncertainty import Risk, risk

__all__ = [
    "DEFINITIONS",
    "Backlog",
    "Cover",
    "Definition",
    "Deflection",
    "Demand",
    "Forecast",
    "Interval",
    "LineOfCalls",
    "Load",
    "Network",
    "Path",
    "Patience",
    "Plan",
    "Profile",
    "Queue",
    "Records",
    "Risk",
    "Saving",
    "Service",
    "Shifts",
    "Shrinkage",
    "Staffing",
    "Target",
    "Volumes",
    "agents_for",
    "agents_needed",
    "cover",
    "deferred",
    "deflect",
    "erlang_b",
    "erlang_c",
    "exact_agents",
    "forecast",
    "loads",
    "most_calls",
    "network",
    "path",
    "patience",
    "plan",
    "profile",
    "queue",
    "read_lines",
    "read_loads",
    "read_records",
    "read_volumes",
    "risk",
    "service",
    "with_repeats",
]
