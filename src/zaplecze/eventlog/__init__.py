"""The work as data: read, check, order, store."""

from typing import TYPE_CHECKING

from zaplecze.ondemand import on_demand

if TYPE_CHECKING:
    from zaplecze.eventlog.appending import append
    from zaplecze.eventlog.export import export
    from zaplecze.eventlog.importer import build
    from zaplecze.eventlog.ocel import ObjectCounts, objects
    from zaplecze.eventlog.ocel.objectlog import ObjectLog, open_objects
    from zaplecze.eventlog.reasons import reason_text
    from zaplecze.eventlog.single import workspace_for
    from zaplecze.eventlog.sources import is_object_centric
    from zaplecze.eventlog.store import EventLog, LogInfo, RefusedRows, is_store, open_log
    from zaplecze.eventlog.temporary import read

__all__ = [
    "EventLog",
    "LogInfo",
    "ObjectCounts",
    "ObjectLog",
    "RefusedRows",
    "append",
    "build",
    "export",
    "is_object_centric",
    "is_store",
    "objects",
    "open_log",
    "open_objects",
    "read",
    "reason_text",
    "workspace_for",
]

on_demand(__name__, {
    "appending": ("append",),
    "export": ("export",),
    "importer": ("build",),
    "ocel": ("ObjectCounts", "objects"),
    "ocel.objectlog": ("ObjectLog", "open_objects"),
    "reasons": ("reason_text",),
    "single": ("workspace_for",),
    "sources": ("is_object_centric",),
    "store": ("EventLog", "LogInfo", "RefusedRows", "is_store", "open_log"),
    "temporary": ("read",),
})  # fmt: skip
