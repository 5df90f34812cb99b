"""The [[events]] blocks of a workspace, as lines: one kind of event from one source each.

A long block is one line; a wide block has a line for every activity.
"""

from dataclasses import dataclass

from zaplecze.eventlog import casting
from zaplecze.eventlog.casting import Column
from zaplecze.eventlog.faults import place_of
from zaplecze.eventlog.sources import Loaded
from zaplecze.eventlog.sql import literal
from zaplecze.language import Text
from zaplecze.workspace import Events, Moment, Workspace, table_header


@dataclass(frozen=True)
class Line:
    """Which columns of a source say what about an event; activity and department may be fixed."""

    block: int
    step: int
    source: Loaded
    wide: bool
    case: Column
    activity: Column | str
    time: Column
    end: Column | None
    resource: Column | None
    department: Column | str | None
    event_id: Column | None
    lifecycle: Column | None
    attributes: list[Column]

    @property
    def ord(self) -> str:
        """Breaks ties in time: block, then row of the file, then step of a wide table."""
        return f"(({self.block}::BIGINT << 54) | (s.rowid << 10) | {self.step})"

    @property
    def place(self) -> Text:
        """Where the workspace file describes it."""
        if self.wide:
            return place_of("events", self.block, "activities", str(self.activity))
        return Text.of(table_header(("events", self.block)))

    def column(self, role: str) -> Column | None:
        """The column that plays ROLE, if there is one."""
        found = {
            "case": self.case,
            "activity": self.activity,
            "time": self.time,
            "end": self.end,
            "lifecycle": self.lifecycle,
            "id": self.event_id,
        }[role]
        return found if isinstance(found, Column) else None


def lines_of(workspace: Workspace, sources: dict[str, Loaded]) -> list[Line]:
    """All lines of all blocks; raises `InputError` for a column that a source does not have."""
    return [
        line
        for number, block in enumerate(workspace.events)
        for line in _lines(workspace, number, block, sources[block.source])
    ]


def table_of_cases(workspace: Workspace) -> str | None:
    """The source that has one row a case; none where the cases' own source has a row an event."""
    long = {block.source for block in workspace.events if not block.activities}
    return workspace.case.source if workspace.case.source not in long else None


def text_of(value: Column | str | None) -> str:
    """A column's text, a fixed text, or null, in SQL."""
    if isinstance(value, Column):
        return casting.text(value)
    return literal(value) if value is not None else "NULL::VARCHAR"


def _lines(workspace: Workspace, number: int, block: Events, source: Loaded) -> list[Line]:
    def needed(name: str, *key: str) -> Column:
        return source.column(name, "events", number, *key)

    def column(name: str | None, *key: str) -> Column | None:
        return None if name is None else needed(name, *key)

    def department(name: str | None, *key: str) -> Column | str | None:
        """A column of the source, or a department that the workspace knows by name."""
        if name is not None and name not in source.columns and name in _departments(workspace):
            return name
        return column(name, *key)

    def line(step: int, activity: Column | str, time: Column, moment: Moment) -> Line:
        key = ["activities", activity] if isinstance(activity, str) else []
        return Line(
            block=number,
            step=step,
            source=source,
            wide=bool(block.activities),
            case=needed(block.case, "case")
            if block.case
            else source.column(workspace.case.key, "case", "key"),
            activity=activity,
            time=time,
            end=column(moment.end, *key, "end"),
            resource=column(moment.resource or block.resource, *key, "resource"),
            department=department(moment.department or block.department, *key, "department"),
            event_id=column(block.id, "id"),
            lifecycle=column(block.lifecycle, "lifecycle"),
            attributes=[needed(name, "attributes") for name in block.attributes],
        )

    if block.activity is not None and block.time is not None:
        activity = needed(block.activity, "activity")
        time = needed(block.time, "time")
        return [line(0, activity, time, Moment(start=block.time, end=block.end))]
    return [
        line(step, name, needed(moment.start, "activities", name), moment)
        for step, (name, moment) in enumerate(block.activities.items())
    ]


def _departments(workspace: Workspace) -> set[str]:
    of_steps = {step.department for step in workspace.steps.values() if step.department}
    return of_steps | set(workspace.departments)
