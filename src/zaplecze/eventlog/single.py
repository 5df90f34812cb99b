"""A workspace for one file, when nobody wrote one."""

from pathlib import Path

from zaplecze.errors import InputError
from zaplecze.eventlog.sources import format_of
from zaplecze.language import N_, Text, say
from zaplecze.workspace import CaseTable, Events, Source, Workspace

_XES = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "time": "time:timestamp",
}


def workspace_for(
    file: Path,
    *,
    case: str | None = None,
    activity: str | None = None,
    time: str | None = None,
    end: str | None = None,
    resource: str | None = None,
    department: str | None = None,
    time_zone: str = "UTC",
) -> Workspace:
    """A workspace that reads FILE, a row an event, from these columns.

    The source is called ``log`` and lies in FILE's own folder. XES says itself what is the case,
    the activity and the time; for other formats `InputError` names what is missing. A folder raises
    it too.
    """
    if file.is_dir():
        raise InputError(
            say(
                N_(
                    "{file}: this is a folder. Name one file of events in it, or the workspace "
                    "file that describes them all."
                ),
                file=str(file),
            )
        )
    given = {"case": case, "activity": activity, "time": time}
    if format_of(file) == "xes":
        given = {role: column or _XES[role] for role, column in given.items()}
    missing = [role for role, column in given.items() if column is None]
    if missing:
        raise InputError(
            say(
                N_(
                    "{file}: the file does not say which columns are meant. "
                    "Give {options} with the names of its columns."
                ),
                file=file.name, options=" ".join(f"--{role}" for role in missing),
            )
        )  # fmt: skip
    block = Events(
        source="log",
        activity=given["activity"],
        time=given["time"],
        end=end,
        resource=resource,
        department=department,
    )
    return Workspace(
        name=Text.same(file.name.lstrip(".").split(".")[0]),
        time_zone=time_zone,
        sources={"log": Source(file=file.name)},
        case=CaseTable(key=str(given["case"])),
        events=[block],
    )
