"""Who a broken promise is put down to: the share of every step, with its interval."""

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.finding import Part
from zaplecze.impact.lever import Lever
from zaplecze.impact.linear import slopes
from zaplecze.workspace import Workspace


def parts_of(lever: Lever, workspace: Workspace, customer: NDArray[np.int64]) -> list[Part]:
    """The promise that LEVER breaks, put down to the steps that delayed it; biggest share first."""
    promise = lever.promise
    if promise is None or lever.name.kind != "promise" or len(promise.steps) < 2:
        return []
    late, shares = promise.shares()
    if len(late) == 0:
        return []
    parts = []
    for k, step in enumerate(promise.steps):
        share = float(shares[:, k].mean())
        around = slopes(shares[:, k] - share, np.ones((len(late), 1)), customer[late])[0]
        department = workspace.steps[step.activity].department or ""
        low, high = around.interval
        # Who saves time in some cases may have less than nothing of the whole; nobody more than all.
        least = min(float(shares[:, k].min()), 0.0)
        parts.append(
            Part(
                step.activity,
                workspace.step_label(step.activity),
                department,
                workspace.department_label(department),
                share,
                (max(share + low, least), min(share + high, 1.0)),
                float(shares[:, k].sum()),
            )
        )
    return sorted(parts, key=lambda part: -part.share)
