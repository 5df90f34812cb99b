"""The grid of a slide: title as message, subtitle, body, footer; text, tables and notes on it."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from zaplecze.language import Language
from zaplecze.process.svg import readable
from zaplecze.report.figures.svg import LIGHT, Ink
from zaplecze.report.slides.fitting import height, largest
from zaplecze.report.tables import Table

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.6
FONT = "Arial"
"""On every machine, with Polish and Ukrainian letters; a deck cannot carry its own typeface."""

CULTURES: dict[Language, str] = {"en": "en-GB", "pl": "pl-PL", "uk": "uk-UA"}
CELL_GAP = 0.12
"""Inches between the words of one column of a table and the next."""

_CELL_MARGIN = 0.03
_TITLE_SIZES = (26, 24, 22, 20, 18)
_CREATED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


class Box(NamedTuple):
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


TITLE = Box(MARGIN, 0.4, WIDTH - 2 * MARGIN, 1.1)
SUBTITLE = Box(MARGIN, 1.52, WIDTH - 2 * MARGIN, 0.5)
BODY = Box(MARGIN, 2.1, WIDTH - 2 * MARGIN, 4.75)
FOOTER = Box(MARGIN, 7.02, WIDTH - 2 * MARGIN - 1.2, 0.3)


@dataclass(frozen=True)
class Line:
    """A paragraph and how it is set."""

    words: str
    size: float = 14
    ink: Ink = "ink"
    strong: bool = False
    after: float = 4
    bullet: bool = False


@dataclass
class Slides:
    """A deck while it is made; ``footer`` says on every slide whence and under which filters."""

    language: Language
    footer: str
    _file: Any = field(default_factory=lambda: _blank())
    _referring: list[tuple[Any, int]] = field(default_factory=list)

    def new(self, title: str, what: str, ref: int = 0) -> "Sheet":
        """The next slide, with its message, what is shown, and the number of its definition."""
        slide = self._file.slides.add_slide(self._file.slide_layouts[0])
        sheet, title = Sheet(slide), title.removesuffix(".")
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = _emu(TITLE)
        size = largest(title, TITLE.width, TITLE.height, _TITLE_SIZES)
        _fill(shape.text_frame, [Line(title, size, strong=True, after=0)], MSO_ANCHOR.BOTTOM)
        if what:
            place = SUBTITLE._replace(width=SUBTITLE.width - (0.6 if ref else 0))
            size = largest(what, place.width, place.height, (14, 13, 12, 11))
            sheet.text(place, [Line(what, size, "soft")])
        if ref:
            place = Box(WIDTH - MARGIN - 0.5, SUBTITLE.top, 0.5, 0.3)
            number = sheet.text(place, [Line(f"[{ref}]", 12, "accent")], align="right")
            self._referring.append((number, ref))
        sheet.text(FOOTER, [Line(self.footer, 9, "soft")])
        _number(sheet.text(Box(WIDTH - MARGIN - 1.2, FOOTER.top, 1.2, 0.3), [], align="right"))
        return sheet

    def refer(self, places: dict[int, "Sheet"]) -> None:
        """Let the numbers of definitions lead to the slides in PLACES that hold them."""
        for shape, ref in self._referring:
            if ref in places:
                shape.click_action.target_slide = places[ref].slide

    def to_bytes(self, title: str, subject: str, made: dt.datetime) -> bytes:
        """The file, dated MADE: equal contents give equal bytes."""
        properties = self._file.core_properties
        properties.title, properties.subject = _property(title), _property(subject)
        properties.author = properties.last_modified_by = "Zaplecze"
        properties.language = CULTURES[self.language]
        properties.keywords = properties.comments = properties.category = ""
        properties.created = properties.modified = made.replace(tzinfo=None)
        properties.revision = 1
        for slide in self._file.slides:
            for run in slide.element.iter(qn("a:r"), qn("a:fld")):
                run.get_or_add_rPr().set("lang", CULTURES[self.language])
        stream = io.BytesIO()
        self._file.save(stream)
        return repacked(stream.getvalue(), made)


@dataclass(frozen=True)
class Sheet:
    """One slide, on which things are put."""

    slide: Any

    def text(
        self,
        box: Box,
        lines: Sequence[Line],
        *,
        anchor: str = "top",
        align: str = "left",
    ) -> Any:
        """Paragraphs in BOX; returns the shape."""
        shape = self.slide.shapes.add_textbox(*_emu(box))
        _fill(shape.text_frame, lines, _ANCHORS[anchor], _ALIGNS[align])
        return shape

    def rule(self, left: float, top: float, width: float, ink: Ink = "line") -> None:
        """A thin line."""
        shape = self.slide.shapes.add_connector(
            1, Inches(left), Inches(top), Inches(left + width), Inches(top)
        )
        shape.line.color.rgb, shape.line.width = colour(ink), Pt(0.75)
        flatten(shape)
        describe(shape, "")

    def table(
        self,
        box: Box,
        shown: Table,
        widths: Sequence[float],
        size: float = 12,
    ) -> float:
        """A table in BOX, its columns as wide as their share of WIDTHS; returns where it ends."""
        frame = self.slide.shapes.add_table(
            len(shown.rows) + 1, len(shown.columns), *_emu(box._replace(height=0.3))
        )
        describe(frame, shown.caption)
        _plain(frame)
        grid, whole = frame.table, sum(widths)
        for column, share in zip(grid.columns, widths, strict=True):
            column.width = Inches(box.width * share / whole)
        heads = [column.heading for column in shown.columns]
        for r, cells in enumerate([heads, *shown.rows]):
            grid.rows[r].height = Inches(size * 1.5 / 72)
            for c, words in enumerate(cells):
                align = "right" if shown.columns[c].number else "left"
                _cell(grid.cell(r, c), words, size, heading=r == 0, align=align)
        rooms = [box.width * share / whole - CELL_GAP for share in widths]
        return box.top + sum(row_height(row, rooms, size) for row in (heads, *shown.rows))

    def notes(self, *paragraphs: str) -> None:
        """What the speaker, and somebody who reads later, must know: method and source."""
        told = "\n".join(readable(words) for words in paragraphs if words)
        self.slide.notes_slide.notes_text_frame.text = told


def row_height(cells: Sequence[str], widths: Sequence[float], size: float) -> float:
    """Inches that a row of a table takes whose CELLS have WIDTHS for their words."""
    taken = (height(words, width, size) for words, width in zip(cells, widths, strict=True))
    return 2 * _CELL_MARGIN + max(taken)


def colour(ink: Ink) -> Any:
    """The colour of an ink."""
    return RGBColor.from_string(LIGHT[ink].lstrip("#").upper())


def describe(shape: Any, words: str) -> None:
    """Let SHAPE say WORDS to somebody who cannot see it."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", readable(words))


