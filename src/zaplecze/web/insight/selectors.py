"""What the pages read. Everybody with an account sees every workspace of the installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog, reason_text
from zaplecze.impact import Findings
from zaplecze.language import N_, Text, number, percent, say
from zaplecze.process import ProcessGraph
from zaplecze.web.insight import outputs
from zaplecze.web.insight.models import Workspace

PURPOSES = {
    "report.html": _("The whole report as one page, to read and to send."),
    "report.pdf": _("The whole report on paper."),
    "report.pptx": _("The whole report as slides, with charts that can be edited."),
    "findings.xlsx": _("Every figure with its inputs and formulas, to recompute."),
    "case.xlsx": _("The business case with its formulas, to recompute."),
    "process.svg": _("The process map, to enlarge and to print."),
    outputs.FINDINGS: _("The findings for other programs."),
}


@dataclass(frozen=True)
class Entry:
    """A workspace on the list, with its findings or with the reason why there are none."""

    workspace: Workspace
    findings: Findings | None
    problem: Text | None


@dataclass(frozen=True)
class Available:
    """A file that people may take along."""

    name: str
    purpose: str
    size_bytes: int


@dataclass(frozen=True)
class Arrow:
    """One arrow of the process map, for its table."""

    source: Text
    target: Text
    count: int
    cases: int
    median_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True)
class RefusedGroup:
    """How many rows of a source were not used for one reason."""

    source: str
    reason: Text
    rows: int
    rows_read: int | None

    @property
    def share(self) -> float | None:
        """The part of the source's rows."""
        return self.rows / self.rows_read if self.rows_read else None


@dataclass(frozen=True)
class RefusedRow:
    """A row that was not used."""

    source: str
    row: int | None
    column: str | None
    value: str | None
    case_id: str | None
    reason: Text


@dataclass(frozen=True)
class RefusedVariable:
    """A variable that may not explain an outcome."""

    label: Text
    outcome: Text
    reason: Text


@dataclass(frozen=True)
class RefusedRows(Sequence[RefusedRow]):
    """The rows of a log that were not used, read a page at a time."""

    log: EventLog

    def __len__(self) -> int:
        return sum(group.rows for group in self.log.info.refused)

    def __getitem__(self, rows: Any) -> Any:
        found = self.log.connection.execute(
            'SELECT source, "row", "column", "value", case_id, reason '
            "FROM refused LIMIT ? OFFSET ?",
            [rows.stop - rows.start, rows.start],
        ).fetchall()
        return [RefusedRow(*row[:-1], reason_text(row[-1])) for row in found]


def entries() -> list[Entry]:
    """Every workspace on the list, in the order in which they came."""
    return [_entry(workspace) for workspace in Workspace.objects.shown()]


def available_downloads(folder: Path) -> list[Available]:
    """The files that FOLDER has to take along."""
    files = [file for name in outputs.DOWNLOADS if (file := outputs.download(folder, name))]
    return [Available(file.name, PURPOSES[file.name], file.stat().st_size) for file in files]


def arrows(graph: ProcessGraph) -> list[Arrow]:
    """Every arrow with the names that people know, most frequent first."""
    names = {activity.name: activity.label for activity in graph.activities}
    return [
        Arrow(
            names[edge.source],
            names[edge.target],
            edge.count,
            edge.cases,
            edge.wait_seconds.median,
            edge.wait_seconds.p95,
        )
        for edge in graph.edges
    ]


def process_message(graph: ProcessGraph) -> Text | None:
    """Between which steps cases wait most; None where nothing waits."""
    waiting = sum(max(edge.wait_seconds.total, 0.0) for edge in graph.edges)
    if not waiting:
        return None
    names = {activity.name: activity.label for activity in graph.activities}
    longest = max(graph.edges, key=lambda edge: edge.wait_seconds.total)
    again = longest.source == longest.target
    return say(
        N_("{share} of all waiting comes before “{source}” is done again")
        if again
        else N_("{share} of all waiting lies between “{source}” and “{target}”"),
        share=percent(longest.wait_seconds.total / waiting, 0),
        source=names[longest.source],
        target=names[longest.target],
    )


def refused_message(log: EventLog) -> Text | None:
    """How much of what was read could not be used; None where all of it was."""
    refused = sum(group.rows for group in log.info.refused)
    if not refused:
        return None
    return say(
        N_("Of {read} rows read, {refused} could not be used in whole or in part"),
        read=number(sum(log.info.rows_read.values())),
        refused=number(refused),
    )


def refused_groups(log: EventLog) -> list[RefusedGroup]:
    """The rows that were not used, counted by source and reason."""
    read = log.info.rows_read
    return [
        RefusedGroup(group.source, reason_text(group.reason), group.rows, read.get(group.source))
        for group in log.info.refused
    ]


def refused_variables(findings: Findings) -> list[RefusedVariable]:
    """The variables that were not used."""
    outcomes = {finding.outcome: finding.outcome_label for finding in findings.findings}
    return [
        RefusedVariable(one.label, outcomes.get(one.outcome, Text.same(one.outcome)), one.reason)
        for one in findings.refused
    ]


def _entry(workspace: Workspace) -> Entry:
    try:
        return Entry(workspace, outputs.load(workspace.path).findings, None)
    except InputError as error:
        return Entry(workspace, None, error.text)
