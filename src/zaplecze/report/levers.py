"""What a lever says: the same as its findings, all outcomes taken together and nothing twice."""

from zaplecze.impact.finding import Finding, Findings, LeverTotal, Verdict
from zaplecze.language import N_, Text, joined, say
from zaplecze.report import sentences, words

WITHOUT_HARM: dict[Verdict, str] = {
    "cannot tell": N_("the data cannot tell: {outcomes}"),
    "not comparable": N_("cases not comparable: {outcomes}"),
}


def findings_of(lever: LeverTotal, findings: Findings) -> list[Finding]:
    """The findings of a lever, most expensive first."""
    by_id = {finding.id: finding for finding in findings.findings}
    return [by_id[name] for name in lever.findings]


def rank_of(lever_id: str, findings: Findings) -> int:
    """The lever's place in the ranking, from 1."""
    return next(k for k, lever in enumerate(findings.levers, 1) if lever.lever.id == lever_id)


def worst_first(findings: Findings) -> list[LeverTotal]:
    """Levers that hurt, those first that cost most of what no other one contains."""
    hurting = [lever for lever in findings.levers if lever.verdict == "yes"]
    priced = [lever for lever in hurting if words.own_cost(lever) > 0]
    unpriced = [lever for lever in hurting if lever.money is None]
    return sorted(priced, key=words.own_cost, reverse=True) + unpriced


def main_finding(lever: LeverTotal, findings: Findings) -> Finding:
    """The finding that stands for the lever: a rating that suffers, else the most expensive."""
    group = findings_of(lever, findings)
    hurting = [finding for finding in group if finding.verdict == "yes"]
    ratings = [finding for finding in hurting if finding.outcome_kind == "rating"]
    return (ratings or hurting or group)[0]


def best_known(lever: LeverTotal, findings: Findings) -> Finding:
    """The finding whose cases tell how many the lever exposes: of what it hurts, else of any outcome."""
    group = findings_of(lever, findings)
    hurting = [finding for finding in group if finding.verdict == "yes"]
    return max(hurting or group, key=lambda finding: finding.n)


def lever_title(lever: LeverTotal, findings: Findings) -> Text:
    """The message of a lever: what it does to the two outcomes on which it costs most."""
    changes = [
        sentences.change(finding, finding.effect)
        for finding in findings_of(lever, findings)
        if finding.verdict == "yes" and finding.effect is not None
    ]
    return sentences.with_cost(lever.lever.label, joined(changes[:2]), lever.money)


def outcome_lines(lever: LeverTotal, findings: Findings) -> list[tuple[Verdict, Text]]:
    """What the lever does: each outcome that suffers, those with little harm, then the others."""
    group = findings_of(lever, findings)
    lines: list[tuple[Verdict, Text]] = [
        (
            "yes",
            say(
                N_("{outcome} {effect} ({interval})"),
                outcome=finding.outcome_label,
                effect=words.difference(finding, finding.effect),
                interval=words.difference_range(finding, finding.effect),
            ),
        )
        for finding in group
        if finding.verdict == "yes" and finding.effect is not None
    ]
    lines += [
        ("no", sentences.at_most(finding, finding.effect))
        for finding in group
        if finding.verdict == "no" and finding.effect is not None
    ]
    for verdict, template in WITHOUT_HARM.items():
        if outcomes := [f.outcome_label for f in group if f.verdict == verdict]:
            lines.append((verdict, say(template, outcomes=joined(outcomes))))
    return lines


def reasons(lever: LeverTotal, findings: Findings) -> list[Text]:
    """Why no harm is shown, or why it cannot be told; each reason once."""
    found = [f.reason for f in findings_of(lever, findings) if f.verdict != "yes" and f.reason]
    return _once(found)


def counted_elsewhere(lever: LeverTotal, findings: Findings) -> Text | None:
    """With which levers the total counts a part of the money, or all of it; None where none."""
    own = words.own_money(lever)
    if lever.money is None or (own is not None and own.per_year >= lever.money.per_year):
        return None
    containing = [other for other in findings.levers if other.lever.id in lever.counted_in]
    if not containing:
        return None
    labels = joined([say(N_("“{label}”"), label=other.lever.label) for other in containing])
    if own is None or own.per_year <= 0:
        return say(
            N_("what remains with {labels} held equal cannot be told from zero"), labels=labels
        )
    return say(N_("the total counts the rest with {labels}"), labels=labels)


def how_sure(lever: LeverTotal, findings: Findings) -> list[Text]:
    """Odds of better ratings, what could overturn the main effect, caveats without repeats."""
    main, group = main_finding(lever, findings), findings_of(lever, findings)
    doubt = [finding.odds.sentence for finding in group if finding.odds]
    doubt += [main.robustness.sentence] if main.robustness else []
    concerned: dict[str, tuple[Text, list[Text]]] = {}
    for finding in group:
        for caveat in finding.caveats:
            concerned.setdefault(caveat["en"], (caveat, []))[1].append(finding.outcome_label)
    for caveat, outcomes in concerned.values():
        if len(outcomes) == len(group):
            doubt.append(caveat)
        else:
            doubt.append(say(N_("{outcomes}: {caveat}"), outcomes=joined(outcomes), caveat=caveat))
    return doubt


def next_steps(lever: LeverTotal, findings: Findings) -> list[Text]:
    """What to do now, the first thing first."""
    return list(sentences.steps_against_harm(main_finding(lever, findings), lever.money))


def _once(texts: list[Text]) -> list[Text]:
    return list({text["en"]: text for text in texts}.values())
