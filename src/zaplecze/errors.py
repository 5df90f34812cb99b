"""Errors that a person can act on, in the person's language."""

from zaplecze.language import Language, Text


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
