"""The ways cases take through the process: every sequence of activities and how many cases take it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from zaplecze.eventlog import EventLog
from zaplecze.language import Text
from zaplecze.process.filtered import filters_of
from zaplecze.process.lookup import variant_order
from zaplecze.workspace import Workspace


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
    filters: list[Text] = field(default_factory=list)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Variant]:
        return self._rows(self.table)

    def top(self, count: int) -> list[Variant]:
        """The COUNT most frequent variants."""
        return list(self._rows(self.table.slice(0, count)))

    def to_dict(self) -> dict[str, Any]:
        """The document of ``process variants --json``: plain values."""
        return {
            "cases": self.cases,
            "filters": self.filters,
            "variants": [dict(vars(variant)) for variant in self],
        }

    def _rows(self, table: pa.Table) -> Iterator[Variant]:
        columns = (table.column(name).to_pylist() for name in ("activities", "cases"))
        for codes, cases in zip(*columns, strict=True):
            yield Variant([self.names[code] for code in codes], cases, cases / self.cases)


def variants(log: EventLog, workspace: Workspace | None = None) -> Variants:
    """The variants of LOG; cases without any event have none.

    WORKSPACE only labels the steps that a filter names.
    """
    table = (
        log.connection.execute(
            "SELECT activities, cases FROM variants WHERE len(activities) > 0 AND cases > 0 "
            f"ORDER BY {variant_order(log.activities)}"
        ).to_arrow_table()
        if log.info.events
        else pa.table({"activities": [], "cases": []})
    )
    return Variants(log.info.cases, log.activities, table, filters_of(log, workspace))
