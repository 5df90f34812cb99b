"""Planned against actual on sheets: evidence that can be changed, variances and what is expected."""

from dataclasses import dataclass

import numpy as np

from zaplecze.language import N_
from zaplecze.money.case.model import Reforecast
from zaplecze.money.case.tracking import LineTracked, Tracked
from zaplecze.report import words
from zaplecze.report.casebook.flow import Flow, flow_at, write_flow
from zaplecze.report.casebook.model import LinePlaces, Model, literal
from zaplecze.report.casebook.returns import Returns, write_returns
from zaplecze.report.figures.tracking import CAUSES
from zaplecze.report.sheet import (
    Book,
    Content,
    Formula,
    Heading,
    Sheet,
    address,
    day_number,
    quoted,
)

EVIDENCE = [
    Heading(N_("Line"), 34),
    Heading(N_("Month"), 12, "count"),
    Heading(N_("Last day"), 14, "date"),
    Heading(N_("Actual"), 14, "assumed"),
    Heading(N_("Cause"), 16),
    Heading(N_("Evidence"), 40),
    Heading(N_("Note"), 40),
]
REFORECASTS = [
    Heading(N_("Line"), 34),
    Heading(N_("From month"), 12, "count"),
    Heading(N_("Until month"), 14, "count"),
    Heading(N_("Times its plan"), 14, "assumed"),
    Heading(N_("Reason"), 16),
]
TRACKED = [
    Heading(N_("Line"), 34),
    Heading(N_("Planned"), 12, "money"),
    Heading(N_("Actual"), 14, "money"),
    Heading(N_("Variance"), 14, "money"),
    Heading(N_("Good or bad"), 16),
    Heading(N_("Owner"), 40),
    Heading(N_("Months without evidence"), 40),
    Heading(N_("Plan in all"), 14, "money"),
    Heading(N_("Expected in all"), 14, "money"),
]
_ACTUAL = 3


@dataclass(frozen=True)
class Tracking:
    """What is expected now, on its sheet."""

    returns: Returns


@dataclass(frozen=True)
class _Change:
    """A re-forecast: from which month to which a line is its plan times the factor in a cell."""

    line: str
    first: int
    last: int
    factor: float
    cell: str


def actual_sheets(
    book: Book, model: Model, lines: LinePlaces, flow: Flow, returns: Returns
) -> Tracking | None:
    """Evidence, variances and the cash flow as expected; None where nothing has come yet."""
    tracked = model.result.tracking
    if tracked is None:
        return None
    sheet = book.sheet(
        N_("Planned against actual"),
        model.words(
            N_("Planned against actual, {currency}, up to {day}"),
            currency=model.case.currency,
            day=words.day(tracked.until)[model.language],
        ),
        [model.words(N_("Shaded amounts can be corrected; what is new belongs into the case file."))],
        pages_wide=2,
    )  # fmt: skip
    expected_sheet = book.sheet(
        N_("Expected"),
        model.in_currency(N_("Cash by month, as expected now")),
        [model.words(N_("What came, then the plan, times the factor of a re-forecast."))],
        pages_wide=2,
    )
    evidence = _evidence_table(sheet, model, tracked)
    changes = _reforecast_table(sheet, model, tracked)
    cells = _expected(model, tracked, flow, evidence, changes)
    net = np.array(tracked.expected_net)
    expected = flow_at(expected_sheet, model)
    write_flow(expected, model, lines, cells)
    title = N_("As expected now")
    found = write_returns(returns.sheet, title, expected, tracked.expected, net, model)
    _line_table(sheet, model, tracked, flow, expected, evidence)
    return Tracking(found)


def _evidence_table(
    sheet: Sheet, model: Model, tracked: Tracked
) -> dict[tuple[str, int], list[str]]:
    """Write what came; gives the cells of the amounts by line and month."""
    places: dict[tuple[str, int], list[str]] = {}
    rows: list[list[Content]] = []
    first = sheet.row + 1
    for line in tracked.lines:
        for each in line.evidence:
            cell = sheet.cell(first + len(rows), _ACTUAL)
            places.setdefault((line.name, each.month), []).append(cell)
            rows.append(
                [
                    line.label[model.language],
                    float(each.month),
                    day_number(model.timeline.ends[each.month]),
                    each.actual,
                    model.words(CAUSES[each.cause]) if each.cause else None,
                    each.evidence[model.language],
                    each.note[model.language] if each.note else None,
                ]
            )
    sheet.table(EVIDENCE, rows, sets_widths=True)
    return places


