"""In which cases, and when, the work deviates from the written procedure."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats, numbers, seconds
from zaplecze.process.conformance import read_bpmn
from zaplecze.process.conformance.alignments import INSERTED
from zaplecze.process.conformance.comparison import laid_beside
from zaplecze.process.conformance.fits import Fits
from zaplecze.process.ends import end_steps
from zaplecze.workspace import Workspace

Rows = NDArray[np.int64]
DeviationKind = Literal["skipped", "inserted"]

FEWEST_CASES = 0.01
"""Deviations of a smaller share of the cases, or of all but such a share, are not looked at."""


@dataclass(frozen=True)
class Deviating:
    """A deviation over all cases: 1, 0, or NaN where it cannot be known, and since when.

    ``at`` (seconds since 1970) is when what is inserted began, or when the event had ended after
    which the step is missing, for the first time in each case; NaN in the others.
    """

    kind: DeviationKind
    activity: str
    deviates: Floats = field(repr=False)
    at: Floats = field(repr=False)


@dataclass(frozen=True)
class _Spot:
    """Where variants deviate: variant (row of the fits), activity, and the position looked at."""

    kind: DeviationKind
    row: Rows
    code: Rows
    position: Rows


def read_deviations(log: EventLog, keys: Rows, workspace: Workspace) -> list[Deviating]:
    """The deviations of the cases KEYS (sorted) of LOG from the procedure that WORKSPACE names.

    Steps after the last event of a case that may still go on are not yet missing: not known. Cases
    of variants whose alignment is not known are NaN. Most frequent first; none without procedure.
    Raises `InputError` when the drawing cannot be read, or has no step of the log.
    """
    if workspace.procedure is None or not log.info.events:
        return []
    fits, variant, _ = laid_beside(log, read_bpmn(Path(workspace.procedure.file)), workspace)
    open_ended = ~np.isin(_last(fits), _end_codes(log, workspace))
    cases = _Cases(log, keys, variant)
    found = []
    for spot in (_skipped(fits, open_ended), _inserted(fits)):
        for code in np.unique(spot.code):
            if not _frequent(fits, spot, code):
                continue
            deviates = np.where(fits.aligned.is_known, 0.0, np.nan)
            if spot.kind == "skipped":
                deviates[_waiting(fits, open_ended, code)] = np.nan
            mine = spot.code == code
            deviates[spot.row[mine]] = 1.0
            at = cases.times(spot.kind, spot.row[mine], spot.position[mine])
            over = cases.spread(deviates)
            found.append(
                Deviating(spot.kind, fits.names[code], over, np.where(over == 1, at, np.nan))
            )
    return sorted(found, key=lambda d: (-np.nansum(d.deviates), d.kind, d.activity))


def _end_codes(log: EventLog, workspace: Workspace) -> list[int]:
    code = {name: number for number, name in enumerate(log.activities)}
    return [code[step.activity] for step in end_steps(log, workspace)]


def _last(fits: Fits) -> Rows:
    """The last activity of every variant."""
    return np.asarray(fits.traces.codes[fits.traces.offsets[1:] - 1], dtype=np.int64)


def _skipped(fits: Fits, open_ended: NDArray[np.bool_]) -> _Spot:
    row, before = fits.aligned.skipped_variant, fits.aligned.skipped_before
    kept = ~(open_ended[row] & (before == fits.traces.lengths[row]))
    code = fits.code_of_step[fits.aligned.skipped_step]
    return _Spot("skipped", row[kept], code[kept], before[kept] - 1)


def _waiting(fits: Fits, open_ended: NDArray[np.bool_], code: int) -> Rows:
    """Variants that may still get the step CODE, as it is missing at their end."""
    row, before = fits.aligned.skipped_variant, fits.aligned.skipped_before
    missing = fits.code_of_step[fits.aligned.skipped_step] == code
    return np.asarray(
        row[missing & open_ended[row] & (before == fits.traces.lengths[row])], dtype=np.int64
    )


def _inserted(fits: Fits) -> _Spot:
    row_of = np.repeat(np.arange(len(fits.traces)), fits.traces.lengths)
    events = np.flatnonzero((fits.aligned.step == INSERTED) & fits.aligned.is_known[row_of])
    row = row_of[events]
    return _Spot("inserted", row, fits.traces.codes[events], events - fits.traces.offsets[row])


def _frequent(fits: Fits, spot: _Spot, code: int) -> bool:
    share = fits.cases[np.unique(spot.row[spot.code == code])].sum() / max(fits.cases.sum(), 1)
    return bool(FEWEST_CASES <= share <= 1 - FEWEST_CASES)


class _Cases:
    """The cases of a log by their variants."""

    def __init__(self, log: EventLog, keys: Rows, variant: Rows) -> None:
        self._log, self._keys, self._variant = log, keys, variant
        table = log.connection.execute('SELECT variant FROM cases ORDER BY "case"').to_arrow_table()
        of_case = numbers(table, "variant")
        order = np.argsort(variant)
        place = np.searchsorted(variant[order], np.nan_to_num(of_case, nan=-1))
        place = order[np.minimum(place, len(order) - 1)]
        self._row = np.where(variant[place] == of_case, place, -1)

    def spread(self, of_variant: Floats) -> Floats:
        """A value of each variant over the cases; NaN where a case has no events."""
        return np.where(self._row >= 0, of_variant[self._row], np.nan)

    def times(self, kind: DeviationKind, row: Rows, position: Rows) -> Floats:
        """When it first came to each case of the variants ROW: the start of the event at POSITION,
        or the end of the one after which something is missing (-1: the start of the case)."""
        spots = pa.table({"variant": self._variant[row], "position": np.maximum(position, 0)})
        spots = spots.append_column("at_start", pa.array((position < 0) | (kind == "inserted")))
        connection = self._log.connection
        connection.register("z_spots", spots)
        table = connection.execute(
            'SELECT c."case", min(CASE WHEN z.at_start THEN e.start ELSE e."end" END) AS at '
            "FROM z_spots z JOIN cases c ON c.variant = z.variant "
            'JOIN events e ON e."case" = c."case" AND e."position" = z."position" GROUP BY 1'
        ).to_arrow_table()
        connection.unregister("z_spots")
        found = np.full(len(self._keys), np.nan)
        found[np.searchsorted(self._keys, numbers(table, "case").astype(np.int64))] = seconds(
            table, "at"
        )
        return found
