"""``zaplecze serve``: the results in the browser."""

from pathlib import Path
from typing import Annotated

import typer

from zaplecze.cli import console
from zaplecze.language import N_


def serve(
    folder: Annotated[
        Path | None,
        typer.Argument(help=N_("Results of 'zaplecze run', or a folder that holds several.")),
    ] = None,
    host: Annotated[str, typer.Option(help=N_("Address to listen on."))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=N_("Port to listen on."))] = 8765,
    login_link: Annotated[
        bool,
        typer.Option("--login-link/--no-login-link", help=N_("Print a link that logs in once.")),
    ] = True,
) -> None:
    """Show the results in the browser, to people who log in, until stopped with Ctrl-C."""
    from zaplecze.web import server

    server.serve(folder, host=host, port=port, login_link=login_link, tell=console.tell)
