"""The business case in the report: its message, key figures, pictures and tables in one language."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaplecze.language import N_, Language, Text, ends, number, percent, rounded_money, say
from zaplecze.money.words import COUNTED, KINDS
from zaplecze.report.figures import tracking
from zaplecze.report.figures.case import FIGURES, flow_columns, flow_unit, headings
from zaplecze.report.figures.spider import spider_unit
from zaplecze.report.pictures import Picture
from zaplecze.report.proposal import Proposal, amount, digits_of, key_figures
from zaplecze.report.tables import NOTHING, Column, Table
from zaplecze.report.view import Fact
from zaplecze.report.words import BASES, between

if TYPE_CHECKING:
    from zaplecze.money.case import CaseResult
    from zaplecze.money.case.sensitivity import SwitchingValue

FLOW_KINDS = {
    "planned": N_("planned"),
    "actual": N_("actual"),
    "expected": N_("expected"),
}


@dataclass(frozen=True)
class CasePart:
    """Everything that the report says of a case; ``came`` is what became of it, if anything."""

    title: str
    note: str
    facts: list[Fact]
    pictures: list[Picture]
    tables: list[Table]
    notes: list[str]
    came: list[Picture]
    came_tables: list[Table]


def case_part(proposal: Proposal, language: Language) -> CasePart:
    """The case of PROPOSAL in LANGUAGE."""
    result = proposal.result
    tracked = result.tracking
    return CasePart(
        title=result.sentence[language],
        note=result.note[language] if result.note else "",
        facts=[Fact(term[language], value[language]) for term, value in key_figures(result)],
        pictures=list(_pictures(result, language)),
        tables=[
            lines_table(result, language),
            assumptions_table(result, language),
            *([switching_table(result, language)] if switching(result) else []),
            *([_scenarios_table(result, language)] if result.scenarios else []),
        ],
        notes=[note[language] for note in result.notes],
        came=[] if tracked is None else [_came(result, language)],
        came_tables=[] if tracked is None else [tracking.evidence_table(tracked, language)],
    )


def _pictures(result: "CaseResult", language: Language) -> Iterator[Picture]:
    tables = {
        "cash-flow": _flow_table,
        "tornado": _tornado_table,
        "range": _range_table,
        "spider": _spider_table,
    }
    for name, heading in headings(result).items():
        yield Picture.of(
            heading.message,
            heading.what,
            functools.partial(_drawn, result, language, name),
            tables[name](result, language),
            language,
            ref=name,
        )


def _drawn(result: "CaseResult", language: Language, name: str, width: int) -> str:
    return FIGURES[name](result, language, width, headed=False)


def _came(result: "CaseResult", language: Language) -> Picture:
    tracked = result.tracking
    assert tracked is not None
    return Picture.of(
        tracking.tracking_message(tracked, result.currency),
        tracking.tracking_note(tracked, result.currency),
        lambda width: tracking.tracking_figure(tracked, language, width),
        tracking.tracking_table(tracked, result.currency, language),
        language,
        ref="tracking",
    )


def lines_table(result: "CaseResult", language: Language) -> Table:
    """Costs and benefits, line by line."""
    rows = [
        [
            line.label,
            say(KINDS[line.kind]),
            line.owner,
            say(COUNTED[line.realised_as]),
            number(line.total),
            number(line.present_value),
        ]
        for line in result.lines
    ]
    return _table(
        say(N_("Costs and benefits, {currency}"), currency=result.currency),
        [
            (N_("Line"), False),
            (N_("Kind"), False),
            (N_("Owner"), False),
            (N_("Counts as"), False),
            (N_("Sum"), True),
            (N_("Present value"), True),
        ],
        rows,
        language,
    )


def assumptions_table(result: "CaseResult", language: Language) -> Table:
    """Every number on which the case rests, with its range and where it comes from."""
    rows = [
        [
            each.label,
            amount(each.value),
            Text.same(NOTHING)
            if each.interval is None
            else between(*ends(*each.interval, digits=digits_of(max(map(abs, each.interval))))),
            say(BASES[each.basis]),
            each.source or Text.same(NOTHING),
        ]
        for each in result.assumptions
    ]
    return _table(
        say(N_("What the case rests on")),
        [
            (N_("Assumption"), False),
            (N_("Plan"), True),
            (N_("90 % range"), True),
            (N_("Measured or assumed"), False),
            (N_("Source"), False),
        ],
        rows,
        language,
    )


def _scenarios_table(result: "CaseResult", language: Language) -> Table:
    rows = [
        [
            each.label,
            rounded_money(each.plan.npv, result.currency),
            number(each.difference, signed=True),
        ]
        for each in result.scenarios
    ]
    return _table(
        say(N_("Scenarios")),
        [(N_("Scenario"), False), (N_("Net present value"), True), (N_("Against the plan"), True)],
        rows,
        language,
    )


def _flow_table(result: "CaseResult", language: Language) -> Table:
    unit = flow_unit(result)
    rows = [
        [
            say(N_("start")) if column.is_start else Text.same(column.date),
            say(FLOW_KINDS[column.kind]),
            unit.words(column.net),
            unit.words(column.cumulative),
        ]
        for column in flow_columns(result)
    ]
    return _table(
        say(N_("Cash flow, {unit}"), unit=unit.name),
        [
            (N_("Up to"), False),
            (N_("Kind"), False),
            (N_("Net cash"), True),
            (N_("Discounted sum so far"), True),
        ],
        rows,
        language,
    )


def _tornado_table(result: "CaseResult", language: Language) -> Table:
    rows = [
        [
            each.label,
            *(amount(value) for value in (each.low, each.high)),
            *(number(value) for value in (each.npv_low, each.npv_high)),
        ]
        for each in result.tornado
    ]
    return _table(
        say(N_("What moves the present value: each assumption at its 10 % and 90 % quantile")),
        [
            (N_("Assumption"), False),
            (N_("From"), True),
            (N_("To"), True),
            (N_("Present value from"), True),
            (N_("Present value to"), True),
        ],
        rows,
        language,
    )


def _spider_table(result: "CaseResult", language: Language) -> Table:
    unit, changes = spider_unit(result), result.spider[0].changes
    return Table(
        say(N_("Net present value while one assumption changes, {unit}"), unit=unit.name)[language],
        [
            Column(say(N_("Assumption"))[language]),
            *(Column(percent(each, 0, signed=each != 0)[language], True) for each in changes),
        ],
        [
            [leg.label[language], *(unit.words(value)[language] for value in leg.npv)]
            for leg in result.spider
        ],
    )


def switching(result: "CaseResult") -> "list[SwitchingValue]":
    """The assumptions with a value at which the case turns, the nearest first."""
    return [each for each in result.switching_values if each.value is not None]


def switching_table(result: "CaseResult", language: Language) -> Table:
    """Where each assumption would have to go for the case to be worth nothing."""
    rows = [
        [
            each.label,
            amount(each.base),
            amount(each.value or 0.0),
            Text.same(NOTHING) if each.change is None else percent(each.change, 0, signed=True),
            Text.same(NOTHING) if each.beyond is None else percent(each.beyond, 0),
        ]
        for each in switching(result)
    ]
    return _table(
        say(N_("Where the case turns: the value at which it is worth nothing")),
        [
            (N_("Assumption"), False),
            (N_("Plan"), True),
            (N_("Turns at"), True),
            (N_("Change"), True),
            (N_("Share of draws beyond"), True),
        ],
        rows,
        language,
    )


def _range_table(result: "CaseResult", language: Language) -> Table:
    assert result.simulation is not None
    quantiles = result.simulation.npv.quantiles
    rows = [[percent(float(share), 0), number(value)] for share, value in quantiles.items()]
    return _table(
        say(N_("Present values of the draws, {currency}"), currency=result.currency),
        [(N_("This share of the draws is below"), False), (N_("Present value"), True)],
        rows,
        language,
    )


def _table(
    caption: Text, columns: list[tuple[str, bool]], rows: list[list[Text]], language: Language
) -> Table:
    return Table(
        caption[language],
        [Column(say(heading)[language], is_number) for heading, is_number in columns],
        [[cell[language] for cell in row] for row in rows],
    )
