"""Outcomes that are missing, and not at random: who answered, and what all would have said.

Every case gets a chance of answering, predicted by the other folds from what was known before: the
attributes and all levers. Answers count by the inverse of that chance (Horvitz and Thompson 1952; scaled
to add up to the cases, Hájek 1971), and what the same facts predict stands in for the rest: with
chances p and predictions m, each case has the value m + (R / p) (Y - m). It is doubly robust (Robins,
Rotnitzky and Zhao 1994): right where either the chances or the predictions are learnt well. Its mean is
the level over all customers, and in the place of the outcome it gives the effect over all of them.
Silence for reasons that nobody recorded is not mended by it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zaplecze.impact.arrays import Floats
from zaplecze.impact.beforehand import known_at_start
from zaplecze.impact.facts import Column, Facts, OutcomeFacts
from zaplecze.impact.finding import OutcomeKind, Refused
from zaplecze.impact.interactive import ratio
from zaplecze.impact.lateness import find_promise
from zaplecze.impact.learner import CrossFitter
from zaplecze.impact.lever import Lever
from zaplecze.impact.linear import Z95, Slope
from zaplecze.impact.respondents import Contrast, Respondents, Weighted
from zaplecze.impact.units import estimate_in_words, in_its_unit, range_in_words
from zaplecze.language import N_, Text, number, percent, say
from zaplecze.workspace import Workspace

SMALL_SHARE = 0.005
"""Up to this share of missing outcomes nobody's silence can move a result."""

FEWEST_SILENT = 50
FEWEST_ANSWERS = 200
"""With fewer of either nobody's chance of answering can be learnt."""

WIDER = 3.0
"""An error that grows more than this when weighted says that hardly any cases are alike."""

LEAST_CHANCE = 0.02
"""Chances are taken for at least this, so that no answer counts for more than fifty."""

HARDLY = 0.05
"""A chance of answering below this is hardly any: such customers have nobody to speak for them."""

MOST_HARDLY = 0.05
"""Where more than this share of all had hardly any chance, answers cannot be weighted to all."""

KNOWN_AFTER = 0.2
"""A lever known only after the answer in more than this share of its answered cases is no reason."""

MOST_CONTRASTS = 5
_MOST_LEVELS = 6


@dataclass(frozen=True)
class Response:
    """Who answered for one outcome, and ``everybody``: the outcome of all cases, NaN where unknown.

    ``everybody`` is None where the answers cannot be weighted.
    """

    respondents: Respondents
    everybody: OutcomeFacts | None


@dataclass(frozen=True)
class Known:
    """What may say who answers: facts of the start, whether a case was exposed to each lever, and
    how much."""

    start: list[Column]
    levers: list[Column]
    amounts: list[Column]

    @property
    def columns(self) -> list[Column]:
        """All of them."""
        return [*self.start, *self.levers, *self.amounts]


def responses(
    facts: Facts, workspace: Workspace, levers: Sequence[Lever], refused: Sequence[Refused]
) -> dict[str, Response]:
    """By outcome, who answered, of those that are missing in more than a small share of the cases.

    REFUSED are variables that may not explain an outcome. The time that a case takes is not among
    these outcomes: it is not missing but still to come.
    """
    found = {}
    for name, outcome in facts.outcomes.items():
        silent = int(np.isnan(outcome.values).sum())
        answered = facts.cases - silent
        enough = silent >= FEWEST_SILENT and answered >= FEWEST_ANSWERS
        if (
            enough
            and silent > SMALL_SHARE * facts.cases
            and not workspace.outcomes[name].is_throughput
        ):
            forms = {each.variable for each in refused if each.outcome == name}
            known = _known_before(facts, workspace, levers, outcome, forms)
            found[name] = _response(facts, workspace, outcome, known)
    return found


def _known_before(
    facts: Facts,
    workspace: Workspace,
    levers: Sequence[Lever],
    outcome: OutcomeFacts,
    refused: set[str],
) -> Known:
    """What was known at the start, and every lever that came about before the answers."""
    start = known_at_start(facts, workspace, find_promise(facts, workspace))
    answered = ~np.isnan(outcome.values)
    before = []
    for lever in levers:
        declared = workspace.levers.get(lever.name.id)
        among = answered & (lever.exposed == 1)
        late = among.any() and (lever.known_at > outcome.time)[among].mean() > KNOWN_AFTER
        if not late and (declared is None or declared.attribute not in refused):
            before.append(lever)
    return Known(
        [column for column in start if column.name not in refused],
        [Column(lever.name.id, lever.name.label, lever.exposed) for lever in before],
        [
            Column(
                f"{lever.name.id} amount",
                lever.name.label,
                np.where(lever.exposed == 0, 0.0, lever.amount),
            )
            for lever in before
            if lever.unit is not None
        ],
    )


