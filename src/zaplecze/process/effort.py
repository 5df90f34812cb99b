"""How many hours of work a step takes in a year, and what they cost."""

from dataclasses import dataclass
from typing import Any

import narwhals as nw

from zaplecze.eventlog import EventLog
from zaplecze.workspace import Basis, Quantity, Workspace

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
    """The work of a step in a year: events, hours, and the cost where an hour has one."""

    events_per_year: float
    hours_per_year: Amount
    cost_per_year: Amount | None
    currency: str

    def to_dict(self) -> dict[str, Any]:
        """Plain values by name."""
        return vars(self) | {
            "hours_per_year": self.hours_per_year.to_dict(),
            "cost_per_year": self.cost_per_year and self.cost_per_year.to_dict(),
        }


def efforts(
    log: EventLog, workspace: Workspace, departments: dict[str, dict[str, int]]
) -> dict[str, Effort]:
    """By activity, the effort of the steps whose ``minutes`` WORKSPACE gives.

    DEPARTMENTS are the events by activity and department, most frequent first; an hour costs what
    it does in the department that does most of a step.
    """
    if not any(step.minutes for step in workspace.steps.values()):
        return {}
    found = {}
    for activity, events in events_per_year(log).items():
        step = workspace.steps.get(activity)
        if step is None or step.minutes is None:
            continue
        department = next(iter(departments.get(activity, {})), step.department)
        known = workspace.departments.get(department) if department else None
        hours = _times(events / 60, step.minutes)
        cost = _at(hours, known.hourly_cost) if known and known.hourly_cost else None
        found[activity] = Effort(events, hours, cost, workspace.currency)
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


def _times(factor: float, quantity: Quantity) -> Amount:
    low, high = quantity.bounds
    return Amount(factor * quantity.amount, factor * low, factor * high, quantity.basis)


def _at(hours: Amount, cost: Quantity) -> Amount:
    low, high = cost.bounds
    both = {hours.basis, cost.basis}
    return Amount(
        hours.amount * cost.amount,
        hours.low * low,
        hours.high * high,
        "measured" if both == {"measured"} else "assumed",
    )
