"""The deviations that alignments show: what, where, whose, and how those cases fared otherwise.

Everything here is counted or compared as it is. What deviations do to customers is another question;
`zaplecze.impact` asks it with everything else held equal.
"""

import numpy as np

from zaplecze.process.conformance.alignments import Ints
from zaplecze.process.conformance.contrasts import CaseFigures, Mask
from zaplecze.process.conformance.doers import Deed, doers_of_inserted, doers_of_skipped
from zaplecze.process.conformance.result import Contrasts, Deviation, Place
from zaplecze.process.conformance.spots import NOWHERE, Sides, Spots, inserted, skipped
from zaplecze.process.conformance.wording import comparisons, frequency

MOST_COMPARED = 50
"""So many of the most frequent deviations are compared with the cases without them."""

MOST_PARTS = 5
"""So many of the most frequent places, and departments, of a deviation are compared."""


def describe(sides: Sides) -> list[Deviation]:
    """The deviations, those of most cases first."""
    figures = CaseFigures(sides.log)
    found = []
    for spots, find_doers in (
        (skipped(sides), doers_of_skipped),
        (inserted(sides), doers_of_inserted),
    ):
        doers = find_doers(sides, spots, figures)
        for code in np.unique(spots.code):
            rows = np.flatnonzero(spots.code == code)
            found.append(_Found(spots, int(code), rows, doers.get(int(code), {}), sides))
    found.sort(key=lambda each: (-each.cases, -each.events, each.spots.kind, each.activity))
    return [each.deviation(figures if i < MOST_COMPARED else None) for i, each in enumerate(found)]


class _Found:
    """One deviation: its spots, counted."""

    def __init__(
        self, spots: Spots, code: int, rows: Ints, doers: dict[str, Deed], sides: Sides
    ) -> None:
        self.spots, self.rows, self.sides, self.doers = spots, rows, sides, doers
        self.activity = sides.fits.names[code]
        self.variants = np.unique(spots.row[rows])
        self.cases = int(sides.fits.cases[self.variants].sum())
        self.events = int(sides.fits.cases[spots.row[rows]].sum())

    def deviation(self, figures: CaseFigures | None) -> Deviation:
        """With the FIGURES of its cases and the others; without them where it is rare."""
        beside = _Beside(figures, self.sides.variant[self.variants]) if figures else None
        compared = beside.compared(beside.deviating) if beside else None
        said = [frequency(self.spots.kind, self.activity, self.cases, self.sides)]
        most = list(self.doers.items())[:MOST_PARTS]
        return Deviation(
            kind=self.spots.kind,
            activity=self.activity,
            label=self.sides.label(self.activity),
            cases=self.cases,
            events=self.events,
            departments={name: deed.events for name, deed in self.doers.items()},
            places=self._places(beside),
            throughput_seconds=compared.throughput_seconds if compared else None,
            wait_seconds=compared.wait_seconds if compared else None,
            outcomes=compared.outcomes if compared else {},
            sentences=said + (list(comparisons(compared, self.sides)) if compared else []),
            by_department={name: beside.compared(deed.rows) for name, deed in most}
            if beside
            else {},
        )

    def _places(self, beside: "_Beside | None") -> list[Place]:
        """Between which activities, the most frequent first."""
        after, before = self.spots.after[self.rows], self.spots.before[self.rows]
        pairs, which = np.unique(np.stack([after, before], axis=1), axis=0, return_inverse=True)
        which, rows = which.ravel(), self.spots.row[self.rows]
        weights = self.sides.fits.cases[rows]
        events = np.bincount(which, weights, minlength=len(pairs)).astype(np.int64)
        names = [(self._name(first), self._name(second)) for first, second in pairs.tolist()]
        order = sorted(
            range(len(pairs)), key=lambda k: (-events[k], names[k][0] or "", names[k][1] or "")
        )
        places = []
        for turn, k in enumerate(order):
            contrasts = None
            if beside and turn < MOST_PARTS:
                contrasts = beside.compared_variants(self.sides.variant[rows[which == k]])
            places.append(Place(names[k][0], names[k][1], int(events[k]), contrasts))
        return places

    def _name(self, code: int) -> str | None:
        return self.sides.fits.names[code] if code != NOWHERE else None


class _Beside:
    """The cases that do not deviate in one way, beside which others are compared."""

    def __init__(self, figures: CaseFigures, variants: Ints) -> None:
        self._figures = figures
        self.deviating: Mask = figures.of_variants(variants)

    def compared(self, rows: Mask) -> Contrasts:
        """ROWS beside them."""
        return self._figures.compared(rows, ~self.deviating)

    def compared_variants(self, variants: Ints) -> Contrasts:
        """The cases that take one of VARIANTS beside them."""
        return self.compared(self._figures.of_variants(variants))
