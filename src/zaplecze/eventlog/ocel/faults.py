"""Errors about object-centric logs that name the file and the place in it."""

from pathlib import Path
from typing import Literal

from zaplecze import errors
from zaplecze.errors import InputError
from zaplecze.eventlog.faults import gist
from zaplecze.language import N_, Text, say


def unreadable(file: str, error: object) -> InputError:
    """FILE is no JSON, XML, CSV or database at all, or was cut off."""
    if isinstance(error, OSError) and error.strerror:
        return InputError(errors.unreadable(Path(file), error))
    return InputError(
        say(
            N_(
                "{file}: the file cannot be read: it is damaged, cut off, or not of the format that "
                "its ending says. Copy or export it again. The reader says: {error}."
            ),
            file=file, error=gist(error),
        )
    )  # fmt: skip


def not_ocel(file: str) -> InputError:
    """FILE can be read, and holds something else."""
    return InputError(
        say(
            N_(
                "{file}: this is not an object-centric log. Name a file of OCEL 1.0 or 2.0, or one "
                "of another format with the ending of that format."
            ),
            file=file,
        )
    )  # fmt: skip


def unknown_version(file: str, version: str) -> InputError:
    """FILE says that it follows a VERSION which nobody here knows."""
    return InputError(
        say(
            N_(
                "{file}: the version '{version}' of OCEL cannot be read in this form. "
                "Export the log as OCEL 2.0 or 1.0."
            ),
            file=file, version=version,
        )
    )  # fmt: skip


def misplaced(file: str, place: str, found: str) -> InputError:
    """At PLACE of FILE stands something that OCEL does not have there."""
    return InputError(
        say(
            N_(
                "{file}: at {place} there is {found}, which does not belong there in OCEL. "
                "Export the file again or mend that place."
            ),
            file=file, place=place, found=found,
        )
    )  # fmt: skip


def missing(file: str, place: str, what: str) -> InputError:
    """WHAT has to stand at PLACE of FILE, and does not."""
    return InputError(
        say(
            N_(
                "{file}: at {place} there is no '{what}', which OCEL needs there. "
                "Export the file again or mend that place."
            ),
            file=file, place=place, what=what,
        )
    )  # fmt: skip


def no_list(file: str, row: int, column: str, value: str) -> InputError:
    """The VALUE in COLUMN should list objects, and is no list of identifiers."""
    return InputError(
        say(
            N_(
                "{file}, row {row}, column '{column}': '{value}' is no list of objects. Write their "
                "identifiers as [\"a\", \"b\"]."
            ),
            file=file, row=row, column=column, value=value,
        )
    )  # fmt: skip


def wrong_width(file: str, row: int, values: int, columns: int) -> InputError:
    """ROW has not as many VALUES as there are COLUMNS."""
    return InputError(
        say(
            N_(
                "{file}, row {row}: the row has {values} values, and there are {columns} columns. "
                "Mend the row, or export the file again."
            ),
            file=file, row=row, values=values, columns=columns,
        )
    )  # fmt: skip


def missing_table(file: str, table: str) -> InputError:
    """The database FILE has no such TABLE."""
    return InputError(
        say(
            N_("{file}: the table '{table}' is missing, which OCEL 2.0 needs. Export it again."),
            file=file, table=table,
        )
    )  # fmt: skip


def own_entities(file: str, line: int) -> InputError:
    """FILE declares entities, with which a small file can fill the memory or read other files."""
    return InputError(
        say(
            N_(
                "{file}: line {line} declares abbreviations (XML entities), which are refused for "
                "safety. Export the file again without them."
            ),
            file=file, line=line,
        )
    )  # fmt: skip


def repeated(file: str, kind: Literal["event", "object"], name: str) -> InputError:
    """Two events, or two objects, of FILE have the same identifier NAME."""
    sentences = {
        "event": N_(
            "{file}: there are two events '{name}'. Every event needs an identifier of its own; "
            "export the file again."
        ),
        "object": N_(
            "{file}: there are two objects '{name}'. Every object needs an identifier of its own; "
            "export the file again."
        ),
    }
    return InputError(say(sentences[kind], file=file, name=name))


def no_type_chosen(file: str, types: Text) -> InputError:
    """Nobody said objects of which of the TYPES are the cases."""
    return InputError(
        say(
            N_(
                "{file}: this log has objects, and one type of them must be chosen as the cases: "
                "{types}. Choose it with --object-type, or in a workspace with 'object_type' of the "
                "source."
            ),
            file=file, types=types,
        )
    )  # fmt: skip


def unknown_type(file: str, chosen: str, types: Text) -> InputError:
    """No object of FILE has the type CHOSEN."""
    return InputError(
        say(
            N_("{file}: there are no objects of the type '{chosen}'. Choose one of: {types}."),
            file=file, chosen=chosen, types=types,
        )
    )  # fmt: skip


def no_objects(file: str) -> InputError:
    """FILE has no objects, and so no cases."""
    return InputError(
        say(
            N_("{file}: this log has no objects, so there are no cases. Export it again."),
            file=file,
        )
    )


def no_events(file: str, chosen: str, types: Text) -> InputError:
    """No event of FILE belongs to an object of the type CHOSEN."""
    return InputError(
        say(
            N_(
                "{file}: no event belongs to an object of the type '{chosen}'. "
                "Choose another of: {types}."
            ),
            file=file, chosen=chosen, types=types,
        )
    )  # fmt: skip
