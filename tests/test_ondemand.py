"""Rooms give their names when they are asked for, and load nothing before."""

import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

ROOMS = (
    "zaplecze",
    "zaplecze.eventlog",
    "zaplecze.impact",
    "zaplecze.impact.demand",
    "zaplecze.impact.internal",
    "zaplecze.impact.verify",
    "zaplecze.impact.watch",
    "zaplecze.money",
    "zaplecze.process",
)


@pytest.mark.parametrize("room", ROOMS)
def test_every_public_name_is_found_and_is_no_module(room: str) -> None:
    package = import_module(room)

    for name in package.__all__:
        assert not isinstance(getattr(package, name), ModuleType), name
        assert name in dir(package)


def test_a_module_does_not_hide_what_is_called_like_it() -> None:
    package = import_module("zaplecze.process")
    import_module("zaplecze.process.graph")

    assert package.graph is sys.modules["zaplecze.process.graph"].graph


def test_a_name_that_there_is_not_is_said_to_be_missing() -> None:
    package = import_module("zaplecze.process")

    with pytest.raises(AttributeError, match="no attribute 'graf'"):
        _ = package.graf


def test_stored_findings_are_read_without_what_finds_them() -> None:
    heavy = ("duckdb", "narwhals", "pyarrow", "scipy", "zaplecze.impact.analysis")
    code = (
        f"import sys; from zaplecze import chain; print([m for m in {heavy!r} if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
