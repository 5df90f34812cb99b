"""The report of a result folder, ready for a page: made once for each language and each run."""

import functools
from dataclasses import dataclass
from pathlib import Path

from zaplecze.impact import Finding, Findings, LeverTotal
from zaplecze.language import Language
from zaplecze.report import finding_card, lever_card
from zaplecze.report.document import Document, Ranked, document
from zaplecze.report.levers import findings_of
from zaplecze.report.sentences import finding_title
from zaplecze.web.insight import outputs
from zaplecze.web.insight.outputs import Stamps


@dataclass(frozen=True)
class Shown:
    """A finding: its address and its message; the card when asked for."""

    key: str
    finding: Finding
    findings: Findings
    language: Language

    @property
    def title(self) -> str:
        """The message."""
        return finding_title(self.finding)[self.language]

    @property
    def outcome(self) -> str:
        """What customers felt or did."""
        return self.finding.outcome_label[self.language]

    @functools.cached_property
    def card(self) -> str:
        """The finding whole, as markup."""
        return finding_card(self.finding, self.findings, self.language)


@dataclass(frozen=True)
class ShownLever:
    """A lever: its row in the ranking and its findings; the card when asked for."""

    row: Ranked
    lever: LeverTotal
    outcomes: list[Shown]
    findings: Findings
    language: Language

    @functools.cached_property
    def card(self) -> str:
        """The lever with its evidence, as markup."""
        return lever_card(self.lever, self.findings, self.language)


@dataclass(frozen=True)
class Board:
    """What the report says, its levers (``whole`` are shown with their evidence), its findings."""

    document: Document
    whole: list[ShownLever]
    examined: list[ShownLever]
    findings: list[Shown]

    def finding(self, key: str) -> Shown | None:
        """The finding at that address."""
        return next((shown for shown in self.findings if shown.key == key), None)


def board(folder: Path, language: Language) -> Board:
    """The report on the results in FOLDER. Raises `InputError` where they cannot be read."""
    return _board(folder, outputs.stamps(folder), language)


@functools.lru_cache(maxsize=24)
def _board(folder: Path, state: Stamps, language: Language) -> Board:
    run = outputs.load(folder)
    found = run.findings
    made = document(found, run.graph, language, followed=run.followed)
    shown = {f.id: Shown(key_of(f.id), f, found, language) for f in found.findings}
    levers = [
        ShownLever(row, lever, [shown[f.id] for f in findings_of(lever, found)], found, language)
        for row, lever in zip(made.ranking, found.levers, strict=True)
    ]
    whole = {view.anchor for view in made.levers}
    return Board(
        made,
        [lever for lever in levers if lever.row.anchor in whole],
        [lever for lever in levers if lever.row.anchor not in whole],
        list(shown.values()),
    )


def key_of(finding_id: str) -> str:
    """The id of a finding as it stands in an address."""
    return "-".join("".join(c if c.isalnum() else " " for c in finding_id).split())
