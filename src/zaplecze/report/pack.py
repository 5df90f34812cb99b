"""The whole board pack, written into a folder."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Literal, get_args

from zaplecze.impact.finding import Findings
from zaplecze.impact.followed import Followed
from zaplecze.language import Language
from zaplecze.placing import new_file
from zaplecze.process import ProcessGraph, map_svg
from zaplecze.report.document import document
from zaplecze.report.page import rendered
from zaplecze.report.pdf import printed
from zaplecze.report.proposal import Proposal
from zaplecze.report.workbook import workbook

PAGE, PDF, WORKBOOK, MAP = "report.html", "report.pdf", "findings.xlsx", "process.svg"
SLIDES, CASE = "report.pptx", "case.xlsx"

Format = Literal["html", "pdf", "pptx", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)


def write(
    findings: Findings,
    graph: ProcessGraph,
    folder: Path,
    language: Language,
    followed: Followed | None = None,
) -> list[Path]:
    """Page, PDF, workbook and process map of FINDINGS, GRAPH and FOLLOWED, written into FOLDER."""
    formats: tuple[Format, ...] = ("html", "pdf", "xlsx")
    written = write_pack(findings, graph, folder, language, followed=followed, formats=formats)
    with new_file(folder / MAP) as place:
        place.write_text(map_svg(graph, language), encoding="utf-8")
    return [*written, folder / MAP]


def write_pack(
    findings: Findings,
    graph: ProcessGraph,
    folder: Path,
    language: Language,
    *,
    proposal: Proposal | None = None,
    followed: Followed | None = None,
    formats: Collection[Format] = FORMATS,
) -> list[Path]:
    """The board pack on FINDINGS, GRAPH, PROPOSAL and FOLLOWED in FORMATS, written into FOLDER.

    Everything is made before the first file takes its place. Equal inputs give equal bytes.
    """
    contents = dict(_made(findings, graph, language, proposal, followed, formats))
    written = []
    for name, content in contents.items():
        with new_file(folder / name) as place:
            place.write_bytes(content)
        written.append(folder / name)
    return written


def outdated(folder: Path, *sources: Path) -> list[Path]:
    """The files of a pack in FOLDER that are older than what they are made of, one of SOURCES."""
    newest = max(source.stat().st_mtime for source in sources)
    files = [folder / name for name in (PAGE, PDF, SLIDES, WORKBOOK, CASE)]
    return [file for file in files if file.is_file() and file.stat().st_mtime < newest]


def _made(
    findings: Findings,
    graph: ProcessGraph,
    language: Language,
    proposal: Proposal | None,
    followed: Followed | None,
    formats: Collection[Format],
) -> Iterator[tuple[str, bytes]]:
    content = document(findings, graph, language, proposal, followed)
    if "html" in formats:
        yield PAGE, rendered(content).encode()
    if "pdf" in formats:
        yield PDF, printed(content, findings.workspace)
    if "pptx" in formats:
        # Loading it costs a quarter of a second, which other formats need not pay.
        from zaplecze.report.slides import deck

        yield SLIDES, deck(content, findings, graph, proposal, followed)
    if "xlsx" in formats and findings.workspace.cases:
        yield WORKBOOK, workbook(findings, language, followed)
    if "xlsx" in formats and proposal is not None:
        # It loads what works cases out, which a pack without one need not.
        from zaplecze.report.casebook import case_workbook

        planned = proposal.frozen.monthly if proposal.frozen else None
        yield CASE, case_workbook(proposal.case, proposal.result, language, planned)
