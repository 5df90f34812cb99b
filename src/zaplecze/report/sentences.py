"""What a finding says: sentences that a manager understands and a statistician accepts.

They never claim more than the method carries: an effect is a difference among cases alike in what
was known before, and where it cannot be told the sentence says why.
"""

from collections.abc import Iterator

from zaplecze.impact.finding import Effect, Finding, LeverTotal, Money
from zaplecze.language import LANGUAGES, N_, Text, number, percent, say
from zaplecze.report import shares, words

EXPOSURE = {
    "promise": N_("“{step}” came later than promised in {exposed} of {n} {noun} ({share})."),
    "late": N_("“{step}” came after its deadline or target in {exposed} of {n} {noun} ({share})."),
    "slow": N_(
        "“{step}” took longer than the promise allowed in {exposed} of {n} {noun} ({share})."
    ),
    "rework": N_("“{step}” was done more than once in {exposed} of {n} {noun} ({share})."),
    "exception": N_("“{step}” became necessary in {exposed} of {n} {noun} ({share})."),
    "attribute": N_("“{label}” applies to {exposed} of {n} {noun} ({share})."),
}

LABELLED = EXPOSURE["attribute"]
"""Other levers are named by what they are and not by their step."""

LEVELS = {
    "rating": N_("“{outcome}” averages {exposed} there and {others} elsewhere."),
    "yes_no": N_("“{outcome}” holds for {exposed} of them and for {others} of the others."),
    "count": N_("“{outcome}” averages {exposed} there and {others} elsewhere."),
    "amount": N_("“{outcome}” averages {exposed} there and {others} elsewhere."),
    "duration": N_("“{outcome}” averages {exposed} there and {others} elsewhere."),
    "money": N_("“{outcome}” averages {exposed} there and {others} elsewhere."),
}


def finding_title(finding: Finding) -> Text:
    """The message of one finding, short enough for a title."""
    label, outcome = finding.lever.label, finding.outcome_label
    if finding.effect is None or finding.verdict not in ("yes", "no"):
        template = (
            N_("{label} – cases not comparable for “{outcome}”")
            if finding.verdict == "not comparable"
            else N_("{label} – cannot tell whether it hurts “{outcome}”")
        )
        return say(template, label=label, outcome=outcome)
    if finding.verdict == "no":
        return say(N_("{label} – {change}"), label=label, change=at_most(finding, finding.effect))
    return with_cost(label, change(finding, finding.effect), finding.money)


def change(finding: Finding, effect: Effect) -> Text:
    """By how much the outcome is lower or higher."""
    template = (
        N_("“{outcome}” {amount} lower")
        if effect.estimate < 0
        else N_("“{outcome}” {amount} higher")
    )
    return say(template, outcome=finding.outcome_label, amount=words.size(finding, effect))


def at_most(finding: Finding, effect: Effect) -> Text:
    """How much worse the outcome may be, where the interval leaves little or nothing."""
    worst = words.worst(finding, effect)
    if not words.is_harm(finding, worst):
        return say(N_("“{outcome}” not worse"), outcome=finding.outcome_label)
    template = (
        N_("“{outcome}” at most {amount} lower")
        if worst < 0
        else N_("“{outcome}” at most {amount} higher")
    )
    amount = words.size(finding, effect, worst)
    return say(template, outcome=finding.outcome_label, amount=amount)


def with_cost(label: Text, change: Text, amount: Money | None) -> Text:
    """A title: what it does and, where that is known, what it costs."""
    if amount is None or amount.per_year <= 0:
        return say(N_("{label} – {change}"), label=label, change=change)
    return say(
        N_("{label} – {change}, about {cost} a year"),
        label=label,
        change=change,
        cost=words.cost(amount),
    )


def finding_sentence(finding: Finding) -> Text:
    """What FINDING says, in three or four whole sentences."""
    return _together(
        [exposure_sentence(finding), *_difference_sentences(finding), *money_sentences(finding)]
    )


