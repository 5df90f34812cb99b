"""A lever: a fact of back-office work that someone can change, over all cases."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.facts import Column
from zaplecze.impact.finding import LeverKind, LeverName
from zaplecze.impact.lateness import Promise
from zaplecze.language import Text
from zaplecze.workspace import Workspace

FEWEST_EXPOSED = 30
"""Fewer exposed cases than this say nothing about an effect."""


@dataclass(frozen=True)
class Lever:
    """One lever over all cases; times are seconds since 1970, NaN where they do not matter.

    ``exposed`` is 1, 0, or NaN where it cannot be known; ``amount`` is how much (hours late, times
    gone back to) for the exposed. What happened before ``since`` is no answer to the lever in any
    case, exposed or not; the exposed know of it from ``known_at``. ``before`` are the columns to
    hold equal: case attributes and earlier steps only. ``due`` is until when a step that may be
    late was to be done, ``ended`` when it was; ``promise`` is the one that it breaks. ``unit`` is what
    ``amount`` counts. ``over`` are cases that had ended before the lever could have come to them.
    ``at_once`` counts cases whose step was done again in the very instant in which it was done.
    """

    name: LeverName
    exposed: Floats
    since: Floats
    known_at: Floats
    amount: Floats
    before: list[Column] = field(repr=False)
    promise: Promise | None = None
    due: Floats | None = None
    ended: Floats | None = None
    unit: Literal["hours", "times"] | None = None
    over: NDArray[np.bool_] | None = field(default=None, repr=False)
    at_once: int = 0

    def comes_after(self, other: "Lever") -> bool | None:
        """Whether it comes about after OTHER, by when both were known; None where no case says.

        Delays come in the order of the process, whatever their deadlines are counted from.
        """
        if self.ended is not None and other.ended is not None:
            return None
        apart = self.known_at - other.known_at
        apart = apart[~np.isnan(apart)]
        middle = float(np.median(apart)) if len(apart) else 0.0
        return None if middle == 0 else middle > 0

    @property
    def overdue(self) -> Floats:
        """Until when the steps that were never done were to be done; NaN in all other cases."""
        if self.due is None or self.ended is None:
            return np.full(len(self.exposed), np.nan)
        return np.where(np.isnan(self.ended), self.due, np.nan)


def lever_name(workspace: Workspace, activity: str, kind: LeverKind, label: Text) -> LeverName:
    declared = workspace.steps.get(activity)
    department = (declared and declared.department) or ""
    return LeverName(
        id=f"{kind}:{activity}",
        label=label,
        kind=kind,
        step=activity,
        step_label=workspace.step_label(activity),
        department=department,
        department_label=workspace.department_label(department),
    )
