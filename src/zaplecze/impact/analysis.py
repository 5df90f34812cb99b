"""Every lever against every outcome: estimate, guard, judge, and say what remains uncertain."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from zaplecze.eventlog import EventLog
from zaplecze.impact.apart import Later, held, later_levers, told_apart
from zaplecze.impact.arrays import Floats
from zaplecze.impact.beforehand import check_columns
from zaplecze.impact.blame import parts_of
from zaplecze.impact.choosing import too_many_choices
from zaplecze.impact.comparison import Comparison, Comparisons
from zaplecze.impact.doers import with_doers
from zaplecze.impact.dose import dose_response, per_unit
from zaplecze.impact.facts import Column, Facts, OutcomeFacts, load_facts
from zaplecze.impact.finding import Effect, Estimate, Finding, Refused
from zaplecze.impact.guards import (
    Usable,
    cannot_tell,
    no_overlap,
    not_comparable,
    nothing_held_equal,
    refused_attributes,
    usable_cases,
)
from zaplecze.impact.lever import Lever
from zaplecze.impact.levers import find_levers
from zaplecze.impact.linear import Slope, difference
from zaplecze.impact.odds import odds_of_better
from zaplecze.impact.places import kept_places, places
from zaplecze.impact.respondents import Respondents
from zaplecze.impact.response import Response, responses, told, too_uncertain, weighted_effect
from zaplecze.impact.sensitivity import robustness, strongest_confounder
from zaplecze.impact.together import side_by_side
from zaplecze.impact.verdicts import caveats, folded, judged
from zaplecze.language import N_, Text, say
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Price, Workspace

RAW_METHOD = "difference of means, errors clustered by customer"
RAW_ALONE = N_("difference of means, errors of single cases, for all belong to one customer")


@dataclass(frozen=True)
class Analysis:
    """What `analyse` found: findings without money, in the order of the process, and refusals.

    ``pulls`` says how far each group of customers pulled the priced effect of a finding (by its
    id) and its direct effect (by `direct_id`): with it errors that move together are added up.
    ``respondents`` say who answered, of outcomes that are often missing.
    """

    findings: list[Finding]
    refused: list[Refused]
    pulls: dict[str, Floats]
    respondents: list[Respondents] = field(default_factory=list)


def analyse(log: EventLog, workspace: Workspace, progress: Progress = silent) -> Analysis:
    """Estimate the effect of every lever of LOG on every outcome of WORKSPACE.

    Raw and adjusted differences, robustness, dose-response and the split of a broken promise over
    the steps; verdicts hold the false discovery rate over all of them. What hurts is then estimated
    once more with all later levers that hurt held equal, so that total and direct effect are told
    apart and nothing need be counted twice. Raises `InputError` for columns to be held equal or not
    that no lever knows. Findings carry no money yet: `zaplecze.money.price` adds it.
    """
    workspace = with_doers(log, workspace)
    facts = load_facts(log, workspace)
    refused = [r for o in facts.outcomes.values() for r in refused_attributes(facts, workspace, o)]
    refused += too_many_choices(facts, workspace)
    comparisons = Comparisons(facts.customer, workspace.impact.learner)
    levers = find_levers(facts, workspace)
    check_columns((column for lever in levers for column in lever.before), workspace)
    answers = responses(facts, workspace, levers, refused)
    bench = Bench(facts, workspace, refused, comparisons, answers)
    pairs = [
        (lever, outcome)
        for lever in levers
        for outcome in facts.outcomes.values()
        if bench.allows(lever, outcome)
    ]

    def turn(begin: float, share: float) -> Callable[[int, float], None]:
        return lambda i, done: _tell(progress, *pairs[i], workspace, begin + share * done)

    drafts = side_by_side(
        {i: lever for i, (lever, _) in enumerate(pairs)},
        lambda i, shared: replace(bench, comparisons=shared).examine(*pairs[i]),
        comparisons,
        turn(0.0, 0.8),
    )
    findings, p_values = [d for d, _ in drafts.values()], [p for _, p in drafts.values()]
    findings = kept_places(judged(findings, p_values, facts, workspace), workspace.impact)
    later = {i: after for i in drafts if (after := later_levers(i, pairs, findings))}
    apart = side_by_side(
        {i: pairs[i][0] for i in later},
        lambda i, shared: replace(bench, comparisons=shared).taken_apart(
            findings[i], *pairs[i], later[i]
        ),
        comparisons,
        turn(0.8, 0.2),
    )
    findings = [apart.get(i, finding) for i, finding in enumerate(findings)]
    progress(say(N_("Effects are estimated")), 1.0)
    return Analysis(findings, refused, bench.pulls, [each.respondents for each in answers.values()])


def direct_id(finding_id: str) -> str:
    """The name in `Analysis.pulls` of a finding's direct effect."""
    return f"{finding_id} direct"


