"""What a finding costs in a year: exposed cases x effect on the priced unit x price."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from zaplecze.impact import Effect, Finding, Input, LeverTotal, Money
from zaplecze.impact.analysis import direct_id
from zaplecze.impact.arrays import Floats
from zaplecze.impact.linear import Z95, Slope, correlations
from zaplecze.language import N_, Text, joined, number, percent, rounded_money, say
from zaplecze.workspace import Price, Workspace

DRAWS = 20_000
ANY_FALSE_DIRECT = 0.01
RANGE = (5.0, 95.0)
"""Ranges of money hold 90 % of the draws."""

WORST_FIRST = ("yes", "cannot tell", "not comparable", "no")


Pulls = Mapping[str, Floats]
"""How far each group of customers pulled an effect, by name: errors of one sample move together."""


def price(findings: list[Finding], workspace: Workspace) -> list[Finding]:
    """FINDINGS with their money, most expensive first.

    Only a finding whose verdict is yes is priced, and only for an outcome with a price, of a log
    that is long enough to speak of a year. ``own`` is the money that no other finding contains:
    all of it, or what the direct effect costs where the rest runs through later levers.
    """
    clear = _clear_direct_effects(findings)
    priced = [_priced(finding, workspace, finding.id in clear) for finding in findings]
    return sorted(priced, key=_rank)


def by_lever(
    findings: list[Finding], workspace: Workspace, pulls: Pulls | None = None
) -> list[LeverTotal]:
    """Priced FINDINGS by lever, all outcomes together, the most expensive lever first,
    then what hurts.

    With the PULLS of their effects, ranges allow for errors that move together; effects without
    are taken to err apart.
    """
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.lever.id, []).append(finding)
    totals = [_lever_total(group, findings, workspace, pulls or {}) for group in grouped.values()]
    return sorted(
        totals,
        key=lambda t: (
            -(t.money.per_year if t.money else -1.0), WORST_FIRST.index(t.verdict), t.lever.id
        ),
    )  # fmt: skip


def total(
    findings: list[Finding], workspace: Workspace, pulls: Pulls | None = None
) -> Money | None:
    """The findings' own money added up; PULLS as in `by_lever`."""
    return _added(_own(findings), workspace, pulls or {})


def _rank(finding: Finding) -> tuple[float, int, str]:
    """Most money first; without money what hurts first."""
    money = finding.money.per_year if finding.money else -1.0
    return -money, WORST_FIRST.index(finding.verdict), finding.id


def _lever_total(
    group: list[Finding], findings: list[Finding], workspace: Workspace, pulls: Pulls
) -> LeverTotal:
    first = group[0]
    lever_of = {finding.id: finding.lever.id for finding in findings}
    contained = {lever_of[where]: None for f in group if f.money for where in f.counted_in}
    return LeverTotal(
        lever=first.lever,
        share=max(group, key=lambda f: f.n).share,
        exposed_per_year=first.exposed_per_year,
        verdict=min((f.verdict for f in group), key=WORST_FIRST.index),
        money=_added([Counted(f, f.money, f.id) for f in group if f.money], workspace, pulls),
        own=_added(_own(group), workspace, pulls),
        counted_in=list(contained),
        findings=[f.id for f in group],
    )


@dataclass(frozen=True)
class Counted:
    """Money of a finding that is added to others, and the name of the pulls of its effect."""

    finding: Finding
    money: Money
    effect: str


def _own(findings: list[Finding]) -> list[Counted]:
    return [
        Counted(f, f.own, f.id if f.own == f.money else direct_id(f.id))
        for f in findings
        if f.own is not None
    ]


def _added(counted: list[Counted], workspace: Workspace, pulls: Pulls) -> Money | None:
    """Amounts added up; errors of effects move together as their pulls do, and so do the prices
    of one outcome."""
    if not counted:
        return None
    errors = _errors([pulls.get(c.effect, np.zeros(0)) for c in counted])
    drawn = [_draws(c.finding, c.money, error) for c, error in zip(counted, errors, strict=True)]
    low, high = np.percentile(np.sum(drawn, axis=0), RANGE)
    labels = [
        say(
            N_("“{lever}” on “{outcome}”"),
            lever=c.finding.lever.label,
            outcome=c.finding.outcome_label,
        )
        for c in counted
    ]
    return Money(
        per_year=sum(c.money.per_year for c in counted),
        interval=(float(low), float(high)),
        currency=workspace.currency,
        basis="measured" if all(c.money.basis == "measured" for c in counted) else "assumed",
        inputs=[],
        formula=say(N_("The sum of: {parts}."), parts=joined(labels)),
    )


def _errors(pulls: list[Floats]) -> Floats:
    """Draws of standard normal errors (one row an effect) that are correlated as their PULLS."""
    longest = max(len(one) for one in pulls)
    # An effect without pulls gets some of its own, that no other shares.
    padded = np.zeros((len(pulls), longest + len(pulls)))
    for i, one in enumerate(pulls):
        padded[i, : len(one)] = one
        if not one.any():
            padded[i, longest + i] = 1.0
    spread, axes = np.linalg.eigh(correlations(padded))
    independent = np.random.default_rng(0).standard_normal((len(pulls), DRAWS))
    return np.asarray((axes * np.sqrt(np.clip(spread, 0.0, None))) @ independent)


