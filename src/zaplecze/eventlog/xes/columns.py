"""Pieces of XES become tables, with a few operations of numpy and Arrow a column."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zaplecze.eventlog.xes import references
from zaplecze.eventlog.xes.pieces import Piece
from zaplecze.eventlog.xes.tags import (
    NUMBERS,
    Attributes,
    Ints,
    Unusual,
    Words,
    find,
    mask,
    words_of,
)

CASE = "case:"

_READ_AHEAD = 2


@dataclass(frozen=True)
class Batch:
    """Some events as a table of texts, with what was found beside them."""

    events: pa.Table
    numbers: set[str]
    nested: int
    empty_traces: list[str]


def batches(pieces: Iterable[Piece]) -> Iterator[Batch]:
    """PIECES read in their order, some of them at the same time.

    Raises `Unusual` where a parser has to do it.
    """
    with ThreadPoolExecutor(_READ_AHEAD) as pool:
        running: deque[Future[Batch]] = deque()
        try:
            for piece in pieces:
                running.append(pool.submit(read, piece))
                if len(running) > _READ_AHEAD:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        finally:
            for future in running:
                future.cancel()


def read(piece: Piece) -> Batch:
    """The events of PIECE, an attribute a column."""
    text = piece.text
    references.check(text)
    tags = find(text, piece.left_open)
    words = words_of(text)
    of_traces = _columns(text, words, tags.of_traces, tags.traces)
    of_events = _columns(text, words, tags.of_events, len(tags.trace_of_event))
    if clash := {CASE + key for key in of_traces} & set(of_events):
        raise Unusual(clash)
    spread = pa.array(tags.trace_of_event)
    columns = {CASE + "concept:name": pa.nulls(len(spread), pa.string())}
    columns |= {CASE + key: column.take(spread) for key, column in of_traces.items()}
    numbers = tags.of_traces.where(np.isin(tags.of_traces.kind, NUMBERS))
    return Batch(
        events=pa.table(columns | of_events),
        numbers={CASE + key for key in _keys(text, words, numbers)},
        nested=int(np.count_nonzero(tags.nested >= piece.repeated)),
        empty_traces=_empty_traces(tags.trace_of_event, tags.traces, of_traces, piece),
    )


def _empty_traces(
    trace_of_event: Ints, traces: int, of_traces: dict[str, pa.Array], piece: Piece
) -> list[str]:
    """The names of traces without events, but for one that other pieces hold events of."""
    filled = np.zeros(traces, bool)
    filled[trace_of_event] = True
    filled[:1] |= piece.repeated > 0
    if piece.left_open == 1:
        filled[-1] = True
    names = of_traces.get("concept:name", pa.nulls(traces, pa.string()))
    return [name or "" for name in names.filter(pa.array(~filled)).to_pylist()]


def _columns(text: bytes, words: Words, found: Attributes, rows: int) -> dict[str, pa.Array]:
    """The values of every key by row; null where a row has none."""
    if not len(found.kind):
        return {}
    # Every other element is a value; those between are what stands between two values.
    bounds = np.stack([found.value_begin, found.value_end], axis=1).astype(np.int32)
    values = pa.StringArray.from_buffers(bounds.size - 1, pa.py_buffer(bounds), pa.py_buffer(text))
    empty = found.value_begin == found.value_end
    columns = {}
    for key, members in _keys(text, words, found).items():
        place = np.full(rows, -1)
        place[found.row[members]] = 2 * members
        missing = place < 0
        missing |= empty[place >> 1] & ~missing
        columns[key] = references.resolved(values.take(pa.array(place, mask=missing)))
    return columns


def _keys(text: bytes, words: Words, found: Attributes) -> dict[str, Ints]:
    """The places in FOUND of every key."""
    keys: dict[str, Ints] = {}
    for members in _groups(_signatures(words, found)):
        begin, end = found.key_begin[members], found.key_end[members]
        key = text[begin[0] : end[0]]
        if b"&" in key or np.any(end - begin != len(key)) or not _all_equal(words, begin, len(key)):
            raise Unusual
        name = key.decode()
        if name in keys:
            # The same key with values of several types.
            members = np.sort(np.concatenate([keys[name], members]))
        keys[name] = members
    return keys


def _signatures(words: Words, found: Attributes) -> Words:
    """Numbers that are equal where keys are, and hardly ever otherwise."""
    length = found.key_end - found.key_begin
    first = words[found.key_begin] & mask(np.minimum(length, 8))
    last = words[np.maximum(found.key_end - 8, 0)]
    mixed = first * np.uint64(0x9E3779B97F4A7C15) ^ last * np.uint64(0xC2B2AE3D27D4EB4F)
    return (mixed ^ length.astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)


def _groups(signatures: Words) -> Iterator[Ints]:
    """The places of every signature, in the order in which they come first."""
    if not len(signatures):
        return
    slot = (signatures >> np.uint64(48)).astype(np.int64)
    first = np.full(1 << 16, -1)
    first[slot[::-1]] = np.arange(len(slot))[::-1]
    chosen = first[slot]
    if np.any(signatures[chosen] != signatures):
        # Two signatures share a slot.
        _, where, inverse = np.unique(signatures, return_index=True, return_inverse=True)
        chosen = where[inverse]
    for place in np.flatnonzero(np.bincount(chosen)):
        yield np.flatnonzero(chosen == place)


def _all_equal(words: Words, begin: Ints, length: int) -> bool:
    """Do the same LENGTH bytes stand at every BEGIN?"""
    for at in range(0, length, 8):
        shown = mask(np.array([min(length - at, 8)]))[0]
        here = words[begin + at] & shown
        if np.any(here != here[0]):
            return False
    return True
