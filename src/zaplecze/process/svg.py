"""Pieces of an SVG picture: elements, numbers, and text that is measured before it is drawn."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Advance widths of IBM Plex Sans, the wider of regular and semi-bold, in thousandths of the size
# and rounded up to 40: text always fits the room that is left for it.
_CHARACTERS_BY_WIDTH = {
    240: " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}",
    280: "'ijìíîïĩīĭįıĵіїј",
    320: "!,.:;l¡ĺļłſ‘’",
    360: "ľ()[]f²³·¹",
    400: "rt{|}¦ŕŗřţťŧ",
    440: "-/I\\ªºÌÍÎÏĨĪĬĮİŀІЇ•",
    480: '"®°гѓґ',
    520: "?csz¿çćĉċčśŝşšźżžЃГстѕҐ“”„",
    560: "*JLaegvxy¢«»àáâãäåèéêëýÿāăąēĕėęěĝğġģĳĴĹĻĽĿŁŷЈаезухьэѐёєў",
    600: "_$+0123456789<=>EFTZ^`bdhknopqu~£§¨¬¯±´µ¸ÈÉÊË×ðñòóôõö÷øùúûüþĒĔĖĘĚĥħķĸńņňŋōŏőŢŤŦũūŭůűųŹŻŽ"
    "ЀЁЕТбвклопрчяђћќџ–−",
    640: "SVY¤¥ÝđŚŜŞŠŶŸЅЎЗУдийнцъѝ€",
    680: "ďABCKPRX¶ÀÁÂÃÄÅÇÞßĀĂĄĆĈĊČĲĶŔŖŘЄЌАБВКРСХЧЬЭЯ",
    720: "#&DGHNOQUÐÑÒÓÔÕÖØÙÚÛÜĎĐĜĞĠĢĤŃŅŇŊŌŎŐŨŪŬŮŰŲЍЏИЙНОПм",
    760: "ĦЛЦЪ",
    800: "©Дфы—",
    840: "Mw¾ŵЂЋМжшю",
    880: "¼½æŉщљњ…→",
    920: "@mФЫ",
    960: "œ%WÆŴ",
}
_WIDTHS = {char: width for width, chars in _CHARACTERS_BY_WIDTH.items() for char in chars}
_WIDEST = 1080

Value = str | float


def text_width(text: str, size: float) -> float:
    """The room that TEXT needs at SIZE, never less than it takes in IBM Plex Sans."""
    return sum(_WIDTHS.get(char, _WIDEST) for char in text) * size / 1000


def wrap(text: str, width: float, size: float) -> list[str]:
    """TEXT on one line, or on two that are as even as they can be; what does not fit becomes "…"."""
    words = text.split() or [""]
    if text_width(" ".join(words), size) <= width:
        return [" ".join(words)]
    breaks = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    fitting = [pair for pair in breaks if all(text_width(line, size) <= width for line in pair)]
    if fitting:
        return list(min(fitting, key=lambda pair: max(text_width(line, size) for line in pair)))
    first = next(
        (pair[0] for pair in reversed(breaks) if text_width(pair[0], size) <= width),
        _longest_start(" ".join(words), width, size),
    )
    return [first, shorten(" ".join(words)[len(first) :].strip(), width, size)]


def shorten(text: str, width: float, size: float) -> str:
    """TEXT, cut and ended with "…" where it is wider than WIDTH."""
    if text_width(text, size) <= width:
        return text
    return _longest_start(text, width - text_width("…", size), size).rstrip() + "…"


def _longest_start(text: str, width: float, size: float) -> str:
    length = 1
    while length < len(text) and text_width(text[: length + 1], size) <= width:
        length += 1
    return text[:length]


def wrap_all(text: str, width: float, size: float) -> list[str]:
    """TEXT on as many lines as it needs."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def plain(value: float) -> str:
    """A coordinate, with one decimal at most."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def element(tag: str, attributes: Mapping[str, Value], *content: str) -> str:
    """An element; CONTENT is markup already, attributes are escaped here."""
    words = "".join(
        f" {name}={quoteattr(readable(value) if isinstance(value, str) else plain(value))}"
        for name, value in attributes.items()
    )
    inside = "".join(content)
    return f"<{tag}{words}>{inside}</{tag}>" if inside else f"<{tag}{words}/>"


def words(text: str) -> str:
    """TEXT as markup."""
    return escape(readable(text))


def readable(text: str) -> str:
    """TEXT without the characters that XML cannot hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
