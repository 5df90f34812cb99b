"""OCEL in XML, versions 2.0 and 1.0, as a stream.

Version 2.0 says what things are with attributes of its elements, version 1.0 with elements that
have a key and a value; every element is judged by the path on which it stands.
"""

import zlib
from pathlib import Path
from xml.parsers import expat

from zaplecze.eventlog.ocel import faults
from zaplecze.eventlog.ocel.tables import ObjectTables
from zaplecze.eventlog.separated import open_bytes

_VALUES = ("string", "date", "int", "float", "boolean")
_LINKS = ("relationship", "relobj", "object")
_PARTS = {"event": "events", "object": "objects"}


def _paths() -> set[tuple[str, ...]]:
    """Every path of elements that either version has, from the inside of the root."""
    paths: set[tuple[str, ...]] = {("global",)}
    paths |= {("global", value) for value in (*_VALUES, "list")}
    paths |= {("global", "list", value) for value in _VALUES}
    for part, parts in _PARTS.items():
        types, type_ = f"{part}-types", f"{part}-type"
        paths |= {(types,), (types, type_), (types, type_, "attributes")}
        paths.add((types, type_, "attributes", "attribute"))
        paths |= {(parts,), (parts, part)}
        paths |= {(parts, part, "attributes"), (parts, part, "attributes", "attribute")}
        paths |= {(parts, part, "objects")}
        paths |= {(parts, part, "objects", link) for link in _LINKS}
        paths |= {(parts, part, value) for value in (*_VALUES, "list")}
        paths |= {(parts, part, "list", value) for value in _VALUES}
    return paths


_PATHS = _paths()


def read(path: Path, tables: ObjectTables) -> None:
    """Read the log at PATH into TABLES; raises `InputError` where it is not as OCEL says."""
    parser = expat.ParserCreate()
    reader = _Reader(parser, tables)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.entity
    try:
        with open_bytes(path) as file:
            while chunk := file.read(1 << 20):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, OSError, EOFError, zlib.error) as error:
        raise faults.unreadable(path.name, error) from None
    if not reader.found:
        raise faults.not_ocel(path.name)


class _Reader:
    """Follows the elements, and keeps of the event or object at hand what is known so far."""

    def __init__(self, parser: expat.XMLParserType, tables: ObjectTables) -> None:
        self.found = False
        self._parser = parser
        self._tables = tables
        self._path: list[str] = []
        self._root = False
        self._list = ""
        self._type = ""
        self._words: list[str] = []
        self._value: dict[str, str] = {}
        self._own: dict[str, str] = {}
        self._values: list[tuple[str, str, str | None, str]] = []
        self._links: list[tuple[str, str | None]] = []

    def entity(self, *_: object) -> None:
        """Refuse entities when they are declared, before one of them can grow."""
        raise faults.own_entities(self._tables.file, self._parser.CurrentLineNumber)

    def start(self, tag: str, values: dict[str, str]) -> None:
        if not self._root:
            self._start_root(tag, values)
            return
        self._path.append(tag)
        self._words = []
        match self._path:
            case [_] if tag == "trace":
                raise faults.not_ocel(self._tables.file)
            case path if tuple(path) not in _PATHS:
                raise faults.misplaced(self._tables.file, self._line(), f"<{tag}>")
            case ["object-types" | "event-types", _]:
                self._type = self._needed(values, "name") if tag == "object-type" else ""
            case ["object-types" | "event-types", _, _, "attribute"]:
                self._tables.declare(self._type, self._needed(values, "name"), values.get("type"))
            case ["global", "string"] | ["global", "list", _]:
                pass
            case ["events" | "objects"]:
                self.found = True
            case ["events" | "objects", _]:
                self._own, self._values, self._links = dict(values), [], []
            case ["events" | "objects", _, "attributes", _]:
                self._value = values
            case ["events" | "objects", _, "objects", _]:
                self._links.append((self._needed(values, "object-id"), values.get("qualifier")))
            case ["events" | "objects", _, "list"]:
                self._list = self._needed(values, "key")
            case ["events" | "objects", _, _] if tag in _VALUES:
                self._own[self._needed(values, "key")] = values.get("value", "")
            case ["events" | "objects", _, "list", _]:
                self._in_list(tag, values)
        if self._path[:1] == ["global"] and values.get("key") == "version":
            self._check_version(values.get("value", ""), ("0", "1"))

    def end(self, tag: str) -> None:
        match self._path:
            case ["events" | "objects", _, "attributes", "attribute"]:
                name, words = self._needed(self._value, "name"), "".join(self._words)
                self._values.append((name, words.strip(), self._value.get("time"), ""))
            case ["events", "event"]:
                self._put_event()
            case ["objects", "object"]:
                self._put_object()
        if self._path:
            self._path.pop()

    def text(self, words: str) -> None:
        self._words.append(words)

    def _start_root(self, tag: str, values: dict[str, str]) -> None:
        if tag != "log":
            raise faults.not_ocel(self._tables.file)
        self._root = True
        for key in ("version", "ocel:version", "ocel.version"):
            if key in values:
                self._check_version(values[key], ("2",))

    def _in_list(self, tag: str, values: dict[str, str]) -> None:
        value = values.get("value", "")
        if self._list == "omap":
            self._links.append((value, None))
        elif self._list in ("vmap", "ovmap"):
            self._values.append((self._needed(values, "key"), value, None, tag))
        else:
            raise faults.misplaced(self._tables.file, self._line(), f"<list key='{self._list}'>")

    def _put_event(self) -> None:
        own, event = self._own, self._needed(self._own, "id")
        self._tables.event(
            event, own.get("type") or own.get("activity"), own.get("time") or own.get("timestamp")
        )
        for name, value, _, tag in self._values:
            self._tables.event_value(event, name, value)
            if tag:
                self._tables.declare("", name, tag)
        for target, qualifier in self._links:
            self._tables.link(event, target, qualifier)

    def _put_object(self) -> None:
        own, type_ = self._needed(self._own, "id"), self._needed(self._own, "type")
        self._tables.object(own, type_)
        for name, value, time, tag in self._values:
            self._tables.object_value(own, name, value, time)
            if tag:
                self._tables.declare(type_, name, tag)
        for target, qualifier in self._links:
            self._tables.relation(own, target, qualifier)

    def _check_version(self, stated: str, majors: tuple[str, ...]) -> None:
        if stated.split(".")[0] not in majors:
            raise faults.unknown_version(self._tables.file, stated)

    def _needed(self, values: dict[str, str], key: str) -> str:
        if not values.get(key):
            raise faults.missing(self._tables.file, self._line(), key)
        return values[key]

    def _line(self) -> str:
        """The path of the element at hand, with its line: ``log/events/event:17``."""
        return "/".join(["log", *self._path]) + f":{self._parser.CurrentLineNumber}"
