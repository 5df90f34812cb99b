"""Whose the deviations are: by department, how often and in which cases."""

import numpy as np
import pyarrow as pa

from zaplecze.process.conformance.alignments import Ints
from zaplecze.process.conformance.contrasts import CaseFigures, Mask
from zaplecze.process.conformance.spots import Sides, Spots
from zaplecze.process.graph import most_frequent_departments

Doers = dict[int, dict[str, "Deed"]]
"""By activity and department."""


class Deed:
    """How often a department deviates, and in which cases."""

    def __init__(self, events: int, rows: Mask) -> None:
        self.events, self.rows = events, rows


def doers_of_inserted(sides: Sides, spots: Spots, figures: CaseFigures) -> Doers:
    """By activity, the departments that did what has no place, as the events say; most first."""
    if not len(spots.row) or not sides.log.departments:
        return {}
    connection = sides.log.connection
    where = pa.table(
        {"variant": sides.variant[spots.row], "position": spots.place, "activity": spots.code}
    )
    connection.register("z_inserted", where)
    rows = connection.execute(
        'SELECT z.activity, e.department, count(*), list(DISTINCT e."case") FROM events e '
        'JOIN cases c USING ("case") '
        'JOIN z_inserted z ON z.variant = c.variant AND z."position" = e."position" '
        "WHERE e.department IS NOT NULL GROUP BY ALL ORDER BY 3 DESC, 2"
    ).fetchall()
    connection.unregister("z_inserted")
    found: Doers = {}
    for code, department, events, cases in rows:
        deed = Deed(events, figures.of_cases(np.array(cases, dtype=np.int64)))
        found.setdefault(code, {})[sides.log.departments[department]] = deed
    return found


def doers_of_skipped(sides: Sides, spots: Spots, figures: CaseFigures) -> Doers:
    """By activity, whose step is missing: the lane's, the workspace's, or who does it most often."""
    usual = most_frequent_departments(sides.log)
    found: Doers = {}
    for step in np.unique(spots.place):
        code = int(sides.fits.code_of_step[step])
        name = sides.fits.names[code]
        known = sides.workspace.steps.get(name) if sides.workspace else None
        department = sides.fits.steps[step].lane or (known and known.department) or usual.get(name)
        if not department:
            continue
        missing: Ints = spots.row[spots.place == step]
        rows = figures.of_variants(sides.variant[missing])
        events = int(sides.fits.cases[missing].sum())
        deeds = found.setdefault(code, {})
        if department in deeds:
            before = deeds[department]
            events, rows = events + before.events, rows | before.rows
        deeds[department] = Deed(events, rows)
    return found
