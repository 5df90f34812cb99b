"""The widths by which text is measured, against the typeface itself."""

import struct
from pathlib import Path

import pytest

import zaplecze.report
from zaplecze.process.svg import text_width

FONTS = Path(zaplecze.report.__file__).parent / "fonts"
WRITTEN = [
    *map(chr, range(0x20, 0x7F)),
    *map(chr, range(0xA0, 0x180)),
    *map(chr, range(0x400, 0x460)),
    *"ҐґіІїЇєЄ–—‘’“”„…−№€→\N{NARROW NO-BREAK SPACE}",
]


def advances(font: Path) -> dict[str, int]:
    """The advance width of every character of WRITTEN that FONT has, in units of the em."""
    data = font.read_bytes()

    def at(form: str, offset: int) -> tuple[int, ...]:
        return struct.unpack_from(">" + form, data, offset)

    tables = {
        data[12 + 16 * n : 16 + 16 * n]: at("II", 20 + 16 * n)[0] for n in range(at("H", 4)[0])
    }
    (metrics,) = at("H", tables[b"hhea"] + 34)
    cmap = tables[b"cmap"]
    subtables = [cmap + at("HHI", cmap + 4 + 8 * n)[2] for n in range(at("H", cmap + 2)[0])]
    start = next(offset for offset in subtables if at("H", offset)[0] == 4)
    segments = at("H", start + 6)[0] // 2
    found = {}
    for char in WRITTEN:
        for n in range(segments):
            end = at("H", start + 14 + 2 * n)[0]
            if ord(char) > end:
                continue
            low, delta, offset = (
                at("H", start + 16 + 2 * (segments * times + n))[0] for times in (1, 2, 3)
            )
            if ord(char) >= low:
                glyph = ord(char)
                if offset:
                    place = start + 16 + 2 * (segments * 3 + n)
                    (glyph,) = at("H", place + offset + 2 * (ord(char) - low))
                glyph = (glyph + delta) % 65_536
                found[char] = at("H", tables[b"hmtx"] + 4 * min(glyph, metrics - 1))[0]
            break
    return found


@pytest.mark.parametrize("font", sorted(FONTS.glob("*.ttf")), ids=lambda path: path.stem)
def test_text_never_needs_more_room_than_is_left_for_it(font):
    widths = advances(font)
    assert len(widths) > 300
    too_narrow = {char: width for char, width in widths.items() if text_width(char, 1000) < width}
    assert too_narrow == {}


def test_the_room_left_is_not_lavish():
    text = "Підтвердження оплати i zatwierdzenie płatności, hand-over to the carrier"
    widths = advances(FONTS / "IBMPlexSans_600SemiBold.ttf")
    assert text_width(text, 1000) < 1.05 * sum(widths[char] for char in text)
