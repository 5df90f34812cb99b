"""XES that is not written in the usual way, read by a parser, one event after the other."""

from collections.abc import Iterator
from io import BufferedIOBase
from typing import Literal
from xml.parsers import expat

import pyarrow as pa

from zaplecze.eventlog.xes.columns import CASE, Batch
from zaplecze.eventlog.xes.pieces import Prepare

_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_CONTAINERS = frozenset({"list", "container", "values"})
_BATCH_EVENTS = 50_000


class Misplaced(Exception):  # noqa: N818 - told as an error of the source by who knows its name
    """In this line of the file a trace or an event begins inside another element."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def batches(file: BufferedIOBase, prepare: Prepare) -> Iterator[Batch]:
    """The events of FILE, some 50,000 at a time; raises `ExpatError` where it is no XML.

    An event that stands in the log, outside every trace, has no case. `Misplaced` is raised where a
    trace or an event stands anywhere else but in the log, or an event in a trace.
    """
    parser = expat.ParserCreate()
    reader = _Reader(parser)
    prepare(parser)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    while chunk := file.read(1 << 20):
        parser.Parse(chunk, False)
        if len(reader.events) >= _BATCH_EVENTS:
            yield reader.cut()
    parser.Parse(b"", True)
    yield reader.cut()


class _Reader:
    """Collects what the parser finds: events, and what is left out of them."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self.events: list[dict[str, str]] = []
        self._numbers: set[str] = set()
        self._nested = 0
        self._empty_traces: list[str] = []
        self._trace: dict[str, str] = {}
        self._of_trace: list[dict[str, str]] = []
        self._event: dict[str, str] = {}
        self._in_trace = True
        self._place: Literal["log", "trace", "event"] = "log"
        self._depth = 0

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag in _VALUES:
            self._depth += 1
            if self._depth > 1:
                self._nested += self._place != "log"
            elif self._place == "event":
                self._event[values.get("key", "")] = values.get("value", "")
            elif self._place == "trace":
                key = CASE + values.get("key", "")
                self._trace[key] = values.get("value", "")
                if tag in ("int", "float"):
                    self._numbers.add(key)
        elif tag == "event":
            self._expect("trace", "log")
            self._in_trace = self._place == "trace"
            self._place, self._event = "event", {}
        elif tag == "trace":
            self._expect("log")
            self._place, self._trace, self._of_trace = "trace", {}, []
        elif tag in _CONTAINERS:
            self._depth += 1

    def end(self, tag: str) -> None:
        if tag in _VALUES or tag in _CONTAINERS:
            self._depth -= 1
        elif tag == "event" and self._in_trace:
            self._of_trace.append(self._event)
            self._place = "trace"
        elif tag == "event":
            self.events.append(self._event)
            self._place = "log"
        elif tag == "trace":
            self._place = "log"
            # Only now, since attributes of the trace may stand behind its events.
            self.events += [self._trace | event for event in self._of_trace]
            if not self._of_trace:
                self._empty_traces.append(self._trace.get(CASE + "concept:name", ""))

    def _expect(self, *places: str) -> None:
        """Raise `Misplaced` where the parser stands anywhere but in one of PLACES itself."""
        if self._place not in places or self._depth:
            raise Misplaced(self._parser.CurrentLineNumber)

    def cut(self) -> Batch:
        """What was found since the last cut."""
        keys = dict.fromkeys(key for event in self.events for key in event)
        keys = {CASE + "concept:name": None} | keys
        columns = {
            key: pa.array([event.get(key) or None for event in self.events], pa.string())
            for key in keys
        }
        batch = Batch(pa.table(columns), self._numbers, self._nested, self._empty_traces)
        self.events, self._numbers, self._nested, self._empty_traces = [], set(), 0, []
        return batch
