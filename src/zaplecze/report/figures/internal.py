"""Pictures of internal service: what passes between departments, and an index for each."""

from collections import Counter
from dataclasses import dataclass

from zaplecze.impact.internal import DepartmentService, InternalService, Passing
from zaplecze.language import N_, Language, Text, duration, ends, joined, number, percent, say
from zaplecze.process.svg import shorten, text_width
from zaplecze.report.figures.plot import headings
from zaplecze.report.figures.rows import PAPER, Row, Rows
from zaplecze.report.figures.svg import FONT_SIZE, LINE, Canvas, Ink, Scale, wrap
from zaplecze.report.words import between

MOST_DEPARTMENTS = 20
_MOST_IN_MATRIX = 8
_MOST_LISTED = 4
_MATRIX_FROM = 560
_LABELS = 0.2
_CELL = 3.2 * LINE
_SMALL = 30
_NOTICEABLE = 0.1
"""From this share on returned work is marked."""


def matrix_figure(
    found: InternalService, language: Language, width: int = PAPER, *, headed: bool = True
) -> str:
    """Who gives (rows) to whom (columns): how long work lies, how much is returned, how often.

    The departments between which most passes; on a narrow canvas the pairs are listed. Unless
    ``headed``, message and subtitle are left to what stands around it.
    """
    canvas = Canvas(width)
    everybody = _busiest(found.passings)
    names = everybody[: _MOST_IN_MATRIX if width >= _MATRIX_FROM else _MOST_LISTED]
    shown = _among(found.passings, names)
    message = matrix_message(found)[language]
    note = matrix_note(found, len(everybody) - len(names))[language]
    top = headings(canvas, message, [note]) if headed else 0.0
    drawn = _Matrix(canvas, names, found, language, top)
    bottom = drawn.cells(shown) if width >= _MATRIX_FROM else _listed(canvas, shown, language, top)
    spoken = "; ".join(_spoken(passing, language) for passing in shown)
    return canvas.to_svg(bottom, f"{message}. {spoken}")


def matrix_message(found: InternalService) -> Text:
    """What the matrix shows, in a sentence."""
    shown = _among(found.passings, _busiest(found.passings)[:_MOST_IN_MATRIX])
    often = [p for p in shown if p.count >= _SMALL and p.wait_seconds.median is not None]
    if not often:
        return say(N_("Hardly any work passes between departments"))
    slowest = max(often, key=lambda passing: passing.wait_seconds.median or 0.0)
    return say(
        N_("Work lies longest on its way from {giver} to {receiver}: more than {wait} every second time"),
        giver=slowest.giver_label,
        receiver=slowest.receiver_label,
        wait=duration(slowest.wait_seconds.median or 0.0),
    )  # fmt: skip


def _among(passings: list[Passing], names: list[str]) -> list[Passing]:
    """What passes between the departments NAMES."""
    return [p for p in passings if p.giver in names and p.receiver in names]


def index_figure(
    found: InternalService, language: Language, width: int = PAPER, *, headed: bool = True
) -> str:
    """The index of every department with its interval, and the range that other weights would give.

    Unless ``headed``, message and subtitle are left to what stands around it.
    """
    rows = Rows(width, 0.0, 103.0, ("", say(N_("100 is best"))[language]))
    rows.rows += [_index_row(each, language) for each in ranked_departments(found)]
    if not headed:
        return rows.to_svg()
    message, note = found.sentence[language], index_note(found)[language]
    return rows.to_svg(lambda canvas: headings(canvas, message, [note]))


def ranked_departments(found: InternalService) -> list[DepartmentService]:
    """The departments with an index, the lowest first, as many as are drawn."""
    return [each for each in found.departments if each.index is not None][:MOST_DEPARTMENTS]


def index_words(each: DepartmentService) -> tuple[Text, Text]:
    """The index of a department and its interval, as exactly as that allows."""
    assert each.index is not None
    assert each.interval is not None
    low, high = each.interval
    digits = 0 if high - low >= 2 else 1
    return number(each.index, digits), between(*ends(low, high, digits=digits))


def _index_row(each: DepartmentService, language: Language) -> Row:
    assert each.index is not None
    assert each.interval is not None
    assert each.any_weights is not None
    index, (low, high), (least, most) = each.index, each.interval, each.any_weights

    def draw(canvas: Canvas, scale: Scale, y: float) -> None:
        canvas.line(scale(100), y - LINE, scale(100), y + LINE, "line")
        canvas.line(scale(least), y, scale(most), y, "line", width=7)
        canvas.whisker(scale(low), scale(high), y)
        canvas.dot(scale(index), y, "accent")

    value, span = index_words(each)
    return Row(
        each.label[language],
        _parts_note(each, language),
        value[language],
        span[language],
        draw,
    )


def _parts_note(each: DepartmentService, language: Language) -> str:
    counted = [score for score in each.scores if score.weight]
    return " · ".join(
        f"{score.label[language]} {number(score.value)[language]}" for score in counted
    )


def index_note(found: InternalService) -> Text:
    """What is drawn in the picture of the index."""
    note = say(
        N_(
            "Index of internal service, 0 to 100, with its 95 % interval; the pale bar is what any other "
            "weights would give. {n} hand-overs in {cases} cases."
        ),
        n=number(found.handovers),
        cases=number(found.cases),
    )
    return _with_turnarounds(note, found)


