"""Where logs are imported and asked: in this process, or on a cluster that the user names."""

from zaplecze.eventlog.engine.chosen import VARIABLE, in_force
from zaplecze.eventlog.engine.cluster import Cluster, failed

__all__ = ["VARIABLE", "Cluster", "failed", "in_force"]
