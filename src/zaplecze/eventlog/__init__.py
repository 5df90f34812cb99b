"""The work as data: read, check, order, store."""

from zaplecze.eventlog.store import EventLog, LogInfo, RefusedRows, open_log

__all__ = ["EventLog", "LogInfo", "RefusedRows", "open_log"]
