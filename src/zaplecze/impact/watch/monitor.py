"""Walks through a series as time did and raises an alarm when it leaves what was usual.

At every period only what came before is known: the model is fitted on the past, the period is
compared with its forecast, and cumulative sums of these errors are compared with limits. The
limits come from simulated series in which nothing changes, put through the very same walk, so
that what is estimated, autocorrelation and small counts are all allowed for.
"""

from dataclasses import dataclass, replace

import numpy as np

from zaplecze.impact.watch import families, fitting
from zaplecze.impact.watch.changes import change_evidence
from zaplecze.impact.watch.charts import Sums, highest, limits
from zaplecze.impact.watch.families import Bools, Floats, Kind
from zaplecze.impact.watch.fitting import Columns, Fit
from zaplecze.impact.watch.seasons import LEARNING, PER_YEAR, WARM_UP, Season

SIMULATIONS = 200
_REFIT_GROWTH = 1.25
_TAIL_FROM = 0.3
_ALARMS_A_STRETCH = 1.0

_AFTERSHOCKS = 1.35
"""Alarms for each first one where nothing changes: after a false alarm the way back is seen too.

Found by simulation over counts, shares and means with autocorrelation from 0 to 0.8.
"""


@dataclass(frozen=True)
class Observed:
    """A series with its calendar: ``values`` and ``n`` have one entry a period.

    ``known`` are the periods that have data; ``noise`` is as in `families.sampling_variance`.
    """

    kind: Kind
    values: Floats
    n: Floats
    noise: float
    season: Season
    known: Bools

    @property
    def used(self) -> Bools:
        """The periods from which may be learnt."""
        return self.known & self.season.used

    @property
    def judged(self) -> Bools:
        """The periods that may give an alarm: after the warm-up, not for the calendar's sake."""
        late = np.cumsum(self.used) > WARM_UP[self.season.period]
        return self.known & self.season.judged & late

    def columns(self, values: Floats | None = None, steps: Floats | None = None) -> Columns:
        """The series as a column, or other VALUES; STEPS are further columns of the design."""
        design = self.season.design
        if steps is not None:
            design = np.hstack([design, steps])
        data = self.values[:, None] if values is None else values
        return Columns(self.kind, data, self.n, self.noise, design, self.used)

    def precision(self, past: int, steps: int = 0, *, any_year: bool = False) -> Floats:
        """The prior's precision with PAST periods known and STEPS changes of level."""
        usual = self.season.precision(past, any_year=any_year)
        return np.concatenate([usual, np.full(steps, 1e-4)])


@dataclass(frozen=True)
class Break:
    """The series left what was usual: the alarm was raised at a period, the change began at one."""

    raised: int
    began: int
    up: bool


@dataclass(frozen=True)
class Walk:
    """What the walk through a series showed.

    ``scores`` are the one-step-ahead errors in standard deviations; ``simulated`` those of series
    in which nothing changes (periods x simulations), ``limit`` the charts' limits.
    """

    breaks: list[Break]
    scores: Floats
    simulated: Floats
    limit: Floats
    first_judged: int


def walk(series: Observed, false_alarms_per_year: float, seed: int) -> Walk:
    """Walk through SERIES with so many false alarms expected in a year.

    SEED draws the simulated series.
    """
    judged = series.judged
    begin = int(np.argmax(judged))
    simulated = _simulated_scores(series, begin, seed)
    limit = _limit(series, simulated, false_alarms_per_year)
    breaks: list[Break] = []
    scores = np.zeros(len(series.values))
    start = begin
    while True:
        part, broken = _until_alarm(series, breaks, start, judged, limit)
        scores[start : start + len(part)] = part
        if broken is None:
            return Walk(breaks, scores, simulated, limit, begin)
        breaks.append(broken)
        start = broken.raised + 1
        if start >= len(series.values):
            return Walk(breaks, scores, simulated, limit, begin)


def steps_of(breaks: list[Break], periods: int) -> Floats:
    """A column for each of BREAKS: 1 from where it began on."""
    t = np.arange(periods)
    return (
        np.stack([(t >= b.began) * 1.0 for b in breaks], axis=1)
        if breaks
        else np.zeros((periods, 0))
    )


def earliest_change(series: Observed, previous: int, raised: int) -> int:
    """Where a change seen at RAISED can have begun: when the level before had been learnt."""
    return min(previous + LEARNING[series.season.period], raised)


