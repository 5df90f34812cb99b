"""Facts and workspaces of a few cases, written by hand; times in hours from the start of a case."""

import numpy as np

from zaplecze.impact.facts import Facts, OutcomeFacts
from zaplecze.impact.occurrences import StepTimes
from zaplecze.workspace import Workspace

HOUR = 3600.0


def workspace_of(steps, outcomes=None):
    return Workspace.model_validate(
        {
            "name": "x",
            "currency": "PLN",
            "sources": {"a": {"file": "a.csv"}},
            "case": {"key": "id", "source": "a"},
            "steps": steps,
            "outcomes": outcomes or {},
        }
    )


def facts_of(done, *, due=None, again=None, outcomes=None, start=None):
    """Steps one after the other, DONE at these hours; AGAIN lists (case, hour) of later rounds."""
    cases = len(next(iter(done.values())))
    started = np.zeros(cases) if start is None else np.asarray(start) * HOUR
    reached, steps = started, []
    for position, (activity, hours) in enumerate(done.items()):
        first = started + np.asarray(hours, dtype=float) * HOUR
        returned = sorted((again or {}).get(activity, []), key=lambda pair: (pair[0], pair[1]))
        rows = np.array([case for case, _ in returned], dtype=np.int64)
        at = np.array([hour * HOUR for _, hour in returned]) + started[rows]
        finished = first.copy()
        np.fmax.at(finished, rows, at)
        rounds = (~np.isnan(first)).astype(float) + np.bincount(rows, minlength=cases)
        began = np.where(np.isnan(first), np.nan, reached)
        there = np.flatnonzero(~np.isnan(first))
        kept = (each[there] for each in (began, first, finished, rounds.astype(np.int32)))
        steps.append(StepTimes(activity, cases, position, there, *kept, rows, at))
        reached = np.where(np.isnan(first), reached, first)
    return Facts(
        start=started,
        end=np.fmax.reduce([step.finished for step in steps]),
        customer=np.arange(cases),
        attributes={},
        outcomes={
            name: OutcomeFacts(name, kind, np.asarray(values, float), np.asarray(hours) * HOUR)
            for name, (kind, values, hours) in (outcomes or {}).items()
        },
        due={name: started + np.asarray(hours) * HOUR for name, hours in (due or {}).items()},
        steps=steps,
    )
