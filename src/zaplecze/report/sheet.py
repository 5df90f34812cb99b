"""Tables on a worksheet: cells with the format of their unit, formulas with their cached values.

Text is written as text, whatever it begins with: nothing from the data can become a formula.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

from zaplecze.language import Language, Text, say
from zaplecze.report.figures.svg import LIGHT
from zaplecze.report.officenumbers import in_language

Format = Literal[
    "text", "count", "money", "sum", "share", "level", "difference", "points", "factor", "date",
    "assumed", "assumed_share", "assumed_date",
]  # fmt: skip

_MINUS, _PERCENT = '"\N{MINUS SIGN}"', '"\N{NO-BREAK SPACE}"%'
"""Signs as they stand in the report."""

_NUMBERS: dict[Format, str] = {
    "text": "General",
    "count": f"#,##0;{_MINUS}#,##0",
    "money": f"#,##0;{_MINUS}#,##0",
    # With the currency of its book, for tables whose rows have units of their own.
    "sum": f"#,##0;{_MINUS}#,##0",
    "share": f"0.0{_PERCENT};{_MINUS}0.0{_PERCENT}",
    "level": f"0.00;{_MINUS}0.00",
    "difference": f"+0.00;{_MINUS}0.00;0.00",
    "points": f"+0.0{_PERCENT};{_MINUS}0.0{_PERCENT};0.0{_PERCENT}",
    "factor": f"0.000;{_MINUS}0.000",
    "date": "yyyy-mm-dd",
    "assumed": f"#,##0.###;{_MINUS}#,##0.###",
    "assumed_share": f"0.0{_PERCENT};{_MINUS}0.0{_PERCENT}",
    "assumed_date": "yyyy-mm-dd",
}
"""Shaded cells, which a person may change, begin with "assumed"."""
_NO_SEPARATORS = ("text", "date", "assumed_date")
_FIRST_DAY = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Formula:
    """A live formula and what it gives today."""

    formula: str
    value: float | str


@dataclass(frozen=True)
class Cell:
    """A value in a format other than its column's."""

    value: str | float | Formula | None
    format: Format


Content = str | float | Formula | Cell | None


@dataclass(frozen=True)
class Heading:
    """A column: its heading (marked for translation, or a text), width in characters and format."""

    words: str | Text
    width: float
    format: Format = "text"


