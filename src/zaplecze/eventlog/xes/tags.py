"""Where the tags of a piece of XES begin and end, found for all of them at once.

Only what the writers of XES write is recognised: elements of the standard, attributes as
``<string key="…" value="…"/>``, whitespace between tags. Everything is checked as strictly as a
parser would, and `Unusual` is raised for anything else, valid or not: then a parser takes over.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]

PADDING = b"\0" * 16
"""Stands behind every text, so that eight bytes can be read at its last tag."""

_ATTRIBUTES = ("string", "date", "int", "float", "boolean", "id")
_PLACES = ("event", "trace")
_TEXTS = (
    *(f"<{name} " for name in _ATTRIBUTES), *(f"</{name}>" for name in _ATTRIBUTES),
    *(f"<{name}>" for name in _PLACES), *(f"</{name}>" for name in _PLACES), "</log>",
)  # fmt: skip
_KINDS = {text: kind for kind, text in enumerate(_TEXTS)}

NUMBERS = (_KINDS["<int "], _KINDS["<float "])
_LAST_OPENING, _LAST_CLOSING = _KINDS["<id "], _KINDS["</id>"]

# The tabs, line ends and blanks that may stand between two tags, as bits in which they agree.
_NO_BLANK, _ONES = np.uint64(0xD0D0D0D0D0D0D0D0), np.uint64(0x0101010101010101)
_LONGEST_GAP = 256


class Unusual(Exception):  # noqa: N818 - no error, only not for this reader
    """The text is not written as XES usually is."""


@dataclass(frozen=True)
class Attributes:
    """Attribute tags in their order: where key and value stand, and what they belong to.

    ``row`` is the number of the event, or of the trace where the attribute is not in an event.
    """

    kind: Ints
    key_begin: Ints
    key_end: Ints
    value_begin: Ints
    value_end: Ints
    row: Ints

    def where(self, chosen: Flags) -> "Attributes":
        """Those that are CHOSEN."""
        return Attributes(
            *(column[chosen] for column in (
                self.kind, self.key_begin, self.key_end, self.value_begin, self.value_end, self.row,
            ))
        )  # fmt: skip


@dataclass(frozen=True)
class Tags:
    """What was found: attributes of events and traces, and the trace of every event."""

    of_events: Attributes
    of_traces: Attributes
    nested: Ints
    trace_of_event: Ints
    traces: int


def words_of(text: bytes) -> Words:
    """The eight bytes at every place of TEXT, which ends with `PADDING`, as one number."""
    return np.ndarray(len(text) - 7, "<u8", text, strides=(1,))


def mask(lengths: Ints) -> Words:
    """The bits of the first LENGTHS (0 to 8) bytes of a word."""
    return _MASKS[lengths]


_MASKS = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)


def find(text: bytes, left_open: int) -> Tags:
    """The tags of TEXT, which begins with a trace, holds whole events and ends with `PADDING`.

    LEFT_OPEN is 1 where it ends inside a trace, 0 between two, and -1 where it closes the log.
    """
    size = len(text) - len(PADDING)
    octets = np.frombuffer(text, np.uint8)
    _check_characters(text, octets[:size])
    marks = np.flatnonzero((octets == ord("<")) | (octets == ord('"')))
    is_tag = octets[marks] == ord("<")
    first = np.flatnonzero(is_tag)
    begin, quotes = marks[first], np.diff(first, append=len(marks)) - 1
    if not len(begin) or begin[0] != 0:
        raise Unusual
    words = words_of(text)
    kind = _kinds(words, begin)
    opening = kind <= _LAST_OPENING
    if not np.array_equal(quotes, np.where(opening, 4, 0)):
        raise Unusual
    quoted = marks[first[opening, None] + np.arange(1, 5)]
    end = begin + _LENGTHS[kind]
    end[opening], alone = _attribute_ends(words, end[opening], quoted)
    change = np.where(_CLOSES[kind], -1, 1).astype(np.int8)
    change[opening] -= alone
    blanks = _check_gaps(words, end, np.append(begin[1:], size))
    if blanks != np.count_nonzero(octets[:size] < 32):
        # A line end inside a value, which a parser would make a blank.
        raise Unusual
    return _placed(kind, change, quoted, left_open)


def _check_characters(text: bytes, octets: NDArray[np.uint8]) -> None:
    """Nothing but UTF-8, and no control characters but the three that XML allows."""
    allowed = sum(np.count_nonzero(octets == blank) for blank in b"\t\n\r")
    if allowed != np.count_nonzero(octets < 32):
        raise Unusual
    offsets = pa.py_buffer(np.array([0, len(octets)], np.int32))
    try:
        pa.StringArray.from_buffers(1, offsets, pa.py_buffer(text)).validate(full=True)
    except pa.ArrowInvalid:
        raise Unusual from None


def _slots(words: Words) -> Ints:
    """A place in the table of kinds that the three bytes behind ``<`` of every word choose."""
    name = (words >> np.uint64(8)) & np.uint64(0xFFFFFF)
    return ((name * np.uint64(0x9E3779B1) >> np.uint64(20)) & np.uint64(0xFFF)).astype(np.int64)


def _word(text: str) -> int:
    return int.from_bytes(text.encode()[:8].ljust(8, b"\0"), "little")


_LENGTHS = np.array([len(text) for text in _TEXTS])
_HEADS = np.array([_word(text) for text in _TEXTS], np.uint64)
_TAILS = np.array([_word(text[-8:]) for text in _TEXTS], np.uint64)
_TAIL_AT, _SHOWN = np.maximum(_LENGTHS - 8, 0), mask(np.minimum(_LENGTHS, 8))
_CLOSES = np.array([text.startswith("</") for text in _TEXTS])
_KIND_AT = np.zeros(1 << 12, np.int64)
_KIND_AT[_slots(_HEADS)] = np.arange(len(_TEXTS))


def _kinds(words: Words, begin: Ints) -> Ints:
    """Which of the known tags begins at every BEGIN."""
    here = words[begin]
    kind = _KIND_AT[_slots(here)]
    if np.any(here & _SHOWN[kind] != _HEADS[kind]):
        raise Unusual
    long = np.flatnonzero(_TAIL_AT[kind])
    kind_of_long = kind[long]
    if np.any(words[begin[long] + _TAIL_AT[kind_of_long]] != _TAILS[kind_of_long]):
        raise Unusual
    return kind


def _attribute_ends(words: Words, key: Ints, quoted: Ints) -> tuple[Ints, Flags]:
    """Where attribute tags end, and whether they are closed at once.

    KEY is where the word must begin, behind the name of the tag and a blank; QUOTED has the places of the four quotation marks of every tag.
    """
    open_key, close_key, open_value, close_value = quoted.T
    five = _MASKS[5]
    if (
        np.any(open_key != key + 4)
        or np.any(words[key] & five != np.uint64(_word('key="')))
        or np.any(open_value != close_key + 8)
        or np.any(words[close_key] != np.uint64(_word('" value=')))
    ):
        raise Unusual
    behind = words[close_value + 1]
    length = np.zeros(len(behind), np.int64)
    for text in ("/>", " />", ">"):
        length[behind & _MASKS[len(text)] == np.uint64(_word(text))] = len(text)
    if not length.all():
        raise Unusual
    return close_value + 1 + length, length > 1


def _check_gaps(words: Words, begin: Ints, end: Ints) -> int:
    """How many tabs and line ends stand in the gaps between tags, where nothing but blanks may."""
    length, found, at = end - begin, 0, 0
    if length.min() < 0 or length.max() > _LONGEST_GAP:
        raise Unusual
    while len(length):
        word = words[begin + at] & mask(np.minimum(length - at, 8))
        blank_with_more = ((word >> np.uint64(5)) & _ONES) * np.uint64(0x0F) & word
        if np.any((word & _NO_BLANK) | blank_with_more):
            raise Unusual
        found += int(np.bitwise_count((word >> np.uint64(3)) & _ONES).sum())
        at += 8
        longer = length > at
        begin, length = begin[longer], length[longer]
    return found


def _placed(kind: Ints, change: NDArray[np.int8], quoted: Ints, left_open: int) -> Tags:
    """What belongs to what; raises `Unusual` where tags are not closed in their order."""
    event, trace = _KINDS["<event>"], _KINDS["<trace>"]
    after = np.cumsum(change, dtype=np.int64)
    # How many elements are open around the tag, the log not counted.
    around = after - np.maximum(change, 0)
    closes = _CLOSES[kind]
    expected = np.select(
        [(kind == trace) | (kind == _KINDS["</trace>"]), (kind == event) | (kind == _KINDS["</event>"]),
         kind == _KINDS["</log>"]], [0, 1, -1], -2,
    )  # fmt: skip
    around[closes] = after[closes]
    opening = kind <= _LAST_OPENING
    if np.any((around != expected) & (expected > -2)) or np.any(around[expected == -2] < 1):
        raise Unusual
    if after[-1] != left_open or after[:-1].min(initial=0) < 0:
        raise Unusual
    long = (opening & (change > 0)) | (closes & (kind <= _LAST_CLOSING))
    _check_pairs(kind[long], around[long], closes[long])
    events, traces = np.cumsum(kind == event), np.cumsum(kind == trace)
    inside = (events - np.cumsum(kind == _KINDS["</event>"]))[opening] > 0
    level, numbers = around[opening], (events[opening] - 1, traces[opening] - 1)
    begun = events[kind == trace][numbers[1]] - 1
    if np.any(~inside & (level == 1) & (numbers[0] > begun)):
        # An attribute of the trace behind its first event.
        raise Unusual
    found = Attributes(
        kind[opening], quoted[:, 0] + 1, quoted[:, 1], quoted[:, 2] + 1, quoted[:, 3],
        np.where(inside, *numbers),
    )  # fmt: skip
    return Tags(
        of_events=found.where(inside & (level == 2)),
        of_traces=found.where(~inside & (level == 1)),
        nested=quoted[level > inside + 1, 0],
        trace_of_event=traces[kind == event] - 1,
        traces=int(traces[-1]),
    )


def _check_pairs(kind: Ints, level: Ints, closes: Flags) -> None:
    """Attributes that enclose others are closed by a tag of their own name."""
    order = np.argsort(level, kind="stable")
    kind, level, closes = kind[order], level[order], closes[order]
    opened, closed = slice(0, None, 2), slice(1, None, 2)
    if (
        len(kind) % 2
        or np.any(closes[opened])
        or not np.all(closes[closed])
        or np.any(level[opened] != level[closed])
        or np.any(kind[opened] + len(_ATTRIBUTES) != kind[closed])
    ):
        raise Unusual
