"""Errors that a user can mend carry their message in every language."""

import pytest

from zaplecze.errors import InputError, WorkspaceError, ZapleczeError
from zaplecze.language import Text


def test_an_error_reads_in_english_and_speaks_every_language():
    error = InputError(Text(en="Row 3 is bad.", pl="Wiersz 3 jest zły.", uk="Рядок 3 поганий."))
    assert str(error) == "Row 3 is bad."
    assert error.in_language("uk") == "Рядок 3 поганий."


def test_whoever_catches_what_users_can_mend_catches_every_kind():
    for kind in (InputError, WorkspaceError):
        with pytest.raises(ZapleczeError):
            raise kind(Text.same("x"))


def test_a_fault_of_the_workspace_file_is_a_fault_of_input():
    assert issubclass(WorkspaceError, InputError)
