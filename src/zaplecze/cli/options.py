"""Options that several commands share, and groups of options that a command takes as one thing."""

import dataclasses
import functools
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from zaplecze.errors import InputError
from zaplecze.language import N_, say

JsonOption = Annotated[bool, typer.Option("--json", help=N_("Print one JSON document."))]
DataOption = Annotated[
    Path | None, typer.Option(help=N_("Folder of the data; otherwise that of the workspace file."))
]


def gathered(command: Callable[..., None]) -> Callable[..., None]:
    """COMMAND with an option for every field of its parameters that are dataclasses.

    A field is declared as a parameter of a command is; it may be a dataclass of options itself. The
    options stand where the parameter stands, and COMMAND gets the object that they make.
    """
    own = inspect.signature(command).parameters.values()
    parameters = [
        option for each in own for option in _options(each.name, each.annotation, each.default)
    ]

    @functools.wraps(command)
    def called(**values: Any) -> None:
        command(**{each.name: _made(each.name, each.annotation, values) for each in own})

    return with_parameters(called, parameters)


def with_parameters(
    command: Callable[..., None], parameters: list[inspect.Parameter]
) -> Callable[..., None]:
    """COMMAND, said to take PARAMETERS: Typer makes the options of them."""
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    # mypy does not know that a function may say its signature itself, as inspect has it.
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return command


def check_share(option: str, share: float | None) -> None:
    """Raise `InputError` where the SHARE given with OPTION is none."""
    if share is not None and not 0 <= share <= 1:
        raise InputError(
            say(
                N_("{option} {value}: this is no share. Give a number from 0 to 1."),
                option=option,
                value=str(share),
            )
        )


def _options(name: str, kind: Any, default: Any) -> Iterator[inspect.Parameter]:
    if dataclasses.is_dataclass(kind):
        for field in dataclasses.fields(kind):
            yield from _options(field.name, field.type, field.default)
        return
    none = default in (dataclasses.MISSING, inspect.Parameter.empty)
    yield inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if none else default,
        annotation=kind,
    )


def _made(name: str, kind: Any, values: dict[str, Any]) -> Any:
    if not dataclasses.is_dataclass(kind) or not isinstance(kind, type):
        return values[name]
    return kind(
        **{field.name: _made(field.name, field.type, values) for field in dataclasses.fields(kind)}
    )
