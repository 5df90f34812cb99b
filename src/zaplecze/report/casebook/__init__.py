"""A business case as a workbook that recomputes: change an input, and everything follows."""

from zaplecze.report.casebook.book import case_workbook

__all__ = ["case_workbook"]
