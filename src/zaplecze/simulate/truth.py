"""What is true of a simulated company, counted while it is drawn."""

from collections import Counter
from dataclasses import asdict
from math import factorial
from typing import Any

import numpy as np

from zaplecze.simulate import company
from zaplecze.simulate.clock import DAY, HOUR, utc
from zaplecze.simulate.company import Floats
from zaplecze.simulate.draw import Cases

_STEPS = (*company.TARGET_HOURS, company.PROMISE.step)


class Truth:
    """Counts over all orders so far; `to_dict` is what ``truth.json`` holds."""

    def __init__(self) -> None:
        self._orders = 0
        self._answers = 0
        self._exposed: Counter[str] = Counter()
        self._shares = np.zeros(len(_STEPS))

    def add(self, cases: Cases) -> None:
        """Count CASES."""
        self._orders += len(cases.orders.number)
        self._answers += int(cases.response.answered.sum())
        for lever, exposed in cases.work.exposed.items():
            self._exposed[lever.id] += int(exposed.sum())
        late = cases.work.exposed[company.PROMISE]
        self._shares += shapley_shares(deviations(cases)[late]).sum(axis=0)

    def to_dict(self) -> dict[str, Any]:
        """Effects, lateness and counts as plain values."""
        late = self._exposed[company.PROMISE.id]
        return {
            "cases": self._orders,
            "answers": self._answers,
            "effects": [
                {
                    "lever": lever.id,
                    "kind": lever.kind,
                    "step": lever.step,
                    "department": lever.department,
                    "outcome": outcome,
                    "effect": lever.effect(outcome),
                    "exposed": self._exposed[lever.id],
                }
                for lever in company.LEVERS
                for outcome in company.OUTCOMES
            ],
            "only_through_the_promise": list(company.ONLY_THROUGH_THE_PROMISE),
            "late_orders": late,
            "lateness_shares": dict(zip(_STEPS, (self._shares / late).tolist(), strict=True)),
            "background": {name: asdict(p) for name, p in company.OUTCOMES.items()},
        }


def deviations(cases: Cases) -> Floats:
    """Seconds beyond its allowance, of each order (rows) and step on the way to the promise.

    They add up to how late the order is against the end of the promised day.
    """
    work, ordered = cases.work, utc(cases.orders.ordered)
    done = (work.credit, work.contract, work.account, work.shipped, work.installed)
    times = np.stack([ordered, *(utc(moment) for moment in done)], axis=1)
    # The end of a day by the clock of that day: the next one may be the day of another time.
    promised = utc(cases.orders.promised_day * DAY) + DAY
    targets = HOUR * np.array(list(company.TARGET_HOURS.values()))
    left = promised - ordered - targets.sum()
    allowances = np.column_stack([np.tile(targets, (len(left), 1)), left])
    deviation: Floats = (np.diff(times, axis=1) - allowances).astype(np.float64)
    return deviation


def shapley_shares(deviation: Floats) -> Floats:
    """The part of each step (columns) in the lateness of each late order (rows).

    Shapley's value of the game in which a group of steps wins 1 when its deviations add up to
    more than nothing: the average, over all sequences in which the steps could come, of what each
    adds by joining. Written apart from the analysis on purpose, so that each can be held against
    the other.
    """
    steps = deviation.shape[1]
    groups = np.array([[group >> k & 1 for k in range(steps)] for group in range(2**steps)])
    wins = (deviation @ groups.T > 0).astype(np.float64)
    shares = np.zeros_like(deviation)
    for k in range(steps):
        without = np.flatnonzero(groups[:, k] == 0)
        size = groups[without].sum(axis=1)
        weight = np.array([factorial(s) * factorial(steps - s - 1) for s in size])
        joined = wins[:, without | 1 << k] - wins[:, without]
        shares[:, k] = joined @ weight / factorial(steps)
    return shares
