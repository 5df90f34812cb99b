"""Puts the sheets of a business case together."""

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np

from zaplecze.language import N_, Language
from zaplecze.money.case import Case, CaseResult
from zaplecze.report.casebook.actual import actual_sheets
from zaplecze.report.casebook.budgets import budgets_sheet
from zaplecze.report.casebook.definitions import definitions_sheet
from zaplecze.report.casebook.flow import Flow, flow_at, planned_cells, write_flow
from zaplecze.report.casebook.inputs import inputs_sheet
from zaplecze.report.casebook.lines import lines_places, write_lines
from zaplecze.report.casebook.model import LinePlaces, Model
from zaplecze.report.casebook.returns import Returns, write_returns
from zaplecze.report.casebook.summary import write_summary
from zaplecze.report.casebook.timing import Shares, timing_sheet
from zaplecze.report.casebook.views import views_sheet
from zaplecze.report.sheet import Book


def case_workbook(
    case: Case,
    result: CaseResult,
    language: Language,
    planned: Mapping[str, Sequence[float]] | None = None,
) -> bytes:
    """CASE and its RESULT in LANGUAGE as an ``.xlsx`` file with live formulas and their cached values.

    Inputs are shaded cells; lines, cash flow, returns and the summary follow them. PLANNED is what
    `work_out_case` was given to hold actuals against. What spreadsheets cannot compute (simulation,
    staffing, tornado) stands as Zaplecze worked it out, and says so.
    """
    model = Model(case, result, language, planned)
    book = Book(language, _created(case), case.name[language], case.currency)
    summary = book.sheet(N_("Summary"), result.sentence[language], _notes(model))
    inputs_sheet(book, model)
    lines = lines_places(book, model)
    shares = timing_sheet(book, model, lines)
    flow = _flow_sheet(book, model, lines, shares)
    write_lines(lines, model, shares, flow.discounts)
    returns = _returns_sheet(book, model, flow)
    views_sheet(book, model)
    tracked = actual_sheets(book, model, lines, flow, returns)
    budgets_sheet(book, model)
    definitions_sheet(book, model)
    write_summary(summary, model, lines, flow, returns, tracked)
    return book.finish()


def _created(case: Case) -> dt.datetime:
    # Equal cases give equal bytes: the date is theirs, not the clock's.
    return dt.datetime.combine(case.start, dt.time(), dt.UTC)


def _notes(model: Model) -> list[str]:
    notes = [
        model.words(
            N_("Change a shaded cell on the sheet of inputs: what is live here follows at once.")
        )
    ]
    if model.case.note is not None:
        notes.append(model.case.note[model.language])
    return notes


def _flow_sheet(book: Book, model: Model, lines: LinePlaces, shares: Shares) -> Flow:
    sheet = book.sheet(
        N_("Cash flow"),
        model.in_currency(N_("Cash by month, as planned")),
        [
            model.words(
                N_("The month 0 is the day of the start; money of a month counts at its end.")
            )
        ],
        pages_wide=2,
    )
    flow = flow_at(sheet, model)
    write_flow(flow, model, lines, planned_cells(model, lines, shares))
    return flow


def _returns_sheet(book: Book, model: Model, flow: Flow) -> Returns:
    sheet = book.sheet(N_("Returns"), model.words(N_("What the cash flow is worth")))
    net = np.array(model.result.cash_flow.net)
    return write_returns(sheet, N_("As planned"), flow, model.result.plan, net, model)
