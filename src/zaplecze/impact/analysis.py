"""Every lever against every outcome: estimate, guard, judge, and say what remains uncertain."""

from dataclasses import dataclass, replace

import numpy as np

from zaplecze.eventlog import EventLog
from zaplecze.impact.comparison import Comparison, Comparisons
from zaplecze.impact.dose import dose_response
from zaplecze.impact.facts import Column, Facts, Floats, OutcomeFacts, load_facts
from zaplecze.impact.finding import Effect, Estimate, Finding, Part, Refused
from zaplecze.impact.guards import (
    cannot_tell,
    no_overlap,
    not_comparable,
    refused_attributes,
    usable_cases,
)
from zaplecze.impact.levers import Lever, find_levers
from zaplecze.impact.linear import Slope, difference, slopes
from zaplecze.impact.sensitivity import robustness, strongest_confounder
from zaplecze.impact.verdicts import FALSE_DISCOVERY_RATE, caveats, judged
from zaplecze.language import N_, say
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Price, Workspace

RAW_METHOD = "difference of means, errors clustered by customer"


@dataclass(frozen=True)
class Analysis:
    """What `analyse` found: findings without money, in the order of the process, and refusals."""

    findings: list[Finding]
    refused: list[Refused]


def analyse(log: EventLog, workspace: Workspace, progress: Progress = silent) -> Analysis:
    """Estimate the effect of every lever of LOG on every outcome of WORKSPACE.

    Raw and adjusted differences, robustness, dose-response and the split of a broken promise over
    the steps; verdicts hold the false discovery rate over all of them at 5 %. Findings carry no
    money yet: `zaplecze.money.price` adds it.
    """
    facts = load_facts(log, workspace)
    refused = [r for o in facts.outcomes.values() for r in refused_attributes(facts, workspace, o)]
    bench = Bench(facts, workspace, refused, Comparisons(facts.customer))
    pairs = [(lv, o) for lv in find_levers(facts, workspace) for o in facts.outcomes.values()]
    drafts: list[Finding] = []
    p_values: list[float] = []
    for done, (lever, outcome) in enumerate(pairs):
        progress(
            say(
                N_("Effect of “{lever}” on “{outcome}”"),
                lever=lever.name.label,
                outcome=workspace.outcome_label(outcome.name),
            ),
            done / len(pairs),
        )
        if bench.allows(lever, outcome):
            draft, p_value = bench.examine(lever, outcome)
            drafts.append(draft)
            p_values.append(p_value)
    progress(say(N_("Effects are estimated")), 1.0)
    return Analysis(judged(drafts, p_values, facts), refused)


@dataclass(frozen=True)
class Bench:
    """Where a lever is examined against an outcome."""

    facts: Facts
    workspace: Workspace
    refused: list[Refused]
    comparisons: Comparisons

    def allows(self, lever: Lever, outcome: OutcomeFacts) -> bool:
        """Whether LEVER is not made from an attribute that may not explain OUTCOME."""
        declared = self.workspace.levers.get(lever.name.id)
        return declared is None or declared.attribute not in self._refused_for(outcome)

    def examine(self, lever: Lever, outcome: OutcomeFacts) -> tuple[Finding, float]:
        """A finding (its verdict still open) and the p value of its effect."""
        usable = usable_cases(lever, outcome)
        draft = replace(
            _draft(lever, outcome, self.workspace, self.facts),
            caveats=caveats(lever, outcome, usable, self.facts),
        )
        reason = not_comparable(lever, outcome)
        if reason is not None:
            return replace(draft, verdict="not comparable", reason=reason), 1.0
        reason = cannot_tell(lever, outcome, usable)
        if reason is not None:
            return replace(draft, reason=reason), 1.0
        self.comparisons.start(lever.before)
        forms = self._refused_for(outcome)
        before = [column for column in lever.before if column.name not in forms]
        among = self.comparisons.of(before, usable.rows)
        exposed = among.left_over(lever.name.id, lever.exposed)
        reason = no_overlap(lever.exposed[usable.rows], exposed)
        if reason is not None:
            return replace(draft, reason=reason), 1.0
        felt = among.left_over(outcome.name, outcome.values)
        [slope] = among.slopes(felt, [exposed])
        benchmark = strongest_confounder(among.columns, lever.exposed, outcome.values, usable.rows)
        draft = replace(draft, effect=among.effect(slope), robustness=robustness(slope, benchmark))
        if slope.p_value <= FALSE_DISCOVERY_RATE:
            draft = replace(
                draft,
                priced=self._priced(among, lever, outcome),
                direct=self._direct(among, lever, outcome),
                dose=dose_response(among, lever, felt),
            )
        return draft, slope.p_value

    def _priced(self, among: Comparison, lever: Lever, outcome: OutcomeFacts) -> Effect | None:
        """The effect on the unit that has a price; None where none has."""
        declared = self.workspace.outcomes[outcome.name]
        if declared.price is None:
            return None
        exposed = among.left_over(lever.name.id, lever.exposed)
        if not _has_bound(declared.price):
            [slope] = among.slopes(among.left_over(outcome.name, outcome.values), [exposed])
            return among.effect(slope, sign=-1 if declared.higher_is_better else 1)
        hit = _hits(declared.price, outcome.values)
        [slope] = among.slopes(among.left_over(f"{outcome.name} priced", hit), [exposed])
        return among.effect(slope)

    def _direct(self, among: Comparison, lever: Lever, outcome: OutcomeFacts) -> Effect | None:
        """The same effect with the size of the broken promise held equal too."""
        if lever.promise is None or lever.name.kind == "promise":
            return None
        late = Column("lateness", say(N_("time late against the promise")), lever.promise.lateness)
        known = among.rows & ~np.isnan(late.values)
        if lever.exposed[known].std() == 0:
            return None
        return self._priced(self.comparisons.of([*among.columns, late], known), lever, outcome)

    def _refused_for(self, outcome: OutcomeFacts) -> set[str]:
        return {r.variable for r in self.refused if r.outcome == outcome.name}


