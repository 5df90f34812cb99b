"""A lever, or one finding, in one language: the same words for page, PDF and web application."""

from collections.abc import Iterator
from dataclasses import dataclass

from zaplecze.impact.finding import Finding, Findings, LeverTotal
from zaplecze.language import N_, Language, Text, number, percent, say
from zaplecze.report import levers, sentences, tables, words
from zaplecze.report.pictures import (
    Picture,
    comparison_picture,
    dose_picture,
    split_picture,
    unbroken,
)
from zaplecze.report.tables import NOTHING, Table


@dataclass(frozen=True)
class Fact:
    """A number or a word, what it is, and what belongs to it; ``mark`` is a verdict's."""

    term: str
    value: str
    detail: str = ""
    mark: str = ""


@dataclass(frozen=True)
class View:
    """Everything in words and pictures; only a lever has a ``rank``, a table of outcomes and a ``ref``."""

    rank: str
    anchor: str
    title: str
    sentence: str
    facts: list[Fact]
    outcomes: Table | None
    pictures: list[Picture]
    who: list[str]
    sure: list[str]
    steps: list[str]
    inputs: list[Table]
    ref: str = ""


def finding_view(finding: Finding, findings: Findings, language: Language) -> View:
    """FINDING in LANGUAGE."""
    sentence = finding.sentence or sentences.finding_sentence(finding)
    return unbroken(
        View(
            rank="",
            anchor=f"finding-{findings.findings.index(finding) + 1}",
            title=sentences.finding_title(finding)[language],
            sentence=sentence[language],
            facts=list(_facts(finding, language)),
            outcomes=None,
            pictures=list(_pictures(finding, findings, language)),
            who=[line[language] for line in sentences.who_and_where(finding)],
            sure=[line[language] for line in sentences.how_sure(finding)],
            steps=[line[language] for line in sentences.next_steps(finding)],
            inputs=_inputs([finding], language),
        )
    )


def lever_view(lever: LeverTotal, findings: Findings, language: Language) -> View:
    """A lever that hurts, with all its outcomes, in LANGUAGE; pictures are of the main one."""
    group, main = levers.findings_of(lever, findings), levers.main_finding(lever, findings)
    rank = levers.rank_of(lever.lever.id, findings)
    level = sentences.level_sentence(main)
    several = len(group) > 1
    return unbroken(
        View(
            rank=str(rank),
            anchor=lever_anchor(rank),
            title=levers.lever_title(lever, findings)[language],
            sentence=level[language] if level else "",
            facts=list(_lever_facts(lever, findings, language)),
            outcomes=tables.outcomes_table(group, language) if several else None,
            pictures=list(_pictures(main, findings, language)),
            who=[line[language] for line in sentences.who_and_where(main)],
            sure=[line[language] for line in levers.how_sure(lever, findings)],
            steps=[line[language] for line in levers.next_steps(lever, findings)],
            inputs=_inputs(group, language),
            ref=f"lever:{lever.lever.id}",
        )
    )


def lever_anchor(rank: int) -> str:
    """The fragment under which a lever stands on a page."""
    return f"lever-{rank}"


def _pictures(finding: Finding, findings: Findings, language: Language) -> Iterator[Picture]:
    """With and without it, by size of the delay, and whose delays it was."""
    if 0 < finding.exposed < finding.n:
        yield comparison_picture(finding, findings, language)
    if finding.dose:
        yield dose_picture(finding, findings, language)
    if finding.parts:
        yield split_picture(finding, language)


def _inputs(group: list[Finding], language: Language) -> list[Table]:
    return [tables.inputs_table(f, f.money, language) for f in group if f.money]


def _facts(finding: Finding, language: Language) -> Iterator[Fact]:
    yield _exposure_fact(finding, language)
    yield _effect_fact(finding, language)
    yield _money_fact(finding, N_("no price for this outcome"), language)
    yield Fact(
        say(N_("Does it hurt?"))[language],
        say(words.VERDICTS[finding.verdict])[language],
        mark=finding.verdict,
    )


def _lever_facts(lever: LeverTotal, findings: Findings, language: Language) -> Iterator[Fact]:
    group = levers.findings_of(lever, findings)
    yield _exposure_fact(levers.best_known(lever, findings), language)
    if len(group) == 1:
        yield _effect_fact(group[0], language)
    yield _money_fact(lever, N_("no price for what it hurts"), language)
    if elsewhere := levers.counted_elsewhere(lever, findings):
        yield Fact(
            say(N_("Of it counted nowhere else"))[language],
            words.own_part(lever)[language],
            elsewhere[language],
        )


def _exposure_fact(finding: Finding, language: Language) -> Fact:
    share, n, year = percent(finding.share), number(finding.n), finding.exposed_per_year
    detail = (
        say(
            N_(
                "{share} of {n} whose outcome is known; the log is too short to say how many a year"
            ),
            share=share,
            n=n,
        )
        if year is None
        else say(
            N_("{share} of {n} whose outcome is known; {year} of all in the latest year"),
            share=share,
            n=n,
            year=number(year),
        )
    )
    exposed = number(finding.exposed)
    return Fact(say(N_("Exposed cases"))[language], exposed[language], detail[language])


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


def _money_fact(priced: Finding | LeverTotal, without_price: str, language: Language) -> Fact:
    term, amount = say(N_("Money a year"))[language], priced.money
    if amount is None:
        harmless = N_("priced only where harm is shown")
        reason = without_price if priced.verdict == "yes" else harmless
        return Fact(term, NOTHING, say(reason)[language])
    detail: Text = say(
        N_("90 % range {range}; prices assumed")
        if amount.basis == "assumed"
        else N_("90 % range {range}; all measured"),
        range=words.cost_range(amount),
    )
    return Fact(term, words.cost(amount)[language], detail[language])
