"""What fewer calls save: agents, people and money, by which calls go away."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from zaplecze.errors import InputError
from zaplecze.language import N_, Text, say, say_plural
from zaplecze.workload.day import Load, plan
from zaplecze.workload.demand import Demand, fraction, not_negative, positive
from zaplecze.workload.shifts import Cover, cover
from zaplecze.workload.shrinkage import Shrinkage
from zaplecze.workload.staffing import Target, agents_needed, exact_agents

_FEW_AGENTS = 10
_HOURS_A_WEEK = 168
_RELATIVES = (0.6, 1.0)


@dataclass(frozen=True)
class Saving:
    """One answer: a share of calls gone whose handling time is ``relative_aht`` of the mean.

    ``aht_seconds`` is that of the calls which stay. ``agents_low`` and ``agents_high`` are the whole
    agents that are saved with the volume a little to either side: fewer calls are worth a step now
    or none. Hours, whole posts and money are kept apart: money comes only from posts that go.
    """

    share: float
    relative_aht: float
    aht_seconds: float
    agents_before: int
    agents_after: int
    agents_saved: int
    agents_saved_share: float
    exact_saved: float
    agents_low: int
    agents_high: int
    heads_before: int
    heads_after: int
    heads_saved: int
    hours_freed_per_week: float
    cost_saved_per_year: float | None
    sentence: Text


@dataclass(frozen=True)
class DaySaving:
    """The same over a day of intervals, in agent hours and, with shifts, in people."""

    share: float
    relative_aht: float
    hours_before: float
    hours_after: float
    hours_saved_share: float
    people_before: int | None
    people_after: int | None
    people_saved_share: float | None


@dataclass(frozen=True)
class Deflection:
    """Savings for every share and every kind of call that may go; for the day where one is given."""

    savings: list[Saving]
    days: list[DaySaving]
    caveats: list[Text]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Shifts:
    """How long a shift is and when it may begin, counted in intervals of the day."""

    intervals: int
    start_every: int = 1


def deflect(
    demand: Demand,
    target: Target,
    *,
    shares: Sequence[float] = (0.10, 0.15),
    relative_ahts: Sequence[float] = _RELATIVES,
    shrinkage: Shrinkage | None = None,
    open_hours_per_week: float = 40.0,
    cost_per_head: float | None = None,
    day: Sequence[Load] = (),
    shifts: Shifts | None = None,
) -> Deflection:
    """What remains to be staffed when SHARES of the calls go away.

    RELATIVE_AHTS are their handling times as parts of the mean: 0.6 where the short calls go, 1
    where any do; that of the calls which stay changes by (1 − share·relative) ÷ (1 − share).
    COST_PER_HEAD is loaded and for a year. Raises `InputError` for shares of 1 and numbers that
    cannot be.
    """
    shrinkage = shrinkage or Shrinkage()
    positive(N_("calls"), demand.calls)
    positive(N_("opening hours"), open_hours_per_week)
    if open_hours_per_week > _HOURS_A_WEEK:
        raise InputError(
            say(
                N_("{value} is more than the hours of a week ({hours}): opening hours. Give fewer."),
                hours=_HOURS_A_WEEK, value=f"{open_hours_per_week:g}",
            )
        )  # fmt: skip
    if day and not any(load.calls for load in day):
        raise InputError(
            say(N_("There are no calls in any interval of the day. Give a day with calls."))
        )
    if cost_per_head is not None:
        not_negative(N_("the cost of a person"), cost_per_head)
    for share in shares:
        fraction(N_("the share of calls that go"), share)
    for relative in relative_ahts:
        not_negative(N_("the handling time of calls that go"), relative)
    cases = [(share, relative) for share in shares for relative in relative_ahts]
    for share, relative in cases:
        _check_left(share, relative)
    return Deflection(
        savings=[
            _saving(demand, target, each, shrinkage, open_hours_per_week, cost_per_head)
            for each in cases
        ],
        days=[_of_day(day, demand, target, each, shifts) for each in cases] if day else [],
        caveats=_caveats(demand, target),
    )


def _check_left(share: float, relative: float) -> None:
    if share == 1 or share * relative >= 1:
        raise InputError(
            say(
                N_(
                    "If {share} of the calls go and take {relative} of the mean handling time each, "
                    "nothing is left. Give smaller shares."
                ),
                share=f"{share:g}", relative=f"{relative:g}",
            )
        )  # fmt: skip


def _saving(
    demand: Demand,
    target: Target,
    case: tuple[float, float],
    shrinkage: Shrinkage,
    open_hours: float,
    cost_per_head: float | None,
) -> Saving:
    share, relative = case
    aht = _remaining_aht(demand.aht_seconds, *case)
    calls = np.array([demand.calls, demand.calls * (1 - share)])
    before, after = (
        int(n) for n in agents_needed(demand, target, calls, [demand.aht_seconds, aht])
    )
    exact = exact_agents(demand, target, calls, [demand.aht_seconds, aht])
    freed = float(exact[0] - exact[1])
    heads = shrinkage.heads(before), shrinkage.heads(after)
    # By how the old volume lies between two steps the same freed fraction is a step more or none.
    low, high = int(np.floor(freed + 1e-9)), int(np.ceil(freed - 1e-9))
    return Saving(
        share=share,
        relative_aht=relative,
        aht_seconds=aht,
        agents_before=before,
        agents_after=after,
        agents_saved=before - after,
        agents_saved_share=(before - after) / before,
        exact_saved=freed,
        agents_low=low,
        agents_high=high,
        heads_before=heads[0],
        heads_after=heads[1],
        heads_saved=heads[0] - heads[1],
        hours_freed_per_week=(calls[0] * demand.aht_seconds - calls[1] * aht)
        / demand.per_seconds
        * open_hours,
        cost_saved_per_year=None
        if cost_per_head is None
        else (heads[0] - heads[1]) * cost_per_head,
        sentence=_sentence(low, high),
    )


def _remaining_aht(aht_seconds: float, share: float, relative: float) -> float:
    return aht_seconds * (1 - share * relative) / (1 - share)


def _of_day(
    day: Sequence[Load],
    demand: Demand,
    target: Target,
    case: tuple[float, float],
    shifts: Shifts | None,
) -> DaySaving:
    share, relative = case
    fewer = [
        replace(
            load,
            calls=load.calls * (1 - share),
            aht_seconds=_remaining_aht(load.aht_seconds, share, relative),
        )
        for load in day
    ]
    plans = plan(day, demand, target), plan(fewer, demand, target)
    covers: list[Cover] = []
    if shifts is not None:
        covers = [
            cover(each.by_day(), shift_intervals=shifts.intervals, start_every=shifts.start_every)
            for each in plans
        ]
    people = [each.people for each in covers]
    return DaySaving(
        share=share,
        relative_aht=relative,
        hours_before=plans[0].agent_hours,
        hours_after=plans[1].agent_hours,
        hours_saved_share=1 - plans[1].agent_hours / plans[0].agent_hours,
        people_before=people[0] if people else None,
        people_after=people[1] if people else None,
        people_saved_share=1 - people[1] / people[0] if people else None,
    )


def _sentence(low: int, high: int) -> Text:
    if high == 0:
        return say(N_("No agent less."))
    if low == high:
        return say_plural(N_("{count} agent less."), N_("{count} agents less."), low)
    if low == 0:
        return say(
            N_("None or one agent less: it depends on where the volume lies between two steps.")
        )
    return say_plural(
        N_("{low} or {count} agent less, by where the volume lies between two steps."),
        N_("{low} or {count} agents less, by where the volume lies between two steps."),
        high,
        low=low,
    )


def _caveats(demand: Demand, target: Target) -> list[Text]:
    found = demand.warnings(target.within_seconds)
    if int(agents_needed(demand, target)) < _FEW_AGENTS:
        found.append(
            say(
                N_(
                    "In a team below ten people savings come in whole agents: a per cent of calls "
                    "is no per cent of people."
                )
            )
        )
    return found