def _response(facts: Facts, workspace: Workspace, outcome: OutcomeFacts, known: Known) -> Response:
    answered = ~np.isnan(outcome.values)
    fitter = CrossFitter(known.columns, facts.customer, learner=workspace.impact.learner)
    raw = fitter.predictions(answered.astype(np.float64))
    chance = np.clip(raw, LEAST_CHANCE, 1.0)
    weights = np.where(answered, 1.0 / chance, 0.0)
    weights *= len(weights) / weights.sum()
    hardly = float((raw < HARDLY).mean())
    label = workspace.outcome_label(outcome.name)
    reason = _reason(hardly)
    everybody, level = None, None
    if reason is None:
        expected = fitter.predictions(np.where(answered, outcome.values, 0.0), answered)
        rest = np.where(answered, outcome.values - expected, 0.0)
        everybody = replace(outcome, values=expected + weights * rest)
        level = _level(outcome, everybody, facts.customer, workspace.currency)
    respondents = Respondents(
        outcome.name,
        label,
        len(answered),
        int(answered.sum()),
        _contrasts(known, answered),
        float(np.quantile(chance, 0.01)),
        hardly,
        float(weights.sum() ** 2 / (weights**2).sum()),
        level,
        reason,
        say(METHOD),
        Text.same(""),
    )
    return Response(replace(respondents, sentence=_sentence(respondents)), everybody)


METHOD = N_(
    "Answers weighted by the inverse chance of answering, predicted in 5 folds by customer from what was "
    "known before; what the same facts predict stands in for those who were silent (doubly robust). It "
    "stands beside the result and does not replace it: silence for reasons that nobody recorded remains."
)


def _reason(hardly: float) -> Text | None:
    if hardly <= MOST_HARDLY:
        return None
    return say(
        N_(
            "{share} of the cases are of a kind of which hardly anybody answers, so nobody can speak for "
            "them: the answers cannot be weighted to all."
        ),
        share=percent(hardly, 0),
    )


def _level(
    outcome: OutcomeFacts, everybody: OutcomeFacts, customer: NDArray[np.int64], currency: str
) -> Weighted:
    answered = ~np.isnan(outcome.values)
    among = ratio(outcome.values[answered], np.ones(int(answered.sum())), customer[answered])
    of_all = ratio(everybody.values, np.ones(len(answered)), customer)
    found = shifted(among, of_all)
    told = {
        "answered": _amount(among.estimate, outcome.kind, currency),
        "weighted": _amount(of_all.estimate, outcome.kind, currency),
        "range": range_in_words(found.shift_interval, outcome.kind, currency),
    }
    message = (
        N_("The mean of those who answered is {answered}; weighted to all it is {weighted} (shift {range}).")
        if found.shift_interval[0] > 0 or found.shift_interval[1] < 0
        else N_(
            "The mean of those who answered, {answered}, hardly moves when weighted to all: {weighted} "
            "(shift {range})."
        )
    )  # fmt: skip
    return replace(found, sentence=say(message, **told))


def _amount(value: float, kind: OutcomeKind, currency: str) -> Text:
    """A level of an outcome; of a yes-or-no the share of the cases."""
    return percent(value) if kind == "yes_no" else in_its_unit(value, kind, currency)


def shifted(answered: Slope, weighted: Slope) -> Weighted:
    """Both estimates and the shift between them, whose error comes from what pulls both."""
    shift = weighted.estimate - answered.estimate
    error = float(np.sqrt(((weighted.pulls - answered.pulls) ** 2).sum()))
    return Weighted(
        answered.estimate,
        answered.interval,
        weighted.estimate,
        weighted.interval,
        shift,
        (shift - Z95 * error, shift + Z95 * error),
        weighted.n,
        Text.same(""),
    )


