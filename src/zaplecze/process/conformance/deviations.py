"""The deviations that alignments show: what, where, whose, and how those cases fared otherwise.

Everything here is counted or compared as it is. What deviations do to customers is another question;
`zaplecze.impact` asks it with everything else held equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zaplecze.eventlog import EventLog
from zaplecze.language import N_, Text, duration, number, percent, say
from zaplecze.process.conformance.alignments import INSERTED, Ints, Traces
from zaplecze.process.conformance.contrasts import Contrasts, contrasts
from zaplecze.process.conformance.fits import Fits
from zaplecze.process.conformance.result import Deviation, Kind, Place
from zaplecze.process.graph import most_frequent_departments
from zaplecze.workspace import Workspace

MOST_COMPARED = 50
"""So many of the most frequent deviations are compared with the cases without them."""

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
class _Spots:
    """Every spot of a kind: its row of variants, its activity, and those before and after it.

    ``place``: of what is inserted the position in the case, of what is skipped the step.
    """

    kind: Kind
    row: Ints
    code: Ints
    after: Ints
    before: Ints
    place: Ints


def describe(sides: Sides) -> list[Deviation]:
    """The deviations, those of most cases first."""
    found = []
    for spots, find_departments in (
        (_skipped(sides), _departments_of_skipped),
        (_inserted(sides), _departments_of_inserted),
    ):
        departments = find_departments(sides, spots)
        for code in np.unique(spots.code):
            rows = np.flatnonzero(spots.code == code)
            found.append(_Found(spots, int(code), rows, departments.get(int(code), {}), sides))
    found.sort(key=lambda each: (-each.cases, -each.events, each.spots.kind, each.activity))
    compared = contrasts(sides.log, [sides.variant[f.variants] for f in found[:MOST_COMPARED]])
    compared += [Contrasts(None, None, {})] * (len(found) - len(compared))
    return [each.deviation(figures) for each, figures in zip(found, compared, strict=True)]


class _Found:
    """One deviation: its spots, counted."""

    def __init__(
        self, spots: _Spots, code: int, rows: Ints, departments: dict[str, int], sides: Sides
    ) -> None:
        self.spots, self.rows, self.sides, self.departments = spots, rows, sides, departments
        self.activity = sides.fits.names[code]
        self.variants = np.unique(spots.row[rows])
        self.cases = int(sides.fits.cases[self.variants].sum())
        self.events = int(sides.fits.cases[spots.row[rows]].sum())

    def deviation(self, figures: Contrasts) -> Deviation:
        """With the FIGURES of its cases and the others."""
        return Deviation(
            kind=self.spots.kind,
            activity=self.activity,
            label=self.sides.label(self.activity),
            cases=self.cases,
            events=self.events,
            departments=self.departments,
            places=self._places(),
            throughput_seconds=figures.throughput_seconds,
            wait_seconds=figures.wait_seconds,
            outcomes=figures.outcomes,
            sentences=[self._what(), *self._comparisons(figures)],
        )

    def _places(self) -> list[Place]:
        """Between which activities, the most frequent first."""
        after, before = self.spots.after[self.rows], self.spots.before[self.rows]
        pairs, which = np.unique(np.stack([after, before], axis=1), axis=0, return_inverse=True)
        weights = self.sides.fits.cases[self.spots.row[self.rows]]
        events = np.bincount(which.ravel(), weights, minlength=len(pairs)).astype(np.int64)
        names = self.sides.fits.names
        places = [
            Place(
                names[a] if a != NOWHERE else None, names[b] if b != NOWHERE else None, int(count)
            )
            for (a, b), count in zip(pairs, events, strict=True)
        ]
        return sorted(places, key=lambda p: (-p.events, p.after or "", p.before or ""))

    def _what(self) -> Text:
        message = {
            "skipped": N_(
                "In {share} of the cases ({cases}) the step '{activity}' is missing where the "
                "procedure asks for it."
            ),
            "inserted": N_(
                "In {share} of the cases ({cases}) the step '{activity}' was done where the "
                "procedure has no place for it."
            ),
        }[self.spots.kind]
        return say(
            message,
            share=percent(self.cases / int(self.sides.fits.cases.sum())),
            cases=number(self.cases),
            activity=self.sides.label(self.activity),
        )

    def _comparisons(self, figures: Contrasts) -> Iterator[Text]:
        times = figures.throughput_seconds
        if times and times.with_it is not None and times.without_it is not None:
            yield say(
                N_("Median time from start to end: {with_it} with this deviation, {without_it} without."),
                with_it=duration(times.with_it),
                without_it=duration(times.without_it),
            )  # fmt: skip
        for name, contrast in figures.outcomes.items():
            if contrast.with_it is not None and contrast.without_it is not None:
                yield say(
                    N_("{outcome}, on average: {with_it} with this deviation, {without_it} without."),
                    outcome=self.sides.outcome_label(name),
                    with_it=self.sides.amount(name, contrast.with_it),
                    without_it=self.sides.amount(name, contrast.without_it),
                )  # fmt: skip


def _skipped(sides: Sides) -> _Spots:
    aligned, traces = sides.fits.aligned, sides.fits.traces
    row, position = aligned.skipped_variant, aligned.skipped_before
    return _Spots(
        "skipped",
        row,
        sides.fits.code_of_step[aligned.skipped_step],
        _activity_at(traces, row, position - 1),
        _activity_at(traces, row, position),
        aligned.skipped_step,
    )


def _inserted(sides: Sides) -> _Spots:
    aligned, traces = sides.fits.aligned, sides.fits.traces
    row_of = np.repeat(np.arange(len(traces)), traces.lengths)
    events = np.flatnonzero((aligned.step == INSERTED) & aligned.is_known[row_of])
    row = row_of[events]
    position = events - traces.offsets[row]
    return _Spots(
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


def _departments_of_inserted(sides: Sides, spots: _Spots) -> dict[int, dict[str, int]]:
    """By activity, the departments that did what has no place, as the events say."""
    if not len(spots.row) or not sides.log.departments:
        return {}
    connection = sides.log.connection
    where = pa.table(
        {"variant": sides.variant[spots.row], "position": spots.place, "activity": spots.code}
    )
    connection.register("z_inserted", where)
    rows = connection.execute(
        'SELECT z.activity, e.department, count(*) FROM events e JOIN cases c USING ("case") '
        'JOIN z_inserted z ON z.variant = c.variant AND z."position" = e."position" '
        "WHERE e.department IS NOT NULL GROUP BY ALL ORDER BY 3 DESC, 2"
    ).fetchall()
    connection.unregister("z_inserted")
    found: dict[int, dict[str, int]] = {}
    for code, department, events in rows:
        found.setdefault(code, {})[sides.log.departments[department]] = events
    return found


def _departments_of_skipped(sides: Sides, spots: _Spots) -> dict[int, dict[str, int]]:
    """By activity, whose step is missing: the lane's, the workspace's, or who does it most often."""
    usual = most_frequent_departments(sides.log)
    events = np.bincount(spots.place, sides.fits.cases[spots.row], minlength=len(sides.fits.steps))
    found: dict[int, dict[str, int]] = {}
    for step in np.unique(spots.place):
        code = int(sides.fits.code_of_step[step])
        name = sides.fits.names[code]
        known = sides.workspace.steps.get(name) if sides.workspace else None
        department = sides.fits.steps[step].lane or (known and known.department) or usual.get(name)
        if department:
            counts = found.setdefault(code, {})
            counts[department] = counts.get(department, 0) + int(events[step])
    return found
