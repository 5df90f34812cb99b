"""How many hours of work a step takes in a year, and what they cost."""

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from zaplecze.eventlog import EventLog
from zaplecze.process.worked import Kind, Worked
from zaplecze.workspace import Basis, Quantity, Workspace

FEWEST_MEASURED = 30
"""With fewer measured events than this, the minutes that the workspace gives are believed more."""

_DAY_MICROSECONDS = 86_400 * 1_000_000


@dataclass(frozen=True)
class Amount:
    """An amount with the range in which it lies; assumed where any part of it is assumed."""

    amount: float
    low: float
    high: float
    basis: Basis

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return dict(vars(self))


@dataclass(frozen=True)
class Effort:
    """The work of a step in a year: events, hours, and the cost where an hour has one.

    ``minutes`` are those of one event, measured or assumed; ``assumed_minutes`` what the workspace
    gives, also where something else was measured.
    """

    events_per_year: float
    minutes: Amount
    assumed_minutes: float | None
    hours_per_year: Amount
    cost_per_year: Amount | None
    currency: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "minutes": self.minutes.to_dict(),
            "hours_per_year": self.hours_per_year.to_dict(),
            "cost_per_year": self.cost_per_year and self.cost_per_year.to_dict(),
        }


def efforts(
    log: EventLog,
    workspace: Workspace,
    departments: dict[str, dict[str, int]],
    measured: dict[str, dict[Kind, Worked]],
) -> dict[str, Effort]:
    """By activity, the effort of the steps whose minutes are MEASURED or given by WORKSPACE.

    DEPARTMENTS are the events by activity and department, most frequent first; an hour costs what
    it does in the department that does most of a step.
    """
    minutes = _minutes(workspace, measured)
    if not minutes:
        return {}
    found = {}
    for activity, events in events_per_year(log).items():
        if activity not in minutes:
            continue
        each, step = minutes[activity], workspace.steps.get(activity)
        department = next(iter(departments.get(activity, {})), step.department if step else None)
        known = workspace.departments.get(department) if department else None
        hours = _times(events / 60, each)
        cost = _at(hours, known.hourly_cost) if known and known.hourly_cost else None
        assumed = step.minutes.amount if step and step.minutes else None
        found[activity] = Effort(events, each, assumed, hours, cost, workspace.currency)
    return found


def _minutes(workspace: Workspace, measured: dict[str, dict[Kind, Worked]]) -> dict[str, Amount]:
    """By activity, the minutes of an event: the mean of those measured, or those that are given."""
    found = {}
    for activity, step in workspace.steps.items():
        if step.minutes is not None:
            low, high = step.minutes.bounds
            found[activity] = Amount(step.minutes.amount, low, high, step.minutes.basis)
    for activity, kinds in measured.items():
        known = kinds.get("minutes")
        if known and (activity not in found or known.events >= FEWEST_MEASURED):
            found[activity] = Amount(known.mean, *known.mean_interval, "measured")
    return found


def events_per_year(log: EventLog) -> dict[str, float]:
    """By activity, the events that started in the latest 365 days of LOG.

    Scaled up from a log of less than a year; all of them where every event has the same time.
    """
    first, last = log.connection.execute(
        'SELECT epoch_us(min("start")), epoch_us(max("start")) FROM events'
    ).fetchall()[0]
    if first is None:
        return {}
    days = (last - first) / _DAY_MICROSECONDS
    scale = 365 / max(days, 1.0) if 0 < days < 365 else 1.0
    latest = f'epoch_us("start") > {last - 365 * _DAY_MICROSECONDS}'
    events = nw.from_native(log.connection.view("events").filter(latest))
    rows = events.group_by("activity").agg(nw.len().alias("count")).collect("pyarrow").rows()
    return {log.activities[code]: count * scale for code, count in rows}


def _times(factor: float, each: Amount) -> Amount:
    return Amount(factor * each.amount, factor * each.low, factor * each.high, each.basis)


def _at(hours: Amount, cost: Quantity) -> Amount:
    low, high = cost.bounds
    both = {hours.basis, cost.basis}
    return Amount(
        hours.amount * cost.amount,
        hours.low * low,
        hours.high * high,
        "measured" if both == {"measured"} else "assumed",
    )
