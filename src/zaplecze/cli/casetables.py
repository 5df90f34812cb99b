"""Business cases as tables of the terminal: figures, lines, what moves them, plan and actual, budgets."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from zaplecze.cli import console
from zaplecze.cli.money import appraisal_rows, figure
from zaplecze.language import (
    LANGUAGES,
    N_,
    Text,
    chance,
    date,
    ends,
    number,
    percent,
    rounded_money,
    say,
)
from zaplecze.money.words import COUNTED, KINDS, SIDES

if TYPE_CHECKING:
    from zaplecze.money.case import BudgetReport, CaseResult, Differences
    from zaplecze.money.case.simulation import Spread
    from zaplecze.money.case.tracking import Tracked


def print_case(result: "CaseResult") -> None:
    """Everything that was worked out of a case."""
    language = console.language()
    print(result.sentence[language])
    rows = appraisal_rows(result.plan, N_("{n} months"))
    if result.simulation is not None:
        npv = result.simulation.npv
        rows += [
            (say(N_("Takes: present value of the costs, 90 % range")), _range(result.simulation.costs)),
            (say(N_("Brings: present value of the benefits, 90 % range")), _range(result.simulation.benefits)),
            (say(N_("Mean of the simulation")), figure(npv.mean)),
            (say(N_("Range (90 %)")), _range(npv)),
            (say(N_("Probability of a positive case")), chance(result.simulation.probability_positive, 1)),
        ]  # fmt: skip
    rows += [(each.label, figure(each.npv)) for each in result.adjustments]
    _table(
        say(N_("The case as planned, {currency}"), currency=result.currency),
        [(Text.same(""), "left"), (Text.same(""), "right")],
        [list(row) for row in rows],
    )
    _print_lines(result)
    _print_moves(result)
    if result.tracking is not None:
        _print_tracking(result.tracking, result.currency)
    if result.budgets is not None:
        print_budgets(result.budgets)
    for note in result.notes:
        console.tell(note)
    assumed = [each.label for each in result.assumptions if each.basis == "assumed"]
    console.tell(
        say(
            N_("Assumed, not measured: {names}."),
            names=Text((lang, "; ".join(a[lang] for a in assumed) or "–") for lang in LANGUAGES),
        )
    )


def _range(spread: "Spread") -> Text:
    low, high = ends(spread.quantiles["0.05"], spread.quantiles["0.95"], figure)
    return say(N_("{low} to {high}"), low=low, high=high)


def _print_lines(result: "CaseResult") -> None:
    _table(
        say(N_("Costs and benefits")),
        [(say(N_("Line")), "left"), (say(N_("Kind")), "left"), (say(N_("Owner")), "left"),
         (say(N_("Counts as")), "left"), (say(N_("Sum")), "right"), (say(N_("Present value")), "right"),
         (say(N_("Calculation")), "left")],
        [
            [
                line.label,
                say(KINDS[line.kind]),
                line.owner,
                say(COUNTED[line.realised_as]),
                figure(line.total),
                figure(line.present_value),
                line.calculation,
            ]
            for line in result.lines
        ],
    )  # fmt: skip


def _print_moves(result: "CaseResult") -> None:
    """What moves the case: tornado, switching values, scenarios."""
    if result.tornado:
        _table(
            say(N_("What moves the present value: each assumption at its 10 % and 90 % quantile")),
            [(say(N_("Assumption")), "left"), (say(N_("From")), "right"), (say(N_("To")), "right"),
             (say(N_("Present value from")), "right"), (say(N_("Present value to")), "right")],
            [
                [each.label, *(figure(v) for v in (each.low, each.high, each.npv_low, each.npv_high))]
                for each in result.tornado[:10]
            ],
        )  # fmt: skip
    switching = [each for each in result.switching_values if each.value is not None]
    if switching:
        _table(
            say(N_("Where the case turns: the value at which it is worth nothing")),
            [(say(N_("Assumption")), "left"), (say(N_("Plan")), "right"), (say(N_("Turns at")), "right"), (say(N_("Change")), "right")],
            [
                [
                    each.label,
                    figure(each.base),
                    figure(each.value or 0.0),
                    Text.same("–") if each.change is None else percent(each.change, 0, signed=True),
                ]
                for each in switching[:10]
            ],
        )  # fmt: skip
    if result.scenarios:
        _table(
            say(N_("Scenarios")),
            [(say(N_("Scenario")), "left"), (say(N_("Net present value")), "right"), (say(N_("Against the plan")), "right")],
            [
                [each.label, figure(each.plan.npv), number(each.difference, signed=True)]
                for each in result.scenarios
            ],
        )  # fmt: skip


def _print_tracking(tracked: "Tracked", currency: str) -> None:
    _table(
        say(
            N_("Planned against actual, {currency}, up to {day}"),
            currency=currency,
            day=date(dt.date.fromisoformat(tracked.until)),
        ),
        [(say(N_("Line")), "left"), (say(N_("Plan")), "right"), (say(N_("Actual")), "right"), (say(N_("Variance")), "right"),
         (say(N_("Good or bad")), "left"), (say(N_("Expected in all")), "right"), (say(N_("Plan in all")), "right")],
        [
            [
                line.label,
                figure(line.planned),
                figure(line.actual),
                number(line.variance, signed=True),
                Text.same("–") if line.good is None else say(N_("good")) if line.good else say(N_("bad")),
                figure(line.expected_total),
                figure(line.planned_total),
            ]
            for line in tracked.lines
        ],
    )  # fmt: skip
    console.tell(
        say(
            N_("Present value: planned {planned}, now expected {expected}."),
            planned=rounded_money(tracked.plan.npv, currency),
            expected=rounded_money(tracked.expected.npv, currency),
        )
    )


def print_budgets(report: "BudgetReport") -> None:
    def cells(row: Any, label: Text) -> list[Text]:
        return [
            label,
            Text.same(row.department or ""),
            *(figure(getattr(row, name)) for name in ("plan", "committed", "actual", "forecast")),
            number(row.variance, signed=True),
            figure(row.available),
        ]

    rows = [cells(row, say(SIDES[row.side])) for row in report.departments if row.side]
    rows += [
        cells(row, say(N_("{side}, in all"), side=say(SIDES[row.side])))
        for row in report.sides
        if row.side
    ]
    rows.append(cells(report.total, say(N_("In all"))))
    _table(
        say(N_("Budgets")),
        [(say(N_("Side")), "left"), (say(N_("Department")), "left"), (say(N_("Plan")), "right"), (say(N_("Committed")), "right"),
         (say(N_("Actual")), "right"), (say(N_("Forecast")), "right"), (say(N_("Forecast less plan")), "right"), (say(N_("Still free")), "right")],
        rows,
    )  # fmt: skip


def print_differences(found: "Differences") -> None:
    """Every part that differs, one table."""
    parts = {
        N_("assumption"): found.assumptions,
        N_("number"): found.numbers,
        N_("present value of a line"): found.lines,
        N_("result"): found.results,
    }
    rows = [
        [say(part), Text.same(each.key), _shown(each.before), _shown(each.after)]
        for part, differences in parts.items()
        for each in differences
    ]
    if not rows:
        console.tell(say(N_("Both versions are the same.")))
        return
    _table(
        say(N_("From version {before} to version {after}"), before=found.before, after=found.after),
        [(say(N_("Part")), "left"), (say(N_("Name")), "left"), (say(N_("Before")), "right"), (say(N_("After")), "right")],
        rows,
    )  # fmt: skip


def _shown(value: Any) -> Text:
    if value is None:
        return Text.same("–")
    return figure(float(value)) if isinstance(value, int | float) else Text.same(str(value))


def _table(title: Text, columns: list[console.Column], rows: list[list[Text]]) -> None:
    language = console.language()
    console.print_table(title, columns, [[cell[language] for cell in row] for row in rows])
