"""What the report says, in one language: the same document becomes the page and the PDF."""

import functools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from zaplecze.impact.finding import Finding, Findings, LeverTotal, Verdict
from zaplecze.language import N_, Language, Text, number, percent, say
from zaplecze.process import ProcessGraph, map_svg, sensible_shares
from zaplecze.report import figures, left_out, levers, message, sentences, shares, tables, words
from zaplecze.report.labels import BRING, BRING_PRICE, LABELS, METHOD, NOTES, NOTHING_PRICED
from zaplecze.report.pictures import Picture, split_picture, unbroken
from zaplecze.report.tables import NOTHING, Table
from zaplecze.report.view import Fact, View, lever_anchor, lever_view

FIRST = 3
"""Levers on the board's page."""

WHOLE = 10
"""Levers shown with their evidence; the others are a line each."""


@dataclass(frozen=True)
class Line:
    """What a lever does to an outcome, or the outcomes that it does nothing to."""

    code: Verdict
    words: str


@dataclass(frozen=True)
class Ranked:
    """A lever's row in the ranking; ``why`` says why no harm is shown."""

    rank: int
    anchor: str
    label: str
    department: str
    exposed: str
    share: str
    lines: list[Line]
    money: str
    range: str
    basis: str
    own: str
    why: str


@dataclass(frozen=True)
class First:
    """A lever on the board's page."""

    rank: int
    anchor: str
    title: str
    money: str
    step: str


@dataclass(frozen=True)
class Document:
    """The whole report. ``missing`` says what to bring where something cannot be shown."""

    language: Language
    title: str
    name: str
    note: str
    summary: str
    facts: list[Fact]
    period: str
    created: str
    labels: dict[str, str]
    money: Picture | None
    first: list[First]
    missing: list[str]
    counts: str
    ranking: list[Ranked]
    effects: list[Picture]
    splits: list[Picture]
    levers: list[View]
    examined: list[Ranked]
    map: str
    map_name: str
    method: list[Fact]
    held_equal: list[Fact]
    caveats: list[str]
    warnings: list[str]
    refused: list[Table]
    sources: Table
    products: Table
    prices: Table


def document(findings: Findings, graph: ProcessGraph, language: Language) -> Document:
    """Everything that the report says about FINDINGS and GRAPH in LANGUAGE."""
    summary = findings.workspace
    period = words.period(summary)
    ranking = [_ranked(lever, findings, language) for lever in findings.levers]
    shown = [lever for lever in findings.levers if lever.verdict == "yes"][:WHOLE]
    views = [lever_view(lever, findings, language, with_split=False) for lever in shown]
    whole = {lever.lever.id for lever in shown}
    money = _money_picture(findings, language)
    content = Document(
        language=language,
        title=message.headline(findings)[language],
        name=summary.name[language],
        note=summary.note[language] if summary.note else "",
        summary=message.summary(findings)[language],
        facts=[Fact(term[language], value[language]) for term, value in _what(findings)],
        period=period[language] if period else NOTHING,
        created=words.created(summary)[language],
        labels=labels(findings, language),
        money=money,
        first=[_first(lever, findings, language) for lever in levers.worst_first(findings)[:FIRST]],
        missing=[text[language] for text in _missing(findings)],
        counts=_counts(findings)[language],
        ranking=ranking,
        effects=_effects(findings, language, beside_money=money is not None),
        splits=[split_picture(promise, language) for promise in _promises(findings)],
        levers=views,
        examined=[
            row
            for row, lever in zip(ranking, findings.levers, strict=True)
            if lever.lever.id not in whole
        ],
        map=_map(graph, language),
        map_name=graph.name[language],
        method=[Fact(say(term)[language], say(means)[language]) for term, means in METHOD],
        held_equal=list(_held_equal(findings, language)),
        caveats=_other_caveats(findings, whole, language),
        warnings=[warning[language] for warning in summary.warnings],
        refused=[table for table in _refused(findings, language) if table.rows],
        sources=tables.sources_table(summary, language),
        products=tables.products_table(findings, language),
        prices=tables.prices_table(findings, language),
    )
    return unbroken(content)


def labels(findings: Findings, language: Language) -> dict[str, str]:
    """The fixed words in LANGUAGE; ``{page}`` and ``{pages}`` stay for the printer."""
    summary = findings.workspace
    filled: dict[str, Text | str] = {
        "version": summary.version,
        "date": words.created(summary),
        "page": "{page}",
        "pages": "{pages}",
    }
    return {key: say(message, **filled)[language] for key, message in LABELS.items()}


def _what(findings: Findings) -> Iterator[tuple[Text, Text]]:
    """What is shown, its unit, period, how many and what not: the small line under the title."""
    summary = findings.workspace
    yield (
        say(N_("What")),
        say(N_("harm of back-office work to customers, exposed against comparable cases")),
    )
    if findings.total is not None:
        yield say(N_("Unit")), say(N_("{currency} a year"), currency=summary.currency)
    if period := words.period(summary):
        yield say(N_("Period")), period
    yield (
        say(N_("n")),
        say(
            N_("{cases} {noun}, {events} events"),
            cases=number(summary.cases),
            noun=summary.noun,
            events=number(summary.events),
        ),
    )
    yield say(N_("As of")), words.created(summary)
    if left := left_out.in_short(findings):
        yield say(N_("Left out")), left


def _first(lever: LeverTotal, findings: Findings, language: Language) -> First:
    rank = levers.rank_of(lever.lever.id, findings)
    money = [sentence[language] for sentence in sentences.money_sentences(lever)]
    return First(
        rank=rank,
        anchor=lever_anchor(rank),
        title=levers.lever_title(lever, findings)[language],
        money=" ".join(money),
        step=levers.next_steps(lever, findings)[0][language],
    )


