"""``zaplecze run``: from a workspace file to ranked findings and the board page."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zaplecze.cli import console
from zaplecze.cli.options import DataOption
from zaplecze.language import LANGUAGES, N_, Language, say

if TYPE_CHECKING:
    from zaplecze.impact.followed import Followed


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
    if done.followed is not None:
        _print_followed(done.followed)
    if done.findings.workspace.refused_rows:
        log = str(out.resolve() / chain.LOG)
        console.tell(say(N_("Row by row: zaplecze log refused {folder}"), folder=log))
    console.tell(
        say(N_("The board pack is in {folder}: open report.html."), folder=str(out.resolve()))
    )
    tell_outdated(out, out / chain.FINDINGS)


def _print_followed(followed: "Followed") -> None:
    """What came of changes, which alarms there are, and how departments serve each other."""
    for change in followed.changes:
        came = change.verification.sentence if change.verification else change.reason
        print(console.said(say("{change}: {came}", change=change.label, came=came or "")))
    if followed.watch is not None:
        print(console.said(followed.watch.sentence))
    if followed.service is not None:
        print(console.said(followed.service.sentence))
    for each in followed.demand:
        print(
            console.said(say("{contacts}: {came}", contacts=each.label, came=each.found.sentence))
        )


def tell_outdated(folder: Path, *sources: Path) -> None:
    """Name the files of a pack in FOLDER that show older numbers than SOURCES."""
    from zaplecze.report.pack import outdated

    if files := outdated(folder, *sources):
        told = N_(
            "Not made anew, so older numbers stand in: {files}. 'zaplecze report' makes them anew, "
            "case.xlsx with --case."
        )
        console.tell(say(told, files=", ".join(file.name for file in files)))


def report_language(wanted: str | None) -> Language | None:
    """The language asked for by this command's own option, or by the root's."""
    if wanted is not None:
        console.choose_language(wanted)
        return next(known for known in LANGUAGES if known == console.language())
    return console.chosen_language()
