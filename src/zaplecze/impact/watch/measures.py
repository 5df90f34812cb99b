"""The measures of an event log that can be watched, each as rows of a day, a value and a segment."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from zaplecze.eventlog import EventLog
from zaplecze.impact.watch.families import Kind
from zaplecze.impact.watch.result import Unit
from zaplecze.language import N_, Text, say
from zaplecze.process.ends import end_steps
from zaplecze.workspace import Outcome, Price, Workspace

_RARE_STEP = 0.01
_FEW_A_DAY = 5
_NEARLY_ALWAYS = 0.95
_DAY = 86_400_000_000


@dataclass(frozen=True)
class Priced:
    """What an outcome costs: a yes, a value at or beyond the price's bound, or each point of it."""

    price: Price
    higher_is_better: bool


@dataclass(frozen=True)
class Segmentation:
    """A way to divide the rows; ``rows`` is `Measure.rows` with a column ``level`` (text).

    With ``tells_time`` the level follows from the day on which a case begins (month, year, campaign):
    what changes with time is no part of the business that could have moved.
    """

    id: str
    label: Text
    rows: str
    tells_time: bool = False


@dataclass(frozen=True)
class Measure:
    """One thing to watch.

    ``rows`` is a query with the columns ``day`` (from 1 January 1970, on the clock of the
    workspace), ``value``, ``weight`` (exposure, 1 where there is none) and ``lag`` (days since the
    case began; null where that does not matter). ``better`` is null where neither way is.
    """

    id: str
    label: Text
    kind: Kind
    unit: Unit
    better: Literal["higher", "lower"] | None
    rows: str
    segmentations: tuple[Segmentation, ...] = ()
    priced: Priced | None = None
    exposed: bool = False
    counted: bool = False


def measures_of(log: EventLog, workspace: Workspace) -> list[Measure]:
    """Every sensible measure of LOG, in the order in which people ask: volume, work, customers."""
    day = days_of(log, workspace)
    found = [_arrivals(workspace, day)]
    if log.info.events:
        found += _of_steps(log, workspace, day)
        found += _rework(log, workspace, day)
    for name, outcome in workspace.outcomes.items():
        if outcome.is_throughput and log.info.events:
            found.append(_throughput(log, workspace, day, name, outcome))
        elif name in log.info.outcomes:
            found += _outcome(log, workspace, day, name, outcome)
    return segmented(log, workspace, found)


def segmented(log: EventLog, workspace: Workspace, measures: list[Measure]) -> list[Measure]:
    """MEASURES of cases with the ways to divide them."""
    ways = _ways(workspace, log)
    of_time = _telling_time(log, days_of(log, workspace), [name for name, _ in ways])
    return [_segmented(measure, ways, of_time) for measure in measures]


def days_of(log: EventLog, workspace: Workspace) -> "_Day":
    """Makes the day of an instant, in SQL, on the clock of WORKSPACE."""
    return _Day(log, workspace.time_zone)


class _Day:
    """Days on the clock of ZONE, as SQL over a column of instants: integers all the way.

    The engine's own time zones cost a microsecond a row; the few changes of the clock are written
    out instead.
    """

    def __init__(self, log: EventLog, zone: str) -> None:
        self._changes = _clock_changes(log, zone)

    def __call__(self, instant: str) -> str:
        """The day of the SQL expression INSTANT."""
        us = f"epoch_us({instant})"
        first, *later = self._changes
        cases = "".join(f" WHEN {us} >= {at} THEN {offset}" for at, offset in reversed(later))
        shift = f"CASE{cases} ELSE {first[1]} END" if later else str(first[1])
        return f"(({us} + {shift}) // {_DAY})"


def _clock_changes(log: EventLog, zone: str) -> list[tuple[int, int]]:
    """Instants (microseconds) from which on the clock stands so many microseconds off UTC."""
    clock = ZoneInfo(zone)
    first = dt.datetime.fromisoformat(log.info.start) if log.info.start else None
    last = dt.datetime.fromisoformat(log.info.end) if log.info.end else None
    if first is None or last is None:
        first, last = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2040, 1, 1, tzinfo=dt.UTC)
    hour = dt.timedelta(hours=1)
    now = first.replace(minute=0, second=0, microsecond=0) - 48 * hour
    changes: list[tuple[int, int]] = []
    while now <= last + 48 * hour:
        offset = _offset(clock, now)
        if not changes or changes[-1][1] != offset:
            while changes and _offset(clock, now - hour) == offset:
                now -= hour
            changes.append((int(now.timestamp() * 1e6), offset))
        now += dt.timedelta(days=1)
    return changes


def _offset(clock: ZoneInfo, instant: dt.datetime) -> int:
    shift = instant.astimezone(clock).utcoffset()
    return int(shift.total_seconds() * 1e6) if shift else 0


