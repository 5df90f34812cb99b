"""One finding in one language: the same words and pictures for page, PDF and web application."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from zaplecze.impact.finding import Finding, Findings, Verdict
from zaplecze.language import N_, Language, Text, number, percent, say
from zaplecze.report import figures, sentences, tables, words
from zaplecze.report.labels import NOTES
from zaplecze.report.svg import accessible_name
from zaplecze.report.tables import NOTHING, Table

T = TypeVar("T")

_BEFORE_PERCENT = re.compile(r"(?<=\d) %")


@dataclass(frozen=True)
class Picture:
    """A figure under its message, for wide and for narrow paper, with its table."""

    message: str
    note: str
    wide: str
    narrow: str
    alt: str
    table: Table

    @classmethod
    def of(
        cls, message: Text, note: Text, drawn: tuple[str, str], table: Table, language: Language
    ) -> "Picture":
        """A picture DRAWN wide and narrow."""
        wide, narrow = drawn
        return cls(message[language], note[language], wide, narrow, accessible_name(wide), table)


@dataclass(frozen=True)
class Fact:
    """A number or a word, what it is, and what belongs to it."""

    term: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class View:
    """One finding, everything in words."""

    rank: int
    anchor: str
    is_whole: bool
    title: str
    sentence: str
    verdict_code: Verdict
    verdict: str
    facts: list[Fact]
    pictures: list[Picture]
    who: list[str]
    sure: list[str]
    steps: list[str]
    inputs: Table | None


def view(
    finding: Finding,
    findings: Findings,
    language: Language,
    *,
    is_whole: bool = True,
    with_split: bool = True,
) -> View:
    """FINDING in LANGUAGE.

    One that is not whole is its sentence only; ``with_split`` shows who used up the time of a
    broken promise.
    """
    rank = rank_of(finding, findings)
    sentence = finding.sentence or sentences.finding_sentence(finding)
    pictures = list(_pictures(finding, findings, language)) if is_whole else []
    if finding.parts and is_whole and with_split:
        pictures.append(split_picture(finding, language))
    shown = View(
        rank=rank,
        anchor=anchor(rank),
        is_whole=is_whole,
        title=sentences.finding_title(finding)[language],
        sentence=sentence[language],
        verdict_code=finding.verdict,
        verdict=say(words.VERDICTS[finding.verdict])[language],
        facts=[fact for fact in _facts(finding, language) if fact.value],
        pictures=pictures,
        who=[line[language] for line in sentences.who_and_where(finding)],
        sure=[line[language] for line in sentences.how_sure(finding)],
        steps=[line[language] for line in sentences.next_steps(finding)],
        inputs=tables.inputs_table(finding.money, language) if finding.money else None,
    )
    return unbroken(shown)


def unbroken(value: T) -> T:
    """VALUE, a text or anything that holds texts, with no line break between number and sign."""
    changed: Any = value
    if isinstance(value, str):
        changed = _BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}%", value)
    elif isinstance(value, list):
        changed = [unbroken(item) for item in value]
    elif is_dataclass(value) and not isinstance(value, type):
        changed = replace(
            value, **{part.name: unbroken(getattr(value, part.name)) for part in fields(value)}
        )
    return changed  # type: ignore[no-any-return]


def rank_of(finding: Finding, findings: Findings) -> int:
    """The finding's place in the list, from 1."""
    return next(k for k, other in enumerate(findings.findings, 1) if other.id == finding.id)


def anchor(rank: int) -> str:
    """The fragment under which a finding stands on a page."""
    return f"finding-{rank}"


def comparison_picture(finding: Finding, findings: Findings, language: Language) -> Picture:
    """Raw difference against adjusted effect."""
    if finding.effect is None:
        message = say(N_("The raw difference, with nothing held equal"))
    else:
        message = say(
            N_("From {raw} to {effect} once what was known before is held equal"),
            effect=words.difference(finding, finding.effect),
            raw=words.difference(finding, finding.raw),
        )
    wide, narrow = (
        figures.comparison_figure(finding, findings, language, width)
        for width in (figures.WIDE, figures.NARROW)
    )
    table = tables.comparison_table(finding, language)
    return Picture.of(message, say(NOTES["comparison"]), (wide, narrow), table, language)


