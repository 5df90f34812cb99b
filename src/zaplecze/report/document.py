"""What the report says, in one language: the same document becomes the page and the PDF."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from zaplecze.impact.finding import Findings, LeverTotal, Verdict
from zaplecze.impact.followed import Followed
from zaplecze.language import N_, Language, Text, joined, number, percent, say, say_plural
from zaplecze.process import ProcessGraph, bare_map_svg, map_caption, sensible_shares
from zaplecze.report import harm, left_out, levers, message, sentences, shares, tables, words
from zaplecze.report.casepart import CasePart, case_part
from zaplecze.report.labels import BRING, BRING_PRICE, LABELS, METHOD, NOTHING_PRICED
from zaplecze.report.pictures import Picture, blueprint_picture, split_picture, unbroken
from zaplecze.report.proposal import Answer, Proposal, proposed, received
from zaplecze.report.references import Reference, references
from zaplecze.report.sections import Section, answer, sections
from zaplecze.report.tables import NOTHING, Table
from zaplecze.report.view import Fact, View, lever_anchor, lever_view
from zaplecze.report.way import usual_way

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
class Told:
    """An answer to one of the board's questions, and the number of the definition behind it."""

    question: str
    figure: str
    message: str
    details: list[str]
    ref: int


@dataclass(frozen=True)
class Document:
    """The whole report. ``missing`` says what to bring where something cannot be shown.

    ``alone`` says that there is a case and nothing else. ``effects`` are of what customers feel, ``actions`` of what they do; ``splits`` of promises whose
    lever is not among ``levers``; ``numbers`` are those of ``references`` by key.
    """

    language: Language
    alone: bool
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
    proposed: Told
    received: Told
    effects: list[Picture]
    actions: list[Picture]
    splits: list[Picture]
    levers: list[View]
    examined: list[Ranked]
    map: str
    map_name: str
    map_note: list[str]
    blueprint: Picture | None
    filters: str
    case: CasePart | None
    sections: list[Section]
    references: list[Reference]
    numbers: dict[str, int]
    method: list[Fact]
    held_equal: list[Fact]
    caveats: list[str]
    warnings: list[str]
    refused: list[Table]
    sources: Table
    products: Table
    prices: Table


