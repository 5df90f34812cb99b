"""The ways cases take through the process: every sequence of activities and how many cases take it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from zaplecze.eventlog import EventLog


@dataclass(frozen=True)
class Variant:
    """One sequence of activities, the cases that follow it and their share of all cases."""

    activities: list[str]
    cases: int
    share: float


@dataclass(frozen=True)
class Variants:
    """All variants of a log, most cases first, ties in lexicographic order of the activities.

    A log can have as many variants as cases; they stay in an Arrow table until asked for.
    """

    cases: int
    names: list[str] = field(repr=False)
    table: pa.Table = field(repr=False)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Variant]:
        return self._rows(self.table)

    def top(self, count: int) -> list[Variant]:
        """The COUNT most frequent variants."""
        return list(self._rows(self.table.slice(0, count)))

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process variants --json``: plain values."""
        return {"cases": self.cases, "variants": [dict(vars(variant)) for variant in self]}

    def _rows(self, table: pa.Table) -> Iterator[Variant]:
        columns = (table.column(name).to_pylist() for name in ("activities", "cases"))
        for codes, cases in zip(*columns, strict=True):
            yield Variant([self.names[code] for code in codes], cases, cases / self.cases)


def variants(log: EventLog) -> Variants:
    """The variants of LOG; cases without any event have none."""
    names = log.activities
    in_order = sorted(range(len(names)), key=names.__getitem__)
    rank = [0] * len(names)
    for place, code in enumerate(in_order):
        rank[code] = place
    # DuckDB compares lists as Python does; ranks instead of names keep that comparison on integers.
    table = (
        log.connection.execute(
            """
            SELECT variant, activities, cases FROM variants
            WHERE len(activities) > 0 AND cases > 0
            ORDER BY cases DESC, list_transform(activities, lambda code: $rank[code + 1])
            """,
            {"rank": rank},
        ).to_arrow_table()
        if log.info.events
        else pa.table({"variant": [], "activities": [], "cases": []})
    )
    return Variants(log.info.cases, names, table)
