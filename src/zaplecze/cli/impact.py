"""``zaplecze impact``: what back-office steps do to customers."""

from pathlib import Path
from typing import Annotated

import typer

from zaplecze.cli import console
from zaplecze.cli.contacts import contacts
from zaplecze.cli.levers import levers
from zaplecze.cli.logs import imported
from zaplecze.cli.options import DataOption
from zaplecze.cli.service import service
from zaplecze.cli.verify import verify
from zaplecze.cli.watch import watch
from zaplecze.language import N_

app = typer.Typer(rich_markup_mode=None)
app.command()(levers)
app.command()(contacts)
app.command()(service)
app.command()(verify)
app.command()(watch)


@app.callback()
def impact() -> None:
    """Measure what back-office steps do to customers."""


@app.command()
def effects(
    workspace: Annotated[Path, typer.Argument(help=N_("The workspace file, zaplecze.toml."))],
    data: DataOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help=N_("Print the findings as JSON."))
    ] = False,
) -> None:
    """Raw and adjusted effect of every lever on every outcome, with what each costs in a year."""
    import datetime as dt

    from zaplecze import chain
    from zaplecze.cli.evidence import print_evidence
    from zaplecze.cli.findings import print_findings
    from zaplecze.workspace import load

    described = load(workspace)
    with (
        console.progress() as progress,
        imported(described, data or workspace.parent, progress) as log,
    ):
        found = chain.find(log, described, now=dt.datetime.now(dt.UTC), progress=progress)
    if as_json:
        console.print_json(found.to_dict())
    else:
        # There is no report beside it that would hold the rest.
        print_findings(found, most=None)
        print_evidence(found)