def document(
    findings: Findings,
    graph: ProcessGraph,
    language: Language,
    proposal: Proposal | None = None,
    followed: Followed | None = None,
) -> Document:
    """Everything that the report says about FINDINGS, GRAPH, PROPOSAL and FOLLOWED in LANGUAGE."""
    summary = findings.workspace
    alone = proposal is not None and not summary.cases
    period = _period(findings, proposal)
    ranking = [_ranked(lever, findings, language) for lever in findings.levers]
    shown = [lever for lever in findings.levers if lever.verdict == "yes"][:WHOLE]
    views = [lever_view(lever, findings, language) for lever in shown]
    whole = {lever.lever.id for lever in shown}
    money = harm.money_picture(findings, language)
    way = usual_way(graph, findings)
    behind = references(findings, graph, proposal, language, followed)
    numbers = {reference.key: reference.number for reference in behind}
    content = Document(
        language=language,
        alone=alone,
        title=_title(findings, proposal)[language],
        name=summary.name[language],
        note=summary.note[language] if summary.note else "",
        summary=message.summary(findings)[language],
        facts=[
            Fact(term[language], value[language])
            for term, value in (_what_of_case(proposal) if proposal and alone else _what(findings))
        ],
        period=period[language] if period else NOTHING,
        created=words.created(summary)[language],
        labels=labels(findings, language),
        money=money,
        first=[_first(lever, findings, language) for lever in levers.worst_first(findings)[:FIRST]],
        missing=[text[language] for text in _missing(findings)],
        counts=f"{_counts(findings)[language]} {tables.counted_cases(findings)[language]}",
        ranking=ranking,
        proposed=_told(proposed(proposal), numbers.get("case", 0), language),
        received=_received(proposal, followed, numbers.get("tracking", 0), language),
        effects=harm.effects(findings, language, harm.FELT, beside_money=money is not None),
        actions=harm.effects(findings, language, harm.DONE, beside_money=money is not None),
        splits=[
            split_picture(promise, language)
            for promise in harm.promises(findings)
            if promise.lever.id not in whole
        ],
        levers=views,
        examined=[
            row
            for row, lever in zip(ranking, findings.levers, strict=True)
            if lever.lever.id not in whole
        ],
        map=_map(graph, language),
        map_name=graph.name[language],
        map_note=_map_note(graph, language),
        blueprint=blueprint_picture(way, graph, language) if way else None,
        filters=filters(graph)[language],
        case=case_part(proposal, language) if proposal else None,
        sections=sections(findings, followed, language),
        references=behind,
        numbers=numbers,
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


def filters(graph: ProcessGraph) -> Text:
    """The filters in force, for every page."""
    if not graph.filters:
        return say(N_("No filter"))
    return say(N_("Filter: {filters}"), filters=joined(graph.filters))


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


def _title(findings: Findings, proposal: Proposal | None) -> Text:
    if proposal is not None and not findings.workspace.cases:
        return proposal.result.sentence
    return message.headline(findings)


def _period(findings: Findings, proposal: Proposal | None) -> Text | None:
    """The days that the log covers; of a case alone those that it looks at."""
    if proposal is None or findings.workspace.cases:
        return words.period(findings.workspace)
    return words.days(proposal.result.start, proposal.result.end)


def _what_of_case(proposal: Proposal) -> Iterator[tuple[Text, Text]]:
    """The small line under the title of a case alone."""
    yield say(N_("What")), say(N_("the business case"))
    yield say(N_("Unit")), Text.same(proposal.result.currency)
    yield say(N_("Period")), words.days(proposal.result.start, proposal.result.end)


def _received(
    proposal: Proposal | None, followed: Followed | None, ref: int, language: Language
) -> Told:
    """What became of the last approval; without one that is tracked, of the last change."""
    tracked = proposal is not None and proposal.result.tracking is not None
    changed = None if tracked else answer(followed)
    if changed is not None:
        return _told(changed, 0, language)
    return _told(received(proposal), ref, language)


def _told(answer: Answer, ref: int, language: Language) -> Told:
    return Told(
        answer.heading[language],
        answer.figure[language],
        answer.message[language],
        [detail[language] for detail in answer.details],
        ref,
    )


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
            N_("{cases} {noun}, {events}"),
            cases=number(summary.cases),
            noun=summary.noun,
            events=say_plural(N_("{count} event"), N_("{count} events"), summary.events),
        ),
    )
    yield say(N_("As of")), words.created(summary)
    if left := left_out.in_short(findings):
        yield say(N_("Left out")), left


def _first(lever: LeverTotal, findings: Findings, language: Language) -> First:
    rank = levers.rank_of(lever.lever.id, findings)
    money = [sentence[language] for sentence in sentences.money_sentences(lever)]
    if not money:
        known = levers.best_known(lever, findings)
        exposed = say(
            N_("{exposed} of {n} {noun} whose outcome is known are exposed ({share})."),
            exposed=number(known.exposed),
            n=number(known.n),
            noun=known.noun,
            share=percent(known.share),
        )
        money = [exposed[language]]
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
    told = N_(
        "{all} pairs of lever and outcome were examined: {yes} go with harm, {no} with little "
        "or none, for {unknown} the data cannot tell."
    )
    if found["not comparable"]:
        told = N_(
            "{all} pairs of lever and outcome were examined: {yes} go with harm, {no} with little "
            "or none, for {unknown} the data cannot tell, and in {apart} the cases are not "
            "comparable."
        )
    return say(
        told,
        all=number(len(findings.findings)),
        yes=number(found["yes"]),
        no=number(found["no"]),
        unknown=number(found["cannot tell"]),
        apart=number(found["not comparable"]),
    )


def _ranked(lever: LeverTotal, findings: Findings, language: Language) -> Ranked:
    rank, money = levers.rank_of(lever.lever.id, findings), lever.money
    best_known = levers.best_known(lever, findings)
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
    return bare_map_svg(graph, language, activities=activities, paths=paths)


def _map_note(graph: ProcessGraph, language: Language) -> list[str]:
    if not graph.activities:
        return []
    activities, paths = sensible_shares(graph)
    return map_caption(graph, language, activities=activities, paths=paths)
