"""The estimates of a study as an answer: by step, by department, in all."""

from dataclasses import dataclass, replace

import numpy as np

from zaplecze.impact.demand import verdicts, words
from zaplecze.impact.demand.contacts import Contacts
from zaplecze.impact.demand.curves import curve
from zaplecze.impact.demand.delays import Delay
from zaplecze.impact.demand.excess import AFTER, BEFORE, DURING, Excess, estimate
from zaplecze.impact.demand.following import Followed
from zaplecze.impact.demand.result import DepartmentDemand, FailureDemand, StepDemand
from zaplecze.impact.facts import FEWEST_DAYS, Facts
from zaplecze.impact.finding import Interval
from zaplecze.impact.linear import difference, false_discoveries
from zaplecze.language import Text
from zaplecze.workspace import Workspace

_HALF_WIDTH = 1.959963984540054
"""Errors to each side of an interval of 95 %."""


def answer(
    facts: Facts,
    workspace: Workspace,
    contacts: Contacts,
    delays: list[Delay],
    followed: Followed,
) -> FailureDemand:
    """What DELAYS bring, or why that cannot be told."""
    study = followed.study
    said = _Said(facts, workspace, contacts, followed)
    reason = verdicts.too_little(followed)
    if reason is not None:
        return said.nothing(reason)
    # A delay is known only once it has come: to look ahead would tell who stays so long.
    baseline, found = estimate(replace(study, clock=study.since), followed.horizon)
    early = estimate(study, followed.horizon)[1] if contacts.recurrent else None
    guards = [
        verdicts.guard(k, delays, followed, contacts, found, early) for k in range(len(delays))
    ]
    steps = _steps(delays, found, early, guards, said)
    told = [k for k, guard in enumerate(guards) if guard is None]
    if not told:
        return said.nothing(verdicts.no_delay_told(), steps)
    drawn = curve(study, baseline, once=not contacts.recurrent)
    return replace(
        said.total(found.contacts[told].sum(), _error(found, told), steps, told),
        departments=_departments(delays, found, told),
        curve=drawn,
    )


def _steps(
    delays: list[Delay],
    found: Excess,
    early: Excess | None,
    guards: list[verdicts.Judged | None],
    said: "_Said",
) -> list[StepDemand]:
    rule = said.workspace.impact
    told = [k for k, guard in enumerate(guards) if guard is None]
    p_values = [verdicts.p_value(found.contacts[k], _error(found, [k])) for k in told]
    q_values = dict(zip(told, false_discoveries(p_values, rule.dependence), strict=True))
    steps = []
    study = said.followed.study
    counts = np.bincount(study.case, minlength=len(study.followed)).astype(np.float64)
    for k, delay in enumerate(delays):
        delayed = ~np.isnan(study.since[k])
        raw = difference(counts, delayed, study.customer)
        interval = _interval(found.contacts[k], _error(found, [k]))
        verdict, reason = guards[k] or verdicts.judge(
            interval, q_values[k] <= rule.false_discovery_rate, said.contacts_followed
        )
        looked_ahead = early is not None and early.days[k, BEFORE] > 0
        step = StepDemand(
            delay=delay.name,
            cases=int(delayed.sum()),
            days=float(found.days[k, DURING:].sum()),
            overdue_days=float(found.days[k, DURING]),
            came=round(found.came[k, DURING:].sum()),
            expected=float(found.expected[k, DURING:].sum()),
            means=(float(counts[delayed].mean()), float(counts[~delayed].mean())),
            raw=raw.estimate,
            raw_interval=raw.interval,
            excess=float(found.contacts[k]),
            interval=interval,
            a_day_overdue=float(found.rates[k, DURING]),
            a_day_after=float(found.rates[k, AFTER]),
            early=float(early.early[k]) if early and looked_ahead else None,
            early_interval=_interval(early.early[k], early.early_error[k])
            if early and looked_ahead
            else None,
            q_value=q_values.get(k),
            verdict=verdict,
            reason=reason,
            sentence=Text.same(""),
        )
        steps.append(replace(step, sentence=words.of_step(step, said.contacts.recurrent)))
    return steps


def _departments(delays: list[Delay], found: Excess, told: list[int]) -> list[DepartmentDemand]:
    """The delays that can be told, by the department of their step; most contacts first."""
    members: dict[str, list[int]] = {}
    for k in told:
        members.setdefault(delays[k].name.department, []).append(k)
    departments = [
        DepartmentDemand(
            name,
            delays[rows[0]].name.department_label,
            float(found.contacts[rows].sum()),
            _interval(found.contacts[rows].sum(), _error(found, rows)),
        )
        for name, rows in members.items()
    ]
    return sorted(departments, key=lambda each: -each.excess)


def _error(found: Excess, rows: list[int]) -> float:
    """The standard error of the sum over ROWS."""
    return float(np.sqrt(max(found.covariance[np.ix_(rows, rows)].sum(), 0.0)))


def _interval(estimate: float, error: float) -> Interval:
    return float(estimate - _HALF_WIDTH * error), float(estimate + _HALF_WIDTH * error)


@dataclass(frozen=True)
class _Said:
    """What every answer to one study has in common."""

    facts: Facts
    workspace: Workspace
    contacts: Contacts
    followed: Followed

    @property
    def contacts_followed(self) -> int:
        """Contacts in the time in which their cases are followed."""
        return len(self.followed.study.time)

    def nothing(self, reason: Text, steps: list[StepDemand] | None = None) -> FailureDemand:
        """That the data cannot tell, for REASON."""
        study = self.followed.study
        return FailureDemand(
            what=self.contacts.what,
            recurrent=self.contacts.recurrent,
            cases=len(study.followed),
            customers=len(np.unique(study.customer)),
            delayed=int(study.delayed.sum()),
            contacts=self.contacts_followed,
            horizon_days=self.followed.horizon,
            followed_days=float(study.followed.sum()),
            excess=None,
            interval=None,
            share=None,
            share_interval=None,
            excess_per_year=None,
            yearly=365 / self.facts.days if self.facts.days >= FEWEST_DAYS else None,
            steps=steps or [],
            departments=[],
            curve=None,
            verdict="cannot tell",
            reason=reason,
            sentence=words.cannot_tell(reason),
            method=words.method(self.contacts.recurrent),
            held_equal=self.followed.held.facts,
            refused=self.followed.held.refused,
            caveats=words.caveats(self.contacts, self.followed),
            noun=self.workspace.case.noun,
        )

    def total(
        self, excess: float, error: float, steps: list[StepDemand], told: list[int]
    ) -> FailureDemand:
        """The EXCESS of all delays that can be TOLD, with its ERROR."""
        interval, contacts = _interval(excess, error), self.contacts_followed
        verdict, reason = verdicts.judge_all([steps[k] for k in told], interval, contacts)
        empty = self.nothing(reason or Text.same(""), steps)
        found = replace(
            empty,
            excess=float(excess),
            interval=interval,
            share=float(excess) / contacts,
            share_interval=(interval[0] / contacts, interval[1] / contacts),
            excess_per_year=None if empty.yearly is None else float(excess) * empty.yearly,
            verdict=verdict,
            reason=reason,
            caveats=[*empty.caveats, *words.left_out(steps, told)],
        )
        return replace(found, sentence=words.of_all(found, steps))