def _arrivals(workspace: Workspace, day: _Day) -> Measure:
    return Measure(
        "arrivals",
        say(N_("Number of new {noun}"), noun=workspace.case.noun),
        "count",
        "number",
        None,
        f'SELECT "case", {day("start")} AS day, 1::DOUBLE AS value, 1::DOUBLE AS weight, 0::DOUBLE AS lag '
        "FROM cases WHERE start IS NOT NULL",
    )


def _of_steps(log: EventLog, workspace: Workspace, day: _Day) -> list[Measure]:
    """The wait before each step that is not rare, and how often it is late."""
    usual = log.connection.execute(
        'SELECT activity FROM events GROUP BY activity HAVING count(DISTINCT "case") >= ? '
        "ORDER BY avg(position), activity",
        [_RARE_STEP * log.info.cases],
    ).fetchall()
    waited_for = log.connection.execute(
        "SELECT next_activity FROM events WHERE next_activity IS NOT NULL "
        "GROUP BY next_activity HAVING count(*) >= ?",
        [_RARE_STEP * log.info.cases],
    ).fetchall()
    found = []
    for (code,) in usual:
        name = log.activities[code]
        if (code,) in waited_for:
            found.append(_wait(workspace, day, code, name))
        found += _late(log, workspace, day, code, name)
    return found


def _wait(workspace: Workspace, day: _Day, code: int, name: str) -> Measure:
    """Dated by the start of the step, when the wait is over: nothing is cut off at the end."""
    over = 'e."end" + to_microseconds((e.wait_seconds * 1e6)::BIGINT)'
    return Measure(
        f"wait:{name}",
        say(N_("Wait before “{step}”"), step=workspace.step_label(name)),
        "wait",
        "seconds",
        "lower",
        f'SELECT e."case", {day(over)} AS day, e.wait_seconds AS value, 1::DOUBLE AS weight, '
        f"(epoch_us({over}) - epoch_us(c.start)) / {_DAY} AS lag "
        'FROM events e JOIN cases c ON c."case" = e."case" '
        f"WHERE e.next_activity = {code} AND e.wait_seconds IS NOT NULL",
    )


def _late(log: EventLog, workspace: Workspace, day: _Day, code: int, name: str) -> list[Measure]:
    """Dated by the end of the step: a share of what was done, so nothing is cut off at the end."""
    step = workspace.steps.get(name)
    if step is None or not (step.due or step.target_hours):
        return []
    done = (
        'SELECT "case", min(start) AS began, max("end") AS done FROM events '
        f'WHERE activity = {code} GROUP BY "case"'
    )
    if step.due:
        limit = '"due.' + name.replace('"', '""') + '"'
        if f"due.{name}" not in log.cases.collect_schema().names():
            return []
        source = f'({done}) d JOIN cases c ON c."case" = d."case"'
        allowed = f"epoch_us(c.{limit})"
    else:
        reached = (
            f'SELECT "case", min("end") AS reached FROM events WHERE next_activity = {code} '
            'GROUP BY "case"'
        )
        source = (
            f'({done}) d JOIN cases c ON c."case" = d."case" '
            f'LEFT JOIN ({reached}) r ON r."case" = d."case"'
        )
        target = int(float(step.target_hours or 0) * 3_600e6)
        allowed = f"epoch_us(least(d.began, coalesce(r.reached, d.began))) + {target}"
    return [
        Measure(
            f"late:{name}",
            say(N_("Share late: “{step}”"), step=workspace.step_label(name)),
            "share",
            "share",
            "lower",
            f'SELECT d."case", {day("d.done")} AS day, '
            f"(epoch_us(d.done) > {allowed})::INT::DOUBLE AS value, 1::DOUBLE AS weight, "
            f"(epoch_us(d.done) - epoch_us(c.start)) / {_DAY} AS lag "
            f"FROM {source} WHERE {allowed} IS NOT NULL",
        )
    ]


def _rework(log: EventLog, workspace: Workspace, day: _Day) -> list[Measure]:
    """Dated by the repetition itself: a case that is still open does not look better than it is."""
    (repeats,) = log.connection.execute("SELECT coalesce(sum(rework), 0) FROM cases").fetchall()[0]
    if repeats < _RARE_STEP * log.info.events:
        return []
    return [
        Measure(
            "rework",
            say(N_("Share of steps that repeat an earlier one")),
            "share",
            "share",
            "lower",
            f'SELECT e."case", {day("e.start")} AS day, '
            "(e.position > f.first)::INT::DOUBLE AS value, 1::DOUBLE AS weight, "
            f"(epoch_us(e.start) - epoch_us(c.start)) / {_DAY} AS lag FROM events e "
            'JOIN (SELECT "case", activity, min(position) AS first FROM events GROUP BY ALL) f '
            'ON f."case" = e."case" AND f.activity = e.activity '
            'JOIN cases c ON c."case" = e."case"',
        )
    ]


