"""What a finding costs in a year: exposed cases x effect on the priced unit x price."""

from dataclasses import replace

import numpy as np

from zaplecze.impact import Effect, Finding, Input, LeverTotal, Money
from zaplecze.impact.linear import Z95, Slope, false_discoveries
from zaplecze.impact.verdicts import FALSE_DISCOVERY_RATE
from zaplecze.language import N_, Text, joined, number, percent, rounded_money, say
from zaplecze.workspace import Price, Workspace

DRAWS = 20_000
RANGE = (5.0, 95.0)
"""Ranges of money hold 90 % of the draws."""

WORST_FIRST = ("yes", "cannot tell", "not comparable", "no")


def price(findings: list[Finding], workspace: Workspace) -> list[Finding]:
    """FINDINGS with their money, most expensive first.

    Only a finding whose verdict is yes is priced, and only for an outcome with a price. ``own`` is
    the money that no other finding contains: all of it, or what the direct effect costs where the
    rest runs through the promise.
    """
    clear = _clear_direct_effects(findings)
    priced = [_priced(finding, workspace, finding.id in clear) for finding in findings]
    return sorted(priced, key=_rank)


def by_lever(findings: list[Finding], workspace: Workspace) -> list[LeverTotal]:
    """Priced FINDINGS by lever, all outcomes together, the most expensive lever first."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.lever.id, []).append(finding)
    totals = [_lever_total(group, findings, workspace) for group in grouped.values()]
    return sorted(totals, key=lambda t: (-(t.money.per_year if t.money else -1.0), t.lever.id))


def total(findings: list[Finding], workspace: Workspace) -> Money | None:
    """The findings' own money added up, so that no lateness is counted twice."""
    own = [(finding, finding.own) for finding in findings if finding.own is not None]
    return _added(own, workspace)


def _rank(finding: Finding) -> tuple[float, int, str]:
    """Most money first; without money what hurts first."""
    money = finding.money.per_year if finding.money else -1.0
    return -money, WORST_FIRST.index(finding.verdict), finding.id


def _lever_total(group: list[Finding], findings: list[Finding], workspace: Workspace) -> LeverTotal:
    first = group[0]
    lever_of = {finding.id: finding.lever.id for finding in findings}
    contained = [lever_of[f.counted_in] for f in group if f.money and f.counted_in]
    return LeverTotal(
        lever=first.lever,
        share=max(group, key=lambda f: f.n).share,
        exposed_per_year=first.exposed_per_year,
        verdict=min((f.verdict for f in group), key=WORST_FIRST.index),
        money=_added([(f, f.money) for f in group if f.money], workspace),
        own=_added([(f, f.own) for f in group if f.own], workspace),
        counted_in=contained[0] if contained else None,
        findings=[f.id for f in group],
    )


def _added(counted: list[tuple[Finding, Money]], workspace: Workspace) -> Money | None:
    """Amounts added up; effects are drawn apart, prices of one outcome together."""
    if not counted:
        return None
    sums = sum((_draws(finding, money) for finding, money in counted), np.zeros(DRAWS))
    low, high = np.percentile(sums, RANGE)
    labels = [
        say(N_("“{lever}” on “{outcome}”"), lever=f.lever.label, outcome=f.outcome_label)
        for f, _ in counted
    ]
    return Money(
        per_year=sum(money.per_year for _, money in counted),
        interval=(float(low), float(high)),
        currency=workspace.currency,
        basis="measured" if all(m.basis == "measured" for _, m in counted) else "assumed",
        inputs=[],
        formula=say(N_("The sum of: {parts}."), parts=joined(labels)),
    )


def _clear_direct_effects(findings: list[Finding]) -> set[str]:
    """Findings whose direct effect does harm, at a false discovery rate of 5 % over all of them.

    Adding up every direct effect that looks harmful would add up the luck of the draw.
    """
    direct = [(f.id, f.direct) for f in findings if f.direct is not None]
    p_values = [_slope(effect).p_value for _, effect in direct]
    return {
        name
        for (name, effect), q_value in zip(direct, false_discoveries(p_values), strict=True)
        if effect.estimate > 0 and q_value <= FALSE_DISCOVERY_RATE
    }


