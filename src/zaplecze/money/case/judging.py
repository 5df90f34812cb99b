"""Does a case pay? Its verdict, and the sentence that leads with it."""

from typing import Literal

from zaplecze.language import (
    N_,
    Text,
    chance,
    money,
    money_ends,
    number,
    percent,
    rounded_money,
    say,
    say_plural,
)
from zaplecze.money.case.model import Case
from zaplecze.money.case.simulation import SimulationResult
from zaplecze.money.finance import Appraisal

Verdict = Literal["pays", "does not pay", "cannot tell"]

_JUDGED = {
    "pays": N_("{name}: it pays."),
    "does not pay": N_("{name}: it does not pay."),
    "cannot tell": N_("{name}: whether it pays cannot be told."),
}


def judged(plan: Appraisal, simulation: SimulationResult | None) -> Verdict:
    """Whether a case pays: 90 % of its draws lie above zero, below zero, or on both sides.

    Without a simulation the net present value of the PLAN decides; worth nothing does not pay.
    """
    if simulation is None:
        return "pays" if plan.npv > 0 else "does not pay"
    low, high = (simulation.npv.quantiles[share] for share in ("0.05", "0.95"))
    if low > 0:
        return "pays"
    return "does not pay" if high <= 0 else "cannot tell"


def sentence(
    case: Case, verdict: Verdict, plan: Appraisal, simulation: SimulationResult | None
) -> Text:
    """The message of CASE: VERDICT, what it is worth, and the range of that."""
    told = say(_JUDGED[verdict], name=case.name)
    worth = say_plural(
        N_("Worth {npv} today over {count} month at {rate} a year"),
        N_("Worth {npv} today over {count} months at {rate} a year"),
        case.months,
        npv=rounded_money(plan.npv, case.currency) if plan.npv else money(0, case.currency),
        rate=percent(case.discount_rate),
    )
    if simulation is None:
        return say("{told} {worth}.", told=told, worth=worth)
    quantiles = simulation.npv.quantiles
    low, high = money_ends(quantiles["0.05"], quantiles["0.95"], case.currency)
    ranged = say(
        N_("{worth}; positive in {share} of {draws} simulated futures (90 % between {low} and {high})."),
        worth=worth,
        share=chance(simulation.probability_positive),
        draws=number(simulation.draws),
        low=low,
        high=high,
    )  # fmt: skip
    return say("{told} {ranged}", told=told, ranged=ranged)
