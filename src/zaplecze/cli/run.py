"""``zaplecze run``: from a workspace file to ranked findings and the board page."""

from pathlib import Path
from typing import Annotated

import typer

from zaplecze.cli import console
from zaplecze.cli.options import DataOption
from zaplecze.language import LANGUAGES, N_, Language, say


def run(
    workspace: Annotated[Path, typer.Argument(help=N_("The workspace file, zaplecze.toml."))],
    data: DataOption = None,
    out: Annotated[Path, typer.Option(help=N_("Folder for the results."))] = Path("out"),
    language: Annotated[
        str | None,
        typer.Option(
            metavar="en|pl|uk", help=N_("Language of the report; otherwise the workspace's.")
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=N_("Print the findings as JSON."))
    ] = False,
) -> None:
    """Read a company's data, find what its back-office work costs, write the board pack."""
    import datetime as dt

    from zaplecze import chain
    from zaplecze.cli.findings import print_findings, tell_left_out

    with console.progress() as progress:
        done = chain.run(
            workspace,
            data or workspace.parent,
            out,
            now=dt.datetime.now(dt.UTC),
            language=report_language(language),
            progress=progress,
        )
    if as_json:
        console.print_json(done.findings.to_dict())
        tell_left_out(done.findings)
        return
    print_findings(done.findings)
    if done.findings.workspace.refused_rows:
        log = str(out.resolve() / chain.LOG)
        console.tell(say(N_("Row by row: zaplecze log refused {folder}"), folder=log))
    console.tell(
        say(N_("The board pack is in {folder}: open report.html."), folder=str(out.resolve()))
    )


def report_language(wanted: str | None) -> Language | None:
    """The language asked for by this command's own option, or by the root's."""
    if wanted is not None:
        console.choose_language(wanted)
        return next(known for known in LANGUAGES if known == console.language())
    return console.chosen_language()
