"""Where variants deviate from a procedure: the log beside its alignments, and every spot in it."""

from dataclasses import dataclass

import numpy as np

from zaplecze.eventlog import EventLog
from zaplecze.language import Text, number, percent
from zaplecze.process.conformance.alignments import INSERTED, Ints, Traces
from zaplecze.process.conformance.fits import Fits
from zaplecze.process.conformance.result import Kind
from zaplecze.workspace import Workspace

NOWHERE = -1


@dataclass(frozen=True)
class Sides:
    """The log, and its variants aligned with the procedure.

    ``variant`` is the number that the store gives to each of the variants of ``fits``.
    """

    log: EventLog
    workspace: Workspace | None
    fits: Fits
    variant: Ints

    def label(self, activity: str) -> Text:
        """What an activity is called."""
        return self.workspace.step_label(activity) if self.workspace else Text.same(activity)

    def outcome_label(self, outcome: str) -> Text:
        """What an outcome is called."""
        return self.workspace.outcome_label(outcome) if self.workspace else Text.same(outcome)

    def amount(self, outcome: str, mean: float) -> Text:
        """The mean of an outcome as people read it: a share of cases, or a number."""
        if self.log.info.outcomes.get(outcome) == "yes_no":
            return percent(mean)
        return number(mean, 2)


@dataclass(frozen=True)
class Spots:
    """Every spot of a kind: its row of variants, its activity, and those before and after it.

    ``place``: of what is inserted the position in the case, of what is skipped the step.
    """

    kind: Kind
    row: Ints
    code: Ints
    after: Ints
    before: Ints
    place: Ints


def skipped(sides: Sides) -> Spots:
    """Where steps are missing."""
    aligned, traces = sides.fits.aligned, sides.fits.traces
    row, position = aligned.skipped_variant, aligned.skipped_before
    return Spots(
        "skipped",
        row,
        sides.fits.code_of_step[aligned.skipped_step],
        _activity_at(traces, row, position - 1),
        _activity_at(traces, row, position),
        aligned.skipped_step,
    )


def inserted(sides: Sides) -> Spots:
    """Where activities have no place."""
    aligned, traces = sides.fits.aligned, sides.fits.traces
    row_of = np.repeat(np.arange(len(traces)), traces.lengths)
    events = np.flatnonzero((aligned.step == INSERTED) & aligned.is_known[row_of])
    row = row_of[events]
    position = events - traces.offsets[row]
    return Spots(
        "inserted",
        row,
        traces.codes[events],
        _activity_at(traces, row, position - 1),
        _activity_at(traces, row, position + 1),
        position,
    )


def _activity_at(traces: Traces, row: Ints, position: Ints) -> Ints:
    """The activity at POSITION of the variants ROW; `NOWHERE` outside of them."""
    found = np.full(len(row), NOWHERE, dtype=np.int64)
    inside = (position >= 0) & (position < traces.lengths[row])
    found[inside] = traces.codes[traces.offsets[row[inside]] + position[inside]]
    return found
