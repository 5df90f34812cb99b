"""An XES file is cut into pieces that can be read on their own.

What comes before the first trace goes through a parser. A piece ends before an event or a trace; one
that ends within a trace hands the attributes of the trace on to the next, so that every piece begins
with a trace and its attributes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from xml.parsers import expat

from zaplecze.eventlog.xes.tags import PADDING, Unusual

_PIECE_BYTES = 1 << 24
_LONGEST_HEAD = 1 << 24

Prepare = Callable[[expat.XMLParserType], None]
"""Tells a new parser what it must not accept."""

_TRACE, _EVENT = b"<trace", b"<event"


@dataclass(frozen=True)
class Piece:
    """Whole events with the traces around them; the first ``repeated`` bytes came before already.

    ``left_open`` is as `zaplecze.eventlog.xes.tags.find` wants it.
    """

    text: bytes
    repeated: int
    left_open: int


def cut(file: BufferedIOBase, prepare: Prepare) -> Iterator[Piece]:
    """The pieces of FILE; raises `Unusual` where it does not begin as XES in UTF-8 does."""
    waiting = _after_head(file, prepare)
    header = b""
    while True:
        more = file.read(_PIECE_BYTES)
        if not more:
            yield Piece(header + waiting + PADDING, len(header), -1)
            return
        waiting += more
        event, trace = waiting.rfind(_EVENT), waiting.rfind(_TRACE)
        cut = max(event, trace)
        if cut <= 0:
            # One event, or attributes of one trace, that are longer than a piece.
            continue
        text, waiting = waiting[:cut], waiting[cut:]
        repeated, left_open = len(header), int(event > trace)
        text = header + text
        header = _header(text) if left_open else b""
        yield Piece(text + PADDING, repeated, left_open)


def _header(text: bytes) -> bytes:
    """The beginning of the last trace of TEXT, up to its first event."""
    begin = text.rfind(_TRACE)
    event = text.find(_EVENT, begin)
    return text[begin:] if event < 0 else text[begin:event]


def _after_head(file: BufferedIOBase, prepare: Prepare) -> bytes:
    """What was read of FILE from its first trace on, once what is before it was looked at."""
    head = b""
    while _TRACE not in head:
        more = file.read(_PIECE_BYTES)
        if not more or len(head) > _LONGEST_HEAD:
            raise Unusual
        head += more
    at = head.find(_TRACE)
    path: list[str] = []
    begun: list[list[str]] = []

    def start(tag: str, _: dict[str, str]) -> None:
        path.append(tag)
        begun.append(path.copy())

    parser = expat.ParserCreate()
    prepare(parser)
    parser.XmlDeclHandler = _check_encoding
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    try:
        # A trace of our own tells whether one may begin here, or a comment or a tag goes on.
        parser.Parse(head[:at] + b"<trace/>", False)
    except expat.ExpatError:
        raise Unusual from None
    # An event before the first trace would be passed over.
    if begun[-1:] != [["log", "trace"]] or ["log", "event"] in begun:
        raise Unusual
    return head[at:]


def _check_encoding(_: str, encoding: str | None, __: int) -> None:
    if encoding is not None and encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise Unusual
