"""Errors that a person can act on, in the person's language."""

from pathlib import Path

from zaplecze.language import N_, Language, Text, say


class ZapleczeError(Exception):
    """Something the user can mend; the message says what is wrong, where, and what to do.

    ``str(error)`` is English; ``error.text[language]`` the same in another language.
    """

    def __init__(self, text: Text) -> None:
        super().__init__(text["en"])
        self.text = text

    def in_language(self, language: Language) -> str:
        """The message in LANGUAGE."""
        return self.text[language]


class InputError(ZapleczeError):
    """A file, row, column, value or option that cannot be used as it is."""


class WorkspaceError(InputError):
    """A workspace file that cannot be used as it is."""


def unreadable(path: Path, error: OSError | ValueError) -> Text:
    """What to say of the file at PATH that cannot be opened because of ERROR."""
    return say(
        N_("{file}: cannot be read ({error}). Check the path and its permissions."),
        file=str(path),
        error=getattr(error, "strerror", None) or str(error),
    )
