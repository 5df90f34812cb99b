"""Number formats of office programs, with the separators of the report's language.

Programs that follow the language which a format names write its separators; others write those of the
reader's own settings.
"""

from zaplecze.language import Language

_WINDOWS_CODES: dict[Language, str] = {"en": "809", "pl": "415", "uk": "422"}
"""Languages as number formats name them."""


def in_language(pattern: str, language: Language) -> str:
    """PATTERN, whose parts (above zero, below, zero) stand between semicolons, in LANGUAGE."""
    code = f"[$-{_WINDOWS_CODES[language]}]"
    return ";".join(_coded(part, code) for part in pattern.split(";"))


def _coded(part: str, code: str) -> str:
    """PART with CODE before its digits, and behind a condition: "[>=10]"."""
    condition, bracket, digits = part.rpartition("]")
    return f"{condition}{bracket}{code}{digits}"
