"""The board pack: a page, a PDF and a workbook that say the same, and the sentences in them."""

from zaplecze.report.message import headline, summary
from zaplecze.report.pack import write, write_pack
from zaplecze.report.page import finding_card, lever_card, page
from zaplecze.report.pdf import pdf, picture
from zaplecze.report.sentences import finding_sentence
from zaplecze.report.workbook import workbook

__all__ = [
    "finding_card",
    "finding_sentence",
    "headline",
    "lever_card",
    "page",
    "pdf",
    "picture",
    "summary",
    "workbook",
    "write",
    "write_pack",
]
