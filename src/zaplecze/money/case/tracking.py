"""Planned against actual: what a line brought so far, and what is expected for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zaplecze.language import Text
from zaplecze.money.case.lines import Line
from zaplecze.money.case.model import Actual, Case
from zaplecze.money.case.reckoning import Reckoning
from zaplecze.money.finance import Appraisal
from zaplecze.money.returns import Floats


@dataclass(frozen=True)
class Evidence:
    """What was written down for one month: the amount, its proof, why it differs, the measure."""

    month: int
    date: str
    planned: float
    actual: float
    evidence: Text
    cause: str | None
    note: Text | None
    measured: float | None


@dataclass(frozen=True)
class LineTracked:
    """A line up to the last month with evidence, and beyond.

    ``variance`` is actual less plan; ``good`` says whether that helps: less cost, more benefit.
    ``run_rate`` is actual over plan. ``expected`` is the whole line: actual so far and, from then
    on, its plan times the factor of its re-forecast. ``met_whole`` says that the evidence replaces the
    whole plan of the line (it is paid once), not only that of its months. ``progress`` is how far
    its measure has come from baseline to target.
    """

    name: str
    label: Text
    kind: str
    owner: Text
    planned: float
    actual: float
    variance: float
    good: bool | None
    run_rate: float | None
    causes: dict[str, float]
    evidence: list[Evidence]
    met_whole: bool
    months_without_evidence: list[int]
    planned_total: float
    expected_total: float
    reason: Text | None
    measure: Text | None
    baseline: float | None
    target: float | None
    measured: float | None
    progress: float | None


@dataclass(frozen=True)
class Tracked:
    """The case as planned and as it stands: lines, and both cash flows appraised."""

    months: int
    until: str
    lines: list[LineTracked]
    planned: float
    actual: float
    plan: Appraisal
    expected: Appraisal
    expected_net: list[float]


def track(reckoning: Reckoning, planned: "dict[str, Floats]") -> Tracked | None:
    """The actuals of the case against PLANNED (money by month of every cash line); None without any.

    Months of a line without evidence keep their plan in what is expected, and are listed.
    """
    case = reckoning.case
    if not case.actuals:
        return None
    until = max(_month(reckoning, actual) for actual in case.actuals)
    expected = {name: _expected(reckoning, name, plan, until) for name, plan in planned.items()}
    lines = [_line(reckoning, name, planned[name], expected[name], until) for name in planned]
    plan_net, expected_net = _net(reckoning, planned), _net(reckoning, expected)
    signs = {name: -1.0 if case.lines[name].kind == "cost" else 1.0 for name in planned}
    return Tracked(
        months=until,
        until=reckoning.timeline.ends[min(until, case.months)].isoformat(),
        lines=lines,
        planned=sum(signs[line.name] * line.planned for line in lines),
        actual=sum(signs[line.name] * line.actual for line in lines),
        plan=reckoning.appraised(plan_net, planned),
        expected=reckoning.appraised(expected_net, expected),
        expected_net=[float(each) for each in expected_net],
    )


def _expected(reckoning: Reckoning, name: str, plan: Floats, until: int) -> Floats:
    """PLAN with what really came, and from the months of re-forecasts on with their factors."""
    entries = _by_month(reckoning, name)
    expected = plan.copy()
    for months, _ in _met(reckoning, name, entries):
        expected[months] = 0.0
    for change in sorted(reckoning.case.reforecasts, key=lambda each: each.since):
        if change.line == name:
            since = max(reckoning.timeline.month_of(change.since), until + 1)
            expected[since:] = plan[since:] * change.factor
    for month, actuals in entries.items():
        expected[month] = sum(entry.amount for entry in actuals)
    return expected


def _by_month(reckoning: Reckoning, name: str) -> dict[int, list[Actual]]:
    found: dict[int, list[Actual]] = {}
    for actual in reckoning.case.actuals:
        if actual.line == name:
            found.setdefault(_month(reckoning, actual), []).append(actual)
    return dict(sorted(found.items()))


def _month(reckoning: Reckoning, actual: Actual) -> int:
    """The month of the case in which ACTUAL came.

    What is paid once and comes in the calendar month of the start came with it. Nothing that is
    paid by month or year comes with the start: its first month begins there.
    """
    if reckoning.case.comes_with_start(actual):
        return 0
    month = reckoning.timeline.month_of(actual.month)
    return month if reckoning.case.lines[actual.line].period == "once" else max(month, 1)


def _met(
    reckoning: Reckoning, name: str, entries: dict[int, list[Actual]]
) -> list[tuple[list[int], list[Actual]]]:
    """The months whose plan ENTRIES of a line replace, and those entries.

    Month by month, but for a line that is paid once all months at a time: its invoice may come
    earlier or later than planned and is still the only one.
    """
    if not _is_met_whole(reckoning.case.lines[name], entries):
        return [([month], actuals) for month, actuals in entries.items()]
    months = list(range(reckoning.case.months + 1))
    return [(months, [actual for actuals in entries.values() for actual in actuals])]


def _is_met_whole(line: Line, entries: dict[int, list[Actual]]) -> bool:
    return line.period == "once" and bool(entries)


def _line(
    reckoning: Reckoning, name: str, plan: Floats, expected: Floats, until: int
) -> LineTracked:
    case = reckoning.case
    line, entries = case.lines[name], _by_month(reckoning, name)
    met = _met(reckoning, name, entries)
    seen = [month for months, _ in met for month in months]
    planned = float(plan[seen].sum())
    actual = float(sum(each.amount for _, actuals in met for each in actuals))
    variance = actual - planned
    last = max((c for c in case.reforecasts if c.line == name), key=lambda c: c.since, default=None)
    measured = next((a.measured for month in reversed(entries) for a in entries[month] if a.measured is not None), None)  # fmt: skip
    profile = line.profile
    return LineTracked(
        name=name,
        label=case.line_label(name),
        kind=line.kind,
        owner=line.owner,
        planned=planned,
        actual=actual,
        variance=variance,
        good=None if abs(variance) < 1e-9 else (variance < 0) == (line.kind == "cost"),
        run_rate=actual / planned if planned else None,
        causes=_causes(plan, met),
        evidence=_evidence(reckoning, plan, entries, met),
        met_whole=_is_met_whole(line, entries),
        months_without_evidence=[m for m in range(until + 1) if plan[m] and m not in seen],
        planned_total=float(plan.sum()),
        expected_total=float(expected.sum()),
        reason=last.reason if last else None,
        measure=profile.measure if profile else None,
        baseline=profile.baseline if profile else None,
        target=profile.target if profile else None,
        measured=measured,
        progress=None
        if profile is None or measured is None or profile.target == profile.baseline
        else (measured - profile.baseline) / (profile.target - profile.baseline),
    )


def _causes(plan: Floats, met: list[tuple[list[int], list[Actual]]]) -> dict[str, float]:
    """The variance by the cause that was written down for its months."""
    causes: dict[str, float] = {}
    for months, actuals in met:
        variance = sum(a.amount for a in actuals) - float(plan[months].sum())
        named = list(dict.fromkeys(a.cause for a in actuals if a.cause))
        cause = named[0] if len(named) == 1 else "other" if named else "not explained"
        if abs(variance) > 1e-9:
            causes[cause] = causes.get(cause, 0.0) + variance
    return causes


def _evidence(
    reckoning: Reckoning,
    plan: Floats,
    entries: dict[int, list[Actual]],
    met: list[tuple[list[int], list[Actual]]],
) -> list[Evidence]:
    planned = {m: float(plan[months].sum()) for months, _ in met for m in months}
    return [
        Evidence(
            month=month,
            date=reckoning.timeline.ends[month].isoformat(),
            planned=planned[month],
            actual=actual.amount,
            evidence=actual.evidence,
            cause=actual.cause,
            note=actual.note,
            measured=actual.measured,
        )
        for month, actuals in entries.items()
        for actual in actuals
    ]


def _net(reckoning: Reckoning, lines: dict[str, Floats]) -> Floats:
    """Net cash by month after tax of LINES."""
    case: Case = reckoning.case
    signed = {
        n: (-1.0 if case.lines[n].kind == "cost" else 1.0) * each for n, each in lines.items()
    }
    gross = _sum(list(signed.values()))
    if reckoning.tax_rate == 0:
        return gross
    taxed = _sum([each for n, each in signed.items() if case.lines[n].taxed])
    return np.asarray(gross - reckoning.tax(taxed[np.newaxis])[0]) if taxed.size else gross


def _sum(rows: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(rows, axis=0)) if rows else np.zeros(0)
