"""Reads a workspace file; everything that can be wrong with it becomes a `WorkspaceError`."""

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from zaplecze.errors import WorkspaceError, unreadable
from zaplecze.language import LANGUAGES, N_, Text, say
from zaplecze.workspace.explain import explain
from zaplecze.workspace.model import Workspace
from zaplecze.workspace.rules import Rule, RuleBook
from zaplecze.workspace.values import Table

Checked = TypeVar("Checked", bound=Table)


def load(path: Path) -> Workspace:
    """Read and check the workspace file at PATH.

    Raises `WorkspaceError` naming file, table, key, value and remedy: for the first fault when the
    file is not TOML, for every fault at once when values are wrong.
    """
    workspace = _checked(path, Workspace, _document(path))
    if workspace.procedure is None:
        return workspace
    # Whoever reads the drawing later does not know where the workspace file lies.
    found = workspace.procedure.model_copy(
        update={"file": str(path.parent / workspace.procedure.file)}
    )
    return workspace.model_copy(update={"procedure": found})


def load_table(path: Path, table: type[Checked]) -> Checked:
    """Read and check a file that is a TABLE of its own kind; raises as `load` does."""
    return _checked(path, table, _document(path), root=table)


def load_rules(path: Path) -> list[Rule]:
    """Read and check a file that holds nothing but ``[[rules]]``; raises as `load` does."""
    document = _document(path)
    for key in document:
        if key != "rules":
            raise WorkspaceError(
                say(
                    N_(
                        "{file}: '{key}' does not belong in a file of rules, which holds only "
                        "[[rules]]. Remove it."
                    ),
                    file=str(path),
                    key=key,
                )
            )
    return _checked(path, RuleBook, document).rules


def _document(path: Path) -> dict[str, Any]:
    text = _read(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WorkspaceError(_not_toml(path, text, str(error))) from None
    except RecursionError:
        raise WorkspaceError(
            say(
                N_("{file}: the brackets are nested too deeply. Write tables instead."),
                file=str(path),
            )
        ) from None
    except ValueError:
        raise WorkspaceError(
            say(N_("{file}: a number has thousands of digits. Shorten it."), file=str(path))
        ) from None


def _checked(
    path: Path,
    table: type[Checked],
    document: dict[str, Any],
    root: type[BaseModel] = Workspace,
) -> Checked:
    try:
        return table.model_validate(document)
    except ValidationError as error:
        lines = [line for fault in error.errors() for line in explain(path, dict(fault), root)]
        raise WorkspaceError(
            Text((lang, "\n".join(line[lang] for line in lines)) for lang in LANGUAGES)
        ) from None


def _read(path: Path) -> str:
    file = str(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        fault = say(
            N_("{file}: there is no such file. Give the path of a workspace file."), file=file
        )
    except IsADirectoryError:
        fault = say(
            N_("{file}: this is a folder. Give the path of the workspace file in it."), file=file
        )
    except UnicodeDecodeError as error:
        fault = say(
            N_("{file}, line {line}: this is not UTF-8. Save the file as text in UTF-8."),
            file=file,
            line=error.object[: error.start].count(b"\n") + 1,
        )
    except (OSError, ValueError) as error:
        fault = unreadable(path, error)
    raise WorkspaceError(fault) from None


# How tomllib begins its messages.
_TOML_FAULTS = (
    ("Expected '=' after a key", N_("The sign = is missing after the key. Add it.")),
    ("Invalid value", N_("There is no valid value here. Put text in quotes.")),
    ("Unclosed array", N_("A list is not closed. Add ].")),
    ("Unclosed inline table", N_("A table in braces is not closed. Add }}.")),
    ("Unterminated string", N_("A text is not closed. Add the quotation mark.")),
    ("Illegal character", N_("A text is not closed or holds a control character. Mend it.")),
    ("Unescaped '\\' in a string", N_("A backslash stands alone. Double it, or put the text in single quotes.")),
    ("Cannot overwrite a value", N_("This key is given twice. Remove one.")),
    ("Cannot declare", N_("This table is given twice. Join the two.")),
    ("Duplicate inline table key", N_("This key is given twice. Remove one.")),
    ("Expected newline or end of document", N_("Something stands after the value. Move it to a line of its own.")),
)  # fmt: skip


def _not_toml(path: Path, text: str, message: str) -> Text:
    """What tomllib says about TEXT, with the line that it means."""
    where = re.search(r"\(at line (\d+), column \d+\)", message)
    lines = text.splitlines() or [""]
    number = min(int(where[1]) if where else len(lines), len(lines))
    known = (words for start, words in _TOML_FAULTS if message.startswith(start))
    fault = say(next(known, N_("This is not TOML. Mend the line.")))
    return say(
        N_("{file}, line {number}, {line}: {fault}"),
        file=str(path), number=number, line=lines[number - 1].strip()[:80], fault=fault,
    )  # fmt: skip
