"""What a board is asked to decide, and what became of its last decision: a case and its version."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaplecze.impact.finding import Findings, Summary
from zaplecze.language import (
    N_,
    Language,
    Text,
    chance,
    money_ends,
    number,
    percent,
    rounded_money,
    say,
    say_plural,
)
from zaplecze.report.figures.tracking import tracking_message
from zaplecze.report.words import between, day

if TYPE_CHECKING:
    from zaplecze.money.case import Case, CaseResult, Frozen
    from zaplecze.money.case.sensitivity import SwitchingValue


@dataclass(frozen=True)
class Proposal:
    """A business case worked out; ``frozen`` is the version that was approved before."""

    case: "Case"
    result: "CaseResult"
    frozen: "Frozen | None" = None


@dataclass(frozen=True)
class Answer:
    """One of the board's questions, answered: what it stands under, a number to remember and what
    belongs to it."""

    heading: Text
    figure: Text
    message: Text
    details: list[Text]


HEADINGS = {
    "pays": N_("What we propose"),
    "does not pay": N_("What we do not propose"),
    "cannot tell": N_("What cannot be decided yet"),
}


def proposed(proposal: Proposal | None) -> Answer:
    """What we propose, or why we do not; without a case, what to bring."""
    if proposal is None:
        return Answer(
            say(N_("What we propose")),
            Text.same(""),
            say(N_("No business case is given.")),
            [say(N_("Describe costs and benefits in a case file and give it with --case."))],
        )
    result = proposal.result
    costs, benefits = present_values(result)
    back = result.plan.discounted_payback_periods
    details = [
        say(
            N_("Costs {costs}, benefits {benefits} in present value."),
            costs=rounded_money(costs, result.currency),
            benefits=rounded_money(benefits, result.currency),
        ),
        say(N_("The money does not come back in this time."))
        if back is None
        else say_plural(
            N_("Discounted, the money is back after {count} month."),
            N_("Discounted, the money is back after {count} months."),
            round(back),
        ),
        next_step(result),
    ]
    return Answer(
        say(HEADINGS[result.verdict]),
        rounded_money(result.plan.npv, result.currency),
        result.sentence,
        details,
    )


def next_step(result: "CaseResult") -> Text:
    """What to do with a case that pays, does not pay, or of which that cannot be told."""
    if result.verdict == "pays" and result.tracking is not None:
        return say(N_("Next step: go on, and hold what comes against the plan month by month."))
    if result.verdict == "pays":
        return say(
            N_("Next step: approve it, freeze this version and record what it costs and brings.")
        )
    if result.verdict == "cannot tell":
        # Where nothing is uncertain there is a verdict.
        assert result.simulation is not None
        return say(
            N_("Next step: find out more about “{assumption}”, which moves the result most, or try it on a small scale."),
            assumption=result.simulation.contributions[0].label,
        )  # fmt: skip
    turns = [each for each in result.switching_values if each.value is not None]
    if not turns or result.plan.npv > 0:
        return say(N_("Next step: do not approve it as it is. No single assumption makes it pay."))
    nearest = min(turns, key=lambda each: _ranges_away(each, result))
    return say(
        N_(
            "Next step: do not approve it as it is. Nearest to making it pay is “{assumption}” at "
            "{value} instead of {base}."
        )
        if nearest.beyond
        else N_(
            "Next step: do not approve it as it is. Nothing within its range makes it pay alone; "
            "nearest comes “{assumption}”, at {value} instead of {base}."
        ),
        assumption=nearest.label,
        value=amount(nearest.value or 0.0),
        base=amount(nearest.base),
    )


def _ranges_away(turn: "SwitchingValue", result: "CaseResult") -> tuple[float, float]:
    """How far an assumption would have to go to TURN the case: beyond what is likely, in widths of
    that; then as a part of what is planned."""
    ranges = {swing.assumption: (swing.low, swing.high) for swing in result.tornado}
    low, high = ranges.get(turn.assumption, (0.0, 0.0))
    value, change = turn.value or 0.0, abs(turn.change or 0.0)
    beyond = max(low - value, value - high, 0.0)
    return beyond / (high - low) if high > low else math.inf, change


def received(proposal: Proposal | None) -> Answer:
    """What we got for the last approval; without evidence, what to bring."""
    tracked = proposal.result.tracking if proposal else None
    heading = say(N_("What we got for the last approval"))
    if proposal is None or tracked is None:
        return Answer(
            heading,
            Text.same(""),
            say(N_("Nothing that was approved has been measured yet.")),
            [
                say(
                    N_(
                        "Freeze the version that is approved ('zaplecze money freeze') and add what came of "
                        "it, with its evidence, under [[actuals]] in the case file."
                    )
                )
            ],
        )
    currency = proposal.result.currency
    return Answer(
        heading,
        rounded_money(tracked.actual, currency),
        say("{told}.", told=tracking_message(tracked, currency)),
        [
            say(
                N_("Present value: planned {planned}, now expected {expected}."),
                planned=rounded_money(tracked.plan.npv, currency),
                expected=rounded_money(tracked.expected.npv, currency),
            ),
            planned_by(proposal),
        ],
    )


def planned_by(proposal: Proposal) -> Text:
    """Which plan actuals are held against."""
    if proposal.frozen is None:
        return say(N_("Held against the case as it is written now; no frozen version is given."))
    return say(
        N_("Held against version “{version}”, frozen on {day}."),
        version=proposal.frozen.version,
        day=day(proposal.frozen.frozen_on),
    )


def present_values(result: "CaseResult") -> tuple[float, float]:
    """Present values of the costs and of the benefits that count, both above zero."""
    counted = [line for line in result.lines if line.cash]
    costs = sum(line.present_value for line in counted if line.kind == "cost")
    return costs, sum(line.present_value for line in counted if line.kind != "cost")


def key_figures(result: "CaseResult") -> list[tuple[Text, Text]]:
    """What a case comes to, in a few numbers: what it is called, and the number."""
    plan, currency = result.plan, result.currency
    nothing = Text.same("–")
    never = say(N_("not in this time"))
    back = plan.discounted_payback_periods
    found = [(say(N_("Net present value")), rounded_money(plan.npv, currency))]
    if result.simulation is not None:
        spread = result.simulation.npv.quantiles
        found += [
            (
                say(N_("90 % of the draws")),
                between(*money_ends(spread["0.05"], spread["0.95"], currency)),
            ),
            (
                say(N_("Chance of a gain")),
                chance(result.simulation.probability_positive),
            ),
        ]
    return [
        *found,
        (say(N_("Rate of return")), nothing if plan.irr is None else percent(plan.irr, 0)),
        (
            say(N_("Discounted payback")),
            never
            if back is None
            else say_plural(N_("{count} month"), N_("{count} months"), round(back)),
        ),
        (
            say(N_("Benefits to costs")),
            nothing if plan.benefit_cost_ratio is None else number(plan.benefit_cost_ratio, 2),
        ),
    ]


def amount(value: float) -> Text:
    """A number of a case in about three figures."""
    return number(value, 0 if value == int(value) else digits_of(abs(value)))


def digits_of(size: float) -> int:
    """Decimals that leave a number of this SIZE about three figures."""
    if size >= 1:
        return 0 if size >= 100 else 1 if size >= 10 else 2
    return 3 if size >= 0.1 or size == 0 else 4 if size >= 0.001 else 6


def without_findings(result: "CaseResult", language: Language, version: str) -> Findings:
    """Findings that hold nothing but the name of a case: a pack can be made of a case alone.

    VERSION is that of the program.
    """
    return Findings(
        Summary(
            name=result.name,
            currency=result.currency,
            time_zone="UTC",
            language=language,
            noun=say(N_("cases")),
            cases=0,
            events=0,
            start=None,
            end=None,
            created=result.start,
            version=version,
            refused_rows=[],
            rows_read={},
            note=result.note,
        ),
        [],
        [],
    )
