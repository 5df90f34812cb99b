"""The whole board pack, written into a folder."""

from pathlib import Path

from zaplecze.impact.finding import Findings
from zaplecze.language import Language
from zaplecze.process import ProcessGraph, map_svg
from zaplecze.report.page import page
from zaplecze.report.pdf import pdf
from zaplecze.report.workbook import workbook

PAGE, PDF, WORKBOOK, MAP = "report.html", "report.pdf", "findings.xlsx", "process.svg"


def write(findings: Findings, graph: ProcessGraph, folder: Path, language: Language) -> list[Path]:
    """Page, PDF, workbook and process map of FINDINGS and GRAPH, written into FOLDER."""
    contents = {
        PAGE: page(findings, graph, language).encode(),
        PDF: pdf(findings, graph, language),
        WORKBOOK: workbook(findings, language),
        MAP: map_svg(graph, language).encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in contents.items():
        path = folder / name
        path.write_bytes(content)
        written.append(path)
    return written