def _slope(effect: Effect) -> Slope:
    low, high = effect.interval
    return Slope(effect.estimate, (high - low) / (2 * Z95), effect.n)


def _priced(finding: Finding, workspace: Workspace, direct_is_clear: bool) -> Finding:
    unit = workspace.outcomes[finding.outcome].price
    if unit is None or finding.verdict != "yes" or finding.priced is None:
        return finding
    if finding.priced.estimate <= 0:
        return finding
    money = _money(finding, finding.priced, unit, workspace)
    direct = finding.direct
    # A direct effect as large as the whole says that nothing runs through the promise.
    if finding.counted_in is None or (
        direct and direct_is_clear and direct.estimate >= finding.priced.estimate
    ):
        return replace(finding, money=money, own=money, counted_in=None)
    own = _money(finding, direct, unit, workspace) if direct and direct_is_clear else None
    return replace(finding, money=money, own=own)


def _money(finding: Finding, effect: Effect, unit: Price, workspace: Workspace) -> Money:
    exposed = finding.exposed_per_year
    inputs = [
        Input(
            say(N_("Exposed {noun} in a year"), noun=finding.noun),
            exposed, exposed, exposed, "cases", "measured",
        ),
        Input(_unit_words(finding, unit), effect.estimate, *effect.interval, "per case", "measured"),
        Input(
            say(N_("Price of one")),
            unit.amount, *unit.bounds, workspace.currency, unit.basis, unit.note,
        ),
    ]  # fmt: skip
    money = Money(
        per_year=exposed * effect.estimate * unit.amount,
        interval=(0.0, 0.0),
        currency=workspace.currency,
        basis=unit.basis,
        inputs=inputs,
        formula=_formula(inputs, finding, workspace.currency),
    )
    low, high = np.percentile(_draws(finding, money), RANGE)
    return replace(money, interval=(float(low), float(high)))


def _unit_words(finding: Finding, unit: Price) -> Text:
    if unit.at_most is not None:
        return say(
            N_("More with “{outcome}” at {bound} or below, per exposed case"),
            outcome=finding.outcome_label,
            bound=number(unit.at_most),
        )
    if unit.at_least is not None:
        return say(
            N_("More with “{outcome}” at {bound} or above, per exposed case"),
            outcome=finding.outcome_label,
            bound=number(unit.at_least),
        )
    if finding.higher_is_better:
        return say(N_("Less “{outcome}” per exposed case"), outcome=finding.outcome_label)
    return say(N_("More “{outcome}” per exposed case"), outcome=finding.outcome_label)


def _formula(inputs: list[Input], finding: Finding, currency: str) -> Text:
    exposed, effect, unit = inputs
    return say(
        N_("{exposed} {noun} a year × {effect} × {price}"),
        exposed=number(exposed.value),
        noun=finding.noun,
        effect=percent(effect.value)
        if finding.outcome_kind != "count"
        else number(effect.value, 2),
        price=rounded_money(unit.value, currency),
    )


def _draws(finding: Finding, money: Money) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Draws of the product of the inputs: effects normal, prices triangular.

    Effects of different findings are drawn apart, prices of one outcome together.
    """
    exposed, effect, unit = money.inputs
    error = (effect.high - effect.low) / (2 * Z95)
    drawn = np.random.default_rng(_seed(finding.id)).normal(effect.value, error, DRAWS)
    prices = np.full(DRAWS, unit.value)
    if unit.high > unit.low:
        draw = np.random.default_rng(_seed(finding.outcome))
        prices = draw.triangular(unit.low, unit.value, unit.high, DRAWS)
    return np.asarray(exposed.value * drawn * prices)


def _seed(name: str) -> int:
    """A seed that is the same on every machine and in every run."""
    import zlib

    return zlib.crc32(name.encode())
