"""``zaplecze impact levers``: what happened to every case that someone could change."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaplecze.cli import console
from zaplecze.language import N_, number, percent, say

if TYPE_CHECKING:
    from zaplecze.impact import LeverFacts


def levers(
    workspace: Annotated[Path, typer.Argument(help=N_("The workspace file, zaplecze.toml."))],
    data: Annotated[
        Path | None,
        typer.Option(help=N_("Folder of the data; otherwise that of the workspace file.")),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help=N_("File for the table, a row a case: .parquet or .csv.")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Print one JSON document."))] = False,
) -> None:
    """The levers of a log: whom each concerns, and a table of what was known of every case, when."""
    import tempfile

    from zaplecze import eventlog
    from zaplecze.impact import lever_facts
    from zaplecze.workspace import load

    if out is not None:
        _check_ending(out)
    described = load(workspace)
    with console.progress() as progress, tempfile.TemporaryDirectory() as folder:
        log = eventlog.build(described, data or workspace.parent, Path(folder) / "log", progress)
        found = lever_facts(log, described)
        log.close()
    if out is not None:
        _write(found, out)
        console.tell(say(N_("The table is in {file}."), file=str(out)))
    if as_json:
        console.print_json(
            {
                "cases": found.table.num_rows,
                "columns": found.table.column_names,
                "levers": [each.to_dict() for each in found.exposures],
                "refused": [vars(each) for each in found.refused],
            }
        )
    else:
        _show(found)


def _show(found: "LeverFacts") -> None:
    language = console.language()
    console.print_table(
        say(N_("Levers: what someone could change, and whom it concerns")),
        [
            (say(N_("Lever")), "left"),
            (say(N_("Department")), "left"),
            (say(N_("Exposed")), "right"),
            (say(N_("Of cases")), "right"),
            (say(N_("Share")), "right"),
        ],
        [
            [
                each.lever.label[language],
                each.lever.department_label[language],
                number(each.exposed)[language],
                number(each.cases)[language],
                percent(each.exposed / each.cases if each.cases else 0.0)[language],
            ]
            for each in found.exposures
        ],
    )
    print(
        console.said(
            say(
                N_(
                    "Counted are all cases in which the lever can be told, whatever their outcome; "
                    "'zaplecze impact effects' counts those whose outcome is known."
                )
            )
        )
    )
    for line in {(each.label[language], each.reason[language]): each for each in found.refused}:
        console.tell(say(N_("{what}: {why}"), what=line[0], why=line[1]))


def _check_ending(out: Path) -> None:
    from zaplecze.errors import InputError

    if out.suffix.lower() not in (".parquet", ".csv"):
        raise InputError(
            say(
                N_("{file}: the ending does not say which format is meant. Use .parquet or .csv."),
                file=str(out),
            )
        )


def _write(found: "LeverFacts", out: Path) -> None:
    import pyarrow.csv
    import pyarrow.parquet

    from zaplecze import placing

    with placing.new_file(out) as made:
        if out.suffix.lower() == ".csv":
            pyarrow.csv.write_csv(found.table, made)
        else:
            pyarrow.parquet.write_table(found.table, made)
