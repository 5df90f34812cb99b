"""``zaplecze money case``, ``freeze``, ``diff`` and ``budget``: a project, its versions, its money."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaplecze.cli import casetables, console
from zaplecze.cli.money import app
from zaplecze.cli.options import JsonOption
from zaplecze.language import (
    N_,
    say,
)

if TYPE_CHECKING:
    from zaplecze.impact import Findings
    from zaplecze.money.case import Case, CaseResult

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
    casetables.print_case(result)
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
    casetables.print_differences(found)


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
        casetables.print_budgets(report)


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