def _tell(
    progress: Progress, lever: Lever, outcome: OutcomeFacts, workspace: Workspace, done: float
) -> None:
    message = say(
        N_("Effect of “{lever}” on “{outcome}”"),
        lever=lever.name.label,
        outcome=workspace.outcome_label(outcome.name),
    )
    progress(message, done)


@dataclass(frozen=True)
class Bench:
    """Where a lever is examined against an outcome."""

    facts: Facts
    workspace: Workspace
    refused: list[Refused]
    comparisons: Comparisons
    answers: dict[str, Response] = field(default_factory=dict)
    pulls: dict[str, Floats] = field(default_factory=dict)

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
        reason = not_comparable(lever, outcome, usable, self.facts.end)
        if reason is not None:
            return replace(draft, verdict="not comparable", reason=reason), 1.0
        reason = cannot_tell(lever, outcome, usable, self.facts.customer)
        if reason is not None:
            return replace(draft, reason=reason), 1.0
        among = self._among(lever, outcome, usable)
        draft = replace(draft, caveats=[*draft.caveats, *folded(among.columns)])
        reason = nothing_held_equal(among.columns, among.rows)
        reason = reason or _no_overlap(among, lever, outcome)
        if reason is not None:
            return replace(draft, reason=reason), 1.0
        slope, is_interactive = self._slope(among, lever, outcome.name, outcome.values)
        benchmark = strongest_confounder(
            among.design, lever.exposed[among.rows], outcome.values[among.rows]
        )
        draft = replace(
            draft,
            effect=among.effect(slope, interactive=is_interactive),
            robustness=robustness(slope, benchmark, _share(lever, outcome, usable)),
        )
        draft = self._weighted_to_all(draft, lever, outcome, slope)
        if slope.p_value <= self.workspace.impact.false_discovery_rate:
            draft = self._looked_into(draft, among, lever, outcome)
        return draft, slope.p_value

    def _weighted_to_all(
        self, draft: Finding, lever: Lever, outcome: OutcomeFacts, slope: Slope
    ) -> Finding:
        """DRAFT with what SLOPE would be over all customers, where not all answered."""
        response = self.answers.get(outcome.name)
        if response is None:
            return draft
        everybody = response.everybody
        if everybody is not None:
            among = self._among(lever, everybody, usable_cases(lever, everybody))
            of_all, _ = self._slope(among, lever, f"{outcome.name} of all", everybody.values)
            if not too_uncertain(slope, of_all):
                effect = weighted_effect(slope, of_all, outcome.kind, self.workspace.currency)
                draft = replace(draft, weighted=effect)
        return replace(draft, caveats=[*draft.caveats, told(response, draft.weighted)])

    def _looked_into(
        self, draft: Finding, among: Comparison, lever: Lever, outcome: OutcomeFacts
    ) -> Finding:
        """DRAFT with what is worth knowing of an effect: price, sizes, odds, places, another model."""
        felt, currency = among.left_over(outcome.name, outcome.values), self.workspace.currency
        label = self.workspace.outcome_label(outcome.name)
        draft = replace(
            draft,
            priced=self._priced(among, lever, outcome, draft.id),
            dose=dose_response(among, lever, felt),
            per_unit=per_unit(among, lever, outcome, felt, label, currency),
            odds=odds_of_better(
                among, lever, outcome, felt, label, higher_is_better=draft.higher_is_better
            ),
        )
        scores = among.scores(outcome.name, outcome.values, lever.name.id, lever.exposed)
        if scores is None:
            return draft
        slope = among.interactive(scores, lever.exposed)
        exposed, customer = lever.exposed[among.rows], self.facts.customer[among.rows]
        groups, values = self._groups(outcome, among), outcome.values[among.rows]
        return replace(
            draft,
            interactive=among.effect(slope, interactive=True),
            where=list(places(draft, groups, values, scores, exposed, customer, currency)),
        )

    def _groups(self, outcome: OutcomeFacts, among: Comparison) -> list[Column]:
        """The categories known from the start, but for the customer, over the cases of AMONG."""
        forms, declared = self._refused_for(outcome), self.workspace.attributes
        return [
            replace(column, values=column.values[among.rows])
            for name, column in self.facts.attributes.items()
            if column.categorical
            and declared[name].known == "start"
            and name != self.workspace.case.customer
            and name not in forms
        ]

    def _slope(
        self, among: Comparison, lever: Lever, key: str, values: Floats
    ) -> tuple[Slope, bool]:
        """The effect on VALUES (KEY names them for reuse), and whether by the interactive model."""
        if self.workspace.impact.model == "interactive":
            scores = among.scores(key, values, lever.name.id, lever.exposed)
            if scores is not None:
                return among.interactive(scores, lever.exposed), True
        among.learn({lever.name.id: lever.exposed, key: values})
        exposed = among.left_over(lever.name.id, lever.exposed)
        return among.slopes(among.left_over(key, values), [exposed])[0], False

    def taken_apart(
        self,
        finding: Finding,
        lever: Lever,
        outcome: OutcomeFacts,
        later: Later,
    ) -> Finding:
        """FINDING with its direct effect: LATER levers, through which it may work, held equal."""
        among = self._among(lever, outcome, usable_cases(lever, outcome))
        apart = self.comparisons.of([*among.columns, *held(later)], among.rows)
        direct = None
        if _no_overlap(apart, lever, outcome) is None:
            slope, is_interactive = self._slope(apart, lever, outcome.name, outcome.values)
            direct = apart.effect(slope, interactive=is_interactive)
        told = told_apart(finding, direct, later, self.workspace.currency)
        return replace(
            finding,
            direct=self._priced(apart, lever, outcome, direct_id(finding.id)),
            direct_effect=direct,
            counted_in=[where for _, where in later],
            caveats=[*finding.caveats, told],
        )

    def _among(self, lever: Lever, outcome: OutcomeFacts, usable: Usable) -> Comparison:
        forms = self._refused_for(outcome)
        rule = self.workspace.impact
        before = [c for c in lever.before if c.name not in forms and rule.holds(c.name)]
        return self.comparisons.of(before, usable.rows)

    def _priced(
        self, among: Comparison, lever: Lever, outcome: OutcomeFacts, name: str
    ) -> Effect | None:
        """The harm on the unit that has a price; None where none has. NAME is for its pulls."""
        declared = self.workspace.outcomes[outcome.name]
        if declared.price is None:
            return None
        felt, bad = outcome.values, not declared.higher_is_better
        key = outcome.name
        if _has_bound(declared.price):
            felt = _hits(declared.price, outcome.values)
            bad = (declared.price.at_most is not None) == declared.higher_is_better
            key = f"{outcome.name} priced"
        slope, is_interactive = self._slope(among, lever, key, felt)
        sign = 1 if bad else -1
        self.pulls[name] = sign * slope.pulls
        return among.effect(slope, sign=sign, interactive=is_interactive)

    def _refused_for(self, outcome: OutcomeFacts) -> set[str]:
        return {r.variable for r in self.refused if r.outcome == outcome.name}


