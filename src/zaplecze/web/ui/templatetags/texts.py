"""What the library says and counts, in the language of the page."""

from collections.abc import Iterable

from django import template
from django.utils import translation

from zaplecze.impact import Findings, Summary
from zaplecze.language import LANGUAGES, Language, Text, duration, number, percent
from zaplecze.report import message, words
from zaplecze.report.tables import Column

register = template.Library()

NOTHING = "–"


def page_language() -> Language:
    """The language of the page that is being made."""
    active = translation.get_language()
    return next((known for known in LANGUAGES if known == active), "en")


@register.filter
def said(text: Text | None) -> str:
    """TEXT in the language of the page; nothing where there is no text."""
    return text[page_language()] if text else ""


@register.filter
def figure(value: float | None) -> str:
    """A count with the separators of the page's language."""
    return NOTHING if value is None else said(number(value))


@register.filter
def share(value: float | None) -> str:
    """A fraction as a percentage."""
    return NOTHING if value is None else said(percent(value))


@register.filter
def lasting(seconds: float | None) -> str:
    """A length of time."""
    return NOTHING if seconds is None else said(duration(seconds))


@register.filter
def headline(findings: Findings) -> str:
    """The message of all findings."""
    return said(message.headline(findings))


@register.filter
def summary(findings: Findings) -> str:
    """What the message rests on and what all levers come to."""
    return said(message.summary(findings))


@register.filter
def period(summary: Summary) -> str:
    """The days that the log covers."""
    return said(words.period(summary))


@register.filter
def made(summary: Summary) -> str:
    """The day on which the results were made."""
    return said(words.created(summary))


@register.filter
def under(cells: Iterable[str], columns: Iterable[Column]) -> list[tuple[str, Column]]:
    """The CELLS of a row, each with its column."""
    return list(zip(cells, columns, strict=True))


@register.filter
def first_word(code: str) -> str:
    """What a style sheet calls a verdict."""
    return code.split()[0]
