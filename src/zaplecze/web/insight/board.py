"""The report of a result folder, ready for a page: made once for each language and each run."""

import functools
from dataclasses import dataclass
from pathlib import Path

from zaplecze.impact import Finding, Findings
from zaplecze.language import Language
from zaplecze.report import finding_card
from zaplecze.report.document import Document, First, Ranked, document
from zaplecze.web.insight import outputs
from zaplecze.web.insight.outputs import Stamps


@dataclass(frozen=True)
class Shown:
    """A finding: its address, its row in the ranking, its message; the card when asked for."""

    key: str
    row: Ranked
    title: str
    finding: Finding
    findings: Findings
    language: Language

    @functools.cached_property
    def card(self) -> str:
        """The finding whole, as markup."""
        return finding_card(self.finding, self.findings, self.language)


@dataclass(frozen=True)
class Board:
    """What the report says, and its findings."""

    document: Document
    findings: list[Shown]

    @property
    def first(self) -> list[tuple[First, str]]:
        """What to do first, each with the address of its finding."""
        return [(item, self.findings[item.rank - 1].key) for item in self.document.first]

    def finding(self, key: str) -> Shown | None:
        """The finding at that address."""
        return next((shown for shown in self.findings if shown.key == key), None)


def board(folder: Path, language: Language) -> Board:
    """The report on the results in FOLDER. Raises `InputError` where they cannot be read."""
    return _board(folder, outputs.stamps(folder), language)


@functools.lru_cache(maxsize=24)
def _board(folder: Path, state: Stamps, language: Language) -> Board:
    run = outputs.load(folder)
    made = document(run.findings, run.graph, language)
    shown = [
        Shown(key_of(finding.id), row, view.title, finding, run.findings, language)
        for finding, row, view in zip(
            run.findings.findings, made.ranking, made.findings, strict=True
        )
    ]
    return Board(made, shown)


def key_of(finding_id: str) -> str:
    """The id of a finding as it stands in an address."""
    return "-".join("".join(c if c.isalnum() else " " for c in finding_id).split())