def _share(lever: Lever, outcome: OutcomeFacts, usable: Usable) -> float | None:
    """The share of the exposed to whom a yes-or-no happened; None for other outcomes."""
    if outcome.kind != "yes_no":
        return None
    return _mean(outcome.values[usable.rows & (lever.exposed == 1)])


def _has_bound(price: Price) -> bool:
    return price.at_most is not None or price.at_least is not None


def _hits(price: Price, values: Floats) -> Floats:
    """1 where an answer lies beyond the bound of its price, 0 where not, NaN without an answer."""
    beyond = (
        values <= price.at_most if price.at_most is not None else values >= (price.at_least or 0.0)
    )
    return np.where(np.isnan(values), np.nan, np.asarray(beyond, dtype=np.float64))


def _no_overlap(among: Comparison, lever: Lever, outcome: OutcomeFacts) -> Text | None:
    """`no_overlap` of AMONG; what is left of lever and outcome is learnt at the same time."""
    among.learn({lever.name.id: lever.exposed, outcome.name: outcome.values})
    exposed = among.left_over(lever.name.id, lever.exposed)
    return no_overlap(among.columns, among.rows, lever.exposed, exposed)


def _draft(lever: Lever, outcome: OutcomeFacts, workspace: Workspace, facts: Facts) -> Finding:
    declared = workspace.outcomes[outcome.name]
    known = ~np.isnan(lever.exposed) & ~np.isnan(outcome.values)
    exposed, values = lever.exposed[known] == 1, outcome.values[known]
    raw, alone = Slope(0.0, 0.0, int(known.sum())), False
    if exposed.any() and not exposed.all():
        customer = facts.customer[known]
        # With one customer nothing tells how customers differ.
        alone = bool((customer == customer[0]).all())
        raw = difference(values, exposed, np.arange(len(customer)) if alone else customer)
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
        answered=float(exposed.sum() / max((lever.exposed == 1).sum(), 1)),
        share=float(exposed.mean()) if known.any() else 0.0,
        exposed_per_year=facts.exposed_per_year(lever.exposed == 1),
        means=(_mean(values[exposed]), _mean(values[~exposed])),
        raw=Estimate(raw.estimate, raw.interval, raw.n, RAW_ALONE if alone else RAW_METHOD),
        effect=None,
        robustness=None,
        verdict="cannot tell",
        reason=None,
        dose=[],
        parts=parts_of(lever, workspace, facts.customer),
        caveats=[],
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
