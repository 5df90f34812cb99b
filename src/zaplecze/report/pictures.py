"""The pictures of a report: a figure under its message, with its table, for every paper."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

from zaplecze.impact.finding import Finding, Findings
from zaplecze.language import N_, Language, Text, number, say
from zaplecze.process import ProcessGraph
from zaplecze.report import shares, tables, words
from zaplecze.report.figures import bars
from zaplecze.report.figures.blueprint import blueprint_figure
from zaplecze.report.figures.rows import HALF, NARROW, PAPER, WIDE
from zaplecze.report.figures.svg import accessible_name
from zaplecze.report.labels import NOTES
from zaplecze.report.tables import Table
from zaplecze.report.way import Stop, way_message, way_note, way_table

T = TypeVar("T")

_BEFORE_PERCENT = re.compile(r"(?<=\d) %")


@dataclass(frozen=True)
class Picture:
    """A figure under its message, for a page, a phone, A4 and half of its width, with its table.

    ``ref`` names the definition behind it; `references` gives it its number.
    """

    message: str
    note: str
    wide: str
    narrow: str
    paper: str
    half: str
    alt: str
    table: Table
    ref: str = ""

    @classmethod
    def of(
        cls,
        message: Text,
        note: Text,
        draw: Callable[[int], str],
        table: Table,
        language: Language,
        ref: str = "",
    ) -> "Picture":
        """A picture that DRAW makes for a width in pixels."""
        wide, narrow, paper, half = (draw(width) for width in (WIDE, NARROW, PAPER, HALF))
        alt = accessible_name(wide)
        return cls(message[language], note[language], wide, narrow, paper, half, alt, table, ref)


def comparison_picture(finding: Finding, findings: Findings, language: Language) -> Picture:
    """Raw difference against adjusted effect."""
    return Picture.of(
        comparison_message(finding),
        say(NOTES["comparison"]),
        lambda width: bars.comparison_figure(finding, findings, language, width),
        tables.comparison_table(finding, language),
        language,
    )


def dose_picture(finding: Finding, findings: Findings, language: Language) -> Picture:
    """The effect by size of the delay."""
    return Picture.of(
        dose_message(finding),
        say(NOTES["dose"]),
        lambda width: bars.dose_figure(finding, findings, language, width),
        tables.dose_table(finding, language),
        language,
    )


def split_picture(finding: Finding, language: Language) -> Picture:
    """Whose delays broke a promise."""
    return Picture.of(
        shares.largest_share(finding),
        say(NOTES["split"], n=number(sum(part.cases for part in finding.parts))),
        lambda width: bars.split_figure(finding, language, width),
        tables.split_table(finding, language),
        language,
        f"split:{finding.lever.id}",
    )


def blueprint_picture(way: list[Stop], graph: ProcessGraph, language: Language) -> Picture:
    """The usual way of the cases of GRAPH, department by department."""
    return Picture.of(
        way_message(way),
        way_note(graph),
        lambda width: blueprint_figure(way, language, width),
        way_table(way, language),
        language,
        "process",
    )


def comparison_message(finding: Finding) -> Text:
    """What remains of the raw difference."""
    if finding.effect is None:
        return say(
            N_("“{outcome}”: the raw difference, with nothing held equal"),
            outcome=finding.outcome_label,
        )
    raw, effect = (words.difference(finding, each) for each in (finding.raw, finding.effect))
    return say(
        N_("“{outcome}”: {effect}, whether what was known before is held equal or not")
        if raw == effect
        else N_("“{outcome}”: from {raw} to {effect} once what was known before is held equal"),
        outcome=finding.outcome_label,
        effect=effect,
        raw=raw,
    )


def dose_message(finding: Finding) -> Text:
    """The longer or more often, the worse, where the intervals of the least and the most say so."""
    digits = bars.dose_digits(finding)
    shown = [dose for dose in finding.dose if dose.effect is not None]
    if len(shown) < 2:
        return say(BY_SIZE[_often(finding)], outcome=finding.outcome_label)
    first, last = shown[0], shown[-1]
    assert first.effect is not None
    assert last.effect is not None
    values = {
        "outcome": finding.outcome_label,
        "first": words.difference(finding, first.effect, digits),
        "last": words.difference(finding, last.effect, digits),
        "short": first.label,
        "long": last.label,
    }
    sign = -1 if finding.higher_is_better else 1
    mildest = max(sign * bound for bound in first.effect.interval)
    if min(sign * bound for bound in last.effect.interval) > mildest:
        return say(THE_WORSE[_often(finding)], **values)
    return say(FROM_TO[_often(finding)], **values)


BY_SIZE = {
    False: N_("“{outcome}” by size of the delay"),
    True: N_("“{outcome}” by how often"),
}
THE_WORSE = {
    False: N_(
        "“{outcome}”: the longer the delay, the worse, from {first} ({short}) to {last} ({long})"
    ),
    True: N_("“{outcome}”: the more often, the worse, from {first} ({short}) to {last} ({long})"),
}
FROM_TO = {
    False: N_("“{outcome}” by size of the delay: {first} ({short}) to {last} ({long})"),
    True: N_("“{outcome}” by how often: {first} ({short}) to {last} ({long})"),
}


def _often(finding: Finding) -> bool:
    """Are the sizes of what FINDING is about counted in times, and no delays?"""
    return any(dose.unit == "times" for dose in finding.dose)


def unbroken(value: T) -> T:
    """VALUE, a text or anything that holds texts, with no line break between number and sign."""
    changed: object = value
    if isinstance(value, str):
        changed = _BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}%", value)
    elif isinstance(value, list):
        changed = [unbroken(item) for item in value]
    elif is_dataclass(value) and not isinstance(value, type):
        changed = replace(
            value, **{part.name: unbroken(getattr(value, part.name)) for part in fields(value)}
        )
    return cast(T, changed)
