"""How commands speak: tables and JSON on stdout, progress and messages on stderr."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TextIO

from zaplecze.errors import InputError
from zaplecze.language import LANGUAGES, N_, Language, Text, number, say
from zaplecze.language import duration as words_of_duration
from zaplecze.progress import Progress, silent

Column = tuple[Text, Literal["left", "right"]]

ROWS_SHOWN = 30
"""How many rows of a long table a person gets to see."""

_WIDTH_WITHOUT_TERMINAL = 10_000

_chosen: Language | None = None


def choose_language(code: str | None) -> None:
    """Speak the language of the root option ``--language``; None: what the environment says."""
    global _chosen
    _chosen = None if code is None else _known_language("--language", code)


def language() -> Language:
    """``--language``, else ZAPLECZE_LANGUAGE, else the locale of the environment, else English."""
    return _chosen or language_of(os.environ)


def chosen_language() -> Language | None:
    """The language of ``--language``; None where nobody chose one."""
    return _chosen


def language_of(environment: Mapping[str, str]) -> Language:
    """The language that the variables of ENVIRONMENT ask for.

    Raises `InputError` when ZAPLECZE_LANGUAGE names none of ours; a foreign locale is English.
    """
    if wanted := environment.get("ZAPLECZE_LANGUAGE"):
        return _known_language("ZAPLECZE_LANGUAGE", wanted)
    # The order that POSIX prescribes: the first that is set decides.
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := environment.get(variable):
            return next((known for known in LANGUAGES if known == locale[:2].lower()), "en")
    return "en"


def print_json(document: Any) -> None:
    """DOCUMENT on stdout as JSON."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(document, ensure_ascii=not utf8, indent=1, allow_nan=False))


def print_table(title: Text, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """ROWS under COLUMNS on stdout; to a file or a pipe every cell stays whole on its line.

    In a terminal that is too narrow words wrap; where that is not enough, every row is told by itself.
    """
    from zaplecze.cli import tables

    console = _console(sys.stdout)
    sides = [side for _, side in columns]
    shape = tables.Shape(said(title), [said(heading) for heading, _ in columns], sides, rows)
    for part in tables.drawn(shape, console.width):
        console.print(part)


def said(text: Text) -> str:
    """TEXT in the chosen language."""
    return text[language()]


def duration(seconds: float | None) -> str:
    """SECONDS as a length of time for a table; a dash where it is not known."""
    return "–" if seconds is None else said(words_of_duration(seconds))


def print_filters(filters: Sequence[Text]) -> None:
    """On stdout, before the figures: what is shown of the log."""
    for words in filters:
        print(said(words))


def tell_of_more(rows: int, shown: int) -> None:
    """On stderr, that a table has only the first SHOWN of its ROWS."""
    if rows > shown:
        tell(
            say(
                N_("Shown: {shown} of {all}. With --json all of them are printed."),
                shown=number(shown),
                all=number(rows),
            )
        )


def tell(text: Text) -> None:
    """One line on stderr, in the chosen language."""
    print(said(text), file=sys.stderr)


def write_picture(svg: str, file: Path) -> None:
    """SVG as the new FILE, and a line that says where it is; raises `InputError` where it cannot be."""
    from zaplecze import placing

    with placing.new_file(file) as path:
        path.write_text(svg, encoding="utf-8")
    tell(say(N_("The picture is in {file}."), file=str(file)))


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar on stderr for the length of a piece of work; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(markup=False),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=_console(sys.stderr), transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def draw(stage: Text, done: float) -> None:
            bar.update(task, description=said(stage), completed=done)

        yield draw


def _console(stream: TextIO) -> Any:
    """A rich console that prints words as they are."""
    from rich.console import Console

    width = None if stream.isatty() else _WIDTH_WITHOUT_TERMINAL
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def _known_language(place: str, code: str) -> Language:
    for known in LANGUAGES:
        if code.strip().lower() == known:
            return known
    raise InputError(
        say(
            N_("{place}: '{value}' is none of the languages. Choose en, pl or uk."),
            place=place,
            value=code,
        )
    )
