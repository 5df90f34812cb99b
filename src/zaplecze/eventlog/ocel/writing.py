"""An object-centric log becomes a file of OCEL 2.0: JSON, XML or SQLite.

The form is that of the OCEL 2.0 specification (Berti et al. 2024, arXiv 2403.01975). JSON and XML
are written as a stream; `reading` reads all of it again.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from zaplecze.eventlog.ocel import sqlite_writing
from zaplecze.eventlog.ocel.contents import Contents, Thing, Word, typed
from zaplecze.eventlog.ocel.objectlog import ObjectLog

ENDINGS = (
    ".jsonocel", ".json", ".xmlocel", ".xml",
    ".jsonocel.gz", ".json.gz", ".xmlocel.gz", ".xml.gz", ".sqlite",
)  # fmt: skip

# What XML 1.0 cannot carry, not even escaped.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write(log: ObjectLog, file: Path, ending: str) -> None:
    """Write LOG to FILE in the form that ENDING, one of `ENDINGS`, means."""
    contents = Contents(log.connection)
    if ending == ".sqlite":
        sqlite_writing.write(contents, file)
        return
    lines = _json(contents) if ending.startswith(".json") else _xml(contents)
    # Without the time of packing, so that the same log gives the same file.
    with (
        gzip.GzipFile(file, "wb", 6, mtime=0) if ending.endswith(".gz") else file.open("wb")
    ) as out:
        for line in lines:
            out.write(line.encode())


def _json(contents: Contents) -> Iterator[str]:
    yield '{"objectTypes": ' + _types_in_json(contents.object_types)
    yield ',\n"eventTypes": ' + _types_in_json(contents.event_types)
    for key, things, types in (
        ("objects", contents.objects(), contents.object_types),
        ("events", contents.events(), contents.event_types),
    ):
        yield f',\n"{key}": ['
        for number, thing in enumerate(things):
            yield (",\n" if number else "\n") + _in_json(thing, types[thing.type])
        yield "]"
    yield "}\n"


def _types_in_json(types: dict[str, dict[str, Word]]) -> str:
    described = [
        {"name": name, "attributes": [{"name": n, "type": word} for n, word in of.items()]}
        for name, of in types.items()
    ]
    return json.dumps(described, ensure_ascii=False)


def _in_json(thing: Thing, words: dict[str, Word]) -> str:
    values = [
        {"name": name, **({"time": time} if time else {}), "value": typed(value, words[name])}
        for name, value, time in thing.values
    ]
    document = {
        "id": thing.id,
        "type": thing.type,
        **({"time": thing.time} if thing.time else {}),
        "attributes": values,
        "relationships": [{"objectId": o, "qualifier": q} for o, q in thing.links],
    }
    return json.dumps(document, ensure_ascii=False)


def _xml(contents: Contents) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<log>\n'
    yield from _types_in_xml("object-type", contents.object_types)
    yield from _types_in_xml("event-type", contents.event_types)
    yield from _things_in_xml("object", contents.objects())
    yield from _things_in_xml("event", contents.events())
    yield "</log>\n"


def _types_in_xml(tag: str, types: dict[str, dict[str, Word]]) -> Iterator[str]:
    yield f"<{tag}s>\n"
    for name, of in types.items():
        inside = "".join(f"<attribute name={_attr(n)} type={_attr(w)}/>" for n, w in of.items())
        yield f"<{tag} name={_attr(name)}><attributes>{inside}</attributes></{tag}>\n"
    yield f"</{tag}s>\n"


def _things_in_xml(tag: str, things: Iterable[Thing]) -> Iterator[str]:
    yield f"<{tag}s>\n"
    for thing in things:
        time = f" time={_attr(thing.time)}" if thing.time else ""
        values = "".join(
            f"<attribute name={_attr(name)}{f' time={_attr(since)}' if since else ''}>"
            f"{escape(_clean(value), {chr(13): '&#13;'})}</attribute>"
            for name, value, since in thing.values
        )
        links = "".join(
            f"<relationship object-id={_attr(o)} qualifier={_attr(q)}/>" for o, q in thing.links
        )
        yield (
            f"<{tag} id={_attr(thing.id)} type={_attr(thing.type)}{time}>"
            f"<attributes>{values}</attributes><objects>{links}</objects></{tag}>\n"
        )
    yield f"</{tag}s>\n"


def _attr(words: str) -> str:
    return quoteattr(_clean(words))


def _clean(words: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", words)
