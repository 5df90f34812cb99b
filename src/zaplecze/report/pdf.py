"""The report as a PDF on A4: the board's page first, then the evidence."""

import functools
import json
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any

from zaplecze.impact.finding import Findings, Summary
from zaplecze.language import Language
from zaplecze.process import ProcessGraph
from zaplecze.process.svg import readable
from zaplecze.report.document import Document, document
from zaplecze.report.figures.svg import LIGHT
from zaplecze.report.words import local_time


def pdf(findings: Findings, graph: ProcessGraph, language: Language) -> bytes:
    """The report on FINDINGS and GRAPH in LANGUAGE as PDF/UA: tagged, with alternative texts.

    Equal findings give equal bytes: the date is that of the findings.
    """
    return printed(document(findings, graph, language), findings.workspace)


def printed(content: Document, summary: Summary) -> bytes:
    """CONTENT as PDF/UA, dated as SUMMARY says."""
    written = _compiler().compile(
        format="pdf",
        sys_inputs=_inputs(content),
        pdf_standards="ua-1",
        timestamp=int(local_time(summary.created, summary).timestamp()),
    )
    assert isinstance(written, bytes)
    return written


def picture(findings: Findings, graph: ProcessGraph, language: Language, ppi: int = 110) -> bytes:
    """The board's page, the first of the PDF, as PNG."""
    content = document(findings, graph, language)
    pages = _compiler().compile(format="png", ppi=ppi, sys_inputs=_inputs(content))
    first = pages[0] if isinstance(pages, list) else pages
    assert isinstance(first, bytes)
    return first


def _inputs(content: Document) -> dict[str, str]:
    """What the template reads; data only, never markup."""
    read = _readable(asdict(content)) | {"inks": LIGHT}
    return {"document": json.dumps(read, ensure_ascii=False)}


@functools.cache
def _compiler() -> Any:
    """A compiler that reads our template and typefaces, and nothing of the machine's."""
    # Loading it costs 0.1 s, which a page or a workbook need not pay.
    import typst

    room = Path(str(resources.files("zaplecze.report")))
    return typst.Compiler(
        room / "templates" / "report.typ",
        root=room / "templates",
        font_paths=[room / "fonts"],
        ignore_system_fonts=True,
    )


def _readable(value: Any) -> Any:
    """VALUE without the characters that neither XML nor a typeface can hold."""
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return value
