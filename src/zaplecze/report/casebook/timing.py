"""The sheet of timing: when each line begins and ends, and how much of it falls into each month."""

import datetime as dt
import math
from dataclasses import dataclass

from zaplecze.language import N_, Text, say
from zaplecze.report.casebook import model as m
from zaplecze.report.casebook.model import LinePlaces, Model
from zaplecze.report.sheet import Book, Content, Formula, Heading, Sheet, address

SPANS = [
    Heading(N_("Line"), 30),
    Heading(N_("Whole months to its start"), 16, "count"),
    Heading(N_("Begins after months"), 16, "factor"),
    Heading(N_("Whole months to its end"), 16, "count"),
    Heading(N_("Ends after months"), 16, "factor"),
    Heading(N_("Paid once, in month"), 16, "count"),
]


@dataclass(frozen=True)
class Shares:
    """Where the share of every line in every month stands: a column for each."""

    sheet: Sheet
    columns: dict[str, int]
    first: int

    def cell(self, line: str, month: int) -> str:
        """The share of LINE in MONTH."""
        return self.sheet.cell(self.first + month, self.columns[line])

    def column(self, line: str, months: range) -> str:
        """The shares of LINE in all MONTHS."""
        return self.sheet.column(self.columns[line], self.first, self.first + months[-1])


def timing_sheet(book: Book, model: Model, lines: LinePlaces) -> Shares:
    """Two tables: the span of each line, then months with what each line has reached and its share."""
    sheet = book.sheet(
        N_("Timing"),
        model.words(N_("How much of each line falls into each month")),
        [
            model.words(
                N_(
                    "Times the amount of a line, its share is the money of the month: days, ramp, growth "
                    "and inflation are in it."
                )
            )
        ],
    )
    spans = {name: sheet.row + 1 + k for k, name in enumerate(model.case.lines)}
    sheet.table(SPANS, [_span(n, row, model, lines) for n, row in spans.items()], sets_widths=True)
    headings = [Heading(N_("Month"), 30, "count")]
    first = sheet.row + 1
    columns: dict[str, int] = {}
    written: list[list[Content]] = []
    for name, line in model.case.lines.items():
        label = model.case.line_label(name)
        if line.period != "once":
            headings.append(Heading(_titled(N_("{line}: full months so far"), label), 16, "factor"))
            written.append(_reached(name, spans[name], first, model, lines, sheet))
        headings.append(Heading(_titled(N_("{line}: share"), label), 16, "factor"))
        columns[name] = len(headings) - 1
        written.append(_shares(name, spans[name], first, columns[name], model, lines, sheet))
    rows: list[list[Content]] = [
        [float(month), *(column[month] for column in written)] for month in model.months
    ]
    sheet.table(headings, rows, frozen_columns=1)
    return Shares(sheet, columns, first)


def _titled(message: str, label: Text) -> Text:
    return say(message, line=label)


def _span(name: str, row: int, model: Model, lines: LinePlaces) -> list[Content]:
    line, timeline = model.case.lines[name], model.timeline
    start, after = lines.cell(name, "start"), f"({lines.cell(name, 'end')}+1)"
    whole, until = address(row, 1), address(row, 3)
    begin = timeline.position(line.start) if line.start else 0.0
    end = timeline.position(line.end + _DAY) if line.end else float(model.case.months)
    later = "" if model.is_cost(name) else f"+{m.DELAY}"
    title = model.case.line_label(name)[model.language]
    if line.period == "once":
        month = timeline.month_of(line.start) if line.start else 0
        whole_later = "" if model.is_cost(name) else f"-INT(-{m.DELAY})"
        once = f"=IF({start}<={m.START},0,INT({_position(start, whole)})+1){whole_later}"
        counted = Formula(f"={_whole_months(start)}", float(math.floor(begin)))
        return [title, counted, None, None, None, Formula(once, float(month))]
    return [
        title,
        Formula(f"={_whole_months(start)}", float(math.floor(begin))),
        Formula(f"={_position(start, whole)}{later}", begin),
        Formula(f"={_whole_months(after)}", float(math.floor(end))),
        Formula(f"={_position(after, until)}", end),
        None,
    ]


_DAY = dt.timedelta(days=1)


def _whole_months(day: str) -> str:
    """Whole months from the start to DAY."""
    apart = f"((YEAR({day})-YEAR({m.START}))*12+MONTH({day})-MONTH({m.START}))"
    return f"{apart}-IF(EDATE({m.START},{apart})>{day},1,0)"


def _position(day: str, whole: str) -> str:
    """Months from the start to DAY, of which WHOLE are whole, the rest by days."""
    begun, done = f"EDATE({m.START},{whole})", f"EDATE({m.START},{whole}+1)"
    return f"{whole}+({day}-{begun})/({done}-{begun})"


def _reached(
    name: str, span: int, first: int, model: Model, lines: LinePlaces, sheet: Sheet
) -> list[Content]:
    """Full months' worth that has come by the end of each month, with the ramp."""
    line = model.case.lines[name]
    begin, end, ramp = address(span, 2), address(span, 4), lines.cell(name, "ramp")
    begins = model.timeline.position(line.start) if line.start else 0.0
    ends = model.timeline.position(line.end + _DAY) if line.end else float(model.case.months)
    found: list[Content] = []
    for month in model.months:
        here = address(first + month, 0)
        elapsed = f"(MIN(MAX({here},{begin}),MAX({end},{begin}))-{begin})"
        formula = f"=IF({elapsed}<{ramp},{elapsed}^2/(2*{ramp}),{elapsed}-{ramp}/2)"
        passed = min(max(month, begins), max(ends, begins)) - begins
        full = line.ramp_months
        value = passed**2 / (2 * full) if passed < full else passed - full / 2
        found.append(Formula(formula, value))
    return found


def _shares(
    name: str, span: int, first: int, column: int, model: Model, lines: LinePlaces, sheet: Sheet
) -> list[Content]:
    """The share of a line in each month, raised by growth and inflation."""
    line = model.case.lines[name]
    shape = model.timeline.shape(line, model.inflation)
    rate = f"{m.INFLATION}*{m.INFLATION_ON}*{lines.cell(name, 'inflates')}"
    found: list[Content] = []
    for month in model.months:
        here = address(first + month, 0)
        raised = f"(1+{rate})^({here}/12)"
        if line.period == "once":
            formula = f"=IF({here}={address(span, 5)},1,0)*{raised}"
        elif month == 0:
            formula = "=0"
        else:
            now, before = (address(first + k, column - 1) for k in (month, month - 1))
            grown = f"(1+{lines.cell(name, 'growth')})^(({here}-0.5)/12)"
            year = "/12" if line.period == "year" else ""
            formula = f"=({now}-{before})*{grown}*{raised}{year}"
        found.append(Formula(formula, float(shape[month])))
    return found
