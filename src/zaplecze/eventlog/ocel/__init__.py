"""Object-centric event logs (OCEL 1.0 and 2.0): counted as they are, or flattened to cases."""

from zaplecze.eventlog.ocel.counts import ObjectCounts, ObjectType, Relation, Together, objects
from zaplecze.eventlog.ocel.flat_form import is_flat
from zaplecze.eventlog.ocel.flatten import load

__all__ = ["ObjectCounts", "ObjectType", "Relation", "Together", "is_flat", "load", "objects"]
