"""OCEL 2.0 as an SQLite database: a table for every type of objects and of events."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from zaplecze.eventlog.ocel.contents import Contents, Thing, Word, typed
from zaplecze.eventlog.separated import unique
from zaplecze.eventlog.sql import ident

_TYPES = {
    "integer": "INTEGER", "float": "REAL", "time": "TIMESTAMP", "boolean": "BOOLEAN",
    "string": "TEXT",
}  # fmt: skip

_BEGINNING = "1970-01-01T00:00:00.000000Z"

_OBJECT = ("ocel_id", "ocel_time", "ocel_changed_field")
_EVENT = ("ocel_id", "ocel_time")


def write(contents: Contents, file: Path) -> None:
    """Write CONTENTS to the new database FILE."""
    with closing(sqlite3.connect(file)) as database:
        writer = _Writer(database)
        writer.things("object", contents.objects(), contents.object_types, _OBJECT)
        writer.things("event", contents.events(), contents.event_types, _EVENT)
        database.commit()


class _Writer:
    """Makes the tables and fills them."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def things(
        self,
        kind: str,
        things: Iterable[Thing],
        types: dict[str, dict[str, Word]],
        own: tuple[str, ...],
    ) -> None:
        """The objects, or events, of all TYPES, whose tables begin with the columns OWN."""
        tables = self._tables(kind, types, own)
        ends = ("source", "target") if kind == "object" else ("event", "object")
        linked = f"{kind}_object"
        names = [f"ocel_{ends[0]}_id", f"ocel_{ends[1]}_id", "ocel_qualifier"]
        self._create(linked, [(name, "TEXT") for name in names], key=names)
        self._create(kind, [("ocel_id", "TEXT"), ("ocel_type", "TEXT")], key=["ocel_id"])
        for thing in things:
            self._insert(kind, [thing.id, thing.type])
            table, columns = tables[thing.type]
            for row in _rows(thing, types[thing.type], columns):
                self._insert(table, row)
            for target, qualifier in thing.links:
                self._insert(linked, [thing.id, target, qualifier])

    def _tables(
        self, kind: str, types: dict[str, dict[str, Word]], own: tuple[str, ...]
    ) -> dict[str, tuple[str, list[str]]]:
        """Make a table for each of TYPES; returns their names and the columns of their attributes."""
        # "event_object" and "event_map_type" are tables of the format.
        taken = ["object", "map_type"]
        suffixes = unique([*taken, *(re.sub(r"\W", "", name) for name in types)])[len(taken) :]
        suffix = {name: re.sub(r"\W", "_", s) for name, s in zip(types, suffixes, strict=True)}
        self._create(
            f"{kind}_map_type",
            [("ocel_type", "TEXT"), ("ocel_type_map", "TEXT")],
            key=["ocel_type"],
        )
        found = {}
        for name, of in types.items():
            self._insert(f"{kind}_map_type", [name, suffix[name]])
            columns = unique([*own, *of])
            words = [*("TIMESTAMP" if n == "ocel_time" else "TEXT" for n in own)]
            words += [_TYPES[word] for word in of.values()]
            table = f"{kind}_{suffix[name]}"
            self._create(table, list(zip(columns, words, strict=True)))
            found[name] = table, columns[len(own) :]
        return found

    def _create(self, table: str, columns: list[tuple[str, str]], key: Sequence[str] = ()) -> None:
        described = ", ".join(f"{ident(name)} {word}" for name, word in columns)
        primary = f", PRIMARY KEY ({', '.join(map(ident, key))})" if key else ""
        self._database.execute(f"CREATE TABLE {ident(table)} ({described}{primary})")

    def _insert(self, table: str, row: list[Any]) -> None:
        places = ", ".join("?" * len(row))
        self._database.execute(f"INSERT INTO {ident(table)} VALUES ({places})", row)


def _rows(thing: Thing, words: dict[str, Word], columns: list[str]) -> Iterable[list[Any]]:
    """One row with what is known from the beginning, and for objects one for every change."""
    first: dict[str, str] = {}
    later = []
    for name, value, since in thing.values:
        if since is None:
            # An event that has an attribute several times keeps all its values.
            first[name] = f"{first[name]}, {value}" if name in first else value
        elif since == _BEGINNING and name not in first:
            first[name] = value
        else:
            later.append((name, value, since))
    begin = [_cell(first.get(name), word) for name, word in words.items()]
    if thing.time is not None:
        yield [thing.id, thing.time, *begin]
        return
    yield [thing.id, _BEGINNING, None, *begin]
    column = dict(zip(words, columns, strict=True))
    for name, value, since in later:
        changed = [_cell(value, word) if n == name else None for n, word in words.items()]
        yield [thing.id, since, column[name], *changed]


def _cell(value: str | None, word: Word) -> Any:
    if value is None or word == "boolean":
        return value
    return typed(value, word)