def weighted_effect(answered: Slope, of_all: Slope, kind: OutcomeKind, currency: str) -> Weighted:
    """The effect among those who answered against that over all customers, in words."""
    found = shifted(answered, of_all)
    lost = _excludes_zero(found.answered_interval) and not _excludes_zero(found.weighted_interval)
    if lost:
        message = N_(
            "Weighted to all customers, also to those without an answer, the effect is {weighted} "
            "({range}) instead of {answered}: it may be nothing, so this finding hangs on who answered."
        )
    elif _excludes_zero(found.shift_interval):
        message = N_(
            "Weighted to all customers, also to those without an answer, the effect is {weighted} "
            "({range}) instead of {answered}."
        )
    else:
        message = N_(
            "Weighted to all customers, also to those without an answer, the effect hardly moves: "
            "{weighted} ({range}) instead of {answered}."
        )
    sentence = say(
        message,
        weighted=estimate_in_words(found.weighted, found.weighted_interval, kind, currency),
        range=range_in_words(found.weighted_interval, kind, currency),
        answered=estimate_in_words(found.answered, found.weighted_interval, kind, currency),
    )
    return replace(found, sentence=sentence)


def _excludes_zero(interval: tuple[float, float]) -> bool:
    return not interval[0] <= 0 <= interval[1]


def too_uncertain(answered: Slope, of_all: Slope) -> bool:
    """Whether weighting leaves hardly anything to compare."""
    return of_all.error > WIDER * answered.error


def told(response: Response, effect: Weighted | None) -> Text:
    """What a finding with this weighted EFFECT says about those who did not answer."""
    if effect is not None:
        return effect.sentence
    return response.respondents.reason or say(
        N_("Weighted to all customers the effect cannot be told: hardly any cases are alike.")
    )


def _contrasts(known: Known, answered: NDArray[np.bool_]) -> list[Contrast]:
    """The levers, then the facts of the start, in which those who ANSWERED differ most from all."""
    found = []
    for columns in (known.levers, known.start):
        all_of_them = [each for column in columns for each in _of_column(column, answered)]
        all_of_them.sort(key=lambda each: -abs(each.difference))
        found += all_of_them[:MOST_CONTRASTS]
    return found


def _of_column(column: Column, answered: NDArray[np.bool_]) -> Iterator[Contrast]:
    values = column.values
    there = ~np.isnan(values)
    if not (there & answered).any():
        return
    if column.categorical:
        for code, level in enumerate(column.levels[:_MOST_LEVELS]):
            yield _contrast(column, level, (values == code).astype(np.float64), there, answered)
    elif np.isin(values[there], (0.0, 1.0)).all():
        yield _contrast(column, "", values, there, answered)
    else:
        yield _contrast(column, None, values, there, answered)


def _contrast(
    column: Column,
    level: str | None,
    values: Floats,
    there: NDArray[np.bool_],
    answered: NDArray[np.bool_],
) -> Contrast:
    """LEVEL is None for a mean, and empty for a fact that is so or not."""
    everyone, among = values[there], values[there & answered]
    spread = float(everyone.std())
    with_it = there & (values == 1)
    rate = float(answered[with_it].mean()) if level is not None and with_it.any() else None
    return Contrast(
        column.name,
        column.label,
        level or None,
        float(among.mean()),
        float(everyone.mean()),
        float(among.mean() - everyone.mean()) / spread if spread else 0.0,
        rate,
    )


def _sentence(found: Respondents) -> Text:
    """Who answered, and in what they differ most."""
    rated = next((each for each in found.contrasts if each.answer_rate is not None), None)
    values: dict[str, Text | str] = {
        "outcome": found.outcome_label,
        "share": percent(found.share, 1 if found.share > 0.98 else 0),
        "cases": number(found.cases),
    }
    if rated is None:
        return say(N_("“{outcome}” is known in {share} of {cases} cases."), **values)
    fact = rated.label
    if rated.level is not None:
        fact = say("{label}: {level}", label=fact, level=rated.level)
    return say(
        N_(
            "“{outcome}” is known in {share} of {cases} cases; those who answered differ most in “{fact}”, "
            "of whom {rate} answered."
        ),
        **values,
        fact=fact,
        rate=percent(rated.answer_rate or 0.0, 1 if found.share > 0.98 else 0),
    )  # fmt: skip
