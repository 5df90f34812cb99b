"""Where logs are imported and asked: in this process, or on a cluster that the user names."""

from zaplecze.eventlog.engine.chosen import VARIABLE, in_force
from zaplecze.eventlog.engine.cluster import Cluster

__all__ = ["VARIABLE", "Cluster", "in_force"]