def one_step_ahead(series: Observed, columns: Columns, begin: int, steps: int = 0) -> Floats:
    """Scores of COLUMNS from period BEGIN on, each from a model fitted on what came before.

    The model is fitted anew whenever what is known of the present level has grown by a quarter.
    """
    since = _since_last_step(columns, steps)
    fitted: Fit | None = None
    state = None
    parts, t, total = [], begin, len(columns.values)
    while t < total:
        fitted = fitting.fit(columns.until(t), series.precision(t, steps), fitted)
        if state is None:
            _, state = fitting.innovations(columns.until(t), fitted)
        age = t - since
        end = min(total, max(t + 1, since + int(age * _REFIT_GROWTH)))
        ahead = _between(columns, t, end)
        part, state = fitting.innovations(ahead, fitted, state)
        parts.append(part)
        t = end
    return np.concatenate(parts)


def _between(columns: Columns, start: int, end: int) -> Columns:
    whole = columns.until(end)
    return replace(
        whole,
        values=whole.values[start:],
        n=whole.n[start:],
        design=whole.design[start:],
        used=whole.used[start:],
    )


def _since_last_step(columns: Columns, steps: int) -> int:
    return int(np.argmax(columns.design[:, -1] > 0)) if steps else 0


def _until_alarm(
    series: Observed, breaks: list[Break], start: int, judged: Bools, limit: Floats
) -> tuple[Floats, Break | None]:
    """Scores from START to the first alarm after the learning, or to the end."""
    total = len(series.values)
    columns = series.columns(steps=steps_of(breaks, total))
    scores = one_step_ahead(series, columns, start, len(breaks))[:, 0]
    learning = LEARNING[series.season.period] if breaks else 0
    sums = Sums.zero(1)
    for t in range(start + learning, total):
        if not judged[t]:
            continue
        sums = sums.after(scores[t - start : t - start + 1])
        up, down = (float(side[0]) for side in sums.reach(limit))
        if max(up, down) >= 1:
            began = _began(series, breaks, t)
            return scores[: t - start + 1], Break(t, began, up >= down)
    return scores, None


def _began(series: Observed, breaks: list[Break], raised: int) -> int:
    """Where the change most likely began, from what was known when the alarm was raised.

    A first look supposes that nothing has changed, a second the change that the first one found.
    """
    earliest = earliest_change(series, breaks[-1].began if breaks else 0, raised)
    candidates = np.arange(earliest, raised + 1)
    began = raised
    for _ in range(2):
        supposed = [*breaks, Break(raised, began, up=True)]
        known = series.columns(steps=steps_of(supposed, len(series.values))).until(raised + 1)
        fitted = fitting.fit(known, series.precision(raised + 1, len(supposed)))
        began = earliest + int(np.argmax(change_evidence(known, fitted, candidates)))
    return began


def _simulated_scores(series: Observed, begin: int, seed: int) -> Floats:
    """Scores of series like this one's first stretch, in which nothing ever changes."""
    random = np.random.default_rng(seed)
    first = series.columns().until(begin)
    usual = fitting.fit(first, series.precision(begin))
    total = len(series.values)
    slow = _slow(float(usual.variance[0]), float(usual.correlation[0]), total, random)
    eta = (series.season.design @ usual.beta) + slow
    if series.kind == "count":
        eta = eta - usual.variance[0] / 2
    n = np.where(series.known, series.n, 1.0)[:, None]
    values = families.draw(series.kind, eta, n, series.noise, random)
    scores = np.zeros((total, SIMULATIONS))
    scores[begin:] = one_step_ahead(series, series.columns(values), begin)
    return scores


def _slow(variance: float, phi: float, total: int, random: np.random.Generator) -> Floats:
    """Autoregressive processes, periods x simulations."""
    shocks = random.normal(size=(total, SIMULATIONS)) * np.sqrt(variance)
    slow = np.empty_like(shocks)
    slow[0] = shocks[0]
    for t in range(1, total):
        slow[t] = phi * slow[t - 1] + np.sqrt(1 - phi**2) * shocks[t]
    return np.asarray(slow)


def _limit(series: Observed, simulated: Floats, false_alarms_per_year: float) -> Floats:
    """The charts' limits at which simulated series give so many alarms in a year.

    Where alarms are rare, the tail of the highest reaches is taken as exponential.
    """
    per_year = PER_YEAR[series.season.period]
    base = limits(per_year / false_alarms_per_year)
    judged = series.judged
    expected = false_alarms_per_year / _AFTERSHOCKS * judged.sum() / per_year
    # Where several are expected, each stretch in which one is gets a start of its own.
    stretches = np.array_split(np.flatnonzero(judged), int(np.ceil(expected / _ALARMS_A_STRETCH)))
    chance = 1 - np.exp(-expected / len(stretches))
    tops = np.concatenate([highest(simulated, stretch, base) for stretch in stretches])
    if chance >= _TAIL_FROM:
        return np.asarray(base * float(np.quantile(tops, 1 - chance)))
    edge = float(np.quantile(tops, 1 - _TAIL_FROM))
    excess = float((tops[tops > edge] - edge).mean())
    return np.asarray(base * (edge + excess * np.log(_TAIL_FROM / chance)))
