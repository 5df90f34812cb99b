"""Who does a step, where the workspace does not say and the log does."""

from zaplecze.eventlog import EventLog
from zaplecze.process.graph import by_department
from zaplecze.process.scan import events_by
from zaplecze.workspace import Step, Workspace


def with_doers(log: EventLog, workspace: Workspace) -> Workspace:
    """WORKSPACE whose steps without a department belong to the one that does most of each in LOG.

    A step of which no department does more than half stays without.
    """
    steps = dict(workspace.steps)
    for activity, events in by_department(log, events_by(log, "department")).items():
        step = steps.get(activity, Step())
        doer = next(iter(events))
        if step.department is None and events[doer] > sum(events.values()) / 2:
            steps[activity] = step.model_copy(update={"department": doer})
    return workspace.model_copy(update={"steps": steps})
