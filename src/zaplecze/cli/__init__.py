"""The command line, ``zaplecze COMMAND``: every command mirrors one call of the library."""

import errno
import os
import sys
import traceback
from typing import Annotated

import typer
from typer.main import get_command

from zaplecze import __version__
from zaplecze.cli import console, signals
from zaplecze.cli.lazy import LazyGroup
from zaplecze.cli.usage import usage_error
from zaplecze.errors import ZapleczeError
from zaplecze.language import N_, say

__all__ = ["app", "main"]

OUR_FAULT, BAD_INPUT, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    cls=LazyGroup,
    help=N_("Back-office work, what customers feel and do because of it, and what that costs."),
    # Rich help would add 0.4 s to every start.
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)


def main(arguments: list[str] | None = None) -> int:
    """Run ARGUMENTS; returns the exit code.

    That is 0, 1 (our fault), 2 (bad input), 130 (Ctrl-C) or 143 (SIGTERM).
    """
    words = sys.argv[1:] if arguments is None else arguments
    console.choose_language(None)
    with signals.heard() as came:
        try:
            # Before parsing, so that errors of parsing speak it too.
            console.choose_language(_language_in(words))
            code = get_command(app).main(words, prog_name="zaplecze", standalone_mode=False)
            sys.stdout.flush()
        except BaseException as error:
            return 128 + came[0] if came else _explained(error, debug="--debug" in words)
    return code if isinstance(code, int) else 0


def _explained(error: BaseException, *, debug: bool) -> int:
    """Tell what went wrong; returns the exit code."""
    match error:
        case ZapleczeError():
            console.tell(error.text)
            return BAD_INPUT
        case typer.TyperException():
            console.tell(usage_error(error))
            return BAD_INPUT
        case KeyboardInterrupt() | typer.Abort():
            return INTERRUPTED
        case BrokenPipeError():
            # The reader of our output has gone; Python would complain again when it flushes at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return OUR_FAULT
        case Exception() if not debug and _is_full_disk(error):
            console.tell(
                say(
                    N_(
                        "There is no room left on the disk: {error}. What was there before is as it "
                        "was. Make room, or choose another place for the result; temporary files go "
                        "where the variable TMPDIR says."
                    ),
                    error=str(error),
                )
            )
            return BAD_INPUT
        case Exception() if not debug and type(error).__module__.startswith(("pyspark.", "py4j.")):
            from zaplecze.eventlog.engine import failed

            console.tell(failed(error).text)
            return BAD_INPUT
        case Exception():
            _tell_our_fault(error, debug=debug)
            return OUR_FAULT
    raise error


def _is_full_disk(error: Exception) -> bool:
    """Engines tell it in words of the system only."""
    return any(os.strerror(code) in str(error) for code in (errno.ENOSPC, errno.EDQUOT))


def _version(wanted: bool) -> None:
    if wanted:
        print(f"zaplecze {__version__}")
        raise typer.Exit


@app.callback()
def root(
    language: Annotated[
        str | None,
        typer.Option(
            metavar="en|pl|uk",
            help=N_("Language of messages and reports; otherwise that of the environment."),
        ),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help=N_("Show where in the program a fault arose."))
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help=N_("Show the version and exit.")
        ),
    ] = False,
) -> None:
    """Options of every command; `main` has seen to them when this is called."""


def _language_in(words: list[str]) -> str | None:
    """The value of ``--language`` among the options before the command."""
    for word, following in zip(words, [*words[1:], None], strict=True):
        if word == "--language":
            return following
        if word.startswith("--language="):
            return word.partition("=")[2]
        if not word.startswith("-"):
            break
    return None


def _tell_our_fault(error: Exception, *, debug: bool) -> None:
    if debug:
        traceback.print_exception(error)
        return
    console.tell(
        say(
            N_(
                "This is a fault in Zaplecze, not in your data: {error}. "
                "'zaplecze --debug …' shows where it arose."
            ),
            error=f"{type(error).__name__}: {error}",
        )
    )
