"""Slides of words: the board's page, how it was computed, definitions."""

from collections.abc import Iterator, Sequence

from zaplecze.report import words
from zaplecze.report.slides.fitting import height, largest
from zaplecze.report.slides.layout import BODY, CELL_GAP, Box, Line, Sheet, row_height
from zaplecze.report.slides.material import Material
from zaplecze.report.tables import Column, Table
from zaplecze.report.view import Fact

_GAP = 0.45
_DEFINITIONS = (0.35, 1.9, 4.5, 2.4, 3.0)
"""Widths of the columns of definitions, in inches: they fill the body."""

_SMALL = 10


def board_slide(material: Material) -> None:
    """On one page: what we lose, what we propose, what we got for the last approval."""
    content = material.content
    what = " · ".join(f"{fact.term}: {fact.value}" for fact in content.facts)
    sheet = material.sheet(content.title, what, "money")
    labels, total = content.labels, material.findings.total
    lost = material.words(words.cost(total)) if total is not None and total.per_year > 0 else ""
    told = [
        (labels["lose"], lost, [content.summary] if content.summary else _without_loss(material)),
        *(
            (answer.question, answer.figure, [answer.message, *answer.details])
            for answer in (content.proposed, content.received)
        ),
    ]
    width = (BODY.width - 2 * _GAP) / 3
    for k, (question, figure, lines) in enumerate(told):
        left = BODY.left + k * (width + _GAP)
        sheet.rule(left, BODY.top + 0.1, width, "ink")
        sheet.text(Box(left, BODY.top + 0.2, width, 0.4), [Line(question, 15, "accent")])
        sheet.text(Box(left, BODY.top + 0.62, width, 0.6), [Line(figure or "–", 28, strong=True)])
        _column(sheet, Box(left, BODY.top + 1.3, width, BODY.height - 1.3), lines)


def _without_loss(material: Material) -> list[str]:
    content = material.content
    return content.missing or [content.counts]


def _column(sheet: Sheet, box: Box, lines: Sequence[str]) -> None:
    """LINES in BOX, as large as fits; the first one in ink."""
    size = largest("\n".join(lines), box.width, box.height - 0.1 * len(lines), (15, 14, 13, 12, 11))
    sheet.text(
        box,
        [Line(line, size, "ink" if k == 0 else "soft", after=6) for k, line in enumerate(lines)],
    )


def first_slide(material: Material) -> None:
    """What to do first, where there is harm."""
    content = material.content
    if not content.first:
        return
    sheet = material.sheet(
        content.first[0].step.rstrip("."),
        content.labels["first"],
        "money",
    )
    rows = [[str(item.rank), item.title, item.money, item.step] for item in content.first]
    labels = content.labels
    columns = [
        Column(labels["rank"], True),
        Column(labels["findings"]),
        Column(labels["exposed" if content.money is None else "money"]),
        Column(labels["next"]),
    ]
    sheet.table(BODY, Table(labels["first"], columns, rows), (0.5, 4.2, 3.6, 3.8), 15)


def method_slides(material: Material) -> None:
    """How it was computed, what was left out, in two columns; as many slides as it takes."""
    content = material.content
    facts = list(content.method) if material.findings.findings else []
    facts += [Fact(content.labels["refused"], line) for line in _left_out(material)]
    width = (BODY.width - _GAP) / 2
    size = next((each for each in (13, 12, 11) if _page_count(facts, width, each) == 1), 12)
    pages = list(_paged(facts, width, size))
    for number, page in enumerate(pages, 1):
        title = content.labels["method"]
        sheet = material.sheet(title, f"{number} / {len(pages)}" if len(pages) > 1 else "")
        for k, column in enumerate(page):
            lines = []
            for fact in column:
                lines.append(Line(fact.term, size, strong=True, after=1))
                lines.append(Line(fact.value, size, after=9))
            sheet.text(Box(BODY.left + k * (width + _GAP), BODY.top, width, BODY.height), lines)


def _left_out(material: Material) -> Iterator[str]:
    content = material.content
    yield from content.warnings
    for table in content.refused:
        yield f"{table.caption}: " + "; ".join(" – ".join(row) for row in table.rows[:4])
    if not content.warnings and not content.refused and material.findings.findings:
        yield content.labels["nothing_refused"]


def _page_count(facts: Sequence[Fact], width: float, size: float) -> int:
    return len(list(_paged(facts, width, size)))


def _paged(facts: Sequence[Fact], width: float, size: float) -> Iterator[list[list[Fact]]]:
    """FACTS in columns of the body's height, two on a page."""
    columns: list[list[Fact]] = [[]]
    used = 0.0
    for fact in facts:
        taken = height(fact.term, width, size) + height(fact.value, width, size) + 0.16
        if used + taken > BODY.height and columns[-1]:
            columns.append([])
            used = 0.0
        columns[-1].append(fact)
        used += taken
    if facts:
        for first in range(0, len(columns), 2):
            yield columns[first : first + 2]


def reference_slides(material: Material) -> dict[int, Sheet]:
    """The appendix of definitions; returns on which slide each of them stands, by its number."""
    content = material.content
    labels = content.labels
    columns = [
        Column(labels["rank"], True),
        *(Column(labels[key]) for key in ("figure", "definition", "goes_in", "rows")),
    ]
    places: dict[int, Sheet] = {}
    rows = [
        [str(each.number), each.title, each.definition, each.inputs, each.rows]
        for each in content.references
    ]
    for page in _pages_of(rows):
        sheet = material.sheet(labels["references"], labels["references_note"])
        sheet.table(BODY, Table(labels["references"], columns, page), _DEFINITIONS, _SMALL)
        places |= {int(row[0]): sheet for row in page}
    return places


def _pages_of(rows: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    """ROWS by slides, each as full as it can be."""
    page: list[list[str]] = []
    used = 0.3
    for row in rows:
        taken = row_height(row, [width - CELL_GAP for width in _DEFINITIONS], _SMALL)
        if page and used + taken > BODY.height:
            yield page
            page, used = [], 0.3
        page.append(row)
        used += taken
    if page:
        yield page