def _clear_direct_effects(findings: list[Finding]) -> set[str]:
    """Findings whose direct effect does harm, with at most 1 % chance of any false one (Bonferroni).

    Adding up every direct effect that looks harmful would add up the luck of the draw; and those
    that are looked at have been chosen for a large total effect, which makes luck likelier.
    """
    direct = [(f.id, f.direct) for f in findings if f.direct is not None]
    return {
        name
        for name, effect in direct
        if effect.estimate > 0 and _slope(effect).p_value * len(direct) <= ANY_FALSE_DIRECT
    }


def _slope(effect: Effect) -> Slope:
    low, high = effect.interval
    return Slope(effect.estimate, (high - low) / (2 * Z95), effect.n)


def _priced(finding: Finding, workspace: Workspace, direct_is_clear: bool) -> Finding:
    unit = workspace.price_of(finding.outcome)
    if unit is None or finding.verdict != "yes" or finding.priced is None:
        return finding
    if finding.priced.estimate <= 0 or finding.exposed_per_year is None:
        return finding
    money = _money(finding, finding.priced, unit, finding.exposed_per_year, workspace)
    direct = finding.direct
    if not finding.counted_in or direct is None:
        return replace(finding, money=money, own=money, counted_in=[])
    if not direct_is_clear:
        return replace(finding, money=money)
    # A direct effect as large as the whole says that nothing runs through later levers.
    if direct.estimate >= finding.priced.estimate:
        return replace(finding, money=money, own=money, counted_in=[])
    own = _money(finding, direct, unit, finding.exposed_per_year, workspace)
    return replace(finding, money=money, own=own)


def _money(
    finding: Finding, effect: Effect, unit: Price, exposed_per_year: float, workspace: Workspace
) -> Money:
    inputs = [
        _certain(
            say(N_("Exposed {noun} in a year"), noun=finding.noun), exposed_per_year, "cases"
        ),
        Input(_unit_words(finding, unit), effect.estimate, *effect.interval, "per case", "measured"),
        Input(
            say(N_("Price of one")),
            unit.amount, *unit.bounds, workspace.currency, unit.basis, unit.note,
        ),
    ]  # fmt: skip
    if finding.outcome_kind == "rating":
        # A rating costs when it is given: who says nothing is not charged for.
        answered = say(N_("Share of them that answer"))
        inputs.insert(1, _certain(answered, finding.answered, "share"))
    money = Money(
        per_year=float(np.prod([factor.value for factor in inputs])),
        interval=(0.0, 0.0),
        currency=workspace.currency,
        basis=unit.basis,
        inputs=inputs,
        formula=_formula(inputs, finding, unit, workspace.currency),
    )
    error = np.random.default_rng(_seed(finding.id)).standard_normal(DRAWS)
    low, high = np.percentile(_draws(finding, money, error), RANGE)
    return replace(money, interval=(float(low), float(high)))


def _certain(name: Text, value: float, unit: str) -> Input:
    return Input(name, value, value, value, unit, "measured")


def _unit_words(finding: Finding, unit: Price) -> Text:
    bound = unit.at_most if unit.at_most is not None else unit.at_least
    if bound is None:
        words = (
            N_("Less “{outcome}” per exposed case")
            if finding.higher_is_better
            else N_("More “{outcome}” per exposed case")
        )
        return say(words, outcome=finding.outcome_label)
    if unit.at_most is not None:
        words = (
            N_("More with “{outcome}” at {bound} or below, per exposed case")
            if finding.higher_is_better
            else N_("Fewer with “{outcome}” at {bound} or below, per exposed case")
        )
    else:
        words = (
            N_("Fewer with “{outcome}” at {bound} or above, per exposed case")
            if finding.higher_is_better
            else N_("More with “{outcome}” at {bound} or above, per exposed case")
        )
    return say(words, outcome=finding.outcome_label, bound=number(bound))


def _formula(inputs: list[Input], finding: Finding, unit: Price, currency: str) -> Text:
    exposed, *answered, effect, price = inputs
    bounded = unit.at_most is not None or unit.at_least is not None
    in_shares = finding.outcome_kind == "yes_no" or bounded
    values = {
        "exposed": number(exposed.value),
        "noun": finding.noun,
        "effect": percent(effect.value) if in_shares else number(effect.value, 2),
        "price": rounded_money(price.value, currency),
    }
    if answered:
        return say(
            N_("{exposed} {noun} a year × {answered} that answer × {effect} × {price}"),
            answered=percent(answered[0].value, 0),
            **values,
        )
    return say(N_("{exposed} {noun} a year × {effect} × {price}"), **values)


def _draws(finding: Finding, money: Money, error: Floats) -> Floats:
    """Draws of the product of the inputs: effects normal with this ERROR, prices triangular.

    Prices of one outcome are drawn together.
    """
    *certain, effect, unit = money.inputs
    drawn = effect.value + error * (effect.high - effect.low) / (2 * Z95)
    prices = np.full(DRAWS, unit.value)
    if unit.high > unit.low:
        draw = np.random.default_rng(_seed(finding.outcome))
        prices = draw.triangular(unit.low, unit.value, unit.high, DRAWS)
    return np.asarray(np.prod([factor.value for factor in certain]) * drawn * prices)


def _seed(name: str) -> int:
    """A seed that is the same on every machine and in every run."""
    import zlib

    return zlib.crc32(name.encode())
