"""Errors about sources that say where the fault is and what to do about it."""

import difflib
import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.parsers import expat

from zaplecze import errors
from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say
from zaplecze.workspace import table_header

# What a parser of XML says where a file ends too early.
_BEFORE_THE_END = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}


def closest(name: str, known: Iterable[str]) -> str | None:
    """The one of KNOWN that NAME was probably meant to be."""
    by_folded = {each.casefold(): each for each in known}
    close = difflib.get_close_matches(name.casefold(), by_folded, n=1)
    return by_folded[close[0]] if close else None


@contextmanager
def named_by(source: str, title: str) -> Iterator[None]:
    """Faults of SOURCE begin with TITLE, unless they name it: for what no workspace names."""
    try:
        yield
    except InputError as error:
        place = f"[sources.{source}]: "
        if not str(error).startswith(place):
            raise
        told = {lang: words.removeprefix(place) for lang, words in error.text.items()}
        named = "." in title and title in told["en"]
        raise InputError(
            Text(
                (lang, words[0].upper() + words[1:] if named else f"{title}: {words}")
                for lang, words in told.items()
            )
        ) from None


def missing_file(source: str, path: Path) -> InputError:
    """The file of SOURCE is not there."""
    folder = path.parent
    try:
        there = sorted(entry.name for entry in folder.iterdir() if entry.is_file())
    except OSError:
        return InputError(
            say(
                N_(
                    "[sources.{source}]: there is no file '{file}', nor its folder '{folder}'. "
                    "Say with --data where the data lie."
                ),
                source=source, file=path.name, folder=str(folder),
            )
        )  # fmt: skip
    if close := closest(path.name, there):
        return InputError(
            say(
                N_(
                    "[sources.{source}]: there is no file '{file}' in '{folder}'. "
                    "Did you mean '{close}'?"
                ),
                source=source, file=path.name, folder=str(folder), close=close,
            )
        )  # fmt: skip
    return InputError(
        say(
            N_(
                "[sources.{source}]: there is no file '{file}' in '{folder}'. "
                "The files there are: {files}."
            ),
            source=source, file=path.name, folder=str(folder), files=_enumerated(there),
        )
    )  # fmt: skip


def place_of(*where: str | int) -> Text:
    """The place of a key in the workspace file, as it reads there: ``[[events]] no. 2, time``."""
    header = Text.of(table_header(where[:-1]))
    return Text((language, f"{words}, {where[-1]}") for language, words in header.items())


def missing_column(
    place: Text, column: str, source: str, file: str, known: Iterable[str]
) -> InputError:
    """COLUMN, named at PLACE of the workspace, is not in SOURCE, which is read from FILE."""
    columns = list(known)
    if close := closest(column, columns):
        return InputError(
            say(
                N_(
                    "{place}: the source '{source}' ({file}) has no column '{column}'. "
                    "Did you mean '{close}'?"
                ),
                place=place, source=source, file=file, column=column, close=close,
            )
        )  # fmt: skip
    return InputError(
        say(
            N_(
                "{place}: the source '{source}' ({file}) has no column '{column}'. "
                "Its columns are: {columns}."
            ),
            place=place, source=source, file=file, column=column, columns=_enumerated(columns),
        )
    )  # fmt: skip


def missing_in_given(option: str, title: str, column: str, known: Iterable[str]) -> InputError:
    """COLUMN, which OPTION names, is not in the only file, which people know as TITLE."""
    columns = list(known)
    if close := closest(column, columns):
        return InputError(
            say(
                N_("{option}: {file} has no column '{column}'. Did you mean '{close}'?"),
                option=option, file=title, column=column, close=close,
            )
        )  # fmt: skip
    return InputError(
        say(
            N_("{option}: {file} has no column '{column}'. Its columns are: {columns}."),
            option=option, file=title, column=column, columns=_enumerated(columns),
        )
    )  # fmt: skip


def columns_not_said(title: str, options: str, header: list[str]) -> InputError:
    """OPTIONS have to say which columns of the only file, TITLE, are meant; HEADER has their names."""
    if not header:
        return InputError(
            say(
                N_(
                    "{file}: the file does not say which columns are meant. "
                    "Give {options} with the names of its columns."
                ),
                file=title, options=options,
            )
        )  # fmt: skip
    return InputError(
        say(
            N_(
                "{file}: the file does not say which columns are meant. Give {options} with the "
                "names of its columns, which are: {columns}."
            ),
            file=title, options=options, columns=_enumerated(header),
        )
    )  # fmt: skip


def unreadable(source: str, file: str, error: object) -> InputError:
    """FILE is there, but it cannot be read as what it says it is."""
    if isinstance(error, expat.ExpatError):
        if error.code in _BEFORE_THE_END:
            return _cut_off_in_line(source, file, error.lineno)
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH]:
            return wrongly_nested(source, file, error.lineno)
    if isinstance(error, EOFError):
        return InputError(
            say(
                N_(
                    "[sources.{source}]: the file '{file}' cannot be read: it is cut off. Copy or "
                    "export it again."
                ),
                source=source, file=file,
            )
        )  # fmt: skip
    if isinstance(error, OSError) and error.strerror:
        return InputError(errors.unreadable(Path(file), error))
    if isinstance(error, zlib.error | gzip.BadGzipFile):
        return InputError(
            say(
                N_(
                    "[sources.{source}]: the file '{file}' cannot be unpacked: it is damaged, or no "
                    "gzip file at all. Copy or export it again."
                ),
                source=source, file=file,
            )
        )  # fmt: skip
    return InputError(
        say(
            N_(
                "[sources.{source}]: the file '{file}' cannot be read: it is damaged, cut off, or not "
                "of the format that its ending says. Copy or export it again. The reader says: {error}."
            ),
            source=source, file=file, error=gist(error),
        )
    )  # fmt: skip


def wrongly_nested(source: str, file: str, line: int) -> InputError:
    """In LINE of the XML in FILE an element begins or ends where it must not."""
    return InputError(
        say(
            N_(
                "[sources.{source}]: the file '{file}' is wrongly nested: in line {line} an element "
                "begins or ends where it must not. Export it again, or mend that place."
            ),
            source=source, file=file, line=line,
        )
    )  # fmt: skip


def failed_query(source: str, error: object) -> InputError:
    """The SQL query of SOURCE does not work."""
    return InputError(
        say(
            N_("[sources.{source}]: the SQL query fails: {error}. Mend the query."),
            source=source, error=gist(error),
        )
    )  # fmt: skip


def gist(error: object) -> str:
    """What an engine's error says, without its hints about files and lists of functions."""
    words = []
    for line in str(error).splitlines():
        if line.startswith(("LINE ", "Candidate functions", "Possible ", "  file = ")):
            break
        words += line.split()
    return " ".join(words).rstrip(".?!")


def empty(source: str, file: str) -> InputError:
    """FILE holds nothing."""
    return InputError(
        say(
            N_("[sources.{source}]: the file '{file}' is empty. Export it again."),
            source=source, file=file,
        )
    )  # fmt: skip


def _cut_off_in_line(source: str, file: str, line: int) -> InputError:
    return InputError(
        say(
            N_(
                "[sources.{source}]: the file '{file}' cannot be read: it is cut off in line "
                "{line}. Copy or export it again."
            ),
            source=source, file=file, line=line,
        )
    )  # fmt: skip


def _enumerated(names: list[str]) -> str:
    return ", ".join(names[:40]) + (", …" if len(names) > 40 else "") or "–"
