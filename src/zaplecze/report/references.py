"""What stands behind every figure: its definition, its inputs and its rows, under a number.

A key names what is referred to: ``money``, ``process``, ``outcome:NAME``, ``split:LEVER``,
``lever:LEVER``, ``case`` and the names of the case's figures, ``changes``, ``alarms``, ``service``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaplecze.impact.finding import Finding, Findings, LeverTotal
from zaplecze.impact.followed import Followed
from zaplecze.language import (
    LANGUAGES,
    N_,
    Language,
    Text,
    joined,
    number,
    percent,
    say,
    say_plural,
)
from zaplecze.process import ProcessGraph
from zaplecze.report import levers, words
from zaplecze.report.labels import METHOD
from zaplecze.report.proposal import Proposal, planned_by

if TYPE_CHECKING:
    from zaplecze.money.case import CaseResult

CASE_ROWS = N_("Lines, assumptions and months: case.xlsx, and 'zaplecze money case --json'.")


@dataclass(frozen=True)
class Reference:
    """The definition behind a figure, what goes into it, and the rows that it was taken from."""

    number: int
    key: str
    title: str
    definition: str
    inputs: str
    rows: str

    @property
    def anchor(self) -> str:
        """The fragment under which it stands on a page."""
        return f"ref-{self.number}"


@dataclass(frozen=True)
class _Entry:
    key: str
    title: Text
    definition: Text
    inputs: Text
    rows: Text


def references(
    findings: Findings,
    graph: ProcessGraph,
    proposal: Proposal | None,
    language: Language,
    followed: Followed | None = None,
) -> list[Reference]:
    """Everything that a report on FINDINGS, GRAPH, PROPOSAL and FOLLOWED refers to, numbered in its order."""
    entries = [*_of_process(graph), *_of_findings(findings)]
    if proposal is not None:
        entries += _of_case(proposal)
    entries += _of_followed(followed or Followed())
    return [
        Reference(
            position,
            entry.key,
            entry.title[language],
            entry.definition[language],
            entry.inputs[language],
            entry.rows[language],
        )
        for position, entry in enumerate(entries, 1)
    ]


def _method(*terms: str) -> Text:
    """What is meant by the TERMS of the method, one after the other."""
    told = [say(means) for term, means in METHOD if term in terms]
    return Text((lang, " ".join(each[lang] for each in told)) for lang in LANGUAGES)


def _of_process(graph: ProcessGraph) -> Iterator[_Entry]:
    if graph.activities:
        yield _Entry(
            "process",
            say(N_("The process")),
            say(
                N_(
                    "Steps and the passages between them, counted. The wait is the median time from one "
                    "step to the next in the cases that go straight from one to the other."
                )
            ),
            say(
                N_("{cases} cases, {events} events"),
                cases=number(graph.cases),
                events=number(graph.events),
            ),
            say(N_("process.json; every event in log/: 'zaplecze process graph'.")),
        )


def _of_findings(findings: Findings) -> Iterator[_Entry]:
    if findings.total is not None:
        yield _Entry(
            "money",
            say(N_("What we lose in a year")),
            _method("Money"),
            joined([f.money.formula for f in findings.findings if f.money and not f.counted_in])
            if any(f.money and not f.counted_in for f in findings.findings)
            else say(N_("The prices in the workspace file")),
            say(N_("findings.xlsx, sheet “Money”; total in findings.json.")),
        )
    for outcome in dict.fromkeys(finding.outcome for finding in findings.findings):
        yield _of_outcome([f for f in findings.findings if f.outcome == outcome])
    for finding in {f.lever.id: f for f in reversed(findings.findings) if f.parts}.values():
        yield _of_split(finding)
    for lever in findings.levers:
        if lever.verdict == "yes":
            yield _of_lever(lever, findings)


def _of_outcome(same: list[Finding]) -> _Entry:
    return _Entry(
        f"outcome:{same[0].outcome}",
        same[0].outcome_label,
        _method("Raw difference", "Adjusted effect"),
        say_plural(
            N_("{count} lever, in up to {cases} {noun} with a known outcome"),
            N_("{count} levers, in up to {cases} {noun} with a known outcome"),
            len(same),
            cases=number(max(finding.n for finding in same)),
            noun=same[0].noun,
        ),
        say(N_("findings.json and findings.xlsx, one row a lever.")),
    )


def _of_split(finding: Finding) -> _Entry:
    return _Entry(
        f"split:{finding.lever.id}",
        say(N_("Whose delays: {lever}"), lever=finding.lever.label),
        _method("Whose delays broke the promise"),
        say(
            N_("{n} late {noun}"),
            n=number(sum(part.cases for part in finding.parts)),
            noun=finding.noun,
        ),
        say(N_("findings.json, “parts” of {id}."), id=finding.id),
    )


def _of_lever(lever: LeverTotal, findings: Findings) -> _Entry:
    group = levers.findings_of(lever, findings)
    main = levers.main_finding(lever, findings)
    formulas = [finding.money.formula for finding in group if finding.money]
    return _Entry(
        f"lever:{lever.lever.id}",
        lever.lever.label,
        say(
            N_(
                "Adjusted effect of this lever on each outcome, as under “Adjusted effect” and “Held equal” "
                "in the method; its money is exposed cases × effect × price."
            )
        ),
        joined(formulas)
        if formulas
        else say(N_("No price: {outcome}"), outcome=main.outcome_label),
        say(
            N_("{exposed} exposed of {n} {noun} ({share}); findings.json: {ids}."),
            exposed=number(main.exposed),
            n=number(main.n),
            noun=main.noun,
            share=percent(main.share),
            ids="; ".join(lever.findings),
        ),
    )


def _of_case(proposal: Proposal) -> Iterator[_Entry]:
    result = proposal.result
    rows = say(CASE_ROWS)
    yield _Entry(
        "case",
        say(N_("The business case")),
        say(
            N_(
                "Costs and benefits that are cash, month by month from {start} to {end}, discounted at "
                "{rate} a year. Time and capacity freed are shown and not counted."
            ),
            start=words.day(result.start),
            end=words.day(result.end),
            rate=percent(result.discount_rate),
        ),
        _inputs(result),
        rows,
    )
    yield _Entry(
        "cash-flow",
        say(N_("Cash flow")),
        say(
            N_(
                "Net cash is benefits less costs and tax. The line is its sum so far, every month "
                "discounted to the start."
            )
        ),
        _inputs(result),
        rows,
    )
    yield from _of_moves(result, rows)
    if result.tracking is not None:
        yield _Entry(
            "tracking",
            say(N_("Planned against actual")),
            say(
                N_(
                    "Actual less plan in the months with evidence. Less cost and more benefit are good. "
                    "Months without evidence keep their plan in what is expected."
                )
            ),
            planned_by(proposal),
            say(N_("[[actuals]] in the case file, with the evidence of each.")),
        )


def _of_moves(result: "CaseResult", rows: Text) -> Iterator[_Entry]:
    """What moves the case, and how far."""
    if result.tornado:
        yield _Entry(
            "tornado",
            say(N_("What moves the present value")),
            say(
                N_(
                    "Each assumption alone goes to its 10 % and its 90 % quantile; all others keep their "
                    "plain value."
                )
            ),
            _inputs(result),
            rows,
        )
    if result.spider:
        yield _Entry(
            "spider",
            say(N_("The same change of every assumption")),
            say(
                N_(
                    "Each assumption alone is changed by the same shares of its plain value; all others keep "
                    "theirs. The steeper its line, the more the case depends on it. It turns where the net "
                    "present value is zero."
                )
            ),
            _inputs(result),
            rows,
        )
    if result.simulation is not None:
        yield _Entry(
            "range",
            say(N_("Range of the present value")),
            result.simulation.method,
            say(
                N_("{draws} draws from seed {seed}"),
                draws=number(result.simulation.draws),
                seed=result.simulation.seed,
            ),
            rows,
        )


def _of_followed(followed: Followed) -> Iterator[_Entry]:
    verified = [each.verification for each in followed.changes if each.verification]
    if verified:
        yield _Entry(
            "changes",
            say(N_("What came of changes")),
            say(
                N_(
                    "What was seen against what would have been without the change, which is worked out "
                    "from the time before it or from those without it: {methods}. Band: 95 %."
                ),
                methods=joined(list({v.method_text["en"]: v.method_text for v in verified}.values())),
            ),
            say(N_("Periods before and after: {n}"), n=number(sum(len(v.series.times) for v in verified))),
            say(N_("followed.json, “changes”; 'zaplecze impact verify'.")),
        )  # fmt: skip
    if followed.watch is not None:
        yield _Entry(
            "alarms",
            say(N_("Alarms")),
            followed.watch.method,
            say(N_("Measures: {n}"), n=number(len(followed.watch.watched))),
            say(N_("followed.json, “watch”; 'zaplecze impact watch'.")),
        )
    if followed.service is not None:
        yield _Entry(
            "service",
            say(N_("Internal service")),
            followed.service.method[0],
            say(
                N_("Hand-overs: {n}, cases: {cases}"),
                n=number(followed.service.handovers),
                cases=number(followed.service.cases),
            ),
            say(N_("followed.json, “service”; 'zaplecze impact service'.")),
        )


def _inputs(result: "CaseResult") -> Text:
    measured = sum(each.basis == "measured" for each in result.assumptions)
    return say(
        N_("{lines} lines, {n} assumptions, {measured} of them measured"),
        lines=number(len(result.lines)),
        n=number(len(result.assumptions)),
        measured=number(measured),
    )
