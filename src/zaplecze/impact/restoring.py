"""Frozen results that come back from JSON."""

import datetime as dt
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from zaplecze.language import Text

Restored = TypeVar("Restored")


def restored(kind: type[Restored], document: Any) -> Restored:
    """DOCUMENT, plain values as ``asdict`` gives them, as the dataclass KIND.

    Keys that KIND does not know are passed over. Raises `ValueError`, `KeyError` or `TypeError` where
    DOCUMENT is no such thing.
    """
    found = restore(kind, document)
    if not isinstance(found, kind):
        raise TypeError(f"{type(document).__name__} is no {kind.__name__}")
    return found


def restore(kind: Any, value: Any) -> Any:
    """VALUE of a JSON document as the dataclass, tuple, list, table, day or text that KIND says it is."""
    origin = get_origin(kind)
    if value is None or kind is Any or origin is Literal:
        return value
    if origin in (Union, UnionType):
        return restore(next(k for k in get_args(kind) if k is not type(None)), value)
    if origin is tuple:
        return tuple(restore(k, v) for k, v in zip(get_args(kind), value, strict=True))
    if origin is list:
        return [restore(get_args(kind)[0], v) for v in value]
    if origin is dict:
        keys, values = get_args(kind)
        named = int if keys is int else str
        return {named(k): restore(values, v) for k, v in value.items()}
    if kind is Text:
        return Text(value)
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    if is_dataclass(kind):
        if not isinstance(value, dict):
            raise TypeError(f"{value!r} is no table")
        hints = get_type_hints(kind)
        known = {f.name for f in fields(kind)}
        made = cast("Callable[..., Any]", kind)
        return made(**{k: restore(hints[k], v) for k, v in value.items() if k in known})
    return value