def address(row: int, column: int) -> str:
    """A cell, from 0, as formulas on its own sheet write it: "$C$5"."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def day_number(day: dt.date) -> float:
    """DAY as spreadsheets count days."""
    return float((day - _FIRST_DAY).days)


def quoted(words: str) -> str:
    """WORDS as a text inside a formula."""
    return '"' + words.replace('"', '""') + '"'


class Book:
    """A workbook in the making, in one language and one CURRENCY."""

    def __init__(
        self, language: Language, created: dt.datetime, title: str, currency: str = ""
    ) -> None:
        import xlsxwriter

        self.language = language
        self._currency = currency
        self._bytes = BytesIO()
        self._book = xlsxwriter.Workbook(
            self._bytes,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        # Equal findings give equal bytes: the date is theirs, not the clock's.
        self._book.set_properties({"title": title, "created": created.replace(tzinfo=None)})
        self._formats = {name: self._format(name) for name in _NUMBERS}
        self._title = self._book.add_format({"bold": True, "font_size": 16})
        self._note = self._book.add_format(
            {"font_color": LIGHT["soft"], "text_wrap": True, "valign": "top"}
        )
        heading = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
        self._headings = {
            "left": self._book.add_format(heading | {"align": "left", "indent": 1}),
            "right": self._book.add_format(heading | {"align": "right"}),
        }
        self._total = self._book.add_format(
            {"bold": True, "top": 1, "num_format": in_language(_NUMBERS["money"], language)}
        )

    def sheet(
        self, name: str, title: str, notes: Sequence[str] = (), *, pages_wide: int = 1
    ) -> "Sheet":
        """A new worksheet with TITLE and NOTES above its tables, printed PAGES_WIDE on A4."""
        page = self._book.add_worksheet(say(name)[self.language])
        page.hide_gridlines(2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(pages_wide, 0)
        page.set_footer("&L&A&RPage &P / &N" if self.language == "en" else "&L&A&R&P / &N")
        made = Sheet(self, page)
        page.write_string(0, 0, title, self._title)
        made.row = 1
        for note in notes:
            page.merge_range(made.row, 0, made.row, 5, "", self._note)
            page.write_string(made.row, 0, note, self._note)
            page.set_row(made.row, 15 * (1 + len(note) // 95))
            made.row += 1
        made.row += 1
        return made

    def name_cell(self, name: str, sheet: "Sheet", row: int, column: int) -> None:
        """Let formulas call the cell at ROW and COLUMN, from 0, by NAME."""
        self._book.define_name(name, f"={sheet.cell(row, column)}")

    def finish(self) -> bytes:
        """The file."""
        self._book.close()
        return self._bytes.getvalue()

    def _format(self, name: Format) -> Any:
        pattern = self._sum() if name == "sum" else _NUMBERS[name]
        if name not in _NO_SEPARATORS:
            pattern = in_language(pattern, self.language)
        look: dict[str, Any] = {"num_format": pattern, "valign": "top"}
        if name == "text":
            look |= {"text_wrap": True, "align": "left", "indent": 1}
        if name.startswith("assumed"):
            look |= {"font_color": LIGHT["good"], "bg_color": LIGHT["wash"], "border": 4}
        return self._book.add_format(look)

    def _sum(self) -> str:
        """Money with its currency, which stands first in English and last in Polish and Ukrainian."""
        code, gap = self._currency, "\N{NO-BREAK SPACE}"
        before, after = (f'"{code}{gap}"', "") if self.language == "en" else ("", f'"{gap}{code}"')
        parts = (f"{before}{part}{after}" for part in _NUMBERS["money"].split(";"))
        return ";".join(parts) if code else _NUMBERS["money"]


@dataclass
class Sheet:
    """A worksheet that fills downwards; ``row`` is the next free one, from 0."""

    book: Book
    page: Any
    row: int = 0

    @property
    def name(self) -> str:
        """Its name as formulas quote it."""
        return "'" + str(self.page.get_name()).replace("'", "''") + "'"

    def cell(self, row: int, column: int) -> str:
        """The address of a cell, from 0, for formulas on any sheet."""
        return f"{self.name}!{address(row, column)}"

    def column(self, column: int, first: int, last: int) -> str:
        """The address of the rows FIRST to LAST of COLUMN, from 0, for formulas on any sheet."""
        return f"{self.name}!{address(first, column)}:{address(last, column)}"

    def table(
        self,
        headings: Sequence[Heading],
        rows: Sequence[Sequence[Content]],
        *,
        frozen_columns: int | None = None,
        sets_widths: bool = False,
        total: Sequence[Content] | None = None,
    ) -> int:
        """Write a table and return its first row of values, from 0.

        ``frozen_columns`` keeps the heading and that many columns in sight and offers filters.
        """
        titles = [_said(heading.words)[self.book.language] for heading in headings]
        self._fit_height(self.row, titles, headings)
        for column, (title, heading) in enumerate(zip(titles, headings, strict=True)):
            look = self.book._headings["left" if heading.format == "text" else "right"]
            self.page.write_string(self.row, column, title, look)
            if sets_widths or frozen_columns is not None:
                self.page.set_column(column, column, heading.width)
        if frozen_columns is not None:
            self.page.freeze_panes(self.row + 1, frozen_columns)
            self.page.repeat_rows(self.row)
            if frozen_columns:
                self.page.repeat_columns(0, frozen_columns - 1)
            self.page.autofilter(self.row, 0, self.row + max(len(rows), 1), len(headings) - 1)
        first = self.row + 1
        for offset, values in enumerate(rows):
            self._fit_height(first + offset, values, headings)
            for column, value in enumerate(values):
                self._write(first + offset, column, value, headings[column].format)
        self.row = first + len(rows)
        if total is not None:
            for column, value in enumerate(total):
                self._write(self.row, column, value, headings[column].format, is_total=True)
            self.row += 1
        self.row += 1
        return first

    def _fit_height(self, row: int, values: Sequence[Content], headings: Sequence[Heading]) -> None:
        """Make ROW as high as its longest text needs; not every program does so by itself."""
        lines = max(
            math.ceil(1.1 * len(value) / heading.width) if isinstance(value, str) else 1
            for value, heading in zip(values, headings, strict=True)
        )
        if lines > 1:
            self.page.set_row(row, 15.0 * lines)

    def _write(
        self, row: int, column: int, value: Content, name: Format, *, is_total: bool = False
    ) -> None:
        if isinstance(value, Cell):
            name, value = value.format, value.value
        look = self.book._total if is_total else self.book._formats[name]
        if value is None:
            self.page.write_blank(row, column, None, look)
        elif isinstance(value, Formula):
            self.page.write_formula(row, column, value.formula, look, value.value)
        elif isinstance(value, str):
            self.page.write_string(row, column, value, look)
        else:
            self.page.write_number(row, column, value, look)


def _said(words: str | Text) -> Text:
    return words if isinstance(words, Text) else say(words)
