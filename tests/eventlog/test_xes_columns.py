"""XES read in columns, beside the same XES read by a parser."""

import io
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaplecze.eventlog.xes import columns, parsed, pieces
from zaplecze.eventlog.xes.tags import Unusual

KEYS = [
    "concept:name",
    "time:timestamp",
    "org:resource",
    "a",
    "ключ",
    "a key of many bytes: " + "x" * 9,
]
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- by hand -->\n<log><string key="k" value="v"/>\n'
)


def nothing(_):
    """No preparation of the parser."""


def by_columns(text):
    return summed(columns.batches(pieces.cut(io.BytesIO(text), nothing)))


def by_parser(text):
    return summed(parsed.batches(io.BytesIO(text), nothing))


def summed(batches):
    """Events without their missing values, numbers, how many nested attributes, empty traces."""
    rows, numbers, nested, empty = [], set(), 0, []
    for batch in batches:
        rows += [
            {key: value for key, value in row.items() if value is not None}
            for row in batch.events.to_pylist()
        ]
        numbers |= batch.numbers
        nested += batch.nested
        empty += batch.empty_traces
    return rows, numbers, nested, empty


@st.composite
def attributes(draw, depth=0):
    """A few attributes, some of them around others."""
    texts = []
    for _ in range(draw(st.integers(0, 3))):
        tag = draw(st.sampled_from(["string", "date", "int", "float", "boolean", "id"]))
        value = quoteattr(draw(st.text("aż&<>;# '\n", max_size=9)), {'"': "&quot;", "\n": "&#10;"})
        key = draw(st.sampled_from(KEYS))
        inside = draw(attributes(depth + 1)) if depth < 2 and draw(st.booleans()) else ""
        end = f">{inside}</{tag}>" if inside else draw(st.sampled_from(["/>", " />"]))
        texts.append(f'<{tag} key="{key}" value={value}{end}')
    return "".join(
        text + draw(st.sampled_from(["", "\n", "\n\t\t   \r\n      "])) for text in texts
    )


@st.composite
def logs(draw):
    text = HEAD
    for _ in range(draw(st.integers(1, 4))):
        text += f"<trace>\n{draw(attributes())}"
        for _ in range(draw(st.integers(0, 3))):
            text += f"<event>{draw(attributes())}</event>\n"
        text += "</trace>"
    return (text + "</log>\n").encode()


@given(log=logs(), size=st.integers(1, 400))
def test_columns_give_what_a_parser_gives_wherever_pieces_end(log, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_PIECE_BYTES", size)
        assert by_columns(log) == by_parser(log)


@given(log=logs(), size=st.integers(30, 400), data=st.data())
def test_what_a_parser_refuses_columns_refuse_too(log, size, data):
    at = data.draw(st.integers(0, len(log) - 1))
    cut = data.draw(st.integers(0, 12))
    put = data.draw(st.sampled_from(
        [b"", b"<", b">", b'"', b"'", b"/", b"&", b" ", b"\n", b"\0", b"\xc5", b"x", b"&u;", b"<!---->",
         b"</event>", b"<event>", b"</trace>", b"<trace>", b"</string>", b"</log>", b"<list>"]
    ))  # fmt: skip
    damaged = log[:at] + put + log[at + cut :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "_PIECE_BYTES", size)
        try:
            found = by_columns(damaged)
        except Unusual:
            return
    assert found == by_parser(damaged)


EVENT = '<event><string key="concept:name" value="x"/></event>'
UNUSUAL = {
    "quotation marks of the other kind": EVENT.replace('"', "'"),
    "a comment": "<!-- -->" + EVENT,
    "CDATA": "<![CDATA[ ]]>" + EVENT,
    "attributes in another order": '<event><string value="x" key="concept:name"/></event>',
    "a list": '<event><list key="k"><values><int key="n" value="1"/></values></list></event>',
    "an event without anything": "<event/>",
    "an attribute of the trace behind an event": EVENT + '<string key="n" value="1"/>',
    "a value of two lines": EVENT.replace('"x"', '"x\ny"'),
    "a reference in a key": EVENT.replace("concept:name", "a&amp;b"),
    "a prefix": EVENT.replace("event>", "xes:event>"),
}


@pytest.mark.parametrize("inside", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_left_to_the_parser(inside):
    text = f"{HEAD}<trace>{inside}</trace></log>".encode()
    with pytest.raises(Unusual):
        by_columns(text)
    by_parser(text)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1250"])
def test_other_encodings_are_left_to_the_parser(encoding):
    text = f"{HEAD}<trace>{EVENT}</trace></log>".replace("UTF-8", encoding).encode(encoding)
    with pytest.raises(Unusual):
        by_columns(text)


def test_an_attribute_of_the_trace_belongs_to_all_its_events():
    inside = EVENT + '<int key="n" value="1"/>'
    rows, numbers, *_ = by_parser(f"{HEAD}<trace>{inside}</trace></log>".encode())
    assert rows == [{"concept:name": "x", "case:n": "1"}]
    assert numbers == {"case:n"}


def test_wrong_nesting_is_told_with_its_line():
    text = f"{HEAD}<trace>\n<event></trace></log>".encode()
    with pytest.raises(Unusual):
        by_columns(text)
    with pytest.raises(expat.ExpatError, match="mismatched tag: line 5"):
        by_parser(text)