def flatten(shape: Any) -> None:
    """Take away what a theme would add to SHAPE: a shadow, a gradient."""
    for style in shape._element.findall(qn("p:style")):
        shape._element.remove(style)


def repacked(package: bytes, made: dt.datetime) -> bytes:
    """PACKAGE, an Office file, with every date in it and of its parts set to MADE."""
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as read,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as written,
    ):
        for name in read.namelist():
            content = read.read(name)
            if name.endswith(".xlsx"):
                content = repacked(content, made)
            elif name == "docProps/core.xml":
                content = _CREATED.sub(rb"\g<1>" + stamp, content)
            written.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return stream.getvalue()


def _property(words: str) -> str:
    """WORDS as a property of a file, which has room for 255 letters."""
    words = readable(words)
    return words if len(words) <= 255 else words[:254] + "…"


_ANCHORS = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}
_ALIGNS = {"left": PP_ALIGN.LEFT, "right": PP_ALIGN.RIGHT, "middle": PP_ALIGN.CENTER}


def _blank() -> Any:
    """An empty deck, wide, on paper, with one layout and a typeface that is everywhere."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    only = next(each for each in deck.slide_layouts if each.name == "Title Only")
    for other in [each for each in deck.slide_layouts if each.name != "Title Only"]:
        deck.slide_layouts.remove(other)
    master = deck.slide_master
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = colour("paper")
    for holder in (*master.placeholders, *only.placeholders):
        if holder.placeholder_format.type == 1:
            holder.left, holder.top, holder.width, holder.height = _emu(TITLE)
        elif holder.top is not None and holder.top > Inches(6):
            holder.top = Inches(FOOTER.top)
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'typeface="Calibri"', f'typeface="{FONT}"'.encode())
    return deck


def _fill(frame: Any, lines: Sequence[Line], anchor: Any, align: Any = None) -> None:
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = anchor
    for position, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT if align is None else align
        paragraph.space_after, paragraph.line_spacing = Pt(line.after), 1.0
        run = paragraph.add_run()
        run.text = readable(f"•  {line.words}" if line.bullet else line.words)
        _set(run.font, line.size, line.ink, strong=line.strong)
    if lines == []:
        frame.paragraphs[0].alignment = align


def _set(font: Any, size: float, ink: Ink, *, strong: bool) -> None:
    font.name, font.size, font.bold = FONT, Pt(size), strong
    font.color.rgb = colour(ink)


def _number(shape: Any) -> None:
    """Let SHAPE show the number of its slide."""
    paragraph = shape.text_frame.paragraphs[0]._p
    element = paragraph.makeelement(
        qn("a:fld"), {"id": "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type": "slidenum"}
    )
    element.append(paragraph.makeelement(qn("a:rPr"), {"lang": "en-GB", "sz": "900"}))
    words = paragraph.makeelement(qn("a:t"), {})
    words.text = "‹#›"
    element.append(words)
    paragraph.append(element)


def _plain(frame: Any) -> None:
    """Only lines between rows: no bands, no fills."""
    properties = frame._element.graphic.graphicData.tbl.tblPr
    for name in ("bandRow", "firstRow"):
        properties.attrib.pop(name, None)
    style = properties.find(qn("a:tableStyleId"))
    if style is not None:
        # "No style, no grid"
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def _cell(cell: Any, words: str, size: float, *, heading: bool, align: str) -> None:
    cell.margin_left, cell.margin_right = 0, Inches(CELL_GAP)
    cell.margin_top = cell.margin_bottom = Inches(_CELL_MARGIN)
    line = Line(words, size, "soft" if heading else "ink", after=0)
    frame = cell.text_frame
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    paragraph.alignment = _ALIGNS[align]
    run = paragraph.add_run()
    run.text = readable(line.words)
    _set(run.font, line.size, line.ink, strong=False)
    _underline(cell, "ink" if heading else "line")


def _underline(cell: Any, ink: Ink) -> None:
    properties = cell._tc.get_or_add_tcPr()
    line = properties.makeelement(qn("a:lnB"), {"w": "6350"})
    fill = properties.makeelement(qn("a:solidFill"), {})
    fill.append(properties.makeelement(qn("a:srgbClr"), {"val": LIGHT[ink].lstrip("#").upper()}))
    line.append(fill)
    properties.append(line)


def _emu(box: Box) -> tuple[Any, Any, Any, Any]:
    return Inches(box.left), Inches(box.top), Inches(box.width), Inches(box.height)
