"""``zaplecze demo``: a simulated company through the whole line, and the page that shows it."""

from pathlib import Path
from typing import Annotated

import typer

from zaplecze.cli import console
from zaplecze.language import N_, say


def demo(
    folder: Annotated[
        Path, typer.Argument(help=N_("Folder for the company's data and the results."))
    ] = Path("demo"),
    cases: Annotated[int, typer.Option(help=N_("Orders to simulate."))] = 20_000,
    seed: Annotated[int, typer.Option(help=N_("Another seed makes another company."))] = 3,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help=N_("Start the web page at the end."))
    ] = True,
    port: Annotated[int, typer.Option(help=N_("Port of the web page."))] = 8765,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="en|pl|uk", help=N_("Language of the report; otherwise the workspace's.")
        ),
    ] = None,
) -> None:
    """Simulate a company, find what its back-office work costs, write the board pack, show it."""
    from zaplecze import chain
    from zaplecze.cli.findings import print_findings
    from zaplecze.cli.run import report_language

    chosen = report_language(language)
    with console.progress() as progress:
        done = chain.demo(folder, cases=cases, seed=seed, language=chosen, progress=progress)
    print_findings(done.findings)
    results = done.folder.resolve()
    console.tell(say(N_("The board pack is in {folder}: open report.html."), folder=str(results)))
    if serve:
        from zaplecze.web.server import serve as serve_page

        serve_page(done.folder, port=port, tell=console.tell)
