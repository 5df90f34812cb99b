"""What pydantic found wrong with a workspace file, in the words of the file and of its reader."""

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from zaplecze.language import N_, Text, say
from zaplecze.workspace.model import Workspace
from zaplecze.workspace.values import FaultError, FaultsError, Location

_WRONG_TYPE = {
    "string_type": N_("This must be text in quotes."),
    "bool_type": N_("This must be true or false."),
    "float_type": N_("This must be a number without quotes."),
    "float_parsing": N_("This must be a number with a point and without spaces, like 1000.5."),
    "int_type": N_("This must be a whole number without quotes."),
    "finite_number": N_("This must be a finite number."),
    "date_type": N_("This must be a day without quotes, like 2026-12-24."),
    "date_from_datetime_inexact": N_("This must be a day without quotes, like 2026-12-24."),
    "list_type": N_("This must be a list in square brackets."),
    "dict_type": N_("This must be a table."),
    "model_type": N_("This must be a table."),
    "tuple_type": N_("This must be two numbers: [lowest, highest]."),
    "too_long": N_("This must be two numbers: [lowest, highest]."),
    "string_pattern_mismatch": N_("This must be a currency of three capital letters, like 'EUR'."),
}


def explain(path: Path, fault: dict[str, Any], root: type[BaseModel] = Workspace) -> Iterator[Text]:
    """The sentences for one entry of pydantic's list of errors in a file that is a ROOT."""
    where: Location = fault["loc"]
    kind, value = fault["type"], fault["input"]
    error = fault.get("ctx", {}).get("error")
    if isinstance(error, FaultsError):
        for part in error.faults:
            yield _sentence(path, where + part.where, part.value, part.text)
    elif isinstance(error, FaultError):
        shown = value if error.value is None else error.value
        yield _sentence(path, where + error.where, shown, error.text)
    elif kind == "extra_forbidden":
        yield _sentence(path, where, value, _not_known(where, value, root))
    elif kind == "missing" and isinstance(where[-1], int):
        yield _sentence(path, where[:-1], value, say(_WRONG_TYPE["tuple_type"]))
    elif kind == "missing":
        yield _sentence(path, where[:-1], {}, _missing(where, root))
    elif kind == "literal_error":
        choices = ", ".join(re.findall(r"'([^']*)'", fault["ctx"]["expected"]))
        yield _sentence(path, where, value, say(N_("Choose one of: {choices}."), choices=choices))
    elif kind == "greater_than":
        bound = f"{fault['ctx']['gt']:g}"
        yield _sentence(path, where, value, say(N_("This must be more than {bound}."), bound=bound))
    elif kind == "greater_than_equal":
        bound = f"{fault['ctx']['ge']:g}"
        yield _sentence(path, where, value, say(N_("This must be {bound} or more."), bound=bound))
    elif kind == "less_than_equal":
        yield _sentence(path, where, value, _too_large(fault["ctx"]["le"], value))
    else:
        known = _WRONG_TYPE.get(kind)
        text = say(known) if known else Text.same(str(fault["msg"]))
        yield _sentence(path, where, value, text)


def _too_large(bound: float, value: object) -> Text:
    if bound == 1 and isinstance(value, int | float) and 2 <= value <= 100:
        meant = f"{value / 100:g}"
        return say(N_("This must be 1 or less: a fraction. Did you mean {value}?"), value=meant)
    return say(N_("This must be {bound} or less."), bound=f"{bound:g}")


def _sentence(path: Path, where: Location, value: object, fault: Text) -> Text:
    """FAULT with the place where it is, written as in the file."""
    tables, key = (where, None) if isinstance(value, dict) else (where[:-1], where[-1:])
    names: dict[str, Any] = {"file": str(path), "fault": fault}
    if key:
        # A number in a list is shown by the key that holds the list.
        while tables and isinstance(key[0], int):
            tables, key = tables[:-1], (tables[-1], *key)
        names["entry"] = _entry(key, value)
    if not tables:
        if key:
            return say(N_("{file}, {entry}: {fault}"), **names)
        return say(N_("{file}: {fault}"), **names)
    names["table"] = table_header(tables)
    if key:
        return say(N_("{file}, {table}, {entry}: {fault}"), **names)
    return say(N_("{file}, {table}: {fault}"), **names)


