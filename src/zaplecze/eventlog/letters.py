"""In which encoding is a file of separated values, where nobody says?"""

import codecs
import re
import zlib
from pathlib import Path

from zaplecze.eventlog.separated import open_bytes

_SAMPLE_BYTES = 4 << 20
_SURE_SHARE = 0.75

_MARKS = "„”“’‘–—…«»€§°\u00a0"
_POLISH, _GERMAN = "ąćęłńóśźż", "äöüß"
# By encoding. Detectors that are made for any language take Polish texts for western ones.
_CYRILLIC = {"cp1251": "абвгґдеєёжзиіїйклмнопрстуфхцчшщьыъэюя"}
_LATIN = {
    "cp1250": _POLISH + _GERMAN,
    "iso-8859-2": _POLISH + _GERMAN,
    "cp1252": _GERMAN + "àâæçéèêëîïôœùûÿñáíóúãõ",
}


def likely_encoding(path: Path) -> str | None:
    """The encoding of PATH where it is plainly not UTF-8 and one of Windows' fits its letters."""
    try:
        with open_bytes(path) as lines:
            sample = lines.read(_SAMPLE_BYTES)
    except (OSError, EOFError, zlib.error):
        # Whoever reads on will tell.
        return None
    if b"\0" in sample or not _is_foreign(sample):
        return None
    runs = re.findall(rb"[\x80-\xff]+", sample)
    beyond_ascii = b"".join(runs)
    # Of Latin letters few are beyond ASCII, and mostly alone among others; of Cyrillic ones all are.
    written = _CYRILLIC if len(beyond_ascii) > 2 * len(runs) else _LATIN
    shares = {
        encoding: _share_of(letters, beyond_ascii.decode(encoding, "replace"))
        for encoding, letters in written.items()
    }
    # Of equal ones the first.
    likely = max(shares, key=lambda encoding: shares[encoding])
    return likely if shares[likely] >= _SURE_SHARE else None


def _is_foreign(sample: bytes) -> bool:
    """Is most of SAMPLE beyond ASCII not UTF-8? A few stray bytes are rows to be refused."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        read = re.sub(r"[\x00-\x7f]+", "", sample.decode("utf-8", "replace"))
        return read.count("\ufffd") > len(read) / 2
    return False


def _share_of(letters: str, text: str) -> float:
    known = set(letters + letters.upper() + _MARKS)
    return sum(letter in known for letter in text) / len(text)
