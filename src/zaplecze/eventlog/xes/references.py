"""References of XML to characters (``&amp;``, ``&#10;``), which stand for them in values."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from zaplecze.eventlog.xes.tags import Unusual

_REFERENCE = re.compile("&(?:#([0-9]{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_IN_BYTES = re.compile(_REFERENCE.pattern.encode())
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def check(text: bytes) -> None:
    """Raise `Unusual` where TEXT refers to something that is none of XML's own characters."""
    count = text.count(b"&")
    if count and count != sum(_is_character(found) for found in _IN_BYTES.finditer(text)):
        raise Unusual


def resolved(values: pa.StringArray) -> pa.StringArray:
    """VALUES, which were checked, with characters in the place of references to them."""
    refers = pc.fill_null(pc.match_substring(values, "&"), False)
    if not pc.any(refers).as_py():
        return values
    coded = values.filter(refers).dictionary_encode()
    plain = [_REFERENCE.sub(_character, value) for value in coded.dictionary.to_pylist()]
    return pc.replace_with_mask(values, refers, pa.array(plain).take(coded.indices))


def _code(decimal: str | bytes | None, hexadecimal: str | bytes) -> int:
    return int(decimal) if decimal else int(hexadecimal, 16)


def _is_character(found: re.Match[bytes]) -> bool:
    """May XML 1.0 hold the character?"""
    decimal, hexadecimal, name = found.groups()
    code = 32 if name else _code(decimal, hexadecimal)
    if code > 0xFFFF:
        return code <= 0x10FFFF
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE


def _character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    return _CHARACTERS[name] if name else chr(_code(decimal, hexadecimal))