def exposure_sentence(finding: Finding) -> Text:
    """How many cases the lever concerns."""
    return say(
        EXPOSURE.get(finding.lever.kind, LABELLED),
        step=finding.lever.step_label,
        label=finding.lever.label,
        exposed=number(finding.exposed),
        n=number(finding.n),
        noun=finding.noun,
        share=percent(finding.share),
    )


def level_sentence(finding: Finding) -> Text | None:
    """The outcome's level with the lever and without; None where there is nothing to compare."""
    if not 0 < finding.exposed < finding.n:
        return None
    return say(
        LEVELS[finding.outcome_kind],
        outcome=finding.outcome_label,
        exposed=words.level(finding, finding.means[0]),
        others=words.level(finding, finding.means[1]),
    )


def _difference_sentences(finding: Finding) -> Iterator[Text]:
    if level := level_sentence(finding):
        yield level
    if finding.effect is not None:
        yield say(
            N_(
                "Among {noun} alike in what was known before, the difference is {effect} (95 % interval {interval})."
            ),
            noun=finding.noun,
            effect=words.difference(finding, finding.effect),
            interval=words.difference_range(finding, finding.effect),
        )
    if finding.verdict == "cannot tell":
        yield say(
            N_("These data cannot tell whether it hurts “{outcome}”."),
            outcome=finding.outcome_label,
        )
    if finding.verdict == "not comparable":
        yield say(
            N_("With and without it, the {noun} differ too much beforehand to be compared."),
            noun=finding.noun,
        )
    if finding.verdict != "yes" and finding.reason is not None:
        yield finding.reason


def money_sentences(finding: Finding | LeverTotal) -> Iterator[Text]:
    """What it costs, at whose prices, and how much of that the total counts with later levers."""
    amount, own = finding.money, words.own_money(finding)
    if finding.verdict != "yes" or amount is None:
        return
    if amount.per_year <= 0:
        return
    template = {
        "measured": N_("At the measured prices this costs {range} a year (90 % range)."),
        "assumed": N_("At the assumed prices this costs {range} a year (90 % range)."),
    }[amount.basis]
    yield say(template, range=words.cost_range(amount))
    if own is not None and own.per_year >= amount.per_year:
        return
    if own is None or own.per_year <= 0:
        yield say(
            N_(
                "With the later levers held equal, what remains of it cannot be told from zero; "
                "the total counts it with them."
            )
        )
    else:
        yield say(
            N_(
                "With the later levers held equal, about {own} of it remains; the total counts the "
                "rest with them."
            ),
            own=words.cost(own),
        )


def who_and_where(finding: Finding) -> list[Text]:
    """Whose step it is, and how many cases a year."""
    lines = []
    if finding.lever.step_label["en"]:
        lines.append(say(N_("Step: {step}"), step=finding.lever.step_label))
    if finding.parts:
        lines.append(say(N_("Departments: {departments}"), departments=shares.whose(finding)))
    elif finding.lever.department_label["en"]:
        lines.append(say(N_("Department: {department}"), department=finding.lever.department_label))
    if finding.exposed_per_year is not None:
        lines.append(
            say(
                N_("{count} {noun} in the latest year"),
                count=number(finding.exposed_per_year),
                noun=finding.noun,
            )
        )
    return lines


def how_sure(finding: Finding) -> list[Text]:
    """What remains of the raw difference, odds, what could overturn it, and the caveats."""
    lines = []
    if finding.effect is not None:
        lines.append(
            say(
                N_(
                    "The raw difference is {raw}; among {noun} alike in what was known before it is {effect}."
                ),
                raw=words.difference(finding, finding.raw),
                effect=words.difference(finding, finding.effect),
                noun=finding.noun,
            )
        )
    elif finding.reason is not None:
        lines.append(finding.reason)
    if finding.odds is not None:
        lines.append(finding.odds.sentence)
    if finding.robustness is not None:
        lines.append(finding.robustness.sentence)
    return [*lines, *finding.caveats]


