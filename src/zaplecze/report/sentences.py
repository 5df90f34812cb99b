"""What a finding says: sentences that a manager understands and a statistician accepts.

They never claim more than the method carries: an effect is a difference among cases alike in what
was known before, and where it cannot be told the sentence says why.
"""

from collections.abc import Iterator

from zaplecze.impact.finding import Effect, Finding, Findings, LeverTotal, Money, Part
from zaplecze.language import LANGUAGES, N_, Text, number, percent, say, say_plural
from zaplecze.report import words

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

LEVELS = {
    "rating": N_("“{outcome}” averages {exposed} there and {others} elsewhere."),
    "yes_no": N_("“{outcome}” holds for {exposed} of them and for {others} of the others."),
    "count": N_("“{outcome}” averages {exposed} there and {others} elsewhere."),
    "amount": N_("“{outcome}” averages {exposed} there and {others} elsewhere."),
}


def headline(findings: Findings) -> Text:
    """The message of the whole report: what it costs, or why that cannot be said."""
    total = findings.total
    if not findings.findings:
        return say(N_("The work is measured; what it does to customers is not yet"))
    if total is not None and total.per_year > 0:
        department = _heaviest_department(findings)
        if department is None:
            return say(
                N_("What goes wrong behind the counter costs {cost} a year"),
                cost=words.cost(total),
            )
        name, share = department
        return say(
            N_("What goes wrong behind the counter costs {cost} a year, {share} of it at “{name}”"),
            cost=words.cost(total),
            share=percent(share, 0),
            name=name,
        )
    harmful = [finding for finding in findings.findings if finding.verdict == "yes"]
    if not harmful:
        return say(N_("No harm to customers can be shown in the work that was examined"))
    return say_plural(
        "Customers suffer measurably in {count} place of the work behind the counter; it has no price yet",
        "Customers suffer measurably in {count} places of the work behind the counter; they have no price yet",
        len(harmful),
    )


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
        return say(N_("{label} – does not hurt “{outcome}”"), label=label, outcome=outcome)
    return with_cost(label, change(finding, finding.effect), finding.money)


def change(finding: Finding, effect: Effect) -> Text:
    """By how much the outcome is lower or higher."""
    template = (
        N_("“{outcome}” {amount} lower")
        if effect.estimate < 0
        else N_("“{outcome}” {amount} higher")
    )
    return say(template, outcome=finding.outcome_label, amount=words.size(finding, effect))


