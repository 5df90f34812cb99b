"""Packages whose public names are imported when they are first asked for.

Who needs one small piece of a room, the shape of a result, say, does not wait for all of it to load.
"""

import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


class _Package(ModuleType):
    """A package that knows in which of its modules each of its public names is found."""

    homes: Mapping[str, str]
    __all__: list[str]

    def __getattr__(self, name: str) -> Any:
        home = self.homes.get(name)
        if home is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{self.__name__}.{home}"), name)
        self.__dict__[name] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        # Importing a module binds it in its package. One that is called like what it holds
        # (`graph` in `graph`) must not take that one's place.
        if not (isinstance(value, ModuleType) and name in self.homes):
            super().__setattr__(name, value)

    def __dir__(self) -> Iterable[str]:
        return self.__all__


def on_demand(package: str, names: Mapping[str, tuple[str, ...]]) -> None:
    """Let PACKAGE have NAMES, those of each of its modules, without importing them yet."""
    module = sys.modules[package]
    module.__dict__["homes"] = {name: home for home, held in names.items() for name in held}
    module.__class__ = _Package
