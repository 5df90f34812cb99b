"""``zaplecze money case``, ``freeze``, ``diff`` and ``budget``: a project, its versions, its money."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from zaplecze.cli import console
from zaplecze.cli.money import app, appraisal_rows, figure
from zaplecze.cli.options import JsonOption
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

if TYPE_CHECKING:
    from zaplecze.impact import Findings
    from zaplecze.money.case import BudgetReport, Case, CaseResult, Differences
    from zaplecze.money.case.simulation import Spread
    from zaplecze.money.case.tracking import Tracked

FileArgument = Annotated[Path, typer.Argument(metavar="FILE.toml", help=N_("The case file."))]
FindingsOption = Annotated[
    Path | None,
    typer.Option(help=N_("Findings of a run (file or folder); otherwise those the file names.")),
]


@app.command()
def case(
    file: FileArgument,
    findings: FindingsOption = None,
    plan: Annotated[
        Path | None,
        typer.Option(help=N_("Frozen version against which actuals are held.")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help=N_("Folder for case.json and the figures."))
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=N_("Workbook of the case that recomputes.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """A business case: cash flow, present value, range, what moves it, planned against actual."""
    from zaplecze.money.case import load_case, read_frozen, work_out_case

    described = load_case(file)
    planned = None if plan is None else read_frozen(plan).monthly
    result = work_out_case(described, _findings(described, file, findings), planned)
    if out is not None:
        _write(result, out)
    if xlsx is not None:
        _write_book(described, result, planned, xlsx)
    if as_json:
        console.print_json(result.to_dict())
        return
    _print(result)
    if out is not None:
        console.tell(say(N_("The case is in {folder}."), folder=str(out)))
    if xlsx is not None:
        console.tell(say(N_("The workbook is in {file}."), file=str(xlsx)))


@app.command()
def freeze(
    file: FileArgument,
    frozen: Annotated[Path, typer.Argument(metavar="FROZEN.json", help=N_("Where it is kept."))],
    version: Annotated[str, typer.Option(help=N_("What the version is called."))] = "1",
    reason: Annotated[str | None, typer.Option(help=N_("Why it was frozen."))] = None,
    on: Annotated[
        str | None, typer.Option(metavar="DAY", help=N_("Day of the decision; today."))
    ] = None,
    findings: FindingsOption = None,
) -> None:
    """Keep a case as it was decided on; a version that is there already stays."""
    import datetime as dt

    from zaplecze.cli.money import day_of
    from zaplecze.errors import InputError
    from zaplecze.money.case import freeze as freeze_case
    from zaplecze.money.case import load_case, work_out_case
    from zaplecze.placing import new_file

    if frozen.exists():
        raise InputError(
            say(N_("{file}: this version is frozen already. Choose another name for the new one."), file=str(frozen))
        )  # fmt: skip
    day = dt.datetime.now(dt.UTC).date() if on is None else day_of("--on", on)
    described = load_case(file)
    result = work_out_case(described, _findings(described, file, findings))
    kept = freeze_case(described, result, version, day.isoformat(), reason)
    with new_file(frozen) as place:
        place.write_text(kept.to_json(), encoding="utf-8")
    console.tell(
        say(N_("Version {version} is frozen in {file}."), version=version, file=str(frozen))
    )


@app.command()
def diff(
    before: Annotated[Path, typer.Argument(metavar="BEFORE.json", help=N_("The earlier version."))],
    after: Annotated[
        Path,
        typer.Argument(metavar="AFTER", help=N_("The later version: frozen, or a case file.")),
    ],
    findings: FindingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a later version of a case assumes otherwise, and what that did to its results."""
    from zaplecze.money.case import compare, freeze, load_case, read_frozen, work_out_case

    if after.suffix == ".toml":
        described = load_case(after)
        result = work_out_case(described, _findings(described, after, findings))
        later = freeze(described, result, after.name, "", None)
    else:
        later = read_frozen(after)
    found = compare(read_frozen(before), later)
    if as_json:
        console.print_json(found.to_dict())
        return
    _print_differences(found)


@app.command()
def budget(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=N_("A CSV file of budgets, or a case file with [[budgets]].")
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """What departments may spend and have spent, back office beside marketing."""
    from zaplecze.errors import InputError
    from zaplecze.money.case import budget_report, load_case, read_budgets

    budgets = load_case(file).budgets if file.suffix == ".toml" else read_budgets(file)
    if not budgets:
        raise InputError(say(N_("{file}: there are no budgets in it. Add rows or [[budgets]]."), file=str(file)))  # fmt: skip
    report = budget_report(budgets)
    if as_json:
        console.print_json(report.to_dict())
    else:
        _print_budgets(report)


def _findings(described: "Case", file: Path, given: Path | None) -> "Findings | None":
    """The findings that the case rests on; none where it needs none."""
    from zaplecze.money.case import read_findings

    if given is not None:
        return read_findings(given)
    if described.findings is not None:
        return read_findings(file.parent / described.findings)
    return None


def _write(result: "CaseResult", out: Path) -> None:
    """case.json and the figures, in OUT; other files there stay."""
    import json

    from zaplecze.placing import check_is_folder, new_file
    from zaplecze.report.figures.case import case_figures

    check_is_folder(out)
    with new_file(out / "case.json") as place:
        text = json.dumps(result.to_dict(), ensure_ascii=False, indent=1, allow_nan=False)
        place.write_text(text, encoding="utf-8")
    figures = case_figures(result, console.language())
    for name, drawing in figures.items():
        with new_file(out / f"{name}.svg") as place:
            place.write_text(drawing, encoding="utf-8")


def _write_book(
    described: "Case", result: "CaseResult", planned: dict[str, list[float]] | None, file: Path
) -> None:
    from zaplecze.placing import new_file
    from zaplecze.report.casebook import case_workbook

    content = case_workbook(described, result, console.language(), planned)
    with new_file(file) as place:
        place.write_bytes(content)


def _print(result: "CaseResult") -> None:
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
        _print_budgets(result.budgets)
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


KINDS = {"cost": N_("cost"), "saving": N_("saving"), "revenue": N_("revenue")}
COUNTED = {
    "cash": N_("cash"),
    "capacity": N_("capacity, not counted"),
    "time": N_("time, not counted"),
}


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


SIDES = {
    "back office": N_("Back office"),
    "front line": N_("Front line"),
    "marketing": N_("Marketing"),
}


def _print_budgets(report: "BudgetReport") -> None:
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


def _print_differences(found: "Differences") -> None:
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