def _missing(findings: Findings) -> Iterator[Text]:
    if not findings.findings:
        for line in BRING:
            yield say(line)
    elif all(finding.money is None for finding in findings.findings):
        harmed = any(finding.verdict == "yes" for finding in findings.findings)
        yield say(BRING_PRICE if harmed else NOTHING_PRICED)


def _counts(findings: Findings) -> Text:
    found = Counter(finding.verdict for finding in findings.findings)
    return say(
        N_(
            "{all} pairs of lever and outcome were examined: {yes} go with harm, {no} with little "
            "or none, for {unknown} the data cannot tell."
        ),
        all=number(len(findings.findings)),
        yes=number(found["yes"]),
        no=number(found["no"]),
        unknown=number(found["cannot tell"] + found["not comparable"]),
    )


def _ranked(lever: LeverTotal, findings: Findings, language: Language) -> Ranked:
    rank, money = levers.rank_of(lever.lever.id, findings), lever.money
    best_known = max(levers.findings_of(lever, findings), key=lambda finding: finding.n)
    return Ranked(
        rank=rank,
        anchor=lever_anchor(rank),
        label=lever.lever.label[language],
        department=shares.whose(best_known)[language],
        exposed=number(best_known.exposed)[language],
        share=percent(best_known.share)[language],
        lines=[Line(code, line[language]) for code, line in levers.outcome_lines(lever, findings)],
        money=words.cost(money)[language] if money else NOTHING,
        range=words.cost_range(money)[language] if money else "",
        basis=say(words.BASES[money.basis])[language] if money else "",
        own=words.own_part(lever)[language],
        why=" ".join(reason[language] for reason in levers.reasons(lever, findings)),
    )


def _money_picture(findings: Findings, language: Language) -> Picture | None:
    worst, total = levers.worst_first(findings), findings.total
    own = words.own_money(worst[0]) if worst else None
    if total is None or total.per_year <= 0 or own is None:
        return None
    told = say(
        N_("“{label}” makes up {own} of {total} a year"),
        label=worst[0].lever.label,
        own=words.cost(own),
        total=words.cost(total),
    )
    hidden = sum(lever.money is not None for lever in findings.levers) - figures.MOST_BARS
    note = say(NOTES["money"], currency=total.currency)
    if hidden > 0:
        note = say(N_("{note} Only in the table: {n}."), note=note, n=number(hidden))
    return Picture.of(
        told,
        note,
        lambda width: figures.money_figure(findings, language, width),
        tables.money_table(findings, language),
        language,
    )


def _effects(findings: Findings, language: Language, *, beside_money: bool) -> list[Picture]:
    """One picture an outcome, in the order in which the findings name them.

    A single outcome needs none beside the picture of the money: the ranking holds its effects.
    """
    outcomes = list(dict.fromkeys(finding.outcome for finding in findings.findings))
    if len(outcomes) == 1 and beside_money:
        return []
    return [_effects_picture(findings, outcome, language) for outcome in outcomes]


def _effects_picture(findings: Findings, outcome: str, language: Language) -> Picture:
    same = [finding for finding in findings.findings if finding.outcome == outcome]
    return Picture.of(
        _effects_message(same),
        say(NOTES["effects"]),
        functools.partial(figures.effects_figure, findings, outcome, language),
        tables.effects_table(findings, outcome, language),
        language,
    )


def _effects_message(same: list[Finding]) -> Text:
    hurting = [finding for finding in same if finding.verdict == "yes" and finding.effect]
    if not hurting:
        return say(N_("“{outcome}”: no harm is shown"), outcome=same[0].outcome_label)
    worst = max(hurting, key=lambda finding: abs(finding.effect.estimate if finding.effect else 0))
    assert worst.effect is not None
    return say(
        N_("“{outcome}”: the largest effect is {effect}, with “{label}”"),
        outcome=worst.outcome_label,
        effect=words.difference(worst, worst.effect),
        label=worst.lever.label,
    )


def _promises(findings: Findings) -> list[Finding]:
    """A finding for every broken promise, whatever outcomes it was held against."""
    return list({f.lever.id: f for f in reversed(findings.findings) if f.parts}.values())[::-1]


def _held_equal(findings: Findings, language: Language) -> Iterator[Fact]:
    """What was held equal, once for all levers of which the same holds."""
    concerned: dict[str, dict[str, None]] = {}
    for finding in findings.findings:
        if finding.effect is not None and finding.effect.held_equal is not None:
            held = concerned.setdefault(finding.effect.held_equal[language], {})
            held[finding.lever.label[language]] = None
    for held_equal, labels_of in concerned.items():
        yield Fact("; ".join(labels_of), held_equal)


def _other_caveats(findings: Findings, told: set[str], language: Language) -> list[str]:
    """The caveats that no lever shown with its evidence has TOLD."""
    said = {c["en"] for f in findings.findings if f.lever.id in told for c in f.caveats}
    caveats = [c for f in findings.findings for c in f.caveats if c["en"] not in said]
    return list(dict.fromkeys(caveat[language] for caveat in caveats))


def _refused(findings: Findings, language: Language) -> Iterator[Table]:
    yield tables.refused_variables_table(findings, language)
    yield tables.refused_rows_table(findings.workspace, language)


def _map(graph: ProcessGraph, language: Language) -> str:
    if not graph.activities:
        return ""
    activities, paths = sensible_shares(graph)
    return map_svg(graph, language, activities=activities, paths=paths)