def next_steps(finding: Finding) -> list[Text]:
    """What to do now, the first thing first."""
    return list(_next_steps(finding))


def _next_steps(finding: Finding) -> Iterator[Text]:
    if finding.verdict == "no":
        yield _what_no_carries(finding)
        return
    if finding.verdict == "not comparable":
        yield say(N_("Change the step in a part of the cases only, and compare the two parts."))
        return
    if finding.verdict == "cannot tell":
        yield say(N_("These data carry no decision; look again when there are more cases."))
        yield say(
            N_("If a decision cannot wait, change the step in a part of the cases and compare.")
        )
        return
    yield from steps_against_harm(finding, finding.money)


def _what_no_carries(finding: Finding) -> Text:
    if finding.effect is None or not words.is_harm(finding, words.worst(finding, finding.effect)):
        return say(
            N_(
                "These data show no harm to “{outcome}”; an expense here for the customers' sake "
                "would need other reasons."
            ),
            outcome=finding.outcome_label,
        )
    return say(
        N_(
            "These data carry an effect of at most {amount} on “{outcome}”; an expense here for the "
            "customers' sake would need other reasons."
        ),
        amount=words.size(finding, finding.effect, words.worst(finding, finding.effect)),
        outcome=finding.outcome_label,
    )


def steps_against_harm(finding: Finding, amount: Money | None) -> Iterator[Text]:
    """What to do about a FINDING that hurts and costs AMOUNT."""
    yield _first_step(finding)
    yield say(N_("Name an owner and a target for this step, and watch both every month."))
    if amount is not None and amount.basis == "assumed":
        yield say(N_("Have finance check the prices that are assumed."))
    yield say(N_("After the change, verify with the same measure whether customers noticed."))


WITH_DEPARTMENT = {
    "promise": N_(
        "Open the longest delays with “{who}” and agree how long the step may take, or promise a later day."
    ),
    "late": N_("Open the longest delays with “{who}”: what did “{step}” wait for?"),
    "slow": N_("Open the longest delays with “{who}”: what did “{step}” wait for?"),
    "rework": N_(
        "Open repeated cases with “{who}”: what sends “{step}” back (papers, data, rules)?"
    ),
    "exception": N_("Open some cases with “{who}”: what makes “{step}” necessary?"),
    "attribute": N_("Open some cases with “{who}”: what would it take to avoid “{label}”?"),
}

WITHOUT_DEPARTMENT = {
    "promise": N_(
        "Open the longest delays and agree how long the step may take, or promise a later day."
    ),
    "late": N_("Open the longest delays: what did “{step}” wait for?"),
    "slow": N_("Open the longest delays: what did “{step}” wait for?"),
    "rework": N_("Open repeated cases: what sends “{step}” back (papers, data, rules)?"),
    "exception": N_("Open some cases: what makes “{step}” necessary?"),
    "attribute": N_("Open some cases: what would it take to avoid “{label}”?"),
}


def _first_step(finding: Finding) -> Text:
    lever, who = finding.lever, _who(finding)
    if lever.kind in ("handover", "returned"):
        return say(N_("Open some cases that were passed on: what did the one department lack?"))
    templates = WITH_DEPARTMENT if who["en"] else WITHOUT_DEPARTMENT
    template = templates.get(lever.kind, templates["attribute"])
    return say(template, step=lever.step_label, label=lever.label, who=who)


def _who(finding: Finding) -> Text:
    """The department to talk to: the one with most of the late cases, else the step's own, if any."""
    if finding.parts:
        part = max(finding.parts, key=lambda part: part.share)
        if part.department_label["en"]:
            return part.department_label
    return finding.lever.department_label


def _together(sentences: list[Text]) -> Text:
    return Text((lang, " ".join(sentence[lang] for sentence in sentences)) for lang in LANGUAGES)