def _has_bound(price: Price) -> bool:
    return price.at_most is not None or price.at_least is not None


def _hits(price: Price, values: Floats) -> Floats:
    """1 where an answer lies beyond the bound of its price, 0 where not, NaN without an answer."""
    beyond = (
        values <= price.at_most if price.at_most is not None else values >= (price.at_least or 0.0)
    )
    return np.where(np.isnan(values), np.nan, np.asarray(beyond, dtype=np.float64))


def _draft(lever: Lever, outcome: OutcomeFacts, workspace: Workspace, facts: Facts) -> Finding:
    declared = workspace.outcomes[outcome.name]
    known = ~np.isnan(lever.exposed) & ~np.isnan(outcome.values)
    exposed, values = lever.exposed[known] == 1, outcome.values[known]
    raw = Slope(0.0, 0.0, int(known.sum()))
    if exposed.any() and not exposed.all():
        raw = difference(values, exposed, facts.customer[known])
    return Finding(
        id=f"{lever.name.id} → {outcome.name}",
        lever=lever.name,
        outcome=outcome.name,
        outcome_label=workspace.outcome_label(outcome.name),
        outcome_kind=declared.kind,
        higher_is_better=declared.higher_is_better,
        noun=workspace.case.noun,
        n=int(known.sum()),
        exposed=int(exposed.sum()),
        share=float(exposed.mean()) if known.any() else 0.0,
        exposed_per_year=facts.exposed_per_year(lever.exposed == 1),
        means=(_mean(values[exposed]), _mean(values[~exposed])),
        raw=Estimate(raw.estimate, raw.interval, raw.n, RAW_METHOD),
        effect=None,
        robustness=None,
        verdict="cannot tell",
        reason=None,
        dose=[],
        parts=_parts(lever, workspace, facts),
        caveats=[],
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _parts(lever: Lever, workspace: Workspace, facts: Facts) -> list[Part]:
    """A broken promise, split over the steps that used up the time; biggest share first."""
    promise = lever.promise
    if promise is None or lever.name.kind != "promise" or len(promise.steps) < 2:
        return []
    late, shares = promise.shares()
    if len(late) == 0:
        return []
    parts = []
    for k, step in enumerate(promise.steps):
        share = float(shares[:, k].mean())
        around = slopes(shares[:, k] - share, np.ones((len(late), 1)), facts.customer[late])[0]
        department = workspace.steps[step.activity].department or ""
        low, high = around.interval
        parts.append(
            Part(
                step.activity,
                workspace.step_label(step.activity),
                department,
                workspace.department_label(department),
                share,
                (max(share + low, 0.0), min(share + high, 1.0)),
                float(shares[:, k].sum()),
            )
        )
    return sorted(parts, key=lambda part: -part.share)