def _with_turnarounds(note: Text, found: InternalService) -> Text:
    """NOTE, and of whom no more is known than when they were done."""
    if not found.untimed:
        return note
    return say(
        N_("{note} Of these only completions are known, so their waits include their own work: {departments}."),
        note=note,
        departments=joined(found.untimed),
    )  # fmt: skip


def _busiest(passings: list[Passing]) -> list[str]:
    """Departments, those first through which most passes."""
    through: Counter[str] = Counter()
    for passing in passings:
        through[passing.giver] += passing.count
        through[passing.receiver] += passing.count
    return sorted(through, key=lambda name: (-through[name], name))


def matrix_note(found: InternalService, hidden: int = 0) -> Text:
    """What is drawn in the matrix, of which so many departments are HIDDEN."""
    note = (
        say(N_("From the row to the column: median wait in working time until it is taken over, share returned, number of hand-overs"))
        if found.working_time
        else say(N_("From the row to the column: median wait until it is taken over, share returned, number of hand-overs"))
    )  # fmt: skip
    if hidden > 0:
        note = say(N_("{note}. Departments not shown: {n}"), note=note, n=number(hidden))
    return _with_turnarounds(say("{note}.", note=note), found) if found.untimed else note


@dataclass(frozen=True)
class _Matrix:
    canvas: Canvas
    names: list[str]
    found: InternalService
    language: Language
    top: float

    def cells(self, passings: list[Passing]) -> float:
        """Draws the rows and columns of the departments; returns the pixel below."""
        left = _LABELS * self.canvas.width
        step = (self.canvas.width - left) / max(len(self.names), 1)
        labels = self._labels()
        top = self.top + self._heads(labels, left, step)
        most = max((passing.count for passing in passings), default=1)
        by_pair = {(passing.giver, passing.receiver): passing for passing in passings}
        for r, giver in enumerate(self.names):
            y = top + r * _CELL
            self.canvas.line(0, y, self.canvas.width, y, "line")
            for k, line in enumerate(wrap(labels[giver], left - 12, 2)):
                self.canvas.text(0, y + LINE * (k + 1.2), line)
            for c, receiver in enumerate(self.names):
                passing = by_pair.get((giver, receiver))
                if passing is not None:
                    self._cell(passing, left + c * step, y, step, most)
        return top + len(self.names) * _CELL + 6

    def _labels(self) -> dict[str, str]:
        return {
            name: label[self.language]
            for passing in self.found.passings
            for name, label in (
                (passing.giver, passing.giver_label),
                (passing.receiver, passing.receiver_label),
            )
        }

    def _heads(self, labels: dict[str, str], left: float, step: float) -> float:
        """The names of the columns; the pixels that they take."""
        wrapped = [wrap(labels[name], step - 8, 2) for name in self.names]
        lines = max((len(words) for words in wrapped), default=1)
        for c, words in enumerate(wrapped):
            for k, line in enumerate(words):
                y = self.top + LINE * (k + 1 + lines - len(words)) - 4
                self.canvas.text(left + c * step, y, line, ink="soft")
        return LINE * lines + 6

    def _cell(self, passing: Passing, x: float, y: float, step: float, most: int) -> None:
        room = step - 10
        small = passing.count < _SMALL
        wait, returned = _wait(passing, self.language), _returned(passing, self.language)
        self.canvas.text(
            x, y + LINE, shorten(wait, room, FONT_SIZE), ink="soft" if small else "ink",
            strong=not small,
        )  # fmt: skip
        share = passing.returned_share or 0.0
        ink: Ink = "bad" if share >= _NOTICEABLE and not small else "soft"
        if text_width(returned, FONT_SIZE) > room:
            returned = _share(passing)[self.language]
        self.canvas.text(x, y + 2 * LINE - 2, returned, ink=ink)
        # The length of the stroke says how much passes, beside its number.
        count = number(passing.count)[self.language]
        self.canvas.text(x, y + 3 * LINE - 5, count, ink="soft")
        widest = text_width(number(most)[self.language], FONT_SIZE) + 6
        begin, length = x + widest, max(passing.count / most * (room - widest), 1.5)
        self.canvas.rect(begin, y + 3 * LINE - 12, length, 5, "grey" if small else "accent")


def _listed(canvas: Canvas, passings: list[Passing], language: Language, top: float) -> float:
    """The pairs below each other, for a phone."""
    y = top
    for passing in passings:
        pair = f"{passing.giver_label[language]} → {passing.receiver_label[language]}"
        for line in wrap(pair, canvas.width, 2):
            canvas.text(0, y + LINE, line, strong=True)
            y += LINE
        words = f"{_wait(passing, language)}, {_returned(passing, language)}, {number(passing.count)[language]}"
        canvas.text(0, y + LINE, shorten(words, canvas.width, FONT_SIZE), ink="soft")
        y += 1.6 * LINE
    return y + 6


def _wait(passing: Passing, language: Language) -> str:
    median = passing.wait_seconds.median
    return "–" if median is None else duration(median)[language]


def _returned(passing: Passing, language: Language) -> str:
    if passing.returned_share is None:
        return "–"
    return say(N_("returned {share}"), share=_share(passing))[language]


def _share(passing: Passing) -> Text:
    share = passing.returned_share or 0.0
    return percent(share, 1 if 0 < share < 0.095 else 0)


def _spoken(passing: Passing, language: Language) -> str:
    pair = f"{passing.giver_label[language]} → {passing.receiver_label[language]}"
    return f"{pair}: {_wait(passing, language)}, {_returned(passing, language)}"