def with_cost(label: Text, change: Text, amount: Money | None) -> Text:
    """A title: what it does and, where that is known, what it costs."""
    if amount is None or amount.per_year <= 0:
        return say(N_("{label} – {change}"), label=label, change=change)
    return say(
        N_("{label} – {change}, {cost} a year"),
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
        EXPOSURE[finding.lever.kind],
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
    """What it costs, at whose prices, and how much of that another finding already contains."""
    amount, own = finding.money, finding.own
    if finding.verdict != "yes" or amount is None:
        return
    if amount.per_year <= 0:
        return
    template = {
        "measured": N_("This costs {range} a year (90 % range)."),
        "assumed": N_("At the assumed prices this costs {range} a year (90 % range)."),
    }[amount.basis]
    yield say(template, range=words.cost_range(amount))
    if finding.counted_in is None:
        return
    if own is not None and own.per_year >= amount.per_year:
        return
    if own is None or own.per_year <= 0:
        yield say(N_("All of it is already counted with the broken promise."))
    else:
        yield say(
            N_("All but {own} of it is already counted with the broken promise."),
            own=words.cost(own),
        )


def who_and_where(finding: Finding) -> list[Text]:
    """Whose step it is, how many cases a year, and who used up the time."""
    lines = []
    if finding.lever.step_label["en"]:
        lines.append(say(N_("Step: {step}"), step=finding.lever.step_label))
    if finding.lever.department_label["en"]:
        lines.append(say(N_("Department: {department}"), department=finding.lever.department_label))
    lines.append(
        say(
            N_("{count} {noun} in the latest year"),
            count=number(finding.exposed_per_year),
            noun=finding.noun,
        )
    )
    if finding.parts:
        lines.append(parts_message(finding))
    return lines


def parts_message(finding: Finding) -> Text:
    """Who used up most of the time of a broken promise."""
    part = max(finding.parts, key=lambda part: part.share)
    return say(
        N_(
            "“{name}” used up {share} of the time by which it came late (95 % interval {interval})."
        ),
        name=part_name(part),
        share=percent(part.share, 0),
        interval=words.share_range(part.interval),
    )


def part_name(part: Part) -> Text:
    """The step with its department."""
    if not part.department_label["en"]:
        return part.step_label
    return Text(
        (lang, f"{part.step_label[lang]} · {part.department_label[lang]}") for lang in LANGUAGES
    )


def how_sure(finding: Finding) -> list[Text]:
    """What remains of the raw difference, what could overturn it, and the caveats."""
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
    if finding.robustness is not None:
        lines.append(finding.robustness.sentence)
    return [*lines, *finding.caveats]


def next_steps(finding: Finding) -> list[Text]:
    """What to do now, the first thing first."""
    return list(_next_steps(finding))


def _next_steps(finding: Finding) -> Iterator[Text]:
    if finding.verdict == "no":
        yield say(N_("Do not spend money here for the customers' sake; other reasons may remain."))
        return
    if finding.verdict == "not comparable":
        yield say(N_("Change the step in a part of the cases only, and compare the two parts."))
        return
    if finding.verdict == "cannot tell":
        yield say(N_("Do not act on this yet; look again when there are more cases."))
        yield say(
            N_("If a decision cannot wait, change the step in a part of the cases and compare.")
        )
        return
    yield from steps_against_harm(finding, finding.money)


def steps_against_harm(finding: Finding, amount: Money | None) -> Iterator[Text]:
    """What to do about a FINDING that hurts and costs AMOUNT."""
    yield _first_step(finding)
    yield say(N_("Name an owner and a target for this step, and watch both every month."))
    if amount is not None and amount.basis == "assumed":
        yield say(N_("Have finance check the prices that are assumed."))
    yield say(N_("After the change, verify with the same measure whether customers noticed."))


def _first_step(finding: Finding) -> Text:
    lever, who = finding.lever, _who(finding)
    asked = {"step": lever.step_label, "label": lever.label, "who": who}
    if lever.kind == "promise":
        return say(
            N_(
                "Open the longest delays with “{who}” and agree how long the step may take, or promise a later day."
            ),
            **asked,
        )
    if lever.kind in ("late", "slow"):
        return say(N_("Open the longest delays with “{who}”: what did “{step}” wait for?"), **asked)
    if lever.kind == "rework":
        return say(
            N_("Open repeated cases with “{who}”: what sends “{step}” back (papers, data, rules)?"),
            **asked,
        )
    if lever.kind == "exception":
        return say(N_("Open some cases with “{who}”: what makes “{step}” necessary?"), **asked)
    return say(N_("Open some cases with “{who}”: what would it take to avoid “{label}”?"), **asked)


def _who(finding: Finding) -> Text:
    """The department to talk to: the one that used up most of the time, else the step's own."""
    if finding.parts:
        part = max(finding.parts, key=lambda part: part.share)
        if part.department_label["en"]:
            return part.department_label
    lever = finding.lever
    return next(
        (text for text in (lever.department_label, lever.step_label) if text["en"]), lever.label
    )


def _heaviest_department(findings: Findings) -> tuple[Text, float] | None:
    """The department with the most money, and its share of the total."""
    spent: dict[str, float] = {}
    names: dict[str, Text] = {}
    for finding in findings.findings:
        own = words.own_money(finding)
        if own is None or finding.verdict != "yes":
            continue
        for code, name, share in _departments(finding):
            names[code] = name
            spent[code] = spent.get(code, 0.0) + own.per_year * share
    whole = sum(spent.values())
    heaviest = max(spent, key=lambda code: spent[code], default="")
    if not heaviest or whole <= 0:
        return None
    return names[heaviest], spent[heaviest] / whole


def _departments(finding: Finding) -> Iterator[tuple[str, Text, float]]:
    if not finding.parts:
        yield finding.lever.department, finding.lever.department_label, 1.0
    for part in finding.parts:
        yield part.department, part.department_label, part.share


def range_sentence(total: Money) -> Text:
    """The range of the total and whose prices it rests on."""
    template = {
        "measured": N_("90 % range {range}, from measured quantities and prices."),
        "assumed": N_("90 % range {range}; some quantities or prices are assumed, not measured."),
    }[total.basis]
    return say(template, range=words.cost_range(total))


def _together(sentences: list[Text]) -> Text:
    return Text((lang, " ".join(sentence[lang] for sentence in sentences)) for lang in LANGUAGES)