def _outcome(
    log: EventLog, workspace: Workspace, day: _Day, name: str, outcome: Outcome
) -> list[Measure]:
    column, moment = _quoted(name), _quoted(f"{name}.time")
    when = f'coalesce({moment}, "end")' if outcome.time else '"end"'
    label = workspace.outcome_label(name)
    better, priced = _worth(outcome)
    select = (
        f'SELECT "case", {day(when)} AS day, {column}::DOUBLE AS value, 1::DOUBLE AS weight, '
        f"(epoch_us({when}) - epoch_us(start)) / {_DAY} AS lag FROM cases "
        f"WHERE {column} IS NOT NULL AND {when} IS NOT NULL"
    )
    key = f"outcome:{name}"
    if outcome.kind == "yes_no":
        if outcome.time and not _noes_have_times(log, column, moment):
            yes = f"{select} AND {column} = 1 AND {moment} IS NOT NULL"
            words = say(N_("Number of: {outcome}"), outcome=label)
            return [Measure(key, words, "count", "number", better, yes, priced=priced)]
        words = say(N_("Share of {noun}: {outcome}"), noun=workspace.case.noun, outcome=label)
        return [Measure(key, words, "share", "share", better, select, priced=priced)]
    words = say(N_("Mean: {outcome}"), outcome=label)
    unit: Unit = "seconds" if outcome.kind == "duration" else "value"
    return [Measure(key, words, "mean", unit, better, select, priced=priced)]


def _throughput(
    log: EventLog, workspace: Workspace, day: _Day, name: str, outcome: Outcome
) -> Measure:
    """The time from the start of a case to its end, dated by that, of cases that are finished."""
    ends = {step.activity for step in end_steps(log, workspace)}
    codes = [code for code, activity in enumerate(log.activities) if activity in ends]
    took = '(epoch_us(c."end") - epoch_us(c.start))'
    better, priced = _worth(outcome)
    last = 'c."end"'
    return Measure(
        f"outcome:{name}",
        say(N_("Mean: {outcome}"), outcome=workspace.outcome_label(name)),
        "mean",
        "seconds",
        better,
        f'SELECT c."case", {day(last)} AS day, {took} / 1e6 AS value, '
        f"1::DOUBLE AS weight, {took} / {_DAY} AS lag "
        "FROM cases c JOIN variants v ON v.variant = c.variant "
        f"WHERE list_contains({codes}::INTEGER[], v.activities[-1]) AND {took} IS NOT NULL",
        priced=priced,
    )


def _worth(outcome: Outcome) -> tuple[Literal["higher", "lower"], Priced | None]:
    """Which way OUTCOME is better, and what it costs."""
    priced = Priced(outcome.price, outcome.higher_is_better) if outcome.price else None
    return "higher" if outcome.higher_is_better else "lower", priced


def _noes_have_times(log: EventLog, column: str, moment: str) -> bool:
    """Is it known when somebody did not complain? Otherwise only the complaints have a day."""
    noes, timed = log.connection.execute(
        f"SELECT count(*), count({moment}) FROM cases WHERE {column} = 0"
    ).fetchall()[0]
    return bool(noes == 0 or timed >= 0.95 * noes)


def _ways(workspace: Workspace, log: EventLog) -> list[tuple[str, Text]]:
    """Attributes by which cases can be divided."""
    return [
        (name, workspace.attribute_label(name))
        for name, kind in log.info.attributes.items()
        if kind == "category" and name != workspace.case.customer
    ]


def _telling_time(log: EventLog, day: _Day, names: list[str]) -> set[str]:
    """Those of the attributes NAMES that are the same for all cases of a day, on nearly every day."""
    if not names:
        return set()
    alike = ", ".join(
        f"(min({_quoted(name)}::VARCHAR) = max({_quoted(name)}::VARCHAR))::INT AS a{i}"
        for i, name in enumerate(names)
    )
    shares = log.connection.execute(
        f"SELECT {', '.join(f'avg(a{i})' for i in range(len(names)))} FROM ("
        f"SELECT {alike} FROM cases WHERE start IS NOT NULL "
        f"GROUP BY {day('start')} HAVING count(*) >= {_FEW_A_DAY})"
    ).fetchall()[0]
    return {
        name
        for name, share in zip(names, shares, strict=True)
        if share is not None and share >= _NEARLY_ALWAYS
    }


def _segmented(measure: Measure, ways: list[tuple[str, Text]], of_time: set[str]) -> Measure:
    return replace(
        measure,
        segmentations=tuple(
            Segmentation(
                name,
                label,
                f"SELECT r.day, r.value, r.weight, a.{_quoted(name)}::VARCHAR AS level "
                f'FROM ({measure.rows}) r JOIN cases a ON a."case" = r."case"',
                name in of_time,
            )
            for name, label in ways
        ),
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