def dose_picture(finding: Finding, findings: Findings, language: Language) -> Picture:
    """The effect by size of the delay."""
    wide, narrow = (
        figures.dose_figure(finding, findings, language, width)
        for width in (figures.WIDE, figures.NARROW)
    )
    table = tables.dose_table(finding, language)
    return Picture.of(dose_message(finding), say(NOTES["dose"]), (wide, narrow), table, language)


def split_picture(finding: Finding, language: Language) -> Picture:
    """Who used up the time of a broken promise."""
    wide, narrow = (
        figures.split_figure(finding, language, width) for width in (figures.WIDE, figures.NARROW)
    )
    note = say(NOTES["split"], n=number(sum(part.cases for part in finding.parts)))
    table = tables.split_table(finding, language)
    message = sentences.parts_message(finding)
    return Picture.of(message, note, (wide, narrow), table, language)


def dose_message(finding: Finding) -> Text:
    """The longer, the worse, where the intervals of the shortest and longest delay say so."""
    digits = figures.dose_digits(finding)
    shown = [dose for dose in finding.dose if dose.effect is not None]
    if len(shown) < 2:
        return say(N_("The effect by size of the delay"))
    first, last = shown[0], shown[-1]
    assert first.effect is not None
    assert last.effect is not None
    values = {
        "first": words.difference(finding, first.effect, digits),
        "last": words.difference(finding, last.effect, digits),
        "short": first.label,
        "long": last.label,
    }
    sign = -1 if finding.higher_is_better else 1
    mildest = max(sign * bound for bound in first.effect.interval)
    if min(sign * bound for bound in last.effect.interval) > mildest:
        return say(
            N_("The longer the delay, the worse: {first} ({short}) to {last} ({long})"), **values
        )
    return say(N_("By size of the delay: {first} ({short}) to {last} ({long})"), **values)


def _pictures(finding: Finding, findings: Findings, language: Language) -> Iterator[Picture]:
    if 0 < finding.exposed < finding.n:
        yield comparison_picture(finding, findings, language)
    if finding.dose:
        yield dose_picture(finding, findings, language)


def _facts(finding: Finding, language: Language) -> list[Fact]:
    return [
        Fact(
            say(N_("Exposed cases"))[language],
            number(finding.exposed)[language],
            say(
                N_("{share} of {n}; {year} in the latest year"),
                share=percent(finding.share),
                n=number(finding.n),
                year=number(finding.exposed_per_year),
            )[language],
        ),
        _effect_fact(finding, language),
        _money_fact(finding, language),
        Fact(
            say(N_("Does it hurt?"))[language],
            say(words.VERDICTS[finding.verdict])[language],
        ),
    ]


def _effect_fact(finding: Finding, language: Language) -> Fact:
    term = say(N_("Adjusted effect"))[language]
    if finding.effect is None:
        return Fact(term, NOTHING, finding.reason[language] if finding.reason else "")
    detail = say(
        N_("95 % interval {interval}; raw {raw}"),
        interval=words.difference_range(finding, finding.effect),
        raw=words.difference(finding, finding.raw),
    )
    return Fact(term, words.difference(finding, finding.effect)[language], detail[language])


def _money_fact(finding: Finding, language: Language) -> Fact:
    term = say(N_("Money a year"))[language]
    if finding.money is None:
        reason = (
            N_("no price for this outcome")
            if finding.verdict == "yes"
            else N_("priced only where harm is shown")
        )
        return Fact(term, NOTHING, say(reason)[language])
    detail = say(
        N_("90 % range {range}; prices assumed")
        if finding.money.basis == "assumed"
        else N_("90 % range {range}; all measured"),
        range=words.cost_range(finding.money),
    )
    return Fact(term, words.cost(finding.money)[language], detail[language])