def _reforecast_table(sheet: Sheet, model: Model, tracked: Tracked) -> list[_Change]:
    """Write the re-forecasts that still count, each up to the next one of its line."""
    found: list[_Change] = []
    rows: list[list[Content]] = []
    first = sheet.row + 1
    for line in tracked.lines:
        given = [each for each in model.case.reforecasts if each.line == line.name]
        for change, begin, end in _spans(given, model, tracked):
            cell = sheet.cell(first + len(rows), _ACTUAL)
            found.append(_Change(line.name, begin, end, change.factor, cell))
            reason = change.reason[model.language]
            rows.append(
                [line.label[model.language], float(begin), float(end), change.factor, reason]
            )
    if rows:
        sheet.table(REFORECASTS, rows)
    return found


def _spans(
    given: list[Reforecast], model: Model, tracked: Tracked
) -> list[tuple[Reforecast, int, int]]:
    ordered = sorted(given, key=lambda each: each.since)
    begins = [max(model.timeline.month_of(c.since), tracked.months + 1) for c in ordered]
    ends = [*(begin - 1 for begin in begins), model.case.months][1:]
    return [
        (change, begin, end)
        for change, begin, end in zip(ordered, begins, ends, strict=True)
        if begin <= end
    ]


def _expected(
    model: Model,
    tracked: Tracked,
    flow: Flow,
    evidence: dict[tuple[str, int], list[str]],
    changes: list[_Change],
) -> dict[str, list[Formula]]:
    """The money of every line by month: what came, or the plan times its factor."""
    came = {
        (line.name, month): sum(e.actual for e in line.evidence if e.month == month)
        for line in tracked.lines
        for month in {e.month for e in line.evidence}
    }
    met_whole = {line.name for line in tracked.lines if line.met_whole}
    found: dict[str, list[Formula]] = {}
    for name in model.cash_lines:
        cells = []
        for month in model.months:
            formula, value = _plan(model, flow, name, month)
            change = next(
                (c for c in changes if c.line == name and c.first <= month <= c.last), None
            )
            if (name, month) in evidence:
                formula, value = "+".join(evidence[name, month]), came[name, month]
            elif change is not None:
                formula, value = f"{formula}*{change.cell}", value * change.factor
            elif name in met_whole:
                formula, value = "0", 0.0
            cells.append(Formula(f"={formula}", value))
        found[name] = cells
    return found


def _plan(model: Model, flow: Flow, name: str, month: int) -> tuple[str, float]:
    """The plan: live, or as it was frozen."""
    if model.planned is None:
        line = next(each for each in model.result.lines if each.name == name)
        return flow.cell(name, month), line.monthly[month]
    frozen = model.planned.get(name, [])
    value = float(frozen[month]) if month < len(frozen) else 0.0
    return literal(value), value


def _line_table(
    sheet: Sheet,
    model: Model,
    tracked: Tracked,
    flow: Flow,
    expected: Flow,
    evidence: dict[tuple[str, int], list[str]],
) -> None:
    first = sheet.row + 1
    sheet.table(
        TRACKED,
        [
            _line_row(line, first + k, model, flow, expected, evidence)
            for k, line in enumerate(tracked.lines)
        ],
    )


def _line_row(
    line: LineTracked,
    row: int,
    model: Model,
    flow: Flow,
    expected: Flow,
    evidence: dict[tuple[str, int], list[str]],
) -> list[Content]:
    seen = [month for name, month in evidence if name == line.name]
    plans = [_plan(model, flow, line.name, month)[0] for month in seen]
    amounts = [cell for month in seen for cell in evidence[line.name, month]]
    variance = address(row, 3)
    helps = f"{variance}<0" if line.kind == "cost" else f"{variance}>0"
    good, bad = model.words(N_("good")), model.words(N_("bad"))
    verdict = f"=IF(ABS({variance})<1E-9,{quoted('–')},IF({helps},{quoted(good)},{quoted(bad)}))"
    shown = "–" if line.good is None else good if line.good else bad
    in_all = f"SUM({flow.line(line.name)})"
    if model.planned is not None:
        in_all = literal(line.planned_total)
    if line.met_whole:
        plans = [in_all]
    return [
        line.label[model.language],
        Formula(f"={'+'.join(plans) or '0'}", line.planned),
        Formula(f"={'+'.join(amounts) or '0'}", line.actual),
        Formula(f"={address(row, 2)}-{address(row, 1)}", line.variance),
        Formula(verdict, shown),
        line.owner[model.language],
        ", ".join(str(month) for month in line.months_without_evidence) or None,
        Formula(f"={in_all}", line.planned_total),
        Formula(f"=SUM({expected.line(line.name)})", line.expected_total),
    ]
