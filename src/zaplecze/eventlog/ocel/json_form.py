"""OCEL in JSON: version 2.0, and 1.0 with its names that begin with ``ocel:``.

The whole document is held in memory while it is read.
"""

import json
import zlib
from pathlib import Path
from typing import Any

from zaplecze.eventlog.ocel import faults
from zaplecze.eventlog.ocel.tables import ObjectTables
from zaplecze.eventlog.separated import open_bytes

_Table = dict[str, Any]


class _RepeatedKeyError(ValueError):
    """A name stands twice in one object, of which JSON readers keep the last in silence."""


def read(path: Path, tables: ObjectTables) -> None:
    """Read the log at PATH into TABLES; raises `InputError` where it is not as OCEL says."""
    try:
        with open_bytes(path) as file:
            document = json.loads(file.read(), object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError, OSError, EOFError, zlib.error) as error:
        raise faults.unreadable(path.name, error) from None
    place = _Place(path.name)
    if not isinstance(document, dict):
        raise faults.not_ocel(path.name)
    if "ocel:events" in document:
        stated = place.table(document, "ocel:global-log").get("ocel:version", "1.0")
        _check_version(path.name, stated, ("0", "1"))
        _read_first(document, place, tables)
    elif "events" in document and {"objects", "objectTypes", "eventTypes"} & document.keys():
        stated = document.get("version", document.get("ocel:version", "2.0"))
        _check_version(path.name, stated, ("2",))
        _read_second(document, place, tables)
    else:
        raise faults.not_ocel(path.name)


def _unrepeated(pairs: list[tuple[str, Any]]) -> _Table:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedKeyError(f"'{next(n for n in names if names.count(n) > 1)}' twice")
    return table


def _check_version(file: str, stated: object, majors: tuple[str, ...]) -> None:
    if str(stated).split(".")[0] not in majors:
        raise faults.unknown_version(file, str(stated))


class _Place:
    """Where in the document one is, and what may stand there."""

    def __init__(self, file: str, path: str = "") -> None:
        self._file = file
        self._path = path

    def _at(self, key: str | int) -> "_Place":
        step = f"[{key}]" if isinstance(key, int) else f".{key}" if self._path else key
        return _Place(self._file, f"{self._path}{step}")

    def table(self, parent: _Table, key: str) -> _Table:
        """The object at KEY of PARENT, empty where there is none."""
        return self._at(key)._a_table(parent.get(key) or {})

    def tables(self, parent: _Table, key: str) -> list[tuple["_Place", _Table]]:
        """The objects in the list at KEY of PARENT, each with its place."""
        here, found = self._at(key), parent.get(key) or []
        if not isinstance(found, list):
            raise here.misplaced(found)
        return [(here._at(i), here._at(i)._a_table(each)) for i, each in enumerate(found)]

    def named(self, parent: _Table, key: str) -> list[tuple[str, "_Place", _Table]]:
        """The objects in the object at KEY of PARENT, each with its name and place."""
        here = self._at(key)
        found = here._a_table(parent.get(key) or {})
        return [
            (name, here._at(name), here._at(name)._a_table(each)) for name, each in found.items()
        ]

    def names(self, parent: _Table, key: str) -> list[str]:
        """The identifiers in the list at KEY of PARENT."""
        here, found = self._at(key), parent.get(key) or []
        if not isinstance(found, list):
            raise here.misplaced(found)
        return [here._at(i)._a_name(each) for i, each in enumerate(found)]

    def needed(self, parent: _Table, key: str) -> str:
        """The text at KEY of PARENT, which must be there."""
        if parent.get(key) in (None, ""):
            raise faults.missing(self._file, self._path, key)
        return self._at(key)._a_name(parent[key])

    def misplaced(self, found: object) -> Exception:
        """The error that FOUND does not belong here."""
        words = json.dumps(found, ensure_ascii=False)
        return faults.misplaced(self._file, self._path, words[:60])

    def _a_table(self, found: object) -> _Table:
        if not isinstance(found, dict):
            raise self.misplaced(found)
        return found

    def _a_name(self, found: object) -> str:
        if isinstance(found, bool) or not isinstance(found, str | int | float):
            raise self.misplaced(found)
        return str(found)


def _read_second(document: _Table, place: _Place, tables: ObjectTables) -> None:
    for owner, is_object in (("objectTypes", True), ("eventTypes", False)):
        for here, each in place.tables(document, owner):
            object_type = here.needed(each, "name") if is_object else ""
            for at, attribute in here.tables(each, "attributes"):
                name = at.needed(attribute, "name")
                tables.declare(object_type, name, _said(attribute.get("type")))
    for here, each in place.tables(document, "objects"):
        name = here.needed(each, "id")
        tables.object(name, here.needed(each, "type"))
        for at, known in here.tables(each, "attributes"):
            value, time = _said(known.get("value")), _said(known.get("time"))
            tables.object_value(name, at.needed(known, "name"), value, time)
        for at, link in here.tables(each, "relationships"):
            tables.relation(name, at.needed(link, "objectId"), _said(link.get("qualifier")))
    for here, each in place.tables(document, "events"):
        name = here.needed(each, "id")
        tables.event(name, _said(each.get("type")), _said(each.get("time")))
        for at, known in here.tables(each, "attributes"):
            tables.event_value(name, at.needed(known, "name"), _said(known.get("value")))
        for at, link in here.tables(each, "relationships"):
            tables.link(name, at.needed(link, "objectId"), _said(link.get("qualifier")))


def _read_first(document: _Table, place: _Place, tables: ObjectTables) -> None:
    for name, here, each in place.named(document, "ocel:objects"):
        object_type = here.needed(each, "ocel:type")
        tables.object(name, object_type)
        for attribute, value in here.table(each, "ocel:ovmap").items():
            tables.object_value(name, attribute, _said(value))
            tables.declare(object_type, attribute, type(value).__name__)
    for name, here, each in place.named(document, "ocel:events"):
        activity, time = _said(each.get("ocel:activity")), _said(each.get("ocel:timestamp"))
        tables.event(name, activity, time)
        for attribute, value in here.table(each, "ocel:vmap").items():
            tables.event_value(name, attribute, _said(value))
            tables.declare("", attribute, type(value).__name__)
        for target in here.names(each, "ocel:omap"):
            tables.link(name, target)


def _said(value: object) -> str | None:
    """A value as text, true and false and what is nested as JSON writes them."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
