"""A folder of small files and a workspace over them, imported in one call."""

import datetime as dt
from pathlib import Path
from typing import Any

from zaplecze.eventlog import EventLog, build
from zaplecze.workspace import load

LONG = """
name = "Test"
[sources.log]
file = "log.csv"
[case]
key = "case"
[[events]]
source = "log"
activity = "activity"
time = "time"
"""

ROWS = """case,activity,time
A,start,2024-05-01 10:00:00
A,stop,2024-05-01 11:00:00
B,start,2024-05-02 10:00:00
"""


class Desk:
    """Writes files, imports them, and asks the log questions in SQL."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        self.store = folder / "store"

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.data / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def build(self, toml: str = LONG) -> EventLog:
        path = self.data / "zaplecze.toml"
        path.write_text(toml, encoding="utf-8")
        return build(load(path), self.data, self.store)


def from_file(name: str) -> str:
    """The workspace of a long log in the file NAME."""
    return LONG.replace("log.csv", name)


def ask(log: EventLog, query: str) -> list[tuple[Any, ...]]:
    """The rows that answer QUERY."""
    return log.connection.execute(query).fetchall()


def refusals(log: EventLog) -> list[tuple[Any, ...]]:
    """What was refused: (source, row, reason, column, value, case), in the order of the file."""
    return ask(log, 'FROM refused ORDER BY source, row, reason, "column"')


def trail(log: EventLog, columns: str = "case_id, name, start") -> list[tuple[Any, ...]]:
    """Events in order, with the names of their cases and activities."""
    log.connection.execute("CREATE OR REPLACE TABLE names (name VARCHAR)")
    for name in log.activities:
        log.connection.execute("INSERT INTO names VALUES (?)", [name])
    return ask(
        log,
        f'SELECT {columns} FROM events JOIN (SELECT "case", case_id FROM cases) USING ("case") '
        'JOIN names ON names.rowid = activity ORDER BY "case", position',
    )


def at(time: str) -> dt.datetime:
    """A time as the store keeps it: UTC, without a zone."""
    return dt.datetime.fromisoformat(time)
