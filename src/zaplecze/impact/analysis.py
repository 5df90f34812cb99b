"""Every lever against every outcome: estimate, guard, judge, and say what remains uncertain."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from zaplecze.eventlog import EventLog
from zaplecze.impact.dose import dose_response
from zaplecze.impact.facts import Column, Facts, Floats, OutcomeFacts, load_facts
from zaplecze.impact.finding import Dose, Effect, Estimate, Finding, Part, Refused
from zaplecze.impact.guards import cannot_tell, no_overlap, refused_attributes, usable_cases
from zaplecze.impact.learner import CrossFitter
from zaplecze.impact.levers import Lever, find_levers
from zaplecze.impact.linear import Slope, difference, slopes
from zaplecze.impact.sensitivity import robustness, strongest_confounder
from zaplecze.impact.verdicts import caveats, judged
from zaplecze.language import N_, joined, say
from zaplecze.progress import Progress, silent
from zaplecze.workspace import Workspace

METHOD = "partially linear, cross-fitted in 5 folds by customer with gradient-boosted trees"
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
    levers = find_levers(facts, workspace)
    outcomes = list(facts.outcomes.values())
    drafts: list[Finding] = []
    refused: list[Refused] = []
    p_values: list[float] = []
    for i, outcome in enumerate(outcomes):
        forms = refused_attributes(facts, workspace, outcome)
        refused += forms
        bench = Bench(facts, {form.variable for form in forms})
        for j, lever in enumerate(levers):
            done = (i * len(levers) + j) / (len(outcomes) * len(levers))
            progress(
                say(N_("Effect of “{lever}” on “{outcome}”"),
                    lever=lever.name.label, outcome=workspace.outcome_label(outcome.name)),
                done,
            )  # fmt: skip
            if _is_refused(lever, workspace, bench.refused):
                continue
            draft, p_value = bench.examine(lever, outcome, workspace)
            drafts.append(draft)
            p_values.append(p_value)
    progress(say(N_("Effects are estimated")), 1.0)
    return Analysis(judged(drafts, p_values, facts), refused)


def _is_refused(lever: Lever, workspace: Workspace, refused: set[str]) -> bool:
    declared = workspace.levers.get(lever.name.id)
    return declared is not None and declared.attribute in refused


@dataclass
class Bench:
    """Where levers are examined against one outcome; what can be shared is fitted once."""

    facts: Facts
    refused: set[str]
    _fitters: dict[tuple[object, ...], CrossFitter] = field(default_factory=dict, repr=False)
    _residuals: dict[tuple[object, ...], Floats] = field(default_factory=dict, repr=False)

    def examine(
        self, lever: Lever, outcome: OutcomeFacts, workspace: Workspace
    ) -> tuple[Finding, float]:
        """A finding (its verdict still open) and the p value of its effect."""
        usable = usable_cases(lever, outcome)
        draft = _draft(lever, outcome, workspace, self.facts)
        draft = replace(draft, caveats=caveats(lever, outcome, usable, self.facts))
        reason = cannot_tell(lever, outcome, usable)
        if reason is not None:
            return replace(draft, reason=reason), 1.0
        columns = [c for c in lever.before if c.name not in self.refused]
        columns = [c for c in columns if (~np.isnan(c.values[usable.rows])).any()]
        left_over = self._residual("lever " + lever.name.id, lever.exposed, columns, usable.rows)
        reason = no_overlap(lever.exposed[usable.rows], left_over)
        if reason is not None:
            return replace(draft, reason=reason), 1.0
        slope = self._slope(lever, outcome.name, outcome.values, columns, usable.rows)
        benchmark = strongest_confounder(columns, lever.exposed, outcome.values, usable.rows)
        draft = replace(
            draft,
            effect=_effect(slope, columns),
            robustness=robustness(slope, benchmark),
            priced=self._priced(lever, outcome, workspace, columns, usable.rows),
            direct=self._direct(lever, outcome, workspace, columns, usable.rows),
            dose=self._dose(lever, outcome, columns, usable.rows),
        )
        return draft, slope.p_value

    def _residual(
        self, name: str, target: Floats, columns: list[Column], rows: NDArray[np.bool_]
    ) -> Floats:
        key = (*(c.name for c in columns), rows.tobytes())
        if (name, key) not in self._residuals:
            if key not in self._fitters:
                part = [replace(c, values=c.values[rows]) for c in columns]
                self._fitters[key] = CrossFitter(part, self.facts.customer[rows])
            self._residuals[name, key] = self._fitters[key].residuals(target[rows])
        return self._residuals[name, key]

    def _slope(
        self,
        lever: Lever,
        name: str,
        outcome: Floats,
        columns: list[Column],
        rows: NDArray[np.bool_],
    ) -> Slope:
        left = self._residual("lever " + lever.name.id, lever.exposed, columns, rows)
        right = self._residual("outcome " + name, outcome, columns, rows)
        return slopes(right, left[:, None], self.facts.customer[rows])[0]

    def _priced(
        self,
        lever: Lever,
        outcome: OutcomeFacts,
        workspace: Workspace,
        columns: list[Column],
        rows: NDArray[np.bool_],
    ) -> Effect | None:
        target = priced_unit(outcome, workspace)
        if target is None:
            return None
        return _effect(self._slope(lever, "priced", target, columns, rows), columns)

    def _direct(
        self,
        lever: Lever,
        outcome: OutcomeFacts,
        workspace: Workspace,
        columns: list[Column],
        rows: NDArray[np.bool_],
    ) -> Effect | None:
        """The effect on the priced unit with the size of the broken promise held equal."""
        if lever.promise is None or lever.name.kind == "promise":
            return None
        late = Column("lateness", say(N_("time late against the promise")), lever.promise.lateness)
        known = rows & ~np.isnan(late.values)
        exposed = lever.exposed[known]
        if min(exposed.sum(), (1 - exposed).sum()) < 2:
            return None
        target = priced_unit(outcome, workspace)
        columns = [*columns, late]
        target = outcome.values if target is None else target
        return _effect(self._slope(lever, "priced", target, columns, known), columns)

    def _dose(
        self, lever: Lever, outcome: OutcomeFacts, columns: list[Column], rows: NDArray[np.bool_]
    ) -> list[Dose]:
        right = self._residual("outcome " + outcome.name, outcome.values, columns, rows)

        def left_over(band: Floats, name: str) -> Floats:
            return self._residual(f"lever {lever.name.id} {name}", band, columns, rows)

        return dose_response(lever, rows, right, left_over, self.facts.customer, METHOD)


def priced_unit(outcome: OutcomeFacts, workspace: Workspace) -> Floats | None:
    """The outcome in the unit that its price is for; None when it has no price.

    A price at answers up to (or from) a bound is for a case with such an answer; otherwise it is
    for one unit of the outcome in the direction that hurts.
    """
    declared = workspace.outcomes[outcome.name]
    price = declared.price
    if price is None:
        return None
    if price.at_most is not None or price.at_least is not None:
        hit = (
            outcome.values <= price.at_most
            if price.at_most is not None
            else outcome.values >= (price.at_least or 0)
        ).astype(np.float64)
        hit[np.isnan(outcome.values)] = np.nan
        return hit
    return -outcome.values if declared.higher_is_better else outcome.values


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


def _effect(slope: Slope, columns: list[Column]) -> Effect:
    return Effect(
        slope.estimate,
        slope.interval,
        slope.n,
        METHOD,
        [column.name for column in columns],
        joined([column.label for column in columns]),
    )


def _parts(lever: Lever, workspace: Workspace, facts: Facts) -> list[Part]:
    """A broken promise, split over the steps that used up the time; biggest share first."""
    if lever.name.kind != "promise":
        return []
    promise = lever.promise
    if promise is None or len(promise.steps) < 2:
        return []
    late, shares = promise.shares()
    if len(late) == 0:
        return []
    parts = []
    for k, step in enumerate(promise.steps):
        share = float(shares[:, k].mean())
        slope = slopes(shares[:, k] - share, np.ones((len(late), 1)), facts.customer[late])[0]
        department = (workspace.steps[step.activity].department) or ""
        bounds = slope.interval
        parts.append(
            Part(
                step.activity,
                workspace.step_label(step.activity),
                department,
                workspace.department_label(department),
                share,
                (max(share + bounds[0], 0.0), min(share + bounds[1], 1.0)),
                float(shares[:, k].sum()),
            )
        )
    return sorted(parts, key=lambda part: -part.share)
