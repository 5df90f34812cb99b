"""What stands behind findings, on a terminal: reasons, doubts, sizes, broken promises, what was held equal."""

from collections.abc import Iterator

from zaplecze.cli import console
from zaplecze.impact import Effect, Finding, Findings
from zaplecze.language import N_, Text, joined, number, percent, say
from zaplecze.report import shares, words

NOTHING = Text.same("–")


def print_evidence(findings: Findings) -> None:
    """On stdout, what the report would show of FINDINGS besides their figures."""
    _print(say(N_("Reasons")), [LEVER, OUTCOME, HURTS, WHY], _reasons(findings))
    _print(
        say(N_("How sure, and what could overturn it")),
        [LEVER, OUTCOME, TOTAL, DIRECT, OVERTURNED],
        _doubts(findings),
    )
    _print(
        say(N_("Effect by size")),
        [LEVER, OUTCOME, SIZE, CASES, EFFECT, ALIKE],
        _sizes(findings),
    )
    _print(
        say(N_("Whose delays broke the promise")),
        [LEVER, STEP, DEPARTMENT, SHARE, INTERVAL],
        _parts(findings),
    )
    _print(say(N_("What to bear in mind")), [WHY_DOUBT, LEVER], _caveats(findings))
    _print(
        say(N_("What was held equal, by the names for adjust_for and not_for under [impact]")),
        [LEVER, HELD_EQUAL],
        _held_equal(findings),
    )


LEVER: console.Column = (say(N_("Lever")), "left")
OUTCOME: console.Column = (say(N_("Outcome")), "left")
HURTS: console.Column = (say(N_("Hurts?")), "left")
WHY: console.Column = (say(N_("Why")), "left")
WHY_DOUBT: console.Column = (say(N_("What")), "left")
TOTAL: console.Column = (say(N_("Total effect (95 %)")), "right")
DIRECT: console.Column = (say(N_("Later levers held equal, too")), "right")
OVERTURNED: console.Column = (say(N_("What could overturn it")), "left")
SIZE: console.Column = (say(N_("Size")), "left")
CASES: console.Column = (say(N_("Cases")), "right")
EFFECT: console.Column = (say(N_("Adjusted (95 %)")), "right")
ALIKE: console.Column = (say(N_("Left to compare")), "right")
STEP: console.Column = (say(N_("Step")), "left")
DEPARTMENT: console.Column = (say(N_("Department")), "left")
SHARE: console.Column = (say(N_("Share of the late cases")), "right")
INTERVAL: console.Column = (say(N_("95 % interval")), "right")
HELD_EQUAL: console.Column = (say(N_("Held equal")), "left")

Rows = Iterator[list[Text]]


def _print(title: Text, columns: list[console.Column], rows: Rows) -> None:
    """A table under TITLE, where there is anything to put into it."""
    if told := [[console.said(cell) for cell in row] for row in rows]:
        console.print_table(title, columns, told)


def _reasons(findings: Findings) -> Rows:
    for finding in findings.findings:
        if finding.reason is not None:
            verdict = say(words.VERDICTS[finding.verdict])
            yield [finding.lever.label, finding.outcome_label, verdict, finding.reason]


def _doubts(findings: Findings) -> Rows:
    for finding in findings.findings:
        if finding.robustness is not None and finding.verdict in ("yes", "no"):
            yield [
                finding.lever.label,
                finding.outcome_label,
                effect_in_words(finding, finding.effect),
                effect_in_words(finding, finding.direct_effect),
                finding.robustness.sentence,
            ]


def _sizes(findings: Findings) -> Rows:
    for finding in findings.findings:
        for dose in finding.dose:
            yield [
                finding.lever.label,
                finding.outcome_label,
                dose.label,
                number(dose.n),
                effect_in_words(finding, dose.effect),
                NOTHING if dose.overlap is None else percent(dose.overlap, 0),
            ]


def _parts(findings: Findings) -> Rows:
    told = set()
    for finding in findings.findings:
        if finding.lever.id in told:
            continue
        told.add(finding.lever.id)
        shown = shares.percents_of(finding.parts)
        for part, share in zip(finding.parts, shown, strict=True):
            interval = words.share_range(part.interval)
            yield [finding.lever.label, part.step_label, part.department_label, share, interval]


def _caveats(findings: Findings) -> Rows:
    """Each caveat once, with the levers of which it is true; what is true of all names none."""
    concerned: dict[str, tuple[Text, dict[str, Text]]] = {}
    for finding in findings.findings:
        for caveat in finding.caveats:
            _, labels = concerned.setdefault(caveat["en"], (caveat, {}))
            labels[finding.lever.id] = finding.lever.label
    levers = {finding.lever.id for finding in findings.findings}
    for caveat, labels in concerned.values():
        whose = (
            say(N_("all levers")) if len(labels) == len(levers) else joined(list(labels.values()))
        )
        yield [caveat, whose]


def _held_equal(findings: Findings) -> Rows:
    """Once for all levers of which the same was held equal."""
    concerned: dict[str, dict[str, Text]] = {}
    for finding in findings.findings:
        if finding.effect is not None:
            names = ", ".join(finding.effect.adjusted_for)
            concerned.setdefault(names, {})[finding.lever.id] = finding.lever.label
    for names, labels in concerned.items():
        yield [joined(list(labels.values())), Text.same(names or "–")]


def effect_in_words(finding: Finding, effect: Effect | None) -> Text:
    """EFFECT with its interval; a dash where there is none."""
    if effect is None:
        return NOTHING
    return say(
        "{estimate} ({range})",
        estimate=words.difference(finding, effect),
        range=words.difference_range(finding, effect),
    )
