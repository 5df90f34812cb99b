"""A log compared with a written procedure: aligned, and the deviations described."""

import numpy as np
import pyarrow as pa

from zaplecze.eventlog import EventLog
from zaplecze.eventlog.arrow import integers
from zaplecze.language import N_, Text, number, say
from zaplecze.process.conformance.alignments import Ints, Traces
from zaplecze.process.conformance.deviations import describe
from zaplecze.process.conformance.fits import Fits
from zaplecze.process.conformance.matching import Matching, match
from zaplecze.process.conformance.procedure import Procedure
from zaplecze.process.conformance.result import Conformance
from zaplecze.process.conformance.spots import Sides
from zaplecze.process.filtered import filters_of
from zaplecze.workspace import Workspace


def compare(log: EventLog, procedure: Procedure, workspace: Workspace | None = None) -> Conformance:
    """How the cases of LOG follow PROCEDURE: optimal alignments at unit costs, and what they show.

    WORKSPACE gives steps other names, by which they match too, and departments. Raises `InputError`
    when the procedure can get stuck or never ends, and when nothing in it has a name of the log.
    """
    fits, variant, matching = laid_beside(log, procedure, workspace)
    cases = fits.cases
    total = int(cases.sum())
    low, high = (float((f * cases).sum() / total) if total else 1.0 for f in fits.fitness)
    bounded = int(cases[~fits.aligned.is_known].sum())
    return Conformance(
        procedure=procedure.name,
        cases=total,
        idle_cases=log.info.cases - total,
        fitting_cases=int(cases[fits.aligned.highest == 0].sum()),
        bounded_cases=bounded,
        fitness=None if bounded else high,
        fitness_bounds=(low, high),
        deviations=describe(Sides(log, workspace, fits, variant)),
        variants=fits,
        notes=[*procedure.notes, *matching.notes(), *_bounded_note(bounded)],
        filters=filters_of(log, workspace),
    )


def laid_beside(
    log: EventLog, procedure: Procedure, workspace: Workspace | None = None
) -> tuple[Fits, Ints, Matching]:
    """The variants of LOG aligned with PROCEDURE, the store's number of each, and what matched.

    Arguments and errors as of `compare`, which also describes and counts what deviates.
    """
    table = variants_of(log)
    matching = match(procedure, log.activities, workspace)
    cases, variant = (integers(table.column(name)) for name in ("cases", "variant"))
    return Fits(procedure, matching, _traces(table), cases, log.activities), variant, matching


def variants_of(log: EventLog) -> pa.Table:
    """The store's number, activities and cases of every variant with events.

    Most cases first; ties in the order of the activities' names.
    """
    names = log.activities
    rank = [0] * len(names)
    for place, code in enumerate(sorted(range(len(names)), key=names.__getitem__)):
        rank[code] = place
    return log.connection.execute(
        f"""
        SELECT variant, activities, cases FROM variants
        WHERE len(activities) > 0 AND cases > 0
        ORDER BY cases DESC, list_transform(activities, lambda code: {rank}[code + 1])
        """
    ).to_arrow_table()


def _traces(table: pa.Table) -> Traces:
    if not table.num_rows:
        return Traces(np.zeros(0, dtype=np.int64), np.zeros(1, dtype=np.int64))
    lists = pa.concat_arrays(table.column("activities").chunks)
    lengths = integers(lists.value_lengths())
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    codes = integers(lists.flatten())
    return Traces(codes, offsets)


def _bounded_note(cases: int) -> list[Text]:
    if not cases:
        return []
    return [
        say(
            N_(
                "Cases whose exact cost was not found within the limits: {cases}. Bounds are given "
                "for them, and their deviations are not listed."
            ),
            cases=number(cases),
        )
    ]
