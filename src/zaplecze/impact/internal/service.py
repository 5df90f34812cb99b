"""How departments serve each other: what passes between them, and an index for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from zaplecze.errors import InputError
from zaplecze.eventlog import EventLog
from zaplecze.impact.arrays import Floats
from zaplecze.impact.internal import words
from zaplecze.impact.internal.course import course, unit_for
from zaplecze.impact.internal.index import (
    FEWEST,
    Mean,
    Observations,
    Parts,
    counting,
    geometric,
    joined,
    ranks,
)
from zaplecze.impact.internal.pairs import pairs
from zaplecze.impact.internal.parts import (
    answers_by_code,
    clusters_of,
    parts_of,
    waits,
)
from zaplecze.impact.internal.passages import Passed, Truths, passages
from zaplecze.impact.internal.result import (
    DepartmentService,
    InternalService,
    PeriodUnit,
    Score,
)
from zaplecze.impact.internal.survey import Answers
from zaplecze.language import N_, Text, say
from zaplecze.process.filtered import filters_of
from zaplecze.process.measures import NOTHING_MEASURED, Spread
from zaplecze.process.periods import Periods
from zaplecze.workspace import InternalService as Settings
from zaplecze.workspace import ServicePart, Workspace

_DAY = 86_400e6


def internal_service(
    log: EventLog,
    workspace: Workspace | None = None,
    *,
    answers: Answers | None = None,
    weights: Mapping[ServicePart, float] | None = None,
    by: PeriodUnit | None = None,
    seed: int = 0,
) -> InternalService:
    """The service of the departments of LOG to each other.

    A department is judged as a supplier: how soon it takes over what it is given, how rarely what
    it gives comes back to be done again, whether its steps keep their limits, and what colleagues
    ANSWER (see `read_answers`). WEIGHTS replace those of ``[internal_service.weights]``; SEED is for
    the random weights behind the range of ranks. Raises `InputError` where the log knows fewer than
    two departments or no weight is above zero.
    """
    _check_departments(log)
    settings = workspace.internal_service if workspace else Settings()
    chosen = settings.weights.by_part | dict(weights or {})
    named = {*(weights or {}), *settings.weights.model_fields_set}
    asked = [part for part, weight in chosen.items() if part in named and weight > 0]
    passed, promised, timed = passages(log, workspace)
    wait = waits(passed, workspace)
    clusters = clusters_of(log, workspace)
    beyond = int(clusters.max(initial=-1)) + 1
    coded = answers_by_code(answers, log.departments, beyond) if answers else None
    parts = parts_of(passed, promised, wait, settings.takeover_hours, clusters, coded, timed)
    label = workspace.department_label if workspace else Text.same
    present = {part: chosen[part] for part, seen in parts.items() if len(seen)}
    if present and not any(present.values()) and asked:
        raise InputError(words.weight_on_nothing(asked, list(present)))
    shown = _normal(present or chosen)
    bench = _Bench(log, label, passed, wait, timed, parts, shown, _periods(log, by))
    departments = _ranked([bench.department(code) for code in bench.present()], seed)
    working_time = bool(workspace and workspace.calendar)
    return InternalService(
        cases=log.info.cases,
        clusters=int(np.count_nonzero(np.bincount(clusters[passed.case]))),
        handovers=len(passed),
        weights=shown,
        company=bench.company,
        takeover_hours=settings.takeover_hours,
        working_time=working_time,
        departments=departments,
        passings=pairs(log, label, passed, promised, wait, settings.takeover_hours),
        method=list(words.method(shown, settings.takeover_hours, working_time)),
        caveats=[
            *words.unknown_parts(present, [part for part in asked if part not in present]),
            *words.caveats(
                answers,
                log.departments,
                _unknown(log),
                int((~passed.settled).sum()),
                _uneven(departments),
                [each.label for each in departments if not each.timed and each.received],
                any(block.states for block in workspace.events) if workspace else False,
            ),
        ],
        sentence=words.of_all(departments),
        filters=filters_of(log, workspace),
    )


def _check_departments(log: EventLog) -> None:
    if len(log.departments) < 2:
        raise InputError(
            say(
                N_(
                    "The log knows fewer than two departments, so nothing passes between any. Name the "
                    "column with 'department' in [[events]] (or --department), or give every step its "
                    "'department'."
                )
            )
        )


def _normal(weights: Mapping[ServicePart, float]) -> dict[ServicePart, float]:
    """WEIGHTS that add up to 1."""
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise InputError(
            say(N_("Weights must not be negative, and at least one must be above zero."))
        )
    return {part: weight / total for part, weight in weights.items()}


def _periods(log: EventLog, by: PeriodUnit | None) -> tuple[Periods, range] | None:
    """The periods of LOG, and which of them it covers as a whole; None where it has no events."""
    first, last = log.connection.execute(
        'SELECT epoch_us(min("start")), epoch_us(max("end")) FROM events'
    ).fetchall()[0]
    if first is None:
        return None
    unit = by or unit_for((last - first) / _DAY)
    periods = Periods.covering(first, last, log.info.time_zone, unit)
    begin = 0 if periods.bounds[0] >= first else 1
    return periods, range(begin, max(len(periods) - 1, begin))


@dataclass(frozen=True)
class _Bench:
    """Where one department after the other is judged."""

    log: EventLog
    label: Callable[[str], Text]
    passed: Passed
    wait: Floats
    timed: Truths
    parts: Parts
    weights: dict[ServicePart, float]
    periods: tuple[Periods, range] | None

    @cached_property
    def company(self) -> dict[ServicePart, float]:
        """The mean of each part over all departments, from 0 to 100."""
        return {part: 100 * float(self.parts[part].value.mean()) for part in self.weights}

    def present(self) -> list[int]:
        """The codes of departments about which anything is known."""
        seen = [self.passed.giver, self.passed.receiver]
        seen += [each.department for each in self.parts.values()]
        return [int(code) for code in np.unique(np.concatenate(seen))]

    def of(self, code: int) -> dict[ServicePart, Observations]:
        """The parts of one department."""
        return {part: seen.of(code) for part, seen in self.parts.items()}

    def reason(self, shares: Mapping[ServicePart, float], handovers: int) -> Text | None:
        """Why a department with the weights SHARES and so many HANDOVERS has no index."""
        few = handovers < 2 * FEWEST["takeover"] or not shares
        if few and not {"takeover", "right_first_time"} & set(shares):
            return words.too_few(handovers)
        counts = [part for part, weight in self.weights.items() if weight > 0]
        if len(shares) == 1 < len(counts):
            return words.one_part(next(iter(shares)))
        return None

    def department(self, code: int) -> "_Judged":
        """One department, its rank still open."""
        name = self.log.departments[code]
        own = self.passed.receiver == code
        received, given = int(own.sum()), int((self.passed.giver == code).sum())
        spread = Spread.by_code(np.zeros(received, dtype=np.int64), self.wait[own])
        parts = self.of(code)
        shares = counting(parts, self.weights)
        reason = self.reason(shares, received + given)
        draft = DepartmentService(
            name, self.label(name), received, given, spread.get(0, NOTHING_MEASURED),
            None, None, _scores(parts, {} if reason else shares), None, None, None, None, None,
            reason, reason or Text.same(""), timed=bool(self.timed[code]),
        )  # fmt: skip
        if reason is not None:
            return _Judged(draft, 0.0)
        index = joined(parts, shares)
        counted = [score for score in draft.scores if score.weight]
        low, high = index.interval
        behind = min(counted, key=lambda score: score.value - self.company[score.part])
        weakest = behind.label if behind.value < self.company[behind.part] - 1 else None
        service = replace(
            draft,
            index=100 * index.value,
            interval=(100 * low, 100 * high),
            any_weights=(
                min(score.value for score in counted),
                max(score.value for score in counted),
            ),
            geometric=100 * geometric(parts, shares),
            course=course(parts, shares, *self.periods) if self.periods else None,
            sentence=words.of_department(
                draft.label, 100 * index.value, (100 * low, 100 * high), weakest
            ),
        )
        return _Judged(service, index.error)


@dataclass(frozen=True)
class _Judged:
    """A department with the standard error of its index, from 0 to 1."""

    service: DepartmentService
    error: float


def _scores(parts: Parts, shares: Mapping[ServicePart, float]) -> list[Score]:
    """Every part of which anything is known, also where it does not count."""
    found = []
    for part, seen in parts.items():
        if len(seen):
            alone: Mean = joined({part: seen}, {part: 1.0})
            low, high = alone.interval
            interval = 100 * low, 100 * high
            share = shares.get(part, 0.0)
            found.append(
                Score(part, words.part(part), 100 * alone.value, interval, len(seen), share)
            )
    return found


def _ranked(judged: list["_Judged"], seed: int) -> list[DepartmentService]:
    """Departments with their ranks: the lowest index first, those without one at the end."""
    known = [each for each in judged if each.service.index is not None]
    known.sort(key=lambda each: (each.service.index or 0.0, each.service.department))
    means = [
        {score.part: score.value / 100 for score in each.service.scores if score.weight}
        for each in known
    ]
    between = ranks(means, [each.error for each in known], seed) if known else []
    ranked = [
        replace(each.service, rank=len(known) - k, rank_interval=between[k])
        for k, each in enumerate(known)
    ]
    rest = [each.service for each in judged if each.service.index is None]
    return ranked + sorted(rest, key=lambda each: (-(each.received + each.given), each.department))


def _uneven(departments: list[DepartmentService]) -> bool:
    """Whether some indices rest on other parts than others."""
    rest_on = {
        tuple(score.part for score in each.scores if score.weight)
        for each in departments
        if each.index is not None
    }
    return len(rest_on) > 1


def _unknown(log: EventLog) -> int:
    """The events of which no department is known."""
    query = "SELECT count(*) FROM events WHERE department IS NULL"
    return int(log.connection.execute(query).fetchall()[0][0])