def table_header(where: Location) -> Text | str:
    """The header of a table as it stands in the file: ``[sources.orders]``, ``[[events]] no. 2``."""
    if len(where) >= 2 and isinstance(where[1], int):
        name = str(where[0])
        header = f"[[{name}]]" if len(where) == 2 else f"[{_dotted((name, *where[2:]))}]"
        return say(N_("{table} no. {number}"), table=header, number=where[1] + 1)
    return f"[{_dotted(where)}]"


def _entry(key: Location, value: object) -> str:
    """A key and its value; an element of a list as ``key[2]``."""
    name = _dotted(key[:1]) + "".join(f"[{part}]" for part in key[1:])
    return f"{name} = {_toml(value)}"


def _dotted(where: Location) -> str:
    parts = (str(part) for part in where)
    return ".".join(p if re.fullmatch(r"[\w-]+", p, re.ASCII) else _quoted(p) for p in parts)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _toml(value: object) -> str:
    """VALUE as one writes it in TOML, cut where it is long."""
    if isinstance(value, str):
        words = _quoted(value)
    elif isinstance(value, bool):
        words = str(value).lower()
    elif isinstance(value, dt.date | dt.time):
        words = value.isoformat()
    elif isinstance(value, list | tuple):
        words = f"[{', '.join(_toml(part) for part in value[:5])}]"
    elif isinstance(value, dict):
        words = "{…}"
    elif isinstance(value, float):
        words = f"{value:g}"
    else:
        words = str(value)
    return words if len(words) <= 60 else words[:59] + "…"


def _not_known(where: Location, value: object, root: type[BaseModel]) -> Text:
    """What to do about a key or table that nothing expects at WHERE."""
    key, known = str(where[-1]), _keys_at(where[:-1], root)
    if close := difflib.get_close_matches(key, known, n=1):
        if isinstance(value, dict):
            close_table = _dotted((*where[:-1], close[0]))
            return say(N_("There is no such table. Did you mean [{close}]?"), close=close_table)
        return say(N_("There is no such key. Did you mean '{close}'?"), close=close[0])
    if key in root.model_fields:
        return say(
            N_("This key belongs to the top of the file. Move it above the first table.")
            if key in _keys_withouttable_header(root)
            else N_("This table belongs to the top of the file. Call it [{key}]."),
            key=key,
        )
    return say(N_("There is no such key. The keys here are: {known}."), known=", ".join(known))


def _missing(where: Location, root: type[BaseModel]) -> Text:
    key = str(where[-1])
    if len(where) == 1 and key not in _keys_withouttable_header(root):
        return say(N_("The table [{key}] is missing. Add it."), key=key)
    return say(N_("The key '{key}' is missing. Add it."), key=key)


def _keys_withouttable_header(root: type[BaseModel]) -> list[str]:
    """The keys of the top of the file that hold a value, not a table."""
    return [
        name
        for name, field in root.model_fields.items()
        if _model(field.annotation) is None and get_origin(field.annotation) not in (dict, list)
    ]


def _keys_at(where: Location, root: type[BaseModel]) -> list[str]:
    """The keys that the table at WHERE may have."""
    kind: Any = root
    for part in where:
        model = _model(kind)
        if model is not None:
            field = model.model_fields.get(str(part))
            kind = field.annotation if field else None
        elif get_origin(_bare(kind)) in (dict, list):
            kind = get_args(_bare(kind))[-1]
    model = _model(kind)
    return list(model.model_fields) if model else []


def _model(kind: Any) -> type[BaseModel] | None:
    bare = _bare(kind)
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _bare(kind: Any) -> Any:
    """KIND without ``Annotated`` and ``| None``."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
    return kind
