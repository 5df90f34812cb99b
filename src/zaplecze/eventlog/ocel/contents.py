"""What an object-centric log holds, thing by thing, as a writer needs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import duckdb

from zaplecze.eventlog.columns import ISO

Word = Literal["integer", "float", "time", "boolean", "string"]

_BATCH = 20_000


@dataclass(frozen=True)
class Thing:
    """An object or an event (which has a ``time``).

    ``values`` are name, value and, of objects, since when; ``links`` are objects and qualifiers.
    """

    id: str
    type: str
    time: str | None
    values: list[tuple[str, str, str | None]]
    links: list[tuple[str, str]]


class Contents:
    """The tables of `keeping` in CONNECTION, read in their order; times are ISO 8601 in UTC."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.object_types = self._types(
            "objects", "object_values v ON v.object = t.id", "k.object_type = v.type"
        )
        self.event_types = self._types(
            "events", "event_values v ON v.event = t.id", "k.object_type = ''"
        )

    def objects(self) -> Iterator[Thing]:
        """All of them."""
        return self._things(
            "objects", "NULL",
            f"SELECT object AS id, list({{n: name, v: value, t: {ISO.format('time')}}} "
            "ORDER BY rowid) AS found FROM o.object_values GROUP BY object",
            "SELECT source AS id, list({o: target, q: coalesce(qualifier, '')} ORDER BY rowid) "
            "AS found FROM o.relations GROUP BY source",
        )  # fmt: skip

    def events(self) -> Iterator[Thing]:
        """All of them."""
        return self._things(
            "events", ISO.format("s.time"),
            "SELECT event AS id, list({n: name, v: value, t: NULL::VARCHAR} ORDER BY rowid) "
            "AS found FROM o.event_values GROUP BY event",
            "SELECT event AS id, list({o: object, q: coalesce(qualifier, '')} ORDER BY rowid) "
            "AS found FROM o.links GROUP BY event",
        )  # fmt: skip

    def _types(self, table: str, joined: str, kinds: str) -> dict[str, dict[str, Word]]:
        """The attributes of every type and what they are, in the order of the log."""
        connection = self._connection
        found: dict[str, dict[str, Word]] = {
            name: {}
            for (name,) in connection.execute(
                f"SELECT type FROM o.{table} GROUP BY type ORDER BY min(rowid)"
            ).fetchall()
        }
        rows = connection.execute(
            "SELECT v.type, v.name, any_value(k.kind), bool_and(v.whole) FROM ("
            "SELECT t.type, v.name, min(v.rowid) AS ord, "
            "bool_and(regexp_full_match(v.value, '[+-]?[0-9]{1,15}')) AS whole "
            f"FROM o.{table} t JOIN o.{joined} GROUP BY ALL) v LEFT JOIN o.kinds k "
            f"ON {kinds} AND k.name = v.name GROUP BY ALL ORDER BY min(v.ord)"
        ).fetchall()
        for type_, name, kind, is_whole in rows:
            found[type_][name] = _word(kind, is_whole=is_whole)
        return found

    def _things(self, table: str, time: str, values: str, links: str) -> Iterator[Thing]:
        batches = self._connection.execute(
            f"SELECT s.id, s.type, {time} AS time, v.found AS of_values, l.found AS of_links "
            f"FROM o.{table} s LEFT JOIN ({values}) v USING (id) LEFT JOIN ({links}) l USING (id) "
            "ORDER BY s.rowid"
        ).to_arrow_reader(_BATCH)
        for batch in batches:
            for row in batch.to_pylist():
                yield Thing(
                    row["id"],
                    row["type"],
                    row["time"],
                    [(each["n"], each["v"], each["t"]) for each in row["of_values"] or ()],
                    [(each["o"], each["q"]) for each in row["of_links"] or ()],
                )


def typed(value: str, word: Word) -> Any:
    """VALUE as the number or truth value that WORD says it is; the text itself where it is none."""
    try:
        if word == "integer":
            return int(value)
        if word == "float":
            return float(value)
    except ValueError:
        return value
    if word == "boolean" and value in ("true", "false"):
        return value == "true"
    return value


def _word(kind: str | None, *, is_whole: bool) -> Word:
    match kind:
        case "number":
            return "integer" if is_whole else "float"
        case "time":
            return "time"
        case "boolean":
            return "boolean"
    return "string"
